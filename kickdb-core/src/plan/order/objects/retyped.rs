//! Columns that leave a type before that is made again: what they hold need not be a value of the new one.

use std::collections::BTreeSet;

use super::said::{said_by_expr, said_by_part, said_by_type};
use super::steps::made_of;
use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, ObjectId, ObjectKind, Schema, SqlType, Table};
use crate::lex::Said;
use crate::plan::order::borrowed::draws;
use crate::plan::order::names::passed::{self, coming_counters};
use crate::plan::order::parts::{columns, drops_part};
use crate::plan::order::piece;
use crate::plan::order::rows::named;

/// The types whose definitions change, each with all that are made of it.
pub(in crate::plan::order) fn changing(
    objects: &[Change],
    schema: &Schema,
    dialect: &dyn Dialect,
) -> Vec<(ObjectId, Vec<Qualified>)> {
    let ids = objects.iter().filter_map(|change| match change {
        Change::AlterObject { id, .. } if matches!(id.kind, ObjectKind::Type | ObjectKind::Domain) => Some(id),
        _ => None,
    });
    ids.map(|id| (id.clone(), made_of(&id.name, schema, dialect))).collect()
}

/// The views that go or are made again, by which columns may be: the type of its rows goes with a view.
fn views(objects: &[Change]) -> BTreeSet<Qualified> {
    let ids = objects.iter().filter_map(|change| match change {
        Change::AlterObject { id, .. } | Change::DropObject { id, .. } => Some(id),
        _ => None,
    });
    let ids = ids.filter(|id| matches!(id.kind, ObjectKind::View | ObjectKind::MaterializedView));
    ids.map(|id| id.name.clone()).collect()
}

/// Brings the columns that leave a type which changes before all that has to do with those that stay.
pub(in crate::plan::order) fn leave_first(
    changes: &mut Vec<Change>,
    objects: &[Change],
    (start, middle, to): (usize, &Schema, &Schema),
    dialect: &dyn Dialect,
) {
    let types = changing(objects, middle, dialect);
    let mut names = types.into_iter().flat_map(|(_, names)| names).collect::<BTreeSet<_>>();
    let views = views(objects);
    // A view goes before anything changes that it is of.
    let of_view = |ty: &SqlType| matches!(named(ty), Some(name) if views.contains(name));
    names.extend(views.iter().cloned());
    let passed = passed::names(objects, &changes[start..], dialect);
    let passed = passed.into_iter().collect::<Vec<_>>();
    names.extend(passed.iter().cloned());
    if names.is_empty() {
        return;
    }
    let is_of = |ty: &SqlType| says_any(ty, &names, dialect);
    let (mut pieces, mut at, mut by_views) = (Vec::new(), None, false);
    let mut gained = None;
    if !passed.is_empty() {
        let step = changes[start..]
            .iter()
            .position(|change| gets(change, &passed, dialect));
        gained = step.map(|step| start + step);
        for (step, change) in changes.iter_mut().enumerate().skip(start) {
            let piece = stop_drawing(change, &passed, dialect);
            at = at.or(piece.as_ref().map(|_| step));
            pieces.extend(piece);
        }
    }
    for (step, change) in changes.iter_mut().enumerate().skip(start) {
        let Change::AlterTable { to: table, changes, .. } = change else {
            continue;
        };
        let stays = |table: &Table| table.columns.iter().any(|column| is_of(&column.ty));
        if at.is_none_or(|at| step < at)
            && (changes.iter().any(|change| leaves(change, &is_of)) || to.tables.get(&table.name).is_some_and(stays))
        {
            at = Some(step);
        }
        let Some(now) = middle.tables.get(&table.name) else {
            continue;
        };
        let going = changes
            .iter()
            .filter(|change| leaves(change, &is_of))
            .filter_map(column_of);
        let going = going.cloned().collect::<Vec<_>>();
        if going.is_empty() || going.iter().any(|column| is_computed_from(now, column, dialect)) {
            continue;
        }
        by_views |= now
            .columns
            .iter()
            .any(|column| going.contains(&column.name) && of_view(&column.ty));
        let first = |change: &mut TableChange| leaves(change, &is_of) || lets_go(change, &going, dialect);
        let mut extracted = changes.extract_if(.., first).collect::<Vec<_>>();
        changes.extend(
            extracted
                .iter_mut()
                .filter_map(|change| begins_later(change, &passed, dialect)),
        );
        pieces.push(piece(&table.name, extracted));
    }
    if by_views {
        at = Some(start);
    }
    if let Some(at) = at.into_iter().chain(gained).min() {
        changes.splice(at..at, pieces);
    }
}

/// Whether a step gives a table something under one of the names: another thing than the one that had it so far.
fn gets(change: &Change, names: &[Qualified], dialect: &dyn Dialect) -> bool {
    let says = |column: &Column| {
        let mut said = Said::default();
        said_by_type(&column.ty, dialect, &mut said);
        names.iter().any(|name| said.says(name)) || draws(column, names, dialect)
    };
    match change {
        Change::CreateTable(table) => names.contains(&table.name) || table.columns.iter().any(says),
        Change::CreateEnum(e) => names.contains(&e.name),
        Change::AlterTable { to, changes, .. } => {
            let takes = |part: &Part| names.contains(&to.name.sibling(part.name().clone()));
            coming_counters(change, dialect).iter().any(|name| names.contains(name))
                || changes.iter().any(|change| match change {
                    TableChange::AddColumn(column) | TableChange::AlterColumn { to: column, .. } => says(column),
                    TableChange::AddPart(part) => takes(part),
                    _ => false,
                })
        }
        _ => false,
    }
}

