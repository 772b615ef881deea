use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Db;
use super::pool::{Limits, Pool};
use crate::dialect::live::redact;
use crate::dialect::session::Target;
use crate::error::{Error, Result};

/// Sets up a pool before it connects.
#[must_use = "a builder does nothing until `.connect()`"]
pub struct DbBuilder {
    url: String,
    limits: Limits,
}

impl DbBuilder {
    pub(super) fn new(url: String) -> Self {
        let limits = Limits {
            connections: 10,
            acquire: Duration::from_secs(30),
            check_after: Duration::from_secs(30),
        };
        Self { url, limits }
    }

    /// At most so many connections (10). A database in memory always has one.
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.limits.connections = connections;
        self
    }

    /// How long a query waits for a free connection (30 seconds) before [`Error::PoolTimeout`].
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.limits.acquire = timeout;
        self
    }

    /// How long a connection may lie idle before it is checked when it is taken again (30 seconds).
    pub fn check_after(mut self, idle: Duration) -> Self {
        self.limits.check_after = idle;
        self
    }

    /// Opens the first connection.
    ///
    /// # Errors
    ///
    /// [`Error::Connection`] when the URL names no engine, or the server or file cannot be reached.
    /// [`Error::Unsupported`] when the engine is not compiled in. [`Error::Validation`] for a pool of no connections.
    pub async fn connect(self) -> Result<Db> {
        if self.limits.connections == 0 {
            return Err(Error::validation(
                "a pool needs at least one connection; raise `max_connections`",
            ));
        }
        let target = Target::parse(&self.url)?;
        let pool = Arc::new(Pool::new(target, self.limits));
        // Whoever starts with a wrong URL learns of it here and not at the first request.
        drop(Pool::acquire(&pool).await?);
        Ok(Db { pool })
    }
}

impl fmt::Debug for DbBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DbBuilder")
            .field("url", &redact(&self.url))
            .field("limits", &self.limits)
            .finish()
    }
}
