//! Columns that come, change or take another name.

use std::collections::BTreeSet;

use super::{Alter, Place};
use crate::dialect::EmitError;
use crate::dialect::mysql::emit::column::{definition, definition_with_null};
use crate::dialect::mysql::emit::create::{check, is_of_column};
use crate::dialect::mysql::emit::guard;
use crate::dialect::mysql::keys;
use crate::dialect::mysql::normalize::table_check;
use crate::dialect::mysql::syntax::ident;
use crate::dialect::mysql::types::{rewritten, through};
use crate::ident::Name;
use crate::ir::{Check, Column, ColumnValue, Expr, IndexKey, Table};

impl Alter<'_> {
    /// The columns that come, each in its place.
    pub(super) fn add_columns(&mut self) -> Result<(), EmitError> {
        let to = self.to;
        for (at, column) in to.columns.iter().enumerate() {
            if self.added.contains(&column.name) && self.waits(column) {
                let clause = format!("ADD COLUMN {}{}", definition(column, to)?, self.place(at, true));
                self.late.push(clause);
            } else if self.added.contains(&column.name) {
                let place = self.place(at, false);
                self.add_column(column, &place)?;
            } else if self.remade.contains(&column.name) {
                let spare = self.kept.iter().find(|(_, kept)| *kept == column.name);
                let verb = match spare {
                    Some((spare, _)) => format!("CHANGE COLUMN {}", ident(spare)),
                    None => "ADD COLUMN".to_owned(),
                };
                let clause = format!("{verb} {}{}", definition(column, to)?, self.place(at, true));
                self.late.push(clause);
            }
        }
        Ok(())
    }

    /// Whether the column reads one that is away for a moment: then it comes when that is back.
    fn waits(&self, column: &Column) -> bool {
        match &column.value {
            ColumnValue::Generated { expr, .. } => self.remade.iter().any(|name| reads(expr, name)),
            _ => false,
        }
    }

    /// The columns that are there when the main statement is done.
    pub(super) fn late_columns(&self) -> BTreeSet<Name> {
        let added = self
            .to
            .columns
            .iter()
            .filter(|column| self.added.contains(&column.name));
        let waiting = added
            .filter(|column| self.waits(column))
            .map(|column| column.name.clone());
        self.remade.iter().cloned().chain(waiting).collect()
    }

    /// Where the column of that number goes; nothing where it is the last one anyway. In the main statement the columns that
    /// are remade are not there.
    fn place(&self, at: usize, late: bool) -> String {
        let there = |column: &&Column| late || !self.remade.contains(&column.name);
        let (before, after) = (&self.to.columns[..at], &self.to.columns[at + 1..]);
        let comes = |column: &Column| match late {
            true => self.remade.contains(&column.name),
            false => self.added.contains(&column.name),
        };
        if after.iter().filter(there).all(comes) {
            return String::new();
        }
        match before.iter().rev().find(there) {
            Some(column) => format!(" AFTER {}", ident(&column.name)),
            None => " FIRST".to_owned(),
        }
    }

    /// A NOT NULL column that rows have no value for comes as NULL first: added at once, each row would hold an empty text or
    /// a zero that nobody gave. On a table with rows the last step then fails, and says which column it is about.
    fn add_column(&mut self, column: &Column, place: &str) -> Result<(), EmitError> {
        if !self.comes_empty(column) {
            let definition = definition(column, self.to)?;
            self.add(Place::AddColumn, format!("ADD COLUMN {definition}{place}"));
            return Ok(());
        }
        let first = definition_with_null(column, self.to)?;
        self.add(Place::AddColumn, format!("ADD COLUMN {first}{place}"));
        self.not_null
            .push(format!("MODIFY COLUMN {}", definition(column, self.to)?));
        Ok(())
    }

    /// Whether a column that comes is NULL until the last statement.
    pub(super) fn comes_empty(&self, column: &Column) -> bool {
        let key = self.to.primary_key.as_ref();
        let in_key = key.is_some_and(|key| key.columns.contains(&column.name));
        !column.nullable && column.value == ColumnValue::Required && !in_key
    }

    pub(super) fn alter_column(&mut self, from: &Column, to: &Column) -> Result<(), EmitError> {
        if self.remade.contains(&to.name) {
            return Ok(());
        }
        // What is computed is computed anew.
        if !is_generated(to) {
            self.keep_values(from, to)?;
        }
        self.modify(&to.name)
    }

    /// Drops the columns that come back in another shape, and the checks that read them, which come back behind them.
    pub(super) fn remake(&mut self) -> Result<(), EmitError> {
        for name in self.remade.clone() {
            if let Some(column) = self.to.column(&name).filter(|column| !is_generated(column)) {
                self.keep_computed(column)?;
            }
            self.add(Place::DropColumn, format!("DROP COLUMN {}", ident(&name)));
        }
        // A key whose column is away for a moment would be in the way of that.
        let keyed = self.to.foreign_keys.values().filter(|key| {
            self.before.foreign_keys.get(&key.name) == Some(*key)
                && key.columns.iter().any(|column| self.remade.contains(column))
        });
        for key in keyed.collect::<Vec<_>>() {
            self.foreign_keys_out
                .push(format!("DROP FOREIGN KEY {}", ident(&key.name)));
            self.foreign_keys_in.push(key.clone());
        }
        let freed = self.freed();
        let said = |check: &&Check| self.remade.iter().chain(&freed).any(|name| reads(&check.expr, name));
        let stays = |check: &&Check| self.before.checks.get(&check.name) == Some(*check);
        // A column's own check goes and comes with it.
        let own = |check: &&Check| is_of_column(&check.name, self.to) && self.remade.contains(&check.name);
        let checks = self
            .to
            .checks
            .values()
            .filter(|check| stays(check) && said(check) && !own(check));
        for again in checks.cloned().collect::<Vec<_>>() {
            if is_of_column(&again.name, self.to) {
                continue;
            }
            self.add(Place::DropCheck, format!("DROP CONSTRAINT {}", ident(&again.name)));
            self.add(Place::AddCheck, format!("ADD {}", check(&again)));
        }
        Ok(())
    }

    /// Columns that were computed of one that goes and are columns of their own now. A check of such a column would still look
    /// for the one that goes (10.11).
    fn freed(&self) -> BTreeSet<Name> {
        let goes = |column: &&Column| self.to.column(&column.name).is_none() || self.remade.contains(&column.name);
        let going: Vec<&Column> = self.before.columns.iter().filter(goes).collect();
        let of_one = |column: &&Column| match &column.value {
            ColumnValue::Generated { expr, .. } => going.iter().any(|gone| reads(expr, &gone.name)),
            _ => false,
        };
        let own = |column: &&Column| self.to.column(&column.name).is_some_and(|column| !is_generated(column));
        let columns = self.before.columns.iter().filter(of_one).filter(own);
        columns.map(|column| column.name.clone()).collect()
    }

    /// A table is never without a column: where all go before others come, one more stands there meanwhile.
    pub(super) fn hold_a_place(&mut self, one_by_one: bool) {
        let gone = self.clauses.get(&Place::DropColumn).map_or(0, Vec::len);
        let others_come = self.clauses.contains_key(&Place::AddColumn) && !one_by_one;
        if gone < self.before.columns.len() || others_come || !self.kept.is_empty() {
            return;
        }
        let spare = ident(&self.spare());
        self.passing.push(format!("ADD COLUMN {spare} int"));
        self.late.push(format!("DROP COLUMN {spare}"));
    }

    /// A name that no column has.
    fn spare(&self) -> Name {
        let taken = |name: &Name| self.before.column(name).is_some() || self.to.column(name).is_some();
        let others = |name: &Name| self.kept.iter().any(|(spare, _)| spare == name);
        let mut names = (1..).filter_map(|number: u32| Name::new(format!("kick_spare_{number}")).ok());
        names
            .find(|name| !taken(name) && !others(name))
            .expect("numbers do not end")
    }

    /// What was computed on each read is written down before the column changes.
    fn keep_computed(&mut self, to: &Column) -> Result<(), EmitError> {
        let spare = self.spare();
        let mut column = Column::new(spare.clone(), to.ty.clone());
        column.nullable = true;
        column.collation.clone_from(&to.collation);
        let bare = Table::new(self.to.name.clone());
        self.passing.push(format!("ADD COLUMN {}", definition(&column, &bare)?));
        self.kept.push((spare, to.name.clone()));
        Ok(())
    }

    fn keep_values(&mut self, from: &Column, to: &Column) -> Result<(), EmitError> {
        if let Some((name, condition)) = guard::of(from, to, &self.before) {
            self.guards.push(format!("ADD CONSTRAINT {name} CHECK ({condition})"));
            self.add(Place::DropCheck, format!("DROP CONSTRAINT {name}"));
        }
        if let Some(ty) = through(&from.ty, &to.ty) {
            let mut passing = Column::new(to.name.clone(), ty);
            passing.nullable = from.nullable;
            let bare = Table::new(self.to.name.clone());
            self.passing
                .push(format!("MODIFY COLUMN {}", definition(&passing, &bare)?));
            let column = ident(&to.name);
            if let Some(text) = rewritten(&from.ty, &to.ty, &column) {
                self.rewritten.push(format!("{column} = {text}"));
            }
        }
        Ok(())
    }

    pub(super) fn modify(&mut self, name: &Name) -> Result<(), EmitError> {
        // A column that goes or comes in the same group says its check there.
        let column = match (self.before.column(name), self.to.column(name)) {
            (Some(_), Some(column)) => column,
            _ => return Ok(()),
        };
        // It goes with this statement, and comes back as it is meant to be.
        if self.remade.contains(name) {
            return Ok(());
        }
        if self.modified.insert(name.clone()) {
            let clause = format!("MODIFY COLUMN {}", definition(column, self.to)?);
            self.add(Place::ModifyColumn, clause);
        }
        Ok(())
    }
}

