use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Entry, Folder, Meta, Renamed, hash, id, meaning, next_id};
use crate::dialect::Dialect;
use crate::diff::{Backfills, Change, NeededValue, Question, RemovedValues, Renames, apply, diff, removed_enum_values};
use crate::error::{Error, Result};
use crate::ir::Schema;
use crate::lint::{self, Input};
use crate::plan::{EMPTY_DOWN, EMPTY_UP, Plan, Stage, draft_line, irreversible, online, provenance, stages, write};
use crate::snapshot;

/// What a new migration is made from.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The folder it will follow in.
    pub folder: &'a Folder,
    /// The schema it starts from: that of the folder's newest snapshot, or what is there where it `repairs`.
    pub from: &'a Schema,
    /// The schema it leads to, in normal form. Not looked at where `empty`.
    pub to: &'a Schema,
    /// Renames that the declarations know (`renamed_from`), and answers to questions.
    pub renames: Renames,
    /// The values of `--rename`.
    pub rename_flags: &'a [String],
    /// The values of `--allow-drop`.
    pub drop_flags: &'a [String],
    /// Values for rows that are there, where a column must have one from now on.
    pub backfills: Backfills,
    /// The name, as the user gives it.
    pub name: &'a str,
    /// When it is made.
    pub now: Timestamp,
    /// The id that the new one must be greater than, where that is not the folder's own last: with several targets, the
    /// greatest of all.
    pub after: Option<&'a str>,
    /// Whether to make one without statements, to be written by hand.
    pub empty: bool,
    /// Whether the tables are in use: see [`online`](crate::plan::online).
    pub online: bool,
    /// Where it puts right a database that is not as the newest snapshot says: what should be there, in the words of what is.
    /// The snapshot stays what it was.
    pub repairs: Option<&'a Schema>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The newest snapshot is the schema already.
    Nothing,
    /// Something could be read in two ways. Nothing may be written until each has its answer.
    Questions(Vec<Question>),
    /// Rows that are there need a value. Nothing may be written until each has its answer.
    Values(Vec<NeededValue>),
    /// The migrations, to be written in this order; more than one where some statements cannot run in a transaction.
    Migrations(Vec<NewMigration>),
}

/// A migration that is not written yet.
#[derive(Clone, Debug)]
pub struct NewMigration {
    /// Its line in the journal.
    pub entry: Entry,
    /// `meta.json`.
    pub meta: Meta,
    /// `up.sql`.
    pub up: String,
    /// `down.sql`.
    pub down: String,
    /// `snapshot.json`.
    pub snapshot: String,
    /// The changes and statements behind the files.
    pub plan: Plan,
}

