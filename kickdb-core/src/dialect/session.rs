//! One open connection of an application's pool: typed values in, rows of cells out.
//!
//! The drivers are the only places that touch sqlx's rows and arguments.

use std::any::Any;

use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;

use super::{Dialect, by_url};
use crate::error::{Error, Result};
use crate::value::{Cells, Statement, Value};

#[cfg(any(feature = "mysql", feature = "postgres"))]
mod held;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod lender;
#[cfg(feature = "mysql")]
#[path = "mysql/session.rs"]
mod mysql;
#[cfg(feature = "postgres")]
#[path = "postgres/session.rs"]
mod postgres;
#[cfg(feature = "sqlite")]
#[path = "sqlite/session.rs"]
mod sqlite;

#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) use self::lender::{Driven, Lender, lender, lent};

/// What a taker of rows says after each: what to wait for before the next one, if anything.
pub(crate) type Next = Option<BoxFuture<'static, ()>>;

/// Takes one row after the other. It owns what it gathers, because it goes where the engine runs: rows of SQLite that take
/// long are read on another thread.
pub(crate) trait Collect: Any + Send {
    /// Takes a row.
    fn row(&mut self, row: &dyn Cells) -> Result<Next>;

    /// Forgets the rows of this statement so far, since it runs once more from its beginning. `false` where rows are given
    /// away as they come, so that this cannot be.
    fn again(&mut self) -> bool;
}

/// The rows of a statement, and their number.
pub(crate) struct Answer {
    pub(crate) collect: Box<dyn Collect>,
    pub(crate) rows: u64,
}

/// Rows that are to be sent by another way than statements.
#[derive(Clone)]
#[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "only its driver reads them"))]
pub(crate) struct Copy {
    /// The statement that begins it.
    pub(crate) sql: String,
    /// The table, quoted.
    pub(crate) table: String,
    /// The columns, each with the value of one row: all others are of the same kind.
    pub(crate) columns: Vec<(&'static str, Value)>,
}

/// One open connection.
pub(crate) trait Session: Send {
    /// Runs a statement on this thread, where the engine is there and it is done soon, and gives the number of rows, or of those
    /// that it changed. `None` where it has to be run by [`rows`](Session::rows) or [`execute`](Session::execute), from its
    /// beginning.
    fn at_once(&mut self, _statement: &Statement, _rows: Option<&mut dyn Collect>) -> Option<Result<u64>> {
        None
    }

    /// Runs a statement and gives each of its rows to `collect`. Where the future is dropped before its end, the
    /// connection is in the middle of an answer and must be closed or [`reset`](Session::reset).
    fn rows(&mut self, statement: Statement, collect: Box<dyn Collect>) -> BoxFuture<'_, Result<Answer>>;

    /// Runs a statement and gives the number of rows that it changed.
    fn execute(&mut self, statement: Statement) -> BoxFuture<'_, Result<u64>>;

    /// Whether [`copy`](Session::copy) takes these rows.
    fn can_copy<'a>(&'a mut self, _copy: &'a Copy) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async { Ok(false) })
    }

    /// Sends rows by the engine's own way for many of them, and gives their number.
    fn copy<'a>(
        &'a mut self,
        copy: &'a Copy,
        _rows: BoxStream<'a, Result<Vec<Vec<Value>>>>,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move { Err(Error::validation(format!("there is no such way here: {}", copy.sql))) })
    }

    /// Runs SQL without values: `BEGIN` and its like.
    fn control<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Before statements that take errors for warnings: has the engine keep as many as they may have.
    fn expect_warnings(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    /// The error that the last statement, which took errors for warnings, would have given for anything but a row that is
    /// there already. For engines that have such statements.
    fn refuse_warnings(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    /// The connection as the driver has it, where that is one of sqlx.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    fn driver(&mut self) -> Option<&mut dyn Any> {
        None
    }

    /// Begins a transaction on a connection that somebody has lent, where they have not begun one. `true` where it did: then
    /// [`end_lent`](Session::end_lent) ends it, and nothing is sent after that.
    fn begin_lent(&mut self) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async { Ok(false) })
    }

    /// Keeps or undoes what was done since [`begin_lent`](Session::begin_lent).
    fn end_lent(&mut self, _keep: bool) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    /// The connection is not to be used again: where it was taken from a pool of sqlx, that one closes it.
    fn spoil(&mut self) {}

    /// Looks for tables in these schemas from now on, where the first one exists; `None` is where the server looks by itself.
    /// Statements that were prepared before are forgotten: they are of other tables.
    fn enter<'a>(&'a mut self, path: Option<&'a [String]>) -> BoxFuture<'a, Result<()>>;

    /// Stops the statement that still runs, where that takes no message: nobody waits for its answer any more.
    fn interrupt(&mut self) {}

    /// Brings a connection whose work was abandoned back to where it may be used again: out of any transaction. Where it is
    /// `busy`, a statement has not been answered to its end, and is stopped. `false` where the connection is better closed.
    fn reset(&mut self, busy: bool) -> BoxFuture<'_, bool>;

    /// Closes in order.
    fn close(self: Box<Self>) -> BoxFuture<'static, ()>;
}

/// A database as sessions are opened to it.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) dialect: &'static dyn Dialect,
    driver: &'static Driver,
}

type Opening = BoxFuture<'static, Result<Box<dyn Session>>>;

