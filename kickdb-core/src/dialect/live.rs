//! One open connection, whatever the engine: what the runner, drift, introspection and seeds need of a database.
//!
//! Queries of an application go through a pool and typed rows instead; here every value is text, because what is read is
//! catalogs and bookkeeping.

use futures_core::future::BoxFuture;

use super::{Dialect, ServerVersion, by_url};
use crate::error::{Error, Result};

mod catalog;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
mod driver;
#[cfg(feature = "mysql")]
#[path = "mysql/live.rs"]
pub(super) mod mysql;
mod phrases;
#[cfg(feature = "postgres")]
#[path = "postgres/live.rs"]
pub(super) mod postgres;
mod rights;
#[cfg(feature = "sqlite")]
#[path = "sqlite/live.rs"]
pub(super) mod sqlite;
mod url;

pub(crate) use self::catalog::catalog_by;
pub use self::catalog::{catalog, catalog_within, told, told_within, unread, usual};
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use self::driver::{refused, rejected, through_sqlx, values};
pub use self::phrases::{Culprits, ForeignKeys, Limits, Phrases, Rebuild, RebuildStep, Refusal, SessionLock, Snapshot};
pub use self::rights::{Rights, rights};
use self::url::failed;
pub(super) use self::url::unknown;
pub use self::url::{in_database, redact};

/// One row, each value as text.
pub type Row = Vec<Option<String>>;

/// A value bound to a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// NULL, of type text.
    Null,
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

/// One open connection.
pub trait Connection: Send {
    /// The engine.
    fn dialect(&self) -> &'static dyn Dialect;

    /// The URL without its password.
    fn target(&self) -> &str;

    /// Runs one statement without bound values, by the protocol that accepts every kind of statement, and gives the number
    /// of rows that it changed.
    ///
    /// Where the future is dropped before its end, the server may still be running the statement.
    fn execute<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<u64>>;

    /// Runs one statement with bound values and gives the number of rows that it changed.
    fn change<'a>(&'a mut self, sql: &'a str, args: &'a [Arg]) -> BoxFuture<'a, Result<u64>>;

    /// Runs one query with bound values and gives its rows. The SQL casts each column to text.
    fn query<'a>(&'a mut self, sql: &'a str, args: &'a [Arg]) -> BoxFuture<'a, Result<Vec<Row>>>;

    /// Runs a query whose columns the engine chooses (`SHOW …`): whatever they are, they come as text.
    fn show<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<Vec<Row>>> {
        self.query(sql, &[])
    }

    /// How this engine says what the runner needs.
    fn phrases(&self) -> &'static Phrases;

    /// Clears away what a broken-off attempt of a statement that [stands alone](Phrases::stands_alone) has left behind.
    /// `true` where the database looks as it does once the statement is done.
    fn clear_way<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<bool>> {
        let _ = sql;
        Box::pin(async { Ok(false) })
    }

    /// Which rows the statement could not take that just failed with this message, in words, where the engine does not say it
    /// by itself and can still be asked.
    fn misfits<'a>(&'a mut self, sql: &'a str, message: &'a str) -> BoxFuture<'a, Option<String>> {
        let _ = (sql, message);
        Box::pin(async { None })
    }

    /// Stops a statement whose future was dropped before its end, where the connection itself can: a server is asked over another
    /// connection ([`SessionLock::interrupt`]).
    fn interrupt(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    /// Opens a second connection to the same database; `None` where there can be no second one (a database in memory).
    fn another(&self) -> BoxFuture<'static, Result<Option<Box<dyn Connection>>>>;

    /// Says goodbye to the server and closes.
    fn close(self: Box<Self>) -> BoxFuture<'static, Result<()>>;
}

