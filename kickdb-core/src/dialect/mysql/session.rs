use std::any::Any;
use std::time::Duration;

use futures_core::future::BoxFuture;
use futures_util::TryStreamExt as _;
use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlRow, MySqlTypeInfo};
use sqlx::{
    Arguments as _, AssertSqlSafe, Connection as _, Decode, MySql, Row as _, SqlSafeStr as _, SqlStr, Type,
    TypeInfo as _, ValueRef as _,
};

use super::held::Held;
use super::lender::{Again, Driven};
use super::{Answer, Begin, Collect, Session, broken, position, unbindable};
use crate::dialect::live::{mysql::establish, redact};
use crate::dialect::mysql::violation;
use crate::error::{Error, Result, Source, Violation};
use crate::value::{Bind, Cell, Cells, Fault, Instant, Statement, Value, mysql as wire, text};

struct MysqlSession<'c> {
    inner: Held<'c, MySql>,
    target: String,
    /// The number of the connection, by which another one can stop what it does, where it is known.
    number: Option<u64>,
    /// How another connection is opened: not at all for one that is lent, which whoever has lent it goes on with.
    again: Option<Again<MySql>>,
}

const NUMBER: &str = "SELECT CAST(connection_id() AS unsigned)";

pub(super) fn open(url: String) -> BoxFuture<'static, Result<Box<dyn Session>>> {
    Box::pin(async move {
        let inner = Held::Own(establish(&url).await?);
        let target = redact(&url);
        MySql::start(inner, target, Again::Url(url)).await
    })
}

impl Driven for MySql {
    const DIALECT: &'static str = "mysql";

    fn shown(options: &MySqlConnectOptions) -> String {
        let (user, host, port) = (options.get_username(), options.get_host(), options.get_port());
        let database = options.get_database().unwrap_or_default();
        format!("mysql://{user}@{host}:{port}/{database}")
    }

    fn open(url: &str) -> BoxFuture<'_, Result<MySqlConnection>> {
        Box::pin(establish(url))
    }

    fn start(
        mut inner: Held<'static, Self>,
        target: String,
        again: Again<Self>,
    ) -> BoxFuture<'static, Result<Box<dyn Session>>> {
        Box::pin(async move {
            let number = sqlx::query_scalar(NUMBER).fetch_one(&mut *inner).await;
            let number = number.map_err(|error| fault(&target, NUMBER, error))?;
            let again = Some(again);
            let session: Box<dyn Session> = Box::new(MysqlSession {
                number: Some(number),
                again,
                ..MysqlSession::on(inner, target)
            });
            Ok(session)
        })
    }

    fn guest<'c>(inner: Held<'c, Self>, target: String) -> Box<dyn Session + 'c> {
        Box::new(MysqlSession::on(inner, target))
    }
}

impl<'c> MysqlSession<'c> {
    fn on(inner: Held<'c, MySql>, target: String) -> Self {
        Self {
            inner,
            target,
            number: None,
            again: None,
        }
    }
}

pub(super) fn begin(how: Begin) -> Result<String, &'static str> {
    if how.deferrable {
        return Err("use a transaction that only reads, at the level `RepeatableRead`: it never fails there");
    }
    let begin = if how.read_only {
        "START TRANSACTION READ ONLY"
    } else {
        "START TRANSACTION"
    };
    Ok(match how.isolation {
        // Without SESSION it holds for the next transaction alone.
        Some(level) => format!("SET TRANSACTION ISOLATION LEVEL {level}; {begin}"),
        None => begin.to_owned(),
    })
}

/// How long another connection may take to stop a statement that nobody waits for.
const PATIENCE: Duration = Duration::from_secs(5);

