//! The names of the foreign keys that partitions have from the tables above them.
//!
//! Such a key has the name that it has above, unless it was there before its table became a partition, or took a name of its own.
//! Everything else is planned as if all had the names from above: where a name is in the way of that, it is given up first, and
//! given again when all is done. It follows the key above when that takes another name, which the engine leaves to us.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange, apply, apply_one};
use crate::ident::{Name, Qualified};
use crate::ir::{Schema, Table};

/// The schema and its changes without the names of their own.
pub(in crate::plan::order) fn forget(
    from: &Schema,
    changes: &[Change],
    dialect: &dyn Dialect,
) -> Option<(Schema, Vec<Change>)> {
    let says = |table: &Table| !dialect.keys_from_above(table).is_empty();
    let changed = |change: &Change| match change {
        Change::CreateTable(table) => says(table),
        Change::AlterTable { to, .. } => says(to),
        _ => false,
    };
    if !from.tables.values().any(says) && !changes.iter().any(changed) {
        return None;
    }
    let without = |table: &Arc<Table>| {
        let mut table = table.clone();
        if says(&table) {
            dialect.forget_keys_from_above(&mut Arc::make_mut(&mut table).options);
        }
        table
    };
    let mut schema = from.clone();
    for (name, table) in from.tables.shared().filter(|(_, table)| says(table)) {
        schema.tables.insert(name.clone(), without(table));
    }
    let changes = changes.iter().filter_map(|change| match change {
        Change::CreateTable(table) => Some(Change::CreateTable(without(table))),
        Change::DropTable(table) => Some(Change::DropTable(without(table))),
        Change::AlterTable { from, to, changes } => {
            let left = changes.iter().filter_map(|change| match change {
                TableChange::SetOptions { from, to } => {
                    let (mut from, mut to) = (from.clone(), to.clone());
                    dialect.forget_keys_from_above(&mut from);
                    dialect.forget_keys_from_above(&mut to);
                    (from != to).then_some(TableChange::SetOptions { from, to })
                }
                other => Some(other.clone()),
            });
            let left = left.collect::<Vec<_>>();
            (!left.is_empty()).then(|| Change::AlterTable {
                from: without(from),
                to: without(to),
                changes: left,
            })
        }
        other => Some(other.clone()),
    });
    let changes = changes.collect();
    Some((schema, changes))
}

/// Adds what gives the keys their names to changes that are in order.
/// `all` are the changes that they are made of.
pub(in crate::plan::order) fn give(changes: &mut Vec<Change>, from: &Schema, all: &[Change], dialect: &dyn Dialect) {
    let is_partition = |table: &&Table| table.partition.is_some();
    let comes = |change: &Change| match change {
        Change::CreateTable(table) | Change::AlterTable { to: table, .. } => table.partition.is_some(),
        _ => false,
    };
    if !all.iter().any(comes) && !from.tables.values().any(|table| table.partition.is_some()) {
        return;
    }
    let to = &apply(all, from);
    let names = Names {
        before: renamed(changes),
        hit: hit(changes),
        from,
        to,
        dialect,
    };
    let mut first = Vec::new();
    let stays = |table: &&Table| to.tables.contains_key(&names.after(&table.name));
    for table in from
        .tables
        .values()
        .filter(is_partition)
        .filter(stays)
        .filter(|table| names.is_touched(table, from))
    {
        let keys = names.keys(table, from).into_iter().map(|key| (key.now, key.plain));
        first.extend(rename(table, keys, from));
    }
    let mut last = Vec::new();
    for table in to
        .tables
        .values()
        .filter(is_partition)
        .filter(|table| names.is_touched(table, to))
    {
        let keys = names.keys(table, to).into_iter().map(|key| (key.plain, key.now));
        last.extend(rename(table, keys, to));
    }
    follow(changes, from, dialect);
    changes.splice(0..0, first);
    changes.extend(last);
}

/// A key that a partition has from above.
struct Key {
    /// The table whose own it is, and its name there.
    origin: (Qualified, Name),
    /// Its name in the partition.
    now: Name,
    /// Its name there as everything else is planned.
    plain: Name,
}

struct Names<'a> {
    /// The names of tables before, by those that they have at the end.
    before: BTreeMap<Qualified, Qualified>,
    /// The tables whose keys, or whose place, do not stay as they are. Under their names at the end, too.
    hit: BTreeSet<Qualified>,
    from: &'a Schema,
    to: &'a Schema,
    dialect: &'a dyn Dialect,
}

