//! Names that PostgreSQL would cut, or that are taken.

use std::collections::{BTreeMap, BTreeSet};

use super::refusal;
use crate::dialect::Refusal;
use crate::dialect::postgres::MAX_IDENTIFIER;
use crate::dialect::postgres::builtin::{self, is_own_type};
use crate::dialect::postgres::types::element;
use crate::ident::{Name, Qualified};
use crate::ir::{ColumnValue, ObjectId, ObjectKind, Schema, SqlType, Table};

pub(super) fn check(schema: &Schema, refusals: &mut Vec<Refusal>) {
    for name in &schema.namespaces {
        length(&Qualified::local(name.clone()), None, name, "schema", refusals);
    }
    for e in schema.enums.values() {
        length(&e.name, None, &e.name.name, "enum", refusals);
        if e.name.schema.is_none() && is_own_type(&e.name.name) {
            let message = "PostgreSQL itself has a type of this name, and would take that one";
            let help = "give the enum another name, or put it into a named schema";
            refusals.push(refusal(&e.name, None, message, help));
        }
        // Each table is a type, too, of which a row is a value.
        if schema.tables.contains_key(&e.name) {
            let message = "a table has this name, and with it PostgreSQL has a type of the name for its rows";
            refusals.push(refusal(
                &e.name,
                None,
                message,
                "give the enum or the table another name",
            ));
        }
    }
    for id in schema.objects.keys().filter(|id| id.name.schema.is_none()) {
        let is_named_alone = matches!(id.kind, ObjectKind::Domain | ObjectKind::Type | ObjectKind::Collation);
        if is_named_alone && builtin::has(id.kind, &id.name.name) {
            let kind = id.kind.title();
            let message = format!("PostgreSQL itself has a {kind} of this name, and would take that one");
            let help = format!("give the {kind} another name, or put it into a named schema");
            refusals.push(refusal(&id.name, None, &message, &help));
        }
    }
    for table in schema.tables.values() {
        lengths(table, refusals);
        constraints(table, refusals);
        columns(table, refusals);
        rows_of_others(table, schema, refusals);
    }
    shared(schema, refusals);
}

/// The server cuts a longer name without an error, and two names may then be one.
fn length(object: &Qualified, part: Option<&Name>, name: &Name, kind: &str, refusals: &mut Vec<Refusal>) {
    let bytes = name.as_str().len();
    if bytes > MAX_IDENTIFIER {
        let message = format!("the name of this {kind} has {bytes} bytes, PostgreSQL keeps {MAX_IDENTIFIER}");
        refusals.push(refusal(object, part, message, "give it a shorter name"));
    }
}

fn lengths(table: &Table, refusals: &mut Vec<Refusal>) {
    length(&table.name, None, &table.name.name, "table", refusals);
    let columns = table.columns.iter().map(|column| (&column.name, "column"));
    let keys = table.primary_key.iter().map(|key| (&key.name, "primary key"));
    let uniques = table.uniques.keys().map(|name| (name, "unique constraint"));
    let foreign = table.foreign_keys.keys().map(|name| (name, "foreign key"));
    let checks = table.checks.keys().map(|name| (name, "check"));
    let exclusions = table.exclusions.keys().map(|name| (name, "exclusion constraint"));
    let indexes = table.indexes.keys().map(|name| (name, "index"));
    let counters = table.columns.iter().filter_map(|column| match &column.value {
        ColumnValue::Identity(_, Some(counter)) => Some((&counter.name.as_ref()?.name, "sequence")),
        _ => None,
    });
    for (name, kind) in columns
        .chain(counters)
        .chain(keys)
        .chain(uniques)
        .chain(foreign)
        .chain(checks)
        .chain(exclusions)
        .chain(indexes)
    {
        length(&table.name, Some(name), name, kind, refusals);
    }
}

