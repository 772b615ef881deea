//! Enum types.

use std::collections::{BTreeMap, BTreeSet};

use super::recomment;
use super::remake::{Remake, Root};
use super::repartition::spreads;
use crate::dialect::EmitError;
use crate::dialect::postgres::objects::is_of;
use crate::dialect::postgres::syntax::{literal, qualified};
use crate::diff::Change;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, Enum, Schema, Table};
use crate::plan::Steps;

pub(super) fn create(e: &Enum, out: &mut Steps) {
    let values: Vec<String> = e.values.iter().map(|value| literal(value)).collect();
    let name = qualified(&e.name);
    out.push(format!("CREATE TYPE {name} AS ENUM ({})", values.join(", ")));
}

pub(super) fn alter(
    from: &Enum,
    to: &Enum,
    renamed: &BTreeMap<String, String>,
    mentioned: &BTreeSet<String>,
    (state, later): (&Schema, &[Change]),
    out: &mut Steps,
) -> Result<(), EmitError> {
    let name = qualified(&to.name);
    let users = users(&to.name, state);
    rename_values(&name, &from.values, renamed, out);
    let now: Vec<String> = from
        .values
        .iter()
        .map(|value| renamed.get(value).unwrap_or(value).clone())
        .collect();
    match additions(&now, &to.values) {
        // A value that was just added cannot be used in the same transaction; one of a type that was just made can.
        Some(added) if !is_made_again(from, to, renamed, mentioned) => {
            for (value, place) in added {
                out.push(format!("ALTER TYPE {name} ADD VALUE {}{place}", literal(value)));
            }
            recomment("TYPE", &name, from.comment.as_deref(), to.comment.as_deref(), out);
        }
        Some(added)
            if users
                .iter()
                .any(|(table, column)| is_bound(table, &column.name, &users)) =>
        {
            for (value, place) in added {
                let sql = format!("ALTER TYPE {name} ADD VALUE {}{place}", literal(value));
                out.push_outside(sql, Some("a new value can be used behind the transaction that adds it"));
            }
            recomment("TYPE", &name, from.comment.as_deref(), to.comment.as_deref(), out);
        }
        _ => {
            Remake::of(Root::Enum(to), renamed, state, later).push(out)?;
        }
    }
    Ok(())
}

/// The columns of the type, or of arrays of it.
fn users<'a>(name: &'a Qualified, state: &'a Schema) -> Vec<(&'a Table, &'a Column)> {
    let tables = state.tables.saying(name);
    let all = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    all.filter(|(_, column)| is_of(&column.ty, name)).collect()
}

/// Whether the type of a column cannot change, or not alone: rows are spread by it, or a foreign key points from or to it.
fn is_bound(table: &Table, column: &Name, users: &[(&Table, &Column)]) -> bool {
    let points = table.foreign_keys.values().any(|key| key.columns.contains(column));
    let all = users.iter().flat_map(|(table, _)| table.foreign_keys.values());
    let mut to_it = all.filter(|key| key.references == table.name);
    spreads(table, column) || points || to_it.any(|key| key.referenced.contains(column))
}

/// Whether an enum cannot only be added to, so that it is made again.
pub(in crate::dialect::postgres) fn is_made_again(
    from: &Enum,
    to: &Enum,
    renamed: &BTreeMap<String, String>,
    mentioned: &BTreeSet<String>,
) -> bool {
    let now = from
        .values
        .iter()
        .map(|value| renamed.get(value).unwrap_or(value).clone());
    match additions(&now.collect::<Vec<_>>(), &to.values) {
        Some(added) => added.iter().any(|(value, _)| mentioned.contains(*value)),
        None => true,
    }
}

/// Through names of no value where a new name is still another value's old one.
fn rename_values(name: &str, values: &[String], renamed: &BTreeMap<String, String>, out: &mut Steps) {
    let renamed: BTreeMap<&String, &String> = renamed.iter().filter(|(from, to)| from != to).collect();
    let crossing = renamed.values().any(|to| values.contains(to));
    let mut step = |from: &str, to: &str| {
        out.push(format!(
            "ALTER TYPE {name} RENAME VALUE {} TO {}",
            literal(from),
            literal(to)
        ));
    };
    let middle = |from: &str| {
        let mut text = format!("{from}__kick");
        while values.contains(&text) {
            text.push('_');
        }
        text
    };
    if crossing {
        for from in renamed.keys() {
            step(from, &middle(from));
        }
    }
    for (from, to) in &renamed {
        match crossing {
            true => step(&middle(from), to),
            false => step(from, to),
        }
    }
}

/// The values to add, each with its place, where adding is all there is to do.
fn additions<'a>(from: &[String], to: &'a [String]) -> Option<Vec<(&'a String, String)>> {
    let mut rest = from.iter().peekable();
    let mut added = Vec::new();
    for (at, value) in to.iter().enumerate() {
        if rest.next_if_eq(&value).is_some() {
            continue;
        }
        let place = match (rest.peek(), at.checked_sub(1).and_then(|before| to.get(before))) {
            (None, _) => String::new(),
            (Some(_), Some(before)) => format!(" AFTER {}", literal(before)),
            (Some(next), None) => format!(" BEFORE {}", literal(next)),
        };
        added.push((value, place));
    }
    rest.next().is_none().then_some(added)
}
