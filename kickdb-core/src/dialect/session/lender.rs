//! Pools and connections that sqlx has, and lends.

use std::sync::Arc;

use futures_core::future::BoxFuture;
use sqlx::{ConnectOptions as _, Connection, Database, Pool};

use super::Session;
use super::held::Held;
use crate::error::{Error, Result};

/// What an error calls a connection that is lent: nothing tells where it leads.
const LENT: &str = "the connection that was lent by sqlx";

type Options<DB> = <<DB as Database>::Connection as Connection>::Options;

/// An engine that sqlx drives.
pub(crate) trait Driven: Database {
    /// The name of its dialect.
    const DIALECT: &'static str;

    /// Where such options lead: a URL without a password.
    fn shown(options: &Options<Self>) -> String;

    /// A connection of kickdb's own.
    fn open(url: &str) -> BoxFuture<'_, Result<Self::Connection>>;

    /// Asks by which number the server knows the connection, for another one to stop what it does.
    fn start(
        held: Held<'static, Self>,
        target: String,
        again: Again<Self>,
    ) -> BoxFuture<'static, Result<Box<dyn Session>>>;

    /// A session for the time of one query, which nothing is asked before.
    fn guest<'c>(held: Held<'c, Self>, target: String) -> Box<dyn Session + 'c>;
}

/// How another connection to the same server is opened.
pub(crate) enum Again<DB: Driven> {
    Url(String),
    Options(Arc<Options<DB>>),
}

impl<DB: Driven> Again<DB> {
    /// Another connection, where there can be one.
    pub(super) async fn connect(&self) -> Option<DB::Connection> {
        match self {
            Self::Url(url) => DB::open(url).await.ok(),
            Self::Options(options) => options.connect().await.ok(),
        }
    }
}

/// A pool that lends connections, and where it leads.
pub(crate) fn lender<DB: Driven>(pool: Pool<DB>) -> (Box<dyn Lender>, String) {
    let target = DB::shown(&pool.connect_options());
    let lender = SqlxPool {
        pool,
        target: target.clone(),
    };
    (Box::new(lender), target)
}

/// A connection that is lent for one query: whoever has lent it goes on with it, so that no other one is opened.
pub(crate) fn lent<DB: Driven>(connection: &mut DB::Connection) -> Box<dyn Session + '_> {
    DB::guest(Held::Lent(connection), LENT.to_owned())
}

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

struct SqlxPool<DB: Driven> {
    pool: Pool<DB>,
    /// Where it leads, for errors.
    target: String,
}

impl<DB: Driven> Lender for SqlxPool<DB> {
    fn take(&self) -> BoxFuture<'_, Result<Box<dyn Session>>> {
        Box::pin(async move {
            let taken = self.pool.acquire().await.map_err(|error| self.refused(error))?;
            let again = Again::Options(self.pool.connect_options());
            DB::start(Held::Pool(taken), self.target.clone(), again).await
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

impl<DB: Driven> SqlxPool<DB> {
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
