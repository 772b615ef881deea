//! PostgreSQL behind a pooler, such as pgbouncer in transaction mode: each transaction may get another session of the server,
//! and an application gets it afterwards.
//!
//! So nothing may be left set on a session, no lock may be held by one, and what takes two messages (a statement with bound
//! values is parsed and then run) has to be one transaction.

use futures_core::future::BoxFuture;

use super::{Arg, Connection, PHRASES, Phrases, Postgres, Row, clear, limits, open};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::lex::{Lexis, first_words};

pub(super) struct Pooled {
    inner: Postgres,
    /// Whether a transaction of the user's is open.
    open: bool,
    /// Whether one of its own was left open, because nobody waited for its end.
    stray: bool,
}

impl Pooled {
    pub(super) fn new(inner: Postgres) -> Self {
        Self {
            inner,
            open: false,
            stray: false,
        }
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
            }
            self.inner.execute(sql).await
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
