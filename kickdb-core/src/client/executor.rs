use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use futures_core::stream::BoxStream;

use super::guest::Guest;
use super::link::Link;
use super::pool::Pool;
use super::route::{Replica, Use};
use super::{Db, Pooled, Transaction};
use crate::dialect::Dialect;
use crate::dialect::session::{Collect, Copy, Next};
use crate::error::Result;
use crate::value::{Cells, Statement, Value};

/// What runs a query: `&Db`, which takes a connection for it, or `&mut Transaction` (`&mut *tx` where it is used again).
///
/// So does what sqlx has of PostgreSQL and MySQL: `&mut PgConnection`, `&mut PoolConnection<Postgres>`, `&mut
/// sqlx::Transaction<'_, Postgres>` and the same of MySQL. What a query does there belongs to the transaction that sqlx has begun;
/// a call of several statements outside of any begins one of its own. Hooks of a [`Db`] do not see it, `tracing` does.
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
    /// A connection that somebody has lent.
    Guest(Guest<'e>),
}

impl<'e> Source<'e> {
    /// The connection to run it on.
    pub(crate) async fn lease(self, what: Use) -> Result<Lease<'e>> {
        let (mut replica, last) = (None, None);
        let hold = match self {
            Source::Pool(db) => {
                let routed = match &db.routes {
                    Some(routes) => routes.acquire(what, &db.path).await?,
                    None => None,
                };
                match routed {
                    Some((connection, of)) => {
                        replica = Some((of, db));
                        Hold::Own(connection)
                    }
                    None => Hold::Own(Pool::acquire(&db.pool, &db.path).await?),
                }
            }
            Source::Transaction(transaction) => Hold::Lent(transaction.settled().await?),
            Source::Guest(guest) => Hold::Guest(guest),
        };
        Ok(Lease { hold, replica, last })
    }
}

pub(super) mod sealed {
    pub trait Sealed {}
    impl Sealed for &super::Db {}
    impl Sealed for &mut super::Transaction {}
}

/// A connection for the time of one query.
#[doc(hidden)]
pub struct Lease<'e> {
    hold: Hold<'e>,
    /// The replica that the connection leads to, and the primary that can do the same.
    replica: Option<(Arc<Replica>, &'e Db)>,
    /// What was sent last, where a test watches.
    last: Option<String>,
}

enum Hold<'e> {
    Own(Pooled),
    Lent(&'e mut Pooled),
    Guest(Guest<'e>),
}

/// What takes rows and is still there where the statement has failed.
struct Kept<C> {
    collect: Option<C>,
    /// Whether it has taken a row.
    seen: bool,
}

struct Shared<C>(Arc<Mutex<Kept<C>>>);

impl<C: Collect> Collect for Shared<C> {
    fn row(&mut self, row: &dyn Cells) -> Result<Next> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.seen = true;
        match &mut kept.collect {
            Some(collect) => collect.row(row),
            None => Ok(None),
        }
    }

    fn again(&mut self) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.collect.as_mut().is_some_and(Collect::again)
    }
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
    fn link(&mut self) -> Link<'_> {
        match &mut self.hold {
            Hold::Own(connection) => connection.link(),
            Hold::Lent(connection) => connection.link(),
            Hold::Guest(guest) => guest.link(),
        }
    }

    /// Runs a statement, lets `collect` take its rows, and gives it back.
    pub(crate) async fn rows<C: Collect>(&mut self, statement: Statement, collect: C) -> Result<C> {
        super::watch::note(&statement.sql, &mut self.last);
        let Some((replica, primary)) = &self.replica else {
            return self.send(statement, collect).await;
        };
        let (replica, primary) = (Arc::clone(replica), *primary);
        let again = statement.clone();
        let kept = Arc::new(Mutex::new(Kept {
            collect: Some(collect),
            seen: false,
        }));
        let done = self.send(statement, Shared(Arc::clone(&kept))).await;
        let (collect, seen) = {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            (kept.collect.take(), kept.seen)
        };
        let mut collect = collect.expect("nobody else takes it out");
        match done {
            Ok(_) => return Ok(collect),
            // What somebody has got already cannot be taken back.
            Err(error) if replica.excuses(&error) && (!seen || collect.again()) => {}
            Err(error) => return Err(error),
        }
        self.hold = Hold::Own(Pool::acquire(&primary.pool, &primary.path).await?);
        self.replica = None;
        self.send(again, collect).await
    }

    async fn send<C: Collect>(&mut self, statement: Statement, collect: C) -> Result<C> {
        let collect: Box<dyn Any> = self.link().rows(statement, Box::new(collect)).await?;
        Ok(*collect.downcast().expect("a session gives back what it was given"))
    }

    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64> {
        super::watch::note(&statement.sql, &mut self.last);
        self.link().execute(statement).await
    }

    /// Whether the engine has another way than statements for these rows.
    pub(crate) async fn can_copy(&mut self, copy: &Copy) -> Result<bool> {
        self.link().can_copy(copy).await
    }

    /// Sends rows by that way, and gives their number.
    pub(crate) async fn copy(&mut self, copy: &Copy, rows: BoxStream<'_, Result<Vec<Vec<Value>>>>) -> Result<u64> {
        super::watch::note(&copy.sql, &mut self.last);
        self.link().copy(copy, rows).await
    }

    /// Before statements that take errors for warnings.
    pub(crate) async fn expect_warnings(&mut self) -> Result<()> {
        self.link().expect_warnings().await
    }

    /// Takes the engine's warnings about the last statement for what they are, but for duplicates.
    pub(crate) async fn refuse_warnings(&mut self) -> Result<()> {
        self.link().refuse_warnings().await
    }

    /// Begins a transaction where none is open, so that several statements are kept or lost together. `true` where it
    /// did, and [`commit`](Lease::commit) ends it.
    pub(crate) async fn begin(&mut self) -> Result<bool> {
        let connection = match &mut self.hold {
            Hold::Own(connection) => connection,
            Hold::Lent(connection) => &mut **connection,
            Hold::Guest(guest) => return guest.begin().await,
        };
        if connection.state.depth > 0 {
            return Ok(false);
        }
        let begin = connection.begin_sql()?;
        connection.control(&begin).await?;
        connection.state.depth = 1;
        connection.began();
        Ok(true)
    }

    /// Undoes what was done since [`begin`](Lease::begin). Nothing is sent after it.
    pub(crate) async fn rollback(&mut self) -> Result<()> {
        self.end(false).await
    }

    /// Keeps what was done since [`begin`](Lease::begin). Nothing is sent after it.
    pub(crate) async fn commit(&mut self) -> Result<()> {
        self.end(true).await
    }

    async fn end(&mut self, keep: bool) -> Result<()> {
        let connection = match &mut self.hold {
            Hold::Own(connection) => connection,
            Hold::Lent(connection) => &mut **connection,
            Hold::Guest(guest) => return guest.end(keep).await,
        };
        connection.control(if keep { "COMMIT" } else { "ROLLBACK" }).await?;
        connection.ended(keep).await
    }
}
