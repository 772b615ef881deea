use std::ops::Range;

use super::column::{Column, Constraint};
use super::cursor::{Cursor, ObjectName};
use crate::lex::Token;
use crate::lint::exception::Allowed;

/// One statement of a script, as far as the rules look at it.
#[derive(Debug)]
pub(crate) struct Statement<'a> {
    /// Where it stands in the script, in bytes.
    pub(crate) span: Range<usize>,
    pub(crate) action: Action,
    /// Its words, without comments. Of a statement that is longer than any DDL, only the first.
    pub(crate) tokens: Vec<Token<'a>>,
    /// The transaction that it runs in: statements of one number commit together. `None` where it commits by itself.
    pub(crate) transaction: Option<usize>,
    /// What comments at it allow.
    pub(crate) allowed: Vec<Allowed>,
}

impl Statement<'_> {
    pub(crate) fn cursor(&self) -> Cursor<'_> {
        Cursor::new(&self.tokens)
    }

    /// Whether it begins with these words.
    pub(crate) fn begins(&self, words: &str) -> bool {
        self.cursor().is(words)
    }

    /// Whether it keeps nobody out, and would rather fail: `LOCK=NONE`.
    pub(crate) fn keeps_nobody_out(&self) -> bool {
        let Action::AlterTable(alter) = &self.action else {
            return false;
        };
        alter.parts.iter().any(|part| {
            let mut cursor = Cursor::new(&self.tokens[part.words.clone()]);
            let says = cursor.eat("lock");
            cursor.eat("=");
            says && cursor.is("none")
        })
    }
}

/// What a statement does.
#[derive(Debug)]
pub(crate) enum Action {
    CreateTable(CreateTable),
    AlterTable(AlterTable),
    CreateIndex(CreateIndex),
    Drop(Drop),
    Truncate(Vec<ObjectName>),
    /// MySQL's RENAME TABLE.
    Rename(Vec<(ObjectName, ObjectName)>),
    Insert(Insert),
    Update(Changing),
    Delete(Changing),
    /// `SET name = value`, `PRAGMA name = value`: both in lower case.
    Set {
        name: String,
        value: String,
    },
    Begin,
    Commit,
    Rollback,
    Other,
}

#[derive(Debug)]
pub(crate) struct CreateTable {
    pub(crate) table: ObjectName,
    pub(crate) if_not_exists: bool,
    pub(crate) columns: Vec<Column>,
    pub(crate) constraints: Vec<Constraint>,
}

#[derive(Debug)]
pub(crate) struct AlterTable {
    pub(crate) table: ObjectName,
    pub(crate) parts: Vec<Alteration>,
}

/// One part of an ALTER TABLE.
#[derive(Debug)]
pub(crate) struct Alteration {
    pub(crate) span: Range<usize>,
    /// Its words, as a range of the statement's.
    pub(crate) words: Range<usize>,
    pub(crate) what: Alter,
}

#[derive(Debug)]
pub(crate) enum Alter {
    AddColumn {
        column: Column,
        if_not_exists: bool,
    },
    DropColumn {
        name: String,
        if_exists: bool,
    },
    RenameColumn {
        from: String,
        to: String,
    },
    RenameTable(ObjectName),
    /// Another type; with a new expression where `USING` says one.
    Type {
        column: String,
        ty: String,
    },
    SetNotNull(String),
    DropNotNull(String),
    SetDefault(String),
    DropDefault(String),
    AddConstraint(Constraint),
    DropConstraint {
        name: String,
    },
    Validate(String),
    /// MySQL's MODIFY and CHANGE: the whole column anew.
    Redefine {
        from: String,
        column: Column,
    },
    /// Anything else.
    Other,
}

#[derive(Debug)]
pub(crate) struct CreateIndex {
    pub(crate) name: Option<ObjectName>,
    pub(crate) table: ObjectName,
    pub(crate) columns: Vec<String>,
    pub(crate) concurrently: bool,
    pub(crate) if_not_exists: bool,
    /// `ON ONLY`: of a partitioned table without its partitions.
    pub(crate) only: bool,
    /// `fulltext` or `spatial`.
    pub(crate) special: Option<&'static str>,
}

#[derive(Debug)]
pub(crate) struct Drop {
    /// `table`, `index`, `schema`, `materialized view`, …
    pub(crate) kind: &'static str,
    pub(crate) names: Vec<ObjectName>,
    pub(crate) if_exists: bool,
    pub(crate) concurrently: bool,
    pub(crate) cascade: bool,
}

#[derive(Debug)]
pub(crate) struct Insert {
    pub(crate) table: ObjectName,
    /// `REPLACE`, `INSERT OR REPLACE`.
    pub(crate) replaces: bool,
    /// `IGNORE`, `ON CONFLICT`, `ON DUPLICATE KEY`, `WHERE NOT EXISTS`: running it twice adds nothing twice.
    pub(crate) guarded: bool,
    /// The tables after a FROM.
    pub(crate) from: Vec<ObjectName>,
}

/// An UPDATE or DELETE.
#[derive(Debug)]
pub(crate) struct Changing {
    pub(crate) table: ObjectName,
    /// Whether a WHERE, a LIMIT, a JOIN or a USING picks rows.
    pub(crate) filtered: bool,
}
