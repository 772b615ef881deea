//! Columns, expressions and conditions as the compiler sees them.

use std::fmt;
use std::marker::PhantomData;

use super::condition::Condition;
use super::node::Node;
use super::operand::{Operand, Textual};
use super::order::Order;
use super::table::Table;
use super::types::ColumnType;
use crate::value::Kind as _;

/// A column of the table `T` whose values are of the type `V`.
///
/// `N` is its place among the table's columns, so that no two columns of a table are of one type.
pub struct Column<T, V, const N: usize = 0> {
    name: &'static str,
    of: PhantomData<fn() -> (T, V)>,
}

impl<T, V, const N: usize> Column<T, V, N> {
    /// The column of this name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }

    /// The column's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<T, V, const N: usize> Clone for Column<T, V, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, V, const N: usize> Copy for Column<T, V, N> {}

impl<T: Table, V, const N: usize> fmt::Debug for Column<T, V, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", T::META.name, self.name)
    }
}

/// A computed expression of the type `V` that uses columns of the tables `U`.
pub struct Expr<V, U> {
    node: Node,
    of: PhantomData<fn() -> (V, U)>,
}

impl<V, U> Expr<V, U> {
    pub(super) fn new(node: Node) -> Self {
        Self { node, of: PhantomData }
    }
}

impl<V, U> Expr<V, U> {
    pub(super) fn into_inner(self) -> Node {
        self.node
    }
}

impl<V, U> Clone for Expr<V, U> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<V, U> fmt::Debug for Expr<V, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

/// Something with a value in each row: a column, or what is computed from columns.
pub trait Expression: Sized {
    /// The type of the value.
    type Type: ColumnType;
    /// The tables whose columns it uses: one, or pairs of them, or `()`.
    type Uses;

    /// The expression as plain data.
    fn into_node(self) -> Node;

    /// Whether it equals `other`.
    fn eq<R: Operand<Base<Self>>>(self, other: R) -> Condition<R::With<Self::Uses>> {
        compare(self, "=", other)
    }

    /// Whether it differs from `other`.
    fn ne<R: Operand<Base<Self>>>(self, other: R) -> Condition<R::With<Self::Uses>> {
        compare(self, "<>", other)
    }

    /// Whether it is less than `other`.
    fn lt<R: Operand<Base<Self>>>(self, other: R) -> Condition<R::With<Self::Uses>> {
        compare_size(self, "<", other)
    }

    /// Whether it is less than `other`, or equal.
    fn le<R: Operand<Base<Self>>>(self, other: R) -> Condition<R::With<Self::Uses>> {
        compare_size(self, "<=", other)
    }

    /// Whether it is greater than `other`.
    fn gt<R: Operand<Base<Self>>>(self, other: R) -> Condition<R::With<Self::Uses>> {
        compare_size(self, ">", other)
    }

    /// Whether it is greater than `other`, or equal.
    fn ge<R: Operand<Base<Self>>>(self, other: R) -> Condition<R::With<Self::Uses>> {
        compare_size(self, ">=", other)
    }

