//! What may run, and in which order. Everything that can refuse a run before its first write is decided here, by one
//! function without a database.

use std::collections::BTreeMap;

use crate::diff::RemovedValues;
use crate::error::{EnumDrop, Error, HashMismatch, Result};

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Apply everything that is pending, as one batch.
    Latest,
    /// Apply the next one.
    Up,
    /// Reverse the most recent one.
    Down,
    /// Reverse the whole last batch.
    Rollback,
    /// Reverse everything.
    RollbackAll,
    /// Reverse the most recent one and apply it again.
    Redo,
    /// Reverse everything and apply everything.
    Reset,
    /// Apply or reverse until this migration is the newest applied one.
    To(String),
}

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Forward, by `up.sql`.
    Up,
    /// Back, by `down.sql`.
    Down,
}

impl Direction {
    /// As the tables of the bookkeeping spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// The file that is run.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::Up => "up.sql",
            Self::Down => "down.sql",
        }
    }
}

/// What the decision must know of one migration of the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) id: String,
    /// Whether its folder is there.
    pub(crate) present: bool,
    /// The hash in the journal.
    pub(crate) recorded: String,
    /// The hash of the files as they are.
    pub(crate) actual: String,
    /// Whether the files still mean what the journal says, where only their bytes differ.
    pub(crate) same_meaning: bool,
    pub(crate) reviewed: bool,
    /// `None` where it is the first one.
    pub(crate) previous: Option<String>,
    /// Whether `down.sql` has anything to run, or `up.sql` has nothing either.
    pub(crate) reversible: bool,
}

/// A row of the tracking table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The migration's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The hash that it had when it was applied.
    pub hash: String,
    /// The run that it was applied in.
    pub batch: i64,
    /// When, in UTC, by the database's clock.
    pub applied_at: String,
}

/// How far a migration that runs outside of transactions has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) direction: Direction,
    /// What was run, as [`mark`] writes it.
    pub(crate) hash: String,
    /// So many statements are done.
    pub(crate) done: usize,
    /// So many statements were begun.
    pub(crate) attempted: usize,
}

/// What the record of a migration's progress says of its files: their hash, that of the statements that are done, and that of those
/// that were begun. With them a statement that failed can be mended, and all behind it, but none that has run.
pub(crate) fn mark(files: &str, done: &str, begun: &str) -> String {
    format!("{files} {done} {begun}")
}

/// Gives the hash of the first so many statements of a migration.
pub(crate) type Begun<'a> = dyn Fn(usize, Direction, usize) -> String + Sync + 'a;

/// Gives the enum values that go when a migration runs. Asked only for those that are about to run, because it reads two
/// snapshots.
pub(crate) type Losses<'a> = dyn Fn(usize, Direction) -> Result<Vec<RemovedValues>> + Sync + 'a;

/// What is asked for before anything runs.
pub(crate) struct Gates<'a> {
    pub(crate) require_reviewed: bool,
    pub(crate) confirm_enum_drop: bool,
    /// The folder, for messages.
    pub(crate) folder: &'a str,
    /// What is there and not in the journal.
    pub(crate) unlisted: &'a [String],
    pub(crate) losses: &'a Losses<'a>,
    pub(crate) begun: &'a Begun<'a>,
}

/// What was found in the database.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) applied: Vec<Applied>,
    pub(crate) progress: BTreeMap<String, Progress>,
}

/// One migration to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Work {
    /// Its place in the folder.
    pub(crate) index: usize,
    pub(crate) direction: Direction,
    /// The hash to record, or to continue under.
    pub(crate) hash: String,
    /// Statements that an earlier run has done.
    pub(crate) done: usize,
    /// Statements that an earlier run has begun.
    pub(crate) attempted: usize,
}

/// What is to run, and what is worth a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) work: Vec<Work>,
    pub(crate) notes: Vec<String>,
}

/// Decides what runs for a goal, or why nothing may run. `known` is in the order of the journal, which is that of the ids.
pub(crate) fn decide(goal: &Goal, known: &[Known], found: &Found, gates: &Gates<'_>) -> Result<Decision> {
    let mut decision = Decision::default();
    let places: BTreeMap<&str, usize> = known.iter().enumerate().map(|(i, k)| (k.id.as_str(), i)).collect();
    let rows = applied_by_id(found);

    for row in rows.values() {
        match places.get(row.id.as_str()).map(|place| &known[*place]) {
            Some(one) if one.present => check_applied(one, row, &mut decision.notes)?,
            _ => return Err(missing(row, gates)),
        }
    }
    // Whoever has to undo a branch of their own before it is put behind another one must be able to.
    let only_back = match goal {
        Goal::Down | Goal::Rollback | Goal::RollbackAll => true,
        Goal::To(id) => rows.contains_key(id.as_str()),
        Goal::Latest | Goal::Up | Goal::Redo | Goal::Reset => false,
    };
    if !only_back {
        check_branches(known, &rows)?;
        check_order(known, &rows)?;
    }
    check_unfinished(goal, known, found, &rows)?;

    for (index, direction) in steps(goal, known, &rows, &places)? {
        let one = &known[index];
        let hash = match direction {
            Direction::Up => check_pending(one, gates, &mut decision.notes)?,
            Direction::Down => rows.get(one.id.as_str()).map_or(&one.recorded, |row| &row.hash).clone(),
        };
        check_gates(one, index, direction, gates)?;
        let (done, attempted) = resume(one, index, direction, found, gates)?;
        decision.work.push(Work {
            index,
            direction,
            hash,
            done,
            attempted,
        });
    }
    Ok(decision)
}

