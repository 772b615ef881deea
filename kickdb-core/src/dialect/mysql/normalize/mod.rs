//! MariaDB's normal form: what its catalog would say.
//!
//! An enum is part of each column's type, a primary key is called `PRIMARY`, a unique index is a unique constraint, an index
//! that a foreign key makes is part of it, engine and collation are said only where they are not the database's.

mod index;
mod options;
mod table;
mod value;

use std::collections::BTreeMap;

pub(super) use self::options::{
    COLLATE, COMPRESSED, ENGINE, INVISIBLE, PARTITION_BY, PLAIN_OPTIONS, SRID, UNVERSIONED, VERSIONED,
    goes_with_engine, period_option, periods, table_check,
};
pub(super) use self::table::{ROW_END, ROW_START, is_text};
pub(super) use self::value::{ON_UPDATE, call as now_call, fraction};
use super::{MAX_IDENTIFIER, Mysql};
use crate::dialect::{Normalize, Refusal, lacking};
use crate::ident::{Name, Qualified};
use crate::ir::{Enum, Schema, Table, Tables};

impl Normalize for Mysql {
    fn normalize(&self, schema: &mut Schema) -> Result<(), Vec<Refusal>> {
        let mut refusals = Refusals::default();
        refuse_namespaces(schema, &mut refusals);
        let enums = std::mem::take(&mut schema.enums);
        for (name, e) in &enums {
            refuse_values(name, e, &mut refusals);
        }
        schema.tables = std::mem::take(&mut schema.tables)
            .into_values()
            .map(|mut table| {
                lacking::refuse(&mut table, "MySQL", &mut refusals.0);
                (table.name.clone(), table::normalize(table, &enums, &mut refusals))
            })
            .collect();
        for table in schema.tables.values() {
            refuse_long_names(table, &mut refusals);
        }
        refuse_shared_names(&schema.tables, &mut refusals);
        refusals.finish()
    }
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

const NO_SCHEMAS: &str = "a schema there is a database of its own: leave it out, or put it in front of the table's name (`billing_invoices`)";

fn refuse_namespaces(schema: &mut Schema, refusals: &mut Refusals) {
    let used = schema.tables.keys().chain(schema.enums.keys());
    for name in used.filter(|name| name.schema.is_some()) {
        refusals.add(
            name,
            None,
            "MySQL has no named schemas inside of a database",
            NO_SCHEMAS,
        );
    }
    // A namespace that nothing lives in says nothing.
    schema.namespaces.clear();
}

/// Two values that differ in case or in spaces at their end are one value to the collations that columns have by default.
fn refuse_values(name: &Qualified, e: &Enum, refusals: &mut Refusals) {
    if e.values.is_empty() {
        refusals.add(name, None, "an enum without values", "MySQL needs at least one value");
    }
    let folded = |value: &str| value.trim_end_matches(' ').to_lowercase();
    for (at, value) in e.values.iter().enumerate() {
        let twin = e.values[..at].iter().find(|other| folded(other) == folded(value));
        if let Some(twin) = twin {
            let message = format!("MySQL takes the value `{value}` for `{twin}`");
            refusals.add(
                name,
                None,
                message,
                "letter case and spaces at the end do not tell values apart: rename one",
            );
        }
        if value.ends_with(' ') {
            let message = format!("MySQL takes the spaces from the end of the value `{value}`");
            refusals.add(name, None, message, "leave them out");
        }
    }
}

fn refuse_long_names(table: &Table, refusals: &mut Refusals) {
    let own = std::iter::once(&table.name.name);
    let parts = table.columns.iter().map(|column| &column.name);
    let parts = parts
        .chain(table.uniques.keys())
        .chain(table.foreign_keys.keys())
        .chain(table.checks.keys())
        .chain(table.indexes.keys());
    for name in own.chain(parts) {
        let length = name.as_str().chars().count();
        let message = match length > MAX_IDENTIFIER {
            true => format!("the name `{name}` has {length} characters, MySQL allows {MAX_IDENTIFIER}"),
            false if name.as_str().ends_with(' ') => {
                format!("the name `{name}` ends with a space, which MySQL refuses")
            }
            false => continue,
        };
        refusals.add(&table.name, None, message, "choose another one by `name = \"…\"`");
    }
}

/// The names of foreign keys share one space in the whole database.
fn refuse_shared_names(tables: &Tables, refusals: &mut Refusals) {
    let mut seen: BTreeMap<String, &Qualified> = BTreeMap::new();
    for table in tables.values() {
        for key in table.foreign_keys.keys() {
            if let Some(other) = seen.insert(key.as_str().to_lowercase(), &table.name) {
                refusals.add(
                    &table.name,
                    Some(key),
                    format!("`{other}` has a foreign key of that name, too"),
                    "a foreign key's name is unique in the whole database there: give it another one",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests;
