//! The tables that a table reaches without a foreign key: through the functions that its defaults, checks, computed columns and
//! indexes call, and through the types of its columns.
//!
//! The server runs a function's body, or takes it into the expression that calls it, as soon as a statement touches what calls
//! it: what the body reads must be there by then, and as it will be.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::Kinds;
use super::names::indexes::keys_of;
use super::objects::{said_by, said_by_part, said_by_type, says};
use super::rows::named;
use crate::dialect::{Dialect, Uses};
use crate::diff::{Change, TableChange};
use crate::ident::Qualified;
use crate::ir::{Column, ObjectId, ObjectKind, Schema, Table};
use crate::lex::Said;

/// What is reached in one schema.
pub(super) struct Reach<'a> {
    schema: &'a Schema,
    dialect: &'a dyn Dialect,
    /// The tables and objects, by their name in lower case.
    by_word: BTreeMap<String, Vec<Thing<'a>>>,
    uses: RefCell<BTreeMap<&'a ObjectId, Uses>>,
}

#[derive(Clone, Copy)]
enum Thing<'a> {
    Table(&'a Qualified),
    Object(&'a ObjectId),
}

impl<'a> Reach<'a> {
    pub(super) fn of(schema: &'a Schema, dialect: &'a dyn Dialect) -> Self {
        let mut by_word = BTreeMap::<String, Vec<Thing<'_>>>::new();
        let lower = |name: &Qualified| name.name.as_str().to_lowercase();
        if schema.objects.keys().any(|id| leads_on(id.kind)) {
            for name in schema.tables.keys() {
                by_word.entry(lower(name)).or_default().push(Thing::Table(name));
            }
            for id in schema.objects.keys().filter(|id| leads_on(id.kind)) {
                by_word.entry(lower(&id.name)).or_default().push(Thing::Object(id));
            }
        }
        Self {
            schema,
            dialect,
            by_word,
            uses: RefCell::default(),
        }
    }

    /// The tables that all of a table reaches.
    pub(super) fn from(&self, table: &Table) -> BTreeSet<&'a Qualified> {
        let mut found = self.called_by(table);
        for column in &table.columns {
            found.extend(self.held(column));
        }
        found.remove(&table.name);
        found
    }

    /// The tables that an alteration reaches: through what its table calls then, and through the types of columns that get them.
    fn by_alteration(&self, table: &Qualified, changes: &[TableChange]) -> BTreeSet<&'a Qualified> {
        let calling = self.schema.tables.get(table);
        let mut found = calling.map(|table| self.called_by(table)).unwrap_or_default();
        for change in changes {
            match change {
                TableChange::AddColumn(column) => found.extend(self.held(column)),
                TableChange::AlterColumn { from, to } if from.ty != to.ty => found.extend(self.held(to)),
                // What it says of a row in a column is a column of that row's table.
                TableChange::AddPart(part) => {
                    let said = said_by_part(part, self.dialect);
                    let columns = calling.iter().flat_map(|table| &table.columns);
                    let read = columns.filter(|column| named(&column.ty).is_some() && said.says_word(&column.name));
                    found.extend(read.flat_map(|column| self.held(column)));
                }
                _ => {}
            }
        }
        found.remove(table);
        found
    }

    fn called_by(&self, table: &Table) -> BTreeSet<&'a Qualified> {
        match self.by_word.is_empty() {
            true => BTreeSet::new(),
            false => self.through(&said_by(table, self.dialect)),
        }
    }

    /// The tables whose rows are in values of the column.
    fn held(&self, column: &Column) -> BTreeSet<&'a Qualified> {
        let mut said = Said::default();
        said_by_type(&column.ty, self.dialect, &mut said);
        let mut found = self.through(&said);
        let own = named(&column.ty).and_then(|name| self.schema.tables.get(name));
        found.extend(own.map(|table| &table.name));
        found
    }

    /// The tables behind the objects that an expression or a type says.
    fn through(&self, said: &Said) -> BTreeSet<&'a Qualified> {
        let mut found = BTreeSet::new();
        let (mut met, mut open) = (BTreeSet::new(), Vec::new());
        let serves = |thing: &Thing<'a>| match thing {
            Thing::Object(id) if id.kind.serves_tables() && says(said, id) => Some(*id),
            _ => None,
        };
        open.extend(self.words(said).filter_map(|thing| serves(&thing)));
        while let Some(id) = open.pop() {
            if !met.insert(id) {
                continue;
            }
            let Some(object) = self.schema.objects.get(id) else {
                continue;
            };
            let mut uses = self.uses.borrow_mut();
            let uses = uses.entry(id).or_insert_with(|| self.dialect.uses(id, object));
            for said in [&uses.held, &uses.said] {
                for thing in self.words(said) {
                    match thing {
                        Thing::Table(name) if said.says(name) => {
                            found.insert(name);
                        }
                        Thing::Object(other) if says(said, other) => open.push(other),
                        _ => {}
                    }
                }
            }
        }
        found
    }

    fn words<'s>(&'s self, said: &'s Said) -> impl Iterator<Item = Thing<'a>> + 's {
        said.words()
            .filter_map(|word| self.by_word.get(word))
            .flatten()
            .copied()
    }
}

