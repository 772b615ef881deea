//! A semaphore and a stack of connections. Nothing is sent when a connection is taken or returned: a ping each way is two
//! thirds of the time of a small query.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::dialect::Dialect;
use crate::dialect::live::redact;
#[cfg(any(feature = "mysql", feature = "postgres"))]
use crate::dialect::session::Lender;
use crate::dialect::session::{Begin, Session, Target};
use crate::error::{Error, Result};

use super::metrics::QueryMetrics;
use super::observe::Watch;
use super::options::{Isolation, TransactionOptions};
use super::pooled::Pooled;

#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) connections: u32,
    pub(super) acquire: Duration,
    pub(super) check_after: Duration,
}

/// The connections of a pool at one moment. A pool of sqlx does not tell how many it has `opened`, which is 0 there.
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
    pub(super) target: Target,
    limits: Limits,
    pub(super) watch: Watch,
    tally: Tally,
    permits: Arc<Semaphore>,
    /// The last one returned is the first one taken: it is the warmest, and the others may grow old and be let go.
    idle: Mutex<Vec<Idle>>,
    /// The pool of sqlx that has the connections in place of this one.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    lender: Option<Box<dyn Lender>>,
}

/// The schemas in which a connection looks for tables; `None` is what the server says.
pub(super) type Path = Option<Arc<[String]>>;

struct Idle {
    session: Box<dyn Session>,
    /// Since when, where its server may go meanwhile.
    since: Option<Instant>,
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
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            lender: None,
        }
    }

    /// A pool of sqlx. Its own limits hold.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(super) fn lent(target: Target, lender: Box<dyn Lender>, watch: Watch) -> Self {
        let none = Limits {
            connections: 0,
            acquire: Duration::ZERO,
            check_after: Duration::ZERO,
        };
        Self {
            lender: Some(lender),
            ..Self::new(target, none, watch)
        }
    }

    /// Whether others use its connections, too.
    pub(super) fn is_lent(&self) -> bool {
        #[cfg(any(feature = "mysql", feature = "postgres"))]
        return self.lender.is_some();
        #[cfg(not(any(feature = "mysql", feature = "postgres")))]
        false
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
        #[cfg(any(feature = "mysql", feature = "postgres"))]
        if let Some(lender) = &self.lender {
            let count = lender.count();
            return self.told(count.most, count.open.saturating_sub(count.idle), count.idle);
        }
        let free = u32::try_from(self.permits.available_permits()).unwrap_or(u32::MAX);
        let idle = u32::try_from(self.stack().len()).unwrap_or(u32::MAX);
        self.told(
            self.limits.connections,
            self.limits.connections.saturating_sub(free),
            idle,
        )
    }

    fn told(&self, most: u32, in_use: u32, idle: u32) -> PoolStatus {
        PoolStatus {
            most,
            in_use,
            idle,
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
        #[cfg(any(feature = "mysql", feature = "postgres"))]
        if let Some(lender) = &pool.lender {
            let session = pool.taken(&**lender).await?;
            return Ok(Pooled::new(session, None, Arc::clone(pool), None));
        }
        let permit = pool.permit().await?;
        let (mut session, found) = loop {
            let Some(mut idle) = pool.pop(path) else {
                let session = pool.target.open().await?;
                pool.tally.opened.fetch_add(1, Ordering::Relaxed);
                break (session, None);
            };
            let long = idle
                .since
                .is_some_and(|since| since.elapsed() >= pool.limits.check_after);
            if !long || idle.session.control("SELECT 1").await.is_ok() {
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
        Ok(Pooled::new(session, path.clone(), Arc::clone(pool), Some(permit)))
    }

    /// A connection of the pool of sqlx.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    async fn taken(&self, lender: &dyn Lender) -> Result<Box<dyn Session>> {
        let count = lender.count();
        let _waits = (count.idle == 0 && count.open >= count.most).then(|| Waiting::new(&self.tally));
        let taken = lender.take().await;
        if let Err(Error::PoolTimeout { .. }) = &taken {
            self.tally.timed_out.fetch_add(1, Ordering::Relaxed);
        }
        taken
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

    pub(super) fn put_back(&self, session: Box<dyn Session>, path: Path) {
        // A connection of a pool of sqlx goes back where it is dropped.
        if self.permits.is_closed() || self.is_lent() {
            return;
        }
        let since = self.target.is_remote().then(Instant::now);
        self.stack().push(Idle { session, since, path });
    }

    pub(super) async fn close(&self) {
        self.permits.close();
        #[cfg(any(feature = "mysql", feature = "postgres"))]
        if let Some(lender) = &self.lender {
            lender.close().await;
        }
        let idle = std::mem::take(&mut *self.stack());
        for one in idle {
            one.session.close().await;
        }
    }
}
