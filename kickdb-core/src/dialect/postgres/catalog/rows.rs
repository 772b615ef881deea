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
    pub(super) unlogged: bool,
    pub(super) row_security: bool,
    pub(super) forced_row_security: bool,
    /// `name=value`.
    pub(super) storage: Option<Vec<String>>,
    pub(super) toast_storage: Option<Vec<String>>,
    pub(super) method: Option<String>,
    /// What a row is known by to a subscriber: `d`efault, `n`othing, `f`ull, `i`ndex.
    pub(super) identity: String,
    pub(super) identity_index: Option<String>,
    /// The index that `CLUSTER` goes by.
    pub(super) clustered: Option<String>,
    /// The composite type that it is a table `OF`.
    pub(super) of_type: Option<String>,
    pub(super) partition_by: Option<String>,
    /// The place among the partitions of its only parent.
    pub(super) bound: Option<String>,
    pub(super) parents: Option<Vec<Path>>,
    /// Foreign keys of a partition that have another name than those above that they are from.
    pub(super) keys_from_above: Option<Vec<KeyNames>>,
}

/// The names of one foreign key.
#[derive(Deserialize)]
pub(super) struct KeyNames {
    pub(super) above: String,
    pub(super) own: String,
}

/// A name with its schema.
#[derive(Deserialize)]
pub(super) struct Path {
    pub(super) schema: Option<String>,
    pub(super) name: String,
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
    pub(super) counter: Option<CounterRow>,
    pub(super) collation: Option<String>,
    pub(super) storage: Option<String>,
    pub(super) compression: Option<String>,
    pub(super) statistics: Option<i32>,
    pub(super) options: Option<Vec<String>>,
    pub(super) comment: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CounterRow {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) r#type: String,
    pub(super) start: i64,
    pub(super) increment: i64,
    pub(super) min: i64,
    pub(super) max: i64,
    pub(super) cache: i64,
    pub(super) cycle: bool,
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
    pub(super) validated: bool,
    pub(super) no_inherit: bool,
    /// The index behind it.
    pub(super) index: Option<i64>,
    pub(super) operators: Option<Vec<Path>>,
    pub(super) check: Option<String>,
    pub(super) foreign_schema: Option<String>,
    pub(super) foreign_table: Option<String>,
    pub(super) foreign_columns: Option<Vec<String>>,
    pub(super) r#match: String,
    pub(super) on_delete: String,
    pub(super) on_update: String,
    pub(super) set_columns: Option<Vec<i64>>,
    pub(super) comment: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct IndexRow {
    pub(super) table: i64,
    pub(super) index: i64,
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) nulls_not_distinct: bool,
    pub(super) method: String,
    pub(super) predicate: Option<String>,
    pub(super) options: Option<Vec<String>>,
    pub(super) part_of: Option<String>,
    pub(super) comment: Option<String>,
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
    pub(super) parameters: Option<Vec<String>>,
    pub(super) statistics: Option<i32>,
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
