//! Foreign keys that must be taken off while what they rest on changes.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::Reach;
use super::tables::creation_order;
use super::{Kinds, piece};
use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, ForeignKey, IndexKey, Schema, Table};

/// Foreign keys that are dropped early although the diff says nothing of them, and how they come back.
#[derive(Debug, Default)]
pub(super) struct Detached {
    gone: BTreeMap<(Qualified, Name), ForeignKey>,
    back: BTreeMap<Qualified, Vec<ForeignKey>>,
}

impl Detached {
    pub(super) fn gone(&self) -> impl Iterator<Item = (&Qualified, &ForeignKey)> {
        self.gone.iter().map(|((table, _), key)| (table, key))
    }

    fn take(&mut self, table: &Qualified, key: &ForeignKey) {
        self.gone.insert((table.clone(), key.name.clone()), key.clone());
    }

    /// Takes a key off, and puts it on again as it will be.
    pub(super) fn set_aside(&mut self, table: &Qualified, key: &ForeignKey, back: &ForeignKey) {
        if !self.is_gone(table, &key.name) {
            self.take(table, key);
            self.back.entry(table.clone()).or_default().push(back.clone());
        }
    }

    /// A key that has gone already.
    pub(super) fn comes_back(&mut self, table: &Qualified, key: ForeignKey) {
        self.back.entry(table.clone()).or_default().push(key);
    }

    pub(super) fn is_gone(&self, table: &Qualified, key: &Name) -> bool {
        !self.gone.is_empty() && self.gone.contains_key(&(table.clone(), key.clone()))
    }

    /// Takes out the keys that come back to a table.
    pub(super) fn back(&mut self, table: &Qualified) -> Vec<ForeignKey> {
        self.back.remove(table).unwrap_or_default()
    }

    /// Takes out the keys that come back to tables that are not altered otherwise.
    pub(super) fn back_elsewhere(&mut self) -> Vec<Change> {
        let elsewhere = std::mem::take(&mut self.back).into_iter();
        elsewhere
            .map(|(table, keys)| {
                piece(
                    &table,
                    keys.into_iter()
                        .map(Part::ForeignKey)
                        .map(TableChange::AddPart)
                        .collect(),
                )
            })
            .collect()
    }
}

/// What changes of a table that a foreign key can rest on.
#[derive(Default)]
struct Disturbed<'a> {
    columns: BTreeSet<&'a Name>,
    keys: Vec<BTreeSet<&'a Name>>,
}

/// `shared` where the keys of all tables share their names.
pub(super) fn detached(
    middle: &Schema,
    to: &Schema,
    kinds: &Kinds,
    remade: &[Change],
    reach: &Reach<'_>,
    dialect: &dyn Dialect,
) -> Detached {
    let shared = dialect.caps().shared_foreign_key_names;
    let mut found = Detached::default();
    let alter = &kinds.alter;
    let mut by_table = BTreeMap::<&Qualified, Disturbed<'_>>::new();
    for (table, changes) in alterations(alter) {
        let Disturbed { columns, keys } = disturbed(table, changes, dialect);
        if !columns.is_empty() || !keys.is_empty() {
            let all = by_table.entry(&table.name).or_default();
            all.columns.extend(columns);
            all.keys.extend(keys);
        }
    }
    let disturbed = with_those_below(by_table, middle);
    let remade = Remade::of(remade);
    if !disturbed.is_empty() || !remade.before.is_empty() {
        rests_on(&disturbed, &remade, middle, to, alter, &mut found);
    }
    // Their own keys go with them.
    for table in remade.after.iter().filter_map(|name| to.tables.get(name)) {
        let keys = table.foreign_keys.values().cloned();
        found.back.entry(table.name.clone()).or_default().extend(keys);
    }

    if shared {
        take_names(middle, to, alter, &mut found);
    }

    // Tables that point at each other: one of the keys goes before the tables do.
    let dropped = kinds
        .drop_tables
        .iter()
        .filter_map(|table| middle.tables.get(&table.name))
        .collect::<Vec<_>>();
    let (_, cut) = creation_order(&dropped, reach);
    for (at, names) in cut {
        let keys = names.iter().filter_map(|name| dropped[at].foreign_keys.get(name));
        keys.for_each(|key| found.take(&dropped[at].name, key));
    }

    // What a table that goes points at can go before it does.
    for table in dropped {
        let resting = table.foreign_keys.values().filter(|key| loses_its_target(key, alter));
        for key in resting.filter(|key| key.references != table.name) {
            found.take(&table.name, key);
        }
    }
    found
}

