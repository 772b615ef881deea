//! Publications: what they give changes where they are, since subscribers know them by name.

use std::collections::BTreeSet;

use super::DEFAULT_SCHEMA;
use super::define::named;
use super::facets;
use super::uses::{is_toggled, part_disturbs};
use crate::dialect::head::Head;
use crate::dialect::postgres::options;
use crate::dialect::postgres::syntax::{bare, qualified};
use crate::diff::{Change, TableChange};
use crate::ident::Name;
use crate::ir::{Object, ObjectId, ObjectKind, Schema, Table};
use crate::lex::{Kind, Lexis, Said, tokens};
use crate::plan::Steps;

/// Before the name of a table.
const TABLE: &str = "table ";
/// Before the name of a schema.
const SCHEMA: &str = "schema ";
/// What `WITH (…)` says.
const PARAMETERS: [(&str, &str); 3] = [
    ("publish", "insert, update, delete, truncate"),
    ("publish_via_partition_root", "false"),
    ("publish_generated_columns", "none"),
];

pub(super) fn create(object: &Object, out: &mut Steps) {
    let mut sql = object.sql.trim_end().to_owned();
    let members = members(object);
    if !members.is_empty() {
        sql.push_str(&format!(" FOR {}", members.join(", ")));
    }
    let told = PARAMETERS.iter().filter_map(|(name, usual)| {
        let value = facets::get(object, name).filter(|value| value != usual)?;
        Some(assignment(name, value))
    });
    let told = told.collect::<Vec<_>>();
    if !told.is_empty() {
        sql.push_str(&format!(" WITH ({})", told.join(", ")));
    }
    out.push(sql);
}

pub(super) fn alter(id: &ObjectId, from: &Object, to: &Object, state: &Schema, out: &mut Steps) {
    let mut act = |action: String| out.push(format!("ALTER PUBLICATION {} {action}", named(id)));
    let (before, after) = (members(from), members(to));
    match after.is_empty() {
        _ if before == after => {}
        // There is no empty list to set.
        true => {
            for (name, _) in facets::starting(from, TABLE) {
                let there = state.tables.keys().find(|table| shown(table) == name);
                if let Some(table) = there {
                    act(format!("DROP TABLE {}", qualified(table)));
                }
            }
            for (name, _) in facets::starting(from, SCHEMA) {
                act(format!("DROP TABLES IN SCHEMA {name}"));
            }
        }
        false => act(format!("SET {}", after.join(", "))),
    }
    let told = PARAMETERS.iter().filter_map(|(name, usual)| {
        let value = |object| facets::get(object, name).unwrap_or(usual);
        (value(from) != value(to)).then(|| assignment(name, value(to)))
    });
    let told = told.collect::<Vec<_>>();
    if !told.is_empty() {
        act(format!("SET ({})", told.join(", ")));
    }
}

fn assignment(name: &str, value: &str) -> String {
    format!("{name} = '{value}'")
}

/// Tables with their columns and rows, then schemas.
fn members(object: &Object) -> Vec<&str> {
    let tables = facets::starting(object, TABLE);
    let all = tables.chain(facets::starting(object, SCHEMA));
    all.map(|(_, text)| text).collect()
}

/// A table as the catalog shows it.
fn shown(table: &crate::ident::Qualified) -> String {
    let schema = table
        .schema
        .as_ref()
        .map(|schema| format!("{}.", bare(schema.as_str())));
    format!("{}{}", schema.unwrap_or_default(), bare(table.name.as_str()))
}

/// A publication gives what it gave, under new names.
pub(super) fn follows(object: &Object, rename: &Change) -> Option<Object> {
    let mut new = object.clone();
    match rename {
        Change::RenameTable { from, to } => {
            let text = new.facets.remove(&format!("{TABLE}{}", shown(from)))?;
            let rest = text.strip_prefix(&format!("TABLE {}", shown(from)))?;
            let text = format!("TABLE {}{rest}", shown(to));
            new.facets.insert(format!("{TABLE}{}", shown(to)), text);
        }
        Change::AlterTable { to, changes, .. } => {
            let text = new.facets.get_mut(&format!("{TABLE}{}", shown(&to.name)))?;
            let head = format!("TABLE {}", shown(&to.name));
            for change in changes {
                if let (TableChange::RenameColumn { from, to }, Some(rest)) = (change, text.strip_prefix(&head)) {
                    *text = format!("{head}{}", said_anew(rest, from, to));
                }
            }
        }
        _ => return None,
    }
    Some(new)
}

/// The columns and the condition of a table with the new name of a column.
fn said_anew(text: &str, from: &Name, to: &Name) -> String {
    let words = tokens(text, Lexis::POSTGRES).map(|token| match token.kind {
        Kind::Word | Kind::Quoted if token.text == bare(from.as_str()) => bare(to.as_str()),
        _ => token.text.to_owned(),
    });
    words.collect()
}

