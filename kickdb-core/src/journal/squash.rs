//! Several migrations that follow each other, as one.
//!
//! It keeps the id of the last of them, so that what comes after stays where it is, and its line in the journal says which
//! ones it stands for: the runner knows by it what a database has that applied those.

use jiff::Timestamp;

use super::generate::Draft;
use super::{Folder, NewMigration, Replaced};
use crate::dialect::Dialect;
use crate::diff::{Backfills, Change, NeededValue, Renames, diff};
use crate::error::{Error, Result};
use crate::ir::Schema;
use crate::merge::compose;
use crate::plan::{Stage, online, stages};

/// What becomes of a folder.
#[derive(Clone, Debug)]
pub struct Squashed {
    /// The schema before the first of them.
    pub from: Schema,
    /// The migration that stands for them all.
    pub new: NewMigration,
    /// The ids of those that go, oldest first; the last one stays, with other files.
    pub gone: Vec<String>,
}

/// Makes one migration of those from `first` to `last`. Writes nothing: that is
/// [`write_squashed`](super::write_squashed)'s part.
///
/// # Errors
///
/// When one of them is damaged or was changed, says SQL that its schemas do not (it would be lost), or the engine needs several
/// migrations for what they do together.
pub fn squash(folder: &Folder, first: &str, last: &str, now: Timestamp, dialect: &dyn Dialect) -> Result<Squashed> {
    let entries = &folder.journal.entries;
    let place = |id: &str| entries.iter().position(|entry| entry.id == id);
    let (Some(start), Some(end)) = (place(first), place(last)) else {
        return Err(Error::validation(format!(
            "`{first}` and `{last}` are not both in the journal"
        )));
    };
    if start >= end {
        return Err(Error::validation(format!(
            "`{first}` does not come before `{last}`; write the older one first: `{last}..{first}`"
        )));
    }
    let mut renames = Renames::default();
    let mut values = Vec::new();
    let mut own = Vec::new();
    let mut replaced = Vec::new();
    for entry in &entries[start..=end] {
        let files = folder.migration(&entry.id);
        let same = files.and_then(|files| files.hash_on_disk.as_ref()) == Some(&entry.hash);
        if !same {
            return Err(Error::folder(
                format!("{}/{}", folder.path, entry.id),
                "its files are not those that the journal records; `cargo kickdb migrate verify` says what to do about it",
            ));
        }
        let (from, changes) = folder.changes(&entry.id, dialect)?;
        let (up, down) = files.map_or(("", ""), |files| {
            (
                files.up.as_deref().unwrap_or_default(),
                files.down.as_deref().unwrap_or_default(),
            )
        });
        let given = super::rebase::values_in(&changes, up, dialect);
        if !is_made(&from, &changes, &given, (up, down), dialect)? {
            own.push(entry.id.clone());
        }
        for needed in NeededValue::of(&changes) {
            let value = given
                .get(&needed.table, &needed.column.name)
                .flatten()
                .map(str::to_owned);
            values.push((needed, value));
        }
        renames = compose(&renames, &Renames::of(&changes));
        replaced.push(Replaced {
            id: entry.id.clone(),
            hash: entry.hash.clone(),
            replaces: entry.replaces.clone(),
        });
    }
    if !own.is_empty() {
        let own = own.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>();
        return Err(Error::validation(format!(
            "{} holds SQL that somebody wrote, or that an older kickdb made, and one migration made of the schemas alone would lose it; \
             leave it out of what is squashed",
            own.join(", ")
        )));
    }
    let mut from = match start.checked_sub(1) {
        Some(before) => folder.snapshot(&entries[before].id, dialect)?.schema,
        None => Schema::default(),
    };
    let to = folder.snapshot(last, dialect)?.schema;
    from.release(&to.unmanaged);
    renames.own_values = dialect.caps().enums.into();
    let changes = diff(&from, &to, &renames).changes;
    let mut given = Backfills::default();
    for needed in NeededValue::of(&changes) {
        let value = values
            .iter()
            .rev()
            .find(|(other, _)| other.column.name == needed.column.name);
        given.answer(&needed, value.and_then(|(_, value)| value.as_deref()), dialect.lexis())?;
    }
    let made = stages(&from, &given.fill(changes), dialect).map_err(|error| Error::validation(error.to_string()))?;
    let mut stage = match <[Stage; 1]>::try_from(made) {
        Ok([stage]) => stage,
        Err(made) => {
            return Err(Error::validation(format!(
                "together they take {} migrations on this engine, since some of their statements cannot run in a transaction; squash \
                 fewer of them",
                made.len()
            )));
        }
    };
    stage.to = to;
    let previous = start.checked_sub(1).map(|before| entries[before].id.clone());
    let draft = Draft::new(stage, false, dialect)?;
    let entry = &entries[end];
    let mut new = draft.finish(last.to_owned(), entry.tag.clone(), previous, now, &from, dialect);
    new.entry.created_at.clone_from(&entry.created_at);
    new.meta.created_at.clone_from(&entry.created_at);
    new.entry.replaces = replaced;
    Ok(Squashed {
        from,
        new,
        gone: entries[start..end].iter().map(|entry| entry.id.clone()).collect(),
    })
}

/// Whether the files are what the schemas make of them, comments aside.
fn is_made(
    from: &Schema,
    changes: &[Change],
    given: &Backfills,
    (up, down): (&str, &str),
    dialect: &dyn Dialect,
) -> Result<bool> {
    let written = super::meaning(up, down, "", dialect.lexis());
    let plain = Backfills::default();
    for (plan, values) in [
        (stages as fn(&Schema, &[Change], &dyn Dialect) -> _, &plain),
        (stages, given),
        (online, given),
    ] {
        let made: std::result::Result<Vec<Stage>, _> = plan(from, &values.fill(changes.to_vec()), dialect);
        let Ok(made) = made else { continue };
        let Ok([stage]) = <[Stage; 1]>::try_from(made) else {
            continue;
        };
        let draft = Draft::new(stage, false, dialect)?;
        if super::meaning(&draft.up, &draft.down, "", dialect.lexis()) == written {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Squashed {
    /// The journal with the one migration in place of all of them.
    #[must_use]
    pub fn journal(&self, folder: &Folder) -> super::Journal {
        let mut journal = folder.journal.clone();
        journal.entries.retain(|entry| !self.gone.contains(&entry.id));
        let own = journal.entries.iter_mut().filter(|entry| entry.id == self.new.entry.id);
        own.for_each(|entry| {
            let other = std::mem::take(&mut entry.other);
            *entry = super::Entry {
                other,
                ..self.new.entry.clone()
            };
        });
        journal
    }
}
