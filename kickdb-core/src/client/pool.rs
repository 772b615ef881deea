//! A semaphore and a stack of connections. Nothing is sent when a connection is taken or returned: a ping each way is two
//! thirds of the time of a small query.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_core::stream::BoxStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Instrument as _;

use crate::dialect::Dialect;
use crate::dialect::live::redact;
use crate::dialect::session::{Answer, Begin, Collect, Copy, Session, Target};

use crate::error::{Error, Result};
use crate::value::{Statement, Value};

use super::metrics::QueryMetrics;
use super::observe::Watch;
use super::options::{Isolation, TransactionOptions};

#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) connections: u32,
    pub(super) acquire: Duration,
    pub(super) check_after: Duration,
}

/// The connections of a pool at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// The most that there may be.
    pub most: u32,
    /// Those in use.
    pub in_use: u32,
    /// Those that are open and wait for work.
    pub idle: u32,
    /// How many queries wait for one.
    pub waiting: u32,
    /// How many were opened since the pool was made.
    pub opened: u64,
    /// How many queries had to wait since then.
    pub waited: u64,
    /// How many waited in vain.
    pub timed_out: u64,
}

/// What only ever grows, and who waits just now.
#[derive(Default)]
struct Tally {
    waiting: AtomicU32,
    opened: AtomicU64,
    waited: AtomicU64,
    timed_out: AtomicU64,
}

