//! One open connection, whatever the engine: what the runner, drift, introspection and seeds need of a database.
//!
//! Queries of an application go through a pool and typed rows instead; here every value is text, because what is read is
//! catalogs and bookkeeping.

use std::time::Duration;

use futures_core::future::BoxFuture;

use super::{Dialect, ServerVersion, by_url};
use crate::error::{Error, Result};

mod catalog;
#[cfg(feature = "mysql")]
#[path = "mysql/live.rs"]
pub(super) mod mysql;
#[cfg(feature = "postgres")]
#[path = "postgres/live.rs"]
pub(super) mod postgres;
#[cfg(feature = "sqlite")]
#[path = "sqlite/live.rs"]
pub(super) mod sqlite;

pub(crate) use self::catalog::catalog_by;
pub use self::catalog::{catalog, catalog_within, told, told_within, unread, usual};

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

/// How an engine says what the runner needs. Values are bound as `$1`, `$2`, … in the order of the arguments.
#[derive(Debug)]
pub struct Phrases {
    /// The tables of the bookkeeping, each safe to run again; `{p}` is the place where they are, with its dot.
    pub tables: &'static [&'static str],
    /// Gives one row: the schema of the bookkeeping (`$1` where it was asked for, NULL where there are none) and, as `1` or
    /// `0`, whether every table of the bookkeeping and whether `kick_migrations` is there. No row where the schema does not exist.
    pub place: &'static str,
    /// Opens a transaction that may write, and sees what others have committed.
    pub begin: &'static str,
    /// Now, by the database's clock, as the tracking tables keep it.
    pub now: &'static str,
    /// Now, by the database's clock, in milliseconds since 1970 as a whole number.
    pub millis: &'static str,
    /// The server's version.
    pub version: &'static str,
    /// The name of the type that a value is cast to in order to be read.
    pub text: &'static str,
    /// Bytes as text of hexadecimal digits in lower case; `{}` is the column.
    pub hex: &'static str,
    /// A point in time as ISO 8601 text in UTC; `{}` is the column.
    pub utc: &'static str,
    /// What is behind a code of the server's errors.
    pub refusal: fn(&str) -> Refusal,
    /// Whether a statement commits by itself, or cannot run in a transaction: then it and its record cannot be one.
    pub stands_alone: fn(&str) -> bool,
    /// Limits how long a statement may wait for a lock, and run.
    pub limits: fn(&Limits) -> Vec<String>,
    /// Takes the limits back.
    pub unlimited: &'static [&'static str],
    /// The lock of the server's session, where the engine has one.
    pub session: Option<SessionLock>,
    /// Foreign keys that can be switched off for a connection, where the engine needs that for a rebuild.
    pub foreign_keys: Option<ForeignKeys>,
    /// What a table that is made anew loses, where the engine alters tables that way.
    pub rebuild: Option<Rebuild>,
    /// Asks how many rows a table has, as one number: about, and without reading a big one. The arguments are its schema, where
    /// one is said, and its name, whatever their case. No row where there is no such table.
    pub rows: fn(Option<&str>, &str) -> (String, Vec<Arg>),
    /// Statements that make the first attempt to write fail at once when another connection writes, and undo that.
    pub impatient: Option<(&'static str, &'static str)>,
    /// How all catalog queries see one moment, where the engine can do that.
    pub snapshot: Option<Snapshot>,
    /// Statements that find the rows for which another statement fails, the last of them a query of their names; `None` for a
    /// statement that does not fail for rows. They run in the transaction of that one, and just before it.
    pub culprits: Option<Culprits>,
}

/// Statements that find the rows for which another statement fails.
pub type Culprits = fn(&str) -> Option<Vec<String>>;

/// How an engine lets several queries see one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// Opens a transaction that only reads, and always sees what it saw first.
    pub begin: &'static str,
    /// Asked last in that transaction: an empty text where nobody has written anything since it began, else the fingerprint
    /// of the catalog as the transaction sees it.
    pub changed: &'static str,
    /// The fingerprint of the catalog: a text that is another one once anybody has changed a schema.
    pub fingerprint: &'static str,
}

/// The lock that a server's session holds: it lives exactly as long as the session.
#[derive(Debug)]
pub struct SessionLock {
    /// Tries to take it: `1` or `0`. Never waits, because a waiting session counts as a running transaction, which a
    /// concurrent index build of the holder would wait for.
    pub try_take: &'static str,
    /// Gives it back.
    pub release: &'static str,
    /// Who holds it: the session's id, and what it is doing: `idle`, `waiting` (for its client, in the middle of a transaction) or
    /// anything else. No row where nobody does.
    pub holder: &'static str,
    /// The id of this session.
    pub id: &'static str,
    /// Stops the statement that the session `$1` is running.
    pub interrupt: &'static str,
    /// Ends the session `$1`, with the transaction that it has open.
    pub end: &'static str,
}

/// How foreign keys are switched off and looked after.
#[derive(Debug)]
pub struct ForeignKeys {
    /// Whether they are on: `1` or `0`.
    pub are_on: &'static str,
    /// Switches them off. Of no effect inside a transaction.
    pub off: &'static str,
    /// Switches them on.
    pub on: &'static str,
    /// The rows that point to nothing: table, row, table pointed to.
    pub violations: &'static str,
}

