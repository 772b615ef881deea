//! Who looks on while queries run: hooks, slow queries and `tracing`. Values are never shown.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::Span;
use tracing::field::Empty;

use super::metrics::Counters;
use crate::dialect::Dialect;
use crate::error::{Error, Result};

/// A statement that was run, as a hook sees it.
#[derive(Debug)]
#[non_exhaustive]
pub struct QueryEvent<'a> {
    /// The SQL, without the values that were bound.
    pub sql: &'a str,
    /// How long it took until its last row was read.
    pub elapsed: Duration,
    /// How many rows it gave or changed.
    pub rows: u64,
    /// Why it failed, where it did.
    pub error: Option<&'a Error>,
}

/// The beginning or the end of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransactionEvent {
    /// It has begun.
    Begin,
    /// It was kept, after this time.
    Commit(Duration),
    /// It was undone, or left alone so that the database undoes it, after this time.
    Rollback(Duration),
}

type Before = Arc<dyn Fn(&mut String) -> Result<()> + Send + Sync>;
type TransactionHook = Arc<dyn Fn(TransactionEvent) + Send + Sync>;
type Hook = Arc<dyn Fn(&QueryEvent<'_>) + Send + Sync>;

#[derive(Clone, Default)]
pub(super) struct Watch {
    pub(super) hooks: Vec<Hook>,
    pub(super) slow: Option<Duration>,
    pub(super) before: Vec<Before>,
    pub(super) transactions: Vec<TransactionHook>,
    pub(super) counters: Option<Arc<Counters>>,
}

/// Where nobody looks on but `tracing`.
pub(super) static NOBODY: Watch = Watch {
    hooks: Vec::new(),
    slow: None,
    before: Vec::new(),
    transactions: Vec::new(),
    counters: None,
};

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("hooks", &self.hooks.len())
            .field("slow", &self.slow)
            .finish_non_exhaustive()
    }
}

/// A statement that runs while somebody looks on.
pub(super) struct Watched {
    sql: String,
    began: Instant,
    pub(super) span: Span,
}

impl Watch {
    /// What is sent in place of a statement.
    pub(super) fn rewrite(&self, sql: &mut String) -> Result<()> {
        self.before.iter().try_for_each(|hook| hook(sql))
    }

    /// When a transaction began, where somebody wants to know how long it takes.
    pub(super) fn began(&self) -> Option<Instant> {
        if self.transactions.is_empty() && self.counters.is_none() {
            return None;
        }
        self.tell(TransactionEvent::Begin);
        Some(Instant::now())
    }

    pub(super) fn ended(&self, began: Option<Instant>, kept: bool) {
        let Some(began) = began else { return };
        if let Some(counters) = &self.counters {
            counters.transaction(kept);
        }
        let elapsed = began.elapsed();
        self.tell(match kept {
            true => TransactionEvent::Commit(elapsed),
            false => TransactionEvent::Rollback(elapsed),
        });
    }

    fn tell(&self, event: TransactionEvent) {
        for hook in &self.transactions {
            hook(event);
        }
    }

    /// `None` where nobody looks on: then nothing is copied and no clock is asked.
    pub(super) fn begin(&self, sql: &str, dialect: &dyn Dialect) -> Option<Watched> {
        let traced = tracing::enabled!(target: "kickdb::query", tracing::Level::DEBUG);
        if !traced && self.hooks.is_empty() && self.slow.is_none() && self.counters.is_none() {
            return None;
        }
        let operation = sql.split_ascii_whitespace().next().unwrap_or_default();
        // https://opentelemetry.io/docs/specs/semconv/database/database-spans/
        let span = tracing::debug_span!(
            target: "kickdb::query",
            "query",
            otel.kind = "client",
            otel.name = operation,
            db.system.name = dialect.telemetry_name(),
            db.operation.name = operation,
            db.query.text = sql,
            db.response.returned_rows = Empty,
            "error.type" = Empty,
        );
        Some(Watched {
            sql: sql.to_owned(),
            began: Instant::now(),
            span,
        })
    }

    pub(super) fn end<R>(&self, watched: Watched, rows: u64, done: &Result<R>) {
        let elapsed = watched.began.elapsed();
        if let Some(counters) = &self.counters {
            counters.query(elapsed, rows, done.is_err());
        }
        watched.span.record("db.response.returned_rows", rows);
        if let Err(error) = done {
            watched.span.record("error.type", error.code());
        }
        if self.slow.is_some_and(|slow| elapsed >= slow) {
            let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(
                target: "kickdb::slow_query",
                parent: &watched.span,
                milliseconds,
                db.query.text = watched.sql,
                "a slow query"
            );
        }
        let event = QueryEvent {
            sql: &watched.sql,
            elapsed,
            rows,
            error: done.as_ref().err(),
        };
        for hook in &self.hooks {
            hook(&event);
        }
    }
}