/// Constraints of all kinds share one set of names within their table.
fn constraints(table: &Table, refusals: &mut Vec<Refusal>) {
    let key = table.primary_key.iter().map(|key| (&key.name, "a primary key"));
    let uniques = table.uniques.keys().map(|name| (name, "a unique constraint"));
    let foreign = table.foreign_keys.keys().map(|name| (name, "a foreign key"));
    let checks = table.checks.keys().map(|name| (name, "a check"));
    let exclusions = table.exclusions.keys().map(|name| (name, "an exclusion constraint"));
    let mut taken: BTreeMap<&Name, &str> = BTreeMap::new();
    for (name, kind) in key.chain(uniques).chain(foreign).chain(checks).chain(exclusions) {
        if let Some(other) = taken.insert(name, kind) {
            let message = format!("{other} and {kind} of this table have the same name");
            refusals.push(refusal(
                &table.name,
                Some(name),
                message,
                "give one of them another name",
            ));
        }
    }
}

fn columns(table: &Table, refusals: &mut Vec<Refusal>) {
    /// Every table has these (PostgreSQL's manual, 5.6).
    const SYSTEM: &[&str] = &["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];
    for column in &table.columns {
        if SYSTEM.contains(&column.name.as_str()) {
            let message = "every table of PostgreSQL has a system column of this name";
            refusals.push(refusal(
                &table.name,
                Some(&column.name),
                message,
                "give the column another name",
            ));
        }
    }
}

/// Each table and view is a type, too, of which a row is a value. An enum, a domain or a type of such a name is refused itself.
fn rows_of_others(table: &Table, schema: &Schema, refusals: &mut Vec<Refusal>) {
    for column in &table.columns {
        let SqlType::Enum(of) = element(&column.ty) else {
            continue;
        };
        let is_refused = schema.enums.contains_key(of)
            || [ObjectKind::Domain, ObjectKind::Type]
                .into_iter()
                .any(|kind| schema.objects.contains_key(&ObjectId::new(kind, of.clone())));
        if of.schema.is_none() && is_own_type(&of.name) && !is_refused {
            let message = format!("it holds rows of `{of}`, and PostgreSQL would take its own type of this name");
            let help = format!("give `{of}` another name, or put it into a named schema");
            refusals.push(refusal(&table.name, Some(&column.name), &message, &help));
        }
    }
}

/// Tables, indexes, the indexes behind keys and sequences share one set of names within their schema.
fn shared(schema: &Schema, refusals: &mut Vec<Refusal>) {
    let mut taken: BTreeMap<Qualified, (&Qualified, &str)> = BTreeMap::new();
    for table in schema.tables.values() {
        for (name, kind) in of_table(table) {
            let bare = name.name.clone();
            if let Some((other, what)) = taken.insert(name, (&table.name, kind)) {
                let message = format!("the name of this {kind} is already that of a {what} of `{other}`");
                let help = "tables and indexes of a schema share one set of names in PostgreSQL; give it another one";
                refusals.push(refusal(&table.name, Some(&bare), message, help));
            }
        }
    }
}

/// The names that are taken in the set that tables, indexes, sequences and views share.
pub(super) fn relations(schema: &Schema) -> BTreeSet<Qualified> {
    let tables = schema.tables.values().flat_map(of_table).map(|(name, _)| name);
    let objects = schema.objects.keys().filter(|id| {
        matches!(
            id.kind,
            ObjectKind::Sequence | ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Index
        )
    });
    tables.chain(objects.map(|id| id.name.clone())).collect()
}

fn of_table(table: &Table) -> impl Iterator<Item = (Qualified, &'static str)> {
    let here = std::iter::once((&table.name.name, "table"));
    let key = table.primary_key.iter().map(|key| (&key.name, "primary key"));
    let uniques = table.uniques.keys().map(|name| (name, "unique constraint"));
    let exclusions = table.exclusions.keys().map(|name| (name, "exclusion constraint"));
    let indexes = table.indexes.keys().map(|name| (name, "index"));
    let own = here.chain(key).chain(uniques).chain(exclusions).chain(indexes);
    let own = own.map(|(name, kind)| (table.name.sibling(name.clone()), kind));
    let counters = table.columns.iter().filter_map(|column| match &column.value {
        ColumnValue::Identity(_, Some(counter)) => counter.name.clone(),
        _ => None,
    });
    own.chain(counters.map(|name| (name, "sequence")))
}
