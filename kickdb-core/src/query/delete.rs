//! Removed rows.

use std::marker::PhantomData;

use super::expr::Condition;
use super::node::Node;
use super::render::Writer;
use super::scope::{Cons, Nil, Req, ValidIn};
use super::statement::{Filtered, Unfiltered};
use super::table::Table;
use super::update::refuse_vacuous;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::value::Statement;

/// A removal of rows of the table `T`. `F` says whether it has been told which rows.
#[derive(Clone, Debug)]
#[must_use = "a delete does nothing until `.exec(…)` or `.returning(…)`"]
pub struct Delete<T, F> {
    filter: Option<Node>,
    of: PhantomData<fn() -> (T, F)>,
}

impl<T: Table> Delete<T, Unfiltered> {
    pub(super) fn new() -> Self {
        Self {
            filter: None,
            of: PhantomData,
        }
    }

    /// Removes every row of the table.
    pub fn all_rows(self) -> Delete<T, Filtered> {
        Delete {
            filter: None,
            of: PhantomData,
        }
    }
}

impl<T: Table, F> Delete<T, F> {
    /// Removes only rows for which the condition is true; several filters must all be true.
    pub fn filter<U, I>(self, condition: Condition<U>) -> Delete<T, Filtered>
    where
        U: ValidIn<Cons<Req<T>, Nil>, I>,
    {
        let filter = match self.filter {
            Some(before) => before.and(condition.node),
            None => condition.node,
        };
        Delete {
            filter: Some(filter),
            of: PhantomData,
        }
    }

    /// The statement; `returning` asks for the rows as they were.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`](crate::Error::Validation) when the filter is a list of conditions that turned out empty.
    pub fn render(self, dialect: &dyn Dialect, returning: bool) -> Result<Statement> {
        let table = T::META;
        refuse_vacuous(self.filter.as_ref(), "delete", table.name)?;
        let mut writer = Writer::new(dialect, false);
        writer.push("DELETE FROM ");
        writer.table(table);
        writer.filter(self.filter);
        if returning {
            writer.push(" RETURNING ");
            writer.names(table.columns);
        }
        writer.finish()
    }
}
