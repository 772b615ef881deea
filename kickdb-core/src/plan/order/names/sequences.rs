//! Sequences that pass from one owner to another: from a serial column to one of another table, to nobody, and back.
//!
//! A sequence goes with the column that owns it, and cannot be given to one that is not there yet. So it is nobody's while
//! everything else is done: its column has a plain default that draws from it, as any other column may. Its number stays.

mod drawn;

use std::collections::{BTreeMap, BTreeSet};

use self::drawn::{Drawn, is_said};
use super::Cleared;
use super::plain::Plain;
use crate::dialect::Dialect;
use crate::diff::{Change, TableChange, apply};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, Object, ObjectId, ObjectKind, Schema, Table};

/// A column, by its table.
type Place = (Qualified, Name);

/// A sequence that comes or goes: by itself, or as that of a serial column.
struct Sequence {
    /// As it is when nobody owns it.
    free: Object,
    /// As it is by itself; `None` for that of a serial column.
    object: Option<Object>,
    /// The column that it goes with.
    owner: Option<Place>,
}

type Sequences = BTreeMap<ObjectId, Sequence>;

/// `None` where none passes to another.
pub(super) fn release(from: &Schema, changes: &[Change], dialect: &dyn Dialect) -> Option<Cleared<'static>> {
    let (mut going, mut coming) = (going(changes, dialect), coming(changes, dialect));
    for (id, was, is) in changes.iter().filter_map(|change| altered(change, dialect)) {
        let made = places(changes, made);
        if was.owner != is.owner && is.owner.as_ref().is_some_and(|owner| made.have(owner)) {
            going.insert(id.clone(), was);
            coming.insert(id, is);
        }
    }
    let again = again(changes, dialect);
    if going.is_empty() && coming.is_empty() && again.is_empty() {
        return None;
    }
    let (drawn, gone) = (Drawn::of(from, dialect), places(changes, gone));
    let passes = |(id, was): &(&ObjectId, &Sequence)| match coming.get(*id) {
        Some(is) => was.owner != is.owner,
        None => waits(was, from, id, &gone, &drawn),
    };
    let passing = going.iter().filter(passes).map(|(id, _)| id.clone());
    let mut ids = passing.collect::<BTreeSet<_>>();
    let new = coming.iter().filter(|(id, _)| !going.contains_key(id));
    let new = new.filter(|(_, is)| is.owner.is_some()).collect::<Vec<_>>();
    if ids.is_empty() && new.is_empty() && again.is_empty() {
        return None;
    }
    let to = apply(changes, from);
    let (before, drawn, made) = (drawn, Drawn::of(&to, dialect), places(changes, made));
    let comes = |(id, is): &(&ObjectId, &Sequence)| match is.object {
        // Its table, or what that needs, may say it.
        Some(_) => is_said(id, &to, dialect),
        None => waits(is, &to, id, &made, &drawn),
    };
    ids.extend(new.into_iter().filter(comes).map(|(id, _)| id.clone()));
    for (id, was, is) in again {
        let others = |drawn: &Drawn, schema: &Schema| {
            let (table, _) = was.owner.as_ref()?;
            let family = schema.all_below(table);
            Some(drawn.by_functions(&id) || drawn.by_others(&id, table, &family))
        };
        if others(&before, from) == Some(true) || others(&drawn, &to) == Some(true) {
            ids.insert(id.clone());
            going.insert(id.clone(), was);
            coming.insert(id, is);
        }
    }
    if ids.is_empty() {
        return None;
    }
    let freed = Freed { ids, dialect };
    let first = freed.first(from, &going);
    let from = apply(&first, from);
    let mut rest = freed.rest(changes);
    let between = freed.ids.iter();
    rest.extend(between.filter_map(|id| remade(id.clone(), going.get(id), coming.get(id))));
    let last = freed.last(&apply(&rest, &from), &to, &coming);
    Some(Cleared {
        last,
        ..Cleared::new(first, from, rest)
    })
}

/// Whether one that has its owner only from now on, or no more, would be in the way of what draws from it.
fn waits(sequence: &Sequence, schema: &Schema, id: &ObjectId, places: &Places<'_>, drawn: &Drawn) -> bool {
    let Some((table, _)) = &sequence.owner else {
        return false;
    };
    match sequence.object {
        Some(_) => drawn.is_drawn(id) && sequence.owner.as_ref().is_some_and(|owner| places.have(owner)),
        // What draws from the counter of a table that comes or goes does so later, and stops before: tables, not functions.
        None => {
            let family = schema.all_below(table);
            let others = drawn.by_others(id, table, &family) && !places.tables.contains(table);
            drawn.by_functions(id) || others
        }
    }
}

