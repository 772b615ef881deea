#[path = "session/copy.rs"]
mod copy;

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use futures_util::TryStreamExt as _;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{
    PgArgumentBuffer, PgArguments, PgConnectOptions, PgConnection, PgDatabaseError, PgRow, PgTypeInfo, PgValueFormat,
};
use sqlx::{
    Arguments as _, AssertSqlSafe, Column as _, Connection as _, Either, Encode, Executor as _, Postgres, Row as _,
    SqlSafeStr as _, SqlStr, Type, ValueRef as _,
};

use super::held::Held;
use super::lender::{Again, Driven};
use super::{Answer, Begin, Collect, Copy, Session, broken, position, unbindable};
use crate::dialect::Dialect;
use crate::dialect::live::{postgres::establish, redact};
use crate::dialect::postgres::Postgres as Engine;
use crate::error::{Error, Result, Violation};
use crate::value::{Bind, Cell, Cells, Fault, Statement, Value, wire};

struct PostgresSession<'c> {
    inner: Held<'c, Postgres>,
    target: String,
    /// The server's process, by which another connection can stop what it does, where it is known.
    process: Option<i32>,
    /// How another connection is opened: not at all for one that is lent, which whoever has lent it goes on with.
    again: Option<Again<Postgres>>,
    /// What was sent last: a pooler may have given the process to somebody else, whose statements are left alone.
    last: Option<SqlStr>,
}

const PROCESS: &str = "SELECT pg_catalog.pg_backend_pid()";

pub(super) fn open(url: String) -> BoxFuture<'static, Result<Box<dyn Session>>> {
    Box::pin(async move {
        let inner = Held::Own(establish(&url).await?);
        let target = redact(&url);
        Postgres::start(inner, target, Again::Url(url)).await
    })
}

impl Driven for Postgres {
    const DIALECT: &'static str = "postgres";

    fn shown(options: &PgConnectOptions) -> String {
        let (user, host, port) = (options.get_username(), options.get_host(), options.get_port());
        let database = options.get_database().unwrap_or(user);
        format!("postgres://{user}@{host}:{port}/{database}")
    }

    fn open(url: &str) -> BoxFuture<'_, Result<PgConnection>> {
        Box::pin(establish(url))
    }

    fn start(
        mut inner: Held<'static, Self>,
        target: String,
        again: Again<Self>,
    ) -> BoxFuture<'static, Result<Box<dyn Session>>> {
        Box::pin(async move {
            let process = sqlx::query_scalar(PROCESS).fetch_one(&mut *inner).await;
            let process = process.map_err(|error| fault(&target, PROCESS, error))?;
            let again = Some(again);
            let session: Box<dyn Session> = Box::new(PostgresSession {
                process: Some(process),
                again,
                ..PostgresSession::on(inner, target)
            });
            Ok(session)
        })
    }

    fn guest<'c>(inner: Held<'c, Self>, target: String) -> Box<dyn Session + 'c> {
        Box::new(PostgresSession::on(inner, target))
    }
}

impl<'c> PostgresSession<'c> {
    fn on(inner: Held<'c, Postgres>, target: String) -> Self {
        Self {
            inner,
            target,
            process: None,
            again: None,
            last: None,
        }
    }
}

pub(super) fn begin(how: Begin) -> Result<String, &'static str> {
    let mut sql = String::from("BEGIN");
    if let Some(level) = how.isolation {
        sql.push_str(" ISOLATION LEVEL ");
        sql.push_str(level);
    }
    if how.read_only {
        sql.push_str(" READ ONLY");
    }
    if how.deferrable {
        sql.push_str(" DEFERRABLE");
    }
    Ok(sql)
}

/// The view keeps the first kilobyte of a statement, unless the server is set to keep more.
const STOP: &str = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity \
     WHERE pid = $1 AND state = 'active' AND query <> '' AND starts_with($2, left(query, 200))";

/// Gives no row where the first schema does not exist. The functions are named in full, whatever schemas are searched.
const ENTER: &str =
    "SELECT pg_catalog.set_config('search_path', $2, false) FROM pg_catalog.pg_namespace WHERE nspname = $1";

/// How long another connection may take to stop a statement that nobody waits for.
const PATIENCE: Duration = Duration::from_secs(5);

/// sqlx finds prepared statements by their text alone. On a connection that others use, too, it is made another one, since the same
/// text may have been prepared for values of other types.
const MARK: &str = " /* kickdb */";

