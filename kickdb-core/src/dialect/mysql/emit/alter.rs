//! One table's changes.

pub(super) mod columns;
mod finish;
mod keys;
mod options;
pub(super) mod versioning;

use std::collections::{BTreeMap, BTreeSet};

use super::column::definition as column_definition;
use super::create::{check, is_of_column, unseen};
use super::renewed;
use crate::dialect::mysql::syntax::{ident, literal, table as table_name};
use crate::dialect::mysql::{Mysql, types};
use crate::dialect::{EmitError, Types};
use crate::diff::{Part, TableChange};
use crate::ident::Name;
use crate::ir::{Check, Column, ForeignKey, Schema, Table};
use crate::plan::Steps;

const RENAMED_VALUES: &str =
    "a value of an enum has no name of its own here: the column takes both, and its rows change over";

/// One table's changes.
///
/// Renames first, one statement each, since a later clause of the same `ALTER TABLE` would still see the old names. Then
/// guards, then foreign keys that go (a foreign key cannot come back under its name in the statement that drops it), then
/// everything else in one statement, then what needs that to be done, then columns that rows have no value for become NOT
/// NULL, then foreign keys that come.
pub(super) fn table(
    from: &Table,
    to: &Table,
    changes: &[TableChange],
    state: &Schema,
    out: &mut Steps,
) -> Result<(), EmitError> {
    let left_out = versioning::left_out(from, to);
    if left_out.is_empty() {
        return alter(from, to, changes, state, out);
    }
    alter(from, &versioning::whole(to), changes, state, out)?;
    let clauses = left_out.into_iter().map(|column| column_definition(column, to));
    let clauses = clauses.map(|definition| definition.map(|definition| format!("MODIFY COLUMN {definition}")));
    let clauses = clauses.collect::<Result<Vec<_>, _>>()?;
    out.push_outside(format!("{KEEP}{}", Alter::new(to, to).bare_statement(&clauses)), None);
    Ok(())
}

fn alter(from: &Table, to: &Table, changes: &[TableChange], state: &Schema, out: &mut Steps) -> Result<(), EmitError> {
    let mut alter = Alter::new(from, to);
    let new_keys = changes.iter().filter_map(|change| match change {
        TableChange::AddPart(Part::ForeignKey(key)) => Some(key),
        _ => None,
    });
    alter.unseen = unseen(new_keys, to, state);
    alter.remade = columns::remade(from, to);
    for (from, to) in versioning::renamed(from, to) {
        alter.rename_column(&from, &to, out)?;
    }
    for change in changes {
        if !alter.takes_bound(change) {
            alter.take(change, out)?;
        }
    }
    alter.versioning()?;
    alter.remake()?;
    alter.move_checks()?;
    alter.add_columns()?;
    alter.hold_a_place(out.online());
    alter.keys(out);
    alter.finish(out);
    Ok(())
}

const NOT_NULL_NOTE: &str = "fails where the table has rows: give them a value first";

/// What the reader of the script sees above the statement that gives a table the collation of its database.
const OF_DATABASE: &str = "`DEFAULT` would be the collation of the character set, not that of the database";

/// <https://mariadb.com/kb/en/sql-mode/#no_auto_value_on_zero>
const ZERO_STAYS: &str =
    "SET @kickdb_sql_mode = @@sql_mode, SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')";

const KEEP: &str = "SET STATEMENT system_versioning_alter_history = KEEP FOR ";

struct Alter<'a> {
    to: &'a Table,
    /// The table before, under the new names of its columns and indexes.
    before: Table,
    /// Columns of a history that goes, which go before it.
    bounds_out: Vec<String>,
    /// Whether the table takes over the collation of its database, which the script cannot name.
    collation_of_database: bool,
    /// What goes before everything else: a history, partitions that the keys to come would not allow.
    first: Vec<String>,
    foreign_keys_out: Vec<String>,
    guards: Vec<String>,
    /// Types on the way from one type to another.
    passing: Vec<String>,
    /// What becomes of their values there.
    rewritten: Vec<String>,
    /// Columns that wait under another name with what a column holds that is computed no longer: the name, and the column's.
    kept: Vec<(Name, Name)>,
    /// The clauses of the main statement, by their place in it.
    clauses: BTreeMap<Place, Vec<String>>,
    /// Columns that come.
    added: Vec<Name>,
    /// Columns whose definition is said anew.
    modified: BTreeSet<Name>,
    /// Columns that go and come back in another shape: their clauses cannot share a statement.
    remade: BTreeSet<Name>,
    /// What must wait for the main statement.
    late: Vec<String>,
    not_null: Vec<String>,
    /// What goes after everything else, one statement each.
    last: Vec<String>,
    foreign_keys_in: Vec<ForeignKey>,
    /// What stands before the statement of those.
    unseen: &'static str,
}

