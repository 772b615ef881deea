//! Running migrations in a transaction together with their record.

use std::time::{Duration, Instant};

use super::lock::Lock;
use super::observe::{Event, Observers};
use super::options::Options;
use super::policy::Direction;
use super::rebuild::Kept;
use super::script::{Planned, Statement};
use super::tracking::{Tracking, finish};
use crate::dialect::live::{Arg, Connection, ForeignKeys, Limits, Refusal, Row, refusal, server_code};
use crate::error::{Error, MigrationFailed, Result};
use crate::lint::{TableLock, locks};

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// A connection at work under the lock.
pub(super) struct Session<'a> {
    pub(super) connection: &'a mut dyn Connection,
    pub(super) tracking: &'a Tracking,
    pub(super) lock: &'a Lock,
    pub(super) options: &'a Options,
    pub(super) observers: &'a mut Observers,
    /// What the next run must undo first where this one is dropped in the middle.
    pub(super) open: &'a mut Open,
}

/// What is set on the connection at this moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Open {
    pub(super) transaction: bool,
    pub(super) foreign_keys_off: bool,
    pub(super) limits: bool,
}

/// How far a run has come, for the events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    pub(super) number: usize,
    pub(super) of: usize,
}

/// Why an attempt ended.
pub(super) struct Ended {
    pub(super) error: Error,
    /// A lock could not be had in time: another attempt may succeed.
    busy: bool,
    /// The server itself said no, so that nothing of the statement was done.
    pub(super) refused: bool,
}

impl Ended {
    /// By an error of the connection.
    pub(super) fn by(connection: &dyn Connection, error: Error) -> Self {
        Self {
            busy: refusal(connection, &error) == Refusal::Busy,
            refused: server_code(&error).is_some(),
            error,
        }
    }
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self {
            error,
            busy: false,
            refused: false,
        }
    }
}

pub(super) type Attempt<T> = Result<T, Ended>;

/// How often, and after which pause, something is tried again that could not get a lock in time.
pub(super) struct Patience {
    retries: u32,
    pause: Duration,
}

impl Patience {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            retries: options.lock_retries,
            pause: Duration::from_millis(250),
        }
    }
}

