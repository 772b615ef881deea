//! Columns that hold the text of rows while the table of those is rewritten.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Rows;
use crate::dialect::Dialect;
use crate::diff::{Change, Facets, TableChange, apply_one};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Schema, SqlType, Table};
use crate::plan::order::objects::said_by_part;
use crate::plan::order::parts::{drops_part, parts};
use crate::plan::order::piece;

/// What makes room for tables that are rewritten while columns hold their rows.
#[derive(Default)]
pub(in crate::plan::order) struct Parked {
    /// Parts of the alterations that can come while columns hold rows of the table, and must: the text of a row is that of all
    /// columns.
    pub(in crate::plan::order) first: Vec<Change>,
    /// Columns of rows become texts.
    pub(in crate::plan::order) away: Vec<Change>,
    /// Columns of rows again, when all tables are altered.
    pub(in crate::plan::order) back: Vec<Change>,
}

impl Parked {
    /// The schema at the end, but for the columns that are still texts, and those that go when no text has them any more.
    pub(in crate::plan::order) fn during<'s>(&self, end: &'s Schema, dialect: &dyn Dialect) -> Cow<'s, Schema> {
        let mut during = Cow::Borrowed(end);
        for change in &self.back {
            let Change::AlterTable { to, changes, .. } = change else {
                continue;
            };
            let texts = changes.iter().filter_map(|change| match change {
                TableChange::AlterColumn { from, to } => Some(TableChange::AlterColumn {
                    from: to.clone(),
                    to: from.clone(),
                }),
                TableChange::DropColumn(column) => Some(TableChange::AddColumn(column.clone())),
                _ => None,
            });
            let texts = piece(&to.name, texts.collect());
            apply_one(&texts, during.to_mut());
            dialect.spread(&texts, during.to_mut());
        }
        during
    }
}

/// Brings what holds rows of a table that is rewritten out of its way: such columns hold the text of the rows in the meantime.
pub(in crate::plan::order) fn park(
    alter: &mut [Change],
    remade: &[Change],
    gone: &BTreeSet<Qualified>,
    (middle, to): (&Schema, &Schema),
    (rows, dialect): (&Rows<'_>, &dyn Dialect),
) -> Parked {
    let mut rewritten = alter.iter().filter_map(rewritten).cloned().collect::<BTreeSet<_>>();
    for change in remade {
        if let Change::Repartition { from, .. } = change {
            rewritten.extend(from.iter().map(|table| table.name.clone()));
        }
    }
    let found = holders(&mut rewritten, gone, middle, rows);
    // Rows of a table come when that is as it will be.
    alter.sort_by_key(|change| gains(change, &rewritten, rows));
    let held = found
        .iter()
        .flat_map(|(_, column)| rows.held(&column.ty))
        .collect::<BTreeSet<_>>();
    let mut parked = Parked {
        first: alter
            .iter_mut()
            .filter_map(|change| first(change, &held, rows))
            .collect(),
        ..Parked::default()
    };
    // The text of a row has a place for what comes with a value, too.
    let held_tables = |change: &&Change| matches!(change, Change::AlterTable { to, .. } if held.contains(&to.name));
    let mut places = alter.iter().filter(held_tables).filter_map(places).collect::<Vec<_>>();
    for (name, goes, comes) in reshaped(remade, &held) {
        parked.first.push(piece(&name, goes));
        places.extend(empty(comes).map(|columns| (name, columns)));
    }
    let Parked { first, away, back } = &mut parked;
    for (table, column) in found {
        let text = Column {
            ty: SqlType::Text,
            value: ColumnValue::Required,
            ..column.clone()
        };
        let mut steps = vec![TableChange::AlterColumn {
            from: column.clone(),
            to: text.clone(),
        }];
        let (off, on) = computed_parts(alter, table, &column.name, middle, dialect);
        steps.splice(0..0, off);
        away.push(piece(&table.name, steps));
        if let Some(to) = end(alter, table, &column.name, &text, column) {
            back.push(piece(&table.name, vec![TableChange::AlterColumn { from: text, to }]));
        }
        back.extend((!on.is_empty()).then(|| piece(&table.name, on)));
    }
    back.extend(left_over(remade, to));
    away.reverse();
    for (table, columns) in places {
        let added = columns.iter().cloned().map(TableChange::AddColumn);
        first.push(piece(&table, added.collect()));
        away.push(piece(
            &table,
            columns.into_iter().map(TableChange::DropColumn).collect(),
        ));
    }
    parked
}

/// The columns that hold rows of tables that are rewritten, each with its table. Whoever holds such rows is rewritten by it.
fn holders<'s>(
    rewritten: &mut BTreeSet<Qualified>,
    gone: &BTreeSet<Qualified>,
    middle: &'s Schema,
    rows: &Rows<'_>,
) -> Vec<(&'s Table, &'s Column)> {
    let mut found = Vec::new();
    if rewritten.is_empty() {
        return found;
    }
    let own = |column: &&Column| !matches!(column.value, ColumnValue::Generated { .. });
    // What comes from above is altered there.
    let stays = |table: &&Table| !gone.contains(&table.name) && table.parents().next().is_none();
    let columns = middle.tables.values().filter(stays);
    let columns = columns.flat_map(|table| table.columns.iter().filter(own).map(move |column| (table, column)));
    let mut holders = columns
        .filter(|(_, column)| rows.any(&column.ty, |_| true))
        .collect::<Vec<_>>();
    loop {
        let is_hit = |(_, column): &mut (&Table, &Column)| rows.any(&column.ty, |name| rewritten.contains(name));
        let hit = holders.extract_if(.., is_hit).collect::<Vec<_>>();
        if hit.is_empty() {
            return found;
        }
        rewritten.extend(hit.iter().map(|(table, _)| table.name.clone()));
        found.extend(hit);
    }
}

