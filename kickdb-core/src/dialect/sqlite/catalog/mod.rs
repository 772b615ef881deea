//! What a SQLite database says about itself.
//!
//! `sqlite_schema` keeps the text of each `CREATE` statement, and SQLite itself knows no other source: it reads these texts
//! when it opens the file. So they are read here, too; the pragmas tell less (no names of constraints, no checks, no
//! expressions of generated columns, no `AUTOINCREMENT`, nothing about deferral).

mod cursor;
mod index;
mod key;
mod object;
mod table;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

#[cfg(feature = "sqlite")]
pub(super) use self::index::read as read_index;
pub(super) use self::key::key_columns;
pub(super) use self::object::read as read_object;
pub(super) use self::written::{has_comment, index_statement, says_itself, table_statement};
use super::Sqlite;
use super::emit::new_name;
use crate::dialect::{Catalog, CatalogError, Normalize};
use crate::ident::{Name, Qualified};
use crate::ir::{Schema, Table, Tables, Written};

/// Everything that a statement made, in the order in which it was made (an index that belongs to a constraint has no text),
/// the tables that virtual tables keep their content in, and names that tables would be made anew under. One query, so that nothing changes in between.
const CATALOG: &str = "SELECT json_object('statements', (SELECT json_group_array(json_object( \
     'type', type, 'name', name, 'table', tbl_name, 'sql', sql)) FROM (SELECT type, name, tbl_name, sql FROM sqlite_schema \
     WHERE sql IS NOT NULL AND substr(lower(tbl_name), 1, 7) <> 'sqlite_' AND substr(tbl_name, 1, 5) <> 'kick_' ORDER BY rowid)), \
     'shadows', (SELECT json_group_array(name) FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'), \
     'taken', (SELECT json_group_array(lower(name)) FROM sqlite_schema WHERE substr(lower(name), 1, 9) = 'kick_new_'))";

/// A virtual table's own tables go with it.
const UNREAD: &str = "SELECT CASE WHEN s.type = 'trigger' THEN 'trigger ' || s.name || ' on ' || coalesce( \
       (SELECT o.name FROM sqlite_schema o WHERE o.type IN ('table', 'view') AND lower(o.name) = lower(s.tbl_name)), s.tbl_name) \
     WHEN l.type = 'virtual' THEN 'virtual table ' || s.name ELSE s.type || ' ' || s.name END \
     FROM sqlite_schema s LEFT JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name \
     WHERE s.type <> 'index' AND l.type IS NOT 'shadow' AND substr(lower(s.name), 1, 7) <> 'sqlite_' \
     AND substr(s.tbl_name, 1, 5) <> 'kick_' ORDER BY 1";

impl Catalog for Sqlite {
    fn catalog_queries(&self) -> &'static [&'static str] {
        &[CATALOG]
    }

    fn unread_query(&self) -> &'static str {
        UNREAD
    }

    fn meet(&self, from: &mut Schema, to: &mut Schema, _: [&str; 2]) {
        let names: Vec<Qualified> = from.tables.keys().cloned().collect();
        for name in names {
            if let (Some(table), Some(other)) = (from.tables.get_mut(&name), to.tables.get_mut(&name)) {
                say_implied(table, other);
            }
        }
    }

    fn read_catalog(&self, answers: &[String]) -> Result<Schema, CatalogError> {
        let [answer] = answers else {
            return Err(wrong(format!("1 answer was expected, {} came", answers.len())));
        };
        let Answer {
            statements,
            shadows,
            taken,
        }: Answer = serde_json::from_str(answer).map_err(|error| wrong(error.to_string()))?;
        let mut tables: BTreeMap<Qualified, table::Read> = BTreeMap::new();
        let mut objects = BTreeMap::new();
        for statement in statements
            .iter()
            .filter(|statement| !shadows.contains(&statement.table))
        {
            match statement.kind.as_str() {
                "table" if !statement.is_virtual() => {
                    let mut read = table::read(&statement.name, &statement.sql).map_err(|why| statement.wrong(&why))?;
                    read.table.written.table = Some(statement.sql.as_str().into());
                    read.table.written.spare = spare(&statement.name, &taken);
                    tables.insert(read.table.name.clone(), read);
                }
                "index" => {
                    let index = index::read(&statement.name, &statement.sql).map_err(|why| statement.wrong(&why))?;
                    let table = Qualified::local(name(&statement.table)?);
                    if let Some(read) = tables.get_mut(&table) {
                        let written = &mut read.table.written.indexes;
                        written.insert(index.name.clone(), statement.sql.as_str().into());
                        read.table.indexes.insert(index.name.clone(), index);
                    }
                }
                _ => {
                    let (id, object) = object::read(&statement.sql).map_err(|why| statement.wrong(&why))?;
                    objects.insert(id, object);
                }
            }
        }
        let mut schema = Schema {
            tables: link(tables),
            objects,
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
struct Answer {
    statements: Vec<Statement>,
    shadows: BTreeSet<String>,
    #[serde(default)]
    taken: BTreeSet<String>,
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
    fn is_virtual(&self) -> bool {
        self.sql
            .get(..14)
            .is_some_and(|start| start.eq_ignore_ascii_case("CREATE VIRTUAL"))
    }

    fn wrong(&self, why: &str) -> CatalogError {
        wrong(format!("the {} `{}`: {why}", self.kind, self.name))
    }
}

/// The table that a `CREATE TABLE` statement says, by itself.
#[cfg(feature = "sqlite")]
pub(super) fn read_table(name: &str, sql: &str) -> Result<Table, String> {
    let table = table::read(name, sql)?.table;
    super::normalize::one(table).ok_or_else(|| format!("the table `{name}` has no normal form"))
}

/// Gives each foreign key that names no columns those of the primary key it points to.
fn link(tables: BTreeMap<Qualified, table::Read>) -> Tables {
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
                table.written.implied.insert(key.name.clone(), key.referenced.clone());
            }
            (name, table)
        })
        .collect()
}

/// Of two foreign keys only one of which says its columns, the other one means whatever the primary key is: it is said to
/// mean none, since it would mean others where that changes.
fn say_implied(from: &mut Table, to: &mut Table) {
    for (name, key) in &mut from.foreign_keys {
        let Some(other) = to.foreign_keys.get_mut(name) else {
            continue;
        };
        let implied = |written: &Written| written.implied.contains_key(name);
        match (implied(&from.written), implied(&to.written)) {
            (true, false) => key.referenced.clear(),
            (false, true) => other.referenced.clear(),
            _ => {}
        }
    }
}

/// The name that a table is made anew under: none where the usual one is free.
fn spare(table: &str, taken: &BTreeSet<String>) -> Option<Name> {
    let usual = new_name(table);
    let free = |name: &String| !taken.contains(&name.to_lowercase());
    if free(&usual) {
        return None;
    }
    let mut others = (1_usize..).map(|number| format!("{usual}_{number}"));
    others.find(free).and_then(|name| Name::new(name).ok())
}

fn name(text: &str) -> Result<Name, CatalogError> {
    Name::new(text).map_err(|error| wrong(error.to_string()))
}

fn wrong(message: String) -> CatalogError {
    CatalogError { message }
}

#[cfg(test)]
mod tests;
