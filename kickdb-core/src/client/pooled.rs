//! A connection that is taken from the pool: what is sent on it is watched, and it goes back by itself.

use std::sync::Arc;
use std::time::Instant;

use futures_core::stream::BoxStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::coop;
use tracing::Instrument as _;

use super::options::TransactionOptions;
use super::pool::{Path, Pool};
use crate::dialect::Dialect;
use crate::dialect::session::{Answer, Collect, Copy, Session};
use crate::error::{Error, Result};
use crate::value::{Statement, Value};

/// A connection taken from a pool. It goes back when it is dropped, unless its work was abandoned.
pub(crate) struct Pooled {
    session: Option<Box<dyn Session>>,
    path: Path,
    pool: Arc<Pool>,
    permit: Option<OwnedSemaphorePermit>,
    /// A statement has been sent and its answer has not been read to its end.
    busy: bool,
    /// The connection is not to be used again.
    pub(super) broken: bool,
    /// The transaction that is open only reads.
    pub(super) read_only: bool,
    /// How many transactions and savepoints are open.
    pub(super) depth: u32,
    /// When the transaction began, where somebody looks on.
    began: Option<Instant>,
}

impl Pooled {
    pub(super) fn new(session: Box<dyn Session>, path: Path, pool: Arc<Pool>, permit: OwnedSemaphorePermit) -> Self {
        Self {
            session: Some(session),
            path,
            pool,
            permit: Some(permit),
            busy: false,
            broken: false,
            read_only: false,
            depth: 0,
            began: None,
        }
    }

    pub(crate) async fn rows(
        &mut self,
        mut statement: Statement,
        collect: Box<dyn Collect>,
    ) -> Result<Box<dyn Collect>> {
        self.pool.watch.rewrite(&mut statement.sql)?;
        // What is ready at once would never let others run on this thread.
        coop::consume_budget().await;
        let Some(watched) = self.pool.watch.begin(&statement.sql, self.dialect()) else {
            let done = send_rows(self.start(), statement, collect).await;
            return Ok(self.finish(done)?.collect);
        };
        let span = watched.span.clone();
        let done = send_rows(self.start(), statement, collect).instrument(span).await;
        let rows = done.as_ref().map_or(0, |answer: &Answer| answer.rows);
        self.pool.watch.end(watched, rows, &done);
        Ok(self.finish(done)?.collect)
    }

    pub(crate) async fn execute(&mut self, mut statement: Statement) -> Result<u64> {
        self.pool.watch.rewrite(&mut statement.sql)?;
        coop::consume_budget().await;
        let Some(watched) = self.pool.watch.begin(&statement.sql, self.dialect()) else {
            let done = send_change(self.start(), statement).await;
            return self.finish(done);
        };
        let span = watched.span.clone();
        let done = send_change(self.start(), statement).instrument(span).await;
        let rows = done.as_ref().copied().unwrap_or_default();
        self.pool.watch.end(watched, rows, &done);
        self.finish(done)
    }

    pub(crate) async fn can_copy(&mut self, copy: &Copy) -> Result<bool> {
        let session = self.start();
        let done = session.can_copy(copy).await;
        self.finish(done)
    }

    pub(crate) async fn copy(&mut self, copy: &Copy, rows: BoxStream<'_, Result<Vec<Vec<Value>>>>) -> Result<u64> {
        let mut copy = copy.clone();
        self.pool.watch.rewrite(&mut copy.sql)?;
        let Some(watched) = self.pool.watch.begin(&copy.sql, self.dialect()) else {
            let session = self.start();
            let done = session.copy(&copy, rows).await;
            return self.finish(done);
        };
        let span = watched.span.clone();
        let session = self.start();
        let done = session.copy(&copy, rows).instrument(span).await;
        let rows = done.as_ref().copied().unwrap_or_default();
        self.pool.watch.end(watched, rows, &done);
        self.finish(done)
    }

    pub(crate) async fn control(&mut self, sql: &str) -> Result<()> {
        let session = self.start();
        let done = session.control(sql).await;
        self.finish(done)
    }

    pub(crate) async fn refuse_warnings(&mut self) -> Result<()> {
        let session = self.start();
        let done = session.refuse_warnings().await;
        self.finish(done)
    }

    pub(super) fn begin_sql(&self) -> Result<String> {
        self.pool.begin_sql(&TransactionOptions::new())
    }

    /// After the beginning of a transaction.
    pub(super) fn began(&mut self) {
        self.began = self.pool.watch.began();
    }

    /// After the end of a transaction: nothing of it holds for the next one.
    pub(super) async fn ended(&mut self, kept: bool) -> Result<()> {
        self.depth = 0;
        self.pool.watch.ended(self.began.take(), kept);
        if std::mem::take(&mut self.read_only)
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
        self.start().driver()
    }

    fn start(&mut self) -> &mut dyn Session {
        self.busy = true;
        let session = self
            .session
            .as_mut()
            .expect("it is only taken out when this is dropped");
        &mut **session
    }

    fn finish<R>(&mut self, done: Result<R>) -> Result<R> {
        self.busy = false;
        self.broken |= match &done {
            Err(Error::Connection { .. }) => true,
            // A prepared statement of PostgreSQL that a migration made wrong stays wrong for this connection.
            Err(Error::Query { message, .. }) => message.contains("cached plan must not change result type"),
            _ => false,
        };
        done
    }
}

async fn send_rows(session: &mut dyn Session, statement: Statement, mut collect: Box<dyn Collect>) -> Result<Answer> {
    match session.at_once(&statement, Some(&mut *collect)) {
        Some(rows) => rows.map(|rows| Answer { collect, rows }),
        None => session.rows(statement, collect).await,
    }
}

async fn send_change(session: &mut dyn Session, statement: Statement) -> Result<u64> {
    match session.at_once(&statement, None) {
        Some(changed) => changed,
        None => session.execute(statement).await,
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        // A transaction that is still open is undone, here or by the server.
        self.pool.watch.ended(self.began.take(), false);
        let Some(mut session) = self.session.take() else { return };
        if self.broken {
            return;
        }
        if !self.busy && self.depth == 0 {
            self.pool.put_back(session, self.path.take());
            return;
        }
        // Outside of a runtime there is nothing that could roll back; the connection is closed, and the engine does it.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (pool, permit, busy) = (Arc::clone(&self.pool), self.permit.take(), self.busy);
        let (read_only, path) = (self.read_only, self.path.take());
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
            }
            drop(permit);
        });
    }
}
