//! The connection itself. Whoever owns it runs it; nobody else can touch it meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::bind::{Cursor, Unbound, bind};
use super::control::{Control, STEPS, locked, patiently};
use super::fault::{code, fault};
use crate::dialect::session::Collect;
use crate::dialect::sqlite::violation;
use crate::error::{Error, Result};
use crate::value::{Bind, Statement};

/// How long a statement may hold up the thread of whoever waits for it. Longer than all that is asked for one page of an
/// application, and what a runtime's thread may well be held up by.
const HERE: Duration = Duration::from_micros(200);

/// So many rows between two looks at the clock.
const ROWS: u64 = 32;

/// So many values take less than that to be written.
const VALUES: usize = 256;

/// So many statements are known to take long.
const KNOWN: usize = 64;

/// What is to be run on another thread.
pub(super) struct Job {
    pub(super) statement: Statement,
    pub(super) how: How,
}

pub(super) enum How {
    Rows(Box<dyn Collect>),
    Change,
    Control,
}

/// What becomes of a statement.
pub(super) enum Take<'c> {
    /// Its rows are taken.
    Rows(&'c mut dyn Collect),
    /// Rows that it changes are counted.
    Change,
    /// It is one or more statements without values.
    Control,
}

impl Take<'_> {
    /// Whether it can begin once more from its beginning. Its rows so far are forgotten.
    fn again(&mut self) -> bool {
        match self {
            Self::Rows(collect) => collect.again(),
            Self::Change | Self::Control => true,
        }
    }
}

/// Whether a statement that writes comes to its end soon by itself: new rows, and no more of them than have so many values, are
/// written one after the other, whatever the size of the table.
fn is_short(sql: &str, binds: &[Bind]) -> bool {
    sql.starts_with("INSERT INTO ") && binds.len() <= VALUES && !sql.contains("SELECT")
}

/// Why a statement came to no end.
enum Halt {
    /// It takes longer than it may here, or waits for a lock. Nothing of it was kept.
    Elsewhere,
    Failed(Error),
    Engine(rusqlite::Error),
}

impl From<rusqlite::Error> for Halt {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error)
    }
}

pub(super) struct Engine {
    connection: Connection,
    control: Arc<Control>,
    /// Statements that took long the last time.
    slow: Vec<Box<str>>,
}

impl Engine {
    pub(super) fn new(connection: Connection, control: Arc<Control>) -> rusqlite::Result<Self> {
        let asked = Arc::clone(&control);
        connection.progress_handler(STEPS, Some(move || asked.asked()))?;
        connection.busy_handler(Some(locked))?;
        Ok(Self {
            connection,
            control,
            slow: Vec::new(),
        })
    }

    pub(super) fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Runs a statement on the thread of whoever waits for it, which must not take long. `None` where it has to be run on
    /// another thread, from its beginning.
    pub(super) fn here(&mut self, statement: &Statement, mut take: Take<'_>) -> Option<Result<u64>> {
        let sql = &statement.sql;
        if self.is_slow(sql) || !take.again() {
            return None;
        }
        let began = Instant::now();
        self.control.allow(Some(began + HERE));
        let done = self.run(statement, &mut take, true);
        let late = self.control.was_late();
        self.control.allow(None);
        // A write to a disk cannot be stopped halfway, and is known by its time.
        if began.elapsed() > HERE {
            self.remember(sql);
        }
        match done {
            Ok(rows) => Some(Ok(rows)),
            Err(Halt::Elsewhere) => None,
            Err(Halt::Failed(error)) => Some(Err(error)),
            // BUSY_SNAPSHOT stays, however long one waits.
            Err(Halt::Engine(error)) if code(&error) & 0xFF == 5 && code(&error) != 517 => None,
            Err(Halt::Engine(_)) if late => None,
            Err(Halt::Engine(error)) => Some(Err(self.explained(sql, error))),
        }
    }

    /// Runs the job on a thread that may wait.
    pub(super) fn there(&mut self, job: &mut Job) -> Result<u64> {
        let mut take = match &mut job.how {
            How::Rows(collect) => Take::Rows(&mut **collect),
            How::Change => Take::Change,
            How::Control => Take::Control,
        };
        take.again();
        let sql = &job.statement.sql;
        let control = Arc::clone(&self.control);
        let began = Instant::now();
        let done = patiently(&control, || self.run(&job.statement, &mut take, false));
        if began.elapsed() < HERE / 2 {
            self.slow.retain(|slow| **slow != **sql);
        }
        match done {
            Ok(rows) => Ok(rows),
            Err(Halt::Failed(error)) => Err(error),
            Err(Halt::Engine(error)) => Err(self.explained(sql, error)),
            Err(Halt::Elsewhere) => Err(Error::validation("a statement that may wait was not to be run here")),
        }
    }

    fn run(&self, statement: &Statement, take: &mut Take<'_>, here: bool) -> Result<u64, Halt> {
        let Statement { sql, binds } = statement;
        let mut statement = match take {
            Take::Control if sql.contains(';') => {
                self.connection.execute_batch(sql)?;
                return Ok(0);
            }
            _ => self.connection.prepare_cached(sql)?,
        };
        let reads = statement.readonly();
        // To stop a write halfway would undo the whole transaction (https://www.sqlite.org/c3ref/interrupt.html).
        if here && !reads && self.in_transaction() {
            if !is_short(sql, binds) {
                return Err(Halt::Elsewhere);
            }
            self.control.allow(None);
        }
        bind(&mut statement, binds).map_err(|unbound| match unbound {
            Unbound::Refused(error) => Halt::Failed(error),
            Unbound::Engine(error) => Halt::Engine(error),
        })?;
        let mut rows = statement.raw_query();
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += 1;
            if let Take::Rows(collect) = take
                && let Some(wait) = collect.row(&Cursor(row)).map_err(Halt::Failed)?
            {
                // Only what does not run again waits, and is never here.
                tokio::runtime::Handle::current().block_on(wait);
            }
            // What writes has written before its first row, and only the engine can undo that.
            if here && reads && count % ROWS == 0 && self.control.is_late() {
                return Err(Halt::Elsewhere);
            }
            if !here && self.control.is_stopped() {
                break;
            }
        }
        drop(rows);
        Ok(match take {
            Take::Change if !reads => self.connection.changes(),
            _ => count,
        })
    }

    fn is_slow(&self, sql: &str) -> bool {
        self.slow.iter().any(|slow| **slow == *sql)
    }

    fn remember(&mut self, sql: &str) {
        if self.slow.len() == KNOWN {
            self.slow.remove(0);
        }
        self.slow.push(sql.into());
    }

    /// The error with what the catalog tells of a broken constraint.
    fn explained(&self, sql: &str, error: rusqlite::Error) -> Error {
        let mut error = fault(sql, error);
        if let Error::UniqueViolation(broken) | Error::ForeignKeyViolation(broken) | Error::CheckViolation(broken) =
            &mut error
        {
            let catalog = self
                .connection
                .prepare_cached(violation::catalog_query())
                .and_then(|mut statement| statement.query_row([], |row| row.get::<_, String>(0)));
            // Without it the error is still true.
            if let Ok(catalog) = catalog {
                violation::explain(broken, sql, catalog);
            }
        }
        error
    }
}
