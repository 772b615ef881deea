//! One table's changes.

pub(super) mod columns;
mod keys;
mod options;
mod versioning;

use std::collections::{BTreeMap, BTreeSet};

use super::column::definition as column_definition;
use super::create::{check, foreign_key, foreign_key_unseen, is_of_column, unseen};
use super::{guard, numbered, online, renewed};
use crate::dialect::mysql::normalize::VERSIONED;
use crate::dialect::mysql::syntax::{ident, literal, table as table_name};
use crate::dialect::mysql::{Mysql, types};
use crate::dialect::online::Online as _;
use crate::dialect::{EmitError, Types};
use crate::diff::{Part, TableChange};
use crate::ident::Name;
use crate::ir::{Check, Column, ColumnValue, ForeignKey, Schema, Table};
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

    /// Writes a statement. The server would give a row whose number is 0 another one where a column begins to count.
    fn push(&self, clauses: &[String], note: Option<&'static str>, out: &mut Steps) {
        let sql = self.statement(clauses);
        let Some(column) = clauses.iter().find_map(|clause| self.begins_to_count(clause)) else {
            return out.push_outside(sql, note);
        };
        if self.before.column(&column.name).is_some_and(|before| before.nullable) {
            out.push_outside(
                numbered(self.to, column),
                Some("rows without a number get the next ones"),
            );
        }
        out.push_outside(ZERO_STAYS, Some("a row whose number is 0 keeps it"));
        out.push_outside(sql, note);
        out.push_outside("SET SESSION sql_mode = @kickdb_sql_mode", None);
    }

    fn begins_to_count(&self, clause: &str) -> Option<&Column> {
        let counts = |column: &Column| matches!(column.value, ColumnValue::Identity(..));
        let mut columns = self.to.columns.iter().filter(|column| {
            let before = self.before.column(&column.name);
            counts(column) && before.is_some_and(|before| !counts(before))
        });
        columns.find(|column| {
            let modified = clause.strip_prefix("MODIFY COLUMN ");
            modified.is_some_and(|definition| {
                definition.starts_with(&ident(&column.name)) && definition.contains(" AUTO_INCREMENT")
            })
        })
    }

    fn statement(&self, clauses: &[String]) -> String {
        format!("{}{}", self.keeping(), self.bare_statement(clauses))
    }

    /// A table with a history is only altered where it is said what becomes of that.
    fn keeping(&self) -> &'static str {
        let kept = self.before.options.contains_key(VERSIONED) && self.to.options.contains_key(VERSIONED);
        if kept { KEEP } else { "" }
    }

    fn bare_statement(&self, clauses: &[String]) -> String {
        let name = table_name(&self.to.name);
        match clauses {
            [one] => format!("ALTER TABLE {name} {one}"),
            many => format!("ALTER TABLE {name}\n    {}", many.join(",\n    ")),
        }
    }

    fn finish(mut self, out: &mut Steps) {
        if !self.bounds_out.is_empty() {
            out.push_outside(format!("{KEEP}{}", self.bare_statement(&self.bounds_out)), None);
        }
        for clause in std::mem::take(&mut self.first) {
            let lost = clause == versioning::DROP && self.to.options.contains_key(VERSIONED);
            out.push_outside(self.statement(&[clause]), lost.then_some(versioning::LOST));
        }
        if self.collation_of_database {
            let clause = "COLLATE = ".to_owned();
            let keep = self.keeping();
            let sql = literal(&self.bare_statement(&[clause]));
            out.push_outside(
                format!("{keep}EXECUTE IMMEDIATE CONCAT({sql}, @@collation_database)"),
                Some(OF_DATABASE),
            );
        }
        if !self.guards.is_empty() {
            out.push_outside(self.statement(&self.guards), Some(guard::NOTE));
        }
        // What only loses foreign keys and their indexes is one statement.
        if !self.foreign_keys_out.is_empty() {
            let mut clauses = std::mem::take(&mut self.foreign_keys_out);
            if self.clauses.keys().all(|place| *place == Place::DropKey) {
                clauses.extend(std::mem::take(&mut self.clauses).into_values().flatten());
            }
            out.push_outside(self.statement(&clauses), None);
        }
        if !self.passing.is_empty() {
            let mut clauses = self.clauses.remove(&Place::Collation).unwrap_or_default();
            clauses.append(&mut self.passing);
            out.push_outside(self.statement(&clauses), None);
        }
        let table = table_name(&self.to.name);
        if !self.rewritten.is_empty() {
            out.push_outside(format!("UPDATE {table} SET {}", self.rewritten.join(", ")), None);
        }
        for (spare, column) in std::mem::take(&mut self.kept) {
            let (spare, column) = (ident(&spare), ident(&column));
            out.push_outside(format!("UPDATE {table} SET {spare} = {column}"), None);
        }
        // A column that comes back does so when it is gone, and what comes with it may need it.
        if !self.remade.is_empty() {
            let after = self.clauses.split_off(&Place::AddKey);
            self.late.extend(after.into_values().flatten());
        }
        if out.online() {
            self.finish_online(out);
        }
        let main: Vec<String> = std::mem::take(&mut self.clauses).into_values().flatten().collect();
        if !main.is_empty() {
            self.push(&main, None, out);
        }
        if !self.late.is_empty() {
            self.push(&self.late, None, out);
        }
        if !self.not_null.is_empty() {
            self.push(&self.not_null, Some(NOT_NULL_NOTE), out);
        }
        for clause in std::mem::take(&mut self.last) {
            out.push_outside(self.statement(&[clause]), None);
        }
        if out.online() && self.unseen.is_empty() && online::is_open(&self.before, self.to) {
            for key in &self.foreign_keys_in {
                online::foreign_key(self.to, key, out);
            }
        } else if !self.foreign_keys_in.is_empty() {
            let clause = |key: &ForeignKey| match self.unseen.is_empty() {
                true => format!("ADD {}", foreign_key(key)),
                false => format!("ADD {}", foreign_key_unseen(key)),
            };
            let clauses: Vec<String> = self.foreign_keys_in.iter().map(clause).collect();
            let sql = self.statement(&clauses);
            out.push_outside(format!("{}{sql}", self.unseen), None);
            if !self.unseen.is_empty() {
                self.foreign_keys_in
                    .iter()
                    .for_each(|key| online::look(self.to, key, out));
            }
        }
    }
}

