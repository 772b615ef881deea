//! Rows that are read.

use std::marker::PhantomData;

use super::condition::{Condition, IntoCondition};
use super::expr::{Column, Expr, Expression};
use super::group::{GroupKeys, Grouped, OfRows, Reads};
use super::node::{Node, OrderPart};
use super::order::IntoOrder;
use super::reader::Reader;
use super::scope::{Cons, InScope, Nil, Opt, Req, Scope, ValidIn, WrappedRow};
use super::table::{Table, TableMeta, TableRef};
use super::types::ColumnType;
#[cfg(feature = "live")]
use crate::client::Use;
use crate::dialect::{JoinKind, Lock};
use crate::error::Result;

/// A query whose rows are read as `Out`, over the tables `S`.
#[must_use = "a query does nothing until `.all(…)` or another of the methods that take a database"]
pub struct Query<Out, S> {
    pub(super) select: Select,
    pub(super) decode: fn(&mut Reader<'_>) -> Result<Out>,
    of: PhantomData<fn() -> S>,
}

/// A query as plain data.
#[derive(Clone, Debug)]
pub struct Select {
    pub(super) from: &'static TableMeta,
    pub(super) joins: Vec<Join>,
    /// `None` is all columns of `from`.
    pub(super) columns: Option<Vec<Node>>,
    pub(super) distinct: Distinct,
    pub(super) filter: Option<Node>,
    pub(super) group: Vec<Node>,
    pub(super) having: Option<Node>,
    pub(super) order: Vec<OrderPart>,
    pub(super) limit: Option<u64>,
    pub(super) offset: Option<u64>,
    /// Whether rows that are marked as deleted are seen.
    pub(super) deleted: bool,
    /// Queries that are tables of this one, by the name that they have in it.
    pub(super) derived: Vec<Derived>,
    /// Queries whose rows are put together with those of this one, before the order.
    pub(super) more: Vec<(SetOperation, Select)>,
    pub(super) locks: Vec<Lock>,
    /// Whether it uses tables of the query around it.
    pub(super) correlated: bool,
}

impl Select {
    pub(super) fn new(from: &'static TableMeta) -> Self {
        Self {
            from,
            joins: Vec::new(),
            columns: None,
            distinct: Distinct::No,
            filter: None,
            group: Vec::new(),
            having: None,
            order: Vec::new(),
            limit: None,
            offset: None,
            deleted: false,
            derived: Vec::new(),
            more: Vec::new(),
            locks: Vec::new(),
            correlated: false,
        }
    }

    /// Whether its rows are cut or sorted, so that it is a part of another query only as a whole.
    pub(super) fn is_cut(&self) -> bool {
        self.limit.is_some() || self.offset.is_some() || !self.order.is_empty() || !self.locks.is_empty()
    }

    /// What it does with a connection: to lock rows, it must be where they are written.
    #[cfg(feature = "live")]
    pub(super) fn what(&self) -> Use {
        if self.locks() { Use::Write } else { Use::Read }
    }

    #[cfg(feature = "live")]
    fn locks(&self) -> bool {
        !self.locks.is_empty()
            || self.derived.iter().any(|derived| derived.select.locks())
            || self.more.iter().any(|(_, part)| part.locks())
    }

    /// Whether columns must be named with their table.
    pub(super) fn is_qualified(&self) -> bool {
        self.correlated || !self.joins.is_empty() || self.from.alias.is_some()
    }
}

/// Which rows are left out because they are there already.
#[derive(Clone, Debug)]
pub(super) enum Distinct {
    No,
    /// Those equal to another one.
    Rows,
    /// Those for which these are equal to those of a row before.
    On(Vec<Node>),
}

/// A query that is a table of another one.
#[derive(Clone, Debug)]
pub(super) struct Derived {
    pub(super) table: &'static TableMeta,
    pub(super) select: Box<Select>,
    /// Before the query (`WITH`), and not at the place where it is used.
    pub(super) common: bool,
    /// Whether it uses itself.
    pub(super) recursive: bool,
}

/// How the rows of two queries are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SetOperation {
    Union,
    UnionAll,
    Intersect,
    Except,
}

#[derive(Clone, Debug)]
pub(super) struct Join {
    pub(super) kind: JoinKind,
    pub(super) table: &'static TableMeta,
    /// `None` only for a cross join.
    pub(super) on: Option<Node>,
}

impl<Out, S> Clone for Query<Out, S> {
    fn clone(&self) -> Self {
        Self::made(self.select.clone(), self.decode)
    }
}

impl<Out, S> std::fmt::Debug for Query<Out, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.select.fmt(f)
    }
}

impl<T: Table> Query<T, Cons<Req<T>, Nil>> {
    pub(super) fn table() -> Self {
        Self {
            select: Select::new(T::META),
            decode: T::decode,
            of: PhantomData,
        }
    }
}

impl<Out, S> Query<Out, S> {
    /// Only rows for which the condition is true; several filters must all be true. A condition that is `None` is left
    /// out.
    pub fn filter<C, I, R>(mut self, condition: C) -> Self
    where
        C: IntoCondition,
        C::Uses: ValidIn<S, I> + OfRows<R>,
    {
        and_also(&mut self.select.filter, condition.into_condition());
        self
    }

