//! What every driver of sqlx has alike.

use super::{Row, redact};
use crate::error::{Error, Result};

/// What is wrong with a connection, from the driver's error; `known` words the codes that an engine's driver explains.
pub(super) fn refused(url: &str, error: sqlx::Error, known: impl FnOnce(&str, &str) -> Option<String>) -> Error {
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
/// `dialect`, `target` and `inner`, the items `bind`, `values` and `PHRASES`, the function that gives a server's message the words
/// that it lacks, and two of the type's own: `ready` is waited for before each statement, `answered` is called after it, but not where
/// its future was dropped.
macro_rules! through_sqlx {
    ($told:path) => {
        fn dialect(&self) -> &'static dyn Dialect {
            self.dialect
        }

        fn target(&self) -> &str {
            &self.target
        }

        fn execute<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<u64>> {
            Box::pin(async move {
                self.ready().await?;
                let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.inner).await;
                self.answered();
                done.map(|done| done.rows_affected())
                    .map_err(|error| rejected(&self.target, sql, error, |server| $told(self, server, sql)))
            })
        }

        fn change<'a>(&'a mut self, sql: &'a str, args: &'a [Arg]) -> BoxFuture<'a, Result<u64>> {
            Box::pin(async move {
                self.ready().await?;
                let done = bind(sql, args).execute(&mut self.inner).await;
                self.answered();
                done.map(|done| done.rows_affected())
                    .map_err(|error| rejected(&self.target, sql, error, |server| $told(self, server, sql)))
            })
        }

        fn query<'a>(&'a mut self, sql: &'a str, args: &'a [Arg]) -> BoxFuture<'a, Result<Vec<Row>>> {
            Box::pin(async move {
                self.ready().await?;
                let rows = bind(sql, args).fetch_all(&mut self.inner).await;
                self.answered();
                let rows =
                    rows.map_err(|error| rejected(&self.target, sql, error, |server| $told(self, server, sql)))?;
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

pub(super) use through_sqlx;

/// What is wrong with a statement, from the driver's error.
pub(super) fn rejected(
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
pub(super) fn values<R>(row: &R) -> Result<Row>
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
