//! Functions of one row, by the kind of their first argument. What each means is the same on every engine; how it is
//! spelled is the engine's (`dialect/<engine>/function.rs`).

#![expect(
    clippy::type_complexity,
    reason = "the type of an expression says what it uses, and what NULL makes of it"
)]

mod case;
mod json;
mod list;
mod number;
mod text;
mod time;
mod vector;

pub use self::case::{Case, case, coalesce, null_if, val};
pub use self::json::{JsonFunctions, JsonKind, JsonPath};
pub use self::list::{ListFunctions, Listed};
pub use self::number::{NumberFunctions, Whole};
pub use self::text::TextFunctions;
pub use self::time::{Clocked, Dated, HasDate, TimeFunctions};
pub use self::vector::{VectorFunctions, VectorKind, Vectored};
use super::condition::Condition;
use super::expr::{Expr, Expression};
use super::node::Node;
use super::types::ColumnType;
use crate::dialect::Function;
use crate::value::{Kind as _, Value};

/// `T`, or `Option<T>` where the expression `E` may be NULL.
pub type As<E, T> = <<E as Expression>::Type as ColumnType>::Lift<T>;

fn call(function: Function, of: impl IntoIterator<Item = Node>) -> Node {
    Node::Function {
        function,
        of: of.into_iter().collect(),
    }
}

fn whole(number: i64) -> Node {
    Node::Value(Value::Int64(number))
}

fn text(text: &str) -> Node {
    Node::Value(Value::Text(text.to_owned()))
}

/// Turns an expression into a value of another type.
pub trait Cast: Expression {
    /// This as a value of the type `T`, as the engine's `CAST` makes it. A text that is no number is an error on PostgreSQL
    /// and 0 on the others.
    fn cast<T: ColumnType<Base = T>>(self) -> Expr<As<Self, T>, Self::Uses> {
        Expr::new(Node::Cast {
            of: Box::new(self.into_node()),
            to: T::Kind::ID,
        })
    }
}

impl<E: Expression> Cast for E {}

/// What is true or false as a condition.
pub trait Truth: Expression<Type: ColumnType<Kind = crate::value::kind::Bool>> {
    /// The condition that it is true.
    #[expect(
        clippy::wrong_self_convention,
        reason = "an expression is a value of the query being built, and used up by it"
    )]
    fn is_true(self) -> Condition<Self::Uses> {
        Condition::new(Node::binary(self.into_node(), "=", Node::Value(Value::Bool(true))))
    }
}

impl<E: Expression<Type: ColumnType<Kind = crate::value::kind::Bool>>> Truth for E {}
