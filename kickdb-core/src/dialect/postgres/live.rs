use std::time::Duration;

use futures_core::future::BoxFuture;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::{Arg, Connection, Row, failed, redact, refused, rejected, values};
use crate::dialect::Dialect;
use crate::error::{Error, Result};

/// How long a server may take to answer before it counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(15);

struct Postgres {
    inner: PgConnection,
    url: String,
    target: String,
    dialect: &'static dyn Dialect,
}

pub(super) fn open(url: String, dialect: &'static dyn Dialect) -> BoxFuture<'static, Result<Box<dyn Connection>>> {
    Box::pin(async move {
        let mut options: PgConnectOptions = url.parse().map_err(|error| refused(&url, error, |_, _| None))?;
        if options.get_application_name().is_none() {
            options = options.application_name("kickdb");
        }
        let options = options.disable_statement_logging();
        let inner = match tokio::time::timeout(PATIENCE, options.connect()).await {
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
        Ok(Box::new(Postgres {
            inner,
            url,
            target,
            dialect,
        }) as Box<dyn Connection>)
    })
}

/// Words for the codes of <https://www.postgresql.org/docs/current/errcodes-appendix.html> that a refused login has.
fn explain(options: &PgConnectOptions, code: &str, message: &str) -> Option<String> {
    match code {
        "28P01" => Some(format!("the password of user `{}` is wrong", options.get_username())),
        "28000" => Some(format!(
            "{message}; does the user exist, and does pg_hba.conf let it in?"
        )),
        "3D000" => {
            let database = options.get_database().unwrap_or(options.get_username());
            Some(format!(
                "the database `{database}` does not exist; create it with `createdb {database}`"
            ))
        }
        "53300" => Some(format!("{message}; the server has no connection left")),
        _ => None,
    }
}

impl Connection for Postgres {
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

/// Not persistent: a named statement does not survive a pooler that changes the server connection behind us.
fn bind<'a>(sql: &str, args: &[Arg]) -> sqlx::query::Query<'a, sqlx::Postgres, PgArguments> {
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
