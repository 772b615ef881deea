//! Columns that hold rows of another table: the type of such a column is that table, which the server neither drops nor
//! rewrites while the column is there.
//!
//! See <https://www.postgresql.org/docs/18/rowtypes.html>: "Whenever you create a table, a composite type is also automatically
//! created".

use std::collections::BTreeSet;
use std::sync::Arc;

use super::creation_order;
use super::piece;
use crate::diff::{Change, Facets, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Schema, SqlType, Table};

/// The name of the type of a column, or of the items of its list, where it is no type of the engine's.
pub(super) fn named(ty: &SqlType) -> Option<&Qualified> {
    match ty {
        SqlType::Enum(name) => Some(name),
        SqlType::Array(items) => named(items),
        _ => None,
    }
}

/// Takes the tables out of those that go which hold rows of others, and those that point at them: they go first.
pub(super) fn take_holders(dropped: &mut Vec<Arc<Table>>, middle: &Schema) -> Vec<Arc<Table>> {
    let holds = |table: &Table| {
        let mut types = table.columns.iter().filter_map(|column| named(&column.ty));
        types.any(|name| middle.tables.contains_key(name))
    };
    let mut names = BTreeSet::new();
    for table in dropped.iter().filter(|table| holds(table)) {
        names.insert(table.name.clone());
    }
    if names.is_empty() {
        return Vec::new();
    }
    let points = |table: &Table, names: &BTreeSet<Qualified>| {
        let keys = table.foreign_keys.values().map(|key| &key.references);
        keys.chain(table.parents()).any(|name| names.contains(name))
    };
    loop {
        let more = dropped
            .iter()
            .filter(|table| !names.contains(&table.name) && points(table, &names));
        let more = more.map(|table| table.name.clone()).collect::<Vec<_>>();
        if more.is_empty() {
            break;
        }
        names.extend(more);
    }
    let early = dropped
        .extract_if(.., |table| names.contains(&table.name))
        .collect::<Vec<_>>();
    let tables = early.iter().map(|table| &**table).collect::<Vec<_>>();
    let (ranked, _) = creation_order(&tables);
    ranked.into_iter().rev().map(|at| early[at].clone()).collect()
}

/// What makes room for tables that are rewritten while columns hold their rows.
#[derive(Default)]
pub(super) struct Parked {
    /// Parts of the alterations that can come while columns hold rows of the table, and must: the text of a row is that of all
    /// columns.
    pub(super) first: Vec<Change>,
    /// Columns of rows become texts.
    pub(super) away: Vec<Change>,
    /// Columns of rows again, when all tables are altered.
    pub(super) back: Vec<Change>,
}

/// Brings what holds rows of a table that is rewritten out of its way: such columns hold the text of the rows in the meantime.
pub(super) fn park(alter: &mut [Change], gone: &BTreeSet<Qualified>, middle: &Schema) -> Parked {
    let mut rewritten = alter.iter().filter_map(rewritten).cloned().collect::<BTreeSet<_>>();
    let mut found: Vec<(&Table, &Column)> = Vec::new();
    if !rewritten.is_empty() {
        let own = |column: &&Column| !matches!(column.value, ColumnValue::Generated { .. });
        let holders = middle.tables.values().filter(|table| {
            // What comes from above is altered there.
            !gone.contains(&table.name) && table.parents().next().is_none()
        });
        let holders = holders.flat_map(|table| table.columns.iter().filter(own).map(move |column| (table, column)));
        let mut holders = holders
            .filter(|(_, column)| named(&column.ty).is_some_and(|name| middle.tables.contains_key(name)))
            .collect::<Vec<_>>();
        // Whoever holds rows of such a table is rewritten by it.
        loop {
            let is_hit =
                |(_, column): &mut (&Table, &Column)| named(&column.ty).is_some_and(|name| rewritten.contains(name));
            let hit = holders.extract_if(.., is_hit).collect::<Vec<_>>();
            if hit.is_empty() {
                break;
            }
            rewritten.extend(hit.iter().map(|(table, _)| table.name.clone()));
            found.extend(hit);
        }
    }
    // Rows of a table come when that is as it will be.
    alter.sort_by_key(|change| gains(change, &rewritten));
    let held = found
        .iter()
        .filter_map(|(_, column)| named(&column.ty))
        .collect::<BTreeSet<_>>();
    let mut parked = Parked {
        first: alter.iter_mut().filter_map(|change| first(change, &held)).collect(),
        ..Parked::default()
    };
    let Parked { away, back, .. } = &mut parked;
    for (table, column) in found {
        let text = Column {
            ty: SqlType::Text,
            value: ColumnValue::Required,
            ..column.clone()
        };
        away.push(piece(
            &table.name,
            vec![TableChange::AlterColumn {
                from: column.clone(),
                to: text.clone(),
            }],
        ));
        if let Some(to) = end(alter, table, &column.name, &text, column) {
            back.push(piece(&table.name, vec![TableChange::AlterColumn { from: text, to }]));
        }
    }
    away.reverse();
    parked
}

