//! By what rows are sorted.

use std::marker::PhantomData;

use super::expr::{Column, Expr, Expression};
use super::node::{Node, OrderPart};
use super::scope::Within;
use super::table::Table;
use super::types::ColumnType;

/// One part of an order, using columns of the tables `U`.
#[derive(Debug)]
pub struct Order<U> {
    part: OrderPart,
    of: PhantomData<fn() -> U>,
}

impl<U> Order<U> {
    pub(super) fn new(by: Node, descending: bool) -> Self {
        let part = OrderPart {
            by,
            descending,
            nulls_first: None,
        };
        Self { part, of: PhantomData }
    }

    /// The same order, seen as one over all tables of `W`, so that orders by different tables fit in one list.
    #[must_use]
    pub fn over<W, I>(self) -> Order<W>
    where
        U: Within<W, I>,
    {
        Order {
            part: self.part,
            of: PhantomData,
        }
    }

    pub(super) fn into_part(self) -> OrderPart {
        self.part
    }

    /// By the column of the result at this position, from 1.
    pub(super) fn position(position: u32, descending: bool) -> Self {
        Self::new(Node::Position(position), descending)
    }

    /// NULLs come before everything else.
    #[must_use]
    pub fn nulls_first(mut self) -> Self {
        self.part.nulls_first = Some(true);
        self
    }

    /// NULLs come after everything else.
    #[must_use]
    pub fn nulls_last(mut self) -> Self {
        self.part.nulls_first = Some(false);
        self
    }
}

/// What `.order_by(…)` takes: a column or expression, one with `.asc()` or `.desc()`, or a tuple of those.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not something to sort by",
    label = "expected a column, `column.desc()`, or a tuple of those"
)]
pub trait IntoOrder {
    /// The tables whose columns it uses.
    type Uses;
    /// Adds the parts in order.
    fn parts(self, out: &mut Vec<OrderPart>);
}

impl<U> IntoOrder for Order<U> {
    type Uses = U;

    fn parts(self, out: &mut Vec<OrderPart>) {
        out.push(self.part);
    }
}

impl<T: Table, V: ColumnType, const N: usize> IntoOrder for Column<T, V, N> {
    type Uses = T;

    fn parts(self, out: &mut Vec<OrderPart>) {
        self.asc().parts(out);
    }
}

impl<V: ColumnType, U> IntoOrder for Expr<V, U> {
    type Uses = U;

    fn parts(self, out: &mut Vec<OrderPart>) {
        self.asc().parts(out);
    }
}

/// `(A, (B, (C, ())))`: the tables that each element of a tuple uses.
macro_rules! uses {
    () => { () };
    ($first:ident $($rest:ident)*) => { ($first::Uses, uses!($($rest)*)) };
}

macro_rules! orders {
    ($($($name:ident)*;)*) => {$(
        impl<$($name: IntoOrder),*> IntoOrder for ($($name,)*) {
            type Uses = uses!($($name)*);

            fn parts(self, out: &mut Vec<OrderPart>) {
                #[allow(non_snake_case)]
                let ($($name,)*) = self;
                $($name.parts(out);)*
            }
        }
    )*};
}

orders! { A; A B; A B C; A B C D; A B C D E; A B C D E F; }
