use std::marker::PhantomData;

use super::super::condition::Condition;
use super::super::expr::{Base, Expr, Expression};
use super::super::node::Node;
use super::super::operand::Operand;
use super::super::scope::Filled;
use super::super::types::ColumnType;
use super::call;
use crate::dialect::Function;

/// A value as an expression: for a place that takes none but expressions.
#[must_use]
pub fn val<V: ColumnType>(value: V) -> Expr<V, ()> {
    Expr::new(Node::Value(value.encode()))
}

/// The first of both that is not NULL: after a left join, `coalesce(User::NAME, "nobody")` is a `String`.
#[must_use]
pub fn coalesce<E: Expression, R: Operand<Base<E>>>(
    first: E,
    other: R,
) -> Expr<R::Lift<Base<E>>, R::With<Filled<E::Uses>>> {
    Expr::new(call(Function::Coalesce, [first.into_node(), other.into_node()]))
}

/// NULL where both are equal, or else the first.
#[must_use]
pub fn null_if<E: Expression, R: Operand<Base<E>>>(first: E, other: R) -> Expr<Option<Base<E>>, R::With<E::Uses>> {
    Expr::new(call(Function::NullIf, [first.into_node(), other.into_node()]))
}

/// Begins a choice: the value of the first condition that is true.
///
/// `case(Task::VOTES.gt(10), "hot").when(Task::VOTES.gt(3), "warm").otherwise("cold")`
pub fn case<B, U, R: Operand<B>>(condition: Condition<U>, value: R) -> Case<B, R::Lift<B>, (U, R::With<()>)>
where
    B: ColumnType<Base = B>,
{
    Case {
        when: vec![(condition.node, value.into_node())],
        of: PhantomData,
    }
}

/// A choice of values of the type `B`; see [`case`].
#[must_use = "a choice is finished by `.otherwise(…)` or `.or_null()`"]
pub struct Case<B, V, U> {
    when: Vec<(Node, Node)>,
    of: PhantomData<fn() -> (B, V, U)>,
}

impl<B: ColumnType<Base = B>, V: ColumnType<Base = B>, U> Case<B, V, U> {
    /// Where this condition is true, and none before it was, this value.
    pub fn when<W, R: Operand<B>>(
        mut self,
        condition: Condition<W>,
        value: R,
    ) -> Case<B, R::Lift<V>, (U, (W, R::With<()>))> {
        self.when.push((condition.node, value.into_node()));
        Case {
            when: self.when,
            of: PhantomData,
        }
    }

    /// Where no condition is true, this value.
    pub fn otherwise<R: Operand<B>>(self, value: R) -> Expr<R::Lift<V>, R::With<U>> {
        Expr::new(Node::Case {
            when: self.when,
            otherwise: Some(Box::new(value.into_node())),
        })
    }

    /// Where no condition is true, NULL.
    pub fn or_null(self) -> Expr<Option<B>, U> {
        Expr::new(Node::Case {
            when: self.when,
            otherwise: None,
        })
    }
}

impl<B, V, U> std::fmt::Debug for Case<B, V, U> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("when", &self.when).finish()
    }
}
