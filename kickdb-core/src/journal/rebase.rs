//! Two branches that each have migrations met in one folder: one of them is put behind the other.
//!
//! The migrations that move are made again, from the schema that is before them now to what both branches together are
//! ([`merge`](crate::merge)). Where that comes to the same SQL, theirs stays as it is, with whatever was written into it by hand.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::generate::Draft;
use super::{Entry, Folder, Journal, Migration, NewMigration, next_id};
use crate::dialect::Dialect;
use crate::diff::{Backfills, Change, NeededValue, Renames, diff};
use crate::error::{Error, Result};
use crate::ir::Schema;
use crate::merge::{Branches, Conflict, Side, compose, merge, says_missing};
use crate::plan::{Plan, Stage, stages, statements};

/// How a folder is put in order.
#[derive(Clone, Debug)]
pub struct Rebase<'a> {
    /// The migrations of the branch that is put last, where it is not the one whose first migration is the younger.
    pub moved: &'a BTreeSet<String>,
    /// Which side is taken where both changed one thing.
    pub taken: &'a BTreeMap<String, Side>,
    /// Migrations whose SQL stays as somebody wrote it.
    pub keep: &'a BTreeSet<String>,
    /// Migrations that are made anew, whatever was written into them.
    pub anew: &'a BTreeSet<String>,
    /// When it is done, for ids that have to change.
    pub now: Timestamp,
}

/// A folder in order.
#[derive(Clone, Debug, Default)]
pub struct Rebased {
    /// The ids before, in the order in which they run from now on.
    pub order: Vec<String>,
    /// What is made again.
    pub moved: Vec<Moved>,
    /// What has to be answered first.
    pub conflicts: Vec<(String, Conflict)>,
    /// The journal.
    pub journal: Option<Journal>,
}

/// A migration that is put behind others.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Its id before.
    pub id: String,
    /// The schema that it starts from now.
    pub from: Schema,
    /// Its files from now on; more than one where some statements cannot run in a transaction.
    pub new: Vec<NewMigration>,
    /// Whether its SQL is the same as before.
    pub same_sql: bool,
}

/// The order in which migrations of a folder have to run: each behind the one it was made after, and of two that were made
/// after the same one, the older first with all that follows it.
///
/// # Errors
///
/// When a `meta.json` is missing, or says a predecessor that is not there.
pub fn order(folder: &Folder, moved: &BTreeSet<String>) -> Result<Vec<String>> {
    let mut children: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for migration in folder.migrations.values() {
        let Some(meta) = &migration.meta else {
            return Err(Error::folder(
                format!("{}/{}/meta.json", folder.path, migration.id),
                "the file is missing, so that nobody knows what the migration was made after; restore it from version control",
            ));
        };
        let previous = meta.previous_id.as_deref();
        if let Some(previous) = previous.filter(|previous| folder.migration(previous).is_none()) {
            return Err(Error::folder(
                format!("{}/{}", folder.path, migration.id),
                format!("it was made after `{previous}`, whose folder is not there; restore that from version control"),
            ));
        }
        children.entry(previous).or_default().push(&migration.id);
    }
    let mut order = Vec::new();
    let mut open = children.remove(&None).unwrap_or_default();
    // The next one is taken from the end.
    let sort = |ids: &mut Vec<&str>| ids.sort_by_key(|id| std::cmp::Reverse((moved.contains(*id), *id)));
    sort(&mut open);
    while let Some(id) = open.pop() {
        order.push(id.to_owned());
        let mut next = children.remove(&Some(id)).unwrap_or_default();
        sort(&mut next);
        open.extend(next);
    }
    match folder.migrations.keys().find(|id| !order.contains(id)) {
        Some(id) => Err(Error::folder(
            format!("{}/{id}/meta.json", folder.path),
            "following its `previousId` leads back to itself; restore the file from version control",
        )),
        None => Ok(order),
    }
}

/// Puts a folder in order. Writes nothing: that is [`write_rebased`](super::write_rebased)'s part.
///
/// # Errors
///
/// As [`order`], and when a snapshot is missing or cannot be read, or the engine cannot carry out a change.
pub fn rebase(folder: &Folder, how: &Rebase<'_>, dialect: &dyn Dialect) -> Result<Rebased> {
    let order = order(folder, how.moved)?;
    let mut work = Work {
        folder,
        how,
        dialect,
        lifts: BTreeMap::new(),
        own: BTreeMap::new(),
        entries: Vec::new(),
        last: None,
        schema: Schema::default(),
        since: Vec::new(),
        out: Rebased::default(),
    };
    for id in &order {
        work.take(id)?;
        if !work.out.conflicts.is_empty() {
            break;
        }
    }
    let mut out = work.out;
    if out.conflicts.is_empty() {
        out.journal = Some(Journal {
            entries: work.entries,
            ..folder.journal.clone()
        });
    }
    out.order = order;
    Ok(out)
}

