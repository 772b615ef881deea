//! SQLite through rusqlite. A statement runs on the thread of whoever waits for it, for some microseconds; what takes longer, or
//! waits for a lock, goes with its connection to a thread that may wait, and comes back with it.

#[path = "session/bind.rs"]
mod bind;
#[path = "session/control.rs"]
mod control;
#[path = "session/engine.rs"]
mod engine;
#[path = "session/fault.rs"]
mod fault;
#[path = "session/open.rs"]
mod open;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_core::future::BoxFuture;
use tokio::task::{JoinError, JoinHandle, coop, spawn_blocking};

use self::control::Control;
use self::engine::{Engine, How, Job, Take};
use super::{Answer, Begin, Collect, Session};
use crate::dialect::live::redact;
use crate::error::{Error, Result};
use crate::value::Statement;

struct SqliteSession {
    place: Place,
    target: String,
    control: Arc<Control>,
}

/// Where the connection is.
enum Place {
    Here(Box<Engine>),
    /// On another thread, with what it runs.
    There(JoinHandle<Done>),
    /// Nowhere: the runtime ended while it was away.
    Gone,
}

/// What comes back from the other thread. A panic of what takes the rows comes back, too, and the connection is kept.
struct Done {
    engine: Box<Engine>,
    job: Job,
    result: std::thread::Result<Result<u64>>,
}

pub(super) fn open(url: String) -> BoxFuture<'static, Result<Box<dyn Session>>> {
    Box::pin(async move {
        let target = redact(&url);
        let control = Arc::new(Control::new());
        let asked = Arc::clone(&control);
        let opening = spawn_blocking(move || {
            let connection = open::open(&url)?;
            Engine::new(connection, asked).map_err(|error| fault::fault("", error))
        });
        let engine = opening.await.map_err(|error| lost(&target, error))??;
        Ok(Box::new(SqliteSession {
            place: Place::Here(Box::new(engine)),
            target,
            control,
        }) as Box<dyn Session>)
    })
}

/// A transaction that reads first and writes later cannot wait for another writer (SQLITE_BUSY_SNAPSHOT), so the write lock is
/// taken at once, where waiting works. All transactions are serializable.
pub(super) fn begin(how: Begin) -> Result<String, &'static str> {
    if how.deferrable {
        return Err("leave it out: a transaction that only reads never fails there");
    }
    let begin = if how.read_only {
        "PRAGMA query_only = ON; BEGIN"
    } else {
        "BEGIN IMMEDIATE"
    };
    Ok(begin.to_owned())
}

/// `query_only` holds for the connection, not for a transaction.
pub(super) const WRITABLE: &str = "PRAGMA query_only = OFF";

pub(super) fn is_in_memory(url: &str) -> bool {
    crate::dialect::live::sqlite::in_memory(url)
}

/// `:memory:` is a new database each time it is opened; one in memory with a name is found again while it is open, see
/// <https://www.sqlite.org/inmemorydb.html#sharedmemdb>.
pub(super) fn shareable(url: &str) -> Option<String> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    url.contains(":memory:").then(|| {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        format!("sqlite:file:kickdb-{count}?mode=memory")
    })
}

fn lost(target: &str, error: JoinError) -> Error {
    Error::Connection {
        target: target.to_owned(),
        message: "the runtime ended while the connection was in use".to_owned(),
        source: Some(Box::new(error)),
    }
}

impl SqliteSession {
    /// Runs the job on a thread that may wait, and gives it back with the number of rows.
    async fn run(&mut self, mut job: Job) -> Result<(Job, u64)> {
        self.back().await?;
        let Place::Here(mut engine) = std::mem::replace(&mut self.place, Place::Gone) else {
            return Err(self.gone());
        };
        self.place = Place::There(spawn_blocking(move || {
            let result = catch_unwind(AssertUnwindSafe(|| engine.there(&mut job)));
            Done { engine, job, result }
        }));
        match self.back().await? {
            Some((job, Ok(rows))) => rows.map(|rows| (job, rows)),
            Some((_, Err(panic))) => resume_unwind(panic),
            None => Err(self.gone()),
        }
    }

    /// Waits until the connection is here.
    async fn back(&mut self) -> Result<Option<(Job, std::thread::Result<Result<u64>>)>> {
        let Place::There(away) = &mut self.place else {
            return Ok(None);
        };
        match away.await {
            Ok(done) => {
                self.place = Place::Here(done.engine);
                Ok(Some((done.job, done.result)))
            }
            Err(error) => {
                self.place = Place::Gone;
                Err(lost(&self.target, error))
            }
        }
    }

    fn gone(&self) -> Error {
        Error::Connection {
            target: self.target.clone(),
            message: "the connection is gone".to_owned(),
            source: None,
        }
    }

    fn is_idle(&self) -> bool {
        matches!(&self.place, Place::Here(engine) if !engine.in_transaction())
    }
}

impl Session for SqliteSession {
    fn at_once(&mut self, statement: &Statement, rows: Option<&mut dyn Collect>) -> Option<Result<u64>> {
        let Place::Here(engine) = &mut self.place else {
            return None;
        };
        engine.here(statement, rows.map_or(Take::Change, Take::Rows))
    }

    fn rows(&mut self, statement: Statement, collect: Box<dyn Collect>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(async move {
            let how = How::Rows(collect);
            let (job, rows) = self.run(Job { statement, how }).await?;
            match job.how {
                How::Rows(collect) => Ok(Answer { collect, rows }),
                How::Change | How::Control => Err(self.gone()),
            }
        })
    }

    fn execute(&mut self, statement: Statement) -> BoxFuture<'_, Result<u64>> {
        let how = How::Change;
        Box::pin(async move { Ok(self.run(Job { statement, how }).await?.1) })
    }

    fn control<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            coop::consume_budget().await;
            let sql = sql.to_owned();
            let statement = Statement { sql, binds: Vec::new() };
            if let Place::Here(engine) = &mut self.place
                && let Some(done) = engine.here(&statement, Take::Control)
            {
                return done.map(drop);
            }
            let how = How::Control;
            self.run(Job { statement, how }).await.map(drop)
        })
    }

    fn enter<'a>(&'a mut self, _: Option<&'a [String]>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Err(super::no_schemas("sqlite")) })
    }

    fn interrupt(&mut self) {
        self.control.stop(true);
    }

    /// A database in memory lives as long as its connection, so an abandoned one is rolled back and kept.
    fn reset(&mut self, _busy: bool) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            let back = self.back().await;
            self.control.stop(false);
            back.is_ok() && (self.is_idle() || self.control("ROLLBACK").await.is_ok())
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            // What is left of the log is written to the file where this is its last connection.
            spawn_blocking(move || drop(self)).await.ok();
        })
    }
}
