//! Views, functions, triggers and the like between the changes of tables.
//!
//! * `room`: which of them make room for the changes.
//! * `parts`: the parts of tables that step aside for a function that makes room.
//! * `woken`: the triggers that values for rows would start.
//! * `retyped`: the columns that leave a type before that is made again.
//! * `weave`: where each of them stands; `steps` knows the changes of tables, and `graph` who needs whom.
//! * `through`: what they are held to without saying it.
//! * `said`: the names that tables say; `classes`: the operator classes that their keys need.

mod classes;
mod graph;
mod parts;
mod retyped;
mod room;
mod said;
mod steps;
mod through;
mod weave;
mod woken;

use std::collections::BTreeMap;

pub(super) use self::retyped::{changing, leave_first, says_any};
pub(super) use self::said::{said_by, said_by_part, said_by_type, says};
use self::woken::Woken;
use super::{Tables, settle};
use crate::dialect::Dialect;
use crate::diff::Change;
use crate::ir::{Object, ObjectId, Schema};

/// Weaves objects into the changes of everything else, of which the first `named` give things their new names.
pub(super) fn weave(
    objects: Vec<Change>,
    mut chain: Vec<Change>,
    named: usize,
    (from, to): (&Schema, &Schema),
    (tables, dialect): (Tables, &dyn Dialect),
) -> Vec<Change> {
    let mut work = Work::of(objects, tables, dialect);
    work.leave_to_tables(&chain, to);
    work.make_room(from, to, &chain, named);
    if work.detach_parts(from, to, &mut chain, named) {
        settle(&mut chain, from, to, dialect);
        // A computed column that steps aside needs room, too.
        work.make_room(from, to, &chain, named);
    }
    work.weave(chain, named, to)
}

/// What is to be done with one object.
#[derive(Debug, Default)]
struct Task {
    drop: Option<Object>,
    make: Option<Object>,
    /// Changed where it is.
    alter: Option<(Object, Object)>,
    /// Changed where it is before any table is.
    loosen: Option<(Object, Object)>,
}

/// What is to be done with the objects of a schema.
struct Work<'a> {
    dialect: &'a dyn Dialect,
    tables: Tables,
    tasks: BTreeMap<ObjectId, Task>,
    woken: Woken,
}

impl<'a> Work<'a> {
    fn of(changes: Vec<Change>, tables: Tables, dialect: &'a dyn Dialect) -> Self {
        let mut work = Self {
            dialect,
            tables,
            tasks: BTreeMap::new(),
            woken: Woken::default(),
        };
        changes.into_iter().for_each(|change| work.take(change));
        work
    }

    fn take(&mut self, change: Change) {
        match change {
            Change::CreateObject { id, object } => self.tasks.entry(id).or_default().make = Some(object),
            Change::DropObject { id, object } => self.tasks.entry(id).or_default().drop = Some(object),
            Change::AlterObject { id, from, to } => {
                let in_place = self.dialect.alters_in_place(&id, &from, &to);
                let loosened = self.dialect.loosened(&id, &from, &to);
                let task = self.tasks.entry(id).or_default();
                if in_place {
                    task.loosen = loosened.map(|between| (from.clone(), between));
                    let from = task.loosen.as_ref().map_or(from, |(_, between)| between.clone());
                    task.alter = Some((from, to));
                } else {
                    task.drop = Some(from);
                    task.make = Some(to);
                }
            }
            _ => {}
        }
    }
}
