//! What a struct says of its keys, constraints and indexes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{At, Place, StorageDecl};
use crate::ir::{Action, Deferrable};

/// A primary key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyDecl {
    /// Its name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// Its fields in order.
    pub columns: Vec<At<String>>,
    /// When it is checked.
    #[serde(default = "at_once", skip_serializing_if = "is_at_once")]
    pub deferrable: Deferrable,
    /// What is said of its index.
    #[serde(flatten)]
    pub storage: StorageDecl,
}

impl Default for KeyDecl {
    fn default() -> Self {
        Self {
            name: None,
            columns: Vec::new(),
            deferrable: Deferrable::No,
            storage: StorageDecl::default(),
        }
    }
}

fn at_once() -> Deferrable {
    Deferrable::No
}

fn is_at_once(deferrable: &Deferrable) -> bool {
    *deferrable == Deferrable::No
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExclusionDecl {
    /// Its name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The access method of its index, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<At<String>>,
    /// What is compared, and by which operator.
    pub parts: Vec<(PartDecl, String)>,
    /// The rows that are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<At<String>>,
    /// When it is checked.
    #[serde(default = "at_once", skip_serializing_if = "is_at_once")]
    pub deferrable: Deferrable,
    /// What is said of its index.
    #[serde(flatten)]
    pub storage: StorageDecl,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

/// A unique constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UniqueDecl {
    /// Its name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// Its fields in order.
    pub columns: Vec<At<String>>,
    /// Whether two NULLs count as the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// What is said of its index.
    #[serde(flatten)]
    pub storage: StorageDecl,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IndexDecl {
    /// Its name, where it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// What is indexed, in order.
    pub parts: Vec<PartDecl>,
    /// Whether equal keys are refused.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// Whether two NULLs count as the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
    /// The access method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<At<String>>,
    /// The rows that are indexed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate: Option<At<String>>,
    /// The engines that it is for; none are all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dialects: Vec<At<String>>,
    /// What else is said of it.
    #[serde(flatten)]
    pub storage: StorageDecl,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

impl IndexDecl {
    /// Whether it is for this engine.
    pub(crate) fn is_for(&self, dialect: &str) -> bool {
        self.dialects.is_empty() || self.dialects.iter().any(|only| only.value == dialect)
    }
}

/// One part of an index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartDecl {
    /// A field or SQL.
    pub key: PartKey,
    /// Whether it is sorted from high to low.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
    /// Whether NULLs come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nulls_first: Option<bool>,
    /// The operator class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opclass: Option<At<String>>,
    /// The parameters of the operator class, by their name in lower case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// The collation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<At<String>>,
}

impl PartDecl {
    /// A part in the engine's own order.
    #[must_use]
    pub fn new(key: PartKey) -> Self {
        Self {
            key,
            descending: false,
            nulls_first: None,
            opclass: None,
            parameters: BTreeMap::new(),
            collation: None,
        }
    }
}

/// What one part of an index is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKey {
    /// A field.
    Column(At<String>),
    /// SQL.
    Expr(At<String>),
}

/// A check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckDecl {
    /// Its name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The field it is written at, where it is written at one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The SQL.
    pub expr: At<String>,
    /// Whether rows that were there before it need not obey it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// Whether tables that inherit from this one do without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_inherit: bool,
    /// The comment for the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl CheckDecl {
    /// A check of the struct that every row obeys.
    #[must_use]
    pub fn new(expr: At<String>) -> Self {
        Self {
            name: None,
            column: None,
            expr,
            not_valid: false,
            no_inherit: false,
            comment: None,
        }
    }
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignKeyDecl {
    /// Its name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The referencing fields.
    pub columns: Vec<At<String>>,
    /// The path of the referenced struct; `Self` is the struct itself.
    pub table: At<Vec<String>>,
    /// The referenced fields.
    pub referenced: Vec<At<String>>,
    /// What a delete of the referenced row does.
    pub on_delete: Action,
    /// What an update of the referenced key does.
    pub on_update: Action,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// The fields that `on_delete` sets, where not all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_columns: Vec<At<String>>,
    /// Whether a key of several columns is NULL as a whole or not at all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub match_full: bool,
    /// Whether rows that were there before it need not obey it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// Whether it sets columns to NULL that are required, so that it refuses what would do so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub although_required: bool,
    /// The comment for the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl ForeignKeyDecl {
    /// A key that refuses changes of what it points at, is checked at once, and that every row obeys.
    #[must_use]
    pub fn new(columns: Vec<At<String>>, table: At<Vec<String>>, referenced: Vec<At<String>>) -> Self {
        Self {
            name: None,
            columns,
            table,
            referenced,
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferrable: Deferrable::No,
            set_columns: Vec::new(),
            match_full: false,
            not_valid: false,
            although_required: false,
            comment: None,
        }
    }
}
