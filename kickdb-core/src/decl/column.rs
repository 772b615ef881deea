//! What a field says of its column.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{At, RustType};
use crate::ir::Identity;

/// A field that is a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnDecl {
    /// The field's name.
    pub field: At<String>,
    /// The column's name, where it is not the field's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The field's type.
    pub ty: At<RustType>,
    /// The column's type as the database spells it, where that is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_type: Option<At<String>>,
    /// Where its value comes from when an insert names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<At<ValueDecl>>,
    /// The collation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<At<String>>,
    /// The comment for the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Options that one engine has, by their name in lower case; empty where the option is a mere word.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// The options of its counter, where it counts by itself and not in the usual way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<CounterDecl>,
    /// The column's name before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<At<String>>,
    /// What queries do with it by themselves: for queries only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// What queries do with a column by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It says when the row was made.
    CreatedAt,
    /// It says when the row was last changed: each update sets it.
    UpdatedAt,
    /// It counts the changes of the row: each update adds one.
    Version,
    /// It says when the row was deleted: deleting sets it, and a row in which it is set is no longer seen.
    DeletedAt,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CreatedAt, Self::UpdatedAt, Self::Version, Self::DeletedAt];

    /// Its name as an attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
            Self::Version => "version",
            Self::DeletedAt => "deleted_at",
        }
    }
}

impl ColumnDecl {
    /// The column's name in the database.
    #[must_use]
    pub fn name(&self) -> &At<String> {
        self.name.as_ref().unwrap_or(&self.field)
    }
}

/// The options of a column's counter, each where it is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CounterDecl {
    /// The name of its sequence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The named schema of its sequence, where it is not the table's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<At<String>>,
    /// The type that it counts in, as the database spells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ty: Option<At<String>>,
    /// The first value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// What is added each time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub increment: Option<i64>,
    /// The lowest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The highest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// How many values a session takes at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<i64>,
    /// Whether it starts again after the last value.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cycle: bool,
}

/// Where a column's value comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueDecl {
    /// A default written as a Rust literal.
    Literal(Literal),
    /// A default written as a Rust path.
    Constant(Vec<String>),
    /// A default written as SQL.
    Sql(String),
    /// The current time.
    Now,
    /// A random UUID.
    Uuid,
    /// An array without elements.
    EmptyArray,
    /// The table's own counter.
    Identity(Identity),
    /// Computed from other columns.
    Generated {
        /// The SQL.
        expr: String,
        /// Whether it is kept on disk.
        stored: bool,
    },
}

/// A Rust literal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a point or an exponent, as it is written.
    Float(String),
    /// A text.
    Text(String),
}

/// What is said of the index that a key has, or is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StorageDecl {
    /// Fields kept beside the key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<At<String>>,
    /// The index of the partitioned table that it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<At<String>>,
    /// Options that one engine has, by their name in lower case; empty where the option is a mere word.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// The comment for the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}
