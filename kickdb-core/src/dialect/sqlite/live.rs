use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_core::future::BoxFuture;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::{
    Arg, Connection, ForeignKeys, Limits, Phrases, Rebuild, Refusal, Row, Scratch, failed, redact, refused, rejected,
    server_code, through_sqlx, values,
};
use crate::dialect::sqlite::{misfit, rebuild_step};
use crate::dialect::{Dialect, QuerySyntax as _};
use crate::error::{Error, Result};
use crate::lex::{Lexis, first_words};

/// How long a statement waits for another connection's write to end.
const BUSY: Duration = Duration::from_secs(5);

/// How often opening is tried while another connection changes the journal mode: `PRAGMA journal_mode = WAL` answers
/// SQLITE_BUSY at once there, without asking the busy handler.
pub(in crate::dialect) const ATTEMPTS: u32 = 40;

struct Sqlite {
    inner: SqliteConnection,
    url: String,
    target: String,
    dialect: &'static dyn Dialect,
    /// What runs is to stop: the engine asks for it every now and then.
    stop: Arc<AtomicBool>,
}

/// The engine asks whether to stop after so many steps of its virtual machine: some microseconds.
const STEPS: i32 = 1_000;

pub(super) fn open(url: String, dialect: &'static dyn Dialect) -> BoxFuture<'static, Result<Box<dyn Connection>>> {
    Box::pin(async move {
        let mut inner = establish_url(&url).await?;
        let target = redact(&url);
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&stop);
        let handle = inner.lock_handle().await;
        handle
            .map_err(|error| refused(&url, error, explain))?
            .set_progress_handler(STEPS, move || !asked.load(Ordering::Relaxed));
        Ok(Box::new(Sqlite {
            inner,
            url,
            target,
            dialect,
            stop,
        }) as Box<dyn Connection>)
    })
}

