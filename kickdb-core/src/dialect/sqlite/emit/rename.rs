//! Columns that take another name.

use crate::dialect::sqlite::expr::{self, Scope, same};
use crate::dialect::sqlite::options;
use crate::dialect::sqlite::token::quoted_name;
use crate::diff::TableChange;
use crate::ident::Name;
use crate::ir::{ColumnValue, Expr, IndexKey, Table};
use crate::plan::Steps;

/// Renames columns by `ALTER TABLE`, which also carries the new name into indexes, checks, triggers, views and the foreign
/// keys of other tables; a rebuild would not. Gives the table as it is afterwards.
pub(super) fn columns(from: &Table, changes: &[TableChange], out: &mut Steps) -> Table {
    let mut pending: Vec<(Name, Name)> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::RenameColumn { from, to } if from != to => Some((from.clone(), to.clone())),
            _ => None,
        })
        .collect();
    let mut table = from.clone();
    let mut statements = Vec::new();
    while !pending.is_empty() {
        let free = pending
            .iter()
            .position(|(old, new)| same(old.as_str(), new.as_str()) || holder(&table, new).is_none());
        let (old, new) = match free {
            Some(at) => pending.remove(at),
            None => step_aside(&table, &mut pending),
        };
        statements.push(format!(
            "ALTER TABLE {} RENAME COLUMN {} TO {}",
            quoted_name(table.name.name.as_str()),
            quoted_name(old.as_str()),
            quoted_name(new.as_str())
        ));
        table = renamed(&table, &old, &new);
    }
    passing_over(statements, out);
    table
}

/// Renames beside views and triggers. A broken one would stop each, whatever it says, unless the schema is writable: then it
/// is passed over (`sqlite3WritableSchema` in SQLite's alter.c).
pub(super) fn passing_over(renames: Vec<String>, out: &mut Steps) {
    let broken = out.beside_doubtful() && !renames.is_empty();
    if broken {
        out.push_noted(
            "PRAGMA writable_schema = ON",
            "A view or trigger that is broken for long does not stop the rename",
        );
    }
    renames.into_iter().for_each(|rename| out.push(rename));
    if broken {
        out.push("PRAGMA writable_schema = OFF");
    }
}

/// Names go round in a circle, or the wanted name belongs to a column that is dropped later: the holder gets another one.
fn step_aside(table: &Table, pending: &mut [(Name, Name)]) -> (Name, Name) {
    let wanted = &pending[0].1;
    let old = holder(table, wanted).unwrap_or(wanted).clone();
    let new = aside(&old);
    for (from, _) in pending.iter_mut().filter(|(from, _)| *from == old) {
        *from = new.clone();
    }
    (old, new)
}

fn holder<'a>(table: &'a Table, name: &Name) -> Option<&'a Name> {
    table
        .columns
        .iter()
        .map(|column| &column.name)
        .find(|other| same(other.as_str(), name.as_str()))
}

fn aside(name: &Name) -> Name {
    Name::new(format!("kick_old_{name}"))
        .expect("longer than a name, so not empty, and without a NUL byte as the name is")
}

/// The table with one column under another name, everywhere in it.
fn renamed(table: &Table, old: &Name, new: &Name) -> Table {
    let columns: Vec<Name> = table.columns.iter().map(|column| column.name.clone()).collect();
    let scope = Scope {
        table: &table.name.name,
        columns: &columns,
    };
    let swap = |name: &Name| if name == old { new.clone() } else { name.clone() };
    let swap_all = |names: &mut Vec<Name>| names.iter_mut().for_each(|name| *name = swap(name));
    let rewrite = |value: &mut Expr| {
        if let Expr::Sql(sql) = value {
            *sql = expr::rename(sql, scope, swap);
        }
    };
    let mut to = table.clone();
    for column in &mut to.columns {
        column.name = swap(&column.name);
        if let ColumnValue::Generated { expr, .. } = &mut column.value {
            rewrite(expr);
        }
    }
    if let Some(key) = &mut to.primary_key {
        swap_all(&mut key.columns);
    }
    to.uniques.values_mut().for_each(|unique| swap_all(&mut unique.columns));
    for key in to.foreign_keys.values_mut() {
        swap_all(&mut key.columns);
        if key.references == table.name {
            swap_all(&mut key.referenced);
        }
    }
    to.checks.values_mut().for_each(|check| rewrite(&mut check.expr));
    for index in to.indexes.values_mut() {
        index.predicate.iter_mut().for_each(rewrite);
        for part in &mut index.parts {
            match &mut part.key {
                IndexKey::Column(name) => *name = swap(name),
                IndexKey::Expr(value) => rewrite(value),
            }
        }
    }
    for (name, value) in &mut to.options {
        if options::is_key(name) {
            *value = expr::rename(value, scope, swap);
        }
    }
    to
}
