//! Changed rows.

use std::marker::PhantomData;

use super::assign::Assign;
use super::condition::Condition;
use super::expr::Column;
use super::node::Node;
use super::operand::Operand;
use super::patch::Patch;
use super::render::Writer;
use super::scope::{Cons, Nil, Req, ValidIn};
use super::select::Join;
use super::statement::{Filtered, Unfiltered};
use super::table::{Stamp, Table, TableMeta};
use super::types::ColumnType;
use crate::dialect::{Dialect, JoinedWrites};
use crate::error::{Error, Result};
use crate::value::{Statement, Value};

/// A change of rows of the table `T`. `F` says whether it has been told which rows.
#[derive(Clone, Debug)]
#[must_use = "an update does nothing until `.exec(…)` or `.returning(…)`"]
pub struct Update<T, F> {
    pub(super) sets: Vec<(&'static str, Node)>,
    pub(super) filter: Option<Node>,
    /// Other tables that rows must be in.
    pub(super) joins: Vec<Join>,
    /// Whether rows that are marked as deleted are changed, too.
    pub(super) deleted: bool,
    of: PhantomData<fn() -> (T, F)>,
}

impl<T: Table> Update<T, Unfiltered> {
    pub(super) fn new() -> Self {
        Self {
            sets: Vec::new(),
            filter: None,
            joins: Vec::new(),
            deleted: false,
            of: PhantomData,
        }
    }

    pub(super) fn restore() -> Self {
        let mut update = Self::new();
        update.deleted = true;
        update.sets.extend(T::META.kept.deleted_at.map(Stamp::null));
        update
    }

    /// Changes every row of the table.
    pub fn all_rows(self) -> Update<T, Filtered> {
        self.chosen(None)
    }
}

impl<T: Table, F> Update<T, F> {
    /// Gives a column a value.
    pub fn set<V, A: Assign<V>, const N: usize>(mut self, column: Column<T, V, N>, value: A) -> Self {
        self.sets.push((column.name(), Node::Value(value.into_value())));
        self
    }

    /// Gives a column a value where there is one, and leaves the column alone where it is `None`: for a patch whose fields
    /// are optional. A nullable column takes an `Option<Option<_>>`.
    pub fn set_some<V, A: Assign<V>, const N: usize>(self, column: Column<T, V, N>, value: Option<A>) -> Self {
        match value {
            Some(value) => self.set(column, value),
            None => self,
        }
    }

    /// Gives a column what is computed from the row as it was, or by the database: `.set_to(Task::NUMBER,
    /// Task::NUMBER.plus(1))`, `.set_to(Task::UPDATED_AT, now())`.
    pub fn set_to<V, E, I, const N: usize>(mut self, column: Column<T, V, N>, value: E) -> Self
    where
        V: ColumnType,
        E: Operand<V::Base>,
        E::Uses: ValidIn<Cons<Req<T>, Nil>, I>,
    {
        self.sets.push((column.name(), value.into_node()));
        self
    }

    /// Makes the changes of a patch.
    pub fn patch(mut self, patch: Patch<T>) -> Self {
        self.sets.extend(patch.sets);
        self
    }

    /// Rows that are marked as deleted (`#[column(deleted_at)]`) are changed, too.
    pub fn with_deleted(mut self) -> Self {
        self.deleted = true;
        self
    }

    /// What a function makes of the update: for pieces that are used again.
    pub fn apply<R>(self, piece: impl FnOnce(Self) -> R) -> R {
        piece(self)
    }

    /// The rows that are changed: those of the filter, without those that are marked as deleted.
    pub(super) fn chosen_rows(&self) -> Option<Node> {
        let seen = T::META.seen().filter(|_| !self.deleted);
        match (self.filter.clone(), seen) {
            (Some(filter), Some(seen)) => Some(filter.and(seen)),
            (filter, seen) => filter.or(seen),
        }
    }

    /// Changes only rows for which the condition is true; several filters must all be true.
    pub fn filter<U, I>(mut self, condition: Condition<U>) -> Update<T, Filtered>
    where
        U: ValidIn<Cons<Req<T>, Nil>, I>,
    {
        self.narrow(condition.node);
        self.filtered()
    }

    pub(super) fn narrow(&mut self, condition: Node) {
        super::select::and_also(&mut self.filter, Some(condition));
    }

    pub(super) fn filtered(mut self) -> Update<T, Filtered> {
        let filter = self.filter.take();
        self.chosen(filter)
    }

    /// These changes of rows that are known already.
    pub(super) fn of(sets: Vec<(&'static str, Node)>, filter: Option<Node>) -> Self {
        Self {
            sets,
            filter,
            joins: Vec::new(),
            deleted: true,
            of: PhantomData,
        }
    }

    fn chosen(self, filter: Option<Node>) -> Update<T, Filtered> {
        Update {
            sets: self.sets,
            filter,
            joins: self.joins,
            deleted: self.deleted,
            of: PhantomData,
        }
    }

    /// The statement; `returning` asks for the rows as they are afterwards.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] when no column is changed, or the filter is a list of conditions that turned out empty.
    pub fn render(self, dialect: &dyn Dialect, returning: bool) -> Result<Statement> {
        let table = T::META;
        if self.sets.is_empty() {
            return Err(Error::validation(format!(
                "this update of `{}` changes nothing; add `.set(…)`",
                table.name
            )));
        }
        refuse_vacuous(self.filter.as_ref(), "update", table.name)?;
        let filter = self.chosen_rows();
        let joined = !self.joins.is_empty();
        let mut writer = Writer::new(dialect, joined);
        let named = joined && dialect.joined_writes() == JoinedWrites::Joined;
        let others = writer.update_head(table, self.joins);
        for (at, (column, value)) in kept::<T>(self.sets).into_iter().enumerate() {
            writer.push(if at == 0 { " SET " } else { ", " });
            // Where it stands behind the other tables, theirs may have the same name.
            if named {
                writer.column(table, column);
            } else {
                writer.name(column);
            }
            writer.push(" = ");
            writer.stored(table, column, value);
        }
        let filter = writer.others(" FROM ", others, filter);
        writer.filter(filter);
        if returning {
            writer.push(" RETURNING ");
            writer.read_names(table, table.columns);
        }
        writer.finish()
    }
}

/// The changes, with those that are made by themselves: the moment of a change and its number, unless they are set.
pub(super) fn kept<T: Table>(mut sets: Vec<(&'static str, Node)>) -> Vec<(&'static str, Node)> {
    let given = |sets: &[(&'static str, Node)], column: &str| sets.iter().any(|(name, _)| *name == column);
    if let Some(stamp) = T::META.kept.updated_at
        && !given(&sets, stamp.column)
    {
        sets.push(stamp.now());
    }
    if let Some(column) = T::META.kept.version
        && !given(&sets, column)
    {
        sets.push((column, next_version(T::META, column)));
    }
    sets
}

/// The number of a row's next change.
pub(super) fn next_version(table: &'static TableMeta, column: &'static str) -> Node {
    let before = Node::Column { table, name: column };
    Node::binary(before, "+", Node::Value(Value::Int16(1)))
}

/// A filter made of an empty list is true for every row, and hardly ever what was meant.
pub(super) fn refuse_vacuous(filter: Option<&Node>, verb: &str, table: &str) -> Result<()> {
    if filter.is_some_and(Node::is_vacuous) {
        return Err(Error::validation(format!(
            "the filter of this {verb} of `{table}` holds no condition, so it would touch every row; say `.all_rows()` if that is meant"
        )));
    }
    Ok(())
}
