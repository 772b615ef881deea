//! Queries inside of others: as a value, a list, a question, or a table.

use super::condition::Condition;
use super::expr::{Base, Expr, Expression};
use super::node::Node;
use super::operand::SameAs;
use super::scope::{Cons, Nil, Opt, Outer, Req, Scope, ValidIn};
use super::select::{Derived, Query};
use super::sets::SameRows;
use super::table::{Table, TableRef};
use super::types::ColumnType;
use crate::dialect::JoinKind;

impl<Out, S> Query<Out, S> {
    /// A table of the query around this one, whose columns can be used from here on. Nothing is joined.
    pub fn outer<T: Table>(mut self, table: TableRef<T>) -> Query<Out, Cons<Outer<T>, S>> {
        let _ = table;
        self.select.correlated = true;
        Query::made(self.select, self.decode)
    }
}

impl<Out, S: Scope> Query<Out, S> {
    /// The only value of this query, as an expression of another one; NULL where there is no row. More than one row is an
    /// error of the engine, but on SQLite, which takes the first.
    pub fn scalar(self) -> Expr<Option<Out::Base>, S::Outer>
    where
        Out: ColumnType,
    {
        Expr::new(Node::Scalar(Box::new(self.select)))
    }
}

/// Whether the query has a row.
pub fn exists<Out, S: Scope>(query: Query<Out, S>) -> Condition<S::Outer> {
    Condition::new(Node::Exists {
        select: Box::new(query.select),
        not: false,
    })
}

/// Whether the query has no row.
pub fn not_exists<Out, S: Scope>(query: Query<Out, S>) -> Condition<S::Outer> {
    Condition::new(Node::Exists {
        select: Box::new(query.select),
        not: true,
    })
}

/// A value that is never NULL.
#[diagnostic::on_unimplemented(
    message = "a NULL among the values of `.not_in_query(…)` would make it true for no row at all; leave NULLs out with `.not_exists(…)`, or read a column that has none",
    label = "`{Self}` may be NULL"
)]
pub trait NeverNull<Base> {}
impl<V> NeverNull<V> for V {}

/// Compares a value with those of a query.
pub trait InQuery: Expression {
    /// Whether it is among the values of the query.
    fn in_query<V: ColumnType, S: Scope>(self, query: Query<V, S>) -> Condition<(Self::Uses, S::Outer)>
    where
        V::Base: SameAs<Base<Self>>,
    {
        among(self, query, false)
    }

    /// Whether it is not among the values of the query, none of which may be NULL.
    fn not_in_query<V: ColumnType + NeverNull<V::Base>, S: Scope>(
        self,
        query: Query<V, S>,
    ) -> Condition<(Self::Uses, S::Outer)>
    where
        V::Base: SameAs<Base<Self>>,
    {
        among(self, query, true)
    }
}

impl<E: Expression> InQuery for E {}

fn among<E: Expression, V, S: Scope>(of: E, query: Query<V, S>, not: bool) -> Condition<(E::Uses, S::Outer)> {
    Condition::new(Node::InSelect {
        of: Box::new(of.into_node()),
        select: Box::new(query.select),
        not,
    })
}

/// A struct whose fields name and type the columns of a query, so that the query can be a table of another one.
///
/// `#[derive(Derived)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not describe the columns of a query",
    label = "not a derived table",
    note = "add `#[derive(Derived)]` to a struct with a field for each column"
)]
pub trait DerivedTable: Table {
    /// What a query must read to be this table: a tuple of the fields' types.
    type Columns;

    /// The rows of a query as the table that another query begins with.
    fn of<C: SameRows<Self::Columns>, S: Scope<Outer = ()>>(query: Query<C, S>) -> Query<Self, Cons<Req<Self>, Nil>> {
        let mut whole = Query::table();
        whole.select.derived.push(derived::<Self, S>(query, false, false));
        whole
    }
}

fn derived<T: DerivedTable, S>(query: Query<impl Sized, S>, common: bool, recursive: bool) -> Derived {
    Derived {
        table: T::META,
        select: Box::new(query.select),
        common,
        recursive,
    }
}

impl<Out, S> Query<Out, S> {
    /// A query that has a name in this one (`WITH`): the table `T` can then be joined, several times under aliases.
    pub fn define<T: DerivedTable, C: SameRows<T::Columns>, W: Scope<Outer = ()>>(
        mut self,
        table: TableRef<T>,
        query: Query<C, W>,
    ) -> Self {
        let _ = table;
        self.select.derived.push(derived::<T, W>(query, true, false));
        self
    }

    /// A query that has a name in this one and grows by itself (`WITH RECURSIVE`): `first` are the rows that it begins with,
    /// and `next`, a query that uses the table `T`, is run with the rows found last until it finds none.
    pub fn define_recursive<T: DerivedTable, W: Scope<Outer = ()>, X: Scope<Outer = ()>>(
        mut self,
        table: TableRef<T>,
        first: Query<T::Columns, W>,
        next: Query<T::Columns, X>,
    ) -> Self {
        let _ = table;
        let both = first.union_all(next);
        self.select.derived.push(derived::<T, _>(both, true, true));
        self
    }

    /// Each row with each row that a query gives for it; the query may use columns of the tables so far, which it names with
    /// [`outer`](Query::outer). On PostgreSQL, and on MySQL 8 by its own SQL only.
    pub fn join_lateral<T: DerivedTable, W: Scope, I>(
        mut self,
        table: TableRef<T>,
        query: Query<T::Columns, W>,
    ) -> Query<Out, Cons<Req<T>, S>>
    where
        W::Outer: ValidIn<S, I>,
    {
        let _ = table;
        self.select.derived.push(derived::<T, W>(query, false, false));
        self.joined(JoinKind::Lateral, T::META, None)
    }

    /// Like [`join_lateral`](Query::join_lateral), and rows for which the query gives nothing stay.
    pub fn left_join_lateral<T: DerivedTable, W: Scope, I>(
        mut self,
        table: TableRef<T>,
        query: Query<T::Columns, W>,
    ) -> Query<Out, Cons<Opt<T>, S>>
    where
        W::Outer: ValidIn<S, I>,
    {
        let _ = table;
        self.select.derived.push(derived::<T, W>(query, false, false));
        self.joined(JoinKind::LeftLateral, T::META, None)
    }
}
