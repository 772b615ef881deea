//! Changes with the tables as they are when their turn comes.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::dialect::Dialect;
use crate::diff::{self, Change, TableChange, apply_one};
use crate::ident::Qualified;
use crate::ir::{Schema, Table};

/// An alteration of which only the table's name and the changes count; [`settle`] fills in the rest.
pub(super) fn piece(name: &Qualified, changes: Vec<TableChange>) -> Change {
    let table = Arc::new(Table::new(name.clone()));
    Change::AlterTable {
        from: table.clone(),
        to: table,
        changes,
    }
}

/// Gives every change the tables and enums as they are when its turn comes; `end` is the schema after all of them.
pub(super) fn settle(changes: &mut Vec<Change>, from: &Schema, end: &Schema, dialect: &dyn Dialect) {
    let mut state = from.clone();
    changes.retain(|change| !matches!(change, Change::AlterTable { changes, .. } if changes.is_empty()));
    let last = last_of_their_tables(changes);
    for (change, last) in changes.iter_mut().zip(last) {
        let before = match change {
            Change::AlterTable { to, .. } => state.tables.share(&to.name),
            Change::DropTable(table) => {
                if let Some(now) = state.tables.share(&table.name) {
                    *table = now;
                }
                None
            }
            Change::Repartition { from, .. } => {
                from.iter_mut().for_each(|table| as_it_is(table, &state));
                None
            }
            _ => None,
        };
        let of_end = match change {
            Change::AlterTable { to, .. } => end.tables.share(&to.name),
            _ => None,
        };
        let stands_alone = |table: &Table| table.inherits.is_empty() && table.partition.is_none();
        match &of_end {
            Some(end) if last && before.iter().chain([end]).all(|table| stands_alone(table)) => {
                state.tables.insert(end.name.clone(), end.clone());
                dialect.spread(change, &mut state);
            }
            _ => {
                apply_one(change, &mut state);
                dialect.spread(change, &mut state);
                if let Some(end) = of_end {
                    diff::settle(&end, &mut state);
                }
            }
        }
        if let (Change::AlterTable { from, to, .. }, Some(before)) = (change, before) {
            if let Some(after) = state.tables.share(&to.name) {
                *to = after;
            }
            *from = before;
        }
    }
}

/// For each change, whether it makes its table what that is at the end: the last alteration of a table, where nothing but its
/// own alterations reaches one. Then there is no need to make it of them one by one.
fn last_of_their_tables(changes: &[Change]) -> Vec<bool> {
    let reaches_others = |change: &Change| match change {
        Change::RenameTable { .. } | Change::RenameEnum { .. } | Change::Repartition { .. } => true,
        Change::AlterEnum { renamed, .. } => !renamed.is_empty(),
        Change::AlterTable { changes, .. } => {
            let renames = |change: &TableChange| matches!(change, TableChange::RenameColumn { .. });
            changes.iter().any(renames)
        }
        _ => false,
    };
    if changes.iter().any(reaches_others) {
        return vec![false; changes.len()];
    }
    let mut seen = BTreeSet::new();
    let mut last = Vec::with_capacity(changes.len());
    last.extend(changes.iter().rev().map(|change| match change {
        Change::AlterTable { to, .. } => seen.insert(&to.name),
        Change::DropTable(table) => {
            seen.insert(&table.name);
            false
        }
        _ => false,
    }));
    last.reverse();
    last
}

fn as_it_is(table: &mut Table, state: &Schema) {
    if let Some(now) = state.tables.get(&table.name) {
        table.clone_from(now);
    }
}
