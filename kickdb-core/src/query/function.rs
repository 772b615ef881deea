//! Functions over the rows of a group, or over all rows.

use super::expr::{Base, Expr, Expression, sized};
use super::node::Node;
use super::scope::Counted;
use super::types::ColumnType;
use crate::value::kind;

fn call(function: &'static str, distinct: bool, of: Option<Node>) -> Node {
    Node::Call {
        function,
        distinct,
        of: of.map(Box::new),
    }
}

/// How many rows there are.
#[must_use]
pub fn count_all() -> Expr<i64, ()> {
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
pub fn min<E: Expression>(of: E) -> Expr<Option<Base<E>>, E::Uses> {
    Expr::new(call("min", false, Some(sized(of))))
}

/// The greatest value; `None` where there is none.
#[must_use]
pub fn max<E: Expression>(of: E) -> Expr<Option<Base<E>>, E::Uses> {
    Expr::new(call("max", false, Some(sized(of))))
}

/// The sum of all values; `None` where there are none.
#[must_use]
pub fn sum<E: Expression>(of: E) -> Expr<Option<<Base<E> as Sum>::Total>, E::Uses>
where
    Base<E>: Sum,
{
    Expr::new(<Base<E> as Sum>::total(call("sum", false, Some(sized(of)))))
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

/// A number, or `Option` of one.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` is not a number",
    label = "not a number that can be calculated with"
)]
pub trait Numeric: ColumnType {}
impl<V: ColumnType<Kind: kind::Number>> Numeric for V {}

/// Calculates with numbers. The result is `Option` where one of them may be NULL: a nullable column, or one behind a left
/// join.
pub trait Arithmetic: Expression<Type: Numeric> {
    /// This plus `other`.
    fn plus<R: super::expr::Operand<Base<Self>>>(self, other: R) -> Expr<R::Lift<Self::Type>, R::With<Self::Uses>> {
        Expr::new(Node::binary(sized(self), "+", other.into_node()))
    }

    /// This minus `other`.
    fn minus<R: super::expr::Operand<Base<Self>>>(self, other: R) -> Expr<R::Lift<Self::Type>, R::With<Self::Uses>> {
        Expr::new(Node::binary(sized(self), "-", other.into_node()))
    }

    /// This times `other`.
    fn times<R: super::expr::Operand<Base<Self>>>(self, other: R) -> Expr<R::Lift<Self::Type>, R::With<Self::Uses>> {
        Expr::new(Node::binary(sized(self), "*", other.into_node()))
    }
}

impl<E: Expression<Type: Numeric>> Arithmetic for E {}
