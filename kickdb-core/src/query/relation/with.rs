//! A query whose rows come with related ones.

use std::fmt;

#[cfg(feature = "live")]
use futures_core::future::BoxFuture;

#[cfg(feature = "live")]
use super::load::Found;
use super::{Arity, Relation, RelationMeta};
#[cfg(feature = "live")]
use crate::client::Lease;
#[cfg(feature = "live")]
use crate::dialect::Dialect;
#[cfg(feature = "live")]
use crate::error::Result;
use crate::query::condition::IntoCondition;
use crate::query::find::Find;
use crate::query::group::OfRows;
use crate::query::order::IntoOrder;
use crate::query::scope::{Cons, Nil, Req, ValidIn};
use crate::query::select::Query;
use crate::query::table::Table;

/// A relation of rows of `P` that can be loaded with them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation of `{P}`, whose rows are read here",
    label = "expected a relation of `{P}`",
    note = "a relation is a constant of its struct: `#[has_many(tasks: Task, key = project_id)]` on `Project` gives `Project::TASKS`"
)]
pub trait Load<P>: Send + 'static {
    /// What one row gets: a row, an `Option` of one, or a `Vec`.
    type Out: Send + 'static;

    /// What the relation is.
    #[doc(hidden)]
    fn meta(&self) -> &'static RelationMeta;

    /// Adds the statements it needs, each with a single key of NULLs.
    #[doc(hidden)]
    fn statements(
        &self,
        dialect: &dyn crate::dialect::Dialect,
        out: &mut Vec<crate::value::Statement>,
    ) -> crate::error::Result<()>;

    /// Refuses what the engine does not have, before anything is sent.
    #[cfg(feature = "live")]
    #[doc(hidden)]
    fn check(&self, dialect: &dyn Dialect) -> Result<()>;

    /// Loads the related rows of all rows that have these keys: one answer for each.
    #[cfg(feature = "live")]
    #[doc(hidden)]
    fn load<'a, 'l: 'a>(
        self,
        lease: &'a mut Lease<'l>,
        dialect: &'static dyn Dialect,
        keys: KeysOfRows,
    ) -> BoxFuture<'a, Result<Vec<Self::Out>>>;
}

/// The key of each row.
#[cfg(feature = "live")]
#[doc(hidden)]
pub struct KeysOfRows(pub(super) super::key::Taken);

#[cfg(feature = "live")]
impl fmt::Debug for KeysOfRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeysOfRows").field(&self.0.len()).finish()
    }
}

impl<P: Table, O: Table, K: Arity<O>, W: Withs<O>> Load<P> for Relation<P, O, K, W> {
    type Out = K::Out<W::Row>;

    fn meta(&self) -> &'static RelationMeta {
        self.meta
    }

    fn statements(
        &self,
        dialect: &dyn crate::dialect::Dialect,
        out: &mut Vec<crate::value::Statement>,
    ) -> crate::error::Result<()> {
        out.push(self.shown(dialect)?);
        self.with.statements(dialect, out)
    }

    #[cfg(feature = "live")]
    fn check(&self, dialect: &dyn Dialect) -> Result<()> {
        // Every engine has all of the rest.
        if self.rows.filter.is_some() || !self.rows.order.is_empty() {
            self.shown(dialect)?;
        }
        self.with.check(dialect)
    }

    #[cfg(feature = "live")]
    fn load<'a, 'l: 'a>(
        self,
        lease: &'a mut Lease<'l>,
        dialect: &'static dyn Dialect,
        keys: KeysOfRows,
    ) -> BoxFuture<'a, Result<Vec<Self::Out>>> {
        Box::pin(super::load::related::<O, K, W>(
            self.meta, self.rows, self.with, lease, dialect, keys.0,
        ))
    }
}

impl<P, O, K, W> Relation<P, O, K, W> {
    /// The statement for one key of NULLs.
    fn shown(&self, dialect: &dyn crate::dialect::Dialect) -> crate::error::Result<crate::value::Statement> {
        let null = crate::value::Value::Null(crate::value::KindId::Text);
        let key = vec![null; self.meta.own.len()];
        super::render::statement(dialect, self.meta, &self.rows, &key)
    }
}

