//! Tables that leave those that they are a part of, for good or for a while.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::takes_the_rest;
use crate::diff::{Change, Part, TableChange};
use crate::ident::Name;
use crate::ir::{Schema, Table};
use crate::plan::order::piece;

/// Lets tables leave all that they are a part of where a column that several of them give gets another type: no statement on
/// one of them reaches it then.
pub(super) fn several(alter: &mut [Change], middle: &Schema) {
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

/// Partitions with a key of their own that is a part of a plain index above, where that one goes: the server drops neither
/// while they are together, so they leave, and join again if they stay.
pub(super) fn with_keys(alter: &mut Vec<Change>, middle: &Schema, end: &Schema) {
    let mut gone = Vec::new();
    for change in alter.iter() {
        if let Change::AlterTable { to, changes, .. } = change {
            let dropped = changes.iter().filter_map(|change| match change {
                TableChange::DropPart(Part::Index(index)) => Some(index.name.clone()),
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

fn is_leave(change: &TableChange) -> bool {
    matches!(change, TableChange::Leave { .. })
}