/// Whether a column that the key points at goes, or an index over its columns, which need not be unique everywhere (InnoDB).
fn loses_its_target(key: &ForeignKey, alter: &[Change]) -> bool {
    let changes = alterations(alter).filter(|(table, _)| table.name == key.references);
    changes.flat_map(|(_, changes)| changes).any(|change| match change {
        TableChange::DropColumn(column) => key.referenced.contains(&column.name),
        TableChange::DropPart(Part::Index(index)) => {
            let first = index.parts.iter().take(key.referenced.len());
            let columns = first.filter_map(|part| match &part.key {
                IndexKey::Column(name) => Some(name),
                IndexKey::Expr(_) => None,
            });
            columns.collect::<BTreeSet<_>>() == key.referenced.iter().collect()
        }
        _ => false,
    })
}

/// A key that gets the name of another table's key gets it when that one has lost it.
fn take_names(middle: &Schema, to: &Schema, alter: &[Change], found: &mut Detached) {
    let mut holders = BTreeMap::<String, BTreeSet<&Qualified>>::new();
    for table in middle.tables.values() {
        for name in table.foreign_keys.keys() {
            let holders = holders.entry(name.as_str().to_lowercase()).or_default();
            holders.insert(&table.name);
        }
    }
    for (table, changes) in alterations(alter) {
        for change in changes {
            let TableChange::RenameConstraint { from, to: new } = change else {
                continue;
            };
            let others = holders.get(&new.as_str().to_lowercase());
            let taken = others.is_some_and(|others| others.iter().any(|other| **other != table.name));
            let key =
                |schema: &'_ Schema, name: &Name| Some(schema.tables.get(&table.name)?.foreign_keys.get(name)?.clone());
            if let (true, Some(before), Some(after)) = (taken, key(middle, from), key(to, new)) {
                found.set_aside(&table.name, &before, &after);
            }
        }
    }
}

/// The changes of tables; a table can have several groups of them.
fn alterations(changes: &[Change]) -> impl Iterator<Item = (&Table, &[TableChange])> {
    changes.iter().filter_map(|change| match change {
        Change::AlterTable { to, changes, .. } => Some((&**to, changes.as_slice())),
        _ => None,
    })
}

/// What changes in a table changes in those that are a part of it, too.
fn with_those_below<'a>(
    mut disturbed: BTreeMap<&'a Qualified, Disturbed<'a>>,
    middle: &'a Schema,
) -> BTreeMap<&'a Qualified, Disturbed<'a>> {
    let below = middle.tables.values().filter(|table| table.parents().next().is_some());
    let below = below.collect::<Vec<_>>();
    loop {
        let mut news = false;
        for table in &below {
            let columns = table
                .parents()
                .filter_map(|parent| disturbed.get(parent))
                .flat_map(|parent| parent.columns.iter().copied())
                .collect::<Vec<_>>();
            for column in columns {
                news |= disturbed.entry(&table.name).or_default().columns.insert(column);
            }
        }
        if !news {
            return disturbed;
        }
    }
}

