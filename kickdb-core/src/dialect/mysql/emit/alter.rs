use std::collections::{BTreeMap, BTreeSet};

use super::column::{definition, definition_with_null};
use super::create::{check, foreign_key, is_of_column};
use super::guard;
use crate::dialect::EmitError;
use crate::dialect::mysql::keys;
use crate::dialect::mysql::normalize::{COLLATE, ENGINE, ROW_FORMAT, is_text};
use crate::dialect::mysql::syntax::{ident, literal, table as table_name};
use crate::diff::TableChange;
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, IndexKey, Table};
use crate::plan::Steps;

/// One table's changes.
///
/// Renames first, one statement each, since a later clause of the same `ALTER TABLE` would still see the old names. Then
/// guards, then foreign keys that go (a foreign key cannot come back under its name in the statement that drops it), then
/// everything else in one statement, then columns that rows have no value for become NOT NULL, then foreign keys that come.
pub(super) fn table(from: &Table, to: &Table, changes: &[TableChange], out: &mut Steps) -> Result<(), EmitError> {
    let mut alter = Alter::new(from, to);
    for change in changes {
        alter.take(change, out)?;
    }
    alter.keys();
    alter.finish(out);
    Ok(())
}

const NOT_NULL_NOTE: &str = "fails where the table has rows: give them a value first";

struct Alter<'a> {
    to: &'a Table,
    /// The table before, under the new names of its columns and indexes.
    before: Table,
    foreign_keys_out: Vec<String>,
    guards: Vec<String>,
    /// The clauses of the main statement, by their place in it.
    clauses: BTreeMap<Place, Vec<String>>,
    /// Columns whose definition is said anew.
    modified: BTreeSet<Name>,
    /// Columns that go and come back in another shape: their clauses cannot share a statement.
    remade: Vec<String>,
    remade_columns: BTreeSet<Name>,
    not_null: Vec<String>,
    foreign_keys_in: Vec<String>,
}

/// Where a clause stands: a check goes before the column that it reads, a column comes before what reads it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    DropCheck,
    DropKey,
    DropColumn,
    AddColumn,
    ModifyColumn,
    AddKey,
    AddCheck,
    Option,
}

impl<'a> Alter<'a> {
    fn new(from: &Table, to: &'a Table) -> Self {
        Self {
            to,
            before: from.clone(),
            foreign_keys_out: Vec::new(),
            guards: Vec::new(),
            clauses: BTreeMap::new(),
            modified: BTreeSet::new(),
            remade: Vec::new(),
            remade_columns: BTreeSet::new(),
            not_null: Vec::new(),
            foreign_keys_in: Vec::new(),
        }
    }

    fn add(&mut self, place: Place, clause: String) {
        self.clauses.entry(place).or_default().push(clause);
    }

