//! Tables as they are while some of their columns are plain.

use std::sync::Arc;

use crate::diff::{Change, TableChange};
use crate::ir::{Column, Schema, Table};

/// Columns that are other ones for a while.
pub(super) struct Plain<'a> {
    /// What a column of a table is meanwhile, where that is something else.
    pub(super) column: &'a dyn Fn(&Table, &Column) -> Option<Column>,
}

impl Plain<'_> {
    /// What makes them so.
    pub(super) fn first(&self, from: &Schema) -> Vec<Change> {
        let tables = from.tables.values().filter_map(|table| {
            let (plain, changes) = self.table(table);
            (!changes.is_empty()).then(|| Change::AlterTable {
                from: Arc::new(table.clone()),
                to: Arc::new(plain),
                changes,
            })
        });
        tables.collect()
    }

    /// A table with such columns, and what brings it there.
    fn table(&self, table: &Table) -> (Table, Vec<TableChange>) {
        let (mut plain, mut changes) = (table.clone(), Vec::new());
        for (column, new) in table.columns.iter().zip(&mut plain.columns) {
            if let Some(to) = (self.column)(table, column) {
                new.clone_from(&to);
                changes.push(TableChange::AlterColumn {
                    from: column.clone(),
                    to,
                });
            }
        }
        (plain, changes)
    }

    /// The changes between schemas in which they are so.
    pub(super) fn rest(&self, changes: impl Iterator<Item = Change>) -> Vec<Change> {
        changes
            .filter_map(|mut change| {
                match &mut change {
                    Change::CreateTable(table) | Change::DropTable(table) => self.forget(table),
                    Change::AlterTable { from, to, changes } => {
                        for change in changes.iter_mut() {
                            self.forget_in(change, from, to);
                        }
                        changes.retain(|change| !matches!(change, TableChange::AlterColumn { from, to } if from == to));
                        self.forget(from);
                        self.forget(to);
                        if changes.is_empty() {
                            return None;
                        }
                    }
                    _ => {}
                }
                Some(change)
            })
            .collect()
    }

    fn forget(&self, table: &mut Arc<Table>) {
        let (plain, changes) = self.table(table);
        if !changes.is_empty() {
            *table = Arc::new(plain);
        }
    }

    fn forget_in(&self, change: &mut TableChange, before: &Table, after: &Table) {
        let plain = |table: &Table, column: &mut Column| {
            if let Some(plain) = (self.column)(table, column) {
                *column = plain;
            }
        };
        match change {
            TableChange::DropColumn(column) => plain(before, column),
            TableChange::AddColumn(column) => plain(after, column),
            TableChange::AlterColumn { from, to } => {
                plain(before, from);
                plain(after, to);
            }
            _ => {}
        }
    }

    /// What makes them as they are to be; `now` is the schema before, `to` after.
    pub(super) fn last(&self, now: &Schema, to: &Schema) -> Vec<Change> {
        let mut last = Vec::new();
        for (name, table) in to.tables.shared() {
            let (_, changes) = self.table(table);
            if let Some(from) = now.tables.share(name).filter(|_| !changes.is_empty()) {
                let turned = changes.into_iter().map(|change| match change {
                    TableChange::AlterColumn { from, to } => TableChange::AlterColumn { from: to, to: from },
                    other => other,
                });
                last.push(Change::AlterTable {
                    from,
                    to: table.clone(),
                    changes: turned.collect(),
                });
            }
        }
        last
    }
}
