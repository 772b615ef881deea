//! Tables that are parts of others: what happens to one happens to those below it.
//!
//! The diff compares each table for itself. Where a statement on one table reaches into those below, their own changes are
//! what is still missing afterwards, so they are found anew each time.

pub(super) mod repartition;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fills::{self, Fills};
use super::names::indexes::made_again;
use super::{Kinds, piece};
use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange, apply_one, table_changes};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ForeignKey, Schema, Table};

/// Whether any table is a part of another.
pub(super) fn any(schema: &Schema) -> bool {
    schema.tables.values().any(|table| table.parents().next().is_some())
}

/// The schema after the changes, with what they do to tables below.
pub(super) fn replay(changes: &[Change], from: &Schema, dialect: &dyn Dialect) -> Schema {
    let mut state = from.clone();
    for change in changes {
        apply_one(change, &mut state);
        dialect.spread(change, &mut state);
    }
    state
}

/// Lets tables leave all that they are a part of where a column that several of them give gets another type: no statement on
/// one of them reaches it then.
pub(super) fn leave_several(alter: &mut [Change], middle: &Schema) {
    for change in alter {
        let Change::AlterTable { from, to, changes } = change else {
            continue;
        };
        if from.inherits.len() < 2 || to.inherits.is_empty() {
            continue;
        }
        let gives = |column: &Name| {
            let parents = from.inherits.iter().filter_map(|name| middle.tables.get(name));
            parents.filter(|parent| parent.column(column).is_some()).count()
        };
        let retyped = changes.iter().any(|change| {
            matches!(change, TableChange::AlterColumn { from, to }
                if (from.ty != to.ty || from.collation != to.collation) && gives(&to.name) > 1)
        });
        if retyped {
            changes.retain(|change| !is_leave(change));
            changes.push(TableChange::Leave {
                inherits: from.inherits.clone(),
                partition: from.partition.clone().filter(|_| from.partition != to.partition),
            });
        }
    }
}

/// Indexes of partitions that cease to be parts of one above: the server does not let go of one, so the one above goes and
/// comes again, without them.
pub(super) fn loosen_indexes(alter: &mut Vec<Change>, middle: &Schema, end: &Schema) {
    let mut again = BTreeMap::<Qualified, BTreeMap<Name, Vec<TableChange>>>::new();
    for change in alter.iter() {
        let Change::AlterTable { from, to, changes } = change else {
            continue;
        };
        for index in changes.iter().filter_map(loosened) {
            let (mut table, mut index) = (&**from, index);
            // Up to the one that is a part of none.
            while let Some((above, part_of)) = table
                .partition
                .as_ref()
                .filter(|place| to.name != table.name || to.partition.as_ref() == Some(place))
                .and_then(|place| middle.tables.get(&place.of))
                .zip(part_of(table, index))
            {
                (table, index) = (above, part_of);
            }
            let Some(after) = end.tables.get(&table.name).filter(|_| table.name != from.name) else {
                continue;
            };
            let renamed = renamed(alter, &table.name, index).unwrap_or(index);
            if let Some(changes) = made_again(table, after, index, renamed) {
                again
                    .entry(table.name.clone())
                    .or_default()
                    .insert(index.clone(), changes);
            }
        }
    }
    for (table, indexes) in again {
        let names = indexes.keys().cloned().collect::<BTreeSet<_>>();
        let changes = indexes.into_values().flatten().collect::<Vec<_>>();
        let own = alter.iter_mut().find_map(|change| match change {
            Change::AlterTable { to, changes, .. } if to.name == table => Some(changes),
            _ => None,
        });
        match own {
            Some(own) => {
                own.retain(|change| renames(change).is_none_or(|[from, _]| !names.contains(from)));
                let news = changes.into_iter().filter(|change| !own.contains(change));
                let news = news.collect::<Vec<_>>();
                own.extend(news);
            }
            None => alter.push(piece(&table, changes)),
        }
    }
}

