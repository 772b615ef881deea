//! One statement on a server, from a thread of its own: tests call this inside and outside of a runtime, and from `Drop`.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Executor, Row};

/// Longer than a loaded machine needs, shorter than a person waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// The server's URL from the environment, or the usual local one.
pub(crate) fn url(variable: &str, usual: &str) -> String {
    std::env::var(variable)
        .ok()
        .filter(|url| !url.is_empty())
        .unwrap_or_else(|| usual.to_owned())
}

/// Whether the server takes a connection.
pub(crate) fn reachable(url: &str) -> Result<(), String> {
    run(url, "SELECT 1")
}

/// Runs one statement.
pub(crate) fn run(url: &str, sql: &str) -> Result<(), String> {
    ask(url, sql).map(drop)
}

/// Runs one statement; the first value of its first row, which is a text, where it has rows.
pub(crate) fn ask(url: &str, sql: &str) -> Result<Option<String>, String> {
    let (url, sql) = (url.to_owned(), sql.to_owned());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| e.to_string())?;
        runtime.block_on(async {
            match tokio::time::timeout(PATIENCE, execute(&url, sql)).await {
                Ok(done) => done.map_err(|error| error.to_string()),
                Err(_) => Err(format!("no answer within {PATIENCE:?}")),
            }
        })
    })
    .join()
    .unwrap_or_else(|_| Err("the thread that talks to the server died".to_owned()))
}

async fn execute(url: &str, sql: String) -> Result<Option<String>, sqlx::Error> {
    if url.starts_with("postgres") {
        let mut connection = sqlx::PgConnection::connect(url).await?;
        let row = connection.fetch_optional(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
        connection.close().await?;
        Ok(row.and_then(|row| row.try_get_unchecked(0).ok()))
    } else {
        let mut connection = sqlx::MySqlConnection::connect(url).await?;
        let row = connection.fetch_optional(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
        connection.close().await?;
        Ok(row.and_then(|row| row.try_get_unchecked(0).ok()))
    }
}
