//! Which tables a query has, as a type, so that the compiler follows a query.
//!
//! A query carries the list of its tables (`Cons<Req<Task>, Cons<Opt<Project>, Nil>>`). An expression is valid in a query
//! when each of its columns' tables is found in that list; a column found behind a left join is selected as `Option`.

use super::table::Table;
use std::marker::PhantomData;

use super::types::ColumnType;

/// No table.
#[derive(Debug)]
pub enum Nil {}

/// A table with a row in each row of the query.
#[derive(Debug)]
pub struct Req<T>(PhantomData<T>);

/// A table behind a left join, which may have no row.
#[derive(Debug)]
pub struct Opt<T>(PhantomData<T>);

/// A table and the tables before it.
#[derive(Debug)]
pub struct Cons<Head, Tail>(PhantomData<(Head, Tail)>);

/// The tables of a query that has only `T`: a piece that narrows such a query down is a function from `Query<T, Only<T>>`.
pub type Only<T> = Cons<Req<T>, Nil>;

/// The place in a list: its head.
#[derive(Debug)]
pub enum Here {}

/// The place in a list: in its tail.
#[derive(Debug)]
pub struct There<I>(PhantomData<I>);

/// A list of tables that has `T`. `I` is the place of it, which the compiler finds.
#[diagnostic::on_unimplemented(
    message = "table `{T}` is not part of this query; add `.join({T}, …)`",
    label = "this uses a column of `{T}`",
    note = "add `.join({T}, …)` or `.left_join({T}, …)` before using its columns"
)]
pub trait InScope<T, I> {
    /// What a value of a column of that table is in a row: itself, or an `Option`.
    type Wrap<V: ColumnType>: ColumnType<Base = V::Base>;
    /// What a row of that table is in a row: itself, or an `Option`.
    type WrapRow<R>: WrappedRow<R>;
}

impl<T, Tail> InScope<T, Here> for Cons<Req<T>, Tail> {
    type Wrap<V: ColumnType> = V;
    type WrapRow<R> = Present<R>;
}

impl<T, Tail> InScope<T, Here> for Cons<Opt<T>, Tail> {
    type Wrap<V: ColumnType> = Option<V::Base>;
    type WrapRow<R> = Perhaps<R>;
}

impl<T, Head, Tail, I> InScope<T, There<I>> for Cons<Head, Tail>
where
    Tail: InScope<T, I>,
{
    type Wrap<V: ColumnType> = Tail::Wrap<V>;
    type WrapRow<R> = Tail::WrapRow<R>;
}

/// How a whole row of a table comes out of a query.
pub trait WrappedRow<R> {
    /// The row, or an `Option` of it.
    type Out;
    /// Makes it from a row, or from its absence, where that can be.
    fn wrap(row: Option<R>) -> Option<Self::Out>;
    /// Whether the row may be absent.
    const OPTIONAL: bool;
}

/// A row that is always there.
#[derive(Debug)]
pub struct Present<R>(PhantomData<R>);

impl<R> WrappedRow<R> for Present<R> {
    type Out = R;
    const OPTIONAL: bool = false;

    fn wrap(row: Option<R>) -> Option<R> {
        row
    }
}

/// A row that may be absent.
#[derive(Debug)]
pub struct Perhaps<R>(PhantomData<R>);

impl<R> WrappedRow<R> for Perhaps<R> {
    type Out = Option<R>;
    const OPTIONAL: bool = true;

    fn wrap(row: Option<R>) -> Option<Option<R>> {
        Some(row)
    }
}

/// Tables that are all part of the list `S`: a table, pairs of them, or `()` for none.
///
/// The derive of `Table` implements it for each table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not part of this query",
    label = "this uses columns of a table that the query does not have"
)]
pub trait ValidIn<S, I> {
    /// What a value computed from columns of these tables is in a row: itself, or an `Option` where one of the tables is
    /// behind a left join.
    type Wrap<V: ColumnType>: ColumnType<Base = V::Base>;
}

impl<S> ValidIn<S, ()> for () {
    type Wrap<V: ColumnType> = V;
}

/// A table of the query around a subquery.
#[derive(Debug)]
pub struct Outer<T>(PhantomData<T>);