impl PostgresSession<'_> {
    fn text(&self, mut sql: String) -> SqlStr {
        if !self.inner.is_own() {
            sql.push_str(MARK);
        }
        AssertSqlSafe(Arc::<str>::from(sql)).into_sql_str()
    }

    /// Has the server stop what it does, by another connection. Where that fails, the server ends the statement by itself at the
    /// latest.
    async fn stop(&self) -> Option<()> {
        let mut other = self.again.as_ref()?.connect().await?;
        let last = self.last.as_ref()?.as_str();
        let stopped = sqlx::query(STOP).bind(self.process?).bind(last);
        stopped.execute(&mut other).await.ok()?;
        other.close().await.ok()
    }
}

impl Session for PostgresSession<'_> {
    fn rows(&mut self, statement: Statement, mut collect: Box<dyn Collect>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(async move {
            let mut count = 0;
            let arguments = arguments(&statement.binds)?;
            let sql = self.text(statement.sql);
            self.last = Some(sql.clone());
            let mut rows = (&mut *self.inner).fetch_many(sqlx::query_with(sql.clone(), arguments));
            let mut types = Vec::new();
            loop {
                let some = rows.try_next().await;
                let row = match some.map_err(|error| fault(&self.target, sql.as_str(), error))? {
                    Some(Either::Right(row)) => row,
                    Some(Either::Left(_)) => continue,
                    None => return Ok(Answer { collect, rows: count }),
                };
                if count == 0 {
                    types = types_of(&row);
                }
                count += 1;
                let cursor = Cursor {
                    row: &row,
                    types: &types,
                };
                if let Some(wait) = collect.row(&cursor)? {
                    wait.await;
                }
            }
        })
    }

    fn execute(&mut self, statement: Statement) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let arguments = arguments(&statement.binds)?;
            let sql = self.text(statement.sql);
            self.last = Some(sql.clone());
            let done = sqlx::query_with(sql.clone(), arguments).execute(&mut *self.inner).await;
            done.map(|done| done.rows_affected())
                .map_err(|error| fault(&self.target, sql.as_str(), error))
        })
    }

    fn can_copy<'a>(&'a mut self, copy: &'a Copy) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let names: Vec<&str> = copy.columns.iter().map(|(name, _)| *name).collect();
            let found = sqlx::query_as::<_, (String, i64, bool)>(copy::COLUMNS)
                .bind(&copy.table)
                .bind(&names);
            let found = found.fetch_all(&mut *self.inner).await;
            let found = found.map_err(|error| fault(&self.target, copy::COLUMNS, error))?;
            Ok(copy.columns.iter().all(|(name, value)| {
                let column = found.iter().find(|(column, ..)| column == name);
                column.is_some_and(|(_, oid, is_enum)| copy::fits(value, *oid, *is_enum))
            }))
        })
    }

    fn copy<'a>(
        &'a mut self,
        copy: &'a Copy,
        rows: BoxStream<'a, Result<Vec<Vec<Value>>>>,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            self.last = Some(AssertSqlSafe(copy.sql.clone()).into_sql_str());
            let sent = copy::send(&mut self.inner, copy, rows).await?;
            sent.map_err(|error| fault(&self.target, &copy.sql, error))
        })
    }

    fn control<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *self.inner).await;
            done.map(drop).map_err(|error| fault(&self.target, sql, error))
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

    fn enter<'a>(&'a mut self, path: Option<&'a [String]>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            match path {
                None => self.control("RESET search_path").await?,
                Some(path) => {
                    let name = path.first().map_or("", String::as_str);
                    let mut quoted = String::new();
                    let postgres: &dyn Dialect = &Engine;
                    for schema in path {
                        postgres.quote_str(schema, &mut quoted);
                        quoted.push_str(", ");
                    }
                    // Else temporary tables that somebody has left would come first.
                    quoted.push_str("pg_temp");
                    let set = sqlx::query_scalar::<_, String>(ENTER)
                        .persistent(false)
                        .bind(name)
                        .bind(quoted);
                    let set = set.fetch_optional(&mut *self.inner).await;
                    let set = set.map_err(|error| fault(&self.target, ENTER, error))?;
                    if set.is_none() {
                        return Err(Error::UnknownTenant {
                            name: name.to_owned(),
                            why: "it has no schema".to_owned(),
                        });
                    }
                }
            }
            let forgotten = self.inner.clear_cached_statements().await;
            forgotten.map_err(|error| fault(&self.target, ENTER, error))
        })
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

fn arguments(binds: &[Bind]) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    arguments.reserve(binds.len(), 0);
    for (at, bind) in binds.iter().enumerate() {
        arguments
            .add(Bound(bind))
            .map_err(|error| unbindable(at, &error.to_string()))?;
    }
    Ok(arguments)
}

struct Bound<'a>(&'a Bind);

impl Type<Postgres> for Bound<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(wire::oid::UNSPECIFIED))
    }
}