impl MysqlSession<'_> {
    async fn run(&mut self, sql: &SqlStr, binds: &[Bind], mut collect: Box<dyn Collect>) -> Result<Answer> {
        let arguments = arguments(binds)?;
        let mut rows = sqlx::query_with(sql.clone(), arguments).fetch(&mut *self.inner);
        // What a column is, is looked up once for all rows.
        let mut classes: Option<Vec<Class>> = None;
        let mut count = 0;
        loop {
            let row = rows
                .try_next()
                .await
                .map_err(|error| fault(&self.target, sql.as_str(), error))?;
            let Some(row) = row else {
                return Ok(Answer { collect, rows: count });
            };
            count += 1;
            let classes = classes.get_or_insert_with(|| classes_of(&row));
            if let Some(wait) = collect.row(&Cursor { row: &row, classes })? {
                wait.await;
            }
        }
    }

    /// Has the server stop what it does, by another connection. Where that fails, the server ends the statement by itself at the
    /// latest.
    async fn stop(&self) -> Option<()> {
        let mut other = self.again.as_ref()?.connect().await?;
        let kill = format!("KILL QUERY {}", self.number?);
        sqlx::raw_sql(AssertSqlSafe(kill)).execute(&mut other).await.ok()?;
        other.close().await.ok()
    }

    /// Adds the columns of a unique key, which the server's message does not tell.
    async fn explained(&mut self, error: Error) -> Error {
        let Error::UniqueViolation(mut broken) = error else {
            return error;
        };
        if let (Some(table), Some(key)) = (&broken.table, &broken.constraint) {
            let columns = sqlx::query_scalar::<_, String>(violation::KEY_COLUMNS)
                .bind(table)
                .bind(key)
                .fetch_all(&mut *self.inner);
            // Without them the error is still true.
            broken.columns = columns.await.unwrap_or_default();
        }
        Error::UniqueViolation(broken)
    }
}

impl Session for MysqlSession<'_> {
    fn rows(&mut self, statement: Statement, collect: Box<dyn Collect>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(async move {
            let sql = AssertSqlSafe(statement.sql).into_sql_str();
            match self.run(&sql, &statement.binds, collect).await {
                Ok(answer) => Ok(answer),
                Err(error) => Err(self.explained(error).await),
            }
        })
    }

    fn execute(&mut self, statement: Statement) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let arguments = arguments(&statement.binds)?;
            let sql = AssertSqlSafe(statement.sql).into_sql_str();
            let done = sqlx::query_with(sql.clone(), arguments).execute(&mut *self.inner).await;
            match done {
                Ok(done) => Ok(done.rows_affected()),
                Err(error) => {
                    let error = fault(&self.target, sql.as_str(), error);
                    Err(self.explained(error).await)
                }
            }
        })
    }

    fn control<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *self.inner).await;
            done.map(drop).map_err(|error| fault(&self.target, sql, error))
        })
    }

    /// A connection of kickdb's own keeps as many from the beginning.
    fn expect_warnings(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            match self.inner.is_own() {
                true => Ok(()),
                false => self.control("SET SESSION max_error_count = 65535").await,
            }
        })
    }

    fn refuse_warnings(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            // No columns are asked for that it does not always have: Level, Code, Message.
            let warnings = sqlx::raw_sql("SHOW WARNINGS").fetch_all(&mut *self.inner).await;
            let warnings = warnings.map_err(|error| fault(&self.target, "SHOW WARNINGS", error))?;
            for row in warnings {
                let number: u32 = row.try_get_unchecked(1).unwrap_or_default();
                let message: String = row.try_get_unchecked(2).unwrap_or_default();
                let number = u16::try_from(number).unwrap_or_default();
                if violation::kind(number) != Some("unique") {
                    return Err(translated(&self.target, "INSERT IGNORE", number, message, None));
                }
            }
            Ok(())
        })
    }

    fn driver(&mut self) -> Option<&mut dyn Any> {
        Some(&mut *self.inner)
    }

    fn begin_lent(&mut self) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async move {
            let begun = self.inner.begin().await;
            begun.map_err(|error| fault(&self.target, "BEGIN", error))
        })
    }

    fn end_lent(&mut self, keep: bool) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let ended = self.inner.end(keep).await;
            ended.map_err(|error| fault(&self.target, if keep { "COMMIT" } else { "ROLLBACK" }, error))
        })
    }

    fn spoil(&mut self) {
        self.inner.spoil();
    }

    fn enter<'a>(&'a mut self, _: Option<&'a [String]>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Err(super::no_schemas("mysql")) })
    }

    /// The server may be in the middle of a long statement, and of an answer: another connection stops it, and this one is
    /// closed.
    fn reset(&mut self, busy: bool) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            if !busy {
                return self.control("ROLLBACK").await.is_ok();
            }
            tokio::time::timeout(PATIENCE, self.stop()).await.ok();
            false
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        match self.inner {
            // The server frees the session either way.
            Held::Own(own) => Box::pin(async move { own.close().await.unwrap_or_default() }),
            _ => Box::pin(async {}),
        }
    }
}