/// The checks and indexes that compute something from a column: what takes them off, and what puts those on again that stay.
fn computed_parts(
    alter: &mut [Change],
    table: &Table,
    column: &Name,
    middle: &Schema,
    dialect: &dyn Dialect,
) -> (Vec<TableChange>, Vec<TableChange>) {
    let (mut off, mut on) = (Vec::new(), Vec::new());
    // Those of partitions come and go by name.
    if !middle.all_below(&table.name).is_empty() {
        return (off, on);
    }
    let own = alter.iter_mut().find_map(|change| match change {
        Change::AlterTable { to, changes, .. } if to.name == table.name => Some(changes),
        _ => None,
    });
    let mut none = Vec::new();
    let changes = own.unwrap_or(&mut none);
    let goes = |change: &TableChange| matches!(change, TableChange::DropColumn(gone) if gone.name == *column);
    let stays = !changes.iter().any(goes);
    let computing = parts(table).filter(|part| said_by_part(part, dialect).says_word(column));
    for part in computing {
        let gone = TableChange::DropPart(part.clone());
        let at = changes.iter().position(|change| *change == gone);
        match at {
            Some(at) => {
                changes.remove(at);
            }
            None if stays => on.push(TableChange::AddPart(part)),
            None => {}
        }
        off.push(gone);
    }
    let comes = |change: &mut TableChange| matches!(change, TableChange::AddPart(part) if said_by_part(part, dialect).says_word(column));
    on.extend(changes.extract_if(.., comes));
    (off, on)
}

/// Empty columns in place of those that come, in their order.
fn places(change: &Change) -> Option<(Qualified, Vec<Column>)> {
    let Change::AlterTable { to, changes, .. } = change else {
        return None;
    };
    let added = changes.iter().filter_map(|change| match change {
        TableChange::AddColumn(column) => Some(column),
        _ => None,
    });
    empty(added.collect()).map(|columns| (to.name.clone(), columns))
}

fn empty(mut added: Vec<&Column>) -> Option<Vec<Column>> {
    // The computed ones come behind those that they are computed from.
    added.sort_by_key(|column| matches!(column.value, ColumnValue::Generated { .. }));
    let empty = added.into_iter().map(|column| Column {
        collation: column.collation.clone(),
        ..Column::new(column.name.clone(), column.ty.clone())
    });
    let empty = empty.map(|column| Column {
        nullable: true,
        ..column
    });
    let empty = empty.collect::<Vec<_>>();
    (!empty.is_empty()).then_some(empty)
}

/// The tables that are made again while columns hold rows of them, with what takes columns from them, and the columns that they
/// gain.
fn reshaped<'c>(
    remade: &'c [Change],
    held: &BTreeSet<&Qualified>,
) -> Vec<(Qualified, Vec<TableChange>, Vec<&'c Column>)> {
    let mut found = Vec::new();
    for change in remade {
        let Change::Repartition { from, to } = change else {
            continue;
        };
        if !from.iter().any(|table| held.contains(&table.name)) {
            continue;
        }
        // The others change with those that they are a part of.
        let is_part = |table: &Table| {
            let place = table.partition.as_ref();
            place.is_some_and(|place| from.iter().any(|other| other.name == place.of))
        };
        for now in from.iter().filter(|table| !is_part(table)) {
            let Some(end) = to.iter().find(|table| table.name == now.name) else {
                continue;
            };
            let goes = now.columns.iter().filter(|column| end.column(&column.name).is_none());
            let goes = goes.cloned().map(TableChange::DropColumn).collect();
            let comes = end.columns.iter().filter(|column| now.column(&column.name).is_none());
            found.push((now.name.clone(), goes, comes.collect()));
        }
    }
    found
}

/// What takes from tables that are made again the columns that only the texts of their rows have.
fn left_over(remade: &[Change], to: &Schema) -> Vec<Change> {
    let tables = remade.iter().flat_map(|change| match change {
        Change::Repartition { to, .. } => to.as_slice(),
        _ => &[],
    });
    // Those of partitions go with those above.
    let tops = tables.filter(|table| table.partition.is_none());
    let left = tops.filter_map(|table| {
        let end = to.tables.get(&table.name)?;
        let gone = table.columns.iter().filter(|column| end.column(&column.name).is_none());
        let gone = gone.cloned().map(TableChange::DropColumn).collect::<Vec<_>>();
        (!gone.is_empty()).then(|| piece(&table.name, gone))
    });
    left.collect()
}

/// Takes out of an alteration what goes, and columns that come without values.
fn first(change: &mut Change, held: &BTreeSet<&Qualified>, rows: &Rows<'_>) -> Option<Change> {
    let Change::AlterTable { to, changes, .. } = change else {
        return None;
    };
    if !held.contains(&to.name) {
        return None;
    }
    let empty = |column: &Column| column.nullable && column.value == ColumnValue::Required;
    let all_empty = changes.iter().all(|change| match change {
        TableChange::AddColumn(column) => empty(column),
        _ => true,
    });
    let is_free = |change: &mut TableChange| match change {
        TableChange::AddColumn(_) => all_empty,
        // One that holds rows itself goes as a text.
        TableChange::DropColumn(column) => !rows.any(&column.ty, |name| held.contains(name)),
        change => drops_part(change),
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

fn gains(change: &Change, rewritten: &BTreeSet<Qualified>, rows: &Rows<'_>) -> bool {
    let Change::AlterTable { changes, .. } = change else {
        return false;
    };
    changes.iter().any(|change| match change {
        TableChange::AddColumn(column) | TableChange::AlterColumn { to: column, .. } => {
            rows.any(&column.ty, |name| rewritten.contains(name))
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