struct Work<'a> {
    folder: &'a Folder,
    how: &'a Rebase<'a>,
    dialect: &'a dyn Dialect,
    /// For each migration that moved, what its names became: from its old snapshot to its new one.
    lifts: BTreeMap<String, Renames>,
    /// What each migration renames, as it is from now on.
    own: BTreeMap<String, Renames>,
    entries: Vec<Entry>,
    last: Option<String>,
    /// The schema behind the last one.
    schema: Schema,
    /// The ids so far, as they were.
    since: Vec<String>,
    out: Rebased,
}

impl Work<'_> {
    fn take(&mut self, id: &str) -> Result<()> {
        let files = self
            .folder
            .migration(id)
            .ok_or_else(|| Error::folder(&self.folder.path, "it changed while it was read"))?;
        let meta = files.meta.as_ref();
        let previous = meta.and_then(|meta| meta.previous_id.clone());
        let stays = previous == self.last
            && previous
                .as_ref()
                .is_none_or(|previous| !self.lifts.contains_key(previous));
        if stays && self.last.as_deref().is_none_or(|last| last < id) {
            self.keep(id, files)
        } else {
            self.shift(id, files, previous.as_deref())
        }
    }

    fn keep(&mut self, id: &str, files: &Migration) -> Result<()> {
        let (_, changes) = self.changes(id)?;
        self.own.insert(id.to_owned(), Renames::of(&changes));
        self.schema = self.folder.snapshot(id, self.dialect)?.schema;
        let entry = match self.folder.journal.entry(id) {
            Some(entry) => entry.clone(),
            None => self.entry(files)?,
        };
        self.entries.push(entry);
        self.last = Some(id.to_owned());
        self.since.push(id.to_owned());
        Ok(())
    }

    /// The line of a migration that the journal has lost.
    fn entry(&self, files: &Migration) -> Result<Entry> {
        let missing: Vec<&str> = files.missing().collect();
        match (&files.meta, &files.hash_on_disk) {
            (Some(meta), Some(hash)) => Ok(Entry {
                id: files.id.clone(),
                tag: meta.name.clone(),
                hash: hash.clone(),
                created_at: meta.created_at.clone(),
                semantic_hash: files.meaning(self.dialect.lexis()),
                replaces: Vec::new(),
                other: BTreeMap::new(),
            }),
            _ => Err(Error::folder(
                format!("{}/{}", self.folder.path, files.id),
                format!("{} is missing; restore it from version control", missing.join(" and ")),
            )),
        }
    }

    /// What a migration changed on its own branch.
    fn changes(&self, id: &str) -> Result<(Schema, Vec<Change>)> {
        let meta = self.folder.migration(id).and_then(|files| files.meta.as_ref());
        let previous = meta.and_then(|meta| meta.previous_id.as_deref());
        let mut from = match previous {
            Some(previous) => self.folder.snapshot(previous, self.dialect)?.schema,
            None => Schema::default(),
        };
        let to = self.folder.snapshot(id, self.dialect)?.schema;
        from.release(&to.unmanaged);
        let pairs = meta.map(|meta| meta.renames.as_slice()).unwrap_or_default();
        let flags: Vec<String> = pairs.iter().map(|pair| format!("{}={}", pair.from, pair.to)).collect();
        let mut renames = Renames::from_flags(&flags, &[], &from, &to)?;
        renames.own_values = self.dialect.caps().enums.into();
        let changes = diff(&from, &to, &renames).changes;
        Ok((from, changes))
    }

    fn shift(&mut self, id: &str, files: &Migration, previous: Option<&str>) -> Result<()> {
        let (base, changes) = self.changes(id)?;
        let younger = self.folder.snapshot(id, self.dialect)?.schema;
        let merged = merge(
            &Branches {
                base: &base,
                older: &self.schema,
                older_renames: &self.renames_since(previous),
                younger: &younger,
                younger_renames: &Renames::of(&changes),
                lexis: self.dialect.lexis(),
            },
            self.how.taken,
        );
        let conflicts = merged.conflicts.into_iter().map(|conflict| (id.to_owned(), conflict));
        self.out.conflicts.extend(conflicts);
        if !self.out.conflicts.is_empty() {
            return Ok(());
        }
        let mut schema = merged.schema;
        if let Err(error) = self.dialect.normalize(&mut schema) {
            self.refuse(
                id,
                format!("migration {id}"),
                format!("both branches together are no schema of this engine: {error:?}"),
            );
            return Ok(());
        }
        let mut from = self.schema.clone();
        from.release(&schema.unmanaged);
        let mut renames = merged.renames;
        renames.own_values = self.dialect.caps().enums.into();
        let new = diff(&from, &schema, &renames).changes;
        let (parts, same_sql) = match self.files(files, &base, &changes, &younger, &from, &new, &schema)? {
            Some(made) => made,
            None => return Ok(()),
        };
        self.place(id, files, from, parts, same_sql, &new)?;
        self.lifts.insert(id.to_owned(), merged.lift);
        self.schema = schema;
        self.since.push(id.to_owned());
        Ok(())
    }

    fn refuse(&mut self, id: &str, thing: String, message: String) {
        let conflict = Conflict {
            thing,
            message,
            choice: false,
        };
        self.out.conflicts.push((id.to_owned(), conflict));
    }

    /// What is renamed between the snapshot that a migration was made after and the schema that it comes behind now.
    fn renames_since(&self, previous: Option<&str>) -> Renames {
        let lift = previous.and_then(|previous| self.lifts.get(previous));
        let mut renames = lift.cloned().unwrap_or_default();
        let at = previous.and_then(|previous| self.since.iter().position(|id| id == previous));
        for id in self.since.iter().skip(at.map_or(0, |at| at + 1)) {
            if let Some(own) = self.own.get(id) {
                renames = compose(&renames, own);
            }
        }
        renames
    }

    /// The files of a migration that moves, and whether its SQL is what it was; `None` where that has to be asked.
    #[expect(clippy::too_many_arguments, reason = "both ways from both schemas")]
    fn files(
        &mut self,
        files: &Migration,
        base: &Schema,
        changes: &[Change],
        younger: &Schema,
        from: &Schema,
        new: &[Change],
        to: &Schema,
    ) -> Result<Option<(Vec<Draft>, bool)>> {
        let id = files.id.as_str();
        let (up, down) = (
            files.up.clone().unwrap_or_default(),
            files.down.clone().unwrap_or_default(),
        );
        let empty = files.meta.as_ref().is_some_and(|meta| meta.empty);
        let values = self.values(changes, &up);
        let make = |from: &Schema, changes: &[Change], to: &Schema, values: &Backfills| -> Result<Vec<Draft>> {
            let changes = values.fill(changes.to_vec());
            let mut stages = match changes.is_empty() {
                true => vec![Stage {
                    plan: Plan::default(),
                    to: to.clone(),
                    transaction: true,
                    head: Vec::new(),
                }],
                false => stages(from, &changes, self.dialect).map_err(|error| Error::validation(error.to_string()))?,
            };
            if let Some(last) = stages.last_mut() {
                last.to = to.clone();
            }
            stages
                .into_iter()
                .map(|stage| Draft::new(stage, empty, self.dialect))
                .collect()
        };
        let meaning = |up: &str, down: &str| super::meaning(up, down, "", self.dialect.lexis());
        let text = |drafts: &[Draft]| match drafts {
            [one] => Some(meaning(&one.up, &one.down)),
            _ => None,
        };
        let none = Backfills::default();
        let before = make(base, changes, younger, &none)?;
        let mut after = make(from, new, to, &none)?;
        let written = Some(meaning(&up, &down));
        let as_made = text(&before) == written || text(&make(base, changes, younger, &values)?) == written;
        // The same work on another schema: what was written by hand fits here as well.
        let same = text(&before).is_some() && text(&before) == text(&after);
        let touched = !as_made && self.says_what_is_gone(&up, &down, base, from);
        if same && !touched || self.how.keep.contains(id) && after.len() == 1 {
            after.truncate(1);
            if let Some(one) = after.first_mut() {
                one.up = up;
                one.down = down;
            }
            return Ok(Some((after, true)));
        }
        if !as_made && !self.how.anew.contains(id) {
            let message = match same {
                true => "it says what the other branch drops or renames, in SQL that was written by hand",
                false => "its SQL was changed by hand, and on top of the other branch it would have to be another one",
            };
            self.refuse(id, format!("migration {id}"), message.to_owned());
            return Ok(None);
        }
        // What rows got on the branch, they get here, under the names of here.
        let values = self.carried(&values, changes, new);
        Ok(Some((make(from, new, to, &values)?, false)))
    }

    /// The values that rows got, as they stand in the file.
    fn values(&self, changes: &[Change], up: &str) -> Backfills {
        values_in(changes, up, self.dialect)
    }

    fn carried(&self, values: &Backfills, before: &[Change], after: &[Change]) -> Backfills {
        let mut carried = Backfills::default();
        let old = NeededValue::of(before);
        for needed in NeededValue::of(after) {
            let same = |other: &&NeededValue| other.column.name == needed.column.name;
            let value = old
                .iter()
                .find(same)
                .and_then(|old| values.get(&old.table, &old.column.name))
                .flatten();
            let _ = carried.answer(&needed, value, self.dialect.lexis());
        }
        carried
    }

    /// Whether SQL that somebody wrote says a table or column that is not there under this name any more.
    fn says_what_is_gone(&self, up: &str, down: &str, base: &Schema, now: &Schema) -> bool {
        says_missing(&[up, down], base, now, self.dialect.lexis())
    }

    fn place(
        &mut self,
        id: &str,
        files: &Migration,
        from: Schema,
        parts: Vec<Draft>,
        same_sql: bool,
        changes: &[Change],
    ) -> Result<()> {
        let meta = files.meta.clone();
        let name = meta.as_ref().map_or_else(|| id.to_owned(), |meta| meta.name.clone());
        let mut before = from.clone();
        let mut new = Vec::new();
        for (at, draft) in parts.into_iter().enumerate() {
            let name = if at == 0 {
                name.clone()
            } else {
                format!("{name} {}", at + 1)
            };
            let own = match self.last.as_deref() {
                Some(last) if at > 0 || last >= id => next_id(self.how.now, &name, Some(last))?,
                _ => id.to_owned(),
            };
            let after = draft.stage.to.clone();
            let mut made = draft.finish(
                own.clone(),
                name,
                self.last.clone(),
                self.how.now,
                &before,
                self.dialect,
            );
            if let Some(meta) = &meta {
                if at == 0 {
                    made.meta.created_at.clone_from(&meta.created_at);
                    made.entry.created_at.clone_from(&meta.created_at);
                }
                made.meta.other.clone_from(&meta.other);
                made.meta.empty = meta.empty;
                if same_sql {
                    made.meta.transaction = meta.transaction;
                    made.meta.reviewed = meta.reviewed;
                    made.meta.exceptions.clone_from(&meta.exceptions);
                    made.meta.down_is_draft = meta.down_is_draft;
                }
            }
            self.entries.push(made.entry.clone());
            self.last = Some(own);
            before = after;
            new.push(made);
        }
        self.own.insert(id.to_owned(), Renames::of(changes));
        self.out.moved.push(Moved {
            id: id.to_owned(),
            from,
            new,
            same_sql,
        });
        Ok(())
    }
}

