use crate::diff::{Change, Part, TableChange};
use crate::ident::Qualified;
use crate::ir::{Column, ColumnValue, Schema, Table};

/// Puts back into the goal what a change takes away and programs of the version before still use, as loose as programs of the
/// next one need it: those know nothing of it.
pub(super) fn leave(change: &Change, built: &mut Schema) {
    match change {
        Change::DropNamespace(name) => {
            built.namespaces.insert(name.clone());
        }
        Change::DropEnum(e) => {
            built.enums.insert(e.name.clone(), e.clone());
        }
        Change::AlterEnum { from, to, renamed } => {
            if let Some(left) = built.enums.get_mut(&to.name) {
                let gone = from.values.iter().filter(|value| !to.values.contains(value));
                let gone = gone.filter(|value| !renamed.contains_key(*value));
                left.values.extend(gone.cloned().collect::<Vec<_>>());
            }
        }
        Change::DropTable(table) => {
            // A key of a table that nobody fills any more would hold on to rows of others.
            let mut table = Table::clone(table);
            table.foreign_keys.clear();
            built.tables.insert(table.name.clone(), table);
        }
        Change::DropObject { id, object } => {
            built.objects.entry(id.clone()).or_insert_with(|| object.clone());
        }
        Change::AlterTable { to, changes, .. } => leave_in(&to.name, changes, built),
        _ => {}
    }
}

fn leave_in(name: &Qualified, changes: &[TableChange], built: &mut Schema) {
    let Some(mut table) = built.tables.get(name).cloned() else {
        return;
    };
    for change in changes {
        match change {
            TableChange::DropColumn(column) if table.column(&column.name).is_none() => {
                table.columns.push(loose(column));
            }
            _ => {}
        }
    }
    for change in changes {
        if let TableChange::DropPart(Part::Index(index)) = change {
            table.indexes.entry(index.name.clone()).or_insert_with(|| index.clone());
        }
    }
    if built.tables.get(name) != Some(&table) {
        built.tables.insert(name.clone(), table);
    }
}

/// A column that a program need not know: what counts or is computed has its value without it.
fn loose(column: &Column) -> Column {
    let mut column = column.clone();
    if matches!(column.value, ColumnValue::Required) {
        column.nullable = true;
    }
    column
}
