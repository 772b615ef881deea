//! Foreign keys that come over columns in which the rows have values already, and partitions that come over rows.
//!
//! Such keys come when everything else is done. Where DDL commits by itself that is too late to find a value that points at nothing,
//! so it is looked for before anything is done, under the names that things have then.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, ForeignKey, Schema, Table};

/// A foreign key that values can stand in the way of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyOverValues<'a> {
    /// Which change adds it.
    pub at: usize,
    /// The table, by the name that it has then.
    pub table: &'a Qualified,
    /// The key.
    pub key: &'a ForeignKey,
    /// The table, by the name that it has before the first change.
    pub rows: Qualified,
    /// Columns of it that must hold a value for the key to look at a row. The others of the key hold one in each row.
    pub set: Vec<Name>,
    /// What the values are to be found in, under the names before the first change: the table, and its columns in the order of
    /// `set`. `None` where the table comes with the same changes, and holds no row.
    pub among: Option<(Qualified, Vec<Name>)>,
}

/// The foreign keys that come over values which are there before the first change, in order; `from` is the schema then.
///
/// Left out are those that no value can break, and those whose values are not known yet.
#[must_use]
pub fn keys_over_values<'a>(from: &Schema, changes: &'a [Change]) -> Vec<KeyOverValues<'a>> {
    let adds = |change: &Change| match change {
        Change::AlterTable { changes, .. } => changes.iter().any(|change| added(change).is_some()),
        _ => false,
    };
    if !changes.iter().any(adds) {
        return Vec::new();
    }
    // Where the key is a part of its table, that table can come after it.
    let comes = changes.iter().filter_map(|change| match change {
        Change::CreateTable(table) => Some(&table.name),
        _ => None,
    });
    let comes = comes.collect::<BTreeSet<_>>();
    let mut so_far = SoFar::default();
    let mut found = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        if let Change::AlterTable { to, changes, .. } = change {
            for key in changes.iter().filter_map(added) {
                found.extend(so_far.look((at, to, key), comes.contains(&key.references), from));
            }
        }
        so_far.take(change);
    }
    found
}

/// A table whose options change, or a column of which takes another type or becomes NOT NULL, with all that is known then of rows that are there before
/// the first change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionsOverRows<'a> {
    /// Which change it is.
    pub at: usize,
    /// The table just before.
    pub from: &'a Table,
    /// The table after.
    pub to: &'a Table,
    /// The table before the first change.
    pub rows: &'a Table,
    /// The names of its columns then, by those after.
    pub called: BTreeMap<Name, Name>,
    /// The columns that hold what they held before the first change, by their names after: their names then.
    pub columns: BTreeMap<Name, Name>,
    /// Those that hold it as another type.
    pub retyped: BTreeMap<Name, Name>,
}

/// The tables with rows whose options change or of which a column takes another type or becomes NOT NULL, in order; `from` is the
/// schema before.
#[must_use]
pub fn options_over_rows<'a>(from: &'a Schema, changes: &'a [Change]) -> Vec<OptionsOverRows<'a>> {
    let sets = |change: &TableChange| match change {
        TableChange::SetOptions { .. } => true,
        TableChange::AlterColumn { from, to } => from.ty != to.ty || from.nullable && !to.nullable,
        _ => false,
    };
    let before = from;
    let mut so_far = SoFar::default();
    let mut found = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        so_far.take(change);
        let Change::AlterTable { from, to, changes } = change else {
            continue;
        };
        let known = so_far.of(&to.name);
        if known.made || !changes.iter().any(sets) {
            continue;
        }
        let Some(rows) = before.tables.get(known.was.as_ref().unwrap_or(&to.name)) else {
            continue;
        };
        let names = || to.columns.iter().map(|column| &column.name);
        let columns = names().filter_map(|name| Some((name.clone(), known.as_it_was(name)?)));
        let retyped = names().filter_map(|name| Some((name.clone(), known.as_another_type(name)?)));
        let called = names().filter_map(|name| Some((name.clone(), known.called(name)?)));
        found.push(OptionsOverRows {
            at,
            from,
            to,
            rows,
            called: called.collect(),
            columns: columns.collect(),
            retyped: retyped.collect(),
        });
    }
    found
}

fn added(change: &TableChange) -> Option<&ForeignKey> {
    match change {
        TableChange::AddPart(Part::ForeignKey(key)) if key.validated => Some(key),
        _ => None,
    }
}

/// What the changes so far have done to the tables, by the names that these have now.
#[derive(Default)]
struct SoFar(BTreeMap<Qualified, Known>);

/// What is known of a table that has changed.
#[derive(Default)]
struct Known {
    /// It was not there, and holds no row.
    made: bool,
    /// Its name before, where that was another one.
    was: Option<Qualified>,
    columns: BTreeMap<Name, Origin>,
    /// Columns that hold other values now, or compare them in another way.
    changed: BTreeSet<Name>,
    /// Columns that hold their values as another type.
    retyped: BTreeSet<Name>,
    /// Columns whose rows that held NULL have a value now.
    filled: BTreeSet<Name>,
    /// Its texts may compare in another way.
    collated: bool,
}

/// Where a column comes from, if it is not as it was.
#[derive(Clone)]
enum Origin {
    Was(Name),
    New,
}

/// What the rows hold in a column when a key comes over it.
enum Held {
    /// What they held in this column.
    Same(Name),
    /// What they held in this column, as far as that is NULL or not.
    Some(Name),
    /// A value in each row.
    Each,
    /// Nothing.
    Nothing,
    Unknown,
}

