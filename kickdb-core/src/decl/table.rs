//! What a struct says of its table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::names::snake_case;
use super::{At, CheckDecl, ColumnDecl, ExclusionDecl, ForeignKeyDecl, IndexDecl, KeyDecl, UniqueDecl};

/// A struct that is a table. Columns are named by their field everywhere, as in the source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableDecl {
    /// The struct's name.
    pub ident: At<String>,
    /// The module, as a path from the crate's name on.
    #[serde(skip)]
    pub module: String,
    /// The table's name, where it is not the struct's in snake case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The named schema it lives in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<At<String>>,
    /// The comment for the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The table's name before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<At<String>>,
    /// Why the table belongs to somebody else, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmanaged: Option<At<String>>,
    /// Options that one engine has, by their name in lower case; empty where the option is a mere word.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// The columns in order.
    pub columns: Vec<ColumnDecl>,
    /// The primary key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<KeyDecl>,
    /// Unique constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uniques: Vec<UniqueDecl>,
    /// Indexes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<IndexDecl>,
    /// Checks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckDecl>,
    /// Foreign keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKeyDecl>,
    /// Exclusion constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<ExclusionDecl>,
    /// The structs whose columns it has, too, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<At<Vec<String>>>,
    /// How its rows are spread over partitions, as the engine says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<At<String>>,
    /// The partitioned struct that it is a part of, and with which rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<PartitionDecl>,
    /// Relations: for queries only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<RelationDecl>,
}

impl TableDecl {
    /// The table's name, without its schema.
    #[must_use]
    pub fn table_name(&self) -> std::borrow::Cow<'_, str> {
        match &self.name {
            Some(name) => std::borrow::Cow::Borrowed(&name.value),
            None => std::borrow::Cow::Owned(super::names::snake_case(&self.ident.value)),
        }
    }

    /// The table's name as messages show it.
    #[must_use]
    pub fn shown(&self) -> String {
        let name = self
            .name
            .as_ref()
            .map_or_else(|| snake_case(&self.ident), |name| name.value.clone());
        match &self.schema {
            Some(schema) => format!("{}.{name}", schema.value),
            None => name,
        }
    }

    /// The column of that field.
    #[must_use]
    pub fn column(&self, field: &str) -> Option<&ColumnDecl> {
        self.columns.iter().find(|column| *column.field == field)
    }
}

/// A place among the partitions of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionDecl {
    /// The path of the partitioned struct.
    pub of: At<Vec<String>>,
    /// The rows that go there, as the engine says it.
    pub bound: At<String>,
}

/// A relation to another table, for queries only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelationDecl {
    /// Which way it goes.
    pub kind: RelationKind,
    /// Its name in snake case.
    pub name: At<String>,
    /// The path of the other struct; `Self` is the struct itself.
    pub target: At<Vec<String>>,
    /// The fields that hold the key: of this struct in `belongs_to`, of the other one in `has_one` and `has_many`, of the
    /// struct between, pointing here, in `many_to_many`.
    pub key: Vec<At<String>>,
    /// The fields that the key points to; empty is the primary key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<At<String>>,
    /// The path of the struct between, in `many_to_many`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<At<Vec<String>>>,
    /// The fields of the struct between that point to the other one, in `many_to_many`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target_key: Vec<At<String>>,
}

/// Which way a relation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// This row points to one other.
    BelongsTo,
    /// At most one other row points here.
    HasOne,
    /// Any number of other rows point here.
    HasMany,
    /// A table between points to both.
    ManyToMany,
}

impl RelationKind {
    /// Its name as an attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BelongsTo => "belongs_to",
            Self::HasOne => "has_one",
            Self::HasMany => "has_many",
            Self::ManyToMany => "many_to_many",
        }
    }
}
