//! Which constraint was broken: SQLite names the columns of a unique one, and nothing of a foreign key.

use crate::dialect::Catalog as _;
use crate::error::Violation;
use crate::ident::Name;
use crate::ir::{Action, ForeignKey, Schema, Table};

use super::Sqlite;

/// The query whose answer [`explain`] takes.
pub(in crate::dialect) fn catalog_query() -> &'static str {
    Sqlite.catalog_queries()[0]
}

/// Fills in what the catalog tells of a violation by this statement, where it tells it for sure.
pub(in crate::dialect) fn explain(violation: &mut Violation, sql: &str, catalog: String) {
    let Ok(schema) = Sqlite.read_catalog(&[catalog]) else {
        return;
    };
    match violation.kind {
        "unique" => name_unique(violation, &schema),
        "foreign key" => name_foreign_key(violation, sql, &schema),
        _ => {
            violation.table = violation
                .table
                .take()
                .or_else(|| written_table(sql).map(|(_, table)| table))
        }
    }
}

fn name_unique(violation: &mut Violation, schema: &Schema) {
    let Some(table) = violation.table.as_deref().and_then(|name| find(schema, name)) else {
        return;
    };
    let same = |columns: &[Name]| {
        columns
            .iter()
            .map(Name::as_str)
            .eq(violation.columns.iter().map(String::as_str))
    };
    let key = table
        .primary_key
        .iter()
        .find(|key| same(&key.columns))
        .map(|key| &key.name);
    let unique = || {
        table
            .uniques
            .values()
            .find(|unique| same(&unique.columns))
            .map(|unique| &unique.name)
    };
    let index = || {
        let mut unique = table.indexes.values().filter(|index| index.unique);
        let found = unique.find(|index| {
            let columns = index.parts.iter().map(|part| match &part.key {
                crate::ir::IndexKey::Column(name) => Some(name.as_str()),
                crate::ir::IndexKey::Expr(_) => None,
            });
            columns.eq(violation.columns.iter().map(|name| Some(name.as_str())))
        });
        found.map(|index| &index.name)
    };
    let name = key.or_else(unique).or_else(index).map(ToString::to_string);
    violation.constraint = violation.constraint.take().or(name);
}

/// Where more than one foreign key can be the broken one, none is named.
fn name_foreign_key(violation: &mut Violation, sql: &str, schema: &Schema) {
    let Some((verb, written)) = written_table(sql) else {
        return;
    };
    let own = schema
        .tables
        .values()
        .filter(|table| verb != "DELETE" && table.name.name == *written);
    let own = own.flat_map(|table| table.foreign_keys.values().map(move |key| (table, key)));
    let pointing = schema.tables.values().filter(|_| verb != "INSERT");
    let pointing = pointing.flat_map(|table| table.foreign_keys.values().map(move |key| (table, key)));
    let pointing = pointing.filter(|(_, key)| key.references.name == *written && refuses(key, verb));
    let candidates: Vec<(&Table, &ForeignKey)> = own.chain(pointing).collect();
    if let [(table, key)] = candidates[..] {
        violation.table = Some(table.name.name.to_string());
        violation.constraint = Some(key.name.to_string());
        violation.columns = key.columns.iter().map(ToString::to_string).collect();
    } else if verb != "DELETE" {
        violation.table = Some(written);
    }
}

fn refuses(key: &ForeignKey, verb: &str) -> bool {
    let action = if verb == "DELETE" { key.on_delete } else { key.on_update };
    matches!(action, Action::NoAction | Action::Restrict)
}

fn find<'s>(schema: &'s Schema, name: &str) -> Option<&'s Table> {
    schema.tables.values().find(|table| table.name.name == *name)
}

/// What a statement of ours does to which table.
fn written_table(sql: &str) -> Option<(&'static str, String)> {
    let (verb, rest) = [
        ("INSERT", "INSERT INTO \""),
        ("UPDATE", "UPDATE \""),
        ("DELETE", "DELETE FROM \""),
    ]
    .into_iter()
    .find_map(|(verb, start)| sql.strip_prefix(start).map(|rest| (verb, rest)))?;
    let mut name = String::new();
    let mut characters = rest.chars();
    loop {
        match characters.next()? {
            '"' if characters.as_str().starts_with('"') => {
                characters.next();
                name.push('"');
            }
            '"' => return Some((verb, name)),
            other => name.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_is_written() {
        let table = |sql| written_table(sql);
        assert_eq!(
            table("UPDATE \"a\"\"b\" SET x = 1"),
            Some(("UPDATE", "a\"b".to_owned()))
        );
        assert_eq!(table("DELETE FROM \"t\""), Some(("DELETE", "t".to_owned())));
        assert_eq!(table("PRAGMA x"), None);
        assert_eq!(table("INSERT INTO \"t"), None);
    }
}
