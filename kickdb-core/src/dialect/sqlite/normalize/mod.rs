//! SQLite's normal form: what its catalog would say.
//!
//! Types are those that SQLite declares, an enum is text with a check, an integer primary key counts by itself, a primary
//! key is never NULL, and nothing has a comment.

mod index;
mod object;
mod table;

use std::collections::BTreeMap;

pub(super) use self::table::enum_values;
use super::Sqlite;
use crate::dialect::{Normalize, Refusal, characters, lacking};
use crate::ident::{Name, Qualified};
use crate::ir::{Enum, ObjectKind, Schema, Table, Tables};

impl Normalize for Sqlite {
    fn normalize(&self, schema: &mut Schema) -> Result<(), Vec<Refusal>> {
        let mut refusals = Refusals::default();
        characters::refuse(schema, &mut refusals.0);
        refuse_namespaces(schema, &mut refusals);
        let enums = std::mem::take(&mut schema.enums);
        for (name, e) in &enums {
            refuse_values(name, e, &mut refusals);
        }
        schema.tables = std::mem::take(&mut schema.tables)
            .into_values()
            .map(|mut table| {
                lacking::refuse(&mut table, "SQLite", &mut refusals.0);
                (table.name.clone(), table::normalize(table, &enums, &mut refusals))
            })
            .collect();
        schema.objects = object::normalize(std::mem::take(&mut schema.objects), &schema.tables, &mut refusals);
        refuse_name_clashes(schema, &mut refusals);
        spell_references(&mut schema.tables);
        refusals.finish()
    }
}

/// One table in normal form, as far as it tells that by itself; none where something in it is refused.
pub(super) fn one(table: Table) -> Option<Table> {
    let mut refusals = Refusals::default();
    let table = table::normalize(table, &BTreeMap::new(), &mut refusals);
    refusals.0.is_empty().then_some(table)
}

/// Everything that was refused so far.
#[derive(Default)]
struct Refusals(Vec<Refusal>);

impl Refusals {
    fn add(&mut self, object: &Qualified, part: Option<&Name>, message: impl Into<String>, help: &str) {
        self.0.push(Refusal {
            object: Some(object.clone()),
            part: part.cloned(),
            message: message.into(),
            help: (!help.is_empty()).then(|| help.to_owned()),
        });
    }

    fn finish(self) -> Result<(), Vec<Refusal>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

const NO_SCHEMAS: &str = "leave the schema out, or put it in front of the table's name (`billing_invoices`)";

fn refuse_namespaces(schema: &mut Schema, refusals: &mut Refusals) {
    let mut used = schema.tables.keys().chain(schema.enums.keys());
    for name in used.by_ref().filter(|name| name.schema.is_some()) {
        refusals.add(name, None, "SQLite has no named schemas", NO_SCHEMAS);
    }
    // A namespace that nothing lives in says nothing.
    schema.namespaces.clear();
}

fn refuse_values(name: &Qualified, e: &Enum, refusals: &mut Refusals) {
    if e.values.is_empty() {
        refusals.add(
            name,
            None,
            "an enum without values",
            "only PostgreSQL has such; give it at least one value",
        );
    }
    for (at, value) in e.values.iter().enumerate() {
        if e.values[..at].contains(value) {
            refusals.add(
                name,
                None,
                format!("the value `{value}` is there twice"),
                "remove one of them",
            );
        }
    }
}

/// Tables, views and indexes share one space of names, and ASCII case does not tell names apart.
fn refuse_name_clashes(schema: &Schema, refusals: &mut Refusals) {
    let tables = &schema.tables;
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for table in tables.values() {
        let name = &table.name.name;
        let taken = seen.insert(name.as_str().to_ascii_lowercase(), format!("table `{name}`"));
        if let Some(other) = taken {
            refusals.add(
                &table.name,
                None,
                format!("SQLite takes its name for that of the {other}"),
                "choose another name",
            );
        }
        refuse_own(name, &table.name, None, refusals);
    }
    for id in schema.objects.keys() {
        refuse_own(&id.name.name, &id.name, None, refusals);
    }
    for id in schema.objects.keys().filter(|id| id.kind != ObjectKind::Trigger) {
        let name = id.name.name.as_str();
        if let Some(other) = seen.insert(name.to_ascii_lowercase(), id.to_string()) {
            refusals.add(
                &id.name,
                None,
                format!("SQLite takes its name for that of the {other}"),
                "choose another name",
            );
        }
    }
    for table in tables.values() {
        for index in table.indexes.keys() {
            refuse_own(index, &table.name, Some(index), refusals);
            let what = format!("index `{index}` of `{}`", table.name);
            if let Some(other) = seen.insert(index.as_str().to_ascii_lowercase(), what) {
                refusals.add(
                    &table.name,
                    Some(index),
                    format!("SQLite takes the index's name for that of the {other}"),
                    "an index's name is unique in the whole database: give it another one",
                );
            }
        }
    }
}

/// Whatever is in the catalog under such a name is SQLite's own.
fn refuse_own(name: &Name, object: &Qualified, part: Option<&Name>, refusals: &mut Refusals) {
    if name.as_str().to_ascii_lowercase().starts_with("sqlite_") {
        let message = "names that start with `sqlite_` belong to SQLite";
        refusals.add(object, part, message, "choose another name");
    }
}

/// A foreign key may name its table and columns in another case than they have.
fn spell_references(tables: &mut Tables) {
    let columns = |table: &Table| table.columns.iter().map(|column| column.name.clone()).collect();
    let spelled = tables.values().map(|table| (table.name.clone(), columns(table)));
    let spelled: BTreeMap<Qualified, Vec<Name>> = spelled.collect();
    let folded = |name: &Qualified| name.name.as_str().to_ascii_lowercase();
    // Of several that differ in case alone, the first is meant.
    let by_fold: BTreeMap<_, _> = spelled.iter().rev().map(|entry| (folded(entry.0), entry)).collect();
    for key in tables.values_mut().flat_map(|table| table.foreign_keys.values_mut()) {
        let exact = spelled.get_key_value(&key.references);
        if let Some((name, columns)) = exact.or_else(|| by_fold.get(&folded(&key.references)).copied()) {
            key.references = name.clone();
            table::spell(&mut key.referenced, columns);
        }
    }
}

#[cfg(test)]
mod tests;
