//! Indexes and keys of partitioned tables of which not every partition has a part: the server makes one in each that joins.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Index, Schema, Table};
use crate::plan::order::names::indexes::keys_of;
use crate::plan::order::{Kinds, piece};

/// Takes such indexes out of what makes the tables, new or `remade`. Gives what makes them when all partitions have joined, and
/// what makes those of partitions a part of them. `now` is the schema before, `end` that at the end.
pub(super) fn postpone(kinds: &mut Kinds, remade: &mut Vec<Change>, (now, end): (&Schema, &Schema)) -> Vec<Change> {
    let again = remade.iter().filter_map(made_again).flatten();
    let made = kinds.create_tables.iter().map(|table| table.name.clone());
    let made = made.chain(again.map(|table| table.name.clone()));
    let made = made.collect::<BTreeSet<_>>();
    let altered = kinds.alter.iter().filter_map(|change| match change {
        Change::AlterTable { to, .. } => Some(&to.name),
        _ => None,
    });
    let names = made.iter().chain(altered).collect::<BTreeSet<_>>();
    let tables = names.into_iter().filter_map(|name| end.tables.get(name));
    let mut tables = tables.filter(|table| table.partition_by.is_some()).collect::<Vec<_>>();
    // Those above first: a part has something to be a part of.
    tables.sort_by_key(|table| depth(table, end));
    let mut later = Vec::new();
    for table in tables {
        for index in indexes_of(table).filter(|index| !is_everywhere(table, index.name(), end)) {
            let parts = partitions(table, end).filter_map(|below| Some((below, part_below(below, index.name())?)));
            let parts = parts.collect::<Vec<_>>();
            let add = piece(&table.name, vec![TableChange::AddPart(index.clone())]);
            if made.contains(&table.name) {
                if !parts.iter().all(|(below, _)| made.contains(&below.name)) {
                    continue;
                }
                if let Some((above, drop)) = ceases(table, &index, &made, (now, end))
                    && !remade.contains(&drop)
                {
                    dropped_with(kinds, &above, &drop);
                    remade.insert(0, drop);
                    later.extend(anew(&above, &index, &made, end));
                }
                with(kinds, remade, &table.name, |table| remove(table, &index));
                later.push(add);
                for (below, part) in parts {
                    // What is unfinished itself comes later, too, and as a part of this one.
                    if below.partition_by.is_some() && !is_everywhere(below, part.name(), end) {
                        continue;
                    }
                    let alone = alone(&part);
                    with(kinds, remade, &below.name, |below| set(below, alone.clone()));
                    later.push(piece(
                        &below.name,
                        vec![TableChange::AlterPart { from: alone, to: part }],
                    ));
                }
            } else if table.partition.is_none() && parts.is_empty() && is_joined(table, kinds, end) {
                let is_it = |change: &mut TableChange| matches!(change, TableChange::AddPart(part) if *part == index);
                let own = kinds.alter.iter_mut().find_map(|change| match change {
                    Change::AlterTable { to, changes, .. } if to.name == table.name => Some(changes),
                    _ => None,
                });
                let taken = own.map(|changes| changes.extract_if(.., is_it).count());
                later.extend(taken.filter(|taken| *taken > 0).map(|_| add));
            }
        }
    }
    later
}

/// The table above that stays, with an index of which this part will be unfinished, and what drops that one: it is finished so far,
/// and the server would make a part in the partition for it.
fn ceases(
    table: &Table,
    part: &Part,
    made: &BTreeSet<Qualified>,
    (now, end): (&Schema, &Schema),
) -> Option<(Qualified, Change)> {
    let above = &table.partition.as_ref().filter(|place| !made.contains(&place.of))?.of;
    let Part::Index(Index { part_of, .. }) = part else {
        return None;
    };
    let index = now.tables.get(above)?.indexes.get(part_of.as_ref()?)?;
    let stays = end.tables.get(above)?.indexes.contains_key(&index.name);
    // A tree of parts is not taken apart.
    let is_flat =
        partitions(end.tables.get(above)?, end).all(|below| made.contains(&below.name) || below.partition_by.is_none());
    let drop = TableChange::DropPart(Part::Index(index.clone()));
    (stays && is_flat && index.part_of.is_none()).then(|| (above.clone(), piece(above, vec![drop])))
}

/// Takes out of the alterations of the table what else drops the index and makes it again.
fn dropped_with(kinds: &mut Kinds, above: &Qualified, drop: &Change) {
    let Change::AlterTable { changes: drops, .. } = drop else {
        return;
    };
    for change in &mut kinds.alter {
        if let Change::AlterTable { to, changes, .. } = change
            && to.name == *above
        {
            let comes = |change: &TableChange| {
                let is_its = |drop: &TableChange| drop.part().map(Part::name) == change.part().map(Part::name);
                matches!(change, TableChange::AddPart(Part::Index(_))) && drops.iter().any(is_its)
            };
            changes.retain(|change| !drops.contains(change) && !comes(change));
        }
    }
}