/// The relations that are loaded with rows of `T`: a tuple of up to eight.
pub trait Withs<T: Table>: Send + 'static {
    /// A row with what is loaded: the row alone, or a tuple of it and one value for each relation.
    type Row: Send + 'static;

    /// What the relations are.
    #[doc(hidden)]
    fn metas(&self) -> Vec<&'static RelationMeta>;

    /// Adds the statements they need.
    #[doc(hidden)]
    fn statements(
        &self,
        dialect: &dyn crate::dialect::Dialect,
        out: &mut Vec<crate::value::Statement>,
    ) -> crate::error::Result<()>;

    /// Refuses what the engine does not have, before anything is sent.
    #[cfg(feature = "live")]
    #[doc(hidden)]
    fn check(&self, dialect: &dyn Dialect) -> Result<()>;

    /// Loads them and puts them beside their rows.
    #[cfg(feature = "live")]
    #[doc(hidden)]
    fn attach<'a, 'l: 'a>(
        self,
        lease: &'a mut Lease<'l>,
        dialect: &'static dyn Dialect,
        found: Found<T>,
    ) -> BoxFuture<'a, Result<Vec<Self::Row>>>;
}

impl<T: Table> Withs<T> for () {
    type Row = T;

    fn metas(&self) -> Vec<&'static RelationMeta> {
        Vec::new()
    }

    fn statements(
        &self,
        _: &dyn crate::dialect::Dialect,
        _: &mut Vec<crate::value::Statement>,
    ) -> crate::error::Result<()> {
        Ok(())
    }

    #[cfg(feature = "live")]
    fn check(&self, _: &dyn Dialect) -> Result<()> {
        Ok(())
    }

    #[cfg(feature = "live")]
    fn attach<'a, 'l: 'a>(
        self,
        _: &'a mut Lease<'l>,
        _: &'static dyn Dialect,
        found: Found<T>,
    ) -> BoxFuture<'a, Result<Vec<T>>> {
        Box::pin(std::future::ready(Ok(found.rows)))
    }
}

/// A tuple of relations to which `R` can be added.
pub trait Push<R> {
    /// The tuple with `R` at its end.
    type Out;
    /// Adds it.
    fn push(self, relation: R) -> Self::Out;
}

macro_rules! withs {
    ($($($name:ident $var:ident)*;)*) => {$(
        impl<T: Table, $($name: Load<T>),*> Withs<T> for ($($name,)*) {
            type Row = (T, $($name::Out,)*);

            fn metas(&self) -> Vec<&'static RelationMeta> {
                let ($($var,)*) = self;
                vec![$($var.meta()),*]
            }

            fn statements(
                &self,
                dialect: &dyn crate::dialect::Dialect,
                out: &mut Vec<crate::value::Statement>,
            ) -> crate::error::Result<()> {
                let ($($var,)*) = self;
                $($var.statements(dialect, out)?;)*
                Ok(())
            }

            #[cfg(feature = "live")]
            fn check(&self, dialect: &dyn Dialect) -> Result<()> {
                let ($($var,)*) = self;
                $($var.check(dialect)?;)*
                Ok(())
            }

            #[cfg(feature = "live")]
            fn attach<'a, 'l: 'a>(
                self,
                lease: &'a mut Lease<'l>,
                dialect: &'static dyn Dialect,
                found: Found<T>,
            ) -> BoxFuture<'a, Result<Vec<Self::Row>>> {
                Box::pin(async move {
                    let ($($var,)*) = self;
                    let mut keys = found.keys.into_iter();
                    $(
                        let taken = KeysOfRows(keys.next().expect("each relation has its keys"));
                        let mut $var = $var.load(lease, dialect, taken).await?.into_iter();
                    )*
                    let rows = found.rows.into_iter().map(|row| {
                        (row, $($var.next().expect("a relation answers for each row"),)*)
                    });
                    Ok(rows.collect())
                })
            }
        }
    )*};
}

withs! {
    A a;
    A a B b;
    A a B b C c;
    A a B b C c D d;
    A a B b C c D d E e;
    A a B b C c D d E e F f;
    A a B b C c D d E e F f G g;
    A a B b C c D d E e F f G g H h;
}

/// Never holds: a ninth relation of one row.
#[diagnostic::on_unimplemented(
    message = "this query loads eight relations with each row already, and no more fit",
    label = "one too many",
    note = "load the others by a query of their own"
)]
pub trait NoRoom {}

