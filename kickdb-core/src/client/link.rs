//! What is sent on a connection is watched, whoever holds the connection.

use std::time::Instant;

use futures_core::stream::BoxStream;
use tokio::task::coop;
use tracing::Instrument as _;

use super::observe::Watch;
use crate::dialect::Dialect;
use crate::dialect::session::{Answer, Collect, Copy, Session};
use crate::error::{Error, Result};
use crate::value::{Statement, Value};

/// Where a connection is.
#[derive(Default)]
pub(super) struct State {
    /// A statement has been sent and its answer has not been read to its end.
    pub(super) busy: bool,
    /// The connection is not to be used again.
    pub(super) broken: bool,
    /// The transaction that is open only reads.
    pub(super) read_only: bool,
    /// How many transactions and savepoints are open.
    pub(super) depth: u32,
    /// When the transaction began, where somebody looks on.
    pub(super) began: Option<Instant>,
}

/// A connection for the time of one statement.
pub(super) struct Link<'l> {
    pub(super) session: &'l mut (dyn Session + 'l),
    pub(super) state: &'l mut State,
    pub(super) watch: &'l Watch,
    pub(super) dialect: &'static dyn Dialect,
}

impl Link<'_> {
    pub(super) async fn rows(
        mut self,
        mut statement: Statement,
        collect: Box<dyn Collect>,
    ) -> Result<Box<dyn Collect>> {
        self.watch.rewrite(&mut statement.sql)?;
        // What is ready at once would never let others run on this thread.
        coop::consume_budget().await;
        let Some(watched) = self.watch.begin(&statement.sql, self.dialect) else {
            let done = send_rows(self.start(), statement, collect).await;
            return Ok(self.finish(done)?.collect);
        };
        let span = watched.span.clone();
        let done = send_rows(self.start(), statement, collect).instrument(span).await;
        let rows = done.as_ref().map_or(0, |answer: &Answer| answer.rows);
        self.watch.end(watched, rows, &done);
        Ok(self.finish(done)?.collect)
    }

    pub(super) async fn execute(mut self, mut statement: Statement) -> Result<u64> {
        self.watch.rewrite(&mut statement.sql)?;
        coop::consume_budget().await;
        let Some(watched) = self.watch.begin(&statement.sql, self.dialect) else {
            let done = send_change(self.start(), statement).await;
            return self.finish(done);
        };
        let span = watched.span.clone();
        let done = send_change(self.start(), statement).instrument(span).await;
        let rows = done.as_ref().copied().unwrap_or_default();
        self.watch.end(watched, rows, &done);
        self.finish(done)
    }

    pub(super) async fn can_copy(mut self, copy: &Copy) -> Result<bool> {
        let done = self.start().can_copy(copy).await;
        self.finish(done)
    }

    pub(super) async fn copy(mut self, copy: &Copy, rows: BoxStream<'_, Result<Vec<Vec<Value>>>>) -> Result<u64> {
        let mut copy = copy.clone();
        self.watch.rewrite(&mut copy.sql)?;
        let Some(watched) = self.watch.begin(&copy.sql, self.dialect) else {
            let done = self.start().copy(&copy, rows).await;
            return self.finish(done);
        };
        let span = watched.span.clone();
        let done = self.start().copy(&copy, rows).instrument(span).await;
        let rows = done.as_ref().copied().unwrap_or_default();
        self.watch.end(watched, rows, &done);
        self.finish(done)
    }

    pub(super) async fn control(mut self, sql: &str) -> Result<()> {
        let done = self.start().control(sql).await;
        self.finish(done)
    }

    pub(super) async fn expect_warnings(mut self) -> Result<()> {
        let done = self.start().expect_warnings().await;
        self.finish(done)
    }

    pub(super) async fn refuse_warnings(mut self) -> Result<()> {
        let done = self.start().refuse_warnings().await;
        self.finish(done)
    }

    fn start(&mut self) -> &mut (dyn Session + '_) {
        self.state.busy = true;
        &mut *self.session
    }

    fn finish<R>(&mut self, done: Result<R>) -> Result<R> {
        self.state.busy = false;
        self.state.broken |= match &done {
            Err(Error::Connection { .. }) => true,
            // A prepared statement of PostgreSQL that a migration made wrong stays wrong for this connection.
            Err(Error::Query { message, .. }) => message.contains("cached plan must not change result type"),
            _ => false,
        };
        done
    }
}

async fn send_rows(
    session: &mut (dyn Session + '_),
    statement: Statement,
    mut collect: Box<dyn Collect>,
) -> Result<Answer> {
    match session.at_once(&statement, Some(&mut *collect)) {
        Some(rows) => rows.map(|rows| Answer { collect, rows }),
        None => session.rows(statement, collect).await,
    }
}

async fn send_change(session: &mut (dyn Session + '_), statement: Statement) -> Result<u64> {
    match session.at_once(&statement, None) {
        Some(changed) => changed,
        None => session.execute(statement).await,
    }
}
