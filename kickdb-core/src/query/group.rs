//! Grouped queries: what may be read of a group.

use std::marker::PhantomData;

use super::expr::{Column, Expr};
use super::scope::Each;
use super::scope::{Cons, Filled, Here, InScope, Runnable, Scope, There};
use super::table::{Table, TableRef};
use super::types::ColumnType;

/// The tables `S` of a query that is grouped by `G` and does not say yet what it reads.
#[derive(Debug)]
pub struct Grouped<S, G>(PhantomData<(S, G)>);

/// The tables `S` of a grouped query that says what it reads.
#[derive(Debug)]
pub struct GroupRead<S>(PhantomData<S>);

impl<T, I, S: InScope<T, I>, G> InScope<T, I> for Grouped<S, G> {
    type Wrap<V: ColumnType> = S::Wrap<V>;
    type WrapRow<R> = S::WrapRow<R>;
}

impl<T, I, S: InScope<T, I>> InScope<T, I> for GroupRead<S> {
    type Wrap<V: ColumnType> = S::Wrap<V>;
    type WrapRow<R> = S::WrapRow<R>;
}

impl<S: Scope, G> Scope for Grouped<S, G> {
    type Outer = S::Outer;
    type Optional = Grouped<S::Optional, G>;
    type Read = GroupRead<S>;
}

impl<S: Scope> Scope for GroupRead<S> {
    type Outer = S::Outer;
    type Optional = GroupRead<S::Optional>;
    type Read = Self;
}

impl<S> Runnable for GroupRead<S> {}

/// A list of what a query is grouped by, `(A, (B, ()))`, that has `K`.
#[diagnostic::on_unimplemented(
    message = "this query reads `{K}`, which it neither groups by nor aggregates",
    label = "neither grouped nor aggregated",
    note = "add it to `.group_by(…)`, or read an aggregate of it such as `min(…)`, `max(…)` or `count(…)`"
)]
pub trait HasKey<K, I> {}
impl<K, Rest> HasKey<K, Here> for (K, Rest) {}
impl<K, Head, Rest: HasKey<K, I>, I> HasKey<K, There<I>> for (Head, Rest) {}

/// What `.group_by(…)` takes, as a list.
pub trait GroupKeys {
    /// The list.
    type Keys;
}

impl<T, V, const N: usize> GroupKeys for Column<T, V, N> {
    type Keys = (Self, ());
}

impl<V, U> GroupKeys for Expr<V, U> {
    type Keys = (Self, ());
}

impl<T> GroupKeys for TableRef<T> {
    type Keys = (Self, ());
}

macro_rules! list {
    () => { () };
    ($first:ident $($rest:ident)*) => { ($first, list!($($rest)*)) };
}

/// The places of a tuple's elements.
#[derive(Debug)]
pub struct Places<I>(PhantomData<I>);
/// The place of a key.
#[derive(Debug)]
pub struct ByKey<I>(PhantomData<I>);
/// The place of the table whose columns are all keys.
#[derive(Debug)]
pub struct ByTable<I>(PhantomData<I>);
/// A query over tables of which `C` can be read. Where it is grouped, what is read must be grouped by or aggregated.
#[diagnostic::on_unimplemented(
    message = "this query reads `{C}`, which it neither groups by nor aggregates",
    label = "neither grouped nor aggregated",
    note = "add it to `.group_by(…)`, or read an aggregate of it such as `min(…)`, `max(…)` or `count(…)`"
)]
pub trait Reads<C, I> {}
impl<C, Head, Tail> Reads<C, ()> for Cons<Head, Tail> {}
impl<C, S> Reads<C, ()> for GroupRead<S> {}

impl<S, G: HasKey<Column<T, V, N>, I>, T, V, I, const N: usize> Reads<Column<T, V, N>, ByKey<I>> for Grouped<S, G> {}
impl<S, G: HasKey<TableRef<T>, I>, T: Table, V, I, const N: usize> Reads<Column<T, V, N>, ByTable<I>>
    for Grouped<S, G>
{
}
/// What is computed may use what is grouped by; whether it does is for the engine to check.
impl<S, G, V, U> Reads<Expr<V, U>, ()> for Grouped<S, G> {}
impl<S, G: HasKey<TableRef<T>, I>, T, I> Reads<TableRef<T>, ByKey<I>> for Grouped<S, G> {}

macro_rules! tuples {
    ($($($name:ident $place:ident)*;)*) => {$(
        impl<$($name),*> GroupKeys for ($($name,)*) {
            type Keys = list!($($name)*);
        }

        impl<S, G, $($name, $place),*> Reads<($($name,)*), Places<($($place,)*)>> for Grouped<S, G>
        where
            $(Self: Reads<$name, $place>),*
        {
        }
    )*};
}

tuples! {
    A Ia;
    A Ia B Ib;
    A Ia B Ib C Ic;
    A Ia B Ib C Ic D Id;
    A Ia B Ib C Ic D Id E Ie;
    A Ia B Ib C Ic D Id E Ie F If;
    A Ia B Ib C Ic D Id E Ie F If H Ih;
    A Ia B Ib C Ic D Id E Ie F If H Ih J Ij;
    A Ia B Ib C Ic D Id E Ie F If H Ih J Ij K Ik;
    A Ia B Ib C Ic D Id E Ie F If H Ih J Ij K Ik L Il;
    A Ia B Ib C Ic D Id E Ie F If H Ih J Ij K Ik L Il M Im;
    A Ia B Ib C Ic D Id E Ie F If H Ih J Ij K Ik L Il M Im N In;
}

/// Tables whose columns stand in a condition on single rows, not inside of aggregates.
#[diagnostic::on_unimplemented(
    message = "an aggregate is a value of many rows, which `.filter(…)` does not know yet; use `.having(…)`",
    label = "holds an aggregate such as `count(…)`"
)]
pub trait OfRows<I> {}
impl OfRows<()> for () {}
impl<T: Table> OfRows<Here> for T {}
impl<U: OfRows<I>, I> OfRows<Places<I>> for Filled<U> {}
impl<A: OfRows<I>, B: OfRows<J>, I, J> OfRows<Each<I, J>> for (A, B) {}