/// What a driver has beside its sessions.
struct Driver {
    dialect: &'static str,
    open: fn(String) -> Opening,
    /// Whether all must share one connection: a database in memory is one.
    single: fn(&str) -> bool,
    /// Whether there is a server, which may go while a connection lies idle.
    remote: bool,
    /// Where all must share one connection, a URL by which a second one of this process finds the same database.
    shareable: fn(&str) -> Option<String>,
    /// The SQL that begins a transaction, or why there is none.
    begin: fn(Begin) -> Result<String, &'static str>,
    /// What is sent after a transaction that only reads, where it would hold for the next one.
    writable_again: Option<&'static str>,
}

/// How a transaction begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begin {
    /// The level, in the words of the standard.
    #[cfg_attr(
        not(any(feature = "mysql", feature = "postgres")),
        expect(dead_code, reason = "SQLite has one level only")
    )]
    pub(crate) isolation: Option<&'static str>,
    pub(crate) read_only: bool,
    pub(crate) deferrable: bool,
}

const DRIVERS: &[Driver] = &[
    #[cfg(feature = "mysql")]
    Driver {
        dialect: "mysql",
        open: mysql::open,
        single: |_| false,
        remote: true,
        shareable: |_| None,
        begin: mysql::begin,
        writable_again: None,
    },
    #[cfg(feature = "postgres")]
    Driver {
        dialect: "postgres",
        open: postgres::open,
        single: |_| false,
        remote: true,
        shareable: |_| None,
        begin: postgres::begin,
        writable_again: None,
    },
    #[cfg(feature = "sqlite")]
    Driver {
        dialect: "sqlite",
        open: sqlite::open,
        single: sqlite::is_in_memory,
        remote: false,
        shareable: sqlite::shareable,
        begin: sqlite::begin,
        writable_again: Some(sqlite::WRITABLE),
    },
];

impl Target {
    /// Finds the driver of a URL.
    ///
    /// # Errors
    ///
    /// [`Error::Connection`] for a scheme that is not known, [`Error::Unsupported`] for an engine that is not compiled in.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let dialect = by_url(url).ok_or_else(|| super::live::unknown(url))?;
        Self::of(dialect, url.to_owned())
    }

    /// Finds the driver of an engine.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] for an engine that is not compiled in.
    fn of(dialect: &'static dyn Dialect, url: String) -> Result<Self> {
        let name = dialect.id().as_str();
        let driver = DRIVERS
            .iter()
            .find(|driver| driver.dialect == name)
            .ok_or_else(|| Error::Unsupported {
                feature: "connecting an application".to_owned(),
                dialect: name,
                hint: format!("enable the feature `{name}` of kickdb"),
            })?;
        Ok(Self { url, dialect, driver })
    }

    /// A database to which somebody else opens the connections. `shown` is its URL, without a password.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(crate) fn of_a_lender(dialect: &'static dyn Dialect, shown: String) -> Self {
        Self::of(dialect, shown).expect("the driver of a pool of sqlx is compiled in where its type is")
    }

    pub(crate) fn is_single(&self) -> bool {
        (self.driver.single)(&self.url)
    }

    pub(crate) fn is_remote(&self) -> bool {
        self.driver.remote
    }

    /// The same target, or where that is a new database for each connection one that this process can open twice.
    pub(crate) fn shareable(mut self) -> Self {
        if let Some(url) = (self.driver.shareable)(&self.url) {
            self.url = url;
        }
        self
    }

    pub(crate) fn begin(&self, how: Begin) -> Result<String> {
        (self.driver.begin)(how).map_err(|hint| Error::Unsupported {
            feature: "a deferrable transaction".to_owned(),
            dialect: self.dialect.id().as_str(),
            hint: hint.to_owned(),
        })
    }

    pub(crate) fn writable_again(&self) -> Option<&'static str> {
        self.driver.writable_again
    }

    pub(crate) async fn open(&self) -> Result<Box<dyn Session>> {
        (self.driver.open)(self.url.clone()).await
    }
}

/// What a driver's error is where it is not one of the server's: the connection is gone, or kickdb asked wrongly.
#[cfg(any(feature = "mysql", feature = "postgres"))]
fn broken(target: &str, sql: &str, error: sqlx::Error) -> Error {
    match error {
        error @ (sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::PoolClosed) => Error::Connection {
            target: target.to_owned(),
            message: format!("the connection broke while a statement ran: {error}"),
            source: Some(Box::new(error)),
        },
        other => Error::Query {
            message: other.to_string(),
            sql: sql.to_owned(),
            source: Some(Box::new(other)),
        },
    }
}

/// The error of a value that the engine cannot keep.
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
fn unbindable(at: usize, reason: &str) -> Error {
    Error::validation(format!("value {} of the statement was refused: {reason}", at + 1))
}

/// The name of a column, or its position.
#[cfg(any(feature = "mysql", feature = "postgres"))]
fn position<R: sqlx::Row>(row: &R, at: usize) -> String {
    use sqlx::Column as _;
    match row.columns().get(at) {
        Some(column) => column.name().to_owned(),
        None => format!("number {}", at + 1),
    }
}

/// The error of an engine that has no schemas to look for tables in.
#[cfg(any(feature = "mysql", feature = "sqlite"))]
fn no_schemas(dialect: &'static str) -> Error {
    Error::Unsupported {
        feature: "a schema for each tenant".to_owned(),
        dialect,
        hint: "use a database for each, by `Tenants::databases`".to_owned(),
    }
}
