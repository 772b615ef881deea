//! One row by its primary key.

use std::marker::PhantomData;

use super::node::Node;
use super::render::Writer;
use super::scope::{Cons, Nil, Req};
use super::select::Query;
use super::table::Table;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::value::{Statement, Value};

/// The row of the table `T` with a primary key.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until `.one(…)` or `.optional(…)`"]
pub struct Find<T> {
    key: Vec<Value>,
    deleted: bool,
    of: PhantomData<fn() -> T>,
}

impl<T: Table> Find<T> {
    pub(super) fn new(key: Vec<Value>) -> Self {
        Self {
            key,
            deleted: false,
            of: PhantomData,
        }
    }

    /// The row is found where it is marked as deleted, too.
    pub fn with_deleted(mut self) -> Self {
        self.deleted = true;
        self
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
        writer.read_names(table, table.columns);
        writer.push(" FROM ");
        writer.table(table);
        for (at, (column, value)) in table.primary_key.iter().zip(self.key).enumerate() {
            writer.push(if at == 0 { " WHERE " } else { " AND " });
            writer.name(column);
            writer.push(" = ");
            let cast = writer.cast_of(table, column);
            writer.bind_as(value, false, cast);
        }
        if let Some(seen) = table.seen().filter(|_| !self.deleted) {
            writer.push(" AND ");
            writer.inner(seen);
        }
        writer.finish()
    }

    /// The same as a query that can be added to.
    pub(super) fn into_query(self) -> Query<T, Cons<Req<T>, Nil>> {
        let mut query = T::query();
        let key = T::META.primary_key.iter().zip(self.key).map(|(name, value)| {
            let column = Node::Column { table: T::META, name };
            Node::binary(column, "=", Node::Value(value))
        });
        query.select.deleted = self.deleted;
        query.select.filter = Some(Node::All(key.collect()));
        query
    }

    /// The key for a message: the names of its columns, without their values, which may be secret.
    pub(super) fn key_text() -> String {
        format!("this key ({})", T::META.primary_key.join(", "))
    }
}