/// Where a clause stands: a check goes before the column that it reads, a column comes before what reads it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Texts of the same statement that say no collation follow that of the table, which the next one would give too late.
    Collation,
    DropCheck,
    DropKey,
    DropColumn,
    AddColumn,
    ModifyColumn,
    /// A key that a column of the same statement cannot be without.
    AddNeededKey,
    AddKey,
    AddCheck,
    Option,
}

impl<'a> Alter<'a> {
    fn new(from: &Table, to: &'a Table) -> Self {
        Self {
            to,
            before: from.clone(),
            bounds_out: Vec::new(),
            collation_of_database: false,
            first: Vec::new(),
            foreign_keys_out: Vec::new(),
            guards: Vec::new(),
            passing: Vec::new(),
            rewritten: Vec::new(),
            kept: Vec::new(),
            clauses: BTreeMap::new(),
            added: Vec::new(),
            modified: BTreeSet::new(),
            remade: BTreeSet::new(),
            late: Vec::new(),
            not_null: Vec::new(),
            last: Vec::new(),
            foreign_keys_in: Vec::new(),
            unseen: "",
        }
    }

    fn add(&mut self, place: Place, clause: String) {
        self.clauses.entry(place).or_default().push(clause);
    }

    fn take(&mut self, change: &TableChange, out: &mut Steps) -> Result<(), EmitError> {
        match change {
            TableChange::RenameColumn { from, to } => self.rename_column(from, to, out)?,
            TableChange::RenameValues { column, renamed } => self.rename_values(column, renamed, out)?,
            TableChange::RenameIndex { from, to } => self.rename_index(from, to, out),
            TableChange::RenameConstraint { from, to } => self.rename_constraint(from, to, out)?,
            TableChange::DropPart(Part::ForeignKey(key)) => {
                self.foreign_keys_out
                    .push(format!("DROP FOREIGN KEY {}", ident(&key.name)));
            }
            TableChange::AddPart(Part::ForeignKey(key)) => self.foreign_keys_in.push(key.clone()),
            // The column's own check took the column's new name with it.
            TableChange::DropPart(Part::Check(gone)) if !self.before.checks.contains_key(&gone.name) => {}
            TableChange::DropPart(Part::Check(check)) | TableChange::AddPart(Part::Check(check))
                if self.moves(&check.name) => {}
            TableChange::DropPart(Part::Check(gone)) => self.drop_check(&gone.name)?,
            TableChange::AddPart(Part::Check(new)) => self.add_check(new)?,
            TableChange::DropColumn(column) => {
                self.add(Place::DropColumn, format!("DROP COLUMN {}", ident(&column.name)));
            }
            TableChange::AddColumn(column) => self.added.push(column.name.clone()),
            TableChange::AlterColumn { from, to } => self.alter_column(from, to)?,
            TableChange::SetComment { to, .. } => {
                let text = literal(to.as_deref().unwrap_or_default());
                self.add(Place::Option, format!("COMMENT = {text}"));
            }
            TableChange::SetOptions { from, to } => self.options(from, to, changes_keys_of(&self.before, self.to))?,
            TableChange::AlterPart {
                from: Part::ForeignKey(from),
                to: Part::ForeignKey(to),
            } => {
                self.foreign_keys_out
                    .push(format!("DROP FOREIGN KEY {}", ident(&from.name)));
                self.foreign_keys_in.push(to.clone());
            }
            // Normalize has refused what could be said by these.
            TableChange::Leave { .. }
            | TableChange::Join { .. }
            | TableChange::Repartition { .. }
            | TableChange::DropPart(Part::Exclusion(_))
            | TableChange::AddPart(Part::Exclusion(_)) => {}
            // The keys before and after are compared as a whole, see `keys`.
            TableChange::AlterPart { .. }
            | TableChange::DropPart(Part::Index(_) | Part::Unique(_) | Part::PrimaryKey(_))
            | TableChange::AddPart(Part::Index(_) | Part::Unique(_) | Part::PrimaryKey(_)) => {}
        }
        Ok(())
    }

