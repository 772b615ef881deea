use serde::{Deserialize, Serialize};

use super::Expr;
use crate::ident::{Name, Qualified};

/// The primary key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryKey {
    /// Its name.
    pub name: Name,
    /// Its columns in key order.
    pub columns: Vec<Name>,
    /// When it is checked.
    pub deferrable: Deferrable,
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
    /// When it is checked.
    pub deferrable: Deferrable,
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: Name,
    /// What must not be false.
    pub expr: Expr,
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
    /// What a delete of the referenced row does.
    pub on_delete: Action,
    /// What an update of the referenced key does.
    pub on_update: Action,
    /// When it is checked.
    pub deferrable: Deferrable,
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