/// Whether its row is there is for the query around to know, so that here it is not sure.
impl<T, Tail> InScope<T, Here> for Cons<Outer<T>, Tail> {
    type Wrap<V: ColumnType> = Option<V::Base>;
    type WrapRow<R> = Perhaps<R>;
}

/// The tables of a query, and what they become.
pub trait Scope {
    /// The tables of the queries around it.
    type Outer;
    /// The same tables, each of which may have no row: what is before a right or full join.
    type Optional;
    /// The tables once it is said what is read.
    type Read;
}

impl Scope for Nil {
    type Outer = ();
    type Optional = Nil;
    type Read = Nil;
}

impl<T, Tail: Scope> Scope for Cons<Req<T>, Tail> {
    type Outer = Tail::Outer;
    type Optional = Cons<Opt<T>, Tail::Optional>;
    type Read = Self;
}

impl<T, Tail: Scope> Scope for Cons<Opt<T>, Tail> {
    type Outer = Tail::Outer;
    type Optional = Cons<Opt<T>, Tail::Optional>;
    type Read = Self;
}

impl<T, Tail: Scope> Scope for Cons<Outer<T>, Tail> {
    type Outer = (T, Tail::Outer);
    type Optional = Cons<Outer<T>, Tail::Optional>;
    type Read = Self;
}

/// A query that can be run.
#[diagnostic::on_unimplemented(
    message = "this query is grouped and does not say what it reads of each group; add `.select(…)`",
    label = "no `.select(…)` after `.group_by(…)`"
)]
pub trait Runnable {}
impl<Head, Tail> Runnable for Cons<Head, Tail> {}

/// Tables whose columns are put through a function of many rows.
#[derive(Debug)]
pub struct Aggregated<U>(PhantomData<U>);

impl<S, U: ValidIn<S, I>, I> ValidIn<S, Aggregated<I>> for Aggregated<U> {
    type Wrap<V: ColumnType> = U::Wrap<V>;
}

/// Tables whose NULLs are filled in with something else.
#[derive(Debug)]
pub struct Filled<U>(PhantomData<U>);

impl<S, U: ValidIn<S, I>, I> ValidIn<S, Filled<I>> for Filled<U> {
    type Wrap<V: ColumnType> = V;
}

/// Tables whose rows are only counted: where one has no row, there is a number all the same.
#[derive(Debug)]
pub struct Counted<U>(PhantomData<U>);

impl<S, U: ValidIn<S, I>, I> ValidIn<S, Counted<I>> for Counted<U> {
    type Wrap<V: ColumnType> = V;
}

impl<A, B, S, I, J> ValidIn<S, (I, J)> for (A, B)
where
    A: ValidIn<S, I>,
    B: ValidIn<S, J>,
{
    type Wrap<V: ColumnType> = A::Wrap<B::Wrap<V>>;
}

/// Tables that are all part of `W`, a table or a pair.
#[diagnostic::on_unimplemented(message = "the condition uses a table that is not in `{W}`")]
pub trait Within<W, I> {}
impl<W> Within<W, ()> for () {}
impl<T: Table> Within<T, Here> for T {}
impl<T: Table, A, B, I> Within<(A, B), Left<I>> for T where T: Within<A, I> {}
impl<T: Table, A, B, I> Within<(A, B), Right<I>> for T where T: Within<B, I> {}
impl<W, U: Within<W, I>, I> Within<W, Counted<I>> for Counted<U> {}
impl<W, U: Within<W, I>, I> Within<W, Aggregated<I>> for Aggregated<U> {}
impl<W, U: Within<W, I>, I> Within<W, Filled<I>> for Filled<U> {}
impl<A, B, W, I, J> Within<W, Each<I, J>> for (A, B)
where
    A: Within<W, I>,
    B: Within<W, J>,
{
}

/// A place in the first of a pair.
#[derive(Debug)]
pub struct Left<I>(PhantomData<I>);
/// A place in the second of a pair.
#[derive(Debug)]
pub struct Right<I>(PhantomData<I>);
/// A place for each of a pair.
#[derive(Debug)]
pub struct Each<I, J>(PhantomData<(I, J)>);