    /// Each row with each row of another table for which the condition is true.
    pub fn join<J: Table, U, I>(self, table: TableRef<J>, on: Condition<U>) -> Query<Out, Cons<Req<J>, S>>
    where
        U: ValidIn<Cons<Req<J>, S>, I>,
    {
        let _ = table;
        self.joined(JoinKind::Inner, J::META, Some(on.node))
    }

    /// Like [`join`](Query::join), and rows without a match stay, with NULLs: columns of that table become `Option`.
    pub fn left_join<J: Table, U, I>(self, table: TableRef<J>, on: Condition<U>) -> Query<Out, Cons<Opt<J>, S>>
    where
        U: ValidIn<Cons<Opt<J>, S>, I>,
    {
        let _ = table;
        self.joined(JoinKind::Left, J::META, Some(on.node))
    }

    /// Each row with each row of another table.
    pub fn cross_join<J: Table>(self, table: TableRef<J>) -> Query<Out, Cons<Req<J>, S>> {
        let _ = table;
        self.joined(JoinKind::Cross, J::META, None)
    }

    pub(super) fn joined<W>(mut self, kind: JoinKind, table: &'static TableMeta, on: Option<Node>) -> Query<Out, W> {
        self.select.joins.push(Join { kind, table, on });
        Query::made(self.select, self.decode)
    }

    pub(super) fn made(select: Select, decode: fn(&mut Reader<'_>) -> Result<Out>) -> Self {
        Self {
            select,
            decode,
            of: PhantomData,
        }
    }

    /// Puts the query through a function: a reusable piece such as `.apply(visible_to(user))`.
    pub fn apply<R>(self, piece: impl FnOnce(Self) -> R) -> R {
        piece(self)
    }

    /// Which columns, expressions or whole tables are read, as a tuple or one alone.
    pub fn select<C, I, J>(mut self, columns: C) -> Query<C::Out, S::Read>
    where
        C: Selectable<S, I>,
        S: Scope + Reads<C, J>,
    {
        let mut nodes = Vec::new();
        columns.nodes(&mut nodes);
        self.select.columns = Some(nodes);
        Query::made(self.select, C::decode)
    }

    /// Equal rows only once.
    pub fn distinct(mut self) -> Self {
        self.select.distinct = Distinct::Rows;
        self
    }

    /// Of rows with the same values of these columns only the first, by the order of the query. On PostgreSQL only.
    pub fn distinct_on<C, I>(mut self, columns: C) -> Self
    where
        C: Selectable<S, I>,
    {
        let mut nodes = Vec::new();
        columns.nodes(&mut nodes);
        self.select.distinct = Distinct::On(nodes);
        self
    }

    /// Rows that are marked as deleted (`#[column(deleted_at)]`) are seen, too, in every table of the query.
    pub fn with_deleted(mut self) -> Self {
        self.select.deleted = true;
        self
    }

    /// One row for all rows with the same values of these columns. Say with [`select`](Query::select) what is read of each
    /// group.
    pub fn group_by<C, I>(mut self, columns: C) -> Query<(), Grouped<S, C::Keys>>
    where
        C: Selectable<S, I> + GroupKeys,
    {
        columns.nodes(&mut self.select.group);
        self.select.columns = None;
        Query::made(self.select, |_| Ok(()))
    }

    /// Only groups for which the condition is true.
    pub fn having<C, I>(mut self, condition: C) -> Self
    where
        C: IntoCondition,
        C::Uses: ValidIn<S, I>,
    {
        and_also(&mut self.select.having, condition.into_condition());
        self
    }

    /// Sorted by this, after what it is sorted by already.
    pub fn order_by<C, I>(mut self, order: C) -> Self
    where
        C: IntoOrder,
        C::Uses: ValidIn<S, I>,
    {
        order.parts(&mut self.select.order);
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.select.limit = Some(rows);
        self
    }

    /// Locks the rows until the end of the transaction: nobody else can change or lock them. Not on SQLite, where whoever
    /// writes has the whole file.
    pub fn for_update(self) -> Self {
        self.locked(Lock::Update)
    }

    /// Keeps the rows as they are until the end of the transaction. Not on SQLite.
    pub fn for_share(self) -> Self {
        self.locked(Lock::Share)
    }

    /// Leaves out rows that somebody else has locked: behind [`for_update`](Query::for_update), for a queue of work.
    pub fn skip_locked(self) -> Self {
        self.locked(Lock::SkipLocked)
    }

    /// Fails where somebody else has locked a row, instead of waiting.
    pub fn nowait(self) -> Self {
        self.locked(Lock::NoWait)
    }

    fn locked(mut self, lock: Lock) -> Self {
        self.select.locks.push(lock);
        self
    }

    /// Without the first so many rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.select.offset = Some(rows);
        self
    }
}