/// Partitions with a key of their own that is a part of a plain index above, where that one goes: the server drops neither
/// while they are together, so they leave, and join again if they stay.
pub(super) fn leave_with_keys(alter: &mut Vec<Change>, middle: &Schema, end: &Schema) {
    let mut gone = Vec::new();
    for change in alter.iter() {
        if let Change::AlterTable { to, changes, .. } = change {
            let dropped = changes.iter().filter_map(|change| match change {
                TableChange::DropIndex(index) => Some(index.name.clone()),
                _ => None,
            });
            gone.extend(dropped.map(|index| (to.name.clone(), index)));
        }
    }
    let mut bound = BTreeSet::new();
    while let Some((above, index)) = gone.pop() {
        for table in middle.tables.saying(&above) {
            if table.partition.as_ref().is_none_or(|place| place.of != above) {
                continue;
            }
            let part = |part_of: &Option<Name>| part_of.as_ref() == Some(&index);
            let key = table.primary_key.as_ref().is_some_and(|key| part(&key.part_of));
            if key || table.uniques.values().any(|unique| part(&unique.part_of)) {
                bound.insert(table.name.clone());
            }
            let below = table.indexes.values().filter(|own| part(&own.part_of));
            gone.extend(below.map(|own| (table.name.clone(), own.name.clone())));
        }
    }
    for name in bound {
        let (Some(before), Some(after)) = (middle.tables.share(&name), end.tables.share(&name)) else {
            continue;
        };
        let leave = TableChange::Leave {
            inherits: Vec::new(),
            partition: before.partition.clone(),
        };
        let own = alter.iter_mut().find_map(|change| match change {
            Change::AlterTable { to, changes, .. } if to.name == name => Some(changes),
            _ => None,
        });
        match own {
            Some(changes) if changes.iter().any(is_leave) => {}
            Some(changes) => changes.push(leave),
            None => alter.push(Change::AlterTable {
                from: before,
                to: after,
                changes: vec![leave],
            }),
        }
    }
}

/// The index of a partition that a change takes from the one above.
fn loosened(change: &TableChange) -> Option<&Name> {
    match change {
        TableChange::DropIndex(index) => index.part_of.as_ref().map(|_| &index.name),
        TableChange::DropUnique(unique) => unique.part_of.as_ref().map(|_| &unique.name),
        TableChange::DropPrimaryKey(key) => key.part_of.as_ref().map(|_| &key.name),
        TableChange::AlterPart { from, to } => {
            let part_of = |part: &Part| match part {
                Part::Index(index) => index.part_of.clone(),
                Part::Unique(unique) => unique.part_of.clone(),
                Part::PrimaryKey(key) => key.part_of.clone(),
                _ => None,
            };
            (part_of(from).is_some() && part_of(to).is_none()).then(|| from.name())
        }
        _ => None,
    }
}

/// The index of the table above that one is a part of.
fn part_of<'a>(table: &'a Table, index: &Name) -> Option<&'a Name> {
    let key = table.primary_key.as_ref().filter(|key| key.name == *index);
    let found = key.map(|key| &key.part_of);
    let found = found.or_else(|| table.uniques.get(index).map(|unique| &unique.part_of));
    let found = found.or_else(|| table.indexes.get(index).map(|index| &index.part_of));
    found?.as_ref()
}

/// The name before and after of an index, or of a constraint with one, that takes another.
fn renames(change: &TableChange) -> Option<[&Name; 2]> {
    match change {
        TableChange::RenameIndex { from, to } | TableChange::RenameConstraint { from, to } => Some([from, to]),
        _ => None,
    }
}

/// The name that an index of the table takes.
fn renamed<'a>(alter: &'a [Change], table: &Qualified, index: &Name) -> Option<&'a Name> {
    alter.iter().find_map(|change| match change {
        Change::AlterTable { to, changes, .. } if to.name == *table => {
            let [_, to] = changes.iter().filter_map(renames).find(|[from, _]| *from == index)?;
            Some(to)
        }
        _ => None,
    })
}

/// Takes out of the alterations that tables leave others; so do partitions that go, where what they are a part of stays: it
/// changes without them. Where a partition stays that takes all rows, theirs go there first.
pub(super) fn leave(alter: &mut [Change], drop_tables: &[Arc<Table>], end: &Schema) -> Vec<Change> {
    let mut left = Vec::new();
    for change in alter {
        if let Change::AlterTable { to, changes, .. } = change {
            let (leaves, rest) = std::mem::take(changes).into_iter().partition::<Vec<_>, _>(is_leave);
            *changes = rest;
            left.extend((!leaves.is_empty()).then(|| piece(&to.name, leaves)));
        }
    }
    // Behind those that come back, which may take their rows.
    for table in drop_tables {
        if let Some(place) = table
            .partition
            .as_ref()
            .filter(|place| end.tables.contains_key(&place.of) && !takes_the_rest(&place.of, end))
        {
            let leave = TableChange::Leave {
                inherits: Vec::new(),
                partition: Some(place.clone()),
            };
            left.push(piece(&table.name, vec![leave]));
        }
    }
    left
}