impl Session<'_> {
    /// Runs migrations that belong into one transaction, and records them in it.
    pub(super) async fn together(&mut self, group: &[Planned], batch: i64, first: Count) -> Result<Vec<Duration>> {
        let mut patience = Patience::new(self.options);
        loop {
            match self.attempt(group, batch, first).await {
                Ok(took) => return Ok(took),
                Err(ended) => self.wait(&group[0].id, ended, ROLLED_BACK, &mut patience).await?,
            }
        }
    }

    /// Waits until another attempt may succeed; fails where none may.
    pub(super) async fn wait(
        &mut self,
        id: &str,
        mut ended: Ended,
        state: &str,
        patience: &mut Patience,
    ) -> Result<()> {
        if ended.busy
            && let Error::MigrationFailed(failed) = &mut ended.error
            && let Some(holders) = self.holders(&failed.sql).await
        {
            failed.message = format!("{}; in the way: {holders}", failed.message);
        }
        if !ended.busy || patience.retries == 0 {
            return Err(ended.error);
        }
        let pause = patience.pause;
        patience.retries -= 1;
        patience.pause = (pause * 2).min(LONGEST_PAUSE);
        let reason = match &ended.error {
            Error::MigrationFailed(failed) => failed.message.clone(),
            other => other.to_string(),
        };
        self.observers.tell(&Event::Retrying {
            id,
            reason: &reason,
            pause,
        });
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            () = self.options.cancel.cancelled() => Err(cancelled(id, state)),
            lost = self.lock.lost() => Err(lost),
        }
    }

    /// Who has the tables that a statement could not get. Whatever goes wrong here says nothing: the statement has failed already.
    async fn holders(&mut self, sql: &str) -> Option<String> {
        let asked = self.tracking.phrases().holders?;
        let mut found = Vec::new();
        for TableLock { table, .. } in locks(sql, self.connection.dialect()) {
            let schema = table.schema.as_deref().map_or(Arg::Null, Arg::from);
            let rows = self
                .connection
                .query(asked, &[schema, table.name.as_str().into()])
                .await;
            for holder in rows.ok()?.into_iter().flatten().flatten() {
                if !found.contains(&holder) {
                    found.push(holder);
                }
            }
        }
        (!found.is_empty()).then(|| found.join(", "))
    }

    async fn attempt(&mut self, group: &[Planned], batch: i64, first: Count) -> Attempt<Vec<Duration>> {
        let keys = match group.iter().any(|one| one.foreign_keys_off) {
            true => self.foreign_keys_off().await?,
            false => None,
        };
        let outcome = self.transaction(group, batch, first, keys).await;
        let restored = match keys {
            Some(keys) => self.foreign_keys_on(keys).await,
            None => Ok(()),
        };
        let took = outcome?;
        restored?;
        Ok(took)
    }

    /// Only outside of a transaction does this have an effect. `None` where they are off already, and stay so.
    async fn foreign_keys_off(&mut self) -> Result<Option<&'static ForeignKeys>> {
        let Some(keys) = &self.connection.phrases().foreign_keys else {
            return Ok(None);
        };
        let rows = self.connection.query(keys.are_on, &[]).await?;
        if rows.first().and_then(|row| row.first()).and_then(Option::as_deref) != Some("1") {
            return Ok(None);
        }
        self.open.foreign_keys_off = true;
        self.connection.execute(keys.off).await?;
        Ok(Some(keys))
    }

    async fn foreign_keys_on(&mut self, keys: &ForeignKeys) -> Result<()> {
        self.connection.execute(keys.on).await?;
        self.open.foreign_keys_off = false;
        Ok(())
    }

    async fn transaction(
        &mut self,
        group: &[Planned],
        batch: i64,
        first: Count,
        keys: Option<&ForeignKeys>,
    ) -> Attempt<Vec<Duration>> {
        self.open.transaction = true;
        if let Err(error) = self.connection.execute(self.tracking.phrases().begin).await {
            self.open.transaction = false;
            return Err(Ended::by(self.connection, error));
        }
        let outcome = self.inside(group, batch, first, keys).await;
        let outcome = finish(self.connection, outcome).await;
        self.open.transaction = false;
        let took = outcome?;
        for (one, took) in group.iter().zip(&took) {
            self.finished(one, *took);
        }
        Ok(took)
    }

    async fn inside(
        &mut self,
        group: &[Planned],
        batch: i64,
        first: Count,
        keys: Option<&ForeignKeys>,
    ) -> Attempt<Vec<Duration>> {
        let before = self.violations(keys).await?;
        self.limit(true).await?;
        let mut took = Vec::new();
        let mut kept = Kept::default();
        for (offset, one) in group.iter().enumerate() {
            let begun = Instant::now();
            self.started(one, first.number + offset, first.of);
            for (index, statement) in one.statements.iter().enumerate() {
                self.keep(index, statement, &mut kept).await?;
                self.statement(one, index, statement, ROLLED_BACK).await?;
                self.give_back((one, index), statement, &mut kept).await?;
            }
            self.try_out(one, &mut kept).await?;
            self.record(one, batch).await?;
            took.push(begun.elapsed());
        }
        if let Some(one) = group.last() {
            self.check_violations(one, keys, &before).await?;
        }
        match self.lock.fence(self.connection).await {
            Ok(()) => Ok(took),
            Err(error) => Err(Ended::by(self.connection, error)),
        }
    }

    pub(super) fn started(&mut self, one: &Planned, number: usize, of: usize) {
        self.observers.tell(&Event::Started {
            id: &one.id,
            direction: one.direction,
            number,
            of,
        });
    }

    pub(super) fn finished(&mut self, one: &Planned, took: Duration) {
        self.observers.tell(&Event::Finished {
            id: &one.id,
            direction: one.direction,
            took,
        });
    }

    pub(super) async fn record(&mut self, one: &Planned, batch: i64) -> Result<()> {
        match one.direction {
            Direction::Up => {
                self.tracking
                    .insert(self.connection, &one.id, &one.name, &one.hash, batch)
                    .await
            }
            Direction::Down => self.tracking.delete(self.connection, &one.id).await,
        }
    }

    pub(super) async fn limit(&mut self, local: bool) -> Result<()> {
        let limits = Limits {
            lock: self.options.lock_timeout,
            statement: self.options.statement_timeout,
            local,
        };
        self.open.limits |= !local;
        for sql in (self.tracking.phrases().limits)(&limits) {
            self.connection.execute(&sql).await?;
        }
        Ok(())
    }

    /// Runs one statement, unless the run is cancelled or the lock lost.
    pub(super) async fn statement(
        &mut self,
        one: &Planned,
        index: usize,
        statement: &Statement,
        state: &str,
    ) -> Attempt<()> {
        self.observers.tell(&Event::Statement {
            id: &one.id,
            number: index + 1,
            of: one.statements.len(),
            sql: &statement.sql,
        });
        // Only in a transaction there is a way back to just before the statement.
        let find = self.tracking.phrases().culprits.filter(|_| self.open.transaction);
        let culprits = find.and_then(|find| find(&statement.sql));
        if culprits.is_some() {
            self.connection.execute("SAVEPOINT kick_culprits").await?;
        }
        let error = tokio::select! {
            biased;
            () = self.options.cancel.cancelled() => {
                self.lock.interrupt().await;
                self.connection.interrupt().await;
                return Err(cancelled(&one.id, state).into());
            }
            lost = self.lock.lost() => {
                self.lock.interrupt().await;
                self.connection.interrupt().await;
                return Err(lost.into());
            }
            done = self.connection.execute(&statement.sql) => match done {
                Ok(_) => {
                    if culprits.is_some() {
                        self.connection.execute("RELEASE SAVEPOINT kick_culprits").await?;
                    }
                    return Ok(());
                }
                Err(error) => error,
            },
        };
        let mut rows = match culprits.filter(|_| is_about_rows(&error)) {
            Some(culprits) => self.culprits(&culprits).await,
            None => None,
        };
        let ended = Ended::by(self.connection, error);
        let (busy, refused) = (ended.busy, ended.refused);
        let mut message = said(ended.error);
        if rows.is_none() && refused && !busy {
            rows = self.connection.misfits(&statement.sql, &message).await;
        }
        if let Some(rows) = rows {
            message = format!("{message}; {rows}");
        }
        Err(Ended {
            error: failed(one, index, statement, &message, state),
            busy,
            refused,
        })
    }

    /// The rows that a statement failed for. Whatever goes wrong here says nothing: the statement has failed already.
    async fn culprits(&mut self, statements: &[String]) -> Option<String> {
        let (query, first) = statements.split_last()?;
        self.connection
            .execute("ROLLBACK TO SAVEPOINT kick_culprits")
            .await
            .ok()?;
        for sql in first {
            self.connection.execute(sql).await.ok()?;
        }
        let rows = self.connection.query(query, &[]).await.ok()?;
        rows.into_iter()
            .flatten()
            .flatten()
            .next()
            .filter(|rows| !rows.is_empty())
    }

    async fn violations(&mut self, keys: Option<&ForeignKeys>) -> Result<Vec<Row>> {
        match keys {
            Some(keys) => self.connection.query(keys.violations, &[]).await,
            None => Ok(Vec::new()),
        }
    }

    /// Rows that pointed to nothing before are not this migration's doing.
    async fn check_violations(&mut self, one: &Planned, keys: Option<&ForeignKeys>, before: &[Row]) -> Result<()> {
        let after = self.violations(keys).await?;
        let Some(message) = orphans(before, &after) else {
            return Ok(());
        };
        let none = Statement {
            sql: String::new(),
            line: 1,
        };
        let index = one.statements.len().saturating_sub(1);
        let statement = one.statements.last().unwrap_or(&none);
        Err(failed(one, index, statement, &message, ROLLED_BACK))
    }
}

