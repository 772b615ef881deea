//! Enum types.

use std::collections::{BTreeMap, BTreeSet};

use super::column::{push_actions, push_all};
use super::create::part_comment;
use super::{comment, define, mention, recomment};
use crate::dialect::EmitError;
use crate::dialect::postgres::syntax::{ident, literal, qualified};
use crate::dialect::postgres::types::ddl;
use crate::dialect::postgres::{MAX_IDENTIFIER, expr};
use crate::diff::Part;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Enum, Expr, ForeignKey, SqlType, Table};
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
    users: &[(&Table, &Column)],
    mentioned: &BTreeSet<String>,
    out: &mut Steps,
) -> Result<(), EmitError> {
    let name = qualified(&to.name);
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
        Some(added) if users.iter().any(|(table, column)| is_bound(table, &column.name, users)) => {
            for (value, place) in added {
                let sql = format!("ALTER TYPE {name} ADD VALUE {}{place}", literal(value));
                out.push_outside(sql, Some("a new value can be used behind the transaction that adds it"));
            }
            recomment("TYPE", &name, from.comment.as_deref(), to.comment.as_deref(), out);
        }
        _ => {
            if let Some((table, column)) = users.iter().find(|(table, column)| spreads(table, &column.name)) {
                return Err(EmitError {
                    object: to.name.to_string(),
                    message: format!(
                        "its values cannot be removed or moved while `{}` is partitioned by `{}`, whose type PostgreSQL cannot \
                         change; add values only, or make a table under another name, copy the rows and rename it",
                        table.name, column.name
                    ),
                });
            }
            Rebuild { to, renamed, users }.push(out);
        }
    }
    Ok(())
}

/// Whether the type of a column cannot change, or not alone: rows are spread by it, or a foreign key points from or to it.
fn is_bound(table: &Table, column: &Name, users: &[(&Table, &Column)]) -> bool {
    let points = table.foreign_keys.values().any(|key| key.columns.contains(column));
    let all = users.iter().flat_map(|(table, _)| table.foreign_keys.values());
    let mut to_it = all.filter(|key| key.references == table.name);
    spreads(table, column) || points || to_it.any(|key| key.referenced.contains(column))
}

fn spreads(table: &Table, column: &Name) -> bool {
    table
        .partition_by
        .as_deref()
        .is_some_and(|key| mention::says(key, column))
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

/// The type under its name again with other values, and every column moved over: PostgreSQL can neither remove a value nor
/// move one.
struct Rebuild<'a> {
    to: &'a Enum,
    renamed: &'a BTreeMap<String, String>,
    users: &'a [(&'a Table, &'a Column)],
}

