//! Rows as structs of one's own.

use std::marker::PhantomData;

use super::expr::Expression;
use super::group::{GroupRead, Grouped, Reads};
use super::node::Node;
use super::reader::Reader;
use super::relation::{With, Withs};
use super::scope::Within;
use super::scope::{Cons, Here, Req, There};
use super::select::Selectable;
use super::table::Table;
use super::types::ColumnType;
use crate::error::Result;

/// A struct whose fields say what they read, as a value: what `Card` is in `.select(Card)`.
pub struct RowRef<R>(PhantomData<fn() -> R>);

impl<R> RowRef<R> {
    /// The struct `R`.
    #[must_use]
    #[allow(clippy::new_without_default)] // only the derive makes one, in a constant
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<R> Clone for RowRef<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for RowRef<R> {}

impl<R> std::fmt::Debug for RowRef<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(std::any::type_name::<R>())
    }
}

/// A struct whose fields are read by a query over the tables `S`. `#[derive(Row)]` implements it.
pub trait RowOf<S, I>: Sized {
    /// Adds the expressions in the order of the fields.
    fn nodes(out: &mut Vec<Node>);
    /// Reads the fields.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) when a cell does not hold a value of its type.
    fn decode(row: &mut Reader<'_>) -> Result<Self>;
}

impl<R: RowOf<S, I>, S, I> Selectable<S, I> for RowRef<R> {
    type Out = R;

    fn nodes(self, out: &mut Vec<Node>) {
        R::nodes(out);
    }

    fn decode(row: &mut Reader<'_>) -> Result<R> {
        R::decode(row)
    }
}

/// A list of tables in which `T` has a row in each row of the query.
#[diagnostic::on_unimplemented(
    message = "`{T}` is not in each row of this query, or not part of it at all; join it by `.join({T}, …)`, or make the field an `Option`",
    label = "this struct has a field that reads from `{T}` and is no `Option`"
)]
pub trait Always<T, I> {}
impl<T, Tail> Always<T, Here> for Cons<Req<T>, Tail> {}
impl<T, Head, Tail: Always<T, I>, I> Always<T, There<I>> for Cons<Head, Tail> {}

impl<T, I, S: Always<T, I>, G> Always<T, I> for Grouped<S, G> {}
impl<T, I, S: Always<T, I>> Always<T, I> for GroupRead<S> {}

/// Whether what its fields read is grouped by is for the engine to check.
impl<S, G, R> Reads<RowRef<R>, ()> for Grouped<S, G> {}

/// A type of a field that can hold what has the type `V`: the same, or an `Option` of it.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold what is of type `{V}`",
    label = "expected `{V}`",
    note = "an `Option` of it fits, too"
)]
pub trait Holds<V>: ColumnType {}
impl<V: ColumnType> Holds<V> for V {}
impl<B: ColumnType<Base = B>> Holds<B> for Option<B> {}

/// The expression that a field of type `F` reads, over tables that are all in `W`. For the derive.
pub fn field<F, W, I, E>(expression: E) -> Node
where
    E: Expression,
    F: Holds<E::Type>,
    E::Uses: Within<W, I>,
{
    expression.into_node()
}

/// A struct that a row with its relations becomes. `#[derive(Row)]` implements it for a struct whose fields do not say what
/// they read: by their order.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have the shape of what this query reads, `{From}`",
    label = "its fields are the row and what each `.with(…)` gives, in this order"
)]
pub trait Shaped<From>: Send + 'static {
    /// Makes it.
    fn shaped(from: From) -> Self;
}

impl<T: Table> Shaped<T> for T {
    fn shaped(from: T) -> T {
        from
    }
}

impl<F, R: Shaped<F>> Shaped<Vec<F>> for Vec<R> {
    fn shaped(from: Vec<F>) -> Self {
        from.into_iter().map(R::shaped).collect()
    }
}

impl<F, R: Shaped<F>> Shaped<Option<F>> for Option<R> {
    fn shaped(from: Option<F>) -> Self {
        from.map(R::shaped)
    }
}

/// A query whose rows are read as `R`.
#[must_use = "a query does nothing until `.all(…)` or another of the methods that take a database"]
pub struct ReadAs<R, Q> {
    #[cfg_attr(not(feature = "live"), allow(dead_code, reason = "only what sends it reads it"))]
    query: Q,
    of: PhantomData<fn() -> R>,
}

impl<R, Q: std::fmt::Debug> std::fmt::Debug for ReadAs<R, Q> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.query.fmt(f)
    }
}

impl<T: Table, S, W: Withs<T>> With<T, S, W> {
    /// Reads rows and what belongs to them as a struct with `#[derive(Row)]`, whose fields are the row and what each relation
    /// gives, in this order. A field may itself be such a struct, or a `Vec` or `Option` of one.
    pub fn read_as<R: Shaped<W::Row>>(self) -> ReadAs<R, Self> {
        ReadAs {
            query: self,
            of: PhantomData,
        }
    }
}

#[cfg(feature = "live")]
impl<R, T: Table, S, W: Withs<T>> ReadAs<R, With<T, S, W>>
where
    R: Shaped<W::Row>,
{
    /// All rows.
    ///
    /// # Errors
    ///
    /// ReadAs [`With::all`].
    pub fn all(self, on: impl crate::client::Executor) -> impl Future<Output = Result<Vec<R>>> + Send {
        let all = self.query.all(on);
        async move { Ok(all.await?.into_iter().map(R::shaped).collect()) }
    }

    /// The only row.
    ///
    /// # Errors
    ///
    /// ReadAs [`With::one`].
    pub async fn one(self, on: impl crate::client::Executor) -> Result<R> {
        self.query.one(on).await.map(R::shaped)
    }

    /// The only row, where there is one.
    ///
    /// # Errors
    ///
    /// ReadAs [`With::optional`].
    pub fn optional(self, on: impl crate::client::Executor) -> impl Future<Output = Result<Option<R>>> + Send {
        let one = self.query.optional(on);
        async move { Ok(one.await?.map(R::shaped)) }
    }

    /// The first row, where there is one.
    ///
    /// # Errors
    ///
    /// ReadAs [`With::first`].
    pub fn first(self, on: impl crate::client::Executor) -> impl Future<Output = Result<Option<R>>> + Send {
        let one = self.query.first(on);
        async move { Ok(one.await?.map(R::shaped)) }
    }
}
