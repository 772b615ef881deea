//! Tables that keep their history, and the columns in which it stands since when and until when a row holds.
//!
//! Such columns come with the history or not at all: `ADD SYSTEM VERSIONING` takes them in the same statement, and the server
//! adds none to a table that has a history without names for them. They can be renamed, and they can go while the history
//! stays (<https://mariadb.com/kb/en/system-versioned-tables/>, tried on 10.11).

use std::collections::BTreeSet;

use super::{Alter, Place};
use crate::dialect::EmitError;
use crate::dialect::mysql::emit::column::{definition, row_bound};
use crate::dialect::mysql::emit::create::period;
use crate::dialect::mysql::normalize::{PARTITION_BY, UNVERSIONED, VERSIONED};
use crate::dialect::mysql::syntax::ident;
use crate::diff::TableChange;
use crate::ident::Name;
use crate::ir::{Column, Table};

/// What becomes of the history of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::dialect::mysql::emit) enum History {
    /// It stays as it is, or there is none before and after.
    Stays,
    Comes,
    Goes,
    /// It goes, and another one begins: its columns are there under other types, or get their names.
    BeginsAnew,
}

pub(super) const DROP: &str = "DROP SYSTEM VERSIONING";
pub(super) const LOST: &str = "the history of the rows goes: the server cannot keep it through this change";

pub(in crate::dialect::mysql::emit) fn history(from: &Table, to: &Table) -> History {
    let versioned = |table: &Table| table.options.contains_key(VERSIONED);
    match (versioned(from), versioned(to)) {
        (false, false) => History::Stays,
        (false, true) => History::Comes,
        (true, false) => History::Goes,
        (true, true) => {
            let keeps = |column: &Column| match twin(column, from) {
                Some(before) => {
                    let named = Column {
                        name: column.name.clone(),
                        ..before.clone()
                    };
                    named == *column
                }
                None => false,
            };
            match bounds(to).all(keeps) {
                true => History::Stays,
                false => History::BeginsAnew,
            }
        }
    }
}

/// Columns that a history which begins leaves out: that can only be said once it is there.
pub(super) fn left_out<'a>(from: &Table, to: &'a Table) -> Vec<&'a Column> {
    let begins = matches!(history(from, to), History::Comes | History::BeginsAnew);
    let left_out = |column: &&Column| begins && column.options.contains_key(UNVERSIONED);
    to.columns.iter().filter(left_out).collect()
}

/// The table with the history of every column.
pub(super) fn whole(table: &Table) -> Table {
    let mut whole = table.clone();
    for column in &mut whole.columns {
        column.options.remove(UNVERSIONED);
    }
    whole
}

/// Columns of the history that take another name: nothing else can be meant by one that goes and one that comes.
pub(super) fn renamed(from: &Table, to: &Table) -> Vec<(Name, Name)> {
    if history(from, to) != History::Stays {
        return Vec::new();
    }
    let pairs = bounds(to).filter_map(|column| Some((twin(column, from)?.name.clone(), column.name.clone())));
    pairs.filter(|(old, new)| old != new).collect()
}

/// The column of the other table that says the same end of a row's time.
fn twin<'a>(column: &Column, table: &'a Table) -> Option<&'a Column> {
    let bound = row_bound(column)?;
    table.columns.iter().find(|other| row_bound(other) == Some(bound))
}

fn bounds(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| row_bound(column).is_some())
}

impl Alter<'_> {
    /// Takes a change of a column of the history; false where it is not one.
    pub(super) fn takes_bound(&mut self, change: &TableChange) -> bool {
        match change {
            TableChange::AddColumn(column) | TableChange::AlterColumn { to: column, .. } => row_bound(column).is_some(),
            TableChange::DropColumn(column) => row_bound(column).is_some(),
            _ => false,
        }
    }

    /// The columns that go with a history, before everything else.
    pub(super) fn going_bounds(&self) -> BTreeSet<Name> {
        match history(&self.before, self.to) {
            History::Goes | History::BeginsAnew => bounds(&self.before).map(|column| column.name.clone()).collect(),
            History::Stays | History::Comes => BTreeSet::new(),
        }
    }

    /// The columns that come with a history.
    pub(super) fn coming_bounds(&self) -> BTreeSet<Name> {
        match history(&self.before, self.to) {
            History::Comes | History::BeginsAnew => bounds(self.to).map(|column| column.name.clone()).collect(),
            History::Stays | History::Goes => BTreeSet::new(),
        }
    }

    /// What the history needs beside the other changes.
    pub(super) fn versioning(&mut self) -> Result<(), EmitError> {
        let history = history(&self.before, self.to);
        let named: Vec<Name> = bounds(&self.before).map(|column| column.name.clone()).collect();
        let gone = named
            .iter()
            .filter(|name| self.to.column(name).is_none() || history != History::Stays);
        let drops: Vec<String> = gone.map(|name| format!("DROP COLUMN {}", ident(name))).collect();
        if history == History::Stays {
            for clause in drops {
                self.add(Place::DropColumn, clause);
            }
            return Ok(());
        }
        if history != History::Comes {
            // Without their columns going first, the server refuses to let the history go.
            self.bounds_out.extend(drops);
            // Partitions by it go before a history, and it before other ones.
            let spread = self.before.options.get(PARTITION_BY);
            let at = match spread.is_some_and(|by| by.starts_with("system_time")) {
                true => self.first.len(),
                false => 0,
            };
            self.first.insert(at, DROP.to_owned());
        }
        if history != History::Goes {
            let mut clauses = Vec::new();
            for (at, column) in self.to.columns.iter().enumerate() {
                if row_bound(column).is_some() {
                    let place = match at.checked_sub(1).and_then(|before| self.to.columns.get(before)) {
                        _ if at + 1 == self.to.columns.len() => String::new(),
                        Some(before) => format!(" AFTER {}", ident(&before.name)),
                        None => " FIRST".to_owned(),
                    };
                    clauses.push(format!("ADD COLUMN {}{place}", definition(column, self.to)?));
                }
            }
            clauses.extend(period(self.to).map(|period| format!("ADD {period}")));
            clauses.push("ADD SYSTEM VERSIONING".to_owned());
            // Before the history is spread over partitions.
            self.last.insert(0, clauses.join(",\n    "));
        }
        Ok(())
    }
}
