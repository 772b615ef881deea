//! The connection of a transaction for sqlx.

use std::any::Any;

use super::Transaction;
use crate::error::{Error, Result};

impl Transaction {
    /// The connection, for what is to be sent through sqlx. It is kept or undone together with the rest of the transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where the engine is not PostgreSQL.
    #[cfg(feature = "postgres")]
    pub async fn postgres(&mut self) -> Result<&mut sqlx::PgConnection> {
        self.driver("PostgreSQL").await
    }

    /// The connection, for what is to be sent through sqlx. It is kept or undone together with the rest of the transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where the engine is neither MySQL nor MariaDB.
    #[cfg(feature = "mysql")]
    pub async fn mysql(&mut self) -> Result<&mut sqlx::MySqlConnection> {
        self.driver("MySQL").await
    }

    async fn driver<C: Any>(&mut self, of: &str) -> Result<&mut C> {
        let dialect = self.dialect().id().as_str();
        let driver = self.settled().await?.driver();
        driver
            .and_then(|driver| driver.downcast_mut())
            .ok_or_else(|| Error::Unsupported {
                feature: format!("a connection of sqlx to {of}"),
                dialect,
                hint: "ask `db.dialect()` first; SQLite is not driven by sqlx, so its transactions have none"
                    .to_owned(),
            })
    }
}