/// The values that rows got, as they stand in the file.
pub(super) fn values_in(changes: &[Change], up: &str, dialect: &dyn Dialect) -> Backfills {
    let mut values = Backfills::default();
    let lexis = dialect.lexis();
    for needed in NeededValue::of(changes) {
        let mut column = String::new();
        dialect.quote(&needed.column.name, &mut column);
        let set = format!(" SET {column} = (");
        let end = format!(" WHERE {column} IS NULL");
        let value = statements(up, lexis).into_iter().find_map(|statement| {
            let rest = statement.sql.strip_suffix(&end)?;
            let at = rest.find(&set)?;
            let value = &rest[at + set.len()..];
            statement
                .sql
                .starts_with("UPDATE ")
                .then(|| value.rsplit_once(')').map(|(value, _)| value.to_owned()))?
        });
        // A value that is no expression was written by somebody, who is asked about the whole file.
        let _ = values.answer(&needed, value.as_deref(), lexis);
    }
    values
}

/// The journal of a folder, as far as a merge has left it readable.
pub(super) fn journal(text: &str, folder: &Journal) -> Journal {
    let mut entries: Vec<Entry> = Vec::new();
    for entry in super::salvage::entries(text) {
        if entries.iter().all(|other| other.id != entry.id) {
            entries.push(entry);
        }
    }
    Journal {
        entries,
        ..folder.clone()
    }
}
