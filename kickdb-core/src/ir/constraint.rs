use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Expr, IndexPart};
use crate::ident::{Name, Qualified};

/// The primary key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryKey {
    /// Its name.
    pub name: Name,
    /// Its columns in key order.
    pub columns: Vec<Name>,
    /// Columns kept in its index beside the key.
    pub include: Vec<Name>,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// The index of the partitioned table that its own is a part of.
    pub part_of: Option<Name>,
    /// The engine's own options of its index, by their name in lower case.
    pub options: BTreeMap<String, String>,
    /// The comment kept in the database.
    pub comment: Option<String>,
}

impl PrimaryKey {
    /// A key that is checked at once.
    #[must_use]
    pub fn new(name: Name, columns: Vec<Name>) -> Self {
        Self {
            name,
            columns,
            include: Vec::new(),
            deferrable: Deferrable::No,
            part_of: None,
            options: BTreeMap::new(),
            comment: None,
        }
    }
}

/// A unique constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    /// Its name.
    pub name: Name,
    /// Its columns in order.
    pub columns: Vec<Name>,
    /// Whether two NULLs count as different (the SQL default).
    pub nulls_distinct: bool,
    /// Columns kept in its index beside the key.
    pub include: Vec<Name>,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// The index of the partitioned table that its own is a part of.
    pub part_of: Option<Name>,
    /// The engine's own options of its index, by their name in lower case.
    pub options: BTreeMap<String, String>,
    /// The comment kept in the database.
    pub comment: Option<String>,
}

impl Unique {
    /// A constraint that is checked at once, and takes any number of NULLs.
    #[must_use]
    pub fn new(name: Name, columns: Vec<Name>) -> Self {
        Self {
            name,
            columns,
            nulls_distinct: true,
            include: Vec::new(),
            deferrable: Deferrable::No,
            part_of: None,
            options: BTreeMap::new(),
            comment: None,
        }
    }
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: Name,
    /// What must not be false.
    pub expr: Expr,
    /// Whether the rows that were there before it are known to obey it.
    pub validated: bool,
    /// Whether tables that inherit from this one have it, too.
    pub inherited: bool,
    /// The comment kept in the database.
    pub comment: Option<String>,
}

impl Check {
    /// A check that every row obeys.
    #[must_use]
    pub fn new(name: Name, expr: Expr) -> Self {
        Self {
            name,
            expr,
            validated: true,
            inherited: true,
            comment: None,
        }
    }
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name.
    pub name: Name,
    /// The referencing columns.
    pub columns: Vec<Name>,
    /// The referenced table.
    pub references: Qualified,
    /// The referenced columns, as many as `columns`.
    pub referenced: Vec<Name>,
    /// Whether a key of several columns is NULL as a whole or not at all (`MATCH FULL`).
    pub match_full: bool,
    /// What a delete of the referenced row does.
    pub on_delete: Action,
    /// The columns that [`Action::SetNull`] and [`Action::SetDefault`] set on a delete, where not all.
    pub set_columns: Vec<Name>,
    /// What an update of the referenced key does.
    pub on_update: Action,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// Whether the rows that were there before it are known to obey it.
    pub validated: bool,
    /// The comment kept in the database.
    pub comment: Option<String>,
}

impl ForeignKey {
    /// A key that refuses changes of what it points at, is checked at once, and that every row obeys.
    #[must_use]
    pub fn new(name: Name, columns: Vec<Name>, references: Qualified, referenced: Vec<Name>) -> Self {
        Self {
            name,
            columns,
            references,
            referenced,
            match_full: false,
            on_delete: Action::NoAction,
            set_columns: Vec::new(),
            on_update: Action::NoAction,
            deferrable: Deferrable::No,
            validated: true,
            comment: None,
        }
    }
}

/// An exclusion constraint: no two rows for which all operators hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Its name.
    pub name: Name,
    /// The access method of its index.
    pub method: Name,
    /// What is compared, and by which operator.
    pub parts: Vec<(IndexPart, String)>,
    /// The rows that are compared, where not all are.
    pub predicate: Option<Expr>,
    /// Columns kept in its index beside the key.
    pub include: Vec<Name>,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// The engine's own options of its index, by their name in lower case.
    pub options: BTreeMap<String, String>,
    /// The comment kept in the database.
    pub comment: Option<String>,
}

impl Exclusion {
    /// What it computes, and what its rows are chosen by.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let computed = self.parts.iter().filter_map(|(part, _)| part.expr());
        computed.chain(&self.predicate)
    }

    /// A constraint on all rows that is checked at once.
    #[must_use]
    pub fn new(name: Name, method: Name, parts: Vec<(IndexPart, String)>) -> Self {
        Self {
            name,
            method,
            parts,
            predicate: None,
            include: Vec::new(),
            deferrable: Deferrable::No,
            options: BTreeMap::new(),
            comment: None,
        }
    }
}

/// What happens to a referencing row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The change is refused at the end of the statement, or of the transaction where the key is deferred.
    NoAction,
    /// The change is refused at once.
    Restrict,
    /// The referencing row goes or changes along.
    Cascade,
    /// The referencing columns become NULL.
    SetNull,
    /// The referencing columns take their defaults.
    SetDefault,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferrable {
    /// After each statement, always.
    No,
    /// After each statement, unless the transaction says otherwise.
    Immediate,
    /// At commit, unless the transaction says otherwise.
    Deferred,
}
