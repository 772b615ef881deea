//! What a comparison takes: a value, or another expression of the same type.

use super::expr::{Column, Expr, Expression};
use super::node::Node;
use super::table::Table;
use super::types::ColumnType;
use crate::value::kind;

/// A type that is compared with patterns: a text, or `Option` of one.
pub trait Textual {}
impl<V: ColumnType<Kind: TextKind>> Textual for V {}

/// The kind of texts.
#[diagnostic::on_unimplemented(
    message = "this is for texts, and the column is of the kind `{Self}`",
    label = "not a column of type `String`"
)]
pub trait TextKind {}
impl TextKind for kind::Text {}

/// What an expression of the base type `B` can be compared with: a value of `B`, or a column or expression of `B` or
/// `Option<B>`.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` cannot be compared with a column of type `{B}`",
    label = "expected a value or a column of type `{B}`",
    note = "for NULL there is `.is_null()`; for a condition that may be left out, make it with `Option::map` and give the `Option` to `.filter(…)`"
)]
pub trait Operand<B> {
    /// The tables whose columns it uses.
    type Uses;
    /// Those tables together with `T`.
    type With<T>;
    /// What `V` becomes when it is calculated together with the operand: `Option` where that may be NULL.
    type Lift<V: ColumnType>: ColumnType<Base = V::Base>;

    /// The operand as plain data.
    fn into_node(self) -> Node;
}

impl<B: ColumnType<Base = B>> Operand<B> for B {
    type Uses = ();
    type With<T> = T;
    type Lift<V: ColumnType> = V;

    fn into_node(self) -> Node {
        Node::Value(self.into_bound())
    }
}

impl<B: ColumnType<Base = B>> Operand<B> for &B {
    type Uses = ();
    type With<T> = T;
    type Lift<V: ColumnType> = V;

    fn into_node(self) -> Node {
        Node::Value(self.encode())
    }
}

impl Operand<String> for &str {
    type Uses = ();
    type With<T> = T;
    type Lift<V: ColumnType> = V;

    fn into_node(self) -> Node {
        Node::Value(crate::value::Value::Text(self.to_owned()))
    }
}

impl Operand<Vec<u8>> for &[u8] {
    type Uses = ();
    type With<T> = T;
    type Lift<V: ColumnType> = V;

    fn into_node(self) -> Node {
        Node::Value(crate::value::Value::Bytes(self.to_vec()))
    }
}

impl<B, T: Table, V: ColumnType, const N: usize> Operand<B> for Column<T, V, N>
where
    V::Base: SameAs<B>,
{
    type Uses = T;
    type With<W> = (W, T);
    type Lift<W: ColumnType> = V::Lift<W>;

    fn into_node(self) -> Node {
        Expression::into_node(self)
    }
}

impl<B, V: ColumnType, U> Operand<B> for Expr<V, U>
where
    V::Base: SameAs<B>,
{
    type Uses = U;
    type With<W> = (W, U);
    type Lift<W: ColumnType> = V::Lift<W>;

    fn into_node(self) -> Node {
        Expression::into_node(self)
    }
}

/// The same type; a trait so that the compiler's message is a sentence about the query.
#[diagnostic::on_unimplemented(
    message = "a column of type `{B}` cannot be compared or calculated with a column of type `{Self}`",
    label = "this column is of type `{Self}`, the other one of type `{B}`",
    note = "`.cast::<{B}>()` makes an expression one of the other type, where every engine has such a cast"
)]
pub trait SameAs<B> {}
impl<B> SameAs<B> for B {}