fn applied_by_id(found: &Found) -> BTreeMap<&str, &Applied> {
    found.applied.iter().map(|row| (row.id.as_str(), row)).collect()
}

fn missing(row: &Applied, gates: &Gates<'_>) -> Error {
    if gates.unlisted.contains(&row.id) {
        return Error::folder(
            format!("{}/{}", gates.folder, row.id),
            "it is applied in the database, but the journal does not list it; `cargo kickdb migrate rebase` makes the journal anew from the \
             folders, or restore `_journal.json` from version control",
        );
    }
    Error::Missing {
        id: row.id.clone(),
        folder: gates.folder.to_owned(),
    }
}

/// The files of an applied migration must be those that were applied.
fn check_applied(one: &Known, row: &Applied, notes: &mut Vec<String>) -> Result<()> {
    if row.hash == one.actual {
        return Ok(());
    }
    // The journal says how the files were when they were recorded; the row, what was run.
    if row.hash == one.recorded && one.same_meaning {
        notes.push(same_meaning(&one.id));
        return Ok(());
    }
    Err(mismatch(one, &row.hash, "the database"))
}

/// The files of a pending migration must be those that were generated. Gives the hash to record.
fn check_pending(one: &Known, gates: &Gates<'_>, notes: &mut Vec<String>) -> Result<String> {
    if !one.present {
        return Err(Error::folder(
            format!("{}/{}", gates.folder, one.id),
            "the journal lists this migration, but its folder is not there; restore it from version control",
        ));
    }
    if one.recorded != one.actual {
        if !one.same_meaning {
            return Err(mismatch(one, &one.recorded, "the journal"));
        }
        notes.push(same_meaning(&one.id));
    }
    Ok(one.recorded.clone())
}

fn same_meaning(id: &str) -> String {
    format!("migration `{id}` differs from what was recorded in comments or white space only, which is accepted")
}

fn mismatch(one: &Known, expected: &str, recorded_in: &'static str) -> Error {
    Error::HashMismatch(Box::new(HashMismatch::new(&one.id, expected, &one.actual, recorded_in)))
}

/// Two migrations after the same one: only a matter while one of them is pending.
fn check_branches(known: &[Known], rows: &BTreeMap<&str, &Applied>) -> Result<()> {
    let mut followers: BTreeMap<Option<&str>, &Known> = BTreeMap::new();
    for one in known {
        let previous = one.previous.as_deref();
        let Some(other) = followers.insert(previous, one) else {
            continue;
        };
        if rows.contains_key(one.id.as_str()) && rows.contains_key(other.id.as_str()) {
            continue;
        }
        return Err(Error::Diverged {
            first: other.id.clone(),
            second: one.id.clone(),
            previous: previous.unwrap_or("the empty schema").to_owned(),
        });
    }
    Ok(())
}

fn check_order(known: &[Known], rows: &BTreeMap<&str, &Applied>) -> Result<()> {
    let Some(newest) = rows.keys().next_back() else {
        return Ok(());
    };
    match known
        .iter()
        .find(|one| one.id.as_str() < *newest && !rows.contains_key(one.id.as_str()))
    {
        Some(one) => Err(Error::OutOfOrder {
            id: one.id.clone(),
            newest: (*newest).to_owned(),
        }),
        None => Ok(()),
    }
}

/// A migration that stopped half-way must be finished in its own direction before anything else.
fn check_unfinished(goal: &Goal, known: &[Known], found: &Found, rows: &BTreeMap<&str, &Applied>) -> Result<()> {
    for one in known {
        let Some(progress) = found.progress.get(&one.id) else {
            continue;
        };
        let applied = rows.contains_key(one.id.as_str());
        let (wrong, way_out) = match progress.direction {
            Direction::Up => (
                !applied && !matches!(goal, Goal::Latest | Goal::Up | Goal::To(_)),
                "`cargo kickdb migrate up` goes on with it",
            ),
            Direction::Down => (
                applied && matches!(goal, Goal::Latest | Goal::Up),
                "`cargo kickdb migrate down` goes on with it",
            ),
        };
        if wrong {
            return Err(Error::validation(format!(
                "migration `{}` stopped after statement {} of its {}; {way_out}",
                one.id,
                progress.done,
                progress.direction.file(),
            )));
        }
    }
    Ok(())
}