fn is_generated(column: &Column) -> bool {
    matches!(column.value, ColumnValue::Generated { .. })
}

/// Whether what was computed on each read is a value of the rows from now on, which they are given.
pub(in crate::dialect::mysql) fn writes_down(from: &Column, to: &Column) -> bool {
    matches!(from.value, ColumnValue::Generated { stored: false, .. }) && !is_generated(to)
}

/// The columns that MariaDB does not modify, since they are computed and will be in another way, or will not be; and the
/// computed ones that read such a column, which could not be gone in between.
pub(super) fn remade(from: &Table, to: &Table) -> BTreeSet<Name> {
    let both = |column: &&Column| from.column(&column.name).is_some();
    let kept: Vec<&Column> = to.columns.iter().filter(both).collect();
    let changes = |column: &&&Column| {
        from.column(&column.name)
            .is_some_and(|before| before.value != column.value && (is_generated(column) || writes_down(before, column)))
    };
    let mut remade: BTreeSet<Name> = kept.iter().filter(changes).map(|column| column.name.clone()).collect();
    loop {
        let reads_one = |column: &&&Column| match from.column(&column.name).map(|before| &before.value) {
            Some(ColumnValue::Generated { expr, .. }) => remade.iter().any(|name| reads(expr, name)),
            _ => false,
        };
        let more = kept
            .iter()
            .filter(|column| is_generated(column) && !remade.contains(&column.name));
        let more: Vec<Name> = more.filter(reads_one).map(|column| column.name.clone()).collect();
        if more.is_empty() {
            return remade;
        }
        remade.extend(more);
    }
}