/// Takes out of an alteration what goes, and columns that come without values.
fn first(change: &mut Change, held: &BTreeSet<&Qualified>) -> Option<Change> {
    let Change::AlterTable { to, changes, .. } = change else {
        return None;
    };
    if !held.contains(&to.name) {
        return None;
    }
    let is_free = |change: &mut TableChange| match change {
        TableChange::AddColumn(column) => column.nullable && column.value == ColumnValue::Required,
        // One that holds rows itself goes as a text.
        TableChange::DropColumn(column) => named(&column.ty).is_none_or(|name| !held.contains(name)),
        TableChange::DropIndex(_)
        | TableChange::DropCheck(_)
        | TableChange::DropUnique(_)
        | TableChange::DropPrimaryKey(_)
        | TableChange::DropExclusion(_) => true,
        _ => false,
    };
    let free = changes.extract_if(.., is_free).collect::<Vec<_>>();
    Some(piece(&to.name, free))
}

/// The table, where its rows are written again.
fn rewritten(change: &Change) -> Option<&Qualified> {
    let Change::AlterTable { to, changes, .. } = change else {
        return None;
    };
    let rewrites = |change: &TableChange| match change {
        TableChange::AddColumn(column) => !matches!(column.value, ColumnValue::Required),
        TableChange::AlterColumn { from, to } => {
            let facets = Facets::between(from, to);
            facets.ty || facets.collation || facets.value && matches!(to.value, ColumnValue::Generated { .. })
        }
        _ => false,
    };
    changes.iter().any(rewrites).then_some(&to.name)
}

fn gains(change: &Change, rewritten: &BTreeSet<Qualified>) -> bool {
    let Change::AlterTable { changes, .. } = change else {
        return false;
    };
    changes.iter().any(|change| match change {
        TableChange::AddColumn(column) | TableChange::AlterColumn { to: column, .. } => {
            named(&column.ty).is_some_and(|name| rewritten.contains(name))
        }
        _ => false,
    })
}

/// What the column becomes again after all; `None` where it goes, or is of another type by then. Its own change starts where it
/// is parked.
fn end(alter: &mut [Change], table: &Table, name: &Name, parked: &Column, column: &Column) -> Option<Column> {
    let own = alter.iter_mut().find_map(|change| match change {
        Change::AlterTable { to, changes, .. } if to.name == table.name => Some(changes),
        _ => None,
    });
    let Some(changes) = own else {
        return Some(column.clone());
    };
    let at = changes.iter_mut().position(|change| match change {
        TableChange::AlterColumn { to, .. } => to.name == *name,
        TableChange::DropColumn(gone) => gone.name == *name,
        _ => false,
    });
    match at.map(|at| (at, &mut changes[at])) {
        None => Some(column.clone()),
        Some((at, TableChange::AlterColumn { to, .. })) if to.ty == column.ty => {
            let to = to.clone();
            changes.remove(at);
            Some(to)
        }
        Some((_, TableChange::AlterColumn { from, .. })) => {
            from.clone_from(parked);
            None
        }
        Some(_) => None,
    }
}