/// What is done to it between.
fn remade(id: ObjectId, was: Option<&Sequence>, is: Option<&Sequence>) -> Option<Change> {
    match (was, is) {
        (Some(was), Some(is)) if was.free != is.free => Some(Change::AlterObject {
            id,
            from: was.free.clone(),
            to: is.free.clone(),
        }),
        (None, Some(is)) => Some(Change::CreateObject {
            id,
            object: is.free.clone(),
        }),
        (Some(was), None) => Some(Change::DropObject {
            id,
            object: was.free.clone(),
        }),
        _ => None,
    }
}

/// Tables and columns that come, or go.
#[derive(Default)]
struct Places<'a> {
    tables: BTreeSet<&'a Qualified>,
    columns: BTreeSet<(&'a Qualified, &'a Name)>,
}

impl Places<'_> {
    fn have(&self, (table, column): &Place) -> bool {
        self.tables.contains(table) || self.columns.contains(&(table, column))
    }
}

/// The places that `find` finds in the changes.
fn places<'a>(changes: &'a [Change], find: fn(&'a Change, &mut Places<'a>)) -> Places<'a> {
    let mut places = Places::default();
    changes.iter().for_each(|change| find(change, &mut places));
    places
}

fn made<'a>(change: &'a Change, places: &mut Places<'a>) {
    match change {
        Change::CreateTable(table) => drop(places.tables.insert(&table.name)),
        Change::AlterTable { to, changes, .. } => {
            let new = changes.iter().filter_map(|change| match change {
                TableChange::AddColumn(column) => Some((&to.name, &column.name)),
                _ => None,
            });
            places.columns.extend(new);
        }
        _ => {}
    }
}

fn gone<'a>(change: &'a Change, places: &mut Places<'a>) {
    match change {
        Change::DropTable(table) => drop(places.tables.insert(&table.name)),
        Change::AlterTable { to, changes, .. } => {
            let gone = changes.iter().filter_map(|change| match change {
                TableChange::DropColumn(column) => Some((&to.name, &column.name)),
                _ => None,
            });
            places.columns.extend(gone);
        }
        _ => {}
    }
}

/// The sequences that go, or that a column counts by no more. Tables are said by their new names.
fn going(changes: &[Change], dialect: &dyn Dialect) -> Sequences {
    let mut found = Sequences::new();
    for change in changes {
        match change {
            Change::DropTable(table) => found.extend(table.columns.iter().filter_map(|c| serial(table, c, dialect))),
            Change::AlterTable { from, to, changes } => {
                for change in changes {
                    let sequence = match change {
                        TableChange::DropColumn(column) => serial(from, column, dialect),
                        // A counter that takes another name stays that of its column.
                        TableChange::AlterColumn { from: was, to: is } if serial(to, is, dialect).is_none() => {
                            serial(from, was, dialect)
                        }
                        _ => None,
                    };
                    found.extend(sequence);
                }
            }
            Change::DropObject { id, object } => found.extend(own(id, object, dialect)),
            _ => {}
        }
    }
    found
}

/// The sequences that come, or that a column begins to count by.
fn coming(changes: &[Change], dialect: &dyn Dialect) -> Sequences {
    let mut found = Sequences::new();
    for change in changes {
        match change {
            Change::CreateTable(table) => found.extend(table.columns.iter().filter_map(|c| serial(table, c, dialect))),
            Change::AlterTable { from, to, changes } => {
                for change in changes {
                    let sequence = match change {
                        TableChange::AddColumn(column) => serial(to, column, dialect),
                        // Rows without a number get one along with the counter.
                        TableChange::AlterColumn { from: was, to: is } if was.nullable == is.nullable => {
                            serial(to, is, dialect).filter(|_| serial(from, was, dialect).is_none())
                        }
                        _ => None,
                    };
                    found.extend(sequence);
                }
            }
            Change::CreateObject { id, object } => found.extend(own(id, object, dialect)),
            _ => {}
        }
    }
    found
}

