//! Names that pass from a thing of one kind to one of another: an enum goes and a view of its name comes.
//!
//! What tables say goes when none says it any more, and what takes its name comes behind that. Where one table leaves the old one
//! and gets the new one, it does so in two steps.

use std::collections::BTreeSet;

use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Identity, ObjectId, ObjectKind, Table};
use crate::plan::order::Kinds;
use crate::plan::order::names::types::as_object;
use crate::plan::order::parts::is_key;

/// Lets an enum go as an object where its name passes to something else: as such it goes as soon as nothing is of it.
pub(super) fn take(kinds: &mut Kinds, dialect: &dyn Dialect) {
    if kinds.drop_enums.is_empty() {
        return;
    }
    let made = kinds.objects.iter().filter_map(made);
    let mut taken = made.cloned().collect::<BTreeSet<_>>();
    taken.extend(kinds.create_tables.iter().map(|table| table.name.clone()));
    taken.extend(counters(kinds, dialect));
    for change in std::mem::take(&mut kinds.drop_enums) {
        let object = match &change {
            Change::DropEnum(e) if taken.contains(&e.name) => as_object(e, dialect).map(|object| (&e.name, object)),
            _ => None,
        };
        match object {
            Some((name, object)) => kinds.objects.push(Change::DropObject {
                id: ObjectId::new(ObjectKind::Type, name.clone()),
                object,
            }),
            None => kinds.drop_enums.push(change),
        }
    }
}

/// The name of a new relation, type or index.
fn made(change: &Change) -> Option<&Qualified> {
    match change {
        Change::CreateObject { id, .. } if id.kind.shares_names() => Some(&id.name),
        _ => None,
    }
}

/// The names of the counters that come, to new tables and to those that are there.
fn counters(kinds: &Kinds, dialect: &dyn Dialect) -> Vec<Qualified> {
    let new = kinds.create_tables.iter().flat_map(|table| {
        let names = table
            .columns
            .iter()
            .filter_map(|column| counter_of(table, column, dialect));
        names.collect::<Vec<_>>()
    });
    new.chain(kinds.alter.iter().flat_map(|change| coming_counters(change, dialect)))
        .collect()
}

/// The name of the sequence that a column counts by.
pub(in crate::plan::order) fn counter_of(table: &Table, column: &Column, dialect: &dyn Dialect) -> Option<Qualified> {
    let ColumnValue::Identity(_, counter) = &column.value else {
        return None;
    };
    let own = counter.as_ref().and_then(|counter| counter.name.clone());
    own.or_else(|| dialect.counter_name(&table.name, &column.name))
}

/// Whether a column that counts before and after goes on by the same sequence: that of an identity is a part of the column.
fn goes_on(was: &Column, is: &Column) -> bool {
    let is_serial = |column: &Column| matches!(column.value, ColumnValue::Identity(Identity::Serial, _));
    is_serial(was) == is_serial(is)
}

/// The names of the counters that columns of a table get by an alteration.
pub(in crate::plan::order) fn coming_counters(change: &Change, dialect: &dyn Dialect) -> Vec<Qualified> {
    let Change::AlterTable { from, to, changes } = change else {
        return Vec::new();
    };
    let names = changes.iter().filter_map(|change| match change {
        TableChange::AddColumn(column) => counter_of(to, column, dialect),
        TableChange::AlterColumn { from: was, to: is } => {
            let old = counter_of(from, was, dialect).filter(|_| goes_on(was, is));
            counter_of(to, is, dialect).filter(|name| Some(name) != old.as_ref())
        }
        _ => None,
    });
    names.collect()
}

/// The names of the counters that columns of a table have no more behind a change.
pub(in crate::plan::order) fn going_counters(change: &Change, dialect: &dyn Dialect) -> Vec<Qualified> {
    match change {
        Change::DropTable(table) => {
            let names = table
                .columns
                .iter()
                .filter_map(|column| counter_of(table, column, dialect));
            names.collect()
        }
        Change::AlterTable { from, to, changes } => {
            let names = changes.iter().filter_map(|change| match change {
                TableChange::DropColumn(column) => counter_of(from, column, dialect),
                TableChange::AlterColumn { from: was, to: is } => {
                    let new = counter_of(to, is, dialect).filter(|_| goes_on(was, is));
                    counter_of(from, was, dialect).filter(|name| Some(name) != new.as_ref())
                }
                _ => None,
            });
            names.collect()
        }
        _ => Vec::new(),
    }
}

/// The names that alterations give to counters and to keys, which no table that goes may have any more.
pub(in crate::plan::order) fn wanted_by_alterations(kinds: &Kinds, dialect: &dyn Dialect) -> BTreeSet<Qualified> {
    let keys = kinds.alter.iter().flat_map(|change| {
        let (table, changes) = match change {
            Change::AlterTable { to, changes, .. } => (&to.name, changes.as_slice()),
            _ => return Vec::new(),
        };
        let names = changes.iter().filter_map(added_key);
        names.map(|name| table.sibling(name.clone())).collect()
    });
    let counters = kinds.alter.iter().flat_map(|change| coming_counters(change, dialect));
    keys.chain(counters).collect()
}

fn added_key(change: &TableChange) -> Option<&Name> {
    match change {
        TableChange::AddPart(part) if is_key(part) => Some(part.name()),
        _ => None,
    }
}

/// The names that no index may have any more when alterations begin: those of counters, and of what tables may say.
pub(in crate::plan::order) fn wanted_early(kinds: &Kinds, dialect: &dyn Dialect) -> BTreeSet<Qualified> {
    let objects = kinds.objects.iter().filter_map(|change| match change {
        Change::CreateObject { id, .. } if matches!(id.kind, ObjectKind::Sequence | ObjectKind::Type) => {
            Some(id.name.clone())
        }
        _ => None,
    });
    let counters = kinds.alter.iter().flat_map(|change| coming_counters(change, dialect));
    objects.chain(counters).collect()
}

/// The types and sequences that go and whose names something takes that the chain makes, or an object that comes.
pub(in crate::plan::order) fn names(
    objects: &[Change],
    chain: &[Change],
    dialect: &dyn Dialect,
) -> BTreeSet<Qualified> {
    let going = objects.iter().filter_map(|change| match change {
        Change::DropObject { id, .. }
            if matches!(id.kind, ObjectKind::Type | ObjectKind::Domain | ObjectKind::Sequence) =>
        {
            Some(&id.name)
        }
        _ => None,
    });
    let mut going = going.cloned().collect::<BTreeSet<_>>();
    if going.is_empty() {
        return going;
    }
    let mut taken = objects.iter().filter_map(made).cloned().collect::<BTreeSet<_>>();
    for change in chain {
        match change {
            Change::CreateTable(table) => drop(taken.insert(table.name.clone())),
            Change::CreateEnum(e) => drop(taken.insert(e.name.clone())),
            Change::AlterTable { to, changes, .. } => {
                taken.extend(coming_counters(change, dialect));
                let indexes = changes.iter().filter_map(|change| match change {
                    TableChange::AddPart(Part::Index(index)) => Some(&index.name),
                    other => added_key(other),
                });
                taken.extend(indexes.map(|name| to.name.sibling(name.clone())));
            }
            _ => {}
        }
    }
    going.retain(|name| taken.contains(name));
    going
}
