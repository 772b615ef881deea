//! What is true or not of a row.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use super::expr::{Column, Expr, Expression};
use super::node::Node;
use super::scope::Within;
use super::table::Table;

/// A condition that uses columns of the tables `U`.
#[must_use = "a condition does nothing until it is given to `.filter(…)`"]
pub struct Condition<U> {
    pub(super) node: Node,
    of: PhantomData<fn() -> U>,
}

impl<U> Condition<U> {
    pub(super) fn new(node: Node) -> Self {
        Self { node, of: PhantomData }
    }

    /// Both this one and `other` are true.
    pub fn and<W>(self, other: Condition<W>) -> Condition<(U, W)> {
        Condition::new(self.node.and(other.node))
    }

    /// This one or `other` is true.
    pub fn or<W>(self, other: Condition<W>) -> Condition<(U, W)> {
        Condition::new(self.node.or(other.node))
    }

    /// The condition as a value that can be read: NULL where it is neither true nor false.
    pub fn into_bool(self) -> Expr<Option<bool>, U> {
        Expr::new(self.node)
    }

    /// The same condition, seen as one over all tables of `W`, so that conditions over different tables fit in one list.
    ///
    /// `W` is a table or a pair of tables (or of pairs), and must have each table that the condition uses.
    pub fn over<W, I>(self) -> Condition<W>
    where
        U: Within<W, I>,
    {
        Condition::new(self.node)
    }
}

impl<U> Clone for Condition<U> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<U> fmt::Debug for Condition<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

impl<U> Not for Condition<U> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(Node::Not(Box::new(self.node)))
    }
}

impl<U> BitAnd for Condition<U> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self::new(self.node.and(other.node))
    }
}

impl<U> BitOr for Condition<U> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self::new(self.node.or(other.node))
    }
}

/// A condition that is true where `condition` is not, and NULL where it is NULL.
pub fn not<U>(condition: Condition<U>) -> Condition<U> {
    !condition
}

/// A condition that is true where all of these are; always, where there are none.
pub fn all_of<U>(conditions: impl IntoIterator<Item = Condition<U>>) -> Condition<U> {
    Condition::new(Node::All(conditions.into_iter().map(|one| one.node).collect()))
}

/// A condition that is true where one of these is; never, where there are none.
pub fn any_of<U>(conditions: impl IntoIterator<Item = Condition<U>>) -> Condition<U> {
    Condition::new(Node::Any(conditions.into_iter().map(|one| one.node).collect()))
}

/// What `.filter(…)` takes: a condition, or an `Option` of one, which is left out where it is `None`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "expected a condition such as `Task::ID.eq(id)`"
)]
pub trait IntoCondition {
    /// The tables whose columns it uses.
    type Uses;
    /// The condition as plain data, where there is one.
    fn into_condition(self) -> Option<Node>;
}

impl<U> IntoCondition for Condition<U> {
    type Uses = U;

    fn into_condition(self) -> Option<Node> {
        Some(self.node)
    }
}

impl<U> IntoCondition for Option<Condition<U>> {
    type Uses = U;

    fn into_condition(self) -> Option<Node> {
        self.map(|condition| condition.node)
    }
}

/// A column of type `bool` is a condition by itself.
impl<T: Table, const N: usize> IntoCondition for Column<T, bool, N> {
    type Uses = T;

    fn into_condition(self) -> Option<Node> {
        Some(self.eq(true).node)
    }
}

/// So is what is computed.
impl<U> IntoCondition for Expr<bool, U> {
    type Uses = U;

    fn into_condition(self) -> Option<Node> {
        Some(Node::binary(
            self.into_node(),
            "=",
            Node::Value(crate::value::Value::Bool(true)),
        ))
    }
}