/// Makes the migrations that lead from one schema to another. Writes nothing: that is
/// [`write`](super::write())'s part.
///
/// # Errors
///
/// When a folder is there that the journal does not know, a flag means nothing, the name gives no id, or the engine cannot
/// carry out a change.
pub fn generate(request: &Request<'_>, dialect: &dyn Dialect) -> Result<Outcome> {
    let folder = request.folder;
    let mut from = request.from.clone();
    let starts_from = request.repairs.map(|_| fingerprint(&from, dialect)).transpose()?;
    let stages = if request.empty {
        vec![Stage {
            plan: Plan::default(),
            to: from.clone(),
            transaction: true,
            head: Vec::new(),
        }]
    } else {
        let to = request.repairs.unwrap_or(request.to);
        // A table that belongs to somebody else from now on stays as it is.
        from.release(&to.unmanaged);
        let mut renames = request.renames.clone();
        renames.own_values = dialect.caps().enums.into();
        renames.extend(Renames::from_flags(
            request.rename_flags,
            request.drop_flags,
            &from,
            to,
        )?);
        let found = diff(&from, to, &renames);
        if !found.questions.is_empty() {
            return Ok(Outcome::Questions(found.questions));
        }
        if found.changes.is_empty() && (request.repairs.is_some() || from.unmanaged == to.unmanaged) {
            return Ok(Outcome::Nothing);
        }
        let needed = NeededValue::of(&found.changes);
        let open = needed.into_iter().filter(|needed| !request.backfills.answers(needed));
        let open = open.collect::<Vec<_>>();
        if !open.is_empty() {
            return Ok(Outcome::Values(open));
        }
        let changes = request.backfills.fill(found.changes);
        let plan = if request.online { online } else { stages };
        let mut stages = plan(&from, &changes, dialect).map_err(|error| Error::validation(error.to_string()))?;
        if let Some(last) = stages.last_mut() {
            // The same schema; but columns stand as they are declared, not as they were added.
            last.to = request.to.clone();
        }
        stages
    };

    let mut last = [folder.journal.last_id(), request.after]
        .into_iter()
        .flatten()
        .max()
        .map(str::to_owned);
    let mut previous = folder.journal.last_id().map(str::to_owned);
    let mut before = from;
    let mut new = Vec::new();
    for (at, mut stage) in stages.into_iter().enumerate() {
        for line in &mut stage.head {
            *line = line.replace("{previous}", previous.as_deref().unwrap_or_default());
        }
        let name = match at {
            0 => request.name.to_owned(),
            _ => format!("{} {}", request.name, at + 1),
        };
        let after = stage.to.clone();
        let draft = Draft::new(stage, request.empty, dialect)?;
        let id = match draft.remains(folder) {
            Some(id) => id,
            None => next_id(request.now, &name, last.as_deref())?,
        };
        let mut migration = draft.finish(id.clone(), name, previous, request.now, &before, dialect);
        migration.meta.starts_from = starts_from.clone().filter(|_| at == 0);
        before = after;
        last = Some(id.clone());
        previous = Some(id);
        new.push(migration);
    }
    let ours = |id: &str| new.iter().any(|migration| migration.entry.id == id);
    if let Some(id) = folder.unlisted().find(|id| !ours(id)) {
        return Err(Error::folder(
            format!("{}/{id}", folder.path),
            "the folder is not in the journal: its entry was lost in a merge, or a `generate` died; restore the entry from version control, or delete the folder and generate it again",
        ));
    }
    Ok(Outcome::Migrations(new))
}

/// A schema in a few characters, to know it again.
///
/// # Errors
///
/// When it cannot be written as a snapshot.
pub fn fingerprint(schema: &Schema, dialect: &dyn Dialect) -> Result<String> {
    let text = snapshot::write(schema, dialect).map_err(|error| Error::validation(error.to_string()))?;
    Ok(hash("", "", &text))
}

/// The files of a migration without its name.
pub(super) struct Draft {
    pub(super) stage: Stage,
    empty: bool,
    down_is_draft: bool,
    pub(super) up: String,
    pub(super) down: String,
    snapshot: String,
}

impl Draft {
    pub(super) fn new(mut stage: Stage, empty: bool, dialect: &dyn Dialect) -> Result<Self> {
        let plan = &mut stage.plan;
        // `meta.json` speaks for both files: where one says BEGIN itself, the other must, too.
        if plan.up.session.foreign_keys_off || plan.down.session.foreign_keys_off {
            plan.up.session.foreign_keys_off = true;
            plan.down.session.foreign_keys_off = true;
            stage.transaction = false;
        }
        let lost = irreversible(plan, dialect);
        let mut up = vec![provenance()];
        up.append(&mut stage.head);
        let mut down = vec![provenance()];
        down.extend((!lost.is_empty()).then(|| draft_line(&lost)));
        if empty {
            up.push(EMPTY_UP.to_owned());
            down.push(EMPTY_DOWN.to_owned());
        }
        Ok(Self {
            up: write(&up, &plan.up, dialect),
            down: write(&down, &plan.down, dialect),
            snapshot: snapshot::write(&stage.to, dialect).map_err(|error| Error::validation(error.to_string()))?,
            down_is_draft: !lost.is_empty(),
            empty,
            stage,
        })
    }

