//! One row by its primary key.

use std::marker::PhantomData;

use super::render::Writer;
use super::table::{Key, Table};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::value::{Statement, Value};

/// The row of the table `T` with a primary key.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until `.one(…)` or `.optional(…)`"]
pub struct Find<T> {
    key: Vec<Value>,
    of: PhantomData<fn() -> T>,
}

impl<T: Table> Find<T> {
    pub(super) fn new(key: &T::Key) -> Self
    where
        T::Key: Key,
    {
        Self {
            key: key.values(),
            of: PhantomData,
        }
    }

    /// The statement.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`](crate::Error::Unsupported) where something in it is not what the engine can do.
    pub fn render(self, dialect: &dyn Dialect) -> Result<Statement> {
        let table = T::META;
        let mut writer = Writer::new(dialect, false);
        writer.push("SELECT ");
        writer.names(table.columns);
        writer.push(" FROM ");
        writer.table(table);
        for (at, (column, value)) in table.primary_key.iter().zip(self.key).enumerate() {
            writer.push(if at == 0 { " WHERE " } else { " AND " });
            writer.name(column);
            writer.push(" = ");
            writer.bind(value, false);
        }
        writer.finish()
    }

    /// The key for a message: the names of its columns, without their values, which may be secret.
    #[cfg(feature = "live")]
    pub(super) fn key_text() -> String {
        format!("this key ({})", T::META.primary_key.join(", "))
    }
}