/// The publication without the tables that it would be in the way of.
pub(super) fn without(object: &Object, change: &Change) -> Option<Object> {
    let in_the_way = |text: &str| {
        let said = Said::of(text, Lexis::POSTGRES, DEFAULT_SCHEMA);
        match change {
            Change::DropTable(table) => said.says(&table.name),
            Change::Repartition { from, .. } => from.iter().any(|table| said.says(&table.name)),
            Change::AlterTable { to, changes, .. } => {
                said.says(&to.name)
                    && changes
                        .iter()
                        .any(|change| part_disturbs(change, &said) || is_toggled(change))
            }
            _ => false,
        }
    };
    let mut without = object.clone();
    without
        .facets
        .retain(|name, text| !name.starts_with(TABLE) || !in_the_way(text));
    (without.facets.len() != object.facets.len()).then_some(without)
}

/// Whether subscribers are given the updates of a table: `None` where they are not, and otherwise whether a condition says of
/// which rows.
pub(in crate::dialect::postgres) fn gives_updates(table: &Table, state: &Schema) -> Option<bool> {
    if table.options.contains_key(options::UNLOGGED) {
        return None;
    }
    let mut tables = vec![table];
    while let Some(place) = tables.last().and_then(|table| table.partition.as_ref()) {
        let Some(above) = state.tables.get(&place.of) else {
            break;
        };
        tables.push(above);
    }
    let names = tables.iter().map(|table| format!("{TABLE}{}", shown(&table.name)));
    let names = names.collect::<BTreeSet<_>>();
    let schemas = tables.iter().map(|table| match &table.name.schema {
        Some(schema) => format!("{SCHEMA}{}", bare(schema.as_str())),
        None => format!("{SCHEMA}{DEFAULT_SCHEMA}"),
    });
    let schemas = schemas.collect::<BTreeSet<_>>();
    let publications = state
        .objects
        .iter()
        .filter(|(id, _)| id.kind == ObjectKind::Publication);
    let mut found = None;
    for (_, object) in publications {
        let publish = facets::get(object, PARAMETERS[0].0).unwrap_or(PARAMETERS[0].1);
        if !publish.split(',').any(|word| word.trim() == "update") {
            continue;
        }
        let all = object.sql.trim_end().ends_with("FOR ALL TABLES");
        let mut own = object
            .facets
            .iter()
            .filter(|(name, _)| names.contains(*name))
            .peekable();
        if all || own.peek().is_some() || object.facets.keys().any(|name| schemas.contains(name)) {
            let filtered = own.any(|(_, text)| text.contains(" WHERE "));
            found = Some(filtered || found == Some(true));
        }
    }
    found
}

/// Reads what follows the name of a publication.
pub(super) fn read(head: &mut Head<'_>, object: &mut Object) -> Result<String, String> {
    let mut kept = String::new();
    object.facets.insert("publish".to_owned(), PARAMETERS[0].1.to_owned());
    if head.eat("for all tables") {
        kept.push_str(" FOR ALL TABLES");
    } else if head.eat("for") {
        let mut of_schemas = false;
        loop {
            if head.eat("tables in schema") {
                of_schemas = true;
            } else if head.eat("table") {
                of_schemas = false;
            }
            if of_schemas {
                let name = head.name().ok_or("the name of a schema is missing")?;
                let name = bare(name.name.as_str());
                object
                    .facets
                    .insert(format!("{SCHEMA}{name}"), format!("TABLES IN SCHEMA {name}"));
            } else {
                head.eat("only");
                let table = super::read::local(head.name().ok_or("the name of a table is missing")?);
                head.eat("*");
                let name = shown(&table);
                let mut text = format!("TABLE {name}");
                let start = head.at;
                if head.list().is_some() {
                    text.push_str(&format!(" {}", super::read::cut(head, start, head.at)));
                }
                if head.eat("where") {
                    let start = head.at;
                    head.list().ok_or("the condition of a table is missing")?;
                    text.push_str(&format!(" WHERE {}", super::read::cut(head, start, head.at)));
                }
                object.facets.insert(format!("{TABLE}{name}"), text);
            }
            if !head.eat(",") {
                break;
            }
        }
    }
    if head.eat("with") {
        for parameter in head.list().ok_or("the parameters are missing")? {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, "true"));
            let (name, value) = (
                name.trim().to_lowercase(),
                value.trim().trim_matches('\'').to_lowercase(),
            );
            let usual = PARAMETERS.iter().find(|(known, _)| *known == name);
            let (_, usual) = usual.ok_or_else(|| format!("the parameter `{name}` is not known"))?;
            if value != *usual {
                object.facets.insert(name, value);
            }
        }
    }
    match head.rest() {
        "" => Ok(kept),
        rest => Err(format!("`{rest}` was not expected")),
    }
}
