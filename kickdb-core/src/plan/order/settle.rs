//! Changes with the tables as they are when their turn comes.

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
    for change in changes {
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
        apply_one(change, &mut state);
        dialect.spread(change, &mut state);
        if let Change::AlterTable { to, .. } = change
            && let Some(end) = end.tables.share(&to.name)
        {
            diff::settle(&end, &mut state);
        }
        if let (Change::AlterTable { from, to, .. }, Some(before)) = (change, before) {
            if let Some(after) = state.tables.share(&to.name) {
                *to = after;
            }
            *from = before;
        }
    }
}

fn as_it_is(table: &mut Table, state: &Schema) {
    if let Some(now) = state.tables.get(&table.name) {
        table.clone_from(now);
    }
}