impl<'q> Encode<'q, Postgres> for Bound<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let some = wire::encode(&self.0.value, self.0.written, buffer)?;
        Ok(if some { IsNull::No } else { IsNull::Yes })
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(Oid(wire::type_of_value(&self.0.value))))
    }
}

/// A row with the types of its columns, which are looked up once for all rows of a statement.
struct Cursor<'r> {
    row: &'r PgRow,
    types: &'r [u32],
}

fn types_of(row: &PgRow) -> Vec<u32> {
    let types = row.columns().iter().map(|column| column.type_info().oid());
    types
        .map(|oid| oid.map_or(wire::oid::UNSPECIFIED, |oid| oid.0))
        .collect()
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
        if value.format() != PgValueFormat::Binary {
            return Err(Fault::new("the server sent it as text"));
        }
        let oid = self.types.get(at).copied().unwrap_or(wire::oid::UNSPECIFIED);
        let bytes = value.as_bytes().map_err(|error| Fault::new(error.to_string()))?;
        Ok(Cell::Wire { oid, bytes })
    }

    fn name(&self, at: usize) -> String {
        position(self.row, at)
    }

    fn width(&self) -> usize {
        self.types.len()
    }
}

/// The server's error as kickdb's, by the codes of <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn fault(target: &str, sql: &str, error: sqlx::Error) -> Error {
    let sqlx::Error::Database(server) = &error else {
        return broken(target, sql, error);
    };
    let Some(server) = server.try_downcast_ref::<PgDatabaseError>() else {
        return broken(target, sql, error);
    };
    let kind = match server.code() {
        "23505" => Some((Error::UniqueViolation as fn(Box<Violation>) -> Error, "unique")),
        // restrict_violation: PostgreSQL 18 has its own code for `ON DELETE RESTRICT`.
        "23503" | "23001" => Some((Error::ForeignKeyViolation as _, "foreign key")),
        "23502" => Some((Error::NotNullViolation as _, "not null")),
        "23514" => Some((Error::CheckViolation as _, "check")),
        "23P01" => Some((Error::ExclusionViolation as _, "exclusion")),
        _ => None,
    };
    if let Some((make, kind)) = kind {
        let mut violation = violation(kind, server);
        violation.source = Some(Box::new(error));
        return make(Box::new(violation));
    }
    let message = server.message().to_owned();
    match server.code() {
        "40001" => Error::SerializationFailure {
            source: Some(Box::new(error)),
        },
        "40P01" => Error::Deadlock {
            source: Some(Box::new(error)),
        },
        // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout and the class of connection exceptions.
        code if matches!(code, "57P01" | "57P02" | "57P03" | "57P05") || code.starts_with("08") => Error::Connection {
            target: target.to_owned(),
            message,
            source: Some(Box::new(error)),
        },
        "57014" => Error::Cancelled {
            what: "a statement".to_owned(),
            state: format!("nothing of it was kept ({message})"),
        },
        _ => {
            let more = [Some(message.as_str()), server.detail(), server.hint()];
            Error::Query {
                message: more.into_iter().flatten().collect::<Vec<_>>().join("; "),
                sql: sql.to_owned(),
                source: Some(Box::new(error)),
            }
        }
    }
}

fn violation(kind: &'static str, server: &PgDatabaseError) -> Violation {
    let mut violation = Violation::new(kind, server.detail().unwrap_or(server.message()));
    violation.constraint = server.constraint().map(str::to_owned);
    violation.table = server.table().map(str::to_owned);
    violation.columns = match server.column() {
        Some(column) => vec![column.to_owned()],
        None => key_columns(server.detail()),
    };
    violation
}

/// The columns of a detail such as `Key (project_id, "Number")=(1, 2) already exists.`
fn key_columns(detail: Option<&str>) -> Vec<String> {
    let Some((columns, _)) = detail
        .and_then(|detail| detail.strip_prefix("Key ("))
        .and_then(|rest| rest.split_once(")="))
    else {
        return Vec::new();
    };
    columns
        .split(", ")
        .map(|name| {
            name.strip_prefix('"')
                .and_then(|name| name.strip_suffix('"'))
                .map_or_else(|| name.to_owned(), |name| name.replace("\"\"", "\""))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_the_detail() {
        let columns = |detail| key_columns(Some(detail));
        assert_eq!(
            columns("Key (project_id, \"Num\"\"ber\")=(1, 2) already exists."),
            ["project_id", "Num\"ber"]
        );
        assert_eq!(columns("Key (lower(title))=(x) already exists."), ["lower(title)"]);
        assert!(columns("Failing row contains (1).").is_empty());
    }
}
