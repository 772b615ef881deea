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

/// So many statements are known to take long.
const KNOWN: usize = 64;

/// What is to be run.
pub(super) struct Job {
    pub(super) sql: String,
    binds: Vec<Bind>,
    pub(super) how: How,
}

pub(super) enum How {
    /// Its rows are taken.
    Rows(Box<dyn Collect>),
    /// Rows that it changes are counted.
    Change,
    /// It is one or more statements without values.
    Control,
}

impl Job {
    pub(super) fn new(statement: Statement, how: How) -> Self {
        Self {
            sql: statement.sql,
            binds: statement.binds,
            how,
        }
    }

    pub(super) fn control(sql: &str) -> Self {
        Self {
            sql: sql.to_owned(),
            binds: Vec::new(),
            how: How::Control,
        }
    }

    /// Whether it can begin once more from its beginning. Its rows so far are forgotten.
    pub(super) fn again(&mut self) -> bool {
        match &mut self.how {
            How::Rows(collect) => collect.again(),
            How::Change | How::Control => true,
        }
    }
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

    /// Runs the job on the thread of whoever waits for it, which must not take long. `None` where it has to be run on another
    /// thread, from its beginning.
    pub(super) fn here(&mut self, job: &mut Job) -> Option<Result<u64>> {
        if self.is_slow(&job.sql) || !job.again() {
            return None;
        }
        let began = Instant::now();
        self.control.allow(Some(HERE));
        let done = self.run(job, true);
        let late = self.control.was_late();
        self.control.allow(None);
        // A write to a disk cannot be stopped halfway, and is known by its time.
        if began.elapsed() > HERE {
            self.remember(&job.sql);
        }
        match done {
            Ok(rows) => Some(Ok(rows)),
            Err(Halt::Elsewhere) => None,
            Err(Halt::Failed(error)) => Some(Err(error)),
            // BUSY_SNAPSHOT stays, however long one waits.
            Err(Halt::Engine(error)) if code(&error) & 0xFF == 5 && code(&error) != 517 => None,
            Err(Halt::Engine(_)) if late => None,
            Err(Halt::Engine(error)) => Some(Err(self.explained(&job.sql, error))),
        }
    }

    /// Runs the job on a thread that may wait.
    pub(super) fn there(&mut self, job: &mut Job) -> Result<u64> {
        job.again();
        let control = Arc::clone(&self.control);
        let began = Instant::now();
        let done = patiently(&control, || self.run(job, false));
        if began.elapsed() < HERE / 2 {
            self.slow.retain(|slow| **slow != *job.sql);
        }
        match done {
            Ok(rows) => Ok(rows),
            Err(Halt::Failed(error)) => Err(error),
            Err(Halt::Engine(error)) => Err(self.explained(&job.sql, error)),
            Err(Halt::Elsewhere) => Err(Error::validation("a statement that may wait was not to be run here")),
        }
    }

    fn run(&self, job: &mut Job, here: bool) -> Result<u64, Halt> {
        let mut statement = match &job.how {
            How::Control if job.sql.contains(';') => {
                self.connection.execute_batch(&job.sql)?;
                return Ok(0);
            }
            _ => self.connection.prepare_cached(&job.sql)?,
        };
        let reads = statement.readonly();
        // To stop a write halfway would undo the whole transaction (https://www.sqlite.org/c3ref/interrupt.html).
        if here && !reads && self.in_transaction() {
            return Err(Halt::Elsewhere);
        }
        bind(&mut statement, &job.binds).map_err(|unbound| match unbound {
            Unbound::Refused(error) => Halt::Failed(error),
            Unbound::Engine(error) => Halt::Engine(error),
        })?;
        let mut rows = statement.raw_query();
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += 1;
            if let How::Rows(collect) = &mut job.how
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
        Ok(match job.how {
            How::Change if !reads => self.connection.changes(),
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
