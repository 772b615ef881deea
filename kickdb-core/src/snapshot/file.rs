//! The fields of `snapshot.json` in the order in which they are written. Names and order are a contract.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ir::ObjectKind;

/// What is looked at before the rest is trusted.
#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) version: u32,
    pub(super) dialect: String,
}

/// Read by [`stream`](super::stream), table by table.
#[derive(Default, Serialize)]
pub(super) struct File {
    pub(super) version: u32,
    pub(super) dialect: String,
    pub(super) tables: Entries<Table>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) schemas: Vec<String>,
    #[serde(skip_serializing_if = "Entries::is_empty")]
    pub(super) enums: Entries<Enum>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) objects: Vec<Object>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) unmanaged: Vec<String>,
    #[serde(skip_serializing)]
    pub(super) views: Option<serde_json::Value>,
    #[serde(skip_serializing)]
    pub(super) roles: Option<serde_json::Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Table {
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) schema: Option<String>,
    pub(super) columns: Entries<Column>,
    pub(super) indexes: Vec<Index>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) checks: Vec<Check>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) primary_key: Option<PrimaryKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) options: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) exclusions: Vec<Index>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) inherits: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) partition_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) partition: Option<Partition>,
    #[serde(default, skip_serializing)]
    pub(super) rls: Option<serde_json::Value>,
    #[serde(default, skip_serializing)]
    pub(super) policies: Option<serde_json::Value>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Partition {
    pub(super) of: String,
    pub(super) bound: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Column {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) ty: String,
    pub(super) nullable: bool,
    pub(super) default: Option<String>,
    pub(super) primary_key: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) generated: Option<Box<Generated>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) identity: Option<Identity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sequence: Option<Box<Sequence>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) collation: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) options: BTreeMap<String, String>,
    /// `builtin` where the type has the name of an enum of the schema but is not it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) type_kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) default_kind: Option<String>,
}

/// The counter of a column, as far as it is not the usual one.
#[derive(Serialize, Deserialize)]
pub(super) struct Sequence {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub(super) ty: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) increment: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) min: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cache: Option<i64>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) cycle: bool,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Generated {
    pub(super) expression: String,
    pub(super) stored: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Identity {
    Always,
    ByDefault,
    Serial,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) unique: bool,
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub(super) predicate: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) using: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) include: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) opclasses: BTreeMap<String, String>,
    /// A unique constraint rather than an index.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) constraint: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) nulls_not_distinct: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deferrable: Option<Deferrable>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) where_kind: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) options: BTreeMap<String, String>,
    /// What `columns` does not say, one for each of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<Part>,
    /// The operators of an exclusion constraint, one for each of `columns`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) operators: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) part_of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Part {
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) descending: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nulls_first: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) collation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) opclass: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) parameters: BTreeMap<String, String>,
    /// `column` where a column's name looks like an expression; else what the expression is where it is not raw SQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeignKey {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) ref_table: String,
    pub(super) ref_columns: Vec<String>,
    pub(super) on_delete: Action,
    pub(super) on_update: Action,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deferrable: Option<Deferrable>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) match_full: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) set_columns: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) not_valid: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::enum_variant_names, reason = "what SQL calls it")]
pub(super) enum Action {
    Cascade,
    Restrict,
    SetNull,
    SetDefault,
    NoAction,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Deferrable {
    Immediate,
    Deferred,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Check {
    pub(super) name: String,
    pub(super) expression: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) not_valid: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) no_inherit: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PrimaryKey {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deferrable: Option<Deferrable>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) include: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) part_of: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) options: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) values: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
}

/// A view, function, trigger or whatever else is defined by its SQL.
#[derive(Serialize, Deserialize)]
pub(super) struct Object {
    pub(super) kind: ObjectKind,
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signature: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) sql: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) facets: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde wants")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A JSON object whose order counts.
pub(super) struct Entries<T>(pub(super) Vec<(String, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Entries<T> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
                let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(0));
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder(PhantomData))
    }
}
