//! Indexes whose names pass from one table to another.

use std::collections::{BTreeMap, BTreeSet};

use super::passed::wanted_early;
use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Schema, Table};
use crate::plan::order::Kinds;
use crate::plan::order::parts::{is_key, parts};

/// Names of indexes (with their schema, whose namespace they share) that one table loses and another one gains. Where all share
/// one namespace, those behind constraints are among them. `remade` are the tables that are made again, `ahead` the
/// new ones that come before others are altered.
pub(in crate::plan::order) fn moved_indexes(
    kinds: &Kinds,
    remade: &[Change],
    ahead: &BTreeSet<Qualified>,
    dialect: &dyn Dialect,
) -> BTreeSet<Qualified> {
    let shared = dialect.caps().shared_index_names;
    let mut lost = BTreeMap::new();
    let mut gained = BTreeSet::new();
    for change in &kinds.alter {
        let Change::AlterTable { to, changes, .. } = change else {
            continue;
        };
        for change in changes {
            match change {
                TableChange::DropPart(Part::Index(index)) => {
                    lost.insert(to.name.sibling(index.name.clone()), &to.name);
                }
                TableChange::AddPart(Part::Index(index)) => {
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
        let keys = keys.map(|key| key.name().clone());
        let names = table.indexes.keys().cloned().chain(keys);
        lost.extend(names.map(|name| (table.name.sibling(name), &table.name)));
    }
    let created = kinds.create_tables.iter().map(|table| &**table);
    let created = created.filter(|table| ahead.contains(&table.name));
    for table in remade.iter().flat_map(made).chain(created) {
        let keys = keys_of(table).map(|key| key.name().clone());
        let names = table.indexes.keys().cloned().chain(keys);
        gained.extend(names.map(|name| (table.name.sibling(name), &table.name)));
    }
    // An index that moves to a table that is made later needs no help: its old table is altered or dropped before.
    let moved = gained
        .into_iter()
        .filter(|(index, table)| lost.get(index).is_some_and(|owner| owner != table));
    let moved = moved.map(|(index, _)| index);
    let mut moved = moved.chain(above_remade(kinds, remade)).collect::<BTreeSet<_>>();
    if shared && !lost.is_empty() {
        let others = wanted_early(kinds, dialect).into_iter().chain(ahead.iter().cloned());
        moved.extend(others.filter(|name| lost.contains_key(name)));
    }
    moved
}

/// The tables as they are made again.
fn made(change: &Change) -> &[Table] {
    match change {
        Change::Repartition { to, .. } => to,
        _ => &[],
    }
}

/// What only one row may have, in a table of which a partition is made again: the new one could not have it where it is spread by
/// something else.
fn above_remade<'a>(kinds: &'a Kinds, remade: &'a [Change]) -> impl Iterator<Item = Qualified> + 'a {
    let places = remade
        .iter()
        .flat_map(made)
        .filter_map(|table| table.partition.as_ref());
    let above = places.map(|place| &place.of).collect::<BTreeSet<_>>();
    kinds.alter.iter().flat_map(move |change| {
        let (table, changes) = match change {
            Change::AlterTable { to, changes, .. } if above.contains(&to.name) => (&to.name, changes.as_slice()),
            Change::AlterTable { to, .. } => (&to.name, [].as_slice()),
            _ => return Vec::new(),
        };
        let gone = changes.iter().filter_map(|change| match change {
            TableChange::DropPart(Part::Index(index)) if index.unique => Some(&index.name),
            change => dropped_key(change),
        });
        gone.map(|name| table.sibling(name.clone())).collect()
    })
}

/// An index does not take the name of one that another table has so far: it goes and comes instead, like that one.
pub(in crate::plan::order) fn unpair(alter: &mut [Change], middle: &Schema, end: &Schema) {
    let renames = |change: &TableChange| {
        matches!(
            change,
            TableChange::RenameIndex { .. } | TableChange::RenameConstraint { .. }
        )
    };
    let any = |change: &Change| matches!(change, Change::AlterTable { changes, .. } if changes.iter().any(renames));
    if !alter.iter().any(any) {
        return;
    }
    let mut held = BTreeMap::<Qualified, &Qualified>::new();
    for table in middle.tables.values() {
        let keys = keys_of(table).map(|key| key.name().clone());
        for name in table.indexes.keys().cloned().chain(keys) {
            held.insert(table.name.sibling(name), &table.name);
        }
    }
    for change in alter {
        let Change::AlterTable { to: table, changes, .. } = change else {
            continue;
        };
        let (Some(before), Some(after)) = (middle.tables.get(&table.name), end.tables.get(&table.name)) else {
            continue;
        };
        let taken = |name: &Name| {
            held.get(&table.name.sibling(name.clone()))
                .is_some_and(|of| **of != table.name)
        };
        *changes = std::mem::take(changes)
            .into_iter()
            .flat_map(|change| match &change {
                TableChange::RenameIndex { from, to } | TableChange::RenameConstraint { from, to } if taken(to) => {
                    made_again(before, after, from, to).unwrap_or_else(|| vec![change])
                }
                _ => vec![change],
            })
            .collect();
    }
}

/// What stands for the rename of an index, or of a constraint with an index behind it; or that it goes and comes under its own.
pub(in crate::plan::order) fn made_again(
    before: &Table,
    after: &Table,
    from: &Name,
    to: &Name,
) -> Option<Vec<TableChange>> {
    let has_index = |part: &Part| is_key(part) || matches!(part, Part::Index(_));
    let mut old = parts(before).filter(|part| has_index(part) && part.name() == from);
    old.find_map(|old| {
        let new = parts(after).find(|new| new.is_like(&old) && new.name() == to)?;
        Some(vec![TableChange::DropPart(old), TableChange::AddPart(new)])
    })
}

/// A constraint with an index behind it that goes.
pub(in crate::plan::order) fn dropped_key(change: &TableChange) -> Option<&Name> {
    match change {
        TableChange::DropPart(part) if is_key(part) => Some(part.name()),
        _ => None,
    }
}

/// The constraints with an index behind them.
pub(in crate::plan::order) fn keys_of(table: &Table) -> impl Iterator<Item = Part> {
    let primary = table.primary_key.iter().cloned().map(Part::PrimaryKey);
    let uniques = table.uniques.values().cloned().map(Part::Unique);
    let exclusions = table.exclusions.values().cloned().map(Part::Exclusion);
    primary.chain(uniques).chain(exclusions)
}

/// A constraint with an index behind it that comes.
fn added_key(change: &TableChange) -> Option<&Name> {
    match change {
        TableChange::AddPart(part) if is_key(part) => Some(part.name()),
        _ => None,
    }
}