/// Whether an expression in its one spelling says a column.
fn reads(expr: &Expr, column: &Name) -> bool {
    matches!(expr, Expr::Sql(sql) if sql.contains(&ident(column)))
}

/// A check in the definition of a column has the column's name, and takes the new one over by itself.
pub(in crate::dialect::mysql::emit) fn rename_own_check(table: &mut Table, from: &Name, to: &Name) {
    if table.options.contains_key(&table_check(from)) {
        return;
    }
    if let Some(mut check) = table.checks.remove(from) {
        check.name.clone_from(to);
        table.checks.insert(to.clone(), check);
    }
}

/// The table with a column under its new name.
pub(super) fn rename(table: &mut Table, from: &Name, to: &Name) {
    let rename = |name: &mut Name| {
        if name == from {
            name.clone_from(to);
        }
    };
    table.columns.iter_mut().for_each(|column| rename(&mut column.name));
    let primary = table.primary_key.iter_mut().flat_map(|key| &mut key.columns);
    let uniques = table.uniques.values_mut().flat_map(|unique| &mut unique.columns);
    let foreign = table.foreign_keys.values_mut().flat_map(|key| &mut key.columns);
    primary.chain(uniques).chain(foreign).for_each(rename);
    rename_own_check(table, from, to);
    for part in table.indexes.values_mut().flat_map(|index| &mut index.parts) {
        match &mut part.key {
            IndexKey::Column(name) => rename(name),
            IndexKey::Expr(Expr::Sql(sql)) => {
                if let Some((_, length)) = keys::prefix(sql).filter(|(name, _)| name == from) {
                    part.key = keys::prefix_key(to, length);
                }
            }
            IndexKey::Expr(_) => {}
        }
    }
}