/// Opens the driver's own connection.
async fn establish_url(url: &str) -> Result<SqliteConnection> {
    let mut options = parse(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .disable_statement_logging();
    if !in_memory(url) && !read_only(url) {
        options = options.journal_mode(SqliteJournalMode::Wal);
    }
    establish(url, &options).await
}

/// What the URL says, of a file that can be there.
pub(in crate::dialect) fn parse(url: &str) -> Result<SqliteConnectOptions> {
    let options: SqliteConnectOptions = url.parse().map_err(|error| refused(url, error, |_, _| None))?;
    if !in_memory(url) {
        check_file(url, &options)?;
    }
    Ok(options)
}

async fn establish(url: &str, options: &SqliteConnectOptions) -> Result<SqliteConnection> {
    let mut attempt = 1;
    loop {
        let error = match options.connect().await {
            Ok(inner) => return Ok(inner),
            Err(error) => refused(url, error, explain),
        };
        let busy = server_code(&error).is_some_and(|code| is_busy(&code));
        if !busy || attempt == ATTEMPTS {
            return Err(error);
        }
        attempt += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub(in crate::dialect) fn in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}

/// Whether the URL is one of this engine, and of a file that does not exist.
pub(in crate::dialect) fn is_new_file(url: &str) -> bool {
    let options = url.starts_with("sqlite:").then(|| url.parse::<SqliteConnectOptions>());
    match options {
        Some(Ok(options)) => !in_memory(url) && !options.get_filename().exists(),
        _ => false,
    }
}

pub(in crate::dialect) fn read_only(url: &str) -> bool {
    url.contains("mode=ro") || url.contains("immutable=")
}

/// SQLite says "unable to open database file" to all of these.
fn check_file(url: &str, options: &SqliteConnectOptions) -> Result<()> {
    let file = options.get_filename();
    if file.is_dir() {
        return Err(failed(url, format!("`{}` is a folder, not a file", file.display())));
    }
    if read_only(url) && !file.exists() {
        return Err(failed(
            url,
            format!(
                "the file `{}` does not exist, and the URL says to only read it",
                file.display()
            ),
        ));
    }
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => Err(failed(
            url,
            format!("the folder `{}` does not exist; create it first", folder.display()),
        )),
        _ => Ok(()),
    }
}

/// Words for the result codes of <https://www.sqlite.org/rescode.html> that opening a file has.
pub(in crate::dialect) fn explain(code: &str, message: &str) -> Option<String> {
    match primary(code)? {
        14 => Some(format!(
            "{message}; may this user read and write the file and its folder?"
        )),
        26 => Some("the file is not a SQLite database".to_owned()),
        _ => None,
    }
}

/// SQLITE_BUSY and SQLITE_LOCKED, whatever the extension.
fn is_busy(code: &str) -> bool {
    matches!(primary(code), Some(5 | 6))
}

/// The result code without its extension.
fn primary(code: &str) -> Option<u32> {
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

/// The message, with what to do about it where SQLite does not say that.
fn told(_: &Sqlite, server: &dyn sqlx::error::DatabaseError, _: &str) -> String {
    let message = server.message();
    match server.code().as_deref().and_then(primary) {
        // SQLITE_READONLY
        Some(8) => format!(
            "{message}; `mode=ro` in the URL, the rights of the file and of its folder, or its file system keep this process from writing"
        ),
        _ => message.to_owned(),
    }
}

impl Sqlite {
    /// The driver itself goes on behind a statement whose future was dropped.
    async fn ready(&mut self) -> Result<()> {
        Ok(())
    }

    fn answered(&mut self) {}
}

impl Connection for Sqlite {
    through_sqlx!(told);

    fn misfits<'a>(&'a mut self, sql: &'a str, message: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move {
            // What cannot be asked is not said: the error itself is.
            let mut made = Vec::new();
            for table in misfit::tables(sql)? {
                let rows = self.query(misfit::MADE, &[Arg::Text(table)]).await.ok()?;
                made.extend(rows.into_iter().flatten().flatten());
            }
            let [into, from] = made.as_slice() else { return None };
            for question in misfit::questions(sql, message, [into, from]) {
                let rows = self.query(&question.sql, &[]).await.unwrap_or_default();
                let rows = rows.into_iter().flatten().flatten().collect::<Vec<_>>();
                if !rows.is_empty() {
                    return Some(question.says(&rows));
                }
            }
            None
        })
    }

    /// What is asked next waits behind the statement that stops, and is itself too short to be stopped.
    fn interrupt(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.stop.store(true, Ordering::Relaxed);
            let _ = self.execute("SELECT 1").await;
            self.stop.store(false, Ordering::Relaxed);
        })
    }

    fn another(&self) -> BoxFuture<'static, Result<Option<Box<dyn Connection>>>> {
        if in_memory(&self.url) {
            return Box::pin(async { Ok(None) });
        }
        let opening = open(self.url.clone(), self.dialect);
        Box::pin(async move { opening.await.map(Some) })
    }
}

