//! The rows of the queries' answers.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::ir::ObjectKind;

#[derive(Deserialize)]
pub(super) struct Namespaces {
    pub(super) current: Option<String>,
    pub(super) named: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct EnumRow {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) values: Option<Vec<String>>,
    pub(super) comment: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct TableRow {
    pub(super) table: i64,
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) comment: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ColumnRow {
    pub(super) table: i64,
    pub(super) number: i64,
    pub(super) name: String,
    pub(super) r#type: String,
    /// The schema of a user's own type.
    pub(super) type_schema: Option<String>,
    pub(super) type_name: String,
    pub(super) array: bool,
    pub(super) not_null: bool,
    pub(super) default: Option<String>,
    pub(super) identity: String,
    pub(super) generated: String,
    pub(super) serial: bool,
    pub(super) collation: Option<String>,
    pub(super) comment: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ConstraintRow {
    pub(super) table: i64,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) columns: Option<Vec<i64>>,
    pub(super) deferrable: bool,
    pub(super) deferred: bool,
    pub(super) nulls_not_distinct: bool,
    pub(super) check: Option<String>,
    pub(super) foreign_schema: Option<String>,
    pub(super) foreign_table: Option<String>,
    pub(super) foreign_columns: Option<Vec<String>>,
    pub(super) on_delete: String,
    pub(super) on_update: String,
}

#[derive(Deserialize)]
pub(super) struct IndexRow {
    pub(super) table: i64,
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) nulls_not_distinct: bool,
    pub(super) method: String,
    pub(super) predicate: Option<String>,
    pub(super) parts: Vec<Part>,
}

#[derive(Deserialize)]
pub(super) struct Part {
    pub(super) column: Option<i64>,
    pub(super) expression: Option<String>,
    /// Whether it belongs to the key rather than stands beside it.
    pub(super) key: bool,
    pub(super) descending: bool,
    pub(super) nulls_first: bool,
    pub(super) opclass: Option<String>,
    pub(super) collation: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ObjectRow {
    pub(super) kind: ObjectKind,
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) on_schema: Option<String>,
    pub(super) on_name: Option<String>,
    pub(super) signature: Option<String>,
    pub(super) sql: String,
    pub(super) facets: BTreeMap<String, String>,
    pub(super) comment: Option<String>,
}