impl Alter<'_> {
    /// Writes, each by itself, what the engine does while others write. It says so, and fails rather than keep them out; what
    /// is left needs a copy of the table.
    fn finish_online(&mut self, out: &mut Steps) {
        let retyped = |column: &Column| {
            let before = self.before.column(&column.name);
            before.is_some_and(|before| Mysql.rewrites(&before.ty, &column.ty))
        };
        let copies = self.to.columns.iter().any(retyped);
        for (place, clauses) in std::mem::take(&mut self.clauses) {
            let shared = |clause: &String| clause.contains("FULLTEXT") || clause.contains("SPATIAL");
            let locks = match place {
                Place::Collation | Place::AddCheck | Place::Option => true,
                Place::ModifyColumn => copies,
                Place::AddNeededKey | Place::AddKey => clauses.iter().any(shared),
                Place::DropCheck | Place::DropKey | Place::DropColumn | Place::AddColumn => false,
            };
            let mut clauses = clauses;
            if !locks {
                clauses.push("LOCK=NONE".to_owned());
            }
            self.push(&clauses, None, out);
        }
        for clauses in [&mut self.late, &mut self.not_null]
            .into_iter()
            .filter(|clauses| !clauses.is_empty())
        {
            if !copies {
                clauses.push("LOCK=NONE".to_owned());
            }
        }
    }
}

/// Whether keys that partitions restrict are not the same before and after.
fn changes_keys_of(before: &Table, to: &Table) -> bool {
    before.primary_key != to.primary_key || before.uniques != to.uniques || before.columns != to.columns
}