impl<A, B, C, D, E, F, G, H, R: NoRoom> Push<R> for (A, B, C, D, E, F, G, H) {
    type Out = Self;

    fn push(self, _: R) -> Self {
        self
    }
}

macro_rules! pushes {
    ($($($name:ident $var:ident)*;)*) => {$(
        impl<$($name,)* R> Push<R> for ($($name,)*) {
            type Out = ($($name,)* R,);

            fn push(self, relation: R) -> Self::Out {
                let ($($var,)*) = self;
                ($($var,)* relation,)
            }
        }
    )*};
}

pushes! {
    ;
    A a;
    A a B b;
    A a B b C c;
    A a B b C c D d;
    A a B b C c D d E e;
    A a B b C c D d E e F f;
    A a B b C c D d E e F f G g;
}

/// A query of rows of `T` with their relations `W`, over the tables `S`.
#[must_use = "a query does nothing until `.all(…)` or another of the methods that take a database"]
pub struct With<T, S, W> {
    pub(in crate::query) query: Query<T, S>,
    pub(in crate::query) with: W,
    /// What is looked for, for a message.
    pub(in crate::query) sought: Option<String>,
}

impl<T: Table, S> Query<T, S> {
    /// Loads a relation with each row, by one more query for all of them. A row becomes a tuple of itself and what each
    /// relation gives.
    pub fn with<R: Load<T>>(self, relation: R) -> With<T, S, (R,)> {
        With {
            query: self,
            with: (relation,),
            sought: None,
        }
    }
}

impl<T: Table> Find<T> {
    /// Loads a relation with the row.
    pub fn with<R: Load<T>>(self, relation: R) -> With<T, Cons<Req<T>, Nil>, (R,)> {
        With {
            query: self.into_query(),
            with: (relation,),
            sought: Some(Self::key_text()),
        }
    }
}

impl<T: Table, S, W> With<T, S, W> {
    /// Loads one more relation with each row.
    pub fn with<R>(self, relation: R) -> With<T, S, W::Out>
    where
        R: Load<T>,
        W: Push<R>,
    {
        With {
            query: self.query,
            with: self.with.push(relation),
            sought: self.sought,
        }
    }

    fn query(mut self, change: impl FnOnce(Query<T, S>) -> Query<T, S>) -> Self {
        self.query = change(self.query);
        self
    }

    /// Only rows for which the condition is true; see [`Query::filter`].
    pub fn filter<C, I, J>(self, condition: C) -> Self
    where
        C: IntoCondition,
        C::Uses: ValidIn<S, I> + OfRows<J>,
    {
        self.query(|query| query.filter(condition))
    }

    /// Sorted by this; see [`Query::order_by`].
    pub fn order_by<C, I>(self, order: C) -> Self
    where
        C: IntoOrder,
        C::Uses: ValidIn<S, I>,
    {
        self.query(|query| query.order_by(order))
    }

    /// Rows that are marked as deleted are seen, too; see [`Query::with_deleted`].
    pub fn with_deleted(self) -> Self {
        self.query(Query::with_deleted)
    }

    /// What a function makes of the query: for pieces that are used again.
    pub fn apply<R>(self, piece: impl FnOnce(Self) -> R) -> R {
        piece(self)
    }

    /// At most so many rows; related ones do not count.
    pub fn limit(self, rows: u64) -> Self {
        self.query(|query| query.limit(rows))
    }

    /// Without the first so many rows.
    pub fn offset(self, rows: u64) -> Self {
        self.query(|query| query.offset(rows))
    }

    /// The statements that it sends: that of the rows, and one for each relation, here with one key of NULLs.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`](crate::Error::Unsupported) where something in it is not what the engine can do.
    pub fn render(self, dialect: &dyn crate::dialect::Dialect) -> crate::error::Result<Vec<crate::value::Statement>>
    where
        W: Withs<T>,
    {
        let mut statements = vec![self.query.render(dialect)?];
        self.with.statements(dialect, &mut statements)?;
        Ok(statements)
    }
}

impl<T: Table, S, W: Clone> Clone for With<T, S, W> {
    fn clone(&self) -> Self {
        Self {
            query: self.query.clone(),
            with: self.with.clone(),
            sought: self.sought.clone(),
        }
    }
}

impl<T, S, W> fmt::Debug for With<T, S, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.query.fmt(f)
    }
}
