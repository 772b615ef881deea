use std::collections::BTreeMap;
use std::sync::Arc;

use super::carry::{Carry, raw};
use super::sql::same_but_for_quotes;
use super::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{ByName, ColumnValue, Identity, ObjectId, ObjectKind, Schema, Table};

/// The schema after the changes, one after the other.
///
/// A change of something that is not there does nothing: the changes are trusted to be made for this schema.
#[must_use]
pub fn apply(changes: &[Change], schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    for change in changes {
        apply_one(change, &mut schema);
    }
    schema
}

pub(crate) fn apply_one(change: &Change, schema: &mut Schema) {
    match change {
        Change::CreateNamespace(name) => {
            schema.namespaces.insert(name.clone());
        }
        Change::DropNamespace(name) => {
            schema.namespaces.remove(name);
        }
        Change::CreateEnum(e) => {
            schema.enums.insert(e.name.clone(), e.clone());
        }
        Change::DropEnum(e) => {
            schema.enums.remove(&e.name);
        }
        Change::RenameEnum { from, to } => Carry {
            enums: [(from.clone(), to.clone())].into(),
            ..Carry::default()
        }
        .schema(schema),
        Change::AlterEnum { to, renamed, .. } => {
            schema.enums.insert(to.name.clone(), to.clone());
            if !renamed.is_empty() {
                Carry {
                    values: [(to.name.clone(), renamed.clone())].into(),
                    ..Carry::default()
                }
                .schema(schema);
            }
        }
        Change::CreateTable(table) => drop(schema.tables.insert(table.name.clone(), table.clone())),
        Change::DropTable(table) => {
            schema.tables.remove(&table.name);
            // What belongs to a table goes with it.
            if !schema.objects.is_empty() {
                schema.objects.retain(|id, _| id.on.as_ref() != Some(&table.name));
            }
        }
        Change::RenameTable { from, to } => Carry {
            tables: [(from.clone(), to.clone())].into(),
            ..Carry::default()
        }
        .schema(schema),
        Change::AlterTable { to, changes, .. } => alter(to, changes, schema),
        // Rows are no part of a schema.
        Change::Fill { .. } => {}
        Change::Repartition { from, to } => {
            for table in from {
                schema.tables.remove(&table.name);
            }
            let made = to.iter().map(|table| (table.name.clone(), table.clone()));
            schema.tables.extend(made);
        }
        Change::CreateObject { id, object } | Change::AlterObject { id, to: object, .. } => {
            // A type may have been one of another kind.
            if matches!(id.kind, ObjectKind::Type | ObjectKind::Domain) {
                schema.enums.remove(&id.name);
                let other = |kind| ObjectId::new(kind, id.name.clone());
                schema.objects.remove(&other(ObjectKind::Type));
                schema.objects.remove(&other(ObjectKind::Domain));
            }
            schema.objects.insert(id.clone(), object.clone());
        }
        Change::RenameAttributes { id, to, .. } => {
            schema.objects.insert(id.clone(), to.clone());
        }
        Change::DropObject { id, .. } => {
            // An enum may go as a type among objects.
            if id.kind == ObjectKind::Type {
                schema.enums.remove(&id.name);
            }
            schema.objects.remove(id);
        }
    }
}

fn alter(to: &Arc<Table>, changes: &[TableChange], schema: &mut Schema) {
    for change in changes {
        if let TableChange::RenameColumn { from, to: new } = change {
            let pair = BTreeMap::from([(from.clone(), new.clone())]);
            Carry {
                columns: [(to.name.clone(), pair)].into(),
                ..Carry::default()
            }
            .schema(schema);
        } else if let Some(table) = schema.tables.get_mut(&to.name) {
            alter_table(change, table);
        }
    }
    if changes
        .iter()
        .any(|change| matches!(change, TableChange::RenameColumn { .. }))
        && let Some(table) = schema.tables.get_mut(&to.name)
    {
        adopt_spelling(table, to);
    }
    let sequences = changes.iter().filter_map(taken_over);
    let sequences = sequences.cloned().collect::<Vec<_>>();
    for sequence in sequences {
        schema.objects.remove(&ObjectId::new(ObjectKind::Sequence, sequence));
    }
    settle(to, schema);
}

/// The sequence that a column counts by from now on. It is no more there by itself.
fn taken_over(change: &TableChange) -> Option<&Qualified> {
    match change {
        TableChange::AlterColumn { to: column, .. } | TableChange::AddColumn(column) => match &column.value {
            ColumnValue::Identity(Identity::Serial, Some(counter)) => counter.name.as_ref(),
            _ => None,
        },
        _ => None,
    }
}