/// The index above again, with those of its parts that went with it.
fn anew(above: &Qualified, part: &Part, made: &BTreeSet<Qualified>, end: &Schema) -> Vec<Change> {
    let mut again = Vec::new();
    let Part::Index(Index {
        part_of: Some(name), ..
    }) = part
    else {
        return again;
    };
    let add = |table: &Table, part: Part| piece(&table.name, vec![TableChange::AddPart(part)]);
    if let Some(table) = end.tables.get(above)
        && let Some(index) = table.indexes.get(name)
    {
        again.push(add(table, Part::Index(index.clone())));
        let stay = partitions(table, end).filter(|below| !made.contains(&below.name));
        again.extend(stay.filter_map(|below| Some(add(below, part_below(below, name)?))));
    }
    again
}

/// The schema before such indexes come.
pub(in crate::plan::order) fn before<'s>(unfinished: &[Change], end: Cow<'s, Schema>) -> Cow<'s, Schema> {
    if unfinished.is_empty() {
        return end;
    }
    let mut before = end.into_owned();
    for change in unfinished.iter().rev() {
        let Change::AlterTable { to, changes, .. } = change else {
            continue;
        };
        let Some(table) = before.tables.get_mut(&to.name) else {
            continue;
        };
        for change in changes {
            match change {
                TableChange::AddPart(part) => remove(table, part),
                TableChange::AlterPart { from, .. } => set(table, from.clone()),
                _ => {}
            }
        }
    }
    Cow::Owned(before)
}

/// How many tables are above it.
fn depth(table: &Table, schema: &Schema) -> usize {
    let above = |table: &&Table| schema.tables.get(&table.partition.as_ref()?.of);
    std::iter::successors(Some(table), above).count()
}

fn partitions<'a>(table: &'a Table, schema: &'a Schema) -> impl Iterator<Item = &'a Table> {
    let below = schema.tables.saying(&table.name);
    below.filter(|part| part.partition.as_ref().is_some_and(|place| place.of == table.name))
}

/// Whether some partition joins the table, new or not.
fn is_joined(table: &Table, kinds: &Kinds, end: &Schema) -> bool {
    let joins = |below: &Table| {
        let made = kinds.create_tables.iter().any(|made| made.name == below.name);
        made || kinds.alter.iter().any(|change| {
            matches!(change, Change::AlterTable { to, changes, .. } if to.name == below.name
                && changes.iter().any(|change| matches!(change, TableChange::Join { .. })))
        })
    };
    partitions(table, end).any(joins)
}

/// Whether each partition has a part of the index.
fn is_everywhere(table: &Table, index: &Name, schema: &Schema) -> bool {
    partitions(table, schema).all(|below| {
        let part = part_below(below, index);
        part.is_some_and(|part| below.partition_by.is_none() || is_everywhere(below, part.name(), schema))
    })
}

fn indexes_of(table: &Table) -> impl Iterator<Item = Part> {
    let keys = keys_of(table).filter(|key| !matches!(key, Part::Exclusion(_)));
    keys.chain(table.indexes.values().cloned().map(Part::Index))
}

/// The index or key of a partition that is a part of this one.
fn part_below(below: &Table, index: &Name) -> Option<Part> {
    indexes_of(below).find(|part| match part {
        Part::PrimaryKey(key) => key.part_of.as_ref() == Some(index),
        Part::Unique(unique) => unique.part_of.as_ref() == Some(index),
        Part::Index(own) => own.part_of.as_ref() == Some(index),
        _ => false,
    })
}

/// The same as a part of nothing.
fn alone(part: &Part) -> Part {
    let mut part = part.clone();
    match &mut part {
        Part::PrimaryKey(key) => key.part_of = None,
        Part::Unique(unique) => unique.part_of = None,
        Part::Index(index) => index.part_of = None,
        _ => {}
    }
    part
}

/// The tables as they are made again.
fn made_again(change: &Change) -> Option<&Vec<Table>> {
    match change {
        Change::Repartition { to, .. } => Some(to),
        _ => None,
    }
}

/// Changes a table where it is made.
fn with(kinds: &mut Kinds, remade: &mut [Change], name: &Qualified, change: impl FnOnce(&mut Table)) {
    if let Some(table) = kinds.create_tables.iter_mut().find(|table| table.name == *name) {
        return change(Arc::make_mut(table));
    }
    let mut again = remade.iter_mut().filter_map(|change| match change {
        Change::Repartition { to, .. } => Some(to),
        _ => None,
    });
    if let Some(table) = again.find_map(|tables| tables.iter_mut().find(|table| table.name == *name)) {
        change(table);
    }
}

fn remove(table: &mut Table, part: &Part) {
    match part {
        Part::PrimaryKey(_) => table.primary_key = None,
        Part::Unique(unique) => drop(table.uniques.remove(&unique.name)),
        Part::Index(index) => drop(table.indexes.remove(&index.name)),
        _ => {}
    }
}

fn set(table: &mut Table, part: Part) {
    match part {
        Part::PrimaryKey(key) => table.primary_key = Some(key),
        Part::Unique(unique) => drop(table.uniques.insert(unique.name.clone(), unique)),
        Part::Index(index) => drop(table.indexes.insert(index.name.clone(), index)),
        _ => {}
    }
}
