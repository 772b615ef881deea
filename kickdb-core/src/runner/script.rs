//! What a run is given, and what it makes of it.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::policy::Direction;
use crate::journal::{Embedded, hash};

/// Where migrations come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A folder on disk, read anew for each run.
    Folder(PathBuf),
    /// A folder inside the program.
    Embedded(&'static Embedded),
}

/// A statement of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The SQL, without the semicolon at its end.
    pub sql: String,
    /// Its line in the file, from 1.
    pub line: usize,
}

/// One migration in one direction, as it will run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Planned {
    /// The migration's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Up or down.
    pub direction: Direction,
    /// Its statements, in order.
    pub statements: Vec<Statement>,
    /// Whether they run in one transaction.
    pub transaction: bool,
    /// Whether foreign keys are off while they run, and checked afterwards.
    pub foreign_keys_off: bool,
    /// So many statements were done by an earlier run that stopped half-way.
    pub done: usize,
    /// So many were begun.
    pub(crate) attempted: usize,
    /// The hash to record.
    pub(crate) hash: String,
    /// The hash of the files as they are, under which progress is kept.
    pub(crate) actual: String,
    /// The hashes of its first statements, each from the one before.
    pub(crate) chain: OnceLock<Vec<String>>,
}

impl Planned {
    /// The hash of its first so many statements.
    pub(super) fn begun(&self, number: usize) -> &str {
        let chain = self.chain.get_or_init(|| {
            let mut chain = vec![hash("", "", "")];
            for statement in &self.statements {
                let before = chain.last().map_or("", String::as_str);
                let next = hash(before, &statement.sql, "");
                chain.push(next);
            }
            chain
        });
        chain.get(number).or(chain.last()).map_or("", String::as_str)
    }
}
