//! PostgreSQL behind a pooler, such as pgbouncer in transaction mode: each transaction may get another session of the server,
//! and an application gets it afterwards.
//!
//! So nothing may be left set on a session, no lock may be held by one, and what takes two messages (a statement with bound
//! values is parsed and then run) has to be one transaction.

use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use futures_core::future::BoxFuture;
use sqlx::{AssertSqlSafe, Connection as _};

use super::{Arg, Connection, PHRASES, Phrases, Postgres, Row, clear, limits, login, open, rejected, words};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::lex::{Lexis, first_words};

pub(super) struct Pooled {
    inner: Postgres,
    /// Whether a transaction of the user's is open.
    open: bool,
    /// Whether one of its own was left open, because nobody waited for its end.
    stray: bool,
    /// A comment before each statement, unlike anybody else's: what a statement runs on is known by it alone.
    mark: String,
}

/// So long, and so often, a statement to be stopped is looked for: it may be on its way to the server.
const LOOKS: u32 = 3;
const BETWEEN: Duration = Duration::from_millis(100);

/// How long that may take in all. The pooler gives no session where all are in use.
const AT_MOST: Duration = Duration::from_secs(5);

impl Pooled {
    pub(super) fn new(inner: Postgres) -> Self {
        Self {
            inner,
            open: false,
            stray: false,
            // The standard library's hasher is seeded at random.
            mark: format!(
                "/* kickdb {:016x} */ ",
                std::collections::hash_map::RandomState::new().build_hasher().finish()
            ),
        }
    }

    /// Runs a statement behind the mark, which no error message shows.
    async fn marked(&mut self, sql: &str) -> Result<u64> {
        let inner = &mut self.inner;
        let marked = format!("{}{sql}", self.mark);
        let done = sqlx::raw_sql(AssertSqlSafe(marked)).execute(&mut inner.inner).await;
        done.map(|done| done.rows_affected())
            .map_err(|error| rejected(&inner.target, sql, error, |server| words::told(inner, server, sql)))
    }

    /// Has the server stop whatever it runs behind the mark, on whichever session.
    async fn stop(url: &str, mark: &str) -> Result<()> {
        // The mark has nothing that a pattern or a literal means something by.
        let sql = format!(
            "SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity \
             WHERE state = 'active' AND starts_with(query, '{mark}')"
        );
        let mut other = login(url, false).await?;
        for _ in 0..LOOKS {
            let stopped = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).fetch_all(&mut other).await;
            if !stopped.is_ok_and(|sessions| sessions.is_empty()) {
                break;
            }
            tokio::time::sleep(BETWEEN).await;
        }
        // It has nothing more to say.
        let _ = other.close().await;
        Ok(())
    }

    async fn tidy(&mut self) -> Result<()> {
        if std::mem::take(&mut self.stray) {
            self.inner.execute("ROLLBACK").await?;
        }
        Ok(())
    }

    async fn begin(&mut self) -> Result<()> {
        self.tidy().await?;
        self.stray = true;
        self.inner.execute("BEGIN").await.map(drop)
    }

    async fn end<T>(&mut self, outcome: Result<T>) -> Result<T> {
        let ended = self
            .inner
            .execute(if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" })
            .await;
        self.stray = false;
        let outcome = outcome?;
        ended?;
        Ok(outcome)
    }
}

/// What a statement does to the transaction: `true` opens one, `false` ends it.
fn turns(sql: &str) -> Option<bool> {
    let words = first_words(sql, Lexis::POSTGRES, 2);
    let mut words = words.iter().map(String::as_str);
    match (words.next()?, words.next()) {
        ("BEGIN" | "START", _) => Some(true),
        ("ROLLBACK", Some("TO")) => None,
        ("COMMIT" | "END" | "ROLLBACK" | "ABORT", _) => Some(false),
        _ => None,
    }
}

impl Connection for Pooled {
    fn dialect(&self) -> &'static dyn Dialect {
        self.inner.dialect()
    }

    fn target(&self) -> &str {
        self.inner.target()
    }

    fn execute<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            self.tidy().await?;
            if let Some(open) = turns(sql) {
                self.open = open;
                return self.inner.execute(sql).await;
            }
            self.marked(sql).await
        })
    }

    fn change<'a>(&'a mut self, sql: &'a str, args: &'a [Arg]) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            if self.open {
                return self.inner.change(sql, args).await;
            }
            self.begin().await?;
            let outcome = self.inner.change(sql, args).await;
            self.end(outcome).await
        })
    }

    fn query<'a>(&'a mut self, sql: &'a str, args: &'a [Arg]) -> BoxFuture<'a, Result<Vec<Row>>> {
        Box::pin(async move {
            if self.open {
                return self.inner.query(sql, args).await;
            }
            self.begin().await?;
            let outcome = self.inner.query(sql, args).await;
            self.end(outcome).await
        })
    }

    fn phrases(&self) -> &'static Phrases {
        &POOLED
    }

    fn clear_way<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<bool>> {
        // Nothing was limited, so there is nothing to take back.
        Box::pin(clear(self, sql))
    }

    fn interrupt(&mut self) -> BoxFuture<'_, ()> {
        // Where it cannot be stopped, it ends by itself, at the latest when it has waited for its lock for as long as it may.
        Box::pin(async move { drop(tokio::time::timeout(AT_MOST, Self::stop(&self.inner.url, &self.mark)).await) })
    }

    fn another(&self) -> BoxFuture<'static, Result<Option<Box<dyn Connection>>>> {
        let opening = open(self.inner.url.clone(), self.inner.dialect);
        Box::pin(async move { opening.await.map(Some) })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, Result<()>> {
        Box::new(self.inner).close()
    }
}

/// A lease is all that there is: a session's lock would stay with the pooler.
const POOLED: Phrases = Phrases {
    session: None,
    // It would stay set on a session of somebody else's.
    one_schema: None,
    limits: |wanted| match wanted.local {
        true => limits(wanted),
        false => Vec::new(),
    },
    unlimited: &[],
    ..PHRASES
};

#[cfg(test)]
mod tests {
    use super::turns;

    #[test]
    fn only_what_turns_a_transaction_on_or_off_does() {
        assert_eq!(turns("BEGIN ISOLATION LEVEL READ COMMITTED"), Some(true));
        assert_eq!(turns("-- why\nstart transaction"), Some(true));
        assert_eq!(turns("COMMIT"), Some(false));
        assert_eq!(turns("ROLLBACK"), Some(false));
        assert_eq!(turns("ROLLBACK TO SAVEPOINT kick_culprits"), None);
        assert_eq!(turns("SELECT 1"), None);
    }
}
