//! The changes by their kind, before any has its place.

use std::sync::Arc;

use super::fills::Fills;
use crate::diff::{Change, TableChange};
use crate::ir::Table;

/// The changes by their kind, each kind in the order of the diff.
#[derive(Default)]
pub(super) struct Kinds {
    pub(super) create_namespaces: Vec<Change>,
    pub(super) renames: Vec<Change>,
    pub(super) create_enums: Vec<Change>,
    pub(super) alter_enums: Vec<Change>,
    pub(super) alter: Vec<Change>,
    pub(super) fills: Fills,
    pub(super) drop_tables: Vec<Arc<Table>>,
    pub(super) create_tables: Vec<Arc<Table>>,
    pub(super) drop_enums: Vec<Change>,
    pub(super) drop_namespaces: Vec<Change>,
    pub(super) objects: Vec<Change>,
}

impl Kinds {
    pub(super) fn of(changes: &[Change]) -> Self {
        let mut kinds = Self::default();
        for change in changes {
            let change = change.clone();
            match change {
                Change::CreateNamespace(_) => kinds.create_namespaces.push(change),
                Change::RenameEnum { .. } | Change::RenameTable { .. } | Change::RenameAttributes { .. } => {
                    kinds.renames.push(change);
                }
                Change::CreateEnum(_) => kinds.create_enums.push(change),
                Change::AlterEnum { .. } => kinds.alter_enums.push(change),
                Change::AlterTable { ref changes, .. } => {
                    let renames = |change: &TableChange| matches!(change, TableChange::RenameColumn { .. });
                    if changes.iter().all(renames) {
                        kinds.renames.push(change);
                    } else {
                        kinds.alter.push(change);
                    }
                }
                Change::Fill { table, column, value } => {
                    kinds.fills.entry(table).or_default().insert(column, value);
                }
                Change::DropTable(table) => kinds.drop_tables.push(table),
                Change::CreateTable(table) => kinds.create_tables.push(table),
                Change::DropEnum(_) => kinds.drop_enums.push(change),
                Change::DropNamespace(_) => kinds.drop_namespaces.push(change),
                // Made here, out of alterations.
                Change::Repartition { .. } => {}
                Change::CreateObject { .. } | Change::DropObject { .. } | Change::AlterObject { .. } => {
                    kinds.objects.push(change);
                }
            }
        }
        kinds
    }
}