/// Where a table says the same as `to`, takes the order of its columns and its words from there, too.
pub(crate) fn settle(to: &Arc<Table>, schema: &mut Schema) {
    let now = schema.tables.get(&to.name);
    if now.is_some_and(|table| !std::ptr::eq(table, &raw const **to) && table.is_same(to)) {
        schema.tables.insert(to.name.clone(), to.clone());
    }
}

fn alter_table(change: &TableChange, table: &mut Table) {
    match change {
        // Reaches into other tables, so it is done above with the whole schema at hand.
        TableChange::RenameColumn { .. } => {}
        // Done to rows: what the column may hold is a part of its type or of a check.
        TableChange::RenameValues { .. } => {}
        TableChange::RenameConstraint { from, to } => rename_constraint(table, from, to),
        TableChange::RenameIndex { from, to } => {
            rekey(&mut table.indexes, from, to, |index| &mut index.name);
        }
        TableChange::Leave { inherits, partition } => {
            table.inherits.retain(|parent| !inherits.contains(parent));
            if partition.is_some() {
                table.partition = None;
            }
        }
        TableChange::Join { inherits, partition } => {
            table.inherits.extend(inherits.iter().cloned());
            if partition.is_some() {
                table.partition.clone_from(partition);
            }
        }
        TableChange::DropPart(part) => drop_part(part, table),
        TableChange::AddPart(part) | TableChange::AlterPart { to: part, .. } => put_part(part, table),
        TableChange::DropColumn(column) => table.columns.retain(|other| other.name != column.name),
        TableChange::AddColumn(column) => table.columns.push(column.clone()),
        TableChange::AlterColumn { to, .. } => {
            for column in table.columns.iter_mut().filter(|column| column.name == to.name) {
                column.clone_from(to);
            }
        }
        TableChange::Repartition { to, .. } => table.partition_by.clone_from(to),
        TableChange::SetComment { to, .. } => table.comment.clone_from(to),
        TableChange::SetOptions { to, .. } => table.options.clone_from(to),
    }
}

fn drop_part(part: &Part, table: &mut Table) {
    let name = part.name();
    match part {
        Part::PrimaryKey(_) => table.primary_key = None,
        Part::Unique(_) => drop(table.uniques.remove(name)),
        Part::ForeignKey(_) => drop(table.foreign_keys.remove(name)),
        Part::Check(_) => drop(table.checks.remove(name)),
        Part::Exclusion(_) => drop(table.exclusions.remove(name)),
        Part::Index(_) => drop(table.indexes.remove(name)),
    }
}

fn put_part(part: &Part, table: &mut Table) {
    let name = part.name().clone();
    match part.clone() {
        Part::PrimaryKey(key) => table.primary_key = Some(key),
        Part::Unique(unique) => drop(table.uniques.insert(name, unique)),
        Part::ForeignKey(key) => drop(table.foreign_keys.insert(name, key)),
        Part::Check(check) => drop(table.checks.insert(name, check)),
        Part::Exclusion(exclusion) => drop(table.exclusions.insert(name, exclusion)),
        Part::Index(index) => drop(table.indexes.insert(name, index)),
    }
}

fn rename_constraint(table: &mut Table, from: &Name, to: &Name) {
    if let Some(key) = table.primary_key.as_mut().filter(|key| key.name == *from) {
        key.name = to.clone();
        return;
    }
    let _ = rekey(&mut table.uniques, from, to, |unique| &mut unique.name)
        || rekey(&mut table.foreign_keys, from, to, |key| &mut key.name)
        || rekey(&mut table.checks, from, to, |check| &mut check.name)
        || rekey(&mut table.exclusions, from, to, |exclusion| &mut exclusion.name);
}

fn rekey<T>(map: &mut ByName<T>, from: &Name, to: &Name, name: impl Fn(&mut T) -> &mut Name) -> bool {
    let Some(mut part) = map.remove(from) else { return false };
    *name(&mut part) = to.clone();
    map.insert(to.clone(), part);
    true
}

/// Where an expression says the same as in `to` but for quotes, takes it as `to` spells it: only the engine knows when a
/// new name needs quotes.
pub(super) fn adopt_spelling(table: &mut Table, to: &Table) {
    if raw(table).next().is_none() {
        return;
    }
    let mut to = to.clone();
    let spelled = raw(&mut to)
        .map(|(place, sql)| (place, sql.clone()))
        .collect::<BTreeMap<_, _>>();
    for (place, sql) in raw(table) {
        if let Some(other) = spelled.get(&place)
            && same_but_for_quotes(sql, other)
        {
            sql.clone_from(other);
        }
    }
}
