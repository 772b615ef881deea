//! Changes and removals of rows by what is in other tables.

use std::marker::PhantomData;

use super::assign::Assign;
use super::condition::Condition;
use super::delete::Delete;
use super::expr::Column;
use super::node::Node;
use super::operand::Operand;
use super::patch::Patch;
use super::render::Writer;
use super::scope::{Cons, Nil, Req, ValidIn};
use super::select::{Join, Select};
use super::statement::Filtered;
use super::table::{Table, TableMeta, TableRef};
use super::types::ColumnType;
use super::update::Update;
use crate::dialect::{Dialect, JoinKind, JoinedWrites};
use crate::error::Result;
use crate::value::Statement;

/// A change of rows of the table `T` for which there are rows of other tables; `S` are all of them.
#[must_use = "an update does nothing until `.exec(…)` or `.returning(…)`"]
pub struct JoinedUpdate<T, S> {
    pub(super) update: Update<T, Filtered>,
    of: PhantomData<fn() -> S>,
}

/// A removal of rows of the table `T` for which there are rows of other tables; `S` are all of them.
#[must_use = "a delete does nothing until `.exec(…)` or `.returning(…)`"]
pub struct JoinedDelete<T, S> {
    pub(super) delete: Delete<T, Filtered>,
    of: PhantomData<fn() -> S>,
}

macro_rules! copied {
    ($($name:ident $of:ident;)*) => {$(
        impl<T: Clone, S> Clone for $name<T, S> {
            fn clone(&self) -> Self {
                Self {
                    $of: self.$of.clone(),
                    of: PhantomData,
                }
            }
        }

        impl<T: std::fmt::Debug, S> std::fmt::Debug for $name<T, S> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.$of.fmt(f)
            }
        }
    )*};
}

copied! {
    JoinedUpdate update;
    JoinedDelete delete;
}

/// Rows without a match are left alone, so that the condition says which rows are meant.
fn inner<J: Table>(on: Node) -> Join {
    let on = match J::META.seen() {
        Some(seen) => on.and(seen),
        None => on,
    };
    Join {
        kind: JoinKind::Inner,
        table: J::META,
        on: Some(on),
    }
}

/// The tables of a change that joins one other table.
type Both<J, T> = Cons<Req<J>, Cons<Req<T>, Nil>>;

impl<T: Table, F> Update<T, F> {
    /// Only rows for which there is a row of another table, whose columns may be used in [`JoinedUpdate::set_to`] and
    /// [`JoinedUpdate::filter`]. Where there are several, which of them gives the values is up to the engine.
    pub fn join<J: Table, U, I>(self, table: TableRef<J>, on: Condition<U>) -> JoinedUpdate<T, Both<J, T>>
    where
        U: ValidIn<Both<J, T>, I>,
    {
        let _ = table;
        let mut update = self.filtered();
        update.joins.push(inner::<J>(on.node));
        JoinedUpdate {
            update,
            of: PhantomData,
        }
    }
}

impl<T: Table, S> JoinedUpdate<T, S> {
    /// Only where there is a row of yet another table.
    pub fn join<J: Table, U, I>(mut self, table: TableRef<J>, on: Condition<U>) -> JoinedUpdate<T, Cons<Req<J>, S>>
    where
        U: ValidIn<Cons<Req<J>, S>, I>,
    {
        let _ = table;
        self.update.joins.push(inner::<J>(on.node));
        JoinedUpdate {
            update: self.update,
            of: PhantomData,
        }
    }

    /// Gives a column a value.
    pub fn set<V, A: Assign<V>, const N: usize>(mut self, column: Column<T, V, N>, value: A) -> Self {
        self.update = self.update.set(column, value);
        self
    }

    /// Gives a column what is computed from the rows of all tables, or by the database.
    pub fn set_to<V, E, I, const N: usize>(mut self, column: Column<T, V, N>, value: E) -> Self
    where
        V: ColumnType,
        E: Operand<V::Base>,
        E::Uses: ValidIn<S, I>,
    {
        self.update.sets.push((column.name(), value.into_node()));
        self
    }

    /// Makes the changes of a patch.
    pub fn patch(mut self, patch: Patch<T>) -> Self {
        self.update = self.update.patch(patch);
        self
    }

    /// Only rows for which the condition is true; several filters must all be true.
    pub fn filter<U, I>(mut self, condition: Condition<U>) -> Self
    where
        U: ValidIn<S, I>,
    {
        self.update.narrow(condition.node);
        self
    }

    /// The statement; `returning` asks for the rows as they are afterwards.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`](crate::Error::Validation) when no column is changed.
    pub fn render(self, dialect: &dyn Dialect, returning: bool) -> Result<Statement> {
        self.update.render(dialect, returning)
    }

    /// Changes the rows and gives their number.
    ///
    /// # Errors
    ///
    /// When a row breaks a constraint, or a value cannot be kept as it is.
    #[cfg(feature = "live")]
    pub fn exec(self, on: impl crate::client::Executor) -> impl Future<Output = Result<u64>> + Send {
        self.update.exec(on)
    }

    /// Changes the rows and gives them as they are afterwards, see [`Update::returning`].
    ///
    /// # Errors
    ///
    /// When a row breaks a constraint, or a value cannot be kept as it is.
    #[cfg(feature = "live")]
    pub fn returning(self, on: impl crate::client::Executor) -> impl Future<Output = Result<Vec<T>>> + Send {
        self.update.returning(on)
    }
}