/// The sequences of columns that go on counting by them while their tables are made again, before and after: what else draws from
/// one does so all the while.
fn again(changes: &[Change], dialect: &dyn Dialect) -> Vec<(ObjectId, Sequence, Sequence)> {
    let mut found = Vec::new();
    for change in changes {
        let Change::AlterTable { from, to, changes } = change else {
            continue;
        };
        let remakes =
            |change: &TableChange| matches!(change, TableChange::Repartition { .. }) || dialect.respreads(from, change);
        if !changes.iter().any(remakes) {
            continue;
        }
        for column in &from.columns {
            let stays = to.column(&column.name).and_then(|is| serial(to, is, dialect));
            if let Some(((id, was), (same, is))) = serial(from, column, dialect).zip(stays)
                && id == same
            {
                found.push((id, was, is));
            }
        }
    }
    found
}

/// A sequence that changes where it is, before and after.
fn altered(change: &Change, dialect: &dyn Dialect) -> Option<(ObjectId, Sequence, Sequence)> {
    let Change::AlterObject { id, from, to } = change else {
        return None;
    };
    let ((id, was), (_, is)) = own(id, from, dialect).zip(own(id, to, dialect))?;
    Some((id, was, is))
}

fn own(id: &ObjectId, object: &Object, dialect: &dyn Dialect) -> Option<(ObjectId, Sequence)> {
    let sequence = || Sequence {
        free: dialect
            .loosened(id, object, &Object::default())
            .unwrap_or_else(|| object.clone()),
        object: Some(object.clone()),
        owner: dialect.owner(id, object),
    };
    (id.kind == ObjectKind::Sequence).then(|| (id.clone(), sequence()))
}

fn serial(table: &Table, column: &Column, dialect: &dyn Dialect) -> Option<(ObjectId, Sequence)> {
    let (_, id, free) = dialect.released(table, column)?;
    let sequence = Sequence {
        free,
        object: None,
        owner: Some((table.name.clone(), column.name.clone())),
    };
    Some((id, sequence))
}

/// Sequences that are nobody's for a while.
struct Freed<'a> {
    ids: BTreeSet<ObjectId>,
    dialect: &'a dyn Dialect,
}

impl Freed<'_> {
    /// The column without its sequence, where it counts by one of these.
    fn column(&self, table: &Table, column: &Column) -> Option<Column> {
        let (plain, id, _) = self.dialect.released(table, column)?;
        self.ids.contains(&id).then_some(plain)
    }

    /// What takes the sequences from their owners.
    fn first(&self, from: &Schema, going: &Sequences) -> Vec<Change> {
        let mut first = Vec::new();
        for (id, was) in self.ids.iter().filter_map(|id| going.get_key_value(id)) {
            match &was.object {
                Some(object) if *object != was.free => first.push(Change::AlterObject {
                    id: id.clone(),
                    from: object.clone(),
                    to: was.free.clone(),
                }),
                Some(_) => {}
                None => first.push(Change::CreateObject {
                    id: id.clone(),
                    object: was.free.clone(),
                }),
            }
        }
        first.extend(self.with_plain(|plain| plain.first(from)));
        first
    }

    /// With the columns that count by none of these.
    fn with_plain<T>(&self, then: impl FnOnce(&Plain<'_>) -> T) -> T {
        let column = |table: &Table, column: &Column| self.column(table, column);
        then(&Plain { column: &column })
    }

    /// The changes between schemas in which nobody owns them.
    fn rest(&self, changes: &[Change]) -> Vec<Change> {
        let own = |change: &Change| match change {
            Change::CreateObject { id, .. } | Change::DropObject { id, .. } | Change::AlterObject { id, .. } => {
                self.ids.contains(id)
            }
            _ => false,
        };
        let rest = changes.iter().filter(|change| !own(change)).cloned();
        self.with_plain(|plain| plain.rest(rest))
    }

    /// What gives them to their new owners; `now` is the schema before, `to` after.
    fn last(&self, now: &Schema, to: &Schema, coming: &Sequences) -> Vec<Change> {
        let mut last = self.with_plain(|plain| plain.last(now, to));
        for (id, is) in self.ids.iter().filter_map(|id| coming.get_key_value(id)) {
            if let Some(object) = is.object.as_ref().filter(|object| **object != is.free) {
                last.push(Change::AlterObject {
                    id: id.clone(),
                    from: is.free.clone(),
                    to: object.clone(),
                });
            }
        }
        last
    }
}