fn bind<'a>(sql: &str, args: &[Arg]) -> sqlx::query::Query<'a, sqlx::Sqlite, SqliteArguments> {
    // Not persistent: a cached statement would keep a table from being altered.
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

/// The most rows that are counted: there are no statistics to ask, and counting reads them.
const COUNTED: u32 = 1_000_000;

/// Counts the rows of a table.
fn rows(schema: Option<&str>, name: &str) -> (String, Vec<Arg>) {
    let mut table = String::new();
    for part in schema.into_iter().chain([name]) {
        if !table.is_empty() {
            table.push('.');
        }
        crate::dialect::sqlite::Sqlite.quote_str(part, &mut table);
    }
    let sql = format!("SELECT CAST(count(*) AS text) FROM (SELECT 1 FROM {table} LIMIT {COUNTED})");
    (sql, Vec::new())
}

const PHRASES: Phrases = Phrases {
    snapshot: None,
    culprits: None,
    rows,
    tables: &[
        "CREATE TABLE IF NOT EXISTS \"kick_migrations\" (\n  \"id\" text PRIMARY KEY NOT NULL, \"name\" text NOT NULL, \
         \"hash\" text NOT NULL, \"batch\" integer NOT NULL,\n  \"applied_at\" text NOT NULL DEFAULT CURRENT_TIMESTAMP, \
         \"direction\" text NOT NULL DEFAULT 'up')",
        "CREATE INDEX IF NOT EXISTS \"kick_migrations_batch_idx\" ON \"kick_migrations\" (\"batch\")",
        "CREATE TABLE IF NOT EXISTS \"kick_migrations_lock\" (\n  \"id\" integer PRIMARY KEY, \"locked_at\" text, \
         \"locked_by\" text)",
        "CREATE TABLE IF NOT EXISTS \"kick_operations\" (\n  \"id\" text PRIMARY KEY NOT NULL, \"operation_type\" text NOT NULL, \
         \"applied_at\" text NOT NULL DEFAULT CURRENT_TIMESTAMP,\n  \"duration_ms\" integer NOT NULL, \
         \"applied_by\" text NOT NULL, \"notes\" text)",
        "CREATE TABLE IF NOT EXISTS \"kick_lease\" (\n  \"id\" integer PRIMARY KEY, \"owner\" text NOT NULL, \
         \"beat\" integer NOT NULL, \"expires_at\" integer NOT NULL)",
        "CREATE TABLE IF NOT EXISTS \"kick_progress\" (\n  \"id\" text PRIMARY KEY NOT NULL, \"direction\" text NOT NULL, \
         \"hash\" text NOT NULL, \"done\" integer NOT NULL, \"attempted\" integer NOT NULL)",
        "INSERT INTO \"kick_migrations_lock\" (\"id\") VALUES (1) ON CONFLICT DO NOTHING",
    ],
    place: "SELECT CAST($1 AS text), CASE WHEN count(*) = 5 THEN '1' ELSE '0' END, \
            CAST(total(name = 'kick_migrations') > 0 AS text) FROM sqlite_master WHERE type = 'table' AND name IN \
            ('kick_migrations', 'kick_migrations_lock', 'kick_operations', 'kick_lease', 'kick_progress')",
    // A deferred transaction that reads first and writes later fails without waiting when another one wrote in between.
    begin: "BEGIN IMMEDIATE",
    now: "CURRENT_TIMESTAMP",
    // Not 'now' with 'subsec', which SQLite has since 3.42 only.
    millis: "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
    version: "SELECT sqlite_version()",
    text: "text",
    hex: "lower(hex({}))",
    utc: "strftime('%Y-%m-%dT%H:%M:%SZ', {})",
    moment: "datetime({})",
    refusal,
    stands_alone,
    limits,
    unlimited: &["PRAGMA busy_timeout = 5000"],
    session: None,
    one_schema: None,
    holders: None,
    foreign_keys: Some(ForeignKeys {
        are_on: "SELECT CAST(foreign_keys AS text) FROM pragma_foreign_keys",
        off: "PRAGMA foreign_keys = OFF",
        on: "PRAGMA foreign_keys = ON",
        violations: "SELECT \"table\", CAST(rowid AS text), parent FROM pragma_foreign_key_check ORDER BY 1, 2, 3",
    }),
    rebuild: Some(Rebuild {
        step: rebuild_step,
        hanging: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower($1) ORDER BY rowid",
        // Renaming a column looks at every trigger and view of the database, whatever the table.
        trial: [
            "CREATE TABLE kick_trial (a)",
            "ALTER TABLE kick_trial RENAME COLUMN a TO b",
            "DROP TABLE kick_trial",
        ],
        names_nothing: |message| message.contains("no such table") || message.contains("no such column"),
    }),
    impatient: Some(("PRAGMA busy_timeout = 0", "PRAGMA busy_timeout = 5000")),
};

/// What <https://www.sqlite.org/lang_transaction.html> and the pages of these statements say.
fn stands_alone(sql: &str) -> bool {
    let words = first_words(sql, Lexis::SQLITE, 1);
    matches!(
        words.first().map(String::as_str),
        Some(
            "VACUUM"
                | "PRAGMA"
                | "ATTACH"
                | "DETACH"
                | "BEGIN"
                | "COMMIT"
                | "END"
                | "ROLLBACK"
                | "SAVEPOINT"
                | "RELEASE"
        )
    )
}

pub(super) const SCRATCH: Scratch = Scratch::Memory("sqlite::memory:?cache=private");

fn refusal(code: &str) -> Refusal {
    if is_busy(code) { Refusal::Busy } else { Refusal::Other }
}

/// SQLite has one lock, and nothing that ends a statement by its time.
fn limits(limits: &Limits) -> Vec<String> {
    if limits.local {
        return Vec::new();
    }
    let millis = limits.lock.map_or(u128::from(u32::MAX >> 1), |limit| limit.as_millis());
    vec![format!("PRAGMA busy_timeout = {millis}")]
}