fn arguments(binds: &[Bind]) -> Result<MySqlArguments> {
    let mut arguments = MySqlArguments::default();
    for (at, bind) in binds.iter().enumerate() {
        argument(&mut arguments, bind).map_err(|reason| unbindable(at, &reason))?;
    }
    Ok(arguments)
}

/// Adds a value in the form in which MySQL keeps it. A date is a text there, as it would be written by hand: the server
/// takes it for the type of the column that it is compared with.
fn argument(out: &mut MySqlArguments, bind: &Bind) -> Result<(), String> {
    let added = match &bind.value {
        Value::Null(_) => out.add(None::<String>),
        Value::Bool(value) => out.add(*value),
        Value::Int16(value) => out.add(*value),
        Value::Int32(value) => out.add(*value),
        Value::Int64(value) => out.add(*value),
        Value::Float32(value) if value.is_finite() => out.add(*value),
        Value::Float64(value) if value.is_finite() => out.add(*value),
        Value::Float32(_) | Value::Float64(_) => {
            return Err("MySQL keeps neither NaN nor infinity; use `Option` where a number may be missing".into());
        }
        Value::Decimal(digits) => out.add(digits.as_str()),
        Value::Text(text) | Value::Json(text) => out.add(text.as_str()),
        Value::Bytes(bytes) => out.add(bytes.as_slice()),
        Value::Uuid(bytes) => out.add(text::uuid_text(*bytes)),
        Value::Date(date) if date.has_text_form() => out.add(date.to_string()),
        Value::Time(time) => {
            exact(time.nanos.is_multiple_of(1_000), bind.written)?;
            out.add(time.to_string())
        }
        Value::Timestamp(instant) | Value::TimestampTz(instant) if instant.has_text_form() => {
            let (micros, kept) = instant.micros().ok_or("the time is out of range")?;
            exact(kept, bind.written)?;
            out.add(Instant::from_micros(micros).to_string())
        }
        Value::Date(_) | Value::Timestamp(_) | Value::TimestampTz(_) => {
            return Err("MySQL keeps dates of the years 0 to 9999 only".into());
        }
        Value::Enum { label, .. } => out.add(*label),
        Value::List { items, .. } => out.add(text::to_json(items)?),
        Value::Now { .. } => return Err("`now()` is written and not bound".into()),
        Value::Refused(reason) => return Err(reason.clone()),
    };
    added.map_err(|error| error.to_string())
}

fn exact(kept: bool, written: bool) -> Result<(), String> {
    if kept || !written {
        return Ok(());
    }
    Err(
        "MySQL keeps microseconds, and the value has nanoseconds that would be lost; write `now()` for the moment of the \
         database's clock, or round it to microseconds first, as chrono's `trunc_subsecs(6)` does"
            .into(),
    )
}

/// How the bytes of a column are read.
#[derive(Clone, Copy)]
enum Class {
    Int,
    Unsigned,
    Float,
    Date,
    Time,
    Instant,
    Text,
    Bytes,
}

fn classes_of(row: &MySqlRow) -> Vec<Class> {
    use sqlx::Column as _;
    row.columns().iter().map(|column| class(column.type_info())).collect()
}

fn class(ty: &MySqlTypeInfo) -> Class {
    match ty.name() {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "INT" | "MEDIUMINT" | "BIGINT" => Class::Int,
        "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "INT UNSIGNED" | "MEDIUMINT UNSIGNED" | "BIGINT UNSIGNED"
        | "YEAR" => Class::Unsigned,
        "FLOAT" | "DOUBLE" => Class::Float,
        "DATE" => Class::Date,
        "TIME" => Class::Time,
        "DATETIME" | "TIMESTAMP" => Class::Instant,
        "DECIMAL" | "JSON" | "ENUM" | "SET" => Class::Text,
        // A text with a binary collation is named like bytes; its character set tells them apart.
        _ if <str as Type<MySql>>::compatible(ty) => Class::Text,
        _ => Class::Bytes,
    }
}