    fn take(&mut self, change: &TableChange, out: &mut Steps) -> Result<(), EmitError> {
        match change {
            TableChange::RenameColumn { from, to } => {
                rename_column(&mut self.before, from, to);
                let clause = format!("RENAME COLUMN {} TO {}", ident(from), ident(to));
                out.push_outside(format!("ALTER TABLE {} {clause}", table_name(&self.to.name)), None);
            }
            TableChange::RenameIndex { from, to } => self.rename_index(from, to, out),
            TableChange::RenameConstraint { from, to } => self.rename_constraint(from, to, out),
            TableChange::DropForeignKey(key) => {
                self.foreign_keys_out
                    .push(format!("DROP FOREIGN KEY {}", ident(&key.name)));
            }
            TableChange::AddForeignKey(key) => self.foreign_keys_in.push(format!("ADD {}", foreign_key(key))),
            // The column's own check took the column's new name with it.
            TableChange::DropCheck(gone) if !self.before.checks.contains_key(&gone.name) => {}
            TableChange::DropCheck(gone) if is_of_column(&gone.name, &self.before) => self.modify(&gone.name)?,
            TableChange::DropCheck(gone) => {
                self.add(Place::DropCheck, format!("DROP CONSTRAINT {}", ident(&gone.name)));
            }
            TableChange::AddCheck(new) if is_of_column(&new.name, self.to) => self.modify(&new.name)?,
            TableChange::AddCheck(new) => self.add(Place::AddCheck, format!("ADD {}", check(new))),
            TableChange::DropColumn(column) => {
                self.add(Place::DropColumn, format!("DROP COLUMN {}", ident(&column.name)));
            }
            TableChange::AddColumn(column) => self.add_column(column)?,
            TableChange::AlterColumn { from, to } => self.alter_column(from, to)?,
            TableChange::SetComment { to, .. } => {
                let text = literal(to.as_deref().unwrap_or_default());
                self.add(Place::Option, format!("COMMENT = {text}"));
            }
            TableChange::SetOptions { from, to } => self.options(from, to)?,
            // The keys before and after are compared as a whole, see `keys`.
            TableChange::DropIndex(_)
            | TableChange::AddIndex(_)
            | TableChange::DropUnique(_)
            | TableChange::AddUnique(_)
            | TableChange::DropPrimaryKey(_)
            | TableChange::AddPrimaryKey(_) => {}
        }
        Ok(())
    }

    fn rename_index(&mut self, from: &Name, to: &Name, out: &mut Steps) {
        if let Some(mut index) = self.before.indexes.remove(from) {
            index.name = to.clone();
            self.before.indexes.insert(to.clone(), index);
        } else if let Some(mut unique) = self.before.uniques.remove(from) {
            unique.name = to.clone();
            self.before.uniques.insert(to.clone(), unique);
        }
        let clause = format!("RENAME INDEX {} TO {}", ident(from), ident(to));
        out.push_outside(format!("ALTER TABLE {} {clause}", table_name(&self.to.name)), None);
    }

    /// Only the index behind a unique constraint can be renamed; a check or a foreign key goes and comes back.
    fn rename_constraint(&mut self, from: &Name, to: &Name, out: &mut Steps) {
        if self.before.uniques.contains_key(from) {
            self.rename_index(from, to, out);
        }
        if let Some(new) = self.to.checks.get(to).filter(|_| self.before.checks.contains_key(from)) {
            self.add(Place::DropCheck, format!("DROP CONSTRAINT {}", ident(from)));
            self.add(Place::AddCheck, format!("ADD {}", check(new)));
        }
        if let Some(new) = self
            .to
            .foreign_keys
            .get(to)
            .filter(|_| self.before.foreign_keys.contains_key(from))
        {
            self.foreign_keys_out.push(format!("DROP FOREIGN KEY {}", ident(from)));
            self.foreign_keys_in.push(format!("ADD {}", foreign_key(new)));
        }
    }

    /// A NOT NULL column that rows have no value for comes as NULL first: added at once, each row would hold an empty text or
    /// a zero that nobody gave. On a table with rows the last step then fails, and says which column it is about.
    fn add_column(&mut self, column: &Column) -> Result<(), EmitError> {
        let in_key = self
            .to
            .primary_key
            .as_ref()
            .is_some_and(|key| key.columns.contains(&column.name));
        if column.nullable || column.value != ColumnValue::Required || in_key {
            let definition = definition(column, self.to)?;
            self.add(Place::AddColumn, format!("ADD COLUMN {definition}"));
            return Ok(());
        }
        let first = definition_with_null(column, self.to)?;
        self.add(Place::AddColumn, format!("ADD COLUMN {first}"));
        self.not_null
            .push(format!("MODIFY COLUMN {}", definition(column, self.to)?));
        Ok(())
    }

