//! One open connection, whatever the engine: what the runner, drift, introspection and seeds need of a database.
//!
//! Queries of an application go through a pool and typed rows instead; here every value is text, because what is read is
//! catalogs and bookkeeping.

use futures_core::future::BoxFuture;

use super::{Dialect, by_url};
use crate::error::{Error, Result};
use crate::ir::Schema;

#[cfg(feature = "postgres")]
#[path = "postgres/live.rs"]
mod postgres;
#[cfg(feature = "sqlite")]
#[path = "sqlite/live.rs"]
mod sqlite;

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

    /// Opens a second connection to the same database; `None` where there can be no second one (a database in memory).
    fn another(&self) -> BoxFuture<'static, Result<Option<Box<dyn Connection>>>>;

    /// Says goodbye to the server and closes.
    fn close(self: Box<Self>) -> BoxFuture<'static, Result<()>>;
}

type Open = fn(String, &'static dyn Dialect) -> BoxFuture<'static, Result<Box<dyn Connection>>>;

/// The drivers that are compiled in, by the name of their dialect.
const DRIVERS: &[(&str, Open)] = &[
    #[cfg(feature = "postgres")]
    ("postgres", postgres::open),
    #[cfg(feature = "sqlite")]
    ("sqlite", sqlite::open),
];

/// Opens a connection to the database that a URL names.
///
/// A SQLite file is created where it is missing.
///
/// # Errors
///
/// [`Error::Connection`]: the scheme is not known, the engine is not compiled in, or the server or file cannot be reached.
pub async fn connect(url: &str) -> Result<Box<dyn Connection>> {
    let dialect = by_url(url).ok_or_else(|| failed(url, unknown_scheme(url)))?;
    let name = dialect.id().as_str();
    match DRIVERS.iter().find(|(driver, _)| *driver == name) {
        Some((_, open)) => open(url.to_owned(), dialect).await,
        None => Err(failed(
            url,
            format!(
                "support for {} is not compiled in; enable the feature `{name}` of kickdb",
                dialect.title()
            ),
        )),
    }
}

/// Reads the schema of the connected database, in normal form.
///
/// # Errors
///
/// When a query fails, or its answer is not what the dialect expects.
pub async fn catalog(connection: &mut dyn Connection) -> Result<Schema> {
    let dialect = connection.dialect();
    let mut answers = Vec::new();
    for sql in dialect.catalog_queries() {
        let rows = connection.query(sql, &[]).await?;
        let answer = rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten();
        answers.push(answer.unwrap_or_default());
    }
    dialect.read_catalog(&answers).map_err(|error| Error::Query {
        message: error.to_string(),
        sql: "the catalog of the database".to_owned(),
        source: Some(Box::new(error)),
    })
}

/// A database URL without its password.
///
/// ```
/// use kickdb_core::dialect::live::redact;
///
/// assert_eq!(redact("postgres://ada:secret@db.example/app"), "postgres://ada:***@db.example/app");
/// assert_eq!(redact("sqlite://app.db"), "sqlite://app.db");
/// ```
#[must_use]
pub fn redact(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return redact_query(url);
    };
    // A password may hold any character when it was pasted without escapes, so the last `@` before a query ends it.
    let (place, query) = match rest.split_once('?') {
        Some((place, query)) if !query.contains('@') => (place, Some(query)),
        _ => (rest, None),
    };
    let place = match place.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}:***@{host}"),
            None => format!("{user}@{host}"),
        },
        None => place.to_owned(),
    };
    match query {
        Some(query) => redact_query(&format!("{scheme}://{place}?{query}")),
        None => redact_query(&format!("{scheme}://{place}")),
    }
}

/// Hides the values of parameters that are called after a password.
fn redact_query(url: &str) -> String {
    let Some((place, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let shown: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if key.to_ascii_lowercase().contains("pass") => format!("{key}=***"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{place}?{}", shown.join("&"))
}

fn unknown_scheme(url: &str) -> String {
    let known: Vec<String> = super::ALL
        .iter()
        .filter_map(|dialect| dialect.url_schemes().first())
        .map(|scheme| format!("`{scheme}:`"))
        .collect();
    let given = match url.split_once(':') {
        Some((scheme, _)) => format!("`{scheme}:` is no engine that kickdb knows"),
        None => "this is not a database URL".to_owned(),
    };
    format!("{given}; a URL starts with one of {}", known.join(", "))
}

fn failed(url: &str, message: impl Into<String>) -> Error {
    Error::Connection {
        target: redact(url),
        message: message.into(),
        source: None,
    }
}

/// What is wrong with a connection, from the driver's error; `known` words the codes that an engine's driver explains.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
fn refused(url: &str, error: sqlx::Error, known: impl FnOnce(&str, &str) -> Option<String>) -> Error {
    let message = match &error {
        sqlx::Error::Database(server) => known(server.code().as_deref().unwrap_or_default(), server.message())
            .unwrap_or_else(|| server.message().to_owned()),
        sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::ConnectionRefused => {
            "nothing listens there; is the server running, and are host and port right?".to_owned()
        }
        sqlx::Error::Io(io) => io.to_string(),
        other => other.to_string(),
    };
    Error::Connection {
        target: redact(url),
        message,
        source: Some(Box::new(error)),
    }
}

/// What is wrong with a statement, from the driver's error.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
fn rejected(target: &str, sql: &str, error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(server) => Error::Query {
            message: server.message().to_owned(),
            sql: sql.to_owned(),
            source: Some(Box::new(sqlx::Error::Database(server))),
        },
        other => Error::Connection {
            target: target.to_owned(),
            message: format!("the connection broke while a statement ran: {other}"),
            source: Some(Box::new(other)),
        },
    }
}

/// The values of one row.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
fn values<R>(row: &R) -> Result<Row>
where
    R: sqlx::Row,
    usize: sqlx::ColumnIndex<R>,
    for<'r> String: sqlx::Decode<'r, R::Database>,
{
    (0..row.len())
        .map(|index| {
            row.try_get_unchecked::<Option<String>, usize>(index)
                .map_err(|error| Error::Decode {
                    column: (index + 1).to_string(),
                    wanted: "text",
                    message: error.to_string(),
                })
        })
        .collect()
}

/// The code of the server's error at the bottom of an error: an SQLSTATE, or SQLite's extended result code.
#[must_use]
pub fn server_code(error: &Error) -> Option<String> {
    let source = std::error::Error::source(error)?;
    let sqlx::Error::Database(server) = source.downcast_ref::<sqlx::Error>()? else {
        return None;
    };
    server.code().map(std::borrow::Cow::into_owned)
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
