//! The rows of several queries put together.

use super::order::Order;
use super::scope::{Runnable, Scope};
use super::select::{Query, Select, SetOperation};

/// The tables of a query that is made of several: none can be used any more.
#[derive(Debug)]
pub enum Parts {}

impl Scope for Parts {
    type Outer = ();
    type Optional = Self;
    type Read = Self;
}

impl Runnable for Parts {}

/// Rows of the same types as `B`.
#[diagnostic::on_unimplemented(
    message = "this query reads `{Self}`, where a query that reads `{B}` is wanted",
    label = "the types of the columns differ"
)]
pub trait SameRows<B> {}
impl<B> SameRows<B> for B {}

impl<Out, S: Scope<Outer = ()>> Query<Out, S> {
    /// The rows of both queries, equal ones once.
    pub fn union<O: SameRows<Out>, W: Scope<Outer = ()>>(self, other: Query<O, W>) -> Query<Out, Parts> {
        self.together(SetOperation::Union, other)
    }

    /// The rows of both queries.
    pub fn union_all<O: SameRows<Out>, W: Scope<Outer = ()>>(self, other: Query<O, W>) -> Query<Out, Parts> {
        self.together(SetOperation::UnionAll, other)
    }

    /// The rows that both queries have.
    pub fn intersect<O: SameRows<Out>, W: Scope<Outer = ()>>(self, other: Query<O, W>) -> Query<Out, Parts> {
        self.together(SetOperation::Intersect, other)
    }

    /// The rows that the other query does not have.
    pub fn except<O: SameRows<Out>, W: Scope<Outer = ()>>(self, other: Query<O, W>) -> Query<Out, Parts> {
        self.together(SetOperation::Except, other)
    }

    fn together<O, W>(self, operation: SetOperation, other: Query<O, W>) -> Query<Out, Parts> {
        let mut whole = Select::new(self.select.from);
        let mut first = self.select;
        if first.more.is_empty() || first.more.iter().skip(1).any(|(before, _)| *before != operation) || first.is_cut()
        {
            // What is said of the whole from here on is not said of its first part.
            whole.derived = std::mem::take(&mut first.derived);
            whole.more.push((SetOperation::UnionAll, first));
        } else {
            whole = first;
        }
        let mut other = other.select;
        whole.derived.append(&mut other.derived);
        whole.more.push((operation, other));
        Query::made(whole, self.decode)
    }
}

impl<Out> Query<Out, Parts> {
    /// Sorted by the column at this position of the result, from 1, after what it is sorted by already.
    pub fn order_by_nth(mut self, position: u32) -> Self {
        self.select
            .order
            .push(Order::<()>::position(position, false).into_part());
        self
    }

    /// The same from high to low.
    pub fn order_by_nth_desc(mut self, position: u32) -> Self {
        self.select
            .order
            .push(Order::<()>::position(position, true).into_part());
        self
    }
}
