//! Functions over the rows of a group, or over all rows.

use super::condition::Condition;
use super::expr::{Base, Column, Expr, Expression, sized};
use super::node::Node;
use super::operand::Textual;
use super::scope::{Aggregated, Counted};
use super::table::Table;
use super::types::ColumnType;
use crate::dialect::Function;
use crate::value::{KindId, Value, kind};

fn call(function: &'static str, distinct: bool, of: Option<Node>) -> Node {
    Node::Call {
        function,
        distinct,
        of: of.map(Box::new),
    }
}

/// The value that a new row brings, where another row is in its way; only for `.do_update_with(…)` of an insert.
#[must_use]
pub fn incoming<T: Table, V: ColumnType, const N: usize>(column: Column<T, V, N>) -> Expr<V, T> {
    Expr::new(Node::Incoming(column.name()))
}

/// How many rows there are.
#[must_use]
pub fn count_all() -> Expr<i64, Counted<()>> {
    Expr::new(call("count", false, None))
}

/// In how many rows the expression is not NULL.
#[must_use]
pub fn count<E: Expression>(of: E) -> Expr<i64, Counted<E::Uses>> {
    Expr::new(call("count", false, Some(of.into_node())))
}

/// How many different values there are, NULL aside.
#[must_use]
pub fn count_distinct<E: Expression>(of: E) -> Expr<i64, Counted<E::Uses>> {
    Expr::new(call("count", true, Some(of.into_node())))
}

/// The smallest value; `None` where there is none.
#[must_use]
pub fn min<E: Expression>(of: E) -> Expr<Option<Base<E>>, Aggregated<E::Uses>> {
    Expr::new(call("min", false, Some(sized(of))))
}

/// The greatest value; `None` where there is none.
#[must_use]
pub fn max<E: Expression>(of: E) -> Expr<Option<Base<E>>, Aggregated<E::Uses>> {
    Expr::new(call("max", false, Some(sized(of))))
}

/// The sum of all values; `None` where there are none.
#[must_use]
pub fn sum<E: Expression>(of: E) -> Expr<Option<<Base<E> as Sum>::Total>, Aggregated<E::Uses>>
where
    Base<E>: Sum,
{
    Expr::new(<Base<E> as Sum>::total(call("sum", false, Some(sized(of)))))
}

/// The mean of all values; `None` where there are none.
#[must_use]
pub fn avg<E: Expression>(of: E) -> Expr<Option<f64>, Aggregated<E::Uses>>
where
    E::Type: Numeric,
{
    Expr::new(Node::Cast {
        of: Box::new(call("avg", false, Some(sized(of)))),
        to: KindId::Float64,
    })
}

/// All values of a group as a list, NULLs among them; `None` where there is no row.
#[must_use]
pub fn list_of<E: Expression>(of: E) -> Expr<Option<Vec<E::Type>>, Aggregated<E::Uses>> {
    Expr::new(Node::Function {
        function: Function::ListOfGroup,
        of: vec![of.into_node()],
    })
}

/// All texts of a group with a text between them; `None` where there are none. Not on MySQL.
#[must_use]
pub fn text_of<E: Expression>(of: E, between: &str) -> Expr<Option<String>, Aggregated<E::Uses>>
where
    E::Type: Textual,
{
    Expr::new(Node::Function {
        function: Function::TextOfGroup,
        of: vec![of.into_node(), Node::Value(Value::Text(between.to_owned()))],
    })
}

impl<V: ColumnType, U> Expr<V, Aggregated<U>> {
    /// Only over rows for which the condition is true.
    #[must_use]
    pub fn only<W>(self, condition: Condition<W>) -> Expr<V, Aggregated<(U, W)>> {
        Expr::new(narrowed(self.into_node(), condition.node))
    }
}

impl<U> Expr<i64, Counted<U>> {
    /// Only rows for which the condition is true.
    #[must_use]
    pub fn only<W>(self, condition: Condition<W>) -> Expr<i64, Counted<(U, W)>> {
        Expr::new(narrowed(self.into_node(), condition.node))
    }
}

/// No engine counts NULLs, so what is not to be counted becomes one: `FILTER (WHERE …)`, which MySQL does not have.
fn narrowed(node: Node, condition: Node) -> Node {
    let only = |of: Node| Node::Case {
        when: vec![(condition.clone(), of)],
        otherwise: None,
    };
    match node {
        Node::Call { function, distinct, of } => {
            let of = of.map_or_else(|| Node::Value(Value::Int64(1)), |of| *of);
            call(function, distinct, Some(only(of)))
        }
        Node::Cast { of, to } => Node::Cast {
            of: Box::new(narrowed(*of, condition)),
            to,
        },
        Node::ToInt64(of) => Node::ToInt64(Box::new(narrowed(*of, condition))),
        Node::Function { function, mut of } => {
            if let Some(first) = of.first_mut() {
                let whole = std::mem::replace(first, Node::Position(0));
                *first = only(whole);
            }
            Node::Function { function, of }
        }
        other => other,
    }
}

/// A type whose values can be added up by every engine.
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` cannot be added up",
    label = "not a number that has a sum"
)]
pub trait Sum: ColumnType {
    /// The type of the sum.
    type Total: ColumnType<Base = Self::Total>;

    /// Makes the sum of that type in every engine.
    #[must_use]
    fn total(sum: Node) -> Node {
        sum
    }
}

macro_rules! sums {
    ($($ty:ty)*) => {$(
        impl Sum for $ty {
            type Total = i64;

            // PostgreSQL adds up `bigint` to `numeric`; a sum out of range is its error.
            fn total(sum: Node) -> Node {
                Node::ToInt64(Box::new(sum))
            }
        }
    )*};
}

sums! { i16 i32 i64 }

impl Sum for f64 {
    type Total = f64;
}

impl Sum for f32 {
    type Total = f32;
}

#[cfg(feature = "rust_decimal")]
impl Sum for rust_decimal::Decimal {
    type Total = Self;
}

#[cfg(feature = "bigdecimal")]
impl Sum for bigdecimal::BigDecimal {
    type Total = Self;
}

/// A number, or `Option` of one.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` is not a number",
    label = "not a number that can be calculated with"
)]
pub trait Numeric: ColumnType {}
impl<V: ColumnType<Kind: kind::Number>> Numeric for V {}

/// Calculates with numbers. The result is `Option` where one of them may be NULL: a nullable column, or one behind a left
/// join.
pub trait Arithmetic: Expression {
    /// This plus `other`.
    fn plus<R: super::operand::Operand<Base<Self>>>(self, other: R) -> Expr<R::Lift<Self::Type>, R::With<Self::Uses>>
    where
        Self::Type: Numeric,
    {
        Expr::new(Node::binary(sized(self), "+", other.into_node()))
    }

    /// This minus `other`.
    fn minus<R: super::operand::Operand<Base<Self>>>(self, other: R) -> Expr<R::Lift<Self::Type>, R::With<Self::Uses>>
    where
        Self::Type: Numeric,
    {
        Expr::new(Node::binary(sized(self), "-", other.into_node()))
    }

    /// This times `other`.
    fn times<R: super::operand::Operand<Base<Self>>>(self, other: R) -> Expr<R::Lift<Self::Type>, R::With<Self::Uses>>
    where
        Self::Type: Numeric,
    {
        Expr::new(Node::binary(sized(self), "*", other.into_node()))
    }
}

impl<E: Expression> Arithmetic for E {}
