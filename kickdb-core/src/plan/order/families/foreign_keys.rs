//! Foreign keys to tables whose partitions come and go.

use std::collections::BTreeSet;

use super::regroup::Regrouped;
use super::takes_the_rest;
use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{ForeignKey, Schema};
use crate::plan::order::{Kinds, piece};

/// Foreign keys to tables of which partitions stand aside for a while: the server lets none go to whose rows another table
/// points. Gives what drops them, and those that come back.
pub(super) fn free(
    left: &[Change],
    kinds: &mut Kinds,
    middle: &Schema,
    end: &Schema,
    (remade, regrouped): (&[Change], &Regrouped),
) -> (Vec<Change>, Vec<(Qualified, ForeignKey)>) {
    let targets = targets(left, (kinds, regrouped), middle, end);
    let is_remade = |name: &Qualified| {
        let makes = |change: &Change| matches!(change, Change::Repartition { to, .. } if to.iter().any(|table| table.name == *name));
        remade.iter().any(makes)
    };
    let (mut drops, mut back) = (Vec::new(), Vec::new());
    for target in &targets {
        for table in middle.tables.saying(target) {
            let keys = table.foreign_keys.values().filter(|key| key.references == *target);
            let keys = keys.cloned().collect::<Vec<_>>();
            for key in &keys {
                let after = forget_key(&mut kinds.alter, &table.name, &key.name);
                let after = after.and_then(|name| end.tables.get(&table.name)?.foreign_keys.get(&name).cloned());
                if let Some(after) = after.filter(|_| !is_remade(&table.name)) {
                    back.push((table.name.clone(), after));
                }
            }
            let gone = keys
                .into_iter()
                .map(Part::ForeignKey)
                .map(TableChange::DropPart)
                .collect::<Vec<_>>();
            drops.extend((!gone.is_empty()).then(|| piece(&table.name, gone)));
        }
    }
    for above in left_for_good(left, middle).difference(&targets) {
        for table in middle.tables.saying(above) {
            let doomed = kinds.drop_tables.iter().any(|gone| gone.name == table.name);
            let mut gone = Vec::new();
            for key in table.foreign_keys.values().filter(|key| key.references == *above) {
                if doomed || goes(&kinds.alter, &table.name, &key.name) {
                    forget_key(&mut kinds.alter, &table.name, &key.name);
                    gone.push(TableChange::DropPart(Part::ForeignKey(key.clone())));
                }
            }
            drops.extend((!gone.is_empty()).then(|| piece(&table.name, gone)));
        }
    }
    (drops, back)
}

/// Partitioned tables that some partition leaves, and those above them. The foreign keys to them that stay hold its rows; those
/// that go go before it.
fn left_for_good(left: &[Change], middle: &Schema) -> BTreeSet<Qualified> {
    let changes = left.iter().filter_map(|change| match change {
        Change::AlterTable { changes, .. } => Some(changes),
        _ => None,
    });
    let of = changes.flatten().filter_map(left_table);
    of.flat_map(|of| and_above(of, middle)).collect()
}

/// A table, and those that it is a part of.
fn and_above(name: &Qualified, schema: &Schema) -> impl Iterator<Item = Qualified> {
    std::iter::successors(Some(name.clone()), |name| {
        let place = schema.tables.get(name)?.partition.as_ref();
        place.map(|place| place.of.clone())
    })
}

/// Whether a foreign key is among what is to be dropped.
fn goes(alter: &[Change], table: &Qualified, key: &Name) -> bool {
    let drops =
        |change: &TableChange| matches!(change, TableChange::DropPart(Part::ForeignKey(gone)) if gone.name == *key);
    alter.iter().any(|change| match change {
        Change::AlterTable { to, changes, .. } => to.name == *table && changes.iter().any(drops),
        _ => false,
    })
}

/// Partitioned tables of which some partition stands aside, and those above them.
fn targets(
    left: &[Change],
    (kinds, regrouped): (&Kinds, &Regrouped),
    middle: &Schema,
    end: &Schema,
) -> BTreeSet<Qualified> {
    let mut targets = regrouped.tables().cloned().collect::<BTreeSet<_>>();
    let place = |schema: &Schema, name: &Qualified| schema.tables.get(name)?.partition.clone();
    for change in left {
        if let Change::AlterTable { to, changes, .. } = change
            && let Some(of) = changes.iter().find_map(left_table)
            && let Some(place) = place(end, &to.name)
        {
            // Where it comes back to, or to a table below or above that one.
            let after = and_above(&place.of, end).collect::<BTreeSet<_>>();
            targets.extend(and_above(of, middle).filter(|above| after.contains(above)));
        }
    }
    // What takes the rest stands aside while others come or go.
    let comes = end
        .tables
        .values()
        .filter_map(|table| Some((table, table.partition.as_ref()?)));
    for (table, own) in comes.filter(|(_, own)| middle.tables.contains_key(&own.of)) {
        if place(middle, &table.name).as_ref() != Some(own) && takes_the_rest(&own.of, middle) {
            targets.insert(own.of.clone());
        }
    }
    for own in kinds.drop_tables.iter().filter_map(|table| table.partition.as_ref()) {
        if takes_the_rest(&own.of, end) {
            targets.insert(own.of.clone());
        }
    }
    let above = targets.iter().flat_map(|name| and_above(name, middle));
    let above = above.collect::<Vec<_>>();
    targets.extend(above);
    targets
}

/// The table that a change lets a partition leave.
fn left_table(change: &TableChange) -> Option<&Qualified> {
    match change {
        TableChange::Leave { partition, .. } => partition.as_ref().map(|place| &place.of),
        _ => None,
    }
}

/// Takes out what is to be done with a foreign key that has gone. Gives the name under which it comes back, where it does.
fn forget_key(alter: &mut [Change], table: &Qualified, key: &Name) -> Option<Name> {
    let mut back = Some(key.clone());
    for change in alter {
        let Change::AlterTable { to, changes, .. } = change else {
            continue;
        };
        if to.name != *table {
            continue;
        }
        changes.retain(|change| match change {
            TableChange::DropPart(Part::ForeignKey(gone)) if gone.name == *key => {
                back = None;
                false
            }
            TableChange::RenameConstraint { from, to } if from == key => {
                back = Some(to.clone());
                false
            }
            TableChange::AlterPart {
                from: Part::ForeignKey(own),
                ..
            } => own.name != *key,
            _ => true,
        });
    }
    back
}
