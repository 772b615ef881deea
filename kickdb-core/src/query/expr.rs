//! Columns, expressions and conditions as the compiler sees them.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use super::node::{Node, OrderPart};
use super::scope::{Aggregated, Counted, Filled};
use super::table::Table;
use super::types::ColumnType;
use crate::value::{Kind as _, kind};

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
        Node::Value(self.encode())
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
        self.node
    }
}

/// The same type; a trait so that the compiler's message is a sentence about the query.
#[diagnostic::on_unimplemented(
    message = "a column of type `{B}` cannot be compared with a column of type `{Self}`",
    label = "this column is of type `{Self}`, the other one of type `{B}`"
)]
pub trait SameAs<B> {}
impl<B> SameAs<B> for B {}

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

/// Tables that are all part of `W`, a table or a pair.
#[diagnostic::on_unimplemented(message = "the condition uses a table that is not in `{W}`")]
pub trait Within<W, I> {}
impl<W> Within<W, ()> for () {}
impl<T: Table> Within<T, super::scope::Here> for T {}
impl<T: Table, A, B, I> Within<(A, B), Left<I>> for T where T: Within<A, I> {}
impl<T: Table, A, B, I> Within<(A, B), Right<I>> for T where T: Within<B, I> {}
impl<W, U: Within<W, I>, I> Within<W, Counted<I>> for Counted<U> {}
impl<W, U: Within<W, I>, I> Within<W, Aggregated<I>> for Aggregated<U> {}
impl<W, U: Within<W, I>, I> Within<W, Filled<I>> for Filled<U> {}
impl<A, B, W, I, J> Within<W, Each<I, J>> for (A, B)
where
    A: Within<W, I>,
    B: Within<W, J>,
{
}

/// A place in the first of a pair.
#[derive(Debug)]
pub struct Left<I>(PhantomData<I>);
/// A place in the second of a pair.
#[derive(Debug)]
pub struct Right<I>(PhantomData<I>);
/// A place for each of a pair.
#[derive(Debug)]
pub struct Each<I, J>(PhantomData<(I, J)>);

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
            self.node,
            "=",
            Node::Value(crate::value::Value::Bool(true)),
        ))
    }
}

/// One part of an order, using columns of the tables `U`.
#[derive(Debug)]
pub struct Order<U> {
    part: OrderPart,
    of: PhantomData<fn() -> U>,
}

impl<U> Order<U> {
    fn new(by: Node, descending: bool) -> Self {
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
