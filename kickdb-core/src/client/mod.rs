//! The handle of a database: a pool of connections, transactions, and what runs a query.

mod builder;
mod executor;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod interop;
mod observe;
mod options;
mod pool;
mod transaction;
mod watch;

use std::fmt;
use std::sync::Arc;

pub use self::builder::DbBuilder;
pub use self::executor::{Executor, Lease, Source};
pub use self::observe::QueryEvent;
pub use self::options::{Isolation, TransactionOptions};
use self::pool::Pool;
pub use self::pool::PoolStatus;
pub(crate) use self::pool::Pooled;
pub use self::transaction::Transaction;
pub use self::watch::{Sent, refuse_loops, watch};
use crate::dialect::Dialect;
use crate::error::{Error, Result};

/// A database, whatever its engine: a pool of connections that is cheap to clone and to share.
///
/// ```
/// # #[cfg(feature = "sqlite")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// use kickdb_core::client::Db;
///
/// let db = Db::connect("sqlite::memory:").await?;
/// assert_eq!(db.dialect().id().as_str(), "sqlite");
/// # Ok::<(), kickdb_core::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Db {
    pool: Arc<Pool>,
}

impl Db {
    /// Connects to the database that the URL names: `sqlite://app.db`, `sqlite::memory:` or `postgres://user@host/db`.
    ///
    /// # Errors
    ///
    /// [`Error::Connection`] when the URL names no engine, or the server or file cannot be reached.
    /// [`Error::Unsupported`] when the engine is not compiled in.
    pub async fn connect(url: &str) -> Result<Self> {
        Self::builder(url).connect().await
    }

    /// Sets up a pool before it connects.
    pub fn builder(url: impl Into<String>) -> DbBuilder {
        DbBuilder::new(url.into())
    }

    /// The engine.
    #[must_use]
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.pool.dialect()
    }

    /// Runs `work` in a transaction: committed where it gives `Ok`, rolled back where it gives `Err`, panics, or is
    /// dropped before its end.
    ///
    /// # Errors
    ///
    /// What `work` gives, or what beginning and committing give. After a failed commit nothing was kept.
    pub async fn transaction<R>(&self, work: impl AsyncFnOnce(&mut Transaction) -> Result<R>) -> Result<R> {
        self.try_transaction(work).await
    }

    /// [`transaction`](Db::transaction) for work with an error type of its own.
    ///
    /// # Errors
    ///
    /// What `work` gives, or what beginning and committing give.
    pub async fn try_transaction<R, E: From<Error>>(
        &self,
        work: impl AsyncFnOnce(&mut Transaction) -> Result<R, E>,
    ) -> Result<R, E> {
        let mut transaction = self.begin().await?;
        match work(&mut transaction).await {
            Ok(done) => {
                transaction.commit().await?;
                Ok(done)
            }
            Err(error) => {
                // The first error is the one that counts; a connection that cannot roll back is closed.
                transaction.rollback().await.ok();
                Err(error)
            }
        }
    }

    /// [`transaction`](Db::transaction) with an isolation level, without writing, or run again where another transaction was
    /// in its way. `work` may run several times, so it does nothing outside of the transaction that must not be done twice.
    ///
    /// # Errors
    ///
    /// What the last run of `work` gives, or what beginning and committing give. [`Error::Unsupported`] for what the engine
    /// does not have.
    pub async fn transaction_with<R>(
        &self,
        options: TransactionOptions,
        work: impl AsyncFn(&mut Transaction) -> Result<R>,
    ) -> Result<R> {
        let mut attempt = 1;
        loop {
            let error = match self.attempt(&options, &work).await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if !error.is_retryable() || attempt >= options.tries() {
                return Err(error);
            }
            attempt += 1;
            tokio::time::sleep(options::pause(attempt)).await;
        }
    }

    async fn attempt<R>(
        &self,
        options: &TransactionOptions,
        work: impl AsyncFn(&mut Transaction) -> Result<R>,
    ) -> Result<R> {
        let mut transaction = self.begin_with(options).await?;
        match work(&mut transaction).await {
            Ok(done) => {
                transaction.commit().await?;
                Ok(done)
            }
            Err(error) => {
                // The first error is the one that counts; a connection that cannot roll back is closed.
                transaction.rollback().await.ok();
                Err(error)
            }
        }
    }

    /// [`begin`](Db::begin) with an isolation level, or without writing.
    ///
    /// # Errors
    ///
    /// When no connection can be had, or the server refuses. [`Error::Unsupported`] for what the engine does not have.
    pub async fn begin_with(&self, options: &TransactionOptions) -> Result<Transaction> {
        let begin = self.pool.begin_sql(options)?;
        Transaction::begin(self.acquire().await?, &begin, options.read_only).await
    }

    /// Begins a transaction by hand. It is rolled back when it is dropped without
    /// [`commit`](Transaction::commit).
    ///
    /// # Errors
    ///
    /// When no connection can be had, or the server refuses.
    pub async fn begin(&self) -> Result<Transaction> {
        self.begin_with(&TransactionOptions::new()).await
    }

    /// How many connections there are, and what they do.
    #[must_use]
    pub fn status(&self) -> PoolStatus {
        self.pool.status()
    }

    /// Closes all idle connections and refuses to open new ones. Connections in use are closed when they come back.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) async fn acquire(&self) -> Result<Pooled> {
        Pool::acquire(&self.pool).await
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db")
            .field("target", &self.pool.shown())
            .finish_non_exhaustive()
    }
}