fn disturbed<'a>(after: &'a Table, changes: &'a [TableChange], dialect: &dyn Dialect) -> Disturbed<'a> {
    let mut table = Disturbed::default();
    for change in changes {
        match change {
            // No engine compares keys of any two types, and MySQL refuses to change the type of a column in a foreign key, to
            // which the collation belongs.
            // One that is computed in another way is made anew.
            TableChange::AlterColumn { from, to }
                if from.ty != to.ty || from.collation != to.collation || is_remade(from, to) =>
            {
                table.columns.insert(&to.name);
                // What is computed from one that changes its type is made anew, too.
                if from.ty != to.ty {
                    table.columns.extend(computed_from(after, &to.name, dialect));
                }
            }
            // The collation of all columns that name none.
            TableChange::SetOptions { from, to } if from.get("collate") != to.get("collate") => {
                let followers = after.columns.iter().filter(|column| column.collation.is_none());
                table.columns.extend(followers.map(|column| &column.name));
            }
            // A foreign key rests on the one key or unique index it found when it was made.
            TableChange::DropPart(Part::PrimaryKey(key)) => table.keys.push(key.columns.iter().collect()),
            TableChange::DropPart(Part::Unique(unique)) => table.keys.push(unique.columns.iter().collect()),
            TableChange::DropPart(Part::Index(index)) if index.unique => {
                let columns = index.parts.iter().filter_map(|part| match &part.key {
                    IndexKey::Column(name) => Some(name),
                    IndexKey::Expr(_) => None,
                });
                table.keys.push(columns.collect());
            }
            _ => {}
        }
    }
    table
}

fn computed_from<'a>(table: &'a Table, column: &Name, dialect: &dyn Dialect) -> impl Iterator<Item = &'a Name> {
    let computed = table.columns.iter().filter(|other| match &other.value {
        ColumnValue::Generated {
            expr: Expr::Sql(sql), ..
        } => dialect.said(sql).says_word(column),
        _ => false,
    });
    computed.map(|column| &column.name)
}

fn is_remade(from: &Column, to: &Column) -> bool {
    let computed = |column: &Column| matches!(column.value, ColumnValue::Generated { .. });
    from.value != to.value && (computed(from) || computed(to))
}

/// The tables that are made again.
struct Remade {
    before: BTreeSet<Qualified>,
    after: BTreeSet<Qualified>,
}

impl Remade {
    fn of(changes: &[Change]) -> Self {
        let mut this = Self {
            before: BTreeSet::new(),
            after: BTreeSet::new(),
        };
        for change in changes {
            if let Change::Repartition { from, to } = change {
                this.before.extend(from.iter().map(|table| table.name.clone()));
                this.after.extend(to.iter().map(|table| table.name.clone()));
            }
        }
        this
    }
}

fn rests_on(
    disturbed: &BTreeMap<&Qualified, Disturbed<'_>>,
    remade: &Remade,
    middle: &Schema,
    to: &Schema,
    alter: &[Change],
    found: &mut Detached,
) {
    let mut said = BTreeMap::<&Qualified, Vec<&TableChange>>::new();
    for (table, changes) in alterations(alter) {
        said.entry(&table.name).or_default().extend(changes);
    }
    // Those of a table that is made again go with it, but for those to others that go first; all come back as new ones.
    let stays = |table: &&Table| !remade.before.contains(&table.name);
    for table in middle.tables.values().filter(|table| !stays(table)) {
        let keys = table.foreign_keys.values();
        for key in keys.filter(|key| remade.before.contains(&key.references)) {
            found.take(&table.name, key);
        }
    }
    for table in middle.tables.values().filter(stays) {
        for key in table.foreign_keys.values() {
            let own = disturbed
                .get(&table.name)
                .is_some_and(|own| key.columns.iter().any(|name| own.columns.contains(name)));
            let other = disturbed.get(&key.references).is_some_and(|other| {
                let columns = key.referenced.iter().collect::<BTreeSet<_>>();
                columns.iter().any(|name| other.columns.contains(name)) || other.keys.contains(&columns)
            });
            let changes = said.get(&table.name).map(Vec::as_slice).unwrap_or_default();
            let drops = |change: &&TableChange| matches!(change, TableChange::DropPart(Part::ForeignKey(gone)) if gone.name == key.name);
            if !(own || other || remade.before.contains(&key.references)) || changes.iter().any(drops) {
                continue;
            }
            let new_name = changes.iter().find_map(|change| match change {
                TableChange::RenameConstraint { from, to } if *from == key.name => Some(to),
                _ => None,
            });
            found.take(&table.name, key);
            // The keys of a table that goes do not come back.
            let after = to.tables.get(&table.name);
            if let Some(back) = after.and_then(|after| after.foreign_keys.get(new_name.unwrap_or(&key.name))) {
                found.back.entry(table.name.clone()).or_default().push(back.clone());
            }
        }
    }
}
