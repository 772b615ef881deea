//! Rows that are read.

use std::marker::PhantomData;

use super::expr::{Column, Condition, Expr, Expression, IntoCondition, IntoOrder};
use super::node::{Node, OrderPart};
use super::reader::Reader;
use super::scope::{Cons, InScope, Nil, Opt, Req, ValidIn, WrappedRow};
use super::table::{Table, TableMeta, TableRef};
use super::types::ColumnType;
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
pub(super) struct Select {
    pub(super) from: &'static TableMeta,
    pub(super) joins: Vec<Join>,
    /// `None` is all columns of `from`.
    pub(super) columns: Option<Vec<Node>>,
    pub(super) distinct: bool,
    pub(super) filter: Option<Node>,
    pub(super) group: Vec<Node>,
    pub(super) having: Option<Node>,
    pub(super) order: Vec<OrderPart>,
    pub(super) limit: Option<u64>,
    pub(super) offset: Option<u64>,
}

#[derive(Clone, Debug)]
pub(super) struct Join {
    pub(super) left: bool,
    pub(super) table: &'static TableMeta,
    pub(super) on: Node,
}

impl<Out, S> Clone for Query<Out, S> {
    fn clone(&self) -> Self {
        Self {
            select: self.select.clone(),
            decode: self.decode,
            of: PhantomData,
        }
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
            select: Select {
                from: T::META,
                joins: Vec::new(),
                columns: None,
                distinct: false,
                filter: None,
                group: Vec::new(),
                having: None,
                order: Vec::new(),
                limit: None,
                offset: None,
            },
            decode: T::decode,
            of: PhantomData,
        }
    }
}

impl<Out, S> Query<Out, S> {
    /// Only rows for which the condition is true; several filters must all be true. A condition that is `None` is left
    /// out.
    pub fn filter<C, I>(mut self, condition: C) -> Self
    where
        C: IntoCondition,
        C::Uses: ValidIn<S, I>,
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
        self.joined(false, J::META, on.node)
    }

    /// Like [`join`](Query::join), and rows without a match stay, with NULLs: columns of that table become `Option`.
    pub fn left_join<J: Table, U, I>(self, table: TableRef<J>, on: Condition<U>) -> Query<Out, Cons<Opt<J>, S>>
    where
        U: ValidIn<Cons<Opt<J>, S>, I>,
    {
        let _ = table;
        self.joined(true, J::META, on.node)
    }

    fn joined<W>(mut self, left: bool, table: &'static TableMeta, on: Node) -> Query<Out, W> {
        self.select.joins.push(Join { left, table, on });
        Query {
            select: self.select,
            decode: self.decode,
            of: PhantomData,
        }
    }

    /// Which columns, expressions or whole tables are read, as a tuple or one alone.
    pub fn select<C, I>(mut self, columns: C) -> Query<C::Out, S>
    where
        C: Selectable<S, I>,
    {
        let mut nodes = Vec::new();
        columns.nodes(&mut nodes);
        self.select.columns = Some(nodes);
        Query {
            select: self.select,
            decode: C::decode,
            of: PhantomData,
        }
    }

    /// Equal rows only once.
    pub fn distinct(mut self) -> Self {
        self.select.distinct = true;
        self
    }

    /// One row for all rows with the same values of these columns.
    pub fn group_by<C, I>(mut self, columns: C) -> Self
    where
        C: Selectable<S, I>,
    {
        columns.nodes(&mut self.select.group);
        self
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

    /// Without the first so many rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.select.offset = Some(rows);
        self
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

impl<T: Table, V: ColumnType, S: InScope<T, I>, I> Selectable<S, I> for Column<T, V> {
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
