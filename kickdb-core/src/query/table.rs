//! What the derive of `Table` says of a struct.

use std::fmt;
use std::marker::PhantomData;

use super::delete::Delete;
use super::edit::Edit;
use super::find::Find;
use super::insert::{Complete, InsertColumns, InsertRows};
#[cfg(feature = "live")]
use super::insert_each::InsertEach;
use super::insert_from::{InsertFrom, Takes};
use super::node::Node;
use super::now::Moment;
use super::patch::Patch;
use super::reader::Reader;
use super::rows::UpdateRows;
use super::scope::{Cons, Nil, Req};
use super::select::Query;
use super::spelled::Spelled;
use super::statement::Unfiltered;
use super::types::ColumnType;
use super::update::Update;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::value::{Kind, KindId, Value};

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
    /// Columns whose type in the database may be one that no Rust type stands for.
    pub spelled: &'static [Spelled],
    /// Columns whose collation the declaration names, and its name.
    pub collations: &'static [(&'static str, &'static str)],
    /// What queries do with columns by themselves.
    pub kept: Kept,
}

/// The columns that queries keep by themselves, where a table has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// When a row was last changed.
    pub updated_at: Option<Stamp>,
    /// How often a row was changed.
    pub version: Option<&'static str>,
    /// When a row was deleted; a row in which it is set is no longer seen.
    pub deleted_at: Option<Stamp>,
}

/// A column that holds a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Its name.
    pub column: &'static str,
    /// Whether it is an instant, and not what a clock on the wall shows in UTC.
    pub zoned: bool,
}

impl Stamp {
    /// A column of the type `V`. For the derive.
    #[must_use]
    pub const fn of<V>(column: &'static str) -> Self
    where
        V: ColumnType<Kind: Moment>,
    {
        let zoned = matches!(<V::Kind as Kind>::ID, KindId::TimestampTz);
        Self { column, zoned }
    }

    /// Gives the column NULL.
    pub(super) fn null(self) -> (&'static str, Node) {
        let kind = if self.zoned {
            KindId::TimestampTz
        } else {
            KindId::Timestamp
        };
        (self.column, Node::Value(Value::Null(kind)))
    }

    /// Gives the column the moment of the database's clock.
    pub(super) fn now(self) -> (&'static str, Node) {
        (self.column, Node::Value(Value::Now { zoned: self.zoned }))
    }
}

impl Kept {
    /// None of them.
    pub const NONE: Self = Self {
        updated_at: None,
        version: None,
        deleted_at: None,
    };
}

impl TableMeta {
    /// The condition that a row of the table is not deleted, where rows are only marked as deleted.
    pub(crate) fn seen(&'static self) -> Option<Node> {
        let deleted = self.kept.deleted_at?;
        let of = Box::new(Node::Column {
            table: self,
            name: deleted.column,
        });
        Some(Node::IsNull { of, not: false })
    }

    /// Whether equal texts of a column may differ, by its type or collation, as far as the declaration tells.
    pub(crate) fn has_spellings(&self, column: &str, dialect: &dyn Dialect) -> bool {
        let named = self.collations.iter().find(|(name, _)| *name == column);
        let spelled = self.spelled.iter().find(|spelled| spelled.column == column);
        dialect.has_spellings(
            spelled.and_then(|spelled| spelled.ty),
            named.map(|(_, collation)| *collation),
        )
    }

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

    /// Writes the values of the primary key in key order and, where there is one, that of the version column.
    fn identify(&self, row: &mut Encoder);

    /// All rows, to be narrowed down.
    fn query() -> Query<Self, Cons<Req<Self>, Nil>> {
        Query::table()
    }

    /// The row with this primary key: its value, a text as `&str` too, or a tuple of several.
    fn find(key: impl IntoKey<Self::Key>) -> Find<Self>
    where
        Self::Key: Key,
    {
        Find::new(key.into_values())
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

    /// As many rows as an iterator gives, of which only those of one statement are kept in memory.
    #[cfg(feature = "live")]
    fn insert_each<I>(rows: I) -> InsertEach<Self, impl futures_core::Stream<Item = Result<Self>> + Send>
    where
        I: IntoIterator<Item = Self, IntoIter: Send>,
    {
        InsertEach::new(futures_util::stream::iter(rows.into_iter().map(Ok)))
    }

    /// As many rows as a stream gives, of which only those of one statement are kept in memory.
    #[cfg(feature = "live")]
    fn insert_stream<S>(rows: S) -> InsertEach<Self, S>
    where
        S: futures_core::Stream<Item = Result<Self>> + Send,
    {
        InsertEach::new(rows)
    }

    /// New rows that a query gives: `Task::insert_from((Task::PROJECT_ID, Task::TITLE), Card::query().select(…))`. The columns
    /// are not checked for those that are required.
    fn insert_from<C, R, S>(columns: C, rows: Query<R, S>) -> InsertFrom<Self>
    where
        C: Takes<Self, R>,
    {
        InsertFrom::new(&columns, rows)
    }

    /// Writes these rows over those with the same primary keys, in as few statements as the engine allows.
    fn update_rows<'a>(rows: impl IntoIterator<Item = &'a Self>) -> UpdateRows<Self> {
        UpdateRows::new(rows)
    }

    /// Changes rows.
    fn update() -> Update<Self, Unfiltered> {
        Update::new()
    }

    /// A list of changes to be made to rows: for a patch that is put together before it is known of which rows.
    fn patch() -> Patch<Self> {
        Patch::new()
    }

    /// Changes one row that was read before, where it has a column `#[column(version)]` only while nobody else has changed
    /// it since.
    fn edit(row: &Self) -> Edit<Self> {
        Edit::new(row)
    }

    /// Takes back that rows were marked as deleted (`#[column(deleted_at)]`).
    fn restore() -> Update<Self, Unfiltered> {
        Update::restore()
    }

    /// Removes rows, or marks them as deleted where the table has a column `#[column(deleted_at)]`.
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
pub trait Key {}

impl<V: ColumnType> Key for V {}

macro_rules! keys {
    ($($($name:ident)*;)*) => {$(
        impl<$($name: ColumnType),*> Key for ($($name,)*) {}
    )*};
}

keys! { A; A B; A B C; A B C D; A B C D E; A B C D E F; }

/// What [`Table::find`] takes for a primary key `K`: the value of its column, where that is a text also `&str`, or a tuple of
/// such for each of its columns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of this table's primary key",
    label = "the key is `{K}`"
)]
pub trait IntoKey<K> {
    /// The values in key order.
    fn into_values(self) -> Vec<Value>;
}

impl<V: ColumnType> IntoKey<V> for V {
    fn into_values(self) -> Vec<Value> {
        vec![self.encode()]
    }
}

impl IntoKey<String> for &str {
    fn into_values(self) -> Vec<Value> {
        vec![Value::Text(self.to_owned())]
    }
}

macro_rules! into_keys {
    ($($($name:ident $given:ident),*;)*) => {$(
        impl<$($name, $given: IntoKey<$name>),*> IntoKey<($($name,)*)> for ($($given,)*) {
            fn into_values(self) -> Vec<Value> {
                #[allow(non_snake_case)]
                let ($($given,)*) = self;
                let mut values = Vec::new();
                $(values.extend($given.into_values());)*
                values
            }
        }
    )*};
}

into_keys! {
    A G; A G, B H; A G, B H, C I; A G, B H, C I, D J; A G, B H, C I, D J, E K; A G, B H, C I, D J, E K, F L;
}

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
