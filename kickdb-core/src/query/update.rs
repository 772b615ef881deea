//! Changed rows.

use std::marker::PhantomData;

use super::assign::Assign;
use super::expr::{Column, Condition, Operand};
use super::node::Node;
use super::render::Writer;
use super::scope::{Cons, Nil, Req, ValidIn};
use super::statement::{Filtered, Unfiltered};
use super::table::Table;
use super::types::ColumnType;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::value::Statement;

/// A change of rows of the table `T`. `F` says whether it has been told which rows.
#[derive(Clone, Debug)]
#[must_use = "an update does nothing until `.exec(…)` or `.returning(…)`"]
pub struct Update<T, F> {
    pub(super) sets: Vec<(&'static str, Node)>,
    pub(super) filter: Option<Node>,
    of: PhantomData<fn() -> (T, F)>,
}

impl<T: Table> Update<T, Unfiltered> {
    pub(super) fn new() -> Self {
        Self {
            sets: Vec::new(),
            filter: None,
            of: PhantomData,
        }
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

    /// Changes only rows for which the condition is true; several filters must all be true.
    pub fn filter<U, I>(mut self, condition: Condition<U>) -> Update<T, Filtered>
    where
        U: ValidIn<Cons<Req<T>, Nil>, I>,
    {
        let filter = match self.filter.take() {
            Some(before) => before.and(condition.node),
            None => condition.node,
        };
        self.chosen(Some(filter))
    }

    /// The same changes for other rows.
    #[cfg(feature = "live")]
    pub(super) fn of(sets: Vec<(&'static str, Node)>, filter: Option<Node>) -> Self {
        Self {
            sets,
            filter,
            of: PhantomData,
        }
    }

    fn chosen(self, filter: Option<Node>) -> Update<T, Filtered> {
        Update {
            sets: self.sets,
            filter,
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
        let mut writer = Writer::new(dialect, false);
        writer.push("UPDATE ");
        writer.table(table);
        for (at, (column, value)) in self.sets.into_iter().enumerate() {
            writer.push(if at == 0 { " SET " } else { ", " });
            writer.name(column);
            writer.push(" = ");
            writer.written(value);
        }
        writer.filter(self.filter);
        if returning {
            writer.push(" RETURNING ");
            writer.names(table.columns);
        }
        writer.finish()
    }
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
