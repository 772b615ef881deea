use super::{Change, TableChange};

/// The changes that undo these, in the order in which they do so.
#[must_use]
pub fn invert(changes: &[Change]) -> Vec<Change> {
    changes.iter().rev().filter_map(invert_one).collect()
}

fn invert_one(change: &Change) -> Option<Change> {
    Some(match change.clone() {
        Change::CreateNamespace(name) => Change::DropNamespace(name),
        Change::DropNamespace(name) => Change::CreateNamespace(name),
        Change::CreateEnum(e) => Change::DropEnum(e),
        Change::DropEnum(e) => Change::CreateEnum(e),
        Change::RenameEnum { from, to } => Change::RenameEnum { from: to, to: from },
        Change::AlterEnum { from, to, renamed } => Change::AlterEnum {
            from: to,
            to: from,
            renamed: renamed.into_iter().map(|(old, new)| (new, old)).collect(),
        },
        Change::CreateTable(table) => Change::DropTable(table),
        Change::DropTable(table) => Change::CreateTable(table),
        Change::RenameTable { from, to } => Change::RenameTable { from: to, to: from },
        Change::AlterTable { from, to, changes } => Change::AlterTable {
            from: to,
            to: from,
            changes: changes.into_iter().rev().map(invert_part).collect(),
        },
        // The value goes with the column, or may be NULL again.
        Change::Fill { .. } => return None,
        Change::Repartition { from, to } => Change::Repartition { from: to, to: from },
        Change::CreateObject { id, object } => Change::DropObject { id, object },
        Change::DropObject { id, object } => Change::CreateObject { id, object },
        Change::AlterObject { id, from, to } => Change::AlterObject { id, from: to, to: from },
        Change::RenameAttributes { id, from, to, steps } => Change::RenameAttributes {
            id,
            from: to,
            to: from,
            steps: steps.into_iter().rev().map(|(old, new)| (new, old)).collect(),
        },
    })
}

fn invert_part(change: TableChange) -> TableChange {
    use TableChange as C;
    match change {
        C::RenameColumn { from, to } => C::RenameColumn { from: to, to: from },
        C::RenameConstraint { from, to } => C::RenameConstraint { from: to, to: from },
        C::RenameIndex { from, to } => C::RenameIndex { from: to, to: from },
        C::RenameValues { column, renamed } => C::RenameValues {
            column,
            renamed: renamed.into_iter().map(|(old, new)| (new, old)).collect(),
        },
        C::Leave { inherits, partition } => C::Join { inherits, partition },
        C::Join { inherits, partition } => C::Leave { inherits, partition },
        C::DropPart(part) => C::AddPart(part),
        C::AddPart(part) => C::DropPart(part),
        C::AlterPart { from, to } => C::AlterPart { from: to, to: from },
        C::DropColumn(column) => C::AddColumn(column),
        C::AddColumn(column) => C::DropColumn(column),
        C::AlterColumn { from, to } => C::AlterColumn { from: to, to: from },
        C::Repartition { from, to } => C::Repartition { from: to, to: from },
        C::SetComment { from, to } => C::SetComment { from: to, to: from },
        C::SetOptions { from, to } => C::SetOptions { from: to, to: from },
    }
}