/// The migrations to run, in order.
fn steps(
    goal: &Goal,
    known: &[Known],
    rows: &BTreeMap<&str, &Applied>,
    places: &BTreeMap<&str, usize>,
) -> Result<Vec<(usize, Direction)>> {
    let pending = || {
        (0..known.len())
            .filter(|i| !rows.contains_key(known[*i].id.as_str()))
            .map(|i| (i, Direction::Up))
    };
    // Newest first.
    let reverse = |keep: &dyn Fn(&Applied) -> bool| -> Vec<(usize, Direction)> {
        rows.values()
            .rev()
            .filter(|row| keep(row))
            .filter_map(|row| places.get(row.id.as_str()))
            .map(|place| (*place, Direction::Down))
            .collect()
    };
    let newest = rows.values().next_back();
    Ok(match goal {
        Goal::Latest => pending().collect(),
        Goal::Up => pending().take(1).collect(),
        Goal::Down => reverse(&|row| newest.is_some_and(|newest| newest.id == row.id)),
        Goal::Rollback => {
            let batch = rows.values().map(|row| row.batch).max();
            reverse(&|row| Some(row.batch) == batch)
        }
        Goal::RollbackAll => reverse(&|_| true),
        Goal::Redo => {
            let mut steps = reverse(&|row| newest.is_some_and(|newest| newest.id == row.id));
            steps.extend(steps.clone().into_iter().map(|(place, _)| (place, Direction::Up)));
            steps
        }
        Goal::Reset => {
            let mut steps = reverse(&|_| true);
            steps.extend((0..known.len()).map(|place| (place, Direction::Up)));
            steps
        }
        Goal::To(id) if rows.contains_key(id.as_str()) => reverse(&|row| row.id > *id),
        Goal::To(id) => {
            let place = *places.get(id.as_str()).ok_or_else(|| unknown(id, known))?;
            pending().take_while(|(i, _)| *i <= place).collect()
        }
    })
}

/// Names those ids that hold what was asked for.
fn unknown(id: &str, known: &[Known]) -> Error {
    let near: Vec<String> = known
        .iter()
        .filter(|one| one.id.contains(id))
        .map(|one| format!("`{}`", one.id))
        .collect();
    Error::UnknownMigration {
        id: id.to_owned(),
        hint: match near.is_empty() {
            true => "`cargo kickdb migrate status` lists them".to_owned(),
            false => format!("is it {}?", near.join(" or ")),
        },
    }
}

fn check_gates(one: &Known, index: usize, direction: Direction, gates: &Gates<'_>) -> Result<()> {
    if direction == Direction::Down && !one.reversible {
        return Err(Error::Folder {
            path: format!("{}/{}/down.sql", gates.folder, one.id),
            message: "there is nothing in it, so the migration cannot be reversed; undo it with a migration of its own, `cargo kickdb migrate make <name>`".to_owned(),
            source: None,
        });
    }
    if gates.require_reviewed && !one.reviewed {
        return Err(Error::Unreviewed { id: one.id.clone() });
    }
    if gates.confirm_enum_drop {
        return Ok(());
    }
    match (gates.losses)(index, direction)?.into_iter().next() {
        Some(lost) => Err(Error::EnumDrop(Box::new(EnumDrop::new(
            &one.id,
            lost.name,
            lost.values,
            lost.columns,
        )))),
        None => Ok(()),
    }
}

/// Where an earlier run stopped. What has run must still be the same statements, or their numbers mean nothing.
fn resume(one: &Known, index: usize, direction: Direction, found: &Found, gates: &Gates<'_>) -> Result<(usize, usize)> {
    let Some(progress) = found
        .progress
        .get(&one.id)
        .filter(|progress| progress.direction == direction)
    else {
        return Ok((0, 0));
    };
    let begun = progress.done.max(progress.attempted);
    match progress.is_of(one, begun, &(gates.begun)(index, direction, begun)) {
        true => Ok((progress.done, progress.attempted)),
        false => Err(one.other_statements(progress)),
    }
}

impl Progress {
    /// Whether the first `number` statements, which hash to `hash`, are those that have run.
    pub(crate) fn is_of(&self, one: &Known, number: usize, hash: &str) -> bool {
        let mut parts = self.hash.split(' ');
        let (files, done, begun) = (parts.next(), parts.next(), parts.next());
        let ran = if number == self.done { done } else { begun };
        files == Some(one.actual.as_str()) || ran == Some(hash)
    }
}

impl Known {
    /// The refusal where a statement was changed that has run already.
    pub(crate) fn other_statements(&self, progress: &Progress) -> Error {
        let files = progress.hash.split(' ').next().unwrap_or_default();
        mismatch(self, files, "its progress, recorded when it stopped half-way,")
    }
}

#[cfg(test)]
#[path = "policy/tests.rs"]
mod tests;
