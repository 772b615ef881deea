//! The alterations of tables that are parts of others, each found anew when it is its turn.

use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange, apply_one, table_changes};
use crate::ident::Qualified;
use crate::ir::{Check, Column, Schema, Table};
use crate::plan::order::fills::{self, Fills};
use crate::plan::order::piece;

/// Finds the changes of tables that are a part of none anew: what was another's is theirs now.
pub(super) fn look_again(alter: &mut [Change], middle: &Schema, end: &Schema) {
    for change in alter {
        if let Change::AlterTable { from, to, changes } = change
            && from.parents().next().is_some()
            && let (Some(now), Some(end)) = (middle.tables.share(&to.name), end.tables.get(&to.name))
            && now.parents().next().is_none()
        {
            *changes = table_changes(&now, &reachable(&now, end));
            changes.extend(table_changes(&now, end).into_iter().filter(is_join));
            *from = now;
        }
    }
}

/// The alterations of tables and of those below them, from the top down and else in the order given; `rest` takes out what has its own time.
pub(in crate::plan::order) fn alter(
    alter: &[Change],
    fills: &Fills,
    mut state: Schema,
    end: &Schema,
    dialect: &dyn Dialect,
    rest: &dyn Fn(&Change) -> Option<Change>,
) -> Vec<Change> {
    let mut out = Vec::new();
    let mut by_name = BTreeMap::<&Qualified, Vec<&Change>>::new();
    for change in alter {
        if let Change::AlterTable { to, .. } = change {
            by_name.entry(&to.name).or_default().push(change);
        }
    }
    let place = |name: &Qualified| {
        let own = |change: &Change| matches!(change, Change::AlterTable { to, .. } if to.name == *name);
        alter.iter().position(own)
    };
    for name in from_the_top(&state, &place) {
        let (Some(now), Some(last)) = (state.tables.get(&name), end.tables.get(&name)) else {
            continue;
        };
        // More than one where the first gives new columns what only fills the rows.
        let own = by_name.get(&name).map(Vec::as_slice).unwrap_or_default();
        let is_part = |table: &Table| table.parents().next().is_some();
        let changes = match (is_part(now), is_part(last)) {
            (false, false) => own.iter().copied().cloned().collect(),
            (false, true) if own.is_empty() => Vec::new(),
            (true, true) => fills::around(piece(&name, missing(now, last, dialect)), fills, end, dialect),
            _ => vec![piece(&name, missing(now, last, dialect))],
        };
        for change in changes.iter().filter_map(rest) {
            let mut ahead = make_way(&change, &state);
            ahead.push(change);
            for change in ahead {
                apply_one(&change, &mut state);
                dialect.spread(&change, &mut state);
                out.push(change);
            }
        }
    }
    out
}

/// What is still to be done to a table. Whether it is logged has its own time.
fn missing(now: &Table, last: &Table, dialect: &dyn Dialect) -> Vec<TableChange> {
    let mut changes = table_changes(now, &reachable(now, last));
    changes.retain(
        |change| !matches!(change, TableChange::SetOptions { from, to } if dialect.ceases_to_log(from, to).is_some()),
    );
    changes
}

/// What tables below have of their own under the name of what comes from above, and in another way: the server would find it in
/// its way.
fn make_way(change: &Change, state: &Schema) -> Vec<Change> {
    let Change::AlterTable { to: above, changes, .. } = change else {
        return Vec::new();
    };
    let above = state.tables.get(&above.name);
    let below = above.map(|above| state.all_below(&above.name)).unwrap_or_default();
    let in_the_way = |table: &Table, change: &TableChange| match change {
        TableChange::AddPart(Part::Check(check)) if check.inherited => {
            // One that is for the table alone takes no other in, nor does one that is not looked at yet.
            let differs = |own: &&Check| own.expr != check.expr || !own.inherited || !own.validated && check.validated;
            let own = table.checks.get(&check.name).filter(differs)?;
            // What goes above goes here, too.
            let goes = |above: &Table| {
                let before = above.checks.get(&check.name);
                before.is_some_and(|before| before.inherited && before.expr == own.expr)
            };
            let mut parents = table.parents().filter_map(|parent| state.tables.get(parent));
            let goes = above.is_some_and(goes) || parents.any(|parent| below.contains(&parent.name) && goes(parent));
            (!goes).then(|| TableChange::DropPart(Part::Check(own.clone())))
        }
        TableChange::AddColumn(column) => {
            let own = table.column(&column.name)?;
            let to = Column {
                ty: column.ty.clone(),
                collation: column.collation.clone(),
                ..own.clone()
            };
            (to != *own).then(|| TableChange::AlterColumn { from: own.clone(), to })
        }
        _ => None,
    };
    let tables = below.iter().filter_map(|name| state.tables.get(name));
    let pieces = tables.filter_map(|table| {
        let found = changes
            .iter()
            .filter_map(|change| in_the_way(table, change))
            .collect::<Vec<_>>();
        (!found.is_empty()).then(|| piece(&table.name, found))
    });
    pieces.collect()
}

/// The table as it can be before it joins others: its indexes are not a part of theirs yet.
fn reachable(now: &Table, end: &Table) -> Table {
    let mut table = end.clone();
    if now.partition != end.partition {
        table.partition.clone_from(&now.partition);
        if let Some(key) = &mut table.primary_key {
            key.part_of = None;
        }
        table.uniques.values_mut().for_each(|unique| unique.part_of = None);
        table.indexes.values_mut().for_each(|index| index.part_of = None);
    }
    table.inherits.clone_from(&now.inherits);
    table
}

/// That tables join others, from the top down.
pub(in crate::plan::order) fn join(alter: &[Change]) -> Vec<Change> {
    let joined = alter.iter().filter_map(|change| match change {
        Change::AlterTable { to, changes, .. } => {
            let joins = changes
                .iter()
                .filter(|change| is_join(change))
                .cloned()
                .collect::<Vec<_>>();
            (!joins.is_empty()).then(|| piece(&to.name, joins))
        }
        _ => None,
    });
    joined.collect()
}

fn is_join(change: &TableChange) -> bool {
    matches!(change, TableChange::Join { .. })
}

/// The names of all tables, each after those it is a part of; else by their place, first those that have none.
pub(in crate::plan::order) fn from_the_top(
    schema: &Schema,
    place: &dyn Fn(&Qualified) -> Option<usize>,
) -> Vec<Qualified> {
    let mut placed = BTreeSet::new();
    let mut names = Vec::with_capacity(schema.tables.len());
    let mut waiting = schema.tables.values().collect::<Vec<_>>();
    waiting.sort_by_cached_key(|table| place(&table.name));
    while !waiting.is_empty() {
        let is_ready = |table: &&Table| {
            table
                .parents()
                .all(|parent| placed.contains(parent) || !schema.tables.contains_key(parent))
        };
        let (ready, later): (Vec<&Table>, Vec<&Table>) = waiting.into_iter().partition(is_ready);
        // No engine has tables that are parts of each other.
        if ready.is_empty() {
            names.extend(later.into_iter().map(|table| table.name.clone()));
            return names;
        }
        waiting = later;
        for table in ready {
            placed.insert(&table.name);
            names.push(table.name.clone());
        }
    }
    names
}
