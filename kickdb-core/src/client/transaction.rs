use std::fmt;

use super::Pooled;
use super::route::Wrote;
use crate::dialect::Dialect;
use crate::error::Result;

/// An open transaction. Dropped without [`commit`](Transaction::commit), it is rolled back.
///
/// Given to queries as `&mut *tx`.
pub struct Transaction {
    connection: Pooled,
    /// How deep the savepoint is in whose scope we are; the connection may be deeper where one was abandoned.
    level: u32,
    /// Who is told that something was written.
    wrote: Option<Wrote>,
}

impl Transaction {
    pub(super) async fn begin(
        mut connection: Pooled,
        begin: &str,
        read_only: bool,
        wrote: Option<Wrote>,
    ) -> Result<Self> {
        // Counted before it is sent: where this future is dropped in between, the connection must not be used again.
        connection.state.depth = 1;
        connection.state.read_only = read_only;
        match connection.control(begin).await {
            Ok(()) => {
                connection.began();
                Ok(Self {
                    connection,
                    level: 1,
                    wrote,
                })
            }
            Err(error) => {
                connection.state.depth = 0;
                // What was said for this one transaction may hold for the next one.
                connection.state.broken |= read_only;
                Err(error)
            }
        }
    }

    pub(super) fn dialect(&self) -> &'static dyn Dialect {
        self.connection.dialect()
    }

    /// Keeps what was done.
    ///
    /// # Errors
    ///
    /// When the server refuses, as it does for a deferred constraint that is broken. Nothing was kept then.
    pub async fn commit(mut self) -> Result<()> {
        let done = self.settled().await?.control("COMMIT").await;
        if let Some(wrote) = &self.wrote {
            wrote.note();
        }
        done?;
        self.connection.ended(true).await
    }

    /// Undoes what was done.
    ///
    /// # Errors
    ///
    /// When the connection is broken; the server then undoes it by itself.
    pub async fn rollback(mut self) -> Result<()> {
        self.connection.control("ROLLBACK").await?;
        self.connection.ended(false).await
    }

    /// Runs `work` so that it can fail alone: where it gives `Err`, what it did is undone, and the transaction goes on.
    ///
    /// # Errors
    ///
    /// What `work` gives, or what the savepoint itself gives.
    pub async fn savepoint<R>(&mut self, work: impl AsyncFnOnce(&mut Transaction) -> Result<R>) -> Result<R> {
        let level = self.level + 1;
        let name = savepoint_name(level);
        let connection = self.settled().await?;
        connection.state.depth = level;
        connection.control(&format!("SAVEPOINT {name}")).await?;
        let inner = Inner::enter(self, level);
        let done = work(&mut *inner.transaction).await;
        // Leaving puts the level back; a savepoint that is still open is then undone by the next statement.
        drop(inner);
        match done {
            Ok(done) => {
                self.connection.control(&format!("RELEASE SAVEPOINT {name}")).await?;
                self.connection.state.depth = self.level;
                Ok(done)
            }
            Err(error) => {
                self.settled().await?;
                Err(error)
            }
        }
    }

    /// The connection, after savepoints that were abandoned have been undone.
    pub(super) async fn settled(&mut self) -> Result<&mut Pooled> {
        if self.connection.state.depth > self.level {
            let name = savepoint_name(self.level + 1);
            self.connection
                .control(&format!("ROLLBACK TO SAVEPOINT {name}"))
                .await?;
            self.connection.control(&format!("RELEASE SAVEPOINT {name}")).await?;
            self.connection.state.depth = self.level;
        }
        Ok(&mut self.connection)
    }
}

fn savepoint_name(level: u32) -> String {
    format!("kickdb_{level}")
}

/// Being inside of a savepoint; dropping it, also in a panic or with an abandoned future, leaves.
struct Inner<'t> {
    transaction: &'t mut Transaction,
}

impl<'t> Inner<'t> {
    fn enter(transaction: &'t mut Transaction, level: u32) -> Self {
        transaction.level = level;
        Self { transaction }
    }
}

impl Drop for Inner<'_> {
    fn drop(&mut self) {
        self.transaction.level -= 1;
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}
