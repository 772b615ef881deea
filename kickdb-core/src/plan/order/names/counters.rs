//! Counters whose name another one takes, or a sequence of nobody's: they wait under a spare name until they get their own.
//!
//! Each counter gets its name with its column, and by then the one that had that name must be out of its way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Cleared;
use crate::dialect::Dialect;
use crate::diff::{Change, TableChange, apply};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Identity, ObjectKind, Schema, Table};
use crate::plan::order::borrowed::draws;

/// `None` where no counter is in the way.
pub(super) fn uncross(from: &Schema, changes: &[Change], dialect: &dyn Dialect) -> Option<Cleared<'static>> {
    // The name that each counter has, and the one it gets if it stays.
    let next = next_names(from, changes);
    let renamed = next.iter().filter_map(|(name, next)| next.filter(|next| next != name));
    let mut wanted = renamed.collect::<BTreeSet<_>>();
    wanted.extend(changes.iter().flat_map(|change| coming(change, dialect)));
    let sequences = changes.iter().filter_map(|change| match change {
        Change::CreateObject { id, .. } if id.kind == ObjectKind::Sequence => Some(&id.name),
        _ => None,
    });
    // A counter that goes may become the sequence, unless it is a part of its column.
    let parts = parts(from);
    let in_its_way = |name: &&Qualified| next.get(name).is_some_and(Option::is_some) || parts.contains(name);
    wanted.extend(sequences.filter(in_its_way));
    // What a composite type is kept in has a name among those of sequences, before PostgreSQL 14 a sequence has one among those
    // of types, and tables may be of such a type at once.
    let types = changes.iter().filter_map(|change| match change {
        Change::CreateObject { id, .. } if matches!(id.kind, ObjectKind::Type | ObjectKind::Domain) => Some(&id.name),
        Change::CreateEnum(e) => Some(&e.name),
        _ => None,
    });
    wanted.extend(types);
    let in_the_way = next
        .iter()
        .filter(|(name, next)| wanted.contains(*name) && **next != Some(*name));
    let spares = in_the_way
        .enumerate()
        .map(|(at, (name, _))| ((*name).clone(), spare(name, at)));
    let spares = spares.collect::<BTreeMap<_, _>>();
    if spares.is_empty() {
        return None;
    }
    let tables = from.tables.values().filter_map(|table| step_aside(table, &spares));
    let first = tables.collect::<Vec<_>>();
    let mut rest = changes.to_vec();
    for change in &mut rest {
        retell(change, &spares);
    }
    let from = apply(&first, from);
    Some(Cleared::new(first, from, rest))
}

/// Like the spare names of tables and columns, and none of theirs.
fn spare(name: &Qualified, at: usize) -> Qualified {
    let spare = Name::new(format!("kick_spare_counter_{}", at + 1));
    name.sibling(spare.expect("it is neither empty nor holds a NUL"))
}

fn counter(column: &Column) -> Option<(Identity, &Qualified)> {
    match &column.value {
        ColumnValue::Identity(kind, Some(counter)) => Some((*kind, counter.name.as_ref()?)),
        _ => None,
    }
}

/// The counters of identities.
fn parts(schema: &Schema) -> BTreeSet<&Qualified> {
    let columns = schema.tables.values().flat_map(|table| &table.columns);
    let counters = columns.filter_map(counter);
    let parts = counters.filter(|(kind, _)| *kind != Identity::Serial);
    parts.map(|(_, name)| name).collect()
}

/// The counters that come to columns of tables that are there.
fn coming<'a>(change: &'a Change, dialect: &dyn Dialect) -> impl Iterator<Item = &'a Qualified> {
    let changes = match change {
        Change::AlterTable { changes, .. } => changes.as_slice(),
        _ => &[],
    };
    changes.iter().filter_map(move |change| match change {
        TableChange::AddColumn(column) => counter(column).map(|(_, name)| name),
        TableChange::AlterColumn { from, to } => {
            let (is, name) = counter(to)?;
            // What was the column's own under that name is in nobody's way.
            let is_own = |(was, old): (Identity, &Qualified)| stays(was, is) || old == name;
            // The column may draw from it already, as those of partitions do: then it takes it over.
            let is_taken_over = is == Identity::Serial && draws(from, std::slice::from_ref(name), dialect);
            (!is_taken_over && !counter(from).is_some_and(is_own)).then_some(name)
        }
        _ => None,
    })
}

/// A serial column draws from a sequence of its own; that of an identity is a part of the column.
fn stays(was: Identity, is: Identity) -> bool {
    (was == Identity::Serial) == (is == Identity::Serial)
}

/// The counters of tables that stay in their schema, each with the name it gets where its column goes on counting by it.
fn next_names<'a>(from: &'a Schema, changes: &'a [Change]) -> BTreeMap<&'a Qualified, Option<&'a Qualified>> {
    let moved = changes.iter().filter_map(|change| match change {
        Change::RenameTable { from, to } if from.schema != to.schema => Some(from),
        _ => None,
    });
    let moved = moved.collect::<BTreeSet<_>>();
    let tables = from.tables.values().filter(|table| !moved.contains(&table.name));
    let names = tables.flat_map(|table| table.columns.iter().filter_map(counter));
    let mut next = names.map(|(_, name)| (name, Some(name))).collect::<BTreeMap<_, _>>();
    let mut set = |name: &Qualified, new: Option<&'a Qualified>| {
        if let Some(next) = next.get_mut(name) {
            *next = new;
        }
    };
    for change in changes {
        match change {
            Change::DropTable(table) => {
                let gone = table.columns.iter().filter_map(counter);
                gone.for_each(|(_, name)| set(name, None));
            }
            Change::AlterTable { changes, .. } => {
                for change in changes {
                    match change {
                        TableChange::DropColumn(column) => {
                            counter(column).into_iter().for_each(|(_, name)| set(name, None));
                        }
                        TableChange::AlterColumn { from, to } => {
                            if let Some((was, name)) = counter(from) {
                                let new = counter(to).filter(|(is, _)| stays(was, *is));
                                set(name, new.map(|(_, name)| name));
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    next
}

/// Gives the counters of a table their spare names.
fn step_aside(table: &Table, spares: &BTreeMap<Qualified, Qualified>) -> Option<Change> {
    let mut changes = Vec::new();
    let mut to = table.clone();
    for (column, new) in table.columns.iter().zip(&mut to.columns) {
        if rename(new, spares) {
            changes.push(TableChange::AlterColumn {
                from: column.clone(),
                to: new.clone(),
            });
        }
    }
    (!changes.is_empty()).then(|| Change::AlterTable {
        from: Arc::new(table.clone()),
        to: Arc::new(to),
        changes,
    })
}

fn rename(column: &mut Column, spares: &BTreeMap<Qualified, Qualified>) -> bool {
    if let ColumnValue::Identity(_, Some(counter)) = &mut column.value
        && let Some(name) = &mut counter.name
        && let Some(spare) = spares.get(name)
    {
        name.clone_from(spare);
        return true;
    }
    false
}

/// Lets a change start from the spare names.
fn retell(change: &mut Change, spares: &BTreeMap<Qualified, Qualified>) {
    let all = |table: &mut Arc<Table>| {
        for column in &mut Arc::make_mut(table).columns {
            rename(column, spares);
        }
    };
    match change {
        Change::DropTable(table) => all(table),
        Change::AlterTable { from, changes, .. } => {
            all(from);
            for change in changes {
                if let TableChange::DropColumn(column) | TableChange::AlterColumn { from: column, .. } = change {
                    rename(column, spares);
                }
            }
        }
        _ => {}
    }
}
