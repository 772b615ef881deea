use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures_core::future::BoxFuture;
use futures_util::TryStreamExt as _;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::sqlite::{
    SqliteArgumentValue, SqliteArguments, SqliteArgumentsBuffer, SqliteConnection, SqliteRow, SqliteTypeInfo,
};
use sqlx::{
    Arguments as _, AssertSqlSafe, Connection as _, Decode, Encode, Row as _, SqlSafeStr as _, SqlStr, Sqlite, Type,
    TypeInfo as _, ValueRef as _,
};

use super::{Begin, Session, Taker, broken, position, unbindable};
use crate::dialect::live::{redact, sqlite::establish_url};
use crate::dialect::sqlite::violation;
use crate::error::{Error, Result, Violation};
use crate::value::{Bind, Cell, Cells, Fault, Statement, Value, text};

struct SqliteSession {
    inner: SqliteConnection,
    target: String,
    /// What runs is to stop: the engine asks for it every now and then.
    stop: Arc<AtomicBool>,
}

/// The engine asks whether to stop after so many steps of its virtual machine: some microseconds.
const STEPS: i32 = 1_000;

pub(super) fn open(url: String) -> BoxFuture<'static, Result<Box<dyn Session>>> {
    Box::pin(async move {
        let mut inner = establish_url(&url).await?;
        let target = redact(&url);
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&stop);
        let handle = inner.lock_handle().await;
        handle
            .map_err(|error| fault(&target, "", error))?
            .set_progress_handler(STEPS, move || !asked.load(Ordering::Relaxed));
        Ok(Box::new(SqliteSession { inner, target, stop }) as Box<dyn Session>)
    })
}

/// A transaction that reads first and writes later cannot wait for another writer (SQLITE_BUSY_SNAPSHOT), so the write lock is
/// taken at once, where waiting works. All transactions are serializable.
pub(super) fn begin(how: Begin) -> Result<String, &'static str> {
    if how.deferrable {
        return Err("leave it out: a transaction that only reads never fails there");
    }
    let begin = if how.read_only {
        "PRAGMA query_only = ON; BEGIN"
    } else {
        "BEGIN IMMEDIATE"
    };
    Ok(begin.to_owned())
}

/// `query_only` holds for the connection, not for a transaction.
pub(super) const WRITABLE: &str = "PRAGMA query_only = OFF";

pub(super) fn is_in_memory(url: &str) -> bool {
    crate::dialect::live::sqlite::in_memory(url)
}

/// `:memory:` is a new database each time it is opened; one in memory with a name is found again while it is open, see
/// <https://www.sqlite.org/inmemorydb.html#sharedmemdb>.
pub(super) fn shareable(url: &str) -> Option<String> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    url.contains(":memory:").then(|| {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        format!("sqlite:file:kickdb-{count}?mode=memory")
    })
}

impl SqliteSession {
    async fn run(&mut self, sql: &SqlStr, binds: Vec<Bind>, taker: Taker<'_>) -> Result<()> {
        let arguments = arguments(binds)?;
        let mut rows = sqlx::query_with(sql.clone(), arguments).fetch(&mut self.inner);
        loop {
            let row = rows
                .try_next()
                .await
                .map_err(|error| fault(&self.target, sql.as_str(), error))?;
            let Some(row) = row else { return Ok(()) };
            if let Some(wait) = taker(&Cursor(&row))? {
                wait.await;
            }
        }
    }

    /// Adds what the catalog tells of a broken constraint.
    async fn explained(&mut self, sql: &SqlStr, mut error: Error) -> Error {
        if let Error::UniqueViolation(broken) | Error::ForeignKeyViolation(broken) | Error::CheckViolation(broken) =
            &mut error
        {
            let catalog = sqlx::query_scalar::<_, String>(violation::catalog_query());
            // Without it the error is still true.
            if let Ok(catalog) = catalog.fetch_one(&mut self.inner).await {
                violation::explain(broken, sql.as_str(), catalog);
            }
        }
        error
    }
}