/// Takes from an alteration what leaves one of the sequences, as a piece of its own.
fn stop_drawing(change: &mut Change, sequences: &[Qualified], dialect: &dyn Dialect) -> Option<Change> {
    let Change::AlterTable { to: table, changes, .. } = change else {
        return None;
    };
    let mut first = Vec::new();
    changes.retain_mut(|change| match change {
        TableChange::AlterColumn { from, to } if draws(from, sequences, dialect) && from.value != to.value => {
            let between = Column {
                value: ColumnValue::Required,
                ..from.clone()
            };
            let from = std::mem::replace(from, between.clone());
            first.push(TableChange::AlterColumn {
                from,
                to: between.clone(),
            });
            between != *to
        }
        TableChange::DropColumn(column) if draws(column, sequences, dialect) => {
            let from = column.clone();
            column.value = ColumnValue::Required;
            first.push(TableChange::AlterColumn {
                from,
                to: column.clone(),
            });
            true
        }
        _ => true,
    });
    (!first.is_empty()).then(|| piece(&table.name, first))
}

/// Takes from the change of a column the default that draws from something under one of the names, as a change of its own.
fn begins_later(change: &mut TableChange, names: &[Qualified], dialect: &dyn Dialect) -> Option<TableChange> {
    let TableChange::AlterColumn { to, .. } = change else {
        return None;
    };
    if !draws(to, names, dialect) {
        return None;
    }
    let end = to.clone();
    to.value = ColumnValue::Required;
    Some(TableChange::AlterColumn {
        from: to.clone(),
        to: end,
    })
}

/// The first place behind the columns and tables that leave the types, before anything is done to one that stays.
pub(super) fn after_those_that_left(
    chain: &[Change],
    named: usize,
    names: &[Qualified],
    dialect: &dyn Dialect,
) -> usize {
    let names = names.iter().cloned().collect::<BTreeSet<_>>();
    let is_of = |ty: &SqlType| says_any(ty, &names, dialect);
    let stays = |table: &Table| table.columns.iter().any(|column| is_of(&column.ty));
    let mut after = named;
    for (at, change) in chain.iter().enumerate().skip(named) {
        match change {
            Change::AlterTable { to, changes, .. } => {
                let any = changes.iter().any(|change| leaves(change, &is_of));
                let only = || {
                    changes
                        .iter()
                        .all(|change| leaves(change, &is_of) || drops_part(change))
                };
                if stays(to) && !(any && only()) {
                    break;
                }
                if any {
                    after = at + 1;
                }
            }
            Change::DropTable(table) if stays(table) => after = at + 1,
            Change::CreateTable(table) if stays(table) => break,
            Change::Repartition { from, to } if from.iter().chain(to).any(stays) => break,
            _ => {}
        }
    }
    after
}

/// Whether the type is one of those, or holds values of one.
pub(in crate::plan::order) fn says_any(ty: &SqlType, names: &BTreeSet<Qualified>, dialect: &dyn Dialect) -> bool {
    let mut said = Said::default();
    said_by_type(ty, dialect, &mut said);
    names.iter().any(|name| said.says(name))
}

/// Whether a column goes that is of one of the types, or becomes one of another.
fn leaves(change: &TableChange, is_of: &dyn Fn(&SqlType) -> bool) -> bool {
    let computed = |column: &Column| matches!(column.value, ColumnValue::Generated { .. });
    match change {
        TableChange::AlterColumn { from, to } => {
            from.ty != to.ty && is_of(&from.ty) && !is_of(&to.ty) && !computed(from) && !computed(to)
        }
        TableChange::DropColumn(column) => is_of(&column.ty),
        _ => false,
    }
}

fn column_of(change: &TableChange) -> Option<&Name> {
    match change {
        TableChange::AlterColumn { from, .. } => Some(&from.name),
        TableChange::DropColumn(column) => Some(&column.name),
        _ => None,
    }
}

fn is_computed_from(table: &Table, column: &Name, dialect: &dyn Dialect) -> bool {
    table.columns.iter().any(|other| match &other.value {
        ColumnValue::Generated { expr, .. } => {
            let mut said = Said::default();
            said_by_expr(expr, dialect, &mut said);
            said.says_word(column)
        }
        _ => false,
    })
}

/// Whether a part goes that says one of the columns.
fn lets_go(change: &TableChange, going: &[Name], dialect: &dyn Dialect) -> bool {
    change.part().filter(|_| drops_part(change)).is_some_and(|part| {
        let said = said_by_part(part, dialect);
        let own = columns(part);
        going
            .iter()
            .any(|column| own.contains(&column) || said.says_word(column))
    })
}
