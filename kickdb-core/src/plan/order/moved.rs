//! Indexes whose names pass from one table to another.

use std::collections::{BTreeMap, BTreeSet};

use super::Kinds;
use crate::diff::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::Table;

/// Names of indexes (with their schema, whose namespace they share) that one table loses and another one gains. Where all share
/// one namespace, those behind constraints are among them.
pub(super) fn moved_indexes(kinds: &Kinds, shared: bool) -> BTreeSet<Qualified> {
    let mut lost = BTreeMap::new();
    let mut gained = BTreeSet::new();
    for change in &kinds.alter {
        let Change::AlterTable { to, changes, .. } = change else {
            continue;
        };
        for change in changes {
            match change {
                TableChange::DropIndex(index) => {
                    lost.insert(to.name.sibling(index.name.clone()), &to.name);
                }
                TableChange::AddIndex(index) => {
                    gained.insert((to.name.sibling(index.name.clone()), &to.name));
                }
                TableChange::RenameIndex { to: name, .. } => {
                    gained.insert((to.name.sibling(name.clone()), &to.name));
                }
                change if shared => {
                    lost.extend(dropped_key(change).map(|name| (to.name.sibling(name.clone()), &to.name)));
                    gained.extend(added_key(change).map(|name| (to.name.sibling(name.clone()), &to.name)));
                }
                _ => {}
            }
        }
    }
    for table in &kinds.drop_tables {
        let keys = keys_of(table).filter(|_| shared);
        let keys = keys.filter_map(|change| dropped_key(&change).cloned());
        let names = table.indexes.keys().cloned().chain(keys);
        lost.extend(names.map(|name| (table.name.sibling(name), &table.name)));
    }
    // An index that moves to a table that is made later needs no help: its old table is altered or dropped before.
    gained
        .into_iter()
        .filter(|(index, table)| lost.get(index).is_some_and(|owner| owner != table))
        .map(|(index, _)| index)
        .collect()
}

/// A constraint with an index behind it that goes.
pub(super) fn dropped_key(change: &TableChange) -> Option<&Name> {
    match change {
        TableChange::DropPrimaryKey(key) => Some(&key.name),
        TableChange::DropUnique(unique) => Some(&unique.name),
        TableChange::DropExclusion(exclusion) => Some(&exclusion.name),
        _ => None,
    }
}

/// The removal of each constraint with an index behind it.
pub(super) fn keys_of(table: &Table) -> impl Iterator<Item = TableChange> {
    let primary = table.primary_key.iter().cloned().map(TableChange::DropPrimaryKey);
    let uniques = table.uniques.values().cloned().map(TableChange::DropUnique);
    let exclusions = table.exclusions.values().cloned().map(TableChange::DropExclusion);
    primary.chain(uniques).chain(exclusions)
}

/// A constraint with an index behind it that comes.
fn added_key(change: &TableChange) -> Option<&Name> {
    match change {
        TableChange::AddPrimaryKey(key) => Some(&key.name),
        TableChange::AddUnique(unique) => Some(&unique.name),
        TableChange::AddExclusion(exclusion) => Some(&exclusion.name),
        _ => None,
    }
}