impl Session for SqliteSession {
    fn rows<'a>(&'a mut self, statement: Statement, taker: Taker<'a>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let sql = AssertSqlSafe(statement.sql).into_sql_str();
            match self.run(&sql, statement.binds, taker).await {
                Ok(()) => Ok(()),
                Err(error) => Err(self.explained(&sql, error).await),
            }
        })
    }

    fn execute(&mut self, statement: Statement) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let arguments = arguments(statement.binds)?;
            let sql = AssertSqlSafe(statement.sql).into_sql_str();
            let done = sqlx::query_with(sql.clone(), arguments).execute(&mut self.inner).await;
            match done {
                Ok(done) => Ok(done.rows_affected()),
                Err(error) => {
                    let error = fault(&self.target, sql.as_str(), error);
                    Err(self.explained(&sql, error).await)
                }
            }
        })
    }

    fn control<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.inner).await;
            done.map(drop).map_err(|error| fault(&self.target, sql, error))
        })
    }

    fn interrupt(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// A database in memory lives as long as its connection, so an abandoned one is rolled back and kept.
    fn reset(&mut self, _busy: bool) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            // It waits behind what was stopped, and is itself too short to be asked.
            let clean = match self.control("ROLLBACK").await {
                Ok(()) => true,
                // "cannot rollback - no transaction is active": there was nothing to undo.
                Err(Error::Query { message, .. }) => message.contains("no transaction is active"),
                Err(_) => false,
            };
            self.stop.store(false, Ordering::Relaxed);
            clean
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            // Whatever fails here, the file is let go when the connection's thread ends.
            self.inner.close().await.ok();
        })
    }
}

fn arguments(binds: Vec<Bind>) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    for (at, bind) in binds.into_iter().enumerate() {
        let value = argument(bind.value).map_err(|reason| unbindable(at, &reason))?;
        arguments
            .add(Bound(value))
            .map_err(|error| unbindable(at, &error.to_string()))?;
    }
    Ok(arguments)
}

/// The form in which SQLite keeps a value; see `civil` for dates and times.
fn argument(value: Value) -> Result<SqliteArgumentValue, String> {
    let as_text = |text: String| SqliteArgumentValue::Text(text.into());
    Ok(match value {
        Value::Null(_) => SqliteArgumentValue::Null,
        Value::Bool(value) => SqliteArgumentValue::Int(i32::from(value)),
        Value::Int16(value) => SqliteArgumentValue::Int(i32::from(value)),
        Value::Int32(value) => SqliteArgumentValue::Int(value),
        Value::Int64(value) => SqliteArgumentValue::Int64(value),
        Value::Float32(value) if !value.is_nan() => SqliteArgumentValue::Double(f64::from(value)),
        Value::Float64(value) if !value.is_nan() => SqliteArgumentValue::Double(value),
        Value::Float32(_) | Value::Float64(_) => {
            return Err("SQLite keeps NaN as NULL; use `Option` where a number may be missing".into());
        }
        Value::Text(text) if text.contains('\0') => {
            return Err("SQLite ends a text at a NUL character in most of its functions; use a column of bytes".into());
        }
        Value::Decimal(digits) => as_text(text::decimal_text(&digits).to_owned()),
        Value::Text(text) | Value::Json(text) => as_text(text),
        Value::Bytes(bytes) => SqliteArgumentValue::Blob(bytes.into()),
        Value::Uuid(bytes) => as_text(text::uuid_text(bytes)),
        Value::Date(date) if date.has_text_form() => as_text(date.to_string()),
        Value::Time(time) => as_text(time.to_string()),
        Value::Timestamp(instant) | Value::TimestampTz(instant) if instant.has_text_form() => {
            as_text(instant.to_string())
        }
        Value::Date(_) | Value::Timestamp(_) | Value::TimestampTz(_) => {
            return Err("SQLite keeps dates as text, which sorts for the years 0 to 9999 only".into());
        }
        Value::Enum { label, .. } => SqliteArgumentValue::TextSlice(label.into()),
        Value::List { items, .. } => as_text(text::to_json(&items)?),
        Value::Now { .. } => return Err("`now()` is written and not bound".into()),
        Value::Refused(reason) => return Err(reason),
    })
}

struct Bound(SqliteArgumentValue);

impl Type<Sqlite> for Bound {
    fn type_info() -> SqliteTypeInfo {
        <str as Type<Sqlite>>::type_info()
    }
}

