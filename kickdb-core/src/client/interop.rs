//! sqlx and kickdb on the same connections: a transaction's for sqlx, and those that sqlx has for kickdb.

use std::any::Any;

use super::executor::{Executor, Source, sealed::Sealed};
use super::guest::Guest;
use super::{Db, DbBuilder, Transaction};
use crate::dialect::session::{self, Driven, Target};
use crate::dialect::{Dialect, by_name};
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

/// The engine of a driver that is compiled in.
fn engine<DB: Driven>() -> &'static dyn Dialect {
    by_name(DB::DIALECT).expect("every driver has its dialect")
}

fn lent_by<DB: Driven>(pool: sqlx::Pool<DB>) -> DbBuilder {
    let (lender, shown) = session::lender(pool);
    DbBuilder::lent(Target::of_a_lender(engine::<DB>(), shown), lender)
}

/// A pool of sqlx to PostgreSQL, for hooks and counters to be set up on it. Its limits and times are its own, and migrations are run
/// beside it: `max_connections`, `acquire_timeout`, `check_after` and `migrations` are errors when it connects.
///
/// ```no_run
/// use kickdb_core::client::DbBuilder;
///
/// # async fn run(pool: sqlx::PgPool) -> kickdb_core::Result<()> {
/// let db = DbBuilder::from(pool).measure().connect().await?;
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "postgres")]
impl From<sqlx::PgPool> for DbBuilder {
    fn from(pool: sqlx::PgPool) -> Self {
        lent_by(pool)
    }
}

/// A pool of sqlx to MySQL or MariaDB, for hooks and counters to be set up on it, as for one to PostgreSQL.
#[cfg(feature = "mysql")]
impl From<sqlx::MySqlPool> for DbBuilder {
    fn from(pool: sqlx::MySqlPool) -> Self {
        lent_by(pool)
    }
}

/// The same pool, for queries of kickdb: each takes a connection from it and gives it back, so that its limit, its options and
/// what is done after connecting hold. Closing one closes both.
///
/// ```no_run
/// use kickdb_core::client::Db;
///
/// # async fn run(pool: sqlx::PgPool) {
/// let db = Db::from(pool.clone());
/// # }
/// ```
#[cfg(feature = "postgres")]
impl From<sqlx::PgPool> for Db {
    fn from(pool: sqlx::PgPool) -> Self {
        DbBuilder::from(pool).unchecked()
    }
}

/// The same pool, for queries of kickdb, as for one to PostgreSQL. Its sessions have a strict `sql_mode`, as servers have by
/// themselves: else values that do not fit are cut.
#[cfg(feature = "mysql")]
impl From<sqlx::MySqlPool> for Db {
    fn from(pool: sqlx::MySqlPool) -> Self {
        DbBuilder::from(pool).unchecked()
    }
}

/// What sqlx has of a server is a connection, however it is held.
macro_rules! guests {
    ($($feature:literal, $engine:ty: $($held:ty),+;)+) => {$($(
        #[cfg(feature = $feature)]
        impl Sealed for &mut $held {}

        #[cfg(feature = $feature)]
        impl Executor for &mut $held {
            fn engine(&self) -> &'static dyn Dialect {
                engine::<$engine>()
            }

            fn source<'e>(self) -> Source<'e>
            where
                Self: 'e,
            {
                Source::Guest(Guest::new(session::lent::<$engine>(&mut *self), engine::<$engine>()))
            }
        }
    )+)+};
}

guests! {
    "postgres", sqlx::Postgres:
        sqlx::PgConnection, sqlx::pool::PoolConnection<sqlx::Postgres>, sqlx::Transaction<'_, sqlx::Postgres>;
    "mysql", sqlx::MySql:
        sqlx::MySqlConnection, sqlx::pool::PoolConnection<sqlx::MySql>, sqlx::Transaction<'_, sqlx::MySql>;
}
