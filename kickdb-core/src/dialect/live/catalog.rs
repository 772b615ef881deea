//! The schema of a connected database: the queries of its dialect, asked so that all answers are of one moment.

use super::{Connection, Row};
use crate::dialect::{CatalogError, Dialect};
use crate::error::{Error, Result};
use crate::ir::Schema;

/// How often a schema that changes while it is read is read again.
const READINGS: usize = 10;

type Answered<T> = std::result::Result<T, CatalogError>;

/// How the catalog is read.
#[derive(Clone, Copy)]
struct Reading {
    /// What is asked when all else is answered.
    last: fn(&dyn Dialect, &[String]) -> Answered<Vec<String>>,
    read: fn(&dyn Dialect, &[String]) -> Answered<Schema>,
}

/// Into one normal form, wherever the words come from.
const NORMAL: Reading = Reading {
    last: |_, _| Ok(Vec::new()),
    read: |dialect, answers| dialect.read_catalog(answers),
};

/// In the words of the server.
const TOLD: Reading = Reading {
    last: |dialect, answers| dialect.told_queries(answers),
    read: |dialect, answers| dialect.read_told(answers),
};

/// Reads the schema of the connected database, in normal form, as it is at one moment. Opens a transaction of its own.
///
/// # Errors
///
/// When a query fails, its answer is not what the dialect expects, or the schema changes all the time.
pub async fn catalog(connection: &mut dyn Connection) -> Result<Schema> {
    at_one_moment(connection, NORMAL).await
}

/// Reads the schema of the connected database, in normal form, as an open transaction sees it.
///
/// # Errors
///
/// When a query fails, or its answer is not what the dialect expects.
pub async fn catalog_within(connection: &mut dyn Connection) -> Result<Schema> {
    within(connection, NORMAL).await
}

/// Like [`catalog`], with every expression in the server's own words: see [`Catalog::read_told`](crate::dialect::Catalog::read_told).
///
/// # Errors
///
/// As [`catalog`].
pub async fn told(connection: &mut dyn Connection) -> Result<Schema> {
    at_one_moment(connection, TOLD).await
}

/// Like [`told`], as an open transaction sees it.
///
/// # Errors
///
/// As [`catalog_within`].
pub async fn told_within(connection: &mut dyn Connection) -> Result<Schema> {
    within(connection, TOLD).await
}

async fn at_one_moment(connection: &mut dyn Connection, reading: Reading) -> Result<Schema> {
    let Some(snapshot) = &connection.phrases().snapshot else {
        return within(connection, reading).await;
    };
    let (mut last, mut failed) = (None, None);
    for _ in 0..READINGS {
        connection.execute(snapshot.begin).await?;
        let read = within(connection, reading).await;
        let changed = answer(snapshot.changed, connection).await;
        connection.execute("ROLLBACK").await?;
        // The words of the server (a view's query, a check) are of the moment at which it is asked for them, whatever the
        // transaction sees. Where nobody has changed the catalog meanwhile, both are the same moment.
        let unchanged = match changed {
            Ok(seen) if seen.is_empty() => true,
            Ok(seen) => seen == answer(snapshot.fingerprint, connection).await?,
            // After an error in the transaction nothing is answered any more.
            Err(_) => false,
        };
        match read {
            Ok(schema) if unchanged || last.as_ref() == Some(&schema) => return Ok(schema),
            Ok(schema) => last = Some(schema),
            Err(error) => {
                // What fails twice in the same words does not fail because somebody changed something in between.
                let words = error.to_string();
                if unchanged || failed.as_ref() == Some(&words) || matches!(error, Error::Connection { .. }) {
                    return Err(error);
                }
                (last, failed) = (None, Some(words));
            }
        }
    }
    Err(Error::Query {
        message: format!("the schema changed while it was read, {READINGS} times; try again when nobody alters it"),
        sql: CATALOG.to_owned(),
        source: None,
    })
}

const CATALOG: &str = "the catalog of the database";

async fn within(connection: &mut dyn Connection, reading: Reading) -> Result<Schema> {
    let queries = connection.dialect().catalog_queries();
    by(connection, queries, reading).await
}

/// Like [`catalog_within`], by queries that are like those of the catalog.
pub(crate) async fn catalog_by(connection: &mut dyn Connection, queries: &[impl AsRef<str>]) -> Result<Schema> {
    by(connection, queries, NORMAL).await
}

async fn by(connection: &mut dyn Connection, queries: &[impl AsRef<str>], reading: Reading) -> Result<Schema> {
    let dialect = connection.dialect();
    let unreadable = |error: CatalogError| Error::Query {
        message: error.to_string(),
        sql: CATALOG.to_owned(),
        source: Some(Box::new(error)),
    };
    let mut answers = Vec::new();
    for sql in queries {
        answers.push(answer(sql.as_ref(), connection).await?);
    }
    for sql in dialect.further_queries(&answers).map_err(unreadable)? {
        answers.push(lines(connection.show(&sql).await?));
    }
    for sql in (reading.last)(dialect, &answers).map_err(unreadable)? {
        answers.push(lines(connection.show(&sql).await?));
    }
    (reading.read)(dialect, &answers).map_err(unreadable)
}

/// The rows of a catalog query, one in each line; several columns (`SHOW CREATE TABLE`) with NUL bytes between them.
async fn answer(sql: &str, connection: &mut dyn Connection) -> Result<String> {
    Ok(lines(connection.query(sql, &[]).await?))
}

fn lines(rows: Vec<Row>) -> String {
    let line = |row: Row| match row.len() {
        ..=1 => row.into_iter().next().flatten(),
        _ => Some(
            row.into_iter()
                .map(Option::unwrap_or_default)
                .collect::<Vec<_>>()
                .join("\0"),
        ),
    };
    let lines: Vec<String> = rows.into_iter().filter_map(line).collect();
    lines.join("\n")
}

/// What a table of the connected database has that says nothing of its own, where each database decides that.
///
/// # Errors
///
/// When the query fails.
pub async fn usual(connection: &mut dyn Connection) -> Result<Option<String>> {
    match connection.dialect().usual_query() {
        Some(sql) => Ok(Some(answer(sql, connection).await?)),
        None => Ok(None),
    }
}

/// What is in the connected database and not in the schema that was read from it, because a schema cannot say it: kinds and
/// names, such as `event trigger audit`. None of it is ever altered or dropped.
///
/// # Errors
///
/// When the query fails.
pub async fn unread(connection: &mut dyn Connection, read: &Schema) -> Result<Vec<String>> {
    let rows = connection.query(connection.dialect().unread_query(), &[]).await?;
    let tables = read.tables.keys().map(|name| format!("table {name}"));
    let known: std::collections::BTreeSet<String> =
        tables.chain(read.objects.keys().map(ToString::to_string)).collect();
    let lines = rows.into_iter().flatten().flatten();
    Ok(lines
        .filter(|line| !known.contains(line))
        .map(|line| line.replace(char::is_control, " "))
        .collect())
}