    fn alter_column(&mut self, from: &Column, to: &Column) -> Result<(), EmitError> {
        let generated = |column: &Column| matches!(column.value, ColumnValue::Generated { .. });
        let was_virtual = matches!(from.value, ColumnValue::Generated { stored: false, .. });
        // MariaDB does not modify what is computed, and a virtual column has no values to keep.
        if from.value != to.value && (generated(to) || was_virtual) {
            self.add(Place::DropColumn, format!("DROP COLUMN {}", ident(&from.name)));
            self.remade.push(format!("ADD COLUMN {}", definition(to, self.to)?));
            self.remade_columns.insert(to.name.clone());
            return Ok(());
        }
        if let Some((name, condition)) = guard::of(from, to, &self.before) {
            self.guards.push(format!("ADD CONSTRAINT {name} CHECK ({condition})"));
            self.add(Place::DropCheck, format!("DROP CONSTRAINT {name}"));
        }
        self.modify(&to.name)
    }

    fn modify(&mut self, name: &Name) -> Result<(), EmitError> {
        // A column that goes or comes in the same group says its check there.
        let column = match (self.before.column(name), self.to.column(name)) {
            (Some(_), Some(column)) => column,
            _ => return Ok(()),
        };
        if self.modified.insert(name.clone()) {
            let clause = format!("MODIFY COLUMN {}", definition(column, self.to)?);
            self.add(Place::ModifyColumn, clause);
        }
        Ok(())
    }

    fn options(&mut self, from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) -> Result<(), EmitError> {
        let changed = |name: &str| from.get(name) != to.get(name);
        if changed(ENGINE) {
            let engine = to.get(ENGINE).map_or("InnoDB", String::as_str);
            self.add(Place::Option, format!("ENGINE = {engine}"));
        }
        if changed(ROW_FORMAT) {
            let format = to.get(ROW_FORMAT).map_or("DEFAULT", String::as_str);
            self.add(Place::Option, format!("ROW_FORMAT = {format}"));
        }
        if changed(COLLATE) {
            let clause = match to.get(COLLATE) {
                Some(collation) => format!("COLLATE = {}", super::column::word(collation)),
                None => "DEFAULT CHARACTER SET = DEFAULT".to_owned(),
            };
            self.add(Place::Option, clause);
            // The table's collation is only that of columns to come: those that follow it are said anew.
            let texts = self.to.columns.iter().filter(|column| is_text(&column.ty));
            for name in texts.map(|column| column.name.clone()).collect::<Vec<_>>() {
                self.modify(&name)?;
            }
        }
        Ok(())
    }

    /// Drops and adds keys, those that foreign keys make by themselves included.
    fn keys(&mut self) {
        let (old, new) = (keys::clauses(&self.before), keys::clauses(self.to));
        let (old_own, new_own) = (keys::implied(&self.before), keys::implied(self.to));
        let old: BTreeMap<Name, String> = old.into_iter().chain(old_own).collect();
        let touched = |name: &Name| mentions(self.to, name, &self.remade_columns);
        let stays = |name: &Name, clause: &String| {
            (new.get(name) == Some(clause) || new_own.get(name) == Some(clause)) && !touched(name)
        };
        let gone: Vec<Name> = old
            .iter()
            .filter(|(name, clause)| !stays(name, clause))
            .map(|(name, _)| name.clone())
            .collect();
        let comes = |(name, clause): (&Name, &String)| {
            (old.get(name) != Some(clause) || touched(name)).then(|| format!("ADD {clause}"))
        };
        let mut come: Vec<String> = new.iter().filter_map(comes).collect();
        // A foreign key that is added makes its index then; one that was there before must not be without one.
        let staying = new_own
            .iter()
            .filter(|(name, _)| self.before.foreign_keys.get(*name) == self.to.foreign_keys.get(*name));
        come.extend(staying.filter_map(comes));
        for name in gone {
            let clause = match name == keys::PRIMARY {
                true => "DROP PRIMARY KEY".to_owned(),
                false => format!("DROP INDEX {}", ident(&name)),
            };
            self.add(Place::DropKey, clause);
        }
        for clause in come {
            self.add(Place::AddKey, clause);
        }
    }