impl Rebuild<'_> {
    fn push(&self, out: &mut Steps) {
        let old = self.old_name();
        let tables = self.tables();
        let keys = foreign_keys(&tables);
        for (table, key) in &keys {
            let drop = format!("DROP CONSTRAINT {}", ident(&key.name));
            push_actions(&table.name, &[drop], out);
        }
        for (table, columns) in &tables {
            self.push_aside(table, columns, out);
        }
        out.push(format!(
            "ALTER TYPE {} RENAME TO {}",
            qualified(&self.to.name),
            ident(&old)
        ));
        create(self.to, out);
        for (table, columns) in &tables {
            let actions: Vec<String> = columns.iter().flat_map(|column| self.convert(table, column)).collect();
            push_actions(&table.name, &actions, out);
        }
        for (table, columns) in &tables {
            self.push_back(table, columns, out);
        }
        for (table, key) in &keys {
            push_actions(&table.name, &[format!("ADD {}", define::foreign_key(key))], out);
            part_comment(table, &Part::ForeignKey((*key).clone()), None, out);
        }
        out.push(format!("DROP TYPE {}", qualified(&self.to.name.sibling(old))));
        comment("TYPE", &qualified(&self.to.name), self.to.comment.as_deref(), out);
    }

    /// The tables with their columns of the type, each after those it is a part of.
    fn tables(&self) -> Vec<(&Table, Vec<&Column>)> {
        let mut tables: Vec<(&Table, Vec<&Column>)> = Vec::new();
        for (table, column) in self.users {
            match tables.last_mut().filter(|(last, _)| last.name == table.name) {
                Some((_, columns)) => columns.push(column),
                None => tables.push((table, vec![column])),
            }
        }
        tables.sort_by_key(|(table, _)| self.depth(table));
        tables
    }

    fn depth(&self, table: &Table) -> usize {
        let above = self.above(table).map(|above| self.depth(above) + 1);
        above.max().unwrap_or(0)
    }

    /// The tables with columns of the type that this one is a part of.
    fn above<'t>(&'t self, table: &'t Table) -> impl Iterator<Item = &'t Table> {
        let names: BTreeSet<&Qualified> = table.parents().collect();
        let mut found: Vec<&Table> = self.users.iter().map(|(table, _)| *table).collect();
        found.retain(|other| names.contains(&other.name));
        found.dedup_by(|a, b| a.name == b.name);
        found.into_iter()
    }

    /// Whether a column comes from a table above, whose statements reach it.
    fn is_from_above(&self, table: &Table, column: &Name) -> bool {
        self.above(table).any(|above| above.column(column).is_some())
    }

    fn old_name(&self) -> Name {
        const SUFFIX: &str = "__kick_old";
        let mut head = self.to.name.name.as_str();
        while head.len() + SUFFIX.len() > MAX_IDENTIFIER {
            let end = head.char_indices().next_back().map_or(0, |(at, _)| at);
            head = &head[..end];
        }
        Name::new(format!("{head}{SUFFIX}")).expect("a suffix is a name")
    }

    /// What compares a column with a value of the type holds on to the old type, so it steps aside.
    fn push_aside(&self, table: &Table, columns: &[&Column], out: &mut Steps) {
        let checks = dependents(columns, |column| {
            mention::checks_on(table, column).map(|check| &check.name).collect()
        });
        let computed = dependents(columns, |column| {
            mention::generated_from(table, column)
                .map(|other| &other.name)
                .collect()
        });
        for index in self.indexes(table, columns, &computed) {
            // What is a part of another index goes with that.
            if table.indexes.get(index).is_some_and(|index| index.part_of.is_none()) {
                out.push(format!("DROP INDEX {}", qualified(&table.name.sibling(index.clone()))));
            }
        }
        let checks = checks.iter().map(|name| match self.is_given(table, name) {
            true => format!("DROP CONSTRAINT IF EXISTS {}", ident(name)),
            false => format!("DROP CONSTRAINT {}", ident(name)),
        });
        let own = columns.iter().filter(|column| self.is_from_above(table, &column.name));
        let own = own.filter(|column| matches!(column.value, ColumnValue::Default(_)));
        let defaults = own.map(|column| format!("ALTER COLUMN {} DROP DEFAULT", ident(&column.name)));
        let computed = computed.iter().filter(|name| !self.is_from_above(table, name));
        let columns = computed.map(|name| format!("DROP COLUMN {}", ident(name)));
        push_actions(
            &table.name,
            &checks.chain(defaults).chain(columns).collect::<Vec<_>>(),
            out,
        );
    }

    /// Whether a table above gives the check to this one.
    fn is_given(&self, table: &Table, check: &Name) -> bool {
        self.above(table)
            .any(|above| above.checks.get(check).is_some_and(|check| check.inherited))
    }

    fn push_back(&self, table: &Table, columns: &[&Column], out: &mut Steps) {
        let checks = dependents(columns, |column| {
            mention::checks_on(table, column).map(|check| &check.name).collect()
        });
        let computed = dependents(columns, |column| {
            mention::generated_from(table, column)
                .map(|other| &other.name)
                .collect()
        });
        let mut actions = Vec::new();
        for name in computed.iter().filter(|name| !self.is_from_above(table, name)) {
            if let Some(column) = table.column(name) {
                let column = Column {
                    value: self.value_renamed(&column.value),
                    ..column.clone()
                };
                actions.push(format!("ADD COLUMN {}", super::column::define(&table.name, &column)));
            }
        }
        let checks = checks.iter().filter(|name| !self.is_given(table, name));
        for check in checks.filter_map(|name| table.checks.get(*name)) {
            let mut check = check.clone();
            check.expr = self.expr_renamed(&check.expr);
            actions.push(format!("ADD {}", define::check(&check)));
        }
        push_actions(&table.name, &actions, out);
        let mut statements = Vec::new();
        for index in self.indexes(table, columns, &computed) {
            if let Some(index) = table.indexes.get(index) {
                let mut index = index.clone();
                index.predicate = index.predicate.as_ref().map(|predicate| self.expr_renamed(predicate));
                statements.push((define::index(table, &index), None));
                if let (Some(place), Some(above)) = (&table.partition, &index.part_of) {
                    statements.push((define::attach(table, &index.name, place, above), None));
                }
            }
        }
        push_all(statements, out);
    }

    fn indexes<'t>(&self, table: &'t Table, columns: &[&Column], computed: &BTreeSet<&Name>) -> Vec<&'t Name> {
        let hit = |index: &&crate::ir::Index| {
            columns
                .iter()
                .any(|column| mention::index_computes(index, &column.name))
                || computed.iter().any(|column| mention::index_uses(index, column))
        };
        table.indexes.values().filter(hit).map(|index| &index.name).collect()
    }

    /// The default goes before and comes back after, where its value is still there.
    fn convert(&self, table: &Table, column: &Column) -> Vec<String> {
        let name = ident(&column.name);
        if self.is_from_above(table, &column.name) {
            return match &column.value {
                ColumnValue::Default(default) => self.default(column, default).into_iter().collect(),
                _ => vec![format!("ALTER COLUMN {name} DROP DEFAULT")],
            };
        }
        let ty = ddl(&column.ty);
        let text = if matches!(column.ty, SqlType::Array(_)) {
            "text[]"
        } else {
            "text"
        };
        let change = format!("ALTER COLUMN {name} TYPE {ty} USING {name}::{text}::{ty}");
        let ColumnValue::Default(default) = &column.value else {
            return vec![change];
        };
        let mut actions = vec![format!("ALTER COLUMN {name} DROP DEFAULT"), change];
        actions.extend(self.default(column, default));
        actions
    }

    /// The default again, where its value is still there.
    fn default(&self, column: &Column, default: &Expr) -> Option<String> {
        let default = self.expr_renamed(default);
        let gone = matches!(&default, Expr::Text(value) if !self.to.values.contains(value));
        let kept = !gone || matches!(column.ty, SqlType::Array(_));
        let set = || {
            format!(
                "ALTER COLUMN {} SET DEFAULT {}",
                ident(&column.name),
                expr::operand(&default)
            )
        };
        kept.then(set)
    }

    fn value_renamed(&self, value: &ColumnValue) -> ColumnValue {
        match value {
            ColumnValue::Generated { expr, stored } => ColumnValue::Generated {
                expr: self.expr_renamed(expr),
                stored: *stored,
            },
            other => other.clone(),
        }
    }

    /// The expression with the new names of values. It belongs to a table as it is before, whose values are renamed by now.
    fn expr_renamed(&self, expr: &Expr) -> Expr {
        match expr {
            Expr::Text(value) => Expr::Text(self.renamed.get(value).unwrap_or(value).clone()),
            Expr::Sql(sql) => {
                let mut sql = sql.clone();
                for (from, to) in self.renamed {
                    sql = sql.replace(&literal(from), &literal(to));
                }
                Expr::Sql(sql)
            }
            other => other.clone(),
        }
    }
}

/// The foreign keys on columns of the type: both ends are of one type, and there is no moment at which both could change.
fn foreign_keys<'a>(tables: &[(&'a Table, Vec<&'a Column>)]) -> Vec<(&'a Table, &'a ForeignKey)> {
    let of = |(table, columns): &(&'a Table, Vec<&'a Column>)| {
        let table: &'a Table = table;
        let hit = |key: &&'a ForeignKey| columns.iter().any(|column| key.columns.contains(&column.name));
        let keys: Vec<_> = table
            .foreign_keys
            .values()
            .filter(hit)
            .map(|key| (table, key))
            .collect();
        keys
    };
    tables.iter().flat_map(of).collect()
}

fn dependents<'a>(columns: &[&'a Column], of: impl Fn(&'a Name) -> Vec<&'a Name>) -> BTreeSet<&'a Name> {
    columns.iter().flat_map(|column| of(&column.name)).collect()
}
