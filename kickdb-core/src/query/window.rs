//! Functions over the rows around each row.

use std::marker::PhantomData;

use super::expr::{Base, Expr, Expression};
use super::node::{Node, OrderPart};
use super::order::IntoOrder;
use super::scope::{Aggregated, Counted, Filled};
use super::types::ColumnType;

/// The rows around a row, as plain data.
#[derive(Clone, Debug, Default)]
pub struct WindowParts {
    pub(super) partition: Vec<Node>,
    pub(super) order: Vec<OrderPart>,
    pub(super) frame: Option<(Bound, Bound)>,
}

/// An end of the rows around a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The first row of all.
    Start,
    /// So many rows before.
    Before(u32),
    /// The row itself.
    Current,
    /// So many rows after.
    After(u32),
    /// The last row of all.
    End,
}

/// The rows around each row, which use columns of the tables `U`; see [`window`].
#[derive(Clone, Debug)]
#[must_use = "a window does nothing until it is given to `.over(…)`"]
pub struct Window<U> {
    parts: WindowParts,
    of: PhantomData<fn() -> U>,
}

/// All rows, to be narrowed down: `window().partition_by(Task::PROJECT_ID).order_by(Task::VOTES.desc())`.
pub fn window() -> Window<()> {
    Window {
        parts: WindowParts::default(),
        of: PhantomData,
    }
}

/// What a window is split by: an expression, or a tuple of some.
pub trait Partition {
    /// The tables whose columns it uses.
    type Uses;
    /// Adds the expressions.
    fn nodes(self, out: &mut Vec<Node>);
}

impl<E: Expression> Partition for E {
    type Uses = E::Uses;

    fn nodes(self, out: &mut Vec<Node>) {
        out.push(self.into_node());
    }
}

impl<A: Expression, B: Expression> Partition for (A, B) {
    type Uses = (A::Uses, B::Uses);

    fn nodes(self, out: &mut Vec<Node>) {
        out.extend([self.0.into_node(), self.1.into_node()]);
    }
}

impl<U> Window<U> {
    /// Only rows with the same values as the row itself.
    pub fn partition_by<P: Partition>(mut self, by: P) -> Window<(U, P::Uses)> {
        by.nodes(&mut self.parts.partition);
        Window {
            parts: self.parts,
            of: PhantomData,
        }
    }

    /// Sorted by this; aggregates are then over the rows up to the row itself.
    pub fn order_by<O: IntoOrder>(mut self, order: O) -> Window<(U, O::Uses)> {
        order.parts(&mut self.parts.order);
        Window {
            parts: self.parts,
            of: PhantomData,
        }
    }

    /// Only the rows from one end to the other.
    pub fn rows(mut self, from: Bound, to: Bound) -> Self {
        self.parts.frame = Some((from, to));
        self
    }
}

fn over<V: ColumnType, W>(node: Node, window: WindowParts) -> Expr<V, W> {
    // A cast is around the whole, and not inside of what is over the window.
    match node {
        Node::Cast { of, to } => Expr::new(Node::Cast {
            of: Box::new(over::<V, W>(*of, window).into_inner()),
            to,
        }),
        Node::ToInt64(of) => Expr::new(Node::ToInt64(Box::new(over::<V, W>(*of, window).into_inner()))),
        other => Expr::new(Node::Over {
            of: Box::new(other),
            window: Box::new(window),
        }),
    }
}

impl<V: ColumnType, U> Expr<V, Aggregated<U>> {
    /// Over the rows around each row, instead of one value for all of them.
    #[must_use]
    pub fn over<W>(self, window: Window<W>) -> Expr<V, (U, W)> {
        over(self.into_inner(), window.parts)
    }
}

impl<V: ColumnType, U> Expr<V, Counted<U>> {
    /// Over the rows around each row, instead of one number for all of them.
    #[must_use]
    pub fn over<W>(self, window: Window<W>) -> Expr<V, (Filled<U>, Filled<W>)> {
        over(self.into_inner(), window.parts)
    }
}

/// A function that only stands over a window.
#[derive(Clone, Debug)]
#[must_use = "add `.over(window())`"]
pub struct WindowFunction<V, U> {
    node: Node,
    of: PhantomData<fn() -> (V, U)>,
}

impl<V: ColumnType, U> WindowFunction<V, U> {
    fn new(function: &'static str, of: Vec<Node>) -> Self {
        Self {
            node: Node::Windowed { function, of },
            of: PhantomData,
        }
    }

    /// Over the rows around each row.
    #[must_use]
    pub fn over<W>(self, window: Window<W>) -> Expr<V, (U, Filled<W>)> {
        over(self.node, window.parts)
    }
}

/// The number of the row in its window, from 1.
pub fn row_number() -> WindowFunction<i64, ()> {
    WindowFunction::new("row_number", Vec::new())
}

/// The number of the row, rows that sort alike having the same one, with gaps behind them.
pub fn rank() -> WindowFunction<i64, ()> {
    WindowFunction::new("rank", Vec::new())
}

/// The number of the row, rows that sort alike having the same one, without gaps.
pub fn dense_rank() -> WindowFunction<i64, ()> {
    WindowFunction::new("dense_rank", Vec::new())
}

/// The value of the row so many rows before; `None` where there is none.
pub fn lag<E: Expression>(of: E, rows: u32) -> WindowFunction<Option<Base<E>>, E::Uses> {
    WindowFunction::new("lag", vec![of.into_node(), rows_away(rows)])
}

/// The value of the row so many rows after; `None` where there is none.
pub fn lead<E: Expression>(of: E, rows: u32) -> WindowFunction<Option<Base<E>>, E::Uses> {
    WindowFunction::new("lead", vec![of.into_node(), rows_away(rows)])
}

/// The value of the first row of the window.
pub fn first_value<E: Expression>(of: E) -> WindowFunction<Option<Base<E>>, E::Uses> {
    WindowFunction::new("first_value", vec![of.into_node()])
}

/// The value of the last row of the window, which ends with the row itself unless [`rows`](Window::rows) says more.
pub fn last_value<E: Expression>(of: E) -> WindowFunction<Option<Base<E>>, E::Uses> {
    WindowFunction::new("last_value", vec![of.into_node()])
}

/// PostgreSQL wants 4 bytes, and MariaDB no placeholder, so the number is written; it comes from no user's text.
fn rows_away(rows: u32) -> Node {
    Node::Number(rows)
}