impl SoFar {
    fn take(&mut self, change: &Change) {
        match change {
            Change::CreateTable(table) => {
                let made = Known {
                    made: true,
                    ..Known::default()
                };
                self.0.insert(table.name.clone(), made);
            }
            Change::DropTable(table) => drop(self.0.remove(&table.name)),
            Change::RenameTable { from, to } => {
                let mut known = self.0.remove(from).unwrap_or_default();
                known.was.get_or_insert_with(|| from.clone());
                self.0.insert(to.clone(), known);
            }
            Change::Fill { table, column, .. } => {
                self.of(table).filled.insert(column.clone());
            }
            Change::AlterTable { to, changes, .. } => {
                let known = self.of(&to.name);
                changes.iter().for_each(|change| known.take(change));
            }
            Change::Repartition { to, .. } => {
                for table in to {
                    self.of(&table.name).collated = true;
                }
            }
            _ => {}
        }
    }

    fn of(&mut self, table: &Qualified) -> &mut Known {
        self.0.entry(table.clone()).or_default()
    }

    fn look<'a>(
        &self,
        (at, table, key): (usize, &'a Table, &'a ForeignKey),
        comes: bool,
        from: &Schema,
    ) -> Option<KeyOverValues<'a>> {
        let plain = Known::default();
        let of = |name: &Qualified| self.0.get(name).unwrap_or(&plain);
        let (own, other) = (of(&table.name), of(&key.references));
        if own.made {
            return None;
        }
        let was = |known: &Known, now: &Qualified| known.was.clone().unwrap_or_else(|| now.clone());
        let rows = was(own, &table.name);
        let (mut set, mut same) = (Vec::new(), Vec::new());
        for name in &key.columns {
            match own.held(table.column(name)?) {
                Held::Same(name) => {
                    set.push(name.clone());
                    same.push(name);
                }
                Held::Some(name) => set.push(name),
                Held::Each => {}
                Held::Nothing | Held::Unknown => return None,
            }
        }
        let found = |set, among| KeyOverValues {
            at,
            table: &table.name,
            key,
            rows: rows.clone(),
            set,
            among,
        };
        if comes {
            return Some(found(set, None));
        }
        // What the rows of both tables hold in the end must be what they hold now.
        let references = was(other, &key.references);
        let before = from.tables.get(&rows)?;
        // A table of another database is in no schema, and no change is about it.
        if references.schema.is_none() || other.was.is_some() {
            from.tables.get(&references)?;
        }
        if own.collated || other.collated || same.len() < key.columns.len() {
            return None;
        }
        let referenced = key.referenced.iter().map(|name| other.as_it_was(name));
        let referenced = referenced.collect::<Option<Vec<_>>>()?;
        let there = before
            .foreign_keys
            .values()
            .any(|old| old.columns == same && old.references == references && old.referenced == referenced);
        (!there).then(|| found(same, Some((references, referenced))))
    }
}

impl Known {
    fn take(&mut self, change: &TableChange) {
        match change {
            TableChange::RenameColumn { from, to } => {
                let origin = self.columns.remove(from).unwrap_or_else(|| Origin::Was(from.clone()));
                self.columns.insert(to.clone(), origin);
                for names in [&mut self.changed, &mut self.retyped, &mut self.filled] {
                    if names.remove(from) {
                        names.insert(to.clone());
                    }
                }
            }
            TableChange::RenameValues { column, .. } => drop(self.changed.insert(column.clone())),
            TableChange::AddColumn(column) => drop(self.columns.insert(column.name.clone(), Origin::New)),
            TableChange::AlterColumn { from, to } => {
                let computed = |column: &Column| matches!(column.value, ColumnValue::Generated { .. });
                if from.collation != to.collation || computed(from) || computed(to) {
                    self.changed.insert(to.name.clone());
                } else if from.ty != to.ty {
                    self.retyped.insert(to.name.clone());
                }
            }
            TableChange::SetOptions { .. } | TableChange::Repartition { .. } => self.collated = true,
            _ => {}
        }
    }

    /// The name that a column had before, where it holds what it held then.
    fn as_it_was(&self, name: &Name) -> Option<Name> {
        self.kept(name).filter(|_| !self.retyped.contains(name))
    }

    /// The name that a column had before, where it holds what it held then as another type.
    fn as_another_type(&self, name: &Name) -> Option<Name> {
        self.kept(name).filter(|_| self.retyped.contains(name))
    }

    fn kept(&self, name: &Name) -> Option<Name> {
        let kept = !self.changed.contains(name) && !self.filled.contains(name);
        self.called(name).filter(|_| kept)
    }

    /// The name that a column had before, whatever it holds now.
    fn called(&self, name: &Name) -> Option<Name> {
        match self.columns.get(name) {
            None => Some(name.clone()),
            Some(Origin::Was(was)) => Some(was.clone()),
            Some(Origin::New) => None,
        }
    }

    fn held(&self, column: &Column) -> Held {
        if let Some(was) = self.as_it_was(&column.name) {
            return Held::Same(was);
        }
        let default = match &column.value {
            ColumnValue::Default(Expr::Null) | ColumnValue::Required => None,
            ColumnValue::Default(value) => Some(value),
            ColumnValue::Identity(..) => return Held::Each,
            ColumnValue::Generated { .. } => return Held::Unknown,
        };
        let filled = self.filled.contains(&column.name);
        match self.columns.get(&column.name) {
            _ if !column.nullable && filled => Held::Each,
            _ if filled => Held::Unknown,
            Some(Origin::New) if !column.nullable => Held::Each,
            Some(Origin::New) => match default {
                None => Held::Nothing,
                Some(Expr::Sql(_)) => Held::Unknown,
                Some(_) => Held::Each,
            },
            Some(Origin::Was(was)) => Held::Some(was.clone()),
            None => Held::Some(column.name.clone()),
        }
    }
}
