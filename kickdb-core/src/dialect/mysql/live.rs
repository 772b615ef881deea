use std::time::Duration;

use futures_core::future::BoxFuture;
use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::{Arg, Connection, Row, failed, redact, refused, rejected, values};
use crate::dialect::Dialect;
use crate::error::{Error, Result};

/// How long a server may take to answer before it counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(15);

/// Strict, so that a value that does not fit is an error and is not cut; without `ANSI_QUOTES`, `PIPES_AS_CONCAT` and
/// `NO_BACKSLASH_ESCAPES`, so that a script means the same on every server.
const SQL_MODE: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

struct Mysql {
    inner: MySqlConnection,
    url: String,
    target: String,
    dialect: &'static dyn Dialect,
}

pub(super) fn open(url: String, dialect: &'static dyn Dialect) -> BoxFuture<'static, Result<Box<dyn Connection>>> {
    Box::pin(async move {
        let options: MySqlConnectOptions = url.parse().map_err(|error| refused(&url, error, |_, _| None))?;
        let options = options
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .disable_statement_logging();
        let mut inner = match tokio::time::timeout(PATIENCE, options.connect()).await {
            Ok(Ok(inner)) => inner,
            Ok(Err(error)) => return Err(refused(&url, error, |code, message| explain(&options, code, message))),
            Err(_) => {
                return Err(failed(
                    &url,
                    format!("the server did not answer within {PATIENCE:?}; is it reachable from here?"),
                ));
            }
        };
        let target = redact(&url);
        let mode = sqlx::raw_sql(SQL_MODE).execute(&mut inner).await;
        mode.map_err(|error| rejected(&target, SQL_MODE, error))?;
        Ok(Box::new(Mysql {
            inner,
            url,
            target,
            dialect,
        }) as Box<dyn Connection>)
    })
}

/// Words for the SQLSTATEs of <https://mariadb.com/kb/en/mariadb-error-code-reference/> that a refused login has.
fn explain(options: &MySqlConnectOptions, code: &str, message: &str) -> Option<String> {
    match code {
        "28000" => Some(format!("{message}; are the user and its password right?")),
        "42000" if message.contains("Unknown database") => {
            let database = options.get_database().unwrap_or_default();
            Some(format!(
                "the database `{database}` does not exist; create it with `CREATE DATABASE {database}`"
            ))
        }
        "08004" => Some(format!("{message}; the server has no connection left")),
        _ => None,
    }
}

impl Connection for Mysql {
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
                .map_err(|error| rejected(&self.target, sql, error))
        })
    }

    fn change<'a>(&'a mut self, sql: &'a str, args: &'a [Arg]) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let done = bind(sql, args).execute(&mut self.inner).await;
            done.map(|done| done.rows_affected())
                .map_err(|error| rejected(&self.target, sql, error))
        })
    }

    fn query<'a>(&'a mut self, sql: &'a str, args: &'a [Arg]) -> BoxFuture<'a, Result<Vec<Row>>> {
        Box::pin(async move {
            let rows = bind(sql, args)
                .fetch_all(&mut self.inner)
                .await
                .map_err(|error| rejected(&self.target, sql, error))?;
            rows.iter().map(values).collect()
        })
    }

    fn another(&self) -> BoxFuture<'static, Result<Option<Box<dyn Connection>>>> {
        let opening = open(self.url.clone(), self.dialect);
        Box::pin(async move { opening.await.map(Some) })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move {
            let Self { inner, target, .. } = *self;
            inner.close().await.map_err(|error| Error::Connection {
                target,
                message: "the connection broke while it was closed".to_owned(),
                source: Some(Box::new(error)),
            })
        })
    }
}

/// Not persistent: a catalog is asked once, and a statement that is kept takes memory of the server.
fn bind<'a>(sql: &str, args: &[Arg]) -> sqlx::query::Query<'a, sqlx::MySql, MySqlArguments> {
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for arg in args {
        query = match arg {
            Arg::Text(text) => query.bind(text.clone()),
            Arg::Int(number) => query.bind(*number),
            Arg::Null => query.bind(None::<String>),
        };
    }
    query
}
