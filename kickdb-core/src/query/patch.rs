//! Changes that are put together before it is known of which rows.

use std::marker::PhantomData;

use super::assign::Assign;
use super::expr::Column;
use super::node::Node;
use super::operand::Operand;
use super::scope::{Cons, Nil, Req, ValidIn};
use super::table::Table;
use super::types::ColumnType;

/// Changes of a row of the table `T`, for `.patch(…)` of an update or an edit.
#[derive(Clone, Debug)]
#[must_use = "a patch does nothing until it is given to `.patch(…)`"]
pub struct Patch<T> {
    pub(super) sets: Vec<(&'static str, Node)>,
    of: PhantomData<fn() -> T>,
}

impl<T: Table> Patch<T> {
    pub(super) fn new() -> Self {
        Self {
            sets: Vec::new(),
            of: PhantomData,
        }
    }

    /// Gives a column a value.
    pub fn set<V, A: Assign<V>, const N: usize>(mut self, column: Column<T, V, N>, value: A) -> Self {
        self.sets.push((column.name(), Node::Value(value.into_value())));
        self
    }

    /// Gives a column a value where there is one, and leaves the column alone where it is `None`. A nullable column takes an
    /// `Option<Option<_>>`.
    pub fn set_some<V, A: Assign<V>, const N: usize>(self, column: Column<T, V, N>, value: Option<A>) -> Self {
        match value {
            Some(value) => self.set(column, value),
            None => self,
        }
    }

    /// Gives a column what is computed from the row as it was, or by the database.
    pub fn set_to<V, E, I, const N: usize>(mut self, column: Column<T, V, N>, value: E) -> Self
    where
        V: ColumnType,
        E: Operand<V::Base>,
        E::Uses: ValidIn<Cons<Req<T>, Nil>, I>,
    {
        self.sets.push((column.name(), value.into_node()));
        self
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }
}
