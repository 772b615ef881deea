//! Migrations that run outside of one transaction: statement by statement, each recorded when it is done.
//!
//! A statement that can be rolled back is one transaction with its record, so that nothing comes between the two. Before
//! one that cannot, it is noted that it is about to be tried; where the run dies with it, the next one looks whether the
//! database has its work.

use std::time::{Duration, Instant};

use super::apply::{Attempt, Count, Ended, Patience, Session};
use super::policy::{Direction, Progress, mark};
use super::script::{Planned, Statement};
use super::tracking::finish;
use crate::dialect::live::Limits;
use crate::error::Result;

impl Session<'_> {
    /// Runs a migration statement by statement, from where an earlier run stopped.
    pub(super) async fn stepwise(&mut self, one: &Planned, batch: i64, count: Count) -> Result<Duration> {
        let begun = Instant::now();
        self.started(one, count.number, count.of);
        let outcome = self.steps(one).await;
        let unlimited = self.unlimit().await;
        outcome?;
        unlimited?;
        self.note_end(one, batch).await?;
        let took = begun.elapsed();
        self.finished(one, took);
        Ok(took)
    }

    async fn unlimit(&mut self) -> Result<()> {
        for sql in self.tracking.phrases().unlimited {
            self.connection.execute(sql).await?;
        }
        self.open.limits = false;
        Ok(())
    }

    async fn steps(&mut self, one: &Planned) -> Result<()> {
        for (index, statement) in one.statements.iter().enumerate().skip(one.done) {
            if (self.tracking.phrases().stands_alone)(&statement.sql) {
                self.alone(one, index, statement).await?;
            } else {
                self.with_record(one, index, statement).await?;
            }
        }
        Ok(())
    }

    /// A statement in one transaction with its record, tried again where it could not get a lock in time.
    async fn with_record(&mut self, one: &Planned, index: usize, statement: &Statement) -> Result<()> {
        self.limit(false).await?;
        let state = stopped(one, index);
        let mut patience = Patience::new(self.options);
        while let Err(ended) = self.transacted(one, index, statement, &state).await {
            self.wait(&one.id, ended, &state, &mut patience).await?;
        }
        Ok(())
    }

    async fn transacted(&mut self, one: &Planned, index: usize, statement: &Statement, state: &str) -> Attempt<()> {
        self.open.transaction = true;
        let outcome = match self.connection.execute(self.tracking.phrases().begin).await {
            Ok(_) => {
                let outcome = self.noted(one, index, statement, state).await;
                finish(self.connection, outcome).await
            }
            Err(error) => Err(Ended::by(self.connection, error)),
        };
        self.open.transaction = false;
        outcome
    }

    async fn noted(&mut self, one: &Planned, index: usize, statement: &Statement, state: &str) -> Attempt<()> {
        self.limit_pooled().await?;
        self.statement(one, index, statement, state).await?;
        match self.put_note(one, index + 1, index + 1).await {
            Ok(()) => Ok(()),
            Err(error) => Err(Ended::by(self.connection, error)),
        }
    }

    /// Behind a pooler nothing can be limited but a transaction, from its inside.
    async fn limit_pooled(&mut self) -> Result<()> {
        let session = Limits {
            lock: None,
            statement: None,
            local: false,
        };
        match (self.tracking.phrases().limits)(&session).is_empty() {
            true => self.limit(true).await,
            false => Ok(()),
        }
    }

    /// A statement that cannot be rolled back.
    async fn alone(&mut self, one: &Planned, index: usize, statement: &Statement) -> Result<()> {
        self.limit(false).await?;
        let tried_before = index < one.attempted;
        let looks_done = self.connection.clear_way(&statement.sql).await?;
        if looks_done && tried_before {
            return self.note(one, index + 1, index + 1).await;
        }
        // What looks done before it was ever tried is somebody else's: the server will say that it is in the way, and the next
        // run must not take it for ours.
        let tried = if looks_done { index } else { index + 1 };
        let state = stopped(one, index);
        let mut patience = Patience::new(self.options);
        loop {
            self.note(one, index, tried).await?;
            let Err(ended) = self.statement(one, index, statement, &state).await else {
                return self.note(one, index + 1, index + 1).await;
            };
            if ended.refused {
                self.note(one, index, index).await?;
            }
            self.wait(&one.id, ended, &state, &mut patience).await?;
            // What the attempt left behind is in the way of the next one.
            self.connection.clear_way(&statement.sql).await?;
        }
    }

    /// Records how far the migration has come.
    async fn note(&mut self, one: &Planned, done: usize, attempted: usize) -> Result<()> {
        let mut patience = Patience::new(self.options);
        loop {
            self.open.transaction = true;
            let outcome = match self.connection.execute(self.tracking.phrases().begin).await {
                Ok(_) => {
                    let noted = self.put_note(one, done, attempted).await;
                    finish(self.connection, noted).await
                }
                Err(error) => Err(error),
            };
            self.open.transaction = false;
            let Err(error) = outcome else { return Ok(()) };
            // The heartbeat writes to the same row, and may be slow to let go of it.
            let ended = Ended::by(self.connection, error);
            self.wait(&one.id, ended, &stopped(one, done), &mut patience).await?;
        }
    }

    /// The record inside of an open transaction.
    async fn put_note(&mut self, one: &Planned, done: usize, attempted: usize) -> Result<()> {
        let progress = Progress {
            direction: one.direction,
            hash: mark(&one.actual, one.begun(done), one.begun(attempted.max(done))),
            done,
            attempted,
        };
        self.tracking.note_progress(self.connection, &one.id, &progress).await?;
        self.lock.fence(self.connection).await
    }

    async fn note_end(&mut self, one: &Planned, batch: i64) -> Result<()> {
        self.open.transaction = true;
        self.connection.execute(self.tracking.phrases().begin).await?;
        let noted = async {
            self.record(one, batch).await?;
            self.tracking.forget_progress(self.connection, &one.id).await?;
            self.lock.fence(self.connection).await
        }
        .await;
        let noted = finish(self.connection, noted).await;
        self.open.transaction = false;
        noted
    }
}

fn stopped(one: &Planned, index: usize) -> String {
    let way = match one.direction {
        Direction::Up => "latest",
        Direction::Down => "down",
    };
    format!(
        "it runs outside of transactions: {} of its {} statements are done and stay; `cargo kickdb migrate {way}` goes on with statement {}, \
         which may be mended in the file before, as all that comes behind it",
        index,
        one.statements.len(),
        index + 1
    )
}
