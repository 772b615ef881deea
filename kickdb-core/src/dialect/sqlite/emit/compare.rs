//! What differs between two states of a table, as far as SQLite is concerned.

use crate::dialect::sqlite::catalog::has_comment;
use crate::dialect::sqlite::expr::{self, Scope};
use crate::ident::Name;
use crate::ir::{ByName, Check, Column, ColumnValue, Expr, ForeignKey, Index, IndexKey, Table};

/// What differs between two states of a table; its columns already have their new names.
pub(super) struct Difference<'a> {
    from: &'a Table,
    to: &'a Table,
    pub(super) dropped: Vec<&'a Column>,
    pub(super) added: Vec<Added<'a>>,
    pub(super) dropped_indexes: Vec<&'a Index>,
    pub(super) added_indexes: Vec<&'a Index>,
    /// Something that no ALTER TABLE can say.
    needs_rebuild: bool,
}

/// A new column, with the constraints that are new with it.
pub(super) struct Added<'a> {
    pub(super) column: &'a Column,
    pub(super) checks: Vec<&'a Check>,
    pub(super) foreign_keys: Vec<&'a ForeignKey>,
}

impl<'a> Difference<'a> {
    pub(super) fn between(from: &'a Table, to: &'a Table) -> Self {
        let mut difference = Self {
            from,
            to,
            dropped: only_in(from, to),
            added: only_in(to, from).into_iter().map(Added::new).collect(),
            dropped_indexes: differing(&from.indexes, &to.indexes),
            added_indexes: differing(&to.indexes, &from.indexes),
            needs_rebuild: false,
        };
        difference.needs_rebuild = difference.changes_columns()
            || difference.changes_constraints()
            || from.options != to.options
            || !difference.place_constraints();
        difference
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.needs_rebuild
            && self.dropped.is_empty()
            && self.added.is_empty()
            && self.dropped_indexes.is_empty()
            && self.added_indexes.is_empty()
    }

    /// Whether ALTER TABLE, CREATE INDEX and DROP INDEX can say all of it.
    ///
    /// DROP COLUMN reads every view and trigger of the database and fails where one says the column, or is broken whatever
    /// it says. It writes all rows anew, too, so a rebuild costs no more.
    pub(super) fn is_native(&self, beside_objects: bool) -> bool {
        !self.needs_rebuild
            && (self.dropped.is_empty() || !beside_objects)
            && self.dropped.len() < self.from.columns.len()
            && (self.dropped.is_empty() || !has_comment(self.from))
            && self.dropped.iter().all(|column| self.can_drop(column))
            && self.added.iter().all(Added::can_add)
    }

    fn changes_columns(&self) -> bool {
        let changed = |column: &Column| self.to.column(&column.name).is_some_and(|other| other != column);
        self.from.columns.iter().any(changed)
    }

    /// Whether a constraint goes or changes, or one comes that no new column can bring along.
    fn changes_constraints(&self) -> bool {
        let key = |table: &'a Table| table.primary_key.as_ref().map(|key| &key.columns);
        key(self.from) != key(self.to)
            || self.from.uniques != self.to.uniques
            || !differing(&self.from.checks, &self.to.checks).is_empty()
            || !differing(&self.from.foreign_keys, &self.to.foreign_keys).is_empty()
    }

    /// Gives each new constraint to a new column; false if one has none.
    fn place_constraints(&mut self) -> bool {
        let columns: Vec<Name> = self.to.columns.iter().map(|column| column.name.clone()).collect();
        let scope = Scope {
            table: &self.to.name.name,
            columns: &columns,
        };
        for check in differing(&self.to.checks, &self.from.checks) {
            let used = expr::columns_of(&check.expr, scope);
            let Some(added) = self
                .added
                .iter_mut()
                .rev()
                .find(|added| used.contains(&added.column.name))
            else {
                return false;
            };
            added.checks.push(check);
        }
        for key in differing(&self.to.foreign_keys, &self.from.foreign_keys) {
            let owner = self
                .added
                .iter_mut()
                .find(|added| key.columns == [added.column.name.clone()]);
            let Some(added) = owner else { return false };
            added.foreign_keys.push(key);
        }
        true
    }

    /// The rules of DROP COLUMN (https://www.sqlite.org/lang_altertable.html, section 5), which cuts the column out of the
    /// table's text and can leave half of a comment there (seen in 3.40). What triggers and views use is
    /// not known here; there SQLite refuses by itself.
    fn can_drop(&self, column: &Column) -> bool {
        let name = &column.name;
        let columns: Vec<Name> = self.from.columns.iter().map(|column| column.name.clone()).collect();
        let scope = Scope {
            table: &self.from.name.name,
            columns: &columns,
        };
        let uses = |value: &Expr| expr::columns_of(value, scope).contains(name);
        let from = self.from;
        let in_key = from.primary_key.iter().any(|key| key.columns.contains(name))
            || from.uniques.values().any(|unique| unique.columns.contains(name))
            || from.foreign_keys.values().any(|key| key.columns.contains(name));
        let in_expression = from.checks.values().any(|check| uses(&check.expr))
            || from.columns.iter().any(|other| match &other.value {
                ColumnValue::Generated { expr, .. } => uses(expr),
                _ => false,
            });
        let stays = |index: &&Index| !self.dropped_indexes.iter().any(|dropped| dropped.name == index.name);
        let in_index = from.indexes.values().filter(stays).any(|index| {
            index.predicate.iter().any(uses)
                || index.parts.iter().any(|part| match &part.key {
                    IndexKey::Column(column) => column == name,
                    IndexKey::Expr(value) => uses(value),
                })
        });
        !(in_key || in_expression || in_index)
    }
}

impl<'a> Added<'a> {
    fn new(column: &'a Column) -> Self {
        Self {
            column,
            checks: Vec::new(),
            foreign_keys: Vec::new(),
        }
    }

    /// The rules of ADD COLUMN (https://www.sqlite.org/lang_altertable.html, section 4).
    fn can_add(&self) -> bool {
        match &self.column.value {
            ColumnValue::Required => self.column.nullable,
            ColumnValue::Default(Expr::Null) => self.column.nullable,
            ColumnValue::Default(value) => expr::is_constant(&expr::sql(value)) && self.foreign_keys.is_empty(),
            ColumnValue::Generated { stored, .. } => !stored && self.column.nullable,
            ColumnValue::Identity(..) => false,
        }
    }
}

fn only_in<'a>(table: &'a Table, other: &Table) -> Vec<&'a Column> {
    table
        .columns
        .iter()
        .filter(|column| other.column(&column.name).is_none())
        .collect()
}

/// What one map has that the other has not, or not the same.
fn differing<'a, V: PartialEq>(map: &'a ByName<V>, other: &ByName<V>) -> Vec<&'a V> {
    map.iter()
        .filter(|(name, value)| other.get(*name) != Some(value))
        .map(|(_, value)| value)
        .collect()
}