    fn rename_column(&mut self, from: &Name, to: &Name, out: &mut Steps) -> Result<(), EmitError> {
        if self.before.column(from).is_none() {
            return Ok(());
        }
        let own_check = self.before.checks.contains_key(from) && is_of_column(from, &self.before);
        columns::rename(&mut self.before, from, to);
        let clause = format!("RENAME COLUMN {} TO {}", ident(from), ident(to));
        out.push_outside(self.statement(&[clause]), None);
        // The server calls the column's own check by the old name until the column is said anew (10.11).
        match own_check {
            true => self.modify(to),
            false => Ok(()),
        }
    }

    /// The type takes both names, the rows change over, and the type loses the old ones with the other changes.
    fn rename_values(
        &mut self,
        column: &Name,
        renamed: &BTreeMap<String, String>,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        let Some(before) = self.before.column(column) else {
            return Ok(());
        };
        let Some(mut values) = Mysql.inline_values(&before.ty) else {
            return Ok(());
        };
        values.extend(
            renamed
                .values()
                .filter(|new| !values.contains(new))
                .cloned()
                .collect::<Vec<_>>(),
        );
        let wide = Column {
            ty: types::enum_type(&values),
            ..before.clone()
        };
        let definition = column_definition(&wide, &self.before)?;
        out.push_outside(
            self.statement(&[format!("MODIFY COLUMN {definition}")]),
            Some(RENAMED_VALUES),
        );
        let name = ident(column);
        let whens = renamed
            .iter()
            .map(|(old, new)| format!(" WHEN {} THEN {}", literal(old), literal(new)));
        let old = renamed.keys().map(|old| literal(old)).collect::<Vec<_>>().join(", ");
        let kept = renewed(&self.before, column).map(|name| format!(", {0} = {0}", ident(name)));
        out.push_outside(
            format!(
                "UPDATE {} SET {name} = CASE {name}{} END{} WHERE {name} IN ({old})",
                table_name(&self.to.name),
                whens.collect::<String>(),
                kept.collect::<String>()
            ),
            None,
        );
        Ok(())
    }

    /// An index cannot take a name that is still another one's: both then go and come back.
    fn rename_index(&mut self, from: &Name, to: &Name, out: &mut Steps) {
        if self.before.indexes.contains_key(to) || self.before.uniques.contains_key(to) {
            return;
        }
        if let Some(mut index) = self.before.indexes.remove(from) {
            index.name = to.clone();
            self.before.indexes.insert(to.clone(), index);
        } else if let Some(mut unique) = self.before.uniques.remove(from) {
            unique.name = to.clone();
            self.before.uniques.insert(to.clone(), unique);
        }
        let clause = format!("RENAME INDEX {} TO {}", ident(from), ident(to));
        out.push_outside(self.statement(&[clause]), None);
    }

    /// Only the index behind a unique constraint can be renamed; a check or a foreign key goes and comes back.
    fn rename_constraint(&mut self, from: &Name, to: &Name, out: &mut Steps) -> Result<(), EmitError> {
        if self.before.uniques.contains_key(from) {
            self.rename_index(from, to, out);
        }
        if let Some(new) = self.to.checks.get(to).filter(|_| self.before.checks.contains_key(from)) {
            self.drop_check(from)?;
            self.add_check(new)?;
        }
        if let Some(new) = self
            .to
            .foreign_keys
            .get(to)
            .filter(|_| self.before.foreign_keys.contains_key(from))
        {
            self.foreign_keys_out.push(format!("DROP FOREIGN KEY {}", ident(from)));
            self.foreign_keys_in.push(new.clone());
        }
        Ok(())
    }

    /// A check that has its column's name is a part of the column.
    fn drop_check(&mut self, gone: &Name) -> Result<(), EmitError> {
        if is_of_column(gone, &self.before) {
            return self.modify(gone);
        }
        self.add(Place::DropCheck, format!("DROP CONSTRAINT {}", ident(gone)));
        Ok(())
    }

    fn add_check(&mut self, new: &Check) -> Result<(), EmitError> {
        if is_of_column(&new.name, self.to) {
            return self.modify(&new.name);
        }
        self.add(Place::AddCheck, format!("ADD {}", check(new)));
        Ok(())
    }
}

/// Whether keys that partitions restrict are not the same before and after.
fn changes_keys_of(before: &Table, to: &Table) -> bool {
    before.primary_key != to.primary_key || before.uniques != to.uniques || before.columns != to.columns
}