impl<T: Table, F> Delete<T, F> {
    /// Only rows for which there is a row of another table, whose columns may be used in [`JoinedDelete::filter`].
    pub fn using<J: Table, U, I>(self, table: TableRef<J>, on: Condition<U>) -> JoinedDelete<T, Both<J, T>>
    where
        U: ValidIn<Both<J, T>, I>,
    {
        let _ = table;
        let mut delete = self.filtered();
        delete.joins.push(inner::<J>(on.node));
        JoinedDelete {
            delete,
            of: PhantomData,
        }
    }
}

impl<T: Table, S> JoinedDelete<T, S> {
    /// Only where there is a row of yet another table.
    pub fn using<J: Table, U, I>(mut self, table: TableRef<J>, on: Condition<U>) -> JoinedDelete<T, Cons<Req<J>, S>>
    where
        U: ValidIn<Cons<Req<J>, S>, I>,
    {
        let _ = table;
        self.delete.joins.push(inner::<J>(on.node));
        JoinedDelete {
            delete: self.delete,
            of: PhantomData,
        }
    }

    /// Only rows for which the condition is true; several filters must all be true.
    pub fn filter<U, I>(mut self, condition: Condition<U>) -> Self
    where
        U: ValidIn<S, I>,
    {
        self.delete.narrow(condition.node);
        self
    }

    /// Removes the rows themselves, also where the table has a column `#[column(deleted_at)]`.
    pub fn for_good(mut self) -> Self {
        self.delete = self.delete.for_good();
        self
    }

    /// The statement; `returning` asks for the rows as they were.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`](crate::Error::Validation) when the filter is a list of conditions that turned out empty.
    pub fn render(self, dialect: &dyn Dialect, returning: bool) -> Result<Statement> {
        self.delete.render(dialect, returning)
    }

    /// Removes the rows, or marks them as deleted, and gives their number.
    ///
    /// # Errors
    ///
    /// When a row is still pointed to.
    #[cfg(feature = "live")]
    pub fn exec(self, on: impl crate::client::Executor) -> impl Future<Output = Result<u64>> + Send {
        self.delete.exec(on)
    }

    /// Removes the rows and gives them as they were.
    ///
    /// # Errors
    ///
    /// When a row is still pointed to.
    #[cfg(feature = "live")]
    pub fn returning(self, on: impl crate::client::Executor) -> impl Future<Output = Result<Vec<T>>> + Send {
        self.delete.returning(on)
    }
}

impl Writer<'_> {
    /// The head of an update, up to where its changes are set: where the other tables come after those, what they are.
    pub(super) fn update_head(&mut self, table: &TableMeta, joins: Vec<Join>) -> Vec<Join> {
        self.push("UPDATE ");
        self.table(table);
        if joins.is_empty() || self.dialect().joined_writes() != JoinedWrites::Joined {
            return joins;
        }
        for join in joins {
            self.join(join, &mut Vec::new());
        }
        Vec::new()
    }

    /// The other tables behind the changes of an update, or in a delete, by `word`; gives their conditions and the filter.
    pub(super) fn others(&mut self, word: &str, joins: Vec<Join>, filter: Option<Node>) -> Option<Node> {
        let mut all = Vec::new();
        for (at, join) in joins.into_iter().enumerate() {
            self.push(if at == 0 { word } else { ", " });
            self.source(join.table, &mut Vec::new());
            all.extend(join.on);
        }
        match (all.is_empty(), filter) {
            (true, filter) => filter,
            (false, filter) => {
                all.extend(filter);
                Some(Node::All(all))
            }
        }
    }

    /// A delete up to its filter, and the filter.
    pub(super) fn delete_head(
        &mut self,
        table: &'static TableMeta,
        joins: Vec<Join>,
        filter: Option<Node>,
        returning: bool,
    ) -> Option<Node> {
        let how = self.dialect().joined_writes();
        if joins.is_empty() {
            self.push("DELETE FROM ");
            self.table(table);
            return filter;
        }
        match how {
            JoinedWrites::From => {
                self.push("DELETE FROM ");
                self.table(table);
                self.others(" USING ", joins, filter)
            }
            // Such a delete gives no rows back.
            JoinedWrites::Joined if !returning => {
                self.push("DELETE ");
                self.table(table);
                self.push(" FROM ");
                self.table(table);
                for join in joins {
                    self.join(join, &mut Vec::new());
                }
                filter
            }
            JoinedWrites::Joined | JoinedWrites::FromInUpdate => {
                self.push("DELETE FROM ");
                self.table(table);
                Some(matching(joins, filter))
            }
        }
    }
}

/// That there are rows of the other tables for a row.
fn matching(mut joins: Vec<Join>, filter: Option<Node>) -> Node {
    let first = joins.remove(0);
    let mut select = Select::new(first.table);
    select.deleted = true;
    select.correlated = true;
    // Conditions of later tables may be about earlier ones, and all about the row that goes: they stand together.
    let mut all: Vec<Node> = first.on.into_iter().collect();
    for join in joins {
        all.extend(join.on);
        select.joins.push(Join {
            kind: JoinKind::Cross,
            table: join.table,
            on: None,
        });
    }
    all.extend(filter);
    select.filter = Some(Node::All(all));
    Node::Exists {
        select: Box::new(select),
        not: false,
    }
}
