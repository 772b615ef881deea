//! Defaults that draw from the counter of another table, as those of partitions do.
//!
//! A counter comes and goes with its table: what draws from it comes later, and goes before.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::parts::adds_part;
use super::{Kinds, piece};
use crate::dialect::Dialect;
use crate::diff::{Change, TableChange};
use crate::ident::Qualified;
use crate::ir::{Column, ColumnValue, Expr, Identity, Schema, Table};

/// What is done before new tables are made, and what after.
pub(super) struct Later<'a> {
    /// The schema at the end, without the defaults that come later.
    pub(super) before: Cow<'a, Schema>,
    /// Those defaults.
    pub(super) after: Vec<Change>,
}

/// Takes out of the alterations the defaults that draw from counters of new tables.
pub(super) fn postpone<'a>(kinds: &mut Kinds, to: &'a Schema, dialect: &dyn Dialect) -> Later<'a> {
    let new = kinds.create_tables.iter().flat_map(|table| counters(table, dialect));
    let new = new.collect::<Vec<_>>();
    let mut later = Later {
        before: Cow::Borrowed(to),
        after: Vec::new(),
    };
    if new.is_empty() {
        return later;
    }
    for change in &mut kinds.alter {
        let Change::AlterTable { to: table, changes, .. } = change else {
            continue;
        };
        let mut waits = Vec::new();
        let alone = !changes.iter().any(adds_part);
        changes.retain_mut(|change| match change {
            TableChange::AlterColumn { from, to } if from.value != to.value && draws(to, &new, dialect) => {
                let (plain, end) = (without(to), to.clone());
                *to = plain.clone();
                waits.push(TableChange::AlterColumn { from: plain, to: end });
                from != to
            }
            TableChange::AddColumn(column) if alone && draws(column, &new, dialect) => {
                waits.push(change.clone());
                false
            }
            _ => true,
        });
        if waits.is_empty() {
            continue;
        }
        let schema = later.before.to_mut();
        if let Some(mut table) = schema.tables.get(&table.name).cloned() {
            for change in &waits {
                match change {
                    TableChange::AddColumn(column) => table.columns.retain(|other| other.name != column.name),
                    TableChange::AlterColumn { from, .. } => {
                        let own = table.columns.iter_mut().filter(|other| other.name == from.name);
                        own.for_each(|own| *own = from.clone());
                    }
                    _ => {}
                }
            }
            schema.tables.insert(table.name.clone(), table);
        }
        later.after.push(piece(&table.name, waits));
    }
    later
}

/// What takes from tables that have left others the defaults that draw from the counters of those.
pub(super) fn let_go(left: &[Change], middle: &Schema, to: &Schema, dialect: &dyn Dialect) -> Vec<Change> {
    let names = left.iter().filter_map(|change| match change {
        Change::AlterTable { to, .. } => Some(&to.name),
        _ => None,
    });
    let names = names.collect::<BTreeSet<_>>();
    let pieces = names.into_iter().filter_map(|name| {
        let table = middle.tables.get(name)?;
        let end = to.tables.get(name);
        let above = table.parents().filter_map(|parent| middle.tables.get(parent));
        let counters = above.flat_map(|above| counters(above, dialect)).collect::<Vec<_>>();
        // A column that takes the counter over goes on drawing from it.
        let takes_over = |after: &Column| match &after.value {
            ColumnValue::Identity(Identity::Serial, Some(counter)) => {
                counter.name.as_ref().is_some_and(|name| counters.contains(name))
            }
            _ => false,
        };
        let goes = |column: &&Column| {
            let after = end.and_then(|end| end.column(&column.name));
            draws(column, &counters, dialect)
                && after.is_none_or(|after| after.value != column.value && !takes_over(after))
        };
        let changes = table
            .columns
            .iter()
            .filter(goes)
            .map(|column| TableChange::AlterColumn {
                from: column.clone(),
                to: without(column),
            });
        let changes = changes.collect::<Vec<_>>();
        (!changes.is_empty()).then(|| piece(name, changes))
    });
    pieces.collect()
}

pub(super) fn without(column: &Column) -> Column {
    Column {
        value: ColumnValue::Required,
        ..column.clone()
    }
}

/// The names of the counters of a table's serial columns.
fn counters(table: &Table, dialect: &dyn Dialect) -> impl Iterator<Item = Qualified> {
    let names = table.columns.iter().filter_map(|column| match &column.value {
        ColumnValue::Identity(Identity::Serial, counter) => {
            let own = counter.as_ref().and_then(|counter| counter.name.clone());
            own.or_else(|| dialect.counter_name(&table.name, &column.name))
        }
        _ => None,
    });
    names.collect::<Vec<_>>().into_iter()
}

/// Whether the default of the column draws from one of the counters.
pub(super) fn draws(column: &Column, counters: &[Qualified], dialect: &dyn Dialect) -> bool {
    let ColumnValue::Default(Expr::Sql(sql)) = &column.value else {
        return false;
    };
    if counters.is_empty() {
        return false;
    }
    let said = dialect.said(sql);
    counters.iter().any(|counter| said.says(counter))
}
