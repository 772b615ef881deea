//! What the derive of `Table` says of a struct.

use std::fmt;
use std::marker::PhantomData;

use super::delete::Delete;
use super::find::Find;
use super::insert::{Complete, InsertColumns, InsertRows};
use super::reader::Reader;
use super::scope::{Cons, Nil, Req};
use super::select::Query;
use super::statement::Unfiltered;
use super::types::ColumnType;
use super::update::Update;
use crate::error::Result;
use crate::value::Value;

/// The names of a table and of its columns.
#[derive(Debug, PartialEq, Eq)]
pub struct TableMeta {
    /// The schema, where it is not the connection's default one.
    pub schema: Option<&'static str>,
    /// The name.
    pub name: &'static str,
    /// The other name that it has in a query; see [`alias!`](crate::alias).
    pub alias: Option<&'static str>,
    /// All columns in the order of the struct's fields.
    pub columns: &'static [&'static str],
    /// The columns of the primary key in key order; empty where there is none.
    pub primary_key: &'static [&'static str],
    /// Columns that an insert may not name: generated ones, and identities that are always drawn.
    pub read_only: &'static [&'static str],
}

impl TableMeta {
    /// The columns that an insert of a whole row names, in the order of the struct's fields.
    pub fn written(&self) -> impl Iterator<Item = &'static str> {
        self.columns
            .iter()
            .copied()
            .filter(|column| !self.read_only.contains(column))
    }
}

/// A struct that is a row of a table.
///
/// `#[derive(Table)]` implements it. Every query starts at one of its functions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "not a table",
    note = "add `#[derive(Table)]` to the struct"
)]
pub trait Table: Sized + Send + 'static {
    /// The names of the table and of its columns.
    const META: &'static TableMeta;
    /// The type of the primary key: that of its column, or a tuple of those of its columns, or [`NoKey`].
    type Key;
    /// Builds one row column by column.
    type Insert: Default;

    /// Reads a row.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) when a cell does not hold a value of its field's type.
    fn decode(row: &mut Reader<'_>) -> Result<Self>;

    /// Writes the fields that an insert names, in order.
    fn encode(&self, row: &mut Encoder);

    /// All rows, to be narrowed down.
    fn query() -> Query<Self, Cons<Req<Self>, Nil>> {
        Query::table()
    }

    /// The row with this primary key.
    fn find(key: Self::Key) -> Find<Self>
    where
        Self::Key: Key,
    {
        Find::new(&key)
    }

    /// One row, column by column.
    fn insert() -> Self::Insert {
        Self::Insert::default()
    }

    /// One row as it is.
    fn insert_row(row: &Self) -> InsertRows<Self> {
        InsertRows::one(row)
    }

    /// Many rows as they are, in as few statements as the engine allows.
    fn insert_many<'a>(rows: impl IntoIterator<Item = &'a Self>) -> InsertRows<Self> {
        InsertRows::many(rows)
    }

    /// Many rows that were built column by column; columns without a value take their default, row by row.
    ///
    /// Rows are inserted in this order. An engine without `DEFAULT` among values (SQLite) gets a statement for each run of
    /// rows that give values to the same columns, all in one transaction.
    fn insert_all<R>(rows: impl IntoIterator<Item = R>) -> InsertRows<Self>
    where
        R: InsertColumns<Table = Self, Required: Complete>,
    {
        InsertRows::built(rows.into_iter().map(InsertColumns::into_row))
    }

    /// Changes rows.
    fn update() -> Update<Self, Unfiltered> {
        Update::new()
    }

    /// Removes rows.
    fn delete() -> Delete<Self, Unfiltered> {
        Delete::new()
    }
}

/// The key of a table that has none. There is no value of it, so `find` cannot be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoKey {}

/// The value of a primary key: a column's value, or a tuple of up to six of them.
#[diagnostic::on_unimplemented(
    message = "this table has no primary key that `find` could look for",
    label = "`{Self}` is not the value of a primary key"
)]
pub trait Key {
    /// The values in key order.
    fn values(&self) -> Vec<Value>;
}

impl<V: ColumnType> Key for V {
    fn values(&self) -> Vec<Value> {
        vec![self.encode()]
    }
}

macro_rules! keys {
    ($($($name:ident)*;)*) => {$(
        impl<$($name: ColumnType),*> Key for ($($name,)*) {
            fn values(&self) -> Vec<Value> {
                #[allow(non_snake_case)]
                let ($($name,)*) = self;
                vec![$($name.encode()),*]
            }
        }
    )*};
}

keys! { A; A B; A B C; A B C D; A B C D E; A B C D E F; }

/// Where a row's values are written.
#[derive(Debug, Default)]
pub struct Encoder {
    pub(super) values: Vec<Value>,
}

impl Encoder {
    /// Writes the next value.
    pub fn add<V: ColumnType>(&mut self, value: &V) -> &mut Self {
        self.values.push(value.encode());
        self
    }
}

/// A table as a value: what `Task` is in `.join(Task, …)`.
pub struct TableRef<T>(PhantomData<fn() -> T>);

impl<T> TableRef<T> {
    /// The table `T`.
    #[must_use]
    #[allow(clippy::new_without_default)] // only the derive makes one, in a constant
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Clone for TableRef<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for TableRef<T> {}

impl<T: Table> fmt::Debug for TableRef<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::META.name)
    }
}
