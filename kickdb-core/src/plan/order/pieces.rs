//! An alteration in pieces: most of it stands among the alterations, some before all of them, some behind.

use std::collections::{BTreeMap, BTreeSet};

use super::foreign_keys::Detached;
use super::names::indexes::{dropped_key, keys_of};
use super::{Kinds, piece};
use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Schema, Table};

/// What decides where a piece of an alteration stands.
pub(super) struct Pieces {
    /// Whether foreign keys can be dropped and added on their own.
    pub(super) detach: bool,
    /// The foreign keys that are off while what they rest on changes.
    pub(super) detached: Detached,
    /// The names of indexes that pass from one table to another.
    pub(super) moved: BTreeSet<Qualified>,
    /// The names of tables that go, where indexes could have them.
    pub(super) taken: BTreeSet<Qualified>,
}

impl Pieces {
    /// What goes before anything is altered: foreign keys, and indexes whose names are needed elsewhere.
    pub(super) fn first(&self, kinds: &Kinds, middle: &Schema) -> Vec<Change> {
        let mut drops = BTreeMap::<Qualified, Vec<TableChange>>::new();
        for change in &kinds.alter {
            if let Change::AlterTable { to, changes, .. } = change {
                let early = changes.iter().filter(|change| self.is_first(&to.name, change));
                let early = early.cloned().collect::<Vec<_>>();
                add(&mut drops, &to.name, early);
            }
        }
        for (table, key) in self.detached.gone() {
            add(
                &mut drops,
                table,
                vec![TableChange::DropPart(Part::ForeignKey(key.clone()))],
            );
        }
        for table in &kinds.drop_tables {
            if let Some(now) = middle.tables.get(&table.name) {
                add(&mut drops, &table.name, self.of_dropped(now));
            }
        }
        foreign_keys_first(drops)
    }

    fn is_first(&self, table: &Qualified, change: &TableChange) -> bool {
        match change {
            TableChange::DropPart(Part::ForeignKey(_)) => self.detach,
            TableChange::DropPart(Part::Index(index)) => self.is_moved(table, &index.name),
            other => dropped_key(other).is_some_and(|name| self.is_moved(table, name)),
        }
    }

    /// The indexes of a table that goes whose names others get before it is gone.
    fn of_dropped(&self, table: &Table) -> Vec<TableChange> {
        let named = |name: &Name| self.is_moved(&table.name, name);
        let indexes = table.indexes.values().filter(|index| named(&index.name));
        let indexes = indexes.cloned().map(Part::Index);
        let keys = keys_of(table).filter(|key| named(key.name()));
        indexes.chain(keys).map(TableChange::DropPart).collect()
    }

    fn is_moved(&self, table: &Qualified, index: &Name) -> bool {
        !self.moved.is_empty() && self.moved.contains(&table.sibling(index.clone()))
    }

    /// What stands among the alterations.
    pub(super) fn rest(&self, change: &Change) -> Option<Change> {
        let Change::AlterTable { to, changes, .. } = change else {
            return matches!(change, Change::Fill { .. }).then(|| change.clone());
        };
        let stays = |change: &&TableChange| match change {
            TableChange::DropPart(Part::ForeignKey(_)) | TableChange::AddPart(Part::ForeignKey(_)) => !self.detach,
            TableChange::Leave { .. } | TableChange::Join { .. } => false,
            // A key that is taken off and put on again is put on under its new name.
            TableChange::RenameConstraint { from, .. } => !self.detached.is_gone(&to.name, from),
            // And as it will be.
            TableChange::AlterPart {
                from: Part::ForeignKey(key),
                ..
            } => !self.detached.is_gone(&to.name, &key.name),
            other => !self.is_first(&to.name, other) && !self.takes_name(&to.name, other),
        };
        some(&to.name, changes.iter().filter(stays).cloned().collect())
    }

    /// The indexes that come when the tables are gone whose names they take.
    pub(super) fn behind_dropped_tables(&self, change: &Change) -> Option<Change> {
        let Change::AlterTable { to, changes, .. } = change else {
            return None;
        };
        let waits = changes.iter().filter(|change| self.takes_name(&to.name, change));
        some(&to.name, waits.cloned().collect())
    }

    fn takes_name(&self, table: &Qualified, change: &TableChange) -> bool {
        let name = match change {
            TableChange::AddPart(Part::Index(index)) => &index.name,
            TableChange::RenameIndex { to, .. } => to,
            _ => return false,
        };
        !self.taken.is_empty() && self.taken.contains(&table.sibling(name.clone()))
    }

    /// The foreign keys that come, and those that come back.
    pub(super) fn foreign_keys(&mut self, alter: &[Change]) -> Vec<Change> {
        let mut pieces = Vec::new();
        for change in alter {
            if let Change::AlterTable { to, changes, .. } = change {
                let comes =
                    |change: &&TableChange| self.detach && matches!(change, TableChange::AddPart(Part::ForeignKey(_)));
                let mut added = changes.iter().filter(comes).cloned().collect::<Vec<_>>();
                added.extend(
                    self.detached
                        .back(&to.name)
                        .into_iter()
                        .map(Part::ForeignKey)
                        .map(TableChange::AddPart),
                );
                pieces.extend(some(&to.name, added));
            }
        }
        pieces.extend(self.detached.back_elsewhere());
        pieces
    }
}

fn some(table: &Qualified, mut changes: Vec<TableChange>) -> Option<Change> {
    changes.shrink_to_fit();
    (!changes.is_empty()).then(|| piece(table, changes))
}

fn add(drops: &mut BTreeMap<Qualified, Vec<TableChange>>, table: &Qualified, changes: Vec<TableChange>) {
    if !changes.is_empty() {
        drops.entry(table.clone()).or_default().extend(changes);
    }
}

/// MySQL keeps an index as long as a foreign key needs it, and PostgreSQL the key that it points at.
fn foreign_keys_first(mut drops: BTreeMap<Qualified, Vec<TableChange>>) -> Vec<Change> {
    let is_key = |change: &mut TableChange| matches!(change, TableChange::DropPart(Part::ForeignKey(_)));
    let mut first = Vec::new();
    for (table, changes) in &mut drops {
        first.extend(some(table, changes.extract_if(.., is_key).collect()));
    }
    first.extend(drops.into_iter().filter_map(|(table, changes)| some(&table, changes)));
    first
}