struct Cursor<'r> {
    row: &'r MySqlRow,
    classes: &'r [Class],
}

impl Cells for Cursor<'_> {
    fn cell(&self, at: usize) -> Result<Cell<'_>, Fault> {
        let value = self
            .row
            .try_get_raw(at)
            .map_err(|error| Fault::new(error.to_string()))?;
        if value.is_null() {
            return Ok(Cell::Null);
        }
        let bytes = <&[u8] as Decode<MySql>>::decode(value).map_err(|error| Fault::new(error.to_string()))?;
        let class = self.classes.get(at).copied().unwrap_or(Class::Bytes);
        let cell = match class {
            Class::Int => wire::int(bytes, false).map(Cell::Int),
            Class::Unsigned => wire::int(bytes, true).map(Cell::Int),
            Class::Float => wire::float(bytes).map(Cell::Real),
            Class::Date => wire::date(bytes).map(Cell::Date),
            Class::Time => wire::time(bytes).map(Cell::Time),
            Class::Instant => wire::instant(bytes).map(Cell::Instant),
            Class::Text => std::str::from_utf8(bytes).ok().map(Cell::Text),
            Class::Bytes => Some(Cell::Blob(bytes)),
        };
        cell.ok_or_else(|| {
            Fault::new(match class {
                Class::Unsigned => "the number is greater than the greatest `i64`",
                Class::Date | Class::Instant => "it is no date of the calendar",
                Class::Time => "it is a span of time, below zero or of a day and more, and no time of day",
                Class::Text => "it is not UTF-8",
                _ => "its bytes are of an unknown form",
            })
        })
    }

    fn name(&self, at: usize) -> String {
        position(self.row, at)
    }

    fn width(&self) -> usize {
        self.row.len()
    }
}

/// The server's error as kickdb's, by the numbers of <https://mariadb.com/kb/en/mariadb-error-code-reference/>.
fn fault(target: &str, sql: &str, error: sqlx::Error) -> Error {
    let sqlx::Error::Database(server) = &error else {
        return broken(target, sql, error);
    };
    let Some(server) = server.try_downcast_ref::<MySqlDatabaseError>() else {
        return broken(target, sql, error);
    };
    let (number, message) = (server.number(), server.message().to_owned());
    translated(target, sql, number, message, Some(Box::new(error)))
}

fn translated(target: &str, sql: &str, number: u16, message: String, source: Option<Source>) -> Error {
    if let Some(kind) = violation::kind(number) {
        let mut violation = violation::read(kind, &message, sql);
        violation.source = source;
        let make: fn(Box<Violation>) -> Error = match kind {
            "unique" => Error::UniqueViolation,
            "foreign key" => Error::ForeignKeyViolation,
            "not null" => Error::NotNullViolation,
            _ => Error::CheckViolation,
        };
        return make(Box::new(violation));
    }
    match number {
        // ER_LOCK_DEADLOCK
        1213 => Error::Deadlock { source },
        // ER_CHECKREAD: "Record has changed since last read", of transactions with innodb_snapshot_isolation.
        1020 => Error::SerializationFailure { source },
        // ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED of MariaDB, ER_NEW_ABORTING_CONNECTION
        1053 | 1927 | 1184 => Error::Connection {
            target: target.to_owned(),
            message,
            source,
        },
        // ER_QUERY_INTERRUPTED, ER_STATEMENT_TIMEOUT of MariaDB, ER_QUERY_TIMEOUT of MySQL
        1317 | 1969 | 3024 => Error::Cancelled {
            what: "a statement".to_owned(),
            state: format!("nothing of it was kept ({message})"),
        },
        _ => Error::Query {
            message,
            sql: sql.to_owned(),
            source,
        },
    }
}