/// What hangs on a table and goes with it when it is made anew, although nobody said so.
#[derive(Debug)]
pub struct Rebuild {
    /// What a statement does to a table, as far as it matters here.
    pub step: fn(&str) -> Option<RebuildStep>,
    /// What hangs on the table `$1`: its name, and the statement that makes it again.
    pub hanging: &'static str,
    /// A statement that fails where something in the database names what is not there, between one that prepares for it
    /// and one that leaves nothing of it.
    pub trial: [&'static str; 3],
}

/// One step in making a table anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RebuildStep {
    /// A table of that name is made.
    Create(String),
    /// The table of that name goes.
    Drop(String),
    /// A table takes another name.
    Rename {
        /// The name before.
        from: String,
        /// The name after.
        to: String,
    },
    /// The engine is told not to look at what hangs on the tables that change from here on.
    Unchecked,
}

/// How long a statement of a migration may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long it may wait for a lock; `None` is for ever.
    pub lock: Option<Duration>,
    /// How long it may run; `None` is for ever.
    pub statement: Option<Duration>,
    /// Whether the limits end with the transaction.
    pub local: bool,
}

/// What is behind a server's error, as far as the runner does something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody else was in the way; the same may succeed later.
    Busy,
    /// The user may not do it, or what it needs is not installed.
    Forbidden,
    /// What was to be created is there already, or is being created by somebody else at this moment.
    Exists,
    /// The statement took longer than it may, or was stopped from outside.
    Stopped,
    /// Anything else.
    Other,
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

/// The URL of another database on the same server.
///
/// ```
/// use kickdb_core::dialect::live::in_database;
///
/// assert_eq!(in_database("postgres://ada@h:5432/app?sslmode=require", "other"), "postgres://ada@h:5432/other?sslmode=require");
/// assert_eq!(in_database("mysql://h", "other"), "mysql://h/other");
/// ```
#[must_use]
pub fn in_database(url: &str, name: &str) -> String {
    let (rest, query) = match url.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (url, None),
    };
    let start = rest.find("://").map_or(0, |at| at + "://".len());
    let end = rest[start..].rfind('/').map_or(rest.len(), |at| start + at);
    // The database may be named among the parameters as well.
    let kept = query.iter().flat_map(|query| query.split('&'));
    let kept = kept
        .filter(|pair| !pair.starts_with("dbname="))
        .collect::<Vec<_>>()
        .join("&");
    let mark = if kept.is_empty() { "" } else { "?" };
    format!("{}/{name}{mark}{kept}", &rest[..end])
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

/// The error of a URL whose scheme names no engine.
pub(super) fn unknown(url: &str) -> Error {
    failed(url, unknown_scheme(url))
}

fn failed(url: &str, message: impl Into<String>) -> Error {
    Error::Connection {
        target: redact(url),
        message: message.into(),
        source: None,
    }
}

/// What is wrong with a connection, from the driver's error; `known` words the codes that an engine's driver explains.
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
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

/// The methods of [`Connection`] that every driver of sqlx has alike: the engine's own file has the type with its fields
/// `dialect`, `target` and `inner`, and the items `bind`, `values` and `PHRASES`. An engine whose server's messages want more
/// words gives the function that finds them.
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
macro_rules! through_sqlx {
    () => {
        through_sqlx!(super::plain);
    };
    ($told:path) => {
        fn dialect(&self) -> &'static dyn Dialect {
            self.dialect
        }

        fn target(&self) -> &str {
            &self.target
        }

        fn execute<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<u64>> {
            Box::pin(async move {
                let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.inner).await;
                done.map(|done| done.rows_affected())
                    .map_err(|error| rejected(&self.target, sql, error, |server| $told(self, server, sql)))
            })
        }

        fn change<'a>(&'a mut self, sql: &'a str, args: &'a [Arg]) -> BoxFuture<'a, Result<u64>> {
            Box::pin(async move {
                let done = bind(sql, args).execute(&mut self.inner).await;
                done.map(|done| done.rows_affected())
                    .map_err(|error| rejected(&self.target, sql, error, |server| $told(self, server, sql)))
            })
        }

        fn query<'a>(&'a mut self, sql: &'a str, args: &'a [Arg]) -> BoxFuture<'a, Result<Vec<Row>>> {
            Box::pin(async move {
                let rows = bind(sql, args)
                    .fetch_all(&mut self.inner)
                    .await
                    .map_err(|error| rejected(&self.target, sql, error, |server| $told(self, server, sql)))?;
                rows.iter().map(values).collect()
            })
        }

        fn phrases(&self) -> &'static Phrases {
            &PHRASES
        }

        fn close(self: Box<Self>) -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let Self { inner, target, .. } = *self;
                inner.close().await.map_err(|error| Error::Connection {
                    target,
                    message: "it could not be closed in order".to_owned(),
                    source: Some(Box::new(error)),
                })
            })
        }
    };
}

#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
pub(super) use through_sqlx;

/// The server's message as it is.
#[cfg(any(feature = "mysql", feature = "sqlite"))]
fn plain<C>(_: &C, server: &dyn sqlx::error::DatabaseError, _: &str) -> String {
    server.message().to_owned()
}

/// What is wrong with a statement, from the driver's error.
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
fn rejected(
    target: &str,
    sql: &str,
    error: sqlx::Error,
    told: impl FnOnce(&dyn sqlx::error::DatabaseError) -> String,
) -> Error {
    match error {
        sqlx::Error::Database(server) => Error::Query {
            message: told(&*server),
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
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
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