/// Whether what says the object reaches what that says. A sequence only knows the column that owns it.
fn leads_on(kind: ObjectKind) -> bool {
    kind != ObjectKind::Sequence
        && (kind.serves_tables() || matches!(kind, ObjectKind::View | ObjectKind::MaterializedView))
}

/// Brings each alteration behind those of the tables that it reaches; and before those that it reaches no more.
pub(super) fn sort(alter: &mut Vec<Change>, before: &Reach<'_>, after: &Reach<'_>) {
    if alter.len() < 2 {
        return;
    }
    let mut places = BTreeMap::<&Qualified, Vec<usize>>::new();
    for (at, change) in alter.iter().enumerate() {
        if let Change::AlterTable { to, .. } = change {
            places.entry(&to.name).or_default().push(at);
        }
    }
    let mut waits = vec![BTreeSet::new(); alter.len()];
    for (at, change) in alter.iter().enumerate() {
        let Change::AlterTable { to, changes, .. } = change else {
            continue;
        };
        let reached = after.by_alteration(&to.name, changes);
        let left = before.schema.tables.get(&to.name);
        let left = left.map(|table| before.from(table)).unwrap_or_default();
        let own = |name: &Qualified| places.get(name).into_iter().flatten().copied();
        waits[at].extend(reached.iter().copied().flat_map(own));
        for name in left.into_iter().filter(|name| !reached.contains(*name)) {
            for other in own(name) {
                waits[other].insert(at);
            }
        }
    }
    if waits.iter().all(BTreeSet::is_empty) {
        return;
    }
    let mut left = std::mem::take(alter).into_iter().map(Some).collect::<Vec<_>>();
    let mut pending = (0..left.len()).collect::<BTreeSet<_>>();
    while let Some(first) = pending.first().copied() {
        let ready = pending.iter().find(|at| waits[**at].is_disjoint(&pending)).copied();
        // What reaches each other has no order.
        let next = ready.unwrap_or(first);
        pending.remove(&next);
        alter.extend(left[next].take());
    }
}

/// The new tables that alterations reach, and those that these cannot do without: they come before any table changes.
pub(super) fn ahead(kinds: &Kinds, remade: &[Change], reach: &Reach<'_>) -> BTreeSet<Qualified> {
    let new = kinds.create_tables.iter().map(|table| (&table.name, &**table));
    let new = new.collect::<BTreeMap<&Qualified, &Table>>();
    let mut open = Vec::new();
    for change in kinds.alter.iter().filter(|_| !new.is_empty()) {
        if let Change::AlterTable { to, changes, .. } = change {
            let reached = reach.by_alteration(&to.name, changes);
            open.extend(reached.into_iter().filter_map(|name| new.get(name).copied()));
        }
    }
    let mut found = BTreeSet::new();
    if open.is_empty() {
        return found;
    }
    let later = must_wait(kinds, remade, &new);
    while let Some(table) = open.pop() {
        if later.contains(&table.name) || !found.insert(table.name.clone()) {
            continue;
        }
        let more = reach.from(table).into_iter().chain(table.parents());
        open.extend(more.filter_map(|name| new.get(name).copied()));
    }
    found
}

/// The new tables that are made of one that changes itself, or take a name that is not free before.
fn must_wait(kinds: &Kinds, remade: &[Change], new: &BTreeMap<&Qualified, &Table>) -> BTreeSet<Qualified> {
    let altered = kinds.alter.iter().chain(remade).flat_map(|change| match change {
        Change::AlterTable { to, .. } => vec![to.name.clone()],
        Change::Repartition { to, .. } => to.iter().map(|table| table.name.clone()).collect(),
        _ => Vec::new(),
    });
    let enums = kinds.drop_enums.iter().filter_map(|change| match change {
        Change::DropEnum(e) => Some(e.name.clone()),
        _ => None,
    });
    let dropped = kinds
        .drop_tables
        .iter()
        .map(|table| &table.name)
        .collect::<BTreeSet<_>>();
    let takes = |table: &Table| {
        let keys = keys_of(table).map(|key| key.name().clone());
        let mut names = table.indexes.keys().cloned().chain(keys);
        names.any(|name| dropped.contains(&table.name.sibling(name)))
    };
    let mut later = altered.chain(enums).collect::<BTreeSet<_>>();
    later.extend(
        new.values()
            .filter(|table| takes(table))
            .map(|table| table.name.clone()),
    );
    let mut known = 0;
    while later.len() > known {
        known = later.len();
        let of_later = |table: &&&Table| {
            let types = table.columns.iter().filter_map(|column| named(&column.ty));
            types.chain(table.parents()).any(|name| later.contains(name))
        };
        let more = new.values().filter(of_later).map(|table| table.name.clone());
        let more = more.collect::<Vec<_>>();
        later.extend(more);
    }
    later
}
