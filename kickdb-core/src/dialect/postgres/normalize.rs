//! The one normal form: what PostgreSQL would say about a schema if it were asked back.

mod names;
mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::counter::numbered_name;
use super::extension::Homes;
use super::{MAX_IDENTIFIER, Postgres, objects, opclass};
use crate::dialect::{Normalize, Refusal, characters};
use crate::ident::{Name, Qualified};
use crate::ir::{ColumnValue, Enum, ObjectKind, Schema, Tables};

impl Normalize for Postgres {
    fn normalize(&self, schema: &mut Schema) -> Result<(), Vec<Refusal>> {
        let mut refusals = Vec::new();
        characters::refuse(schema, &mut refusals);
        schema.enums = take_enums(std::mem::take(&mut schema.enums), &mut refusals);
        let keys = primary_keys(schema);
        let homes = Homes::of(schema);
        let classes = opclass::Own::of(schema);
        let types = table::Types {
            own: own_types(schema),
            homes: &homes,
        };
        let mut tables = Tables::default();
        for mut table in std::mem::take(&mut schema.tables).into_values() {
            table::normalize(&mut table, &types, &keys, &classes, &mut refusals);
            if let Some(other) = tables.insert(table.name.clone(), table) {
                refusals.push(refusal(
                    &other.name,
                    None,
                    "two tables have this name",
                    "`public` and no schema are the same",
                ));
            }
        }
        schema.tables = tables;
        objects::normalize(schema, &homes);
        name_counters(schema);
        namespaces(schema, &mut refusals);
        names::check(schema, &mut refusals);
        if refusals.is_empty() { Ok(()) } else { Err(refusals) }
    }
}

fn refusal(object: &Qualified, part: Option<&Name>, message: impl Into<String>, help: impl Into<String>) -> Refusal {
    Refusal {
        object: Some(object.clone()),
        part: part.cloned(),
        message: message.into(),
        help: Some(help.into()),
    }
}

/// `public` is where a connection works unless it is told otherwise.
pub(super) fn local(name: &mut Qualified) {
    if name.schema.as_ref().is_some_and(|schema| schema == "public") {
        name.schema = None;
    }
}

fn no_empty(comment: &mut Option<String>) {
    if comment.as_deref() == Some("") {
        *comment = None;
    }
}

fn take_enums(enums: BTreeMap<Qualified, Enum>, refusals: &mut Vec<Refusal>) -> BTreeMap<Qualified, Enum> {
    let mut taken = BTreeMap::new();
    for mut e in enums.into_values() {
        local(&mut e.name);
        no_empty(&mut e.comment);
        let mut seen = BTreeSet::new();
        for value in &e.values {
            if value.len() > MAX_IDENTIFIER {
                let message = format!("the value `{value}` has {} bytes", value.len());
                refusals.push(refusal(
                    &e.name,
                    None,
                    message,
                    "an enum's value has at most 63 in PostgreSQL",
                ));
            }
            if !seen.insert(value) {
                refusals.push(refusal(
                    &e.name,
                    None,
                    format!("the value `{value}` is there twice"),
                    "remove one",
                ));
            }
        }
        taken.insert(e.name.clone(), e);
    }
    taken
}

/// The types that a column is of by their names. One without a schema that is named like a well-known one is only an enum's.
fn own_types(schema: &Schema) -> BTreeSet<Qualified> {
    let others = schema.objects.keys().filter(|id| {
        let is_type = matches!(id.kind, ObjectKind::Domain | ObjectKind::Type);
        is_type && id.name.schema.is_some()
    });
    schema.enums.keys().chain(others.map(|id| &id.name)).cloned().collect()
}

/// Gives every counter the name that its sequence has, and would have as the first of those without a name.
fn name_counters(schema: &mut Schema) {
    let mut taken = names::relations(schema);
    for table in schema.tables.values_mut() {
        let name = table.name.clone();
        for column in &mut table.columns {
            if let ColumnValue::Identity(_, counter) = &mut column.value {
                let counter = counter.get_or_insert_default();
                if counter.name.is_none() {
                    let all = (0..).map(|number| numbered_name(&name, &column.name, number));
                    counter.name = all.into_iter().find(|name| !taken.contains(name));
                    taken.extend(counter.name.clone());
                }
            }
        }
    }
}

/// What a foreign key points to when it names no columns.
fn primary_keys(schema: &Schema) -> BTreeMap<Qualified, Vec<Name>> {
    let keys = schema.tables.values().filter_map(|table| {
        let mut name = table.name.clone();
        local(&mut name);
        table.primary_key.as_ref().map(|key| (name, key.columns.clone()))
    });
    keys.collect()
}

/// Every schema that something lives in, and those that are declared without anything in them.
fn namespaces(schema: &mut Schema, refusals: &mut Vec<Refusal>) {
    let used = schema
        .tables
        .keys()
        .chain(schema.enums.keys())
        .filter_map(|name| name.schema.clone());
    schema.namespaces.extend(used);
    schema.namespaces.retain(|name| name.as_str() != "public");
    for name in &schema.namespaces {
        if name.as_str().starts_with("pg_") || name == "information_schema" {
            refusals.push(Refusal {
                object: None,
                part: Some(name.clone()),
                message: format!("the schema `{name}` is PostgreSQL's own"),
                help: Some("names that start with `pg_` are reserved; choose another one".into()),
            });
        }
    }
}
