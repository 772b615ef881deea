//! New rows that are the rows of a query.

use std::marker::PhantomData;

use super::expr::Column;
use super::insert::ColumnNames;
use super::render::Writer;
use super::row::Holds;
use super::select::{Query, Select};
use super::table::Table;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::value::Statement;

/// Columns of the table `T` that take rows of the type `Row`: a column, or a tuple of up to six.
#[diagnostic::on_unimplemented(
    message = "these columns of `{T}` cannot take rows of the type `{Row}`",
    label = "the query must select one value of the right type for each column, in this order"
)]
pub trait Takes<T, Row>: ColumnNames<T> {}

impl<T, V: Holds<R>, R, const N: usize> Takes<T, R> for Column<T, V, N> {}

macro_rules! takes {
    ($($($column:ident $read:ident)*;)*) => {$(
        impl<Table, $($column: Takes<Table, $read>, $read),*> Takes<Table, ($($read,)*)> for ($($column,)*)
        where
            Self: ColumnNames<Table>,
        {
        }
    )*};
}

takes! { A P; A P B Q; A P B Q C R; A P B Q C R D S; A P B Q C R D S E U; A P B Q C R D S E U F W; }

/// New rows of the table `T` that a query gives.
#[derive(Clone, Debug)]
#[must_use = "an insert does nothing until `.exec(…)`"]
pub struct InsertFrom<T> {
    columns: Vec<&'static str>,
    select: Select,
    of: PhantomData<fn() -> T>,
}

impl<T: Table> InsertFrom<T> {
    pub(super) fn new<C: Takes<T, R>, R, S>(columns: &C, rows: Query<R, S>) -> Self {
        Self {
            columns: columns.names(),
            select: rows.select,
            of: PhantomData,
        }
    }

    /// The statement.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`](crate::Error::Unsupported) where something in it is not what the engine can do.
    pub fn render(self, dialect: &dyn Dialect) -> Result<Statement> {
        let mut writer = Writer::new(dialect, false);
        writer.push("INSERT INTO ");
        writer.table(T::META);
        writer.push(" (");
        writer.names(&self.columns);
        writer.push(") ");
        writer.part(self.select, None, false);
        writer.finish()
    }

    /// Inserts the rows and gives their number.
    ///
    /// # Errors
    ///
    /// When a row breaks a constraint, such as one that a column without a value has.
    #[cfg(feature = "live")]
    pub async fn exec(self, on: impl crate::client::Executor) -> Result<u64> {
        let statement = self.render(on.engine())?;
        on.source()
            .lease(crate::client::Use::Write)
            .await?
            .execute(statement)
            .await
    }
}
