//! Tables that cease to be written to the log, or begin to be.

use std::collections::BTreeSet;

use super::foreign_keys::Detached;
use super::reach::Reach;
use super::tables::creation_order;
use super::{Kinds, piece};
use crate::dialect::Dialect;
use crate::diff::{Change, TableChange};
use crate::ident::Qualified;
use crate::ir::{Schema, Table};

/// Takes these changes out of the others, in the order that the foreign keys ask for: at no time may a table that is logged
/// point at one that is not. Where tables point at each other, a key of them is taken off meanwhile.
pub(super) fn take(
    kinds: &mut Kinds,
    middle: &Schema,
    (to, reach): (&Schema, &Reach<'_>),
    dialect: &dyn Dialect,
    detached: &mut Detached,
) -> Vec<Change> {
    let (mut ceasing, mut beginning) = (Vec::new(), Vec::new());
    for change in &mut kinds.alter {
        let Change::AlterTable { to: table, changes, .. } = change else {
            continue;
        };
        let switches = |change: &mut TableChange| match change {
            TableChange::SetOptions { from, to } => dialect.ceases_to_log(from, to),
            _ => None,
        };
        for switched in changes
            .extract_if(.., |change| switches(change).is_some())
            .collect::<Vec<_>>()
        {
            let TableChange::SetOptions { from, to } = &switched else {
                continue;
            };
            match dialect.ceases_to_log(from, to) {
                Some(true) => ceasing.push((table.name.clone(), switched)),
                _ => beginning.push((table.name.clone(), switched)),
            }
        }
    }
    kinds
        .alter
        .retain(|change| !matches!(change, Change::AlterTable { changes, .. } if changes.is_empty()));
    let mut out = in_order(ceasing, middle, (to, reach), detached);
    // Those that point at others first.
    out.reverse();
    out.extend(in_order(beginning, middle, (to, reach), detached));
    out
}

/// Each after those it points at.
fn in_order(
    switched: Vec<(Qualified, TableChange)>,
    middle: &Schema,
    (to, reach): (&Schema, &Reach<'_>),
    detached: &mut Detached,
) -> Vec<Change> {
    let names = switched.iter().map(|(name, _)| name).collect::<BTreeSet<_>>();
    let tables = names
        .iter()
        .filter_map(|name| to.tables.get(name))
        .collect::<Vec<&Table>>();
    let (order, cut) = creation_order(&tables, reach);
    for (at, keys) in cut {
        let table = tables[at];
        let before = middle.tables.get(&table.name);
        for name in keys {
            if let (Some(key), Some(back)) = (
                before.and_then(|before| before.foreign_keys.get(&name)),
                table.foreign_keys.get(&name),
            ) {
                detached.set_aside(&table.name, key, back);
            }
        }
    }
    let pieces = order.into_iter().flat_map(|at| {
        let name = &tables[at].name;
        let changes = switched.iter().filter(|(of, _)| of == name);
        changes
            .map(|(_, change)| piece(name, vec![change.clone()]))
            .collect::<Vec<_>>()
    });
    pieces.collect()
}
