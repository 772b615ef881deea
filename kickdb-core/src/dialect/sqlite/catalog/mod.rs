//! What a SQLite database says about itself.
//!
//! `sqlite_schema` keeps the text of each `CREATE` statement, and SQLite itself knows no other source: it reads these texts
//! when it opens the file. So they are read here, too; the pragmas tell less (no names of constraints, no checks, no
//! expressions of generated columns, no `AUTOINCREMENT`, nothing about deferral).

mod cursor;
mod index;
mod key;
mod table;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

pub(super) use self::key::key_columns;
pub(super) use self::written::{index_statement, table_statement};
use super::Sqlite;
use crate::dialect::{Catalog, CatalogError, Normalize};
use crate::ident::{Name, Qualified};
use crate::ir::{Schema, Table};

/// The tables and indexes that a statement made; an index that belongs to a constraint has no text.
const STATEMENTS: &str = "SELECT json_group_array(json_object('type', type, 'name', name, 'table', tbl_name, 'sql', sql)) \
     FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL \
     AND substr(lower(tbl_name), 1, 7) <> 'sqlite_' AND substr(tbl_name, 1, 5) <> 'kick_'";

/// Virtual tables, and the tables that they keep their content in.
const VIRTUAL: &str =
    "SELECT json_group_array(name) FROM pragma_table_list WHERE schema = 'main' AND type IN ('virtual', 'shadow')";

impl Catalog for Sqlite {
    fn catalog_queries(&self) -> &'static [&'static str] {
        &[STATEMENTS, VIRTUAL]
    }

    fn read_catalog(&self, answers: &[String]) -> Result<Schema, CatalogError> {
        let [statements, no_tables] = answers else {
            return Err(wrong(format!("2 answers were expected, {} came", answers.len())));
        };
        let statements: Vec<Statement> = json(statements)?;
        let no_tables: BTreeSet<String> = json(no_tables)?;
        let kept = |kind: &str| {
            statements
                .iter()
                .filter(|statement| statement.kind == kind && !no_tables.contains(&statement.table))
                .collect::<Vec<_>>()
        };
        let mut tables: BTreeMap<Qualified, table::Read> = BTreeMap::new();
        for statement in kept("table") {
            let mut read = table::read(&statement.name, &statement.sql).map_err(|why| statement.wrong(&why))?;
            read.table.written.table = Some(statement.sql.as_str().into());
            tables.insert(read.table.name.clone(), read);
        }
        for statement in kept("index") {
            let index = index::read(&statement.name, &statement.sql).map_err(|why| statement.wrong(&why))?;
            let table = Qualified::local(name(&statement.table)?);
            if let Some(read) = tables.get_mut(&table) {
                let written = &mut read.table.written.indexes;
                written.insert(index.name.clone(), statement.sql.as_str().into());
                read.table.indexes.insert(index.name.clone(), index);
            }
        }
        let mut schema = Schema {
            tables: link(tables),
            ..Schema::default()
        };
        Sqlite.normalize(&mut schema).map_err(|refusals| {
            let refusals: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            wrong(refusals.join("; "))
        })?;
        Ok(schema)
    }
}

#[derive(Deserialize)]
struct Statement {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    table: String,
    sql: String,
}

impl Statement {
    fn wrong(&self, why: &str) -> CatalogError {
        wrong(format!("the {} `{}`: {why}", self.kind, self.name))
    }
}

/// Gives each foreign key that names no columns those of the primary key it points to.
fn link(tables: BTreeMap<Qualified, table::Read>) -> BTreeMap<Qualified, Table> {
    let keys: BTreeMap<String, Vec<Name>> = tables
        .values()
        .filter_map(|read| {
            let key = read.table.primary_key.as_ref()?;
            Some((read.table.name.name.as_str().to_ascii_lowercase(), key.columns.clone()))
        })
        .collect();
    tables
        .into_iter()
        .map(|(name, read)| {
            let mut table = read.table;
            for key in table.foreign_keys.values_mut().filter(|key| key.referenced.is_empty()) {
                let target = key.references.name.as_str().to_ascii_lowercase();
                key.referenced = keys.get(&target).cloned().unwrap_or_default();
            }
            (name, table)
        })
        .collect()
}

fn json<'a, T: Deserialize<'a>>(answer: &'a str) -> Result<T, CatalogError> {
    serde_json::from_str(answer).map_err(|error| wrong(error.to_string()))
}

fn name(text: &str) -> Result<Name, CatalogError> {
    Name::new(text).map_err(|error| wrong(error.to_string()))
}

fn wrong(message: String) -> CatalogError {
    CatalogError { message }
}

#[cfg(test)]
mod tests;