/// The tables that go and would hold what they are a part of, with those below them: no statement reaches a column that several
/// tables give them.
pub(super) fn in_the_way(drop_tables: &[Arc<Table>], middle: &Schema, end: &Schema) -> BTreeSet<Qualified> {
    let now = |table: &Arc<Table>| middle.tables.share(&table.name).unwrap_or_else(|| table.clone());
    let goes = drop_tables.iter().map(now).collect::<Vec<_>>();
    let stays = |parent: &Qualified| end.tables.contains_key(parent);
    let several = goes
        .iter()
        .filter(|table| table.inherits.len() > 1 && table.inherits.iter().any(stays));
    let mut found = several.map(|table| table.name.clone()).collect::<BTreeSet<_>>();
    let mut known = 0;
    while found.len() > known {
        known = found.len();
        let below = goes
            .iter()
            .filter(|table| table.inherits.iter().any(|parent| found.contains(parent)));
        let below = below.map(|table| table.name.clone()).collect::<Vec<_>>();
        found.extend(below);
    }
    found
}

/// Foreign keys to tables of which partitions stand aside for a while: the server lets none go to whose rows another table
/// points. Gives what drops them, and those that come back.
pub(super) fn free_keys(
    left: &[Change],
    kinds: &mut Kinds,
    middle: &Schema,
    end: &Schema,
    remade: &[Change],
) -> (Vec<Change>, Vec<(Qualified, ForeignKey)>) {
    let mut targets = BTreeSet::new();
    let place = |schema: &Schema, name: &Qualified| schema.tables.get(name)?.partition.clone();
    for change in left {
        if let Change::AlterTable { to, changes, .. } = change
            && let Some(of) = changes.iter().find_map(left_table)
            && place(end, &to.name).is_some_and(|place| place.of == *of)
        {
            targets.insert(of.clone());
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
    for name in targets.clone() {
        let mut name = name;
        while let Some(own) = place(middle, &name) {
            targets.insert(own.of.clone());
            name = own.of;
        }
    }
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
            let gone = keys.into_iter().map(TableChange::DropForeignKey).collect::<Vec<_>>();
            drops.extend((!gone.is_empty()).then(|| piece(&table.name, gone)));
        }
    }
    (drops, back)
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
            TableChange::DropForeignKey(gone) if gone.name == *key => {
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

/// Whether a partition of the table takes the rows that no other one takes.
pub(super) fn takes_the_rest(of: &Qualified, schema: &Schema) -> bool {
    schema.tables.saying(of).any(|table| {
        let place = table.partition.as_ref().filter(|place| place.of == *of);
        place.is_some_and(|place| place.bound.eq_ignore_ascii_case("default"))
    })
}

fn is_leave(change: &TableChange) -> bool {
    matches!(change, TableChange::Leave { .. })
}

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

fn is_join(change: &TableChange) -> bool {
    matches!(change, TableChange::Join { .. })
}

/// The alterations of tables and of those below them, from the top down; `rest` takes out what has its own time.
pub(super) fn alter(
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
    for name in from_the_top(&state) {
        let (Some(now), Some(last)) = (state.tables.get(&name), end.tables.get(&name)) else {
            continue;
        };
        // More than one where the first gives new columns what only fills the rows.
        let own = by_name.get(&name).map(Vec::as_slice).unwrap_or_default();
        let is_part = |table: &Table| table.parents().next().is_some();
        let changes = match (is_part(now), is_part(last)) {
            (false, false) => own.iter().copied().cloned().collect(),
            (false, true) if own.is_empty() => Vec::new(),
            (true, true) => {
                let missing = piece(&name, table_changes(now, &reachable(now, last)));
                fills::around(missing, fills, end)
            }
            _ => vec![piece(&name, table_changes(now, &reachable(now, last)))],
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

/// What tables below have of their own under the name of what comes from above, and in another way: the server would find it in
/// its way.
fn make_way(change: &Change, state: &Schema) -> Vec<Change> {
    let Change::AlterTable { to: above, changes, .. } = change else {
        return Vec::new();
    };
    let above = state.tables.get(&above.name);
    let in_the_way = |table: &Table, change: &TableChange| match change {
        TableChange::AddCheck(check) if check.inherited => {
            let own = table.checks.get(&check.name).filter(|own| own.expr != check.expr)?;
            let before = above.and_then(|above| above.checks.get(&check.name));
            before
                .is_none_or(|before| before.expr != own.expr)
                .then(|| TableChange::DropCheck(own.clone()))
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
    let below = above.map(|above| state.all_below(&above.name)).unwrap_or_default();
    let below = below.iter().filter_map(|name| state.tables.get(name));
    let pieces = below.filter_map(|table| {
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
pub(super) fn join(alter: &[Change]) -> Vec<Change> {
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

/// The names of all tables, each after those it is a part of.
fn from_the_top(schema: &Schema) -> Vec<Qualified> {
    let mut placed = BTreeSet::new();
    let mut names = Vec::with_capacity(schema.tables.len());
    let mut waiting = schema.tables.values().collect::<Vec<_>>();
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