impl<T: Table, S: Scope> Query<T, S> {
    /// Like [`join`](Query::join), and rows of the other table without a match stay: everything before it becomes `Option`.
    pub fn right_join<J: Table, U, I>(
        self,
        table: TableRef<J>,
        on: Condition<U>,
    ) -> Query<Option<T>, Cons<Req<J>, S::Optional>>
    where
        U: ValidIn<Cons<Req<J>, S::Optional>, I>,
    {
        let _ = table;
        self.outer_joined(JoinKind::Right, J::META, on.node)
    }

    /// Like [`join`](Query::join), and rows of both sides without a match stay: all columns become `Option`. Not on MySQL.
    pub fn full_join<J: Table, U, I>(
        self,
        table: TableRef<J>,
        on: Condition<U>,
    ) -> Query<Option<T>, Cons<Opt<J>, S::Optional>>
    where
        U: ValidIn<Cons<Opt<J>, S::Optional>, I>,
    {
        let _ = table;
        self.outer_joined(JoinKind::Full, J::META, on.node)
    }

    fn outer_joined<W>(mut self, kind: JoinKind, table: &'static TableMeta, on: Node) -> Query<Option<T>, W> {
        self.select.joins.push(Join {
            kind,
            table,
            on: Some(on),
        });
        Query::made(self.select, |row| {
            if row.skip_nulls(T::META.columns.len()) {
                return Ok(None);
            }
            T::decode(row).map(Some)
        })
    }
}

pub(super) fn and_also(filter: &mut Option<Node>, more: Option<Node>) {
    if let Some(more) = more {
        *filter = Some(match filter.take() {
            Some(before) => before.and(more),
            None => more,
        });
    }
}

/// What `.select(…)` takes: a column, an expression, a table, or a tuple of up to twelve of those. `S` are the tables of
/// the query.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read by this query",
    label = "expected a column, an expression, a table, or a tuple of those"
)]
pub trait Selectable<S, I> {
    /// What is read.
    type Out;
    /// Adds the expressions in order.
    fn nodes(self, out: &mut Vec<Node>);
    /// Reads it from a row.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) when a cell does not hold a value of its type.
    fn decode(row: &mut Reader<'_>) -> Result<Self::Out>;
}

impl<T: Table, V: ColumnType, S: InScope<T, I>, I, const N: usize> Selectable<S, I> for Column<T, V, N> {
    type Out = S::Wrap<V>;

    fn nodes(self, out: &mut Vec<Node>) {
        out.push(self.into_node());
    }

    fn decode(row: &mut Reader<'_>) -> Result<Self::Out> {
        row.take()
    }
}

impl<V: ColumnType, U: ValidIn<S, I>, S, I> Selectable<S, I> for Expr<V, U> {
    type Out = U::Wrap<V>;

    fn nodes(self, out: &mut Vec<Node>) {
        out.push(self.into_node());
    }

    fn decode(row: &mut Reader<'_>) -> Result<Self::Out> {
        row.take()
    }
}

impl<T: Table, S: InScope<T, I>, I> Selectable<S, I> for TableRef<T> {
    type Out = <S::WrapRow<T> as WrappedRow<T>>::Out;

    fn nodes(self, out: &mut Vec<Node>) {
        let table = T::META;
        out.extend(table.columns.iter().map(|name| Node::Column { table, name }));
    }

    fn decode(row: &mut Reader<'_>) -> Result<Self::Out> {
        let absent = <S::WrapRow<T> as WrappedRow<T>>::OPTIONAL && row.skip_nulls(T::META.columns.len());
        let found = if absent { None } else { Some(T::decode(row)?) };
        Ok(<S::WrapRow<T> as WrappedRow<T>>::wrap(found).expect("a row is only left out where it is optional"))
    }
}

macro_rules! tuples {
    ($($($name:ident $place:ident)*;)*) => {$(
        impl<S, $($place,)* $($name: Selectable<S, $place>),*> Selectable<S, ($($place,)*)> for ($($name,)*) {
            type Out = ($($name::Out,)*);

            fn nodes(self, out: &mut Vec<Node>) {
                #[allow(non_snake_case)]
                let ($($name,)*) = self;
                $($name.nodes(out);)*
            }

            fn decode(row: &mut Reader<'_>) -> Result<Self::Out> {
                Ok(($($name::decode(row)?,)*))
            }
        }
    )*};
}

tuples! {
    A Ia;
    A Ia B Ib;
    A Ia B Ib C Ic;
    A Ia B Ib C Ic D Id;
    A Ia B Ib C Ic D Id E Ie;
    A Ia B Ib C Ic D Id E Ie F If;
    A Ia B Ib C Ic D Id E Ie F If G Ig;
    A Ia B Ib C Ic D Id E Ie F If G Ig H Ih;
    A Ia B Ib C Ic D Id E Ie F If G Ig H Ih J Ij;
    A Ia B Ib C Ic D Id E Ie F If G Ig H Ih J Ij K Ik;
    A Ia B Ib C Ic D Id E Ie F If G Ig H Ih J Ij K Ik L Il;
    A Ia B Ib C Ic D Id E Ie F If G Ig H Ih J Ij K Ik L Il M Im;
}