type Open = fn(String, &'static dyn Dialect) -> BoxFuture<'static, Result<Box<dyn Connection>>>;

/// Where a database that nobody else uses can be made.
#[derive(Debug)]
pub enum Scratch {
    /// In memory, by this URL.
    Memory(&'static str),
    /// On the server.
    Server {
        /// A query for the statement that makes the database `$1`, which is in all respects like the connected one.
        create: &'static str,
        /// The statement that drops the database `{}`.
        drop: &'static str,
        /// A number for the session, as the last part of the name that its database gets.
        session: &'static str,
        /// A query by which the session shows that it is there as long as it is, for the database `$1`.
        hold: Option<&'static str>,
        /// The databases of sessions that are gone.
        left: &'static str,
    },
}

/// The drivers that are compiled in, by the name of their dialect.
const DRIVERS: &[(&str, Open, &Scratch)] = &[
    #[cfg(feature = "postgres")]
    ("postgres", postgres::open, &postgres::SCRATCH),
    #[cfg(feature = "sqlite")]
    ("sqlite", sqlite::open, &sqlite::SCRATCH),
    #[cfg(feature = "mysql")]
    ("mysql", mysql::open, &mysql::SCRATCH),
];

/// Where a scratch database of an engine is made; `None` where this build has no driver for it.
#[must_use]
pub fn scratch(dialect: &dyn Dialect) -> Option<&'static Scratch> {
    let mut drivers = DRIVERS.iter();
    let driver = drivers.find(|(driver, ..)| *driver == dialect.id().as_str());
    driver.map(|(.., scratch)| *scratch)
}

/// Opens a connection to the database that a URL names.
///
/// A SQLite file is created where it is missing.
///
/// # Errors
///
/// [`Error::Connection`]: the scheme is not known, the engine is not compiled in, or the server or file cannot be reached.
pub async fn connect(url: &str) -> Result<Box<dyn Connection>> {
    let dialect = by_url(url).ok_or_else(|| unknown(url))?;
    let name = dialect.id().as_str();
    match DRIVERS.iter().find(|(driver, ..)| *driver == name) {
        Some((_, open, _)) => open(url.to_owned(), dialect).await,
        None => Err(failed(
            url,
            format!(
                "this build cannot connect to {}; enable the feature `{name}` of kickdb, where this version has a driver for it",
                dialect.title()
            ),
        )),
    }
}

/// Whether a URL names a file that is not there yet: connecting would make it.
#[must_use]
pub fn is_new_file(url: &str) -> bool {
    #[cfg(feature = "sqlite")]
    return sqlite::is_new_file(url);
    #[cfg(not(feature = "sqlite"))]
    {
        let _ = url;
        false
    }
}

/// The version of the connected server.
///
/// # Errors
///
/// When the query fails, or what it gives does not start with a number.
pub async fn version(connection: &mut dyn Connection) -> Result<ServerVersion> {
    let sql = connection.phrases().version;
    let rows = connection.query(sql, &[]).await?;
    let text = rows.into_iter().flatten().flatten().next().unwrap_or_default();
    ServerVersion::parse(&text).ok_or_else(|| Error::Query {
        message: format!("the server says `{text}` about its version"),
        sql: sql.to_owned(),
        source: None,
    })
}

/// About how many rows a table of the connected database has; `None` where there is no such table.
///
/// # Errors
///
/// When the query fails.
pub async fn rows(connection: &mut dyn Connection, schema: Option<&str>, name: &str) -> Result<Option<u64>> {
    let (sql, args) = (connection.phrases().rows)(schema, name);
    let rows = connection.query(&sql, &args).await?;
    Ok(rows
        .into_iter()
        .flatten()
        .flatten()
        .next()
        .and_then(|number| number.parse().ok()))
}

/// The code of the server's error at the bottom of an error: an SQLSTATE, SQLite's extended result code, or MySQL's error
/// number, since there one SQLSTATE stands for many errors.
#[must_use]
pub fn server_code(error: &Error) -> Option<String> {
    let source = std::error::Error::source(error)?;
    let sqlx::Error::Database(server) = source.downcast_ref::<sqlx::Error>()? else {
        return None;
    };
    #[cfg(feature = "mysql")]
    if let Some(error) = server.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return Some(error.number().to_string());
    }
    server.code().map(std::borrow::Cow::into_owned)
}

/// Whether a connection failed because the server has no database of that name: PostgreSQL's SQLSTATE, MySQL's number.
pub(crate) fn is_missing_database(error: &Error) -> bool {
    server_code(error).is_some_and(|code| code == "3D000" || code == "1049")
}

/// What is behind an error of a connection.
#[must_use]
pub fn refusal(connection: &dyn Connection, error: &Error) -> Refusal {
    server_code(error).map_or(Refusal::Other, |code| (connection.phrases().refusal)(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_survives() {
        for (url, shown) in [
            ("postgres://u:p@h:5432/d", "postgres://u:***@h:5432/d"),
            ("postgres://u@h/d", "postgres://u@h/d"),
            ("postgres://u:p@ss:w/rd#1@h/d", "postgres://u:***@h/d"),
            ("postgres://u:p?q@h/d", "postgres://u:***@h/d"),
            ("postgres://h/d?user=u&password=p", "postgres://h/d?user=u&password=***"),
            (
                "postgres://u:p@h/d?sslmode=require",
                "postgres://u:***@h/d?sslmode=require",
            ),
            ("sqlite::memory:", "sqlite::memory:"),
        ] {
            assert_eq!(redact(url), shown, "{url}");
        }
    }

    #[tokio::test]
    async fn an_unknown_scheme_lists_the_known_ones() {
        let error = connect("oracle://u:secret@h/d").await.err().expect("no such engine");
        assert_eq!(error.code(), "connection");
        assert!(error.to_string().contains("oracle://u:***@h/d"), "{error}");
    }
}
