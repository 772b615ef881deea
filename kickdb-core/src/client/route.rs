//! Which of several servers a query goes to: one that is written to, and others that follow it.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::pool::{Path, Pool, PoolStatus};
use super::pooled::Pooled;
use crate::error::{Error, Result};

/// What a query does with the connection that it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It reads, and locks nothing.
    Read,
    /// It may change something.
    Write,
}

/// How [`Db::routed_with`](super::Db::routed_with) chooses between servers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "options do nothing until they are given to `Db::routed_with`"]
pub struct RoutingOptions {
    sticky: Duration,
    retry: Duration,
}

impl Default for RoutingOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl RoutingOptions {
    /// Ten seconds on the primary after a write outside of a scope; a replica that is down is asked again each second.
    pub const fn new() -> Self {
        Self {
            sticky: Duration::from_secs(10),
            retry: Duration::from_secs(1),
        }
    }

    /// How long reads stay on the primary after a write through the handle that `routed` gives. In a scope of
    /// [`Db::scope`](super::Db::scope) they stay there for good.
    pub const fn sticky_for(mut self, time: Duration) -> Self {
        self.sticky = time;
        self
    }

    /// How long a replica that is down is left alone before it is asked whether it is back.
    pub const fn retry_after(mut self, time: Duration) -> Self {
        self.retry = time;
        self
    }
}

/// A replica at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplicaStatus {
    /// Whether reads go to it.
    pub up: bool,
    /// Its connections.
    pub pool: PoolStatus,
}

/// The replicas of a handle, and whether its reads may go to them just now.
#[derive(Clone)]
pub(super) struct Routes {
    replicas: Arc<Replicas>,
    scope: Arc<Scope>,
    sticky: Sticky,
}

/// Which rule a handle follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sticky {
    /// Reads go to the primary after a write of the same scope.
    AfterWrite,
    /// Everything goes to the primary.
    Always,
    /// Reads go to a replica, whatever was written.
    Never,
}

struct Replicas {
    all: Vec<Arc<Replica>>,
    next: AtomicUsize,
    retry: Duration,
    sticky: Duration,
}

pub(super) struct Replica {
    pool: Arc<Pool>,
    health: Mutex<Health>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Health {
    Up,
    DownSince(Instant),
    /// It was down, and is being asked.
    Asked,
}

/// What belongs together: a request, or a job. Whoever has written in it reads what it wrote.
struct Scope {
    written: Mutex<Option<Instant>>,
    /// How long a write counts; for good where it is `None`.
    lasts: Option<Duration>,
}

impl Scope {
    fn new(lasts: Option<Duration>) -> Arc<Self> {
        let written = Mutex::new(None);
        Arc::new(Self { written, lasts })
    }

    fn has_written(&self) -> bool {
        let written = *self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.is_some_and(|at| self.lasts.is_none_or(|lasts| at.elapsed() < lasts))
    }
}

/// Notes the end of a transaction in the scope that it belongs to.
pub(super) struct Wrote(Arc<Scope>);

impl Wrote {
    pub(super) fn note(&self) {
        *self.0.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

impl Routes {
    pub(super) fn new(replicas: Vec<Arc<Pool>>, options: &RoutingOptions) -> Self {
        let all = replicas.into_iter().map(|pool| {
            let health = Mutex::new(Health::Up);
            Arc::new(Replica { pool, health })
        });
        Self {
            replicas: Arc::new(Replicas {
                all: all.collect(),
                next: AtomicUsize::new(0),
                retry: options.retry,
                sticky: options.sticky,
            }),
            scope: Scope::new(Some(options.sticky)),
            sticky: Sticky::AfterWrite,
        }
    }

    pub(super) fn scoped(&self) -> Self {
        Self {
            replicas: Arc::clone(&self.replicas),
            scope: Scope::new(None),
            sticky: self.sticky,
        }
    }

    pub(super) fn on_primary(&self) -> Self {
        Self {
            sticky: Sticky::Always,
            ..self.clone()
        }
    }

    pub(super) fn on_replica(&self) -> Self {
        Self {
            sticky: Sticky::Never,
            ..self.clone()
        }
    }

    /// What a transaction tells when it ends. It has written from its beginning on, as far as others of its scope go.
    pub(super) fn wrote(&self) -> Wrote {
        let wrote = Wrote(Arc::clone(&self.scope));
        wrote.note();
        wrote
    }

    /// A connection to a replica, where a read may go to one and one is there.
    pub(super) async fn acquire(&self, what: Use, path: &Path) -> Result<Option<(Pooled, Arc<Replica>)>> {
        if what == Use::Write {
            self.wrote().note();
            return Ok(None);
        }
        let stays = match self.sticky {
            Sticky::Always => true,
            Sticky::Never => false,
            Sticky::AfterWrite => self.scope.has_written(),
        };
        if stays {
            return Ok(None);
        }
        let Replicas { all, next, retry, .. } = &*self.replicas;
        let first = next.fetch_add(1, Ordering::Relaxed);
        for at in 0..all.len() {
            let replica = &all[first.wrapping_add(at) % all.len()];
            if !replica.is_up(*retry) {
                continue;
            }
            match Pool::acquire(&replica.pool, path).await {
                Ok(connection) => return Ok(Some((connection, Arc::clone(replica)))),
                Err(error) if replica.excuses(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    pub(super) fn status(&self) -> Vec<ReplicaStatus> {
        let all = self.replicas.all.iter().map(|replica| ReplicaStatus {
            up: *replica.health() == Health::Up,
            pool: replica.pool.status(),
        });
        all.collect()
    }

    pub(super) async fn close(&self) {
        for replica in &self.replicas.all {
            replica.pool.close().await;
        }
    }
}

impl Replica {
    fn health(&self) -> std::sync::MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether reads go to it. Where it has been down for long enough, it is asked whether it is back, and nobody waits for
    /// the answer.
    fn is_up(self: &Arc<Self>, retry: Duration) -> bool {
        let mut health = self.health();
        match *health {
            Health::Up => return true,
            Health::DownSince(since) if since.elapsed() >= retry => {}
            Health::DownSince(_) | Health::Asked => return false,
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return false;
        };
        *health = Health::Asked;
        let replica = Arc::clone(self);
        runtime.spawn(async move {
            let answer = async { Pool::acquire(&replica.pool, &None).await?.control("SELECT 1").await };
            let back = answer.await.is_ok();
            *replica.health() = if back {
                tracing::info!(target: "kickdb::replica", replica = replica.pool.shown(), "a replica is back");
                Health::Up
            } else {
                Health::DownSince(Instant::now())
            };
        });
        false
    }

    /// Whether a read that failed here is tried elsewhere: the replica is down, or had to stop the read because what it
    /// looked at was changed by the primary (<https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT>).
    pub(super) fn excuses(&self, error: &Error) -> bool {
        match error {
            Error::Connection { .. } => {
                let before = std::mem::replace(&mut *self.health(), Health::DownSince(Instant::now()));
                if before == Health::Up {
                    // What lies idle was opened before it went down.
                    self.pool.forget_idle();
                    tracing::warn!(target: "kickdb::replica", replica = self.pool.shown(), "a replica is left out: {error}");
                }
                true
            }
            Error::SerializationFailure { .. } => true,
            _ => false,
        }
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Routes")
            .field("replicas", &self.replicas.all.len())
            .field("sticky_for", &self.replicas.sticky)
            .finish_non_exhaustive()
    }
}
