//! Removed rows.

use std::marker::PhantomData;

use super::condition::Condition;
use super::node::Node;
use super::render::Writer;
use super::scope::{Cons, Nil, Req, ValidIn};
use super::select::Join;
use super::statement::{Filtered, Unfiltered};
use super::table::Table;
use super::update::{Update, refuse_vacuous};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::value::Statement;

/// A removal of rows of the table `T`. `F` says whether it has been told which rows.
#[derive(Clone, Debug)]
#[must_use = "a delete does nothing until `.exec(…)` or `.returning(…)`"]
pub struct Delete<T, F> {
    filter: Option<Node>,
    /// Other tables that rows must be in.
    pub(super) joins: Vec<Join>,
    /// Whether rows go although they could be marked as deleted.
    for_good: bool,
    of: PhantomData<fn() -> (T, F)>,
}

impl<T: Table> Delete<T, Unfiltered> {
    pub(super) fn new() -> Self {
        Self {
            filter: None,
            joins: Vec::new(),
            for_good: false,
            of: PhantomData,
        }
    }

    /// Removes every row of the table.
    pub fn all_rows(self) -> Delete<T, Filtered> {
        Delete {
            filter: None,
            joins: self.joins,
            for_good: self.for_good,
            of: PhantomData,
        }
    }
}

impl<T: Table, F> Delete<T, F> {
    /// Removes only rows for which the condition is true; several filters must all be true.
    pub fn filter<U, I>(mut self, condition: Condition<U>) -> Delete<T, Filtered>
    where
        U: ValidIn<Cons<Req<T>, Nil>, I>,
    {
        self.narrow(condition.node);
        self.filtered()
    }

    pub(super) fn narrow(&mut self, condition: Node) {
        super::select::and_also(&mut self.filter, Some(condition));
    }

    pub(super) fn filtered(self) -> Delete<T, Filtered> {
        Delete {
            filter: self.filter,
            joins: self.joins,
            for_good: self.for_good,
            of: PhantomData,
        }
    }

    /// Removes the rows themselves, also where the table has a column `#[column(deleted_at)]`, and also those that are
    /// marked as deleted already.
    pub fn for_good(mut self) -> Self {
        self.for_good = true;
        self
    }

    /// What a function makes of the delete: for pieces that are used again.
    pub fn apply<R>(self, piece: impl FnOnce(Self) -> R) -> R {
        piece(self)
    }

    /// The update that marks the rows as deleted, where that is what the table does.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`](crate::Error::Validation) when the filter is a list of conditions that turned out empty.
    pub(super) fn marking(&self) -> Result<Option<Update<T, Filtered>>> {
        let Some(stamp) = T::META.kept.deleted_at.filter(|_| !self.for_good) else {
            return Ok(None);
        };
        refuse_vacuous(self.filter.as_ref(), "delete", T::META.name)?;
        let mut update = Update::of(vec![stamp.now()], self.filter.clone());
        update.joins.clone_from(&self.joins);
        update.deleted = false;
        Ok(Some(update))
    }

    /// The statement; `returning` asks for the rows as they were.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`](crate::Error::Validation) when the filter is a list of conditions that turned out empty.
    pub fn render(self, dialect: &dyn Dialect, returning: bool) -> Result<Statement> {
        if let Some(update) = self.marking()? {
            return update.render(dialect, returning);
        }
        let table = T::META;
        refuse_vacuous(self.filter.as_ref(), "delete", table.name)?;
        let mut writer = Writer::new(dialect, !self.joins.is_empty());
        let filter = writer.delete_head(table, self.joins, self.filter, returning);
        writer.filter(filter);
        if returning {
            writer.push(" RETURNING ");
            writer.read_names(table, table.columns);
        }
        writer.finish()
    }
}
