//! Pools of sqlx that lend their connections.

use futures_core::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool};

use super::Session;
use crate::error::{Error, Result};

/// A pool of sqlx: it opens and checks its connections, and gets each back where its session is dropped.
pub(crate) trait Lender: Send + Sync {
    /// Takes a connection, as soon as there is one.
    fn take(&self) -> BoxFuture<'_, Result<Box<dyn Session>>>;

    /// The connections just now.
    fn count(&self) -> Count;

    /// Closes the pool, and waits until its connections are closed.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// The connections of a pool of sqlx.
pub(crate) struct Count {
    pub(crate) most: u32,
    pub(crate) open: u32,
    pub(crate) idle: u32,
}

/// What an engine makes of a connection that was taken.
pub(super) type Start<DB> = fn(PoolConnection<DB>, &Pool<DB>, String) -> BoxFuture<'static, Result<Box<dyn Session>>>;

pub(super) struct SqlxPool<DB: Database> {
    pub(super) pool: Pool<DB>,
    /// Where it leads, for errors.
    pub(super) target: String,
    pub(super) start: Start<DB>,
}

impl<DB: Database> Lender for SqlxPool<DB> {
    fn take(&self) -> BoxFuture<'_, Result<Box<dyn Session>>> {
        Box::pin(async move {
            let taken = self.pool.acquire().await.map_err(|error| self.refused(error))?;
            (self.start)(taken, &self.pool, self.target.clone()).await
        })
    }

    fn count(&self) -> Count {
        Count {
            most: self.pool.options().get_max_connections(),
            open: self.pool.size(),
            idle: u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX),
        }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.pool.close())
    }
}

impl<DB: Database> SqlxPool<DB> {
    fn refused(&self, error: sqlx::Error) -> Error {
        match error {
            sqlx::Error::PoolTimedOut => Error::PoolTimeout {
                waited: self.pool.options().get_acquire_timeout(),
                size: self.pool.options().get_max_connections(),
            },
            error => Error::Connection {
                target: self.target.clone(),
                message: match &error {
                    sqlx::Error::PoolClosed => "the pool was closed".to_owned(),
                    sqlx::Error::Database(server) => server.message().to_owned(),
                    other => other.to_string(),
                },
                source: Some(Box::new(error)),
            },
        }
    }
}