    /// Whether it is NULL.
    #[expect(
        clippy::wrong_self_convention,
        reason = "an expression is a value of the query being built, and used up by it"
    )]
    fn is_null(self) -> Condition<Self::Uses> {
        null_test(self, false)
    }

    /// Whether it is not NULL.
    #[expect(clippy::wrong_self_convention, reason = "as for `is_null`")]
    fn is_not_null(self) -> Condition<Self::Uses> {
        null_test(self, true)
    }

    /// Whether it is one of these values; never, where there are none.
    fn in_<R: Operand<Base<Self>, Uses = ()>>(self, list: impl IntoIterator<Item = R>) -> Condition<Self::Uses> {
        one_of(self, list, false)
    }

    /// Whether it is none of these values; always, where there are none.
    fn not_in<R: Operand<Base<Self>, Uses = ()>>(self, list: impl IntoIterator<Item = R>) -> Condition<Self::Uses> {
        one_of(self, list, true)
    }

    /// Whether it lies between these two values, both included.
    fn between<R: Operand<Base<Self>, Uses = ()>>(self, low: R, high: R) -> Condition<Self::Uses> {
        Condition::new(Node::Between {
            of: Box::new(sized(self)),
            low: Box::new(low.into_node()),
            high: Box::new(high.into_node()),
        })
    }

    /// Whether it matches a pattern: `%` is any text, `_` any character, `\` takes the next one as it is. Upper and lower
    /// case differ, in every engine.
    fn like(self, pattern: impl Into<String>) -> Condition<Self::Uses>
    where
        Self::Type: Textual,
    {
        pattern_test(self, pattern.into(), false)
    }

    /// Like [`like`](Expression::like), with upper and lower case the same (on SQLite for ASCII letters only).
    fn ilike(self, pattern: impl Into<String>) -> Condition<Self::Uses>
    where
        Self::Type: Textual,
    {
        pattern_test(self, pattern.into(), true)
    }

    /// Whether this text is somewhere in it. No character of it is special.
    fn contains(self, text: &str) -> Condition<Self::Uses>
    where
        Self::Type: Textual,
    {
        pattern_test(self, format!("%{}%", escape_pattern(text)), false)
    }

    /// Whether it starts with this text. No character of it is special.
    fn starts_with(self, text: &str) -> Condition<Self::Uses>
    where
        Self::Type: Textual,
    {
        pattern_test(self, format!("{}%", escape_pattern(text)), false)
    }

    /// Whether it ends with this text. No character of it is special.
    fn ends_with(self, text: &str) -> Condition<Self::Uses>
    where
        Self::Type: Textual,
    {
        pattern_test(self, format!("%{}", escape_pattern(text)), false)
    }

    /// To sort by it from low to high.
    fn asc(self) -> Order<Self::Uses> {
        Order::new(sized(self), false)
    }

    /// To sort by it from high to low.
    fn desc(self) -> Order<Self::Uses> {
        Order::new(sized(self), true)
    }
}

/// What an expression is compared as: its type without `Option`.
pub type Base<E> = <<E as Expression>::Type as ColumnType>::Base;

impl<T: Table, V: ColumnType, const N: usize> Expression for Column<T, V, N> {
    type Type = V;
    type Uses = T;

    fn into_node(self) -> Node {
        Node::Column {
            table: T::META,
            name: self.name,
        }
    }
}

impl<V: ColumnType, U> Expression for Expr<V, U> {
    type Type = V;
    type Uses = U;

    fn into_node(self) -> Node {
        self.node
    }
}

fn compare<L: Expression, R: Operand<Base<L>>>(
    left: L,
    operator: &'static str,
    right: R,
) -> Condition<R::With<L::Uses>> {
    Condition::new(Node::binary(left.into_node(), operator, right.into_node()))
}

fn compare_size<L: Expression, R: Operand<Base<L>>>(
    left: L,
    operator: &'static str,
    right: R,
) -> Condition<R::With<L::Uses>> {
    Condition::new(Node::binary(sized(left), operator, right.into_node()))
}

/// An expression of which more than equality is asked.
pub(super) fn sized<E: Expression>(of: E) -> Node {
    of.into_node().sized(<E::Type as ColumnType>::Kind::ID)
}

fn null_test<E: Expression>(of: E, not: bool) -> Condition<E::Uses> {
    let of = Box::new(of.into_node());
    Condition::new(Node::IsNull { of, not })
}

fn one_of<E: Expression, R: Operand<Base<E>>>(
    of: E,
    list: impl IntoIterator<Item = R>,
    not: bool,
) -> Condition<E::Uses> {
    Condition::new(Node::In {
        of: Box::new(of.into_node()),
        list: list.into_iter().map(Operand::into_node).collect(),
        not,
    })
}

fn pattern_test<E: Expression>(of: E, pattern: String, ignore_case: bool) -> Condition<E::Uses> {
    Condition::new(Node::Like {
        of: Box::new(of.into_node()),
        pattern,
        ignore_case,
    })
}

/// Takes each special character of a pattern as it is.
///
/// ```
/// assert_eq!(kickdb_core::query::escape_pattern("100%_\\"), "100\\%\\_\\\\");
/// ```
#[must_use]
pub fn escape_pattern(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