    fn finish(mut self, out: &mut Steps) {
        let name = table_name(&self.to.name);
        let statement = |clauses: &[String]| match clauses {
            [one] => format!("ALTER TABLE {name} {one}"),
            many => format!("ALTER TABLE {name}\n    {}", many.join(",\n    ")),
        };
        if !self.guards.is_empty() {
            out.push_outside(statement(&self.guards), Some(guard::NOTE));
        }
        // What only loses foreign keys and their indexes is one statement.
        if !self.foreign_keys_out.is_empty() {
            let mut clauses = std::mem::take(&mut self.foreign_keys_out);
            if self.clauses.keys().all(|place| *place == Place::DropKey) {
                clauses.extend(std::mem::take(&mut self.clauses).into_values().flatten());
            }
            out.push_outside(statement(&clauses), None);
        }
        let late = match self.remade.is_empty() {
            true => BTreeMap::new(),
            false => self.clauses.split_off(&Place::AddColumn),
        };
        let main: Vec<String> = self.clauses.into_values().flatten().collect();
        if !main.is_empty() {
            out.push_outside(statement(&main), None);
        }
        self.remade.extend(late.into_values().flatten());
        if !self.remade.is_empty() {
            out.push_outside(statement(&self.remade), None);
        }
        if !self.not_null.is_empty() {
            out.push_outside(statement(&self.not_null), Some(NOT_NULL_NOTE));
        }
        if !self.foreign_keys_in.is_empty() {
            out.push_outside(statement(&self.foreign_keys_in), None);
        }
    }
}

/// Whether a key of the table holds one of the columns.
fn mentions(table: &Table, key: &Name, columns: &BTreeSet<Name>) -> bool {
    if columns.is_empty() {
        return false;
    }
    let primary = table.primary_key.iter().filter(|primary| primary.name == *key);
    let unique = table.uniques.get(key).map(|unique| &unique.columns);
    let foreign = table.foreign_keys.get(key).map(|key| &key.columns);
    let index = table.indexes.get(key).into_iter().flat_map(|index| &index.parts);
    let mut index = index.filter_map(|part| match &part.key {
        IndexKey::Column(name) => Some(name.clone()),
        IndexKey::Expr(crate::ir::Expr::Sql(sql)) => keys::prefix(sql).map(|(name, _)| name),
        IndexKey::Expr(_) => None,
    });
    let mut named = primary.map(|key| &key.columns).chain(unique).chain(foreign).flatten();
    named.any(|name| columns.contains(name)) || index.any(|name| columns.contains(&name))
}

/// The table with a column under its new name.
fn rename_column(table: &mut Table, from: &Name, to: &Name) {
    let rename = |name: &mut Name| {
        if name == from {
            name.clone_from(to);
        }
    };
    table.columns.iter_mut().for_each(|column| rename(&mut column.name));
    table
        .primary_key
        .iter_mut()
        .flat_map(|key| &mut key.columns)
        .for_each(rename);
    table
        .uniques
        .values_mut()
        .flat_map(|unique| &mut unique.columns)
        .for_each(rename);
    table
        .foreign_keys
        .values_mut()
        .flat_map(|key| &mut key.columns)
        .for_each(rename);
    if let Some(mut check) = table.checks.remove(from) {
        rename(&mut check.name);
        table.checks.insert(to.clone(), check);
    }
    for part in table.indexes.values_mut().flat_map(|index| &mut index.parts) {
        match &mut part.key {
            IndexKey::Column(name) => rename(name),
            IndexKey::Expr(crate::ir::Expr::Sql(sql)) => {
                if let Some((name, length)) = keys::prefix(sql).filter(|(name, _)| name == from).map(|(_, n)| (to, n)) {
                    part.key = keys::prefix_key(name, length);
                }
            }
            IndexKey::Expr(_) => {}
        }
    }
}