pub(super) const ROLLED_BACK: &str = "the migration was rolled back; nothing of it is left";

pub(super) fn failed(one: &Planned, index: usize, statement: &Statement, message: &str, state: &str) -> Error {
    let file = one.direction.file();
    let mut failed = MigrationFailed::new(&one.id, file, index + 1, statement.line, &statement.sql, message);
    failed.state = state.to_owned();
    Error::MigrationFailed(Box::new(failed))
}

/// Whether it is the rows that stand in the way: a data exception, or a broken constraint, by the classes of SQLSTATE.
fn is_about_rows(error: &Error) -> bool {
    server_code(error).is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
}

/// The server's own words.
pub(super) fn said(error: Error) -> String {
    match error {
        Error::Query { message, .. } => message,
        other => other.to_string(),
    }
}

fn cancelled(id: &str, state: &str) -> Error {
    Error::Cancelled {
        what: format!("migration `{id}`"),
        state: state.to_owned(),
    }
}

/// Names the tables whose rows point to nothing now and did not before.
fn orphans(before: &[Row], after: &[Row]) -> Option<String> {
    let count = |rows: &[Row]| {
        let mut counts = std::collections::BTreeMap::<(String, String), usize>::new();
        for row in rows {
            let mut cells = row.iter().map(|cell| cell.clone().unwrap_or_default());
            let (table, parent) = (cells.next().unwrap_or_default(), cells.nth(1).unwrap_or_default());
            *counts.entry((table, parent)).or_default() += 1;
        }
        counts
    };
    let (before, after) = (count(before), count(after));
    let new: Vec<String> = after
        .into_iter()
        .filter_map(|(pair, rows)| {
            let more = rows.saturating_sub(before.get(&pair).copied().unwrap_or_default());
            (more > 0).then(|| format!("{more} rows of `{}` would point to no row of `{}`", pair.0, pair.1))
        })
        .collect();
    (!new.is_empty()).then(|| new.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(table: &str, id: &str, parent: &str) -> Row {
        [table, id, parent].map(|cell| Some(cell.to_owned())).to_vec()
    }

    #[test]
    fn only_new_orphans_count() {
        let old = row("notes", "1", "tasks");
        assert_eq!(orphans(std::slice::from_ref(&old), std::slice::from_ref(&old)), None);
        let message = orphans(std::slice::from_ref(&old), &[old.clone(), row("notes", "2", "tasks")]);
        assert_eq!(
            message.as_deref(),
            Some("1 rows of `notes` would point to no row of `tasks`")
        );
        assert_eq!(orphans(&[old], &[]), None);
    }
}
