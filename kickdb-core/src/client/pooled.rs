//! A connection that is taken from the pool, and goes back by itself.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use super::link::{Link, State};
use super::options::TransactionOptions;
use super::pool::{Path, Pool};
use crate::dialect::Dialect;
use crate::dialect::session::Session;
use crate::error::Result;

/// Why a session is there.
const THERE: &str = "it is only taken out when this is dropped";

/// A connection taken from a pool. It goes back when it is dropped, unless its work was abandoned.
pub(crate) struct Pooled {
    session: Option<Box<dyn Session>>,
    path: Path,
    pool: Arc<Pool>,
    /// Its place in a pool of kickdb; one of sqlx counts by itself.
    permit: Option<OwnedSemaphorePermit>,
    pub(super) state: State,
}

impl Pooled {
    pub(super) fn new(
        session: Box<dyn Session>,
        path: Path,
        pool: Arc<Pool>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        Self {
            session: Some(session),
            path,
            pool,
            permit,
            state: State::default(),
        }
    }

    /// The connection as something to send to.
    pub(super) fn link(&mut self) -> Link<'_> {
        let session = self.session.as_mut().expect(THERE);
        Link {
            session: &mut **session,
            state: &mut self.state,
            watch: &self.pool.watch,
            dialect: self.pool.dialect(),
        }
    }

    pub(crate) async fn control(&mut self, sql: &str) -> Result<()> {
        self.link().control(sql).await
    }

    pub(super) fn begin_sql(&self) -> Result<String> {
        self.pool.begin_sql(&TransactionOptions::new())
    }

    /// After the beginning of a transaction.
    pub(super) fn began(&mut self) {
        self.state.began = self.pool.watch.began();
    }

    /// After the end of a transaction: nothing of it holds for the next one.
    pub(super) async fn ended(&mut self, kept: bool) -> Result<()> {
        self.state.depth = 0;
        self.pool.watch.ended(self.state.began.take(), kept);
        if std::mem::take(&mut self.state.read_only)
            && let Some(sql) = self.pool.target.writable_again()
        {
            self.control(sql).await?;
        }
        Ok(())
    }

    pub(super) fn dialect(&self) -> &'static dyn Dialect {
        self.pool.dialect()
    }

    /// The driver's own connection. Whether its answers are read to their end is not known, so that it is not used again where
    /// no statement of the pool's own ends well after it.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(super) fn driver(&mut self) -> Option<&mut dyn std::any::Any> {
        self.state.busy = true;
        self.session.as_mut().expect(THERE).driver()
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        // A transaction that is still open is undone, here or by the server.
        self.pool.watch.ended(self.state.began.take(), false);
        let Some(mut session) = self.session.take() else { return };
        if self.state.broken {
            session.spoil();
            return;
        }
        let State {
            busy, read_only, depth, ..
        } = self.state;
        if !busy && depth == 0 {
            self.pool.put_back(session, self.path.take());
            return;
        }
        // Outside of a runtime there is nothing that could roll back; the connection is closed, and the engine does it.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            session.spoil();
            return;
        };
        let (pool, permit, path) = (Arc::clone(&self.pool), self.permit.take(), self.path.take());
        // What still runs is stopped before anything else waits for it.
        if busy {
            session.interrupt();
        }
        runtime.spawn(async move {
            let mut clean = session.reset(busy).await;
            if clean
                && read_only
                && let Some(sql) = pool.target.writable_again()
            {
                clean = session.control(sql).await.is_ok();
            }
            if clean {
                pool.put_back(session, path);
            } else {
                session.spoil();
            }
            drop(permit);
        });
    }
}