/// Somebody who waits, also where the future is dropped.
struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    fn new(tally: &'a Tally) -> Self {
        tally.waited.fetch_add(1, Ordering::Relaxed);
        tally.waiting.fetch_add(1, Ordering::Relaxed);
        Self(&tally.waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(super) struct Pool {
    target: Target,
    limits: Limits,
    watch: Watch,
    tally: Tally,
    permits: Arc<Semaphore>,
    /// The last one returned is the first one taken: it is the warmest, and the others may grow old and be let go.
    idle: Mutex<Vec<Idle>>,
}

/// The schemas in which a connection looks for tables; `None` is what the server says.
pub(super) type Path = Option<Arc<[String]>>;

struct Idle {
    session: Box<dyn Session>,
    since: Instant,
    path: Path,
}

impl Pool {
    pub(super) fn new(target: Target, mut limits: Limits, watch: Watch) -> Self {
        if target.is_single() {
            limits.connections = 1;
        }
        let permits = Arc::new(Semaphore::new(limits.connections as usize));
        Self {
            target,
            limits,
            watch,
            tally: Tally::default(),
            permits,
            idle: Mutex::new(Vec::new()),
        }
    }

    pub(super) fn dialect(&self) -> &'static dyn Dialect {
        self.target.dialect
    }

    pub(super) fn begin_sql(&self, options: &TransactionOptions) -> Result<String> {
        let how = Begin {
            isolation: options.isolation.map(|level| match level {
                Isolation::ReadCommitted => "READ COMMITTED",
                Isolation::RepeatableRead => "REPEATABLE READ",
                Isolation::Serializable => "SERIALIZABLE",
            }),
            read_only: options.read_only,
            deferrable: options.deferrable,
        };
        self.target.begin(how)
    }

    pub(super) fn status(&self) -> PoolStatus {
        let free = u32::try_from(self.permits.available_permits()).unwrap_or(u32::MAX);
        PoolStatus {
            most: self.limits.connections,
            in_use: self.limits.connections.saturating_sub(free),
            idle: u32::try_from(self.stack().len()).unwrap_or(u32::MAX),
            waiting: self.tally.waiting.load(Ordering::Relaxed),
            opened: self.tally.opened.load(Ordering::Relaxed),
            waited: self.tally.waited.load(Ordering::Relaxed),
            timed_out: self.tally.timed_out.load(Ordering::Relaxed),
        }
    }

    pub(super) fn metrics(&self) -> Option<QueryMetrics> {
        self.watch.counters.as_ref().map(|counters| counters.read())
    }

    pub(super) fn shown(&self) -> String {
        redact(&self.target.url)
    }

    pub(super) async fn acquire(pool: &Arc<Self>, path: &Path) -> Result<Pooled> {
        let permit = pool.permit().await?;
        let (mut session, found) = loop {
            let Some(mut idle) = pool.pop(path) else {
                let session = pool.target.open().await?;
                pool.tally.opened.fetch_add(1, Ordering::Relaxed);
                break (session, None);
            };
            if idle.since.elapsed() < pool.limits.check_after || idle.session.control("SELECT 1").await.is_ok() {
                break (idle.session, idle.path);
            }
        };
        if found != *path {
            match session.enter(path.as_deref()).await {
                Ok(()) => {}
                // It is where it was.
                Err(error @ Error::UnknownTenant { .. }) => {
                    pool.put_back(session, found);
                    return Err(error);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Pooled {
            session: Some(session),
            path: path.clone(),
            pool: Arc::clone(pool),
            permit: Some(permit),
            busy: false,
            broken: false,
            read_only: false,
            depth: 0,
            began: None,
        })
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        // A timer is only set up where there is something to wait for.
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let _waits = Waiting::new(&self.tally);
        let waiting = Arc::clone(&self.permits).acquire_owned();
        match tokio::time::timeout(self.limits.acquire, waiting).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(Error::Connection {
                target: self.shown(),
                message: "the pool was closed".to_owned(),
                source: None,
            }),
            Err(_) => {
                self.tally.timed_out.fetch_add(1, Ordering::Relaxed);
                Err(Error::PoolTimeout {
                    waited: self.limits.acquire,
                    size: self.limits.connections,
                })
            }
        }
    }

    fn stack(&self) -> MutexGuard<'_, Vec<Idle>> {
        // Nothing panics while it is held, and a list of connections is never half changed.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The warmest connection, if possible one that looks for tables where it is wanted.
    fn pop(&self, path: &Path) -> Option<Idle> {
        let mut stack = self.stack();
        let at = stack.iter().rposition(|idle| idle.path == *path);
        match at {
            Some(at) => Some(stack.remove(at)),
            None => stack.pop(),
        }
    }

    /// Drops what lies idle, without a word to the server.
    pub(super) fn forget_idle(&self) {
        let idle = std::mem::take(&mut *self.stack());
        drop(idle);
    }

    fn put_back(&self, session: Box<dyn Session>, path: Path) {
        if self.permits.is_closed() {
            return;
        }
        let since = Instant::now();
        self.stack().push(Idle { session, since, path });
    }

    pub(super) async fn close(&self) {
        self.permits.close();
        let idle = std::mem::take(&mut *self.stack());
        for one in idle {
            one.session.close().await;
        }
    }
}

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
    pub(crate) async fn rows(
        &mut self,
        mut statement: Statement,
        collect: Box<dyn Collect>,
    ) -> Result<Box<dyn Collect>> {
        self.pool.watch.rewrite(&mut statement.sql)?;
        let Some(watched) = self.pool.watch.begin(&statement.sql, self.dialect()) else {
            let session = self.start();
            let done = session.rows(statement, collect).await;
            return Ok(self.finish(done)?.collect);
        };
        let span = watched.span.clone();
        let session = self.start();
        let done = session.rows(statement, collect).instrument(span).await;
        let rows = done.as_ref().map_or(0, |answer: &Answer| answer.rows);
        self.pool.watch.end(watched, rows, &done);
        Ok(self.finish(done)?.collect)
    }

    pub(crate) async fn execute(&mut self, mut statement: Statement) -> Result<u64> {
        self.pool.watch.rewrite(&mut statement.sql)?;
        let Some(watched) = self.pool.watch.begin(&statement.sql, self.dialect()) else {
            let session = self.start();
            let done = session.execute(statement).await;
            return self.finish(done);
        };
        let span = watched.span.clone();
        let session = self.start();
        let done = session.execute(statement).instrument(span).await;
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
