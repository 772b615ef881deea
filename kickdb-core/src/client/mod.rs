//! The handle of a database: a pool of connections, transactions, and what runs a query.

mod builder;
mod executor;
mod guest;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod interop;
mod link;
mod metrics;
mod observe;
mod options;
mod pool;
mod pooled;
mod route;
mod tenants;
mod transaction;
mod watch;
#[cfg(feature = "axum")]
pub mod web;

use std::fmt;
use std::sync::Arc;

pub use self::builder::DbBuilder;
pub use self::executor::{Executor, Lease, Source};
pub use self::guest::Guest;
pub use self::metrics::QueryMetrics;
pub use self::observe::{QueryEvent, TransactionEvent};
pub use self::options::{Isolation, TransactionOptions};
pub use self::pool::PoolStatus;
use self::pool::{Path, Pool};
pub(crate) use self::pooled::Pooled;
use self::route::Routes;
pub(crate) use self::route::Use;
pub use self::route::{ReplicaStatus, RoutingOptions};
pub use self::tenants::Tenants;
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
    routes: Option<Routes>,
    /// The schemas of a tenant.
    path: Path,
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

    /// One handle for a server that is written to and others that follow it: reads go to the replicas, one after the other,
    /// and everything else to the primary. See [`scope`](Db::scope) for who reads what it wrote.
    ///
    /// A replica that does not answer is left out until it is back, and its reads are done by another one or the primary.
    /// Transactions, and reads that lock rows, are on the primary.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] where the replicas are of another engine.
    pub fn routed(primary: Db, replicas: impl IntoIterator<Item = Db>) -> Result<Self> {
        Self::routed_with(primary, replicas, &RoutingOptions::new())
    }

    /// [`routed`](Db::routed) with times of one's own.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] where the replicas are of another engine.
    pub fn routed_with(primary: Db, replicas: impl IntoIterator<Item = Db>, options: &RoutingOptions) -> Result<Self> {
        let engine = primary.dialect().id();
        let pools: Vec<_> = replicas.into_iter().map(|replica| replica.pool).collect();
        if let Some(other) = pools.iter().find(|pool| pool.dialect().id() != engine) {
            return Err(Error::validation(format!(
                "a replica of {} cannot follow a primary of {engine}; all must be of one engine",
                other.dialect().id()
            )));
        }
        Ok(Self {
            pool: primary.pool,
            routes: Some(Routes::new(pools, options)),
            path: primary.path,
        })
    }

    /// A handle for one request or one job: once something was written through it or a clone of it, what it reads comes from
    /// the primary, so that it sees what it wrote. Without replicas it is a clone.
    ///
    /// The handle that [`routed`](Db::routed) gives is a scope without an end. It goes back to the replicas some time after
    /// its last write ([`RoutingOptions::sticky_for`]).
    #[must_use]
    pub fn scope(&self) -> Self {
        self.with_routes(Routes::scoped)
    }

    /// A handle whose reads are on the primary, too. What it writes counts for the scope that it was made in.
    #[must_use]
    pub fn primary(&self) -> Self {
        self.with_routes(Routes::on_primary)
    }

    /// A handle whose reads go to a replica, whatever was written before: for what may be late.
    #[must_use]
    pub fn replica(&self) -> Self {
        self.with_routes(Routes::on_replica)
    }

    fn with_routes(&self, change: impl Fn(&Routes) -> Routes) -> Self {
        Self {
            pool: Arc::clone(&self.pool),
            routes: self.routes.as_ref().map(change),
            path: self.path.clone(),
        }
    }

    fn of(pool: Arc<Pool>) -> Self {
        Self {
            pool,
            routes: None,
            path: None,
        }
    }

    /// A scope in which names of tables are looked for in these schemas.
    fn in_schemas(&self, path: Vec<String>) -> Self {
        Self {
            path: Some(path.into()),
            ..self.scope()
        }
    }

    /// Whether its connections are those of a pool of sqlx, which others use, too.
    fn is_lent(&self) -> bool {
        self.pool.is_lent()
    }

    /// Whether nobody else has a handle of this pool, or a connection of it.
    fn is_alone(&self) -> bool {
        Arc::strong_count(&self.pool) == 1
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
        let wrote = self.routes.as_ref().filter(|_| !options.read_only).map(Routes::wrote);
        let connection = Pool::acquire(&self.pool, &self.path).await?;
        Transaction::begin(connection, &begin, options.read_only, wrote).await
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

    /// How many connections there are, and what they do; to the primary, where there are replicas.
    #[must_use]
    pub fn status(&self) -> PoolStatus {
        self.pool.status()
    }

    /// What was counted, where [`DbBuilder::measure`] asked for it: of the primary, where there are replicas.
    #[must_use]
    pub fn metrics(&self) -> Option<QueryMetrics> {
        self.pool.metrics()
    }

    /// The replicas, and whether they are there.
    #[must_use]
    pub fn replicas(&self) -> Vec<ReplicaStatus> {
        self.routes.as_ref().map(Routes::status).unwrap_or_default()
    }

    /// Closes all idle connections and refuses to open new ones. Connections in use are closed when they come back: a pool of
    /// sqlx, which is closed for all that use it, is waited for until they are.
    pub async fn close(&self) {
        self.pool.close().await;
        if let Some(routes) = &self.routes {
            routes.close().await;
        }
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db")
            .field("target", &self.pool.shown())
            .field("routes", &self.routes)
            .finish_non_exhaustive()
    }
}