impl<'q> Encode<'q, Sqlite> for Bound {
    fn encode(self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        push(self.0, buffer)
    }

    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        push(self.0.clone(), buffer)
    }
}

/// sqlx takes its own argument values only from its own types.
fn push(value: SqliteArgumentValue, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
    match value {
        SqliteArgumentValue::Null => Ok(IsNull::Yes),
        SqliteArgumentValue::Text(text) => <_ as Encode<'_, Sqlite>>::encode(text, buffer),
        SqliteArgumentValue::TextSlice(text) => <_ as Encode<'_, Sqlite>>::encode(text, buffer),
        SqliteArgumentValue::Blob(bytes) => <_ as Encode<'_, Sqlite>>::encode(bytes, buffer),
        SqliteArgumentValue::Double(number) => <_ as Encode<'_, Sqlite>>::encode(number, buffer),
        SqliteArgumentValue::Int(number) => <_ as Encode<'_, Sqlite>>::encode(number, buffer),
        SqliteArgumentValue::Int64(number) => <_ as Encode<'_, Sqlite>>::encode(number, buffer),
    }
}

struct Cursor<'r>(&'r SqliteRow);

impl Cells for Cursor<'_> {
    fn cell(&self, at: usize) -> Result<Cell<'_>, Fault> {
        let unreadable = |error: BoxDynError| Fault::new(error.to_string());
        let value = self.0.try_get_raw(at).map_err(|error| Fault::new(error.to_string()))?;
        if value.is_null() {
            return Ok(Cell::Null);
        }
        let class = value.type_info();
        match class.name() {
            "INTEGER" => <i64 as Decode<Sqlite>>::decode(value)
                .map(Cell::Int)
                .map_err(unreadable),
            "REAL" => <f64 as Decode<Sqlite>>::decode(value)
                .map(Cell::Real)
                .map_err(unreadable),
            "TEXT" => <&str as Decode<Sqlite>>::decode(value)
                .map(Cell::Text)
                .map_err(unreadable),
            _ => <&[u8] as Decode<Sqlite>>::decode(value)
                .map(Cell::Blob)
                .map_err(unreadable),
        }
    }

    fn name(&self, at: usize) -> String {
        position(self.0, at)
    }
}

/// SQLite's error as kickdb's, by the codes of <https://www.sqlite.org/rescode.html>.
fn fault(target: &str, sql: &str, error: sqlx::Error) -> Error {
    let sqlx::Error::Database(server) = &error else {
        return broken(target, sql, error);
    };
    let code = server.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or(0);
    let message = server.message().to_owned();
    match code {
        // UNIQUE, PRIMARYKEY, ROWID
        2067 | 1555 | 2579 => Error::UniqueViolation(constraint("unique", &message, error)),
        787 | 1811 => Error::ForeignKeyViolation(constraint("foreign key", &message, error)),
        1299 => Error::NotNullViolation(constraint("not null", &message, error)),
        275 => Error::CheckViolation(constraint("check", &message, error)),
        // BUSY_SNAPSHOT: another connection wrote after this transaction had read.
        517 => Error::SerializationFailure {
            source: Some(Box::new(error)),
        },
        _ if code & 0xFF == 5 => Error::Query {
            message: format!("{message}: another connection kept writing for longer than this one waits"),
            sql: sql.to_owned(),
            source: Some(Box::new(error)),
        },
        _ => Error::Query {
            message,
            sql: sql.to_owned(),
            source: Some(Box::new(error)),
        },
    }
}

fn constraint(kind: &'static str, message: &str, error: sqlx::Error) -> Box<Violation> {
    let mut violation = Violation::new(kind, message);
    let (_, object) = message.split_once(" constraint failed: ").unwrap_or_default();
    if kind == "check" || object.starts_with("index ") {
        let name = object.strip_prefix("index ").unwrap_or(object).trim_matches('\'');
        violation.constraint = (!name.is_empty()).then(|| name.to_owned());
    } else {
        for (table, column) in object.split(", ").filter_map(|column| column.split_once('.')) {
            violation.table = Some(table.to_owned());
            violation.columns.push(column.to_owned());
        }
    }
    violation.source = Some(Box::new(error));
    Box::new(violation)
}