    /// The id of the same migration, where a `generate` died between its last file and the journal.
    fn remains(&self, folder: &Folder) -> Option<String> {
        let hash = hash(&self.up, &self.down, &self.snapshot);
        let last = folder.journal.last_id();
        let same = |id: &&str| {
            let found = folder.migration(id);
            found.and_then(|migration| migration.hash_on_disk.as_ref()) == Some(&hash)
                && last.is_none_or(|last| **id > *last)
        };
        folder.unlisted().find(same).map(str::to_owned)
    }

    pub(super) fn finish(
        self,
        id: String,
        name: String,
        previous: Option<String>,
        now: Timestamp,
        before: &Schema,
        dialect: &dyn Dialect,
    ) -> NewMigration {
        let created_at = id::iso(now);
        let renames = Renames::of(&self.stage.plan.changes).pairs();
        let input = Input {
            transaction: self.stage.transaction,
            runner: true,
            before: Some(before),
            after: Some(&self.stage.to),
            ..Input::new(dialect)
        };
        NewMigration {
            entry: Entry {
                id: id.clone(),
                tag: name.clone(),
                hash: hash(&self.up, &self.down, &self.snapshot),
                created_at: created_at.clone(),
                semantic_hash: Some(meaning(&self.up, &self.down, &self.snapshot, dialect.lexis())),
                replaces: Vec::new(),
                other: BTreeMap::new(),
            },
            meta: Meta {
                id,
                name,
                created_at,
                reviewed: false,
                dialect: dialect.id().as_str().to_owned(),
                previous_id: previous,
                down_is_draft: self.down_is_draft,
                empty: self.empty,
                transaction: self.stage.transaction,
                hazards: lint::of_migration(&self.stage.plan.changes, &self.up, &input),
                exceptions: Vec::new(),
                proof: None,
                starts_from: None,
                renames: renames.into_iter().map(|(from, to)| Renamed { from, to }).collect(),
                other: BTreeMap::new(),
            },
            up: self.up,
            down: self.down,
            snapshot: self.snapshot,
            plan: self.stage.plan,
        }
    }
}

impl Folder {
    /// What a migration of the folder changes, from the snapshot before it to its own.
    ///
    /// # Errors
    ///
    /// When one of the snapshots is missing or cannot be read.
    pub fn changes(&self, id: &str, dialect: &dyn Dialect) -> Result<(Schema, Vec<Change>)> {
        let entries = &self.journal.entries;
        let at = entries.iter().position(|entry| entry.id == id);
        let before = at.and_then(|at| at.checked_sub(1)).map(|at| entries[at].id.as_str());
        let mut from = match before {
            Some(before) => self.snapshot(before, dialect)?.schema,
            None => Schema::default(),
        };
        let to = self.snapshot(id, dialect)?.schema;
        // A table that was handed over to somebody else is not dropped.
        from.release(&to.unmanaged);
        let meta = self.migration(id).and_then(|migration| migration.meta.as_ref());
        let renamed = meta.map(|meta| meta.renames.as_slice()).unwrap_or_default();
        let flags = renamed
            .iter()
            .map(|pair| format!("{}={}", pair.from, pair.to))
            .collect::<Vec<_>>();
        let mut renames = Renames::from_flags(&flags, &[], &from, &to)?;
        renames.own_values = dialect.caps().enums.into();
        let changes = diff(&from, &to, &renames).changes;
        Ok((from, changes))
    }

    /// The enum values that a migration removes when it is applied, or when it is reversed where `back`.
    ///
    /// # Errors
    ///
    /// When one of the snapshots is missing or cannot be read.
    pub fn removed_enum_values(&self, id: &str, back: bool, dialect: &dyn Dialect) -> Result<Vec<RemovedValues>> {
        let (from, changes) = self.changes(id, dialect)?;
        if !back {
            return Ok(removed_enum_values(&from, &changes));
        }
        let to = apply(&changes, &from);
        let changes = diff(&to, &from, &Renames::of(&changes).inverse()).changes;
        Ok(removed_enum_values(&to, &changes))
    }
}