impl Names<'_> {
    /// Whether the keys of a partition from above cannot stay as they are: something happens to it or to a table above, or the
    /// names themselves change.
    fn is_touched(&self, table: &Table, schema: &Schema) -> bool {
        let after = match std::ptr::eq(schema, self.from) {
            true => self.after(&table.name),
            false => table.name.clone(),
        };
        let before = self.before.get(&after).unwrap_or(&after);
        let (before, after) = (self.from.tables.get(before), self.to.tables.get(&after));
        let said = |table: Option<&Table>| table.map(|table| self.dialect.keys_from_above(table));
        let above = |table: Option<&Table>, schema: &Schema| {
            let above = table.and_then(|table| schema.tables.get(&table.partition.as_ref()?.of));
            above.is_some_and(|above| self.hit.contains(&above.name) || self.is_touched(above, schema))
        };
        let hit = [before, after].into_iter().flatten();
        let mut hit = hit.filter(|table| table.partition.is_some());
        said(before) != said(after)
            || hit.any(|table| self.hit.contains(&table.name))
            || above(before, self.from)
            || above(after, self.to)
    }

    fn after(&self, before: &Qualified) -> Qualified {
        let renamed = self.before.iter().find(|(_, from)| *from == before);
        renamed.map_or_else(|| before.clone(), |(to, _)| to.clone())
    }

    /// The keys that a partition has from above.
    fn keys(&self, table: &Table, schema: &Schema) -> Vec<Key> {
        let above = table.partition.as_ref().and_then(|place| schema.tables.get(&place.of));
        let Some(above) = above else { return Vec::new() };
        let said = self.dialect.keys_from_above(table);
        let touched = self.is_touched(above, schema);
        let own = above.foreign_keys.keys().map(|name| Key {
            origin: (above.name.clone(), name.clone()),
            now: name.clone(),
            plain: name.clone(),
        });
        let all = self.keys(above, schema).into_iter().chain(own);
        let all = all.map(|key| Key {
            plain: if touched { key.plain } else { key.now.clone() },
            now: said.get(&key.now).cloned().unwrap_or(key.now),
            origin: key.origin,
        });
        let mut keys = all.collect::<Vec<_>>();
        keys.sort_by(|a, b| a.origin.cmp(&b.origin));
        keys
    }
}

/// The tables that take other names, by these.
fn renamed(changes: &[Change]) -> BTreeMap<Qualified, Qualified> {
    let mut found = BTreeMap::<Qualified, Qualified>::new();
    for change in changes {
        if let Change::RenameTable { from, to } = change {
            let first = found.remove(from).unwrap_or_else(|| from.clone());
            found.insert(to.clone(), first);
        }
    }
    found
}

fn hit(changes: &[Change]) -> BTreeSet<Qualified> {
    let mut found = BTreeSet::new();
    for change in changes {
        match change {
            Change::CreateTable(table) => {
                found.insert(table.name.clone());
            }
            Change::Repartition { from, to } => found.extend(from.iter().chain(to).map(|table| table.name.clone())),
            Change::AlterTable { from, to, changes } if changes.iter().any(|change| hits(change, from)) => {
                found.insert(to.name.clone());
            }
            _ => {}
        }
    }
    found
}

fn hits(change: &TableChange, table: &Table) -> bool {
    match change {
        TableChange::Leave { .. } | TableChange::Join { .. } => true,
        TableChange::RenameConstraint { from, .. } => table.foreign_keys.contains_key(from),
        other => matches!(other.part(), Some(Part::ForeignKey(_))),
    }
}

/// Gives keys of a table other names. Where one of its own has such a name, the engine has chosen another one for the key.
fn rename(table: &Table, keys: impl Iterator<Item = (Name, Name)>, schema: &Schema) -> Option<Change> {
    let keys = keys.filter(|(now, then)| now != then && !has(table, now) && !has(table, then));
    let mut keys = keys.collect::<Vec<_>>();
    let mut changes = Vec::new();
    // One whose name another key takes waits under a spare one.
    for at in 0..keys.len() {
        let spare = Name::new(format!("kick_spare_key_{}", at + 1));
        if let Some(spare) = spare
            .ok()
            .filter(|_| keys[..at].iter().any(|(_, then)| *then == keys[at].0))
        {
            let from = std::mem::replace(&mut keys[at].0, spare.clone());
            changes.push(TableChange::RenameConstraint { from, to: spare });
        }
    }
    let keys = keys.into_iter();
    changes.extend(keys.map(|(from, to)| TableChange::RenameConstraint { from, to }));
    let table = schema.tables.share(&table.name)?;
    (!changes.is_empty()).then(|| Change::AlterTable {
        from: table.clone(),
        to: table,
        changes,
    })
}

/// Whether a table has a constraint of its own of that name.
fn has(table: &Table, name: &Name) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.name == *name)
        || table.uniques.contains_key(name)
        || table.checks.contains_key(name)
        || table.exclusions.contains_key(name)
        || table.foreign_keys.contains_key(name)
}

/// Lets the keys of partitions take the name that the one above takes.
fn follow(changes: &mut Vec<Change>, from: &Schema, dialect: &dyn Dialect) {
    let renames = |change: &Change| match change {
        Change::AlterTable { from, changes, .. } => changes
            .iter()
            .any(|change| matches!(change, TableChange::RenameConstraint { .. }) && hits(change, from)),
        _ => false,
    };
    if !changes.iter().any(renames) {
        return;
    }
    let mut state = from.clone();
    let mut out = Vec::with_capacity(changes.len());
    for change in std::mem::take(changes) {
        let renames = renames(&change);
        apply_one(&change, &mut state);
        dialect.spread(&change, &mut state);
        let below = match &change {
            Change::AlterTable { from, to, changes } if renames => {
                let names = changes.iter().filter_map(|change| match change {
                    TableChange::RenameConstraint { from: name, to } if from.foreign_keys.contains_key(name) => {
                        Some((name.clone(), to.clone()))
                    }
                    _ => None,
                });
                let names = names.collect::<Vec<_>>();
                partitions(&to.name, &state)
                    .into_iter()
                    .filter_map(|table| rename(table, names.iter().cloned(), &state))
                    .collect()
            }
            _ => Vec::new(),
        };
        out.push(change);
        out.extend(below);
    }
    *changes = out;
}

/// The partitions of a table, and theirs.
fn partitions<'a>(of: &'a Qualified, schema: &'a Schema) -> Vec<&'a Table> {
    let parts = schema
        .tables
        .saying(of)
        .filter(|table| table.partition.as_ref().is_some_and(|place| place.of == *of));
    parts
        .flat_map(|table| std::iter::once(table).chain(partitions(&table.name, schema)))
        .collect()
}
