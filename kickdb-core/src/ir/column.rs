use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Expr, SqlType};
use crate::ident::{Name, Qualified};

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: SqlType,
    /// Whether it may hold NULL.
    pub nullable: bool,
    /// Where its value comes from when an insert names none.
    pub value: ColumnValue,
    /// The collation, where it is not the type's default.
    pub collation: Option<Name>,
    /// The comment kept in the database.
    pub comment: Option<String>,
    /// Options that one engine has (`invisible`, `storage`), by their name in lower case. The value is empty where the option
    /// is a mere word.
    pub options: BTreeMap<String, String>,
}

impl Column {
    /// A NOT NULL column that an insert must name.
    #[must_use]
    pub fn new(name: Name, ty: SqlType) -> Self {
        Self {
            name,
            ty,
            nullable: false,
            value: ColumnValue::Required,
            collation: None,
            comment: None,
            options: BTreeMap::new(),
        }
    }
}

/// Where a value comes from when the insert names none.
///
/// One enum, so that a column cannot be both an identity and a generated column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnValue {
    /// From nowhere: the insert names it, or it is NULL where the column is nullable.
    Required,
    /// From a default expression.
    Default(Expr),
    /// From the column's own counter, with its options where they are not the usual ones.
    Identity(Identity, Option<Box<Counter>>),
    /// Always computed from other columns of the row.
    Generated {
        /// What is computed.
        expr: Expr,
        /// Whether the value is kept on disk or computed on each read.
        stored: bool,
    },
}

impl ColumnValue {
    /// From a counter with the usual options.
    #[must_use]
    pub fn identity(identity: Identity) -> Self {
        Self::Identity(identity, None)
    }
}

/// The options of a column's counter, each where it is not the usual one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counter {
    /// The name of its sequence, where it is not the one that the engine would give it.
    pub name: Option<Qualified>,
    /// The type that it counts in, where it is not the column's.
    pub ty: Option<SqlType>,
    /// The first value.
    pub start: Option<i64>,
    /// What is added each time.
    pub increment: Option<i64>,
    /// The lowest value.
    pub min: Option<i64>,
    /// The highest value.
    pub max: Option<i64>,
    /// How many values a session takes at a time.
    pub cache: Option<i64>,
    /// Whether it starts again after the last value.
    pub cycle: bool,
}

/// How a column counts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// An insert may give a value of its own.
    ByDefault,
    /// An insert may not give a value of its own.
    Always,
    /// A sequence owned by the column and a default that draws from it (PostgreSQL's `serial`), or SQLite's `AUTOINCREMENT`.
    Serial,
}
