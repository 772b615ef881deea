use std::any::Any;

use futures_core::stream::BoxStream;

use super::{Db, Pooled, Transaction};
use crate::dialect::Dialect;
use crate::dialect::session::{Collect, Copy};
use crate::error::Result;
use crate::value::{Statement, Value};

/// What runs a query: `&Db`, which takes a connection for it, or `&mut Transaction` (`&mut *tx` where it is used again).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run a query",
    label = "expected `&db`, or `&mut *tx` inside of a transaction"
)]
pub trait Executor: Send + Sized + sealed::Sealed {
    /// The engine.
    #[doc(hidden)]
    fn engine(&self) -> &'static dyn Dialect;

    /// Where the connection comes from. A plain value, not a future: a future of a trait method would keep the ones
    /// around it from being `Send` for every lifetime, which a handler of a web framework must be
    /// (<https://github.com/rust-lang/rust/issues/100013>).
    #[doc(hidden)]
    fn source<'e>(self) -> Source<'e>
    where
        Self: 'e;
}

/// Where a query's connection comes from.
#[doc(hidden)]
#[derive(Debug)]
pub enum Source<'e> {
    /// The pool.
    Pool(&'e Db),
    /// The connection of an open transaction.
    Transaction(&'e mut Transaction),
}

impl<'e> Source<'e> {
    /// The connection to run it on.
    pub(crate) async fn lease(self) -> Result<Lease<'e>> {
        let hold = match self {
            Source::Pool(db) => Hold::Own(db.acquire().await?),
            Source::Transaction(transaction) => Hold::Lent(transaction.settled().await?),
        };
        Ok(Lease { hold, last: None })
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for &super::Db {}
    impl Sealed for &mut super::Transaction {}
}

/// A connection for the time of one query.
#[doc(hidden)]
pub struct Lease<'e> {
    hold: Hold<'e>,
    /// What was sent last, where a test watches.
    last: Option<String>,
}

enum Hold<'e> {
    Own(Pooled),
    Lent(&'e mut Pooled),
}

impl std::fmt::Debug for Lease<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lease").finish_non_exhaustive()
    }
}

impl Executor for &Db {
    fn engine(&self) -> &'static dyn Dialect {
        self.dialect()
    }

    fn source<'e>(self) -> Source<'e>
    where
        Self: 'e,
    {
        Source::Pool(self)
    }
}

impl Executor for &mut Transaction {
    fn engine(&self) -> &'static dyn Dialect {
        self.dialect()
    }

    fn source<'e>(self) -> Source<'e>
    where
        Self: 'e,
    {
        Source::Transaction(self)
    }
}

impl Lease<'_> {
    fn connection(&mut self) -> &mut Pooled {
        match &mut self.hold {
            Hold::Own(connection) => connection,
            Hold::Lent(connection) => connection,
        }
    }

    /// Runs a statement, lets `collect` take its rows, and gives it back.
    pub(crate) async fn rows<C: Collect>(&mut self, statement: Statement, collect: C) -> Result<C> {
        super::watch::note(&statement.sql, &mut self.last);
        let collect: Box<dyn Any> = self.connection().rows(statement, Box::new(collect)).await?;
        Ok(*collect.downcast().expect("a session gives back what it was given"))
    }

    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64> {
        super::watch::note(&statement.sql, &mut self.last);
        self.connection().execute(statement).await
    }

    /// Whether the engine has another way than statements for these rows.
    pub(crate) async fn can_copy(&mut self, copy: &Copy) -> Result<bool> {
        self.connection().can_copy(copy).await
    }

    /// Sends rows by that way, and gives their number.
    pub(crate) async fn copy(&mut self, copy: &Copy, rows: BoxStream<'_, Result<Vec<Vec<Value>>>>) -> Result<u64> {
        super::watch::note(&copy.sql, &mut self.last);
        self.connection().copy(copy, rows).await
    }

    /// Takes the engine's warnings about the last statement for what they are, but for duplicates.
    pub(crate) async fn refuse_warnings(&mut self) -> Result<()> {
        self.connection().refuse_warnings().await
    }

    /// Begins a transaction where none is open, so that several statements are kept or lost together. `true` where it
    /// did, and [`commit`](Lease::commit) ends it.
    pub(crate) async fn begin(&mut self) -> Result<bool> {
        let connection = self.connection();
        if connection.depth > 0 {
            return Ok(false);
        }
        let begin = connection.begin_sql()?;
        connection.control(&begin).await?;
        connection.depth = 1;
        Ok(true)
    }

    /// Undoes what was done since [`begin`](Lease::begin).
    pub(crate) async fn rollback(&mut self) -> Result<()> {
        let connection = self.connection();
        connection.control("ROLLBACK").await?;
        connection.depth = 0;
        Ok(())
    }

    pub(crate) async fn commit(&mut self) -> Result<()> {
        let connection = self.connection();
        connection.control("COMMIT").await?;
        connection.depth = 0;
        Ok(())
    }
}
