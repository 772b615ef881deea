use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;
use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use super::{
    Arg, Connection, Limits, Phrases, Refusal, Row, Scratch, SessionLock, failed, redact, refused, rejected,
    through_sqlx, values,
};
use crate::dialect::Dialect;
use crate::dialect::mysql::{bytes, misfit};
use crate::error::{Error, Result};
use crate::lex::{Kind, Lexis, first_words, tokens};

#[path = "trace.rs"]
mod trace;

/// How long a server may take to answer before it counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(15);

/// What a transaction reads is what others have committed by then, as in the other engines.
const ISOLATION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// Strict, so that a value that does not fit is an error and is not cut; without `ANSI_QUOTES`, `PIPES_AS_CONCAT` and
/// `NO_BACKSLASH_ESCAPES`, so that a script means the same on every server. All warnings about a statement can be read, and
/// not only the first 64: a statement binds no more values than this, so it has no more rows.
const SQL_MODE: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', max_error_count = 65535";

struct Mysql {
    inner: MySqlConnection,
    /// The server's number of it.
    id: u64,
    /// Whether a statement was sent whose answer nobody has read.
    unread: bool,
    url: String,
    target: String,
    dialect: &'static dyn Dialect,
}

pub(super) fn open(url: String, dialect: &'static dyn Dialect) -> BoxFuture<'static, Result<Box<dyn Connection>>> {
    Box::pin(async move {
        let target = redact(&url);
        let (inner, id) = begin(&url, &target).await?;
        Ok(Box::new(Mysql {
            inner,
            id,
            unread: false,
            url,
            target,
            dialect,
        }) as Box<dyn Connection>)
    })
}

/// A connection as the runner needs it, with its number.
async fn begin(url: &str, target: &str) -> Result<(MySqlConnection, u64)> {
    let mut inner = establish(url).await?;
    set(&mut inner, target, ISOLATION).await?;
    let id = number(&mut inner, target, "SELECT CAST(CONNECTION_ID() AS char)").await?;
    let id = id.ok_or_else(|| failed(url, "the server does not tell the number of the connection".to_owned()))?;
    Ok((inner, id))
}

async fn number(inner: &mut MySqlConnection, target: &str, sql: &str) -> Result<Option<u64>> {
    let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_optional(inner).await;
    let row = row.map_err(|error| rejected(target, sql, error, |server| server.message().to_owned()))?;
    let text = row
        .map(|row| values(&row))
        .transpose()?
        .into_iter()
        .flatten()
        .flatten()
        .next();
    Ok(text.and_then(|text| text.parse().ok()))
}

impl Mysql {
    /// Behind a statement whose future was dropped the driver may wait for an answer that it has read already. So the connection is
    /// another one from there on, and the server ends the first one, with what it has locked.
    async fn ready(&mut self) -> Result<()> {
        if self.unread {
            let (mut inner, id) = begin(&self.url, &self.target).await?;
            let old = self.id;
            // It may be gone already.
            let _ = set(&mut inner, &self.target, &format!("KILL {old}")).await;
            let there = format!("SELECT CAST(ID AS char) FROM information_schema.PROCESSLIST WHERE ID = {old}");
            // What it is in the middle of, it finishes or takes back first.
            let begun = Instant::now();
            while number(&mut inner, &self.target, &there).await?.is_some() {
                if begun.elapsed() > FAREWELL {
                    return Err(failed(
                        &self.url,
                        format!(
                            "the server still works on a statement that nobody waits for (connection {old}); try again when it is through"
                        ),
                    ));
                }
                tokio::time::sleep(BETWEEN).await;
            }
            (self.inner, self.id) = (inner, id);
        }
        self.unread = true;
        Ok(())
    }

    fn answered(&mut self) {
        self.unread = false;
    }
}

/// How long a connection that was told to go may take, and the pauses in which that is looked at.
const FAREWELL: Duration = Duration::from_secs(60);
const BETWEEN: Duration = Duration::from_millis(20);

/// A connection with the same rules on every server; the isolation of transactions is the server's.
pub(in crate::dialect) async fn establish(url: &str) -> Result<MySqlConnection> {
    let options: MySqlConnectOptions = url.parse().map_err(|error| refused(url, error, |_, _| None))?;
    let options = options
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .disable_statement_logging();
    let mut inner = match tokio::time::timeout(PATIENCE, options.connect()).await {
        Ok(Ok(inner)) => inner,
        Ok(Err(error)) => return Err(refused(url, error, |code, message| explain(&options, code, message))),
        Err(_) => {
            return Err(failed(
                url,
                format!("the server did not answer within {PATIENCE:?}; is it reachable from here?"),
            ));
        }
    };
    set(&mut inner, &redact(url), SQL_MODE).await?;
    Ok(inner)
}

async fn set(inner: &mut MySqlConnection, target: &str, setting: &str) -> Result<()> {
    let set = sqlx::raw_sql(AssertSqlSafe(setting)).execute(inner).await;
    set.map(drop)
        .map_err(|error| rejected(target, setting, error, |server| server.message().to_owned()))
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

/// The values of one row, with what is no text in it as [`bytes::shown`] writes it.
fn shown(row: &MySqlRow) -> Result<Row> {
    let value = |index| match row.try_get_unchecked::<Option<Vec<u8>>, usize>(index) {
        Ok(value) => Ok(value.map(bytes::shown)),
        Err(error) => Err(Error::Decode {
            column: (index + 1).to_string(),
            wanted: "text",
            message: error.to_string(),
        }),
    };
    (0..row.len()).map(value).collect()
}

impl Connection for Mysql {
    through_sqlx!(told);

    /// The protocol of prepared statements gives times as bytes. A statement that is shown holds the bytes of binary defaults,
    /// which may be no text.
    fn show<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<Vec<Row>>> {
        Box::pin(async move {
            self.ready().await?;
            let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut self.inner).await;
            self.answered();
            let rows = rows.map_err(|error| rejected(&self.target, sql, error, |server| told(self, server, sql)))?;
            rows.iter().map(shown).collect()
        })
    }

    /// The connection may have gone after the server had committed a statement and before that was noted. `ALTER TABLE` is
    /// atomic (MariaDB 10.6, MySQL 8), so that one of its clauses tells for all.
    fn clear_way<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Some(sign) = trace::of(sql) else {
                return Ok(false);
            };
            let args: Vec<Arg> = sign.names.iter().map(|name| Arg::from(name.as_str())).collect();
            let found = self.query(sign.question, &args).await?;
            let there = found.first().and_then(|row| row.first()).and_then(Option::as_deref) != Some("0");
            Ok(there == sign.there)
        })
    }

    fn misfits<'a>(&'a mut self, sql: &'a str, message: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move {
            // What cannot be asked is not said: the error itself is.
            let check = misfit::Check::of(sql, message)?;
            let key = self.query(misfit::KEY, &[Arg::from(check.table.as_str())]).await.ok()?;
            let key = key.into_iter().flatten().flatten().collect::<Vec<_>>();
            let rows = self.query(&check.question(&key), &[]).await.ok()?;
            misfit::Check::says(&rows.into_iter().flatten().flatten().collect::<Vec<_>>())
        })
    }

    fn another(&self) -> BoxFuture<'static, Result<Option<Box<dyn Connection>>>> {
        let opening = open(self.url.clone(), self.dialect);
        Box::pin(async move { opening.await.map(Some) })
    }
}

/// Kept by the connection: the message that closes a statement has no answer, and what is sent after it then waits for the
/// server's delayed acknowledgement, 40 ms each time on Linux.
fn bind<'a>(sql: &str, args: &[Arg]) -> sqlx::query::Query<'a, sqlx::MySql, MySqlArguments> {
    let (sql, order) = placeholders(sql);
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for arg in order.iter().filter_map(|number| args.get(number.checked_sub(1)?)) {
        query = match arg {
            Arg::Text(text) => query.bind(text.clone()),
            Arg::Int(number) => query.bind(*number),
            Arg::Null => query.bind(None::<String>),
        };
    }
    query
}

/// The bookkeeping's SQL as this server reads it: `$1` as `?`, and names in backticks, since a text in double quotes is no
/// name here. Gives also which argument each `?` stands for. Scripts of migrations do not come this way.
fn placeholders(sql: &str) -> (String, Vec<usize>) {
    let mut written = String::with_capacity(sql.len());
    let mut order = Vec::new();
    let mut rest = tokens(sql, Lexis::MYSQL).peekable();
    while let Some(token) = rest.next() {
        let digits = match token.text {
            "$" => rest.peek().map(|next| next.text),
            word => word.strip_prefix('$'),
        };
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(number) if !matches!(token.kind, Kind::Text | Kind::Quoted) => {
                order.push(number);
                written.push('?');
                if token.text == "$" {
                    rest.next();
                }
            }
            _ if token.text.starts_with('"') => written.push_str(&token.text.replace('"', "`")),
            _ => written.push_str(token.text),
        }
    }
    (written, order)
}

/// What the engine's statistics say.
const ROWS: &str = "SELECT CAST(TABLE_ROWS AS char) FROM information_schema.TABLES \
     WHERE lower(TABLE_NAME) = lower($2) AND lower(TABLE_SCHEMA) = lower(COALESCE($1, DATABASE()))";

const PHRASES: Phrases = Phrases {
    snapshot: None,
    culprits: None,
    rows: |schema, name| {
        (
            ROWS.to_owned(),
            vec![schema.map_or(Arg::Null, Arg::from), Arg::from(name)],
        )
    },
    tables: &[
        "CREATE TABLE IF NOT EXISTS {p}`kick_migrations` (\n  `id` varchar(128) PRIMARY KEY, `name` text NOT NULL, \
         `hash` text NOT NULL, `batch` integer NOT NULL,\n  `applied_at` timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), \
         `direction` varchar(8) NOT NULL DEFAULT 'up',\n  KEY `kick_migrations_batch_idx` (`batch`))",
        "CREATE TABLE IF NOT EXISTS {p}`kick_migrations_lock` (\n  `id` smallint PRIMARY KEY, `locked_at` timestamp(6) NULL, \
         `locked_by` text)",
        "CREATE TABLE IF NOT EXISTS {p}`kick_operations` (\n  `id` varchar(255) PRIMARY KEY, `operation_type` text NOT NULL, \
         `applied_at` timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),\n  `duration_ms` integer NOT NULL, \
         `applied_by` text NOT NULL, `notes` text)",
        "CREATE TABLE IF NOT EXISTS {p}`kick_lease` (\n  `id` smallint PRIMARY KEY, `owner` text NOT NULL, \
         `beat` bigint NOT NULL, `expires_at` bigint NOT NULL)",
        "CREATE TABLE IF NOT EXISTS {p}`kick_progress` (\n  `id` varchar(128) PRIMARY KEY, `direction` varchar(8) NOT NULL, \
         `hash` text NOT NULL, `done` integer NOT NULL, `attempted` integer NOT NULL)",
        "INSERT IGNORE INTO {p}`kick_migrations_lock` (`id`) VALUES (1)",
    ],
    place: "SELECT CAST($1 AS char), CASE WHEN count(*) = 5 THEN '1' ELSE '0' END, \
            CASE WHEN sum(TABLE_NAME = 'kick_migrations') > 0 THEN '1' ELSE '0' END FROM information_schema.TABLES \
            WHERE TABLE_SCHEMA = COALESCE($1, DATABASE()) AND TABLE_NAME IN \
            ('kick_migrations', 'kick_migrations_lock', 'kick_operations', 'kick_lease', 'kick_progress')",
    begin: "START TRANSACTION",
    now: "SYSDATE(6)",
    millis: "CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS signed)",
    version: "SELECT CAST(version() AS char)",
    text: "char",
    hex: "lower(hex({}))",
    // The session's time zone is UTC: the driver sets it.
    utc: "DATE_FORMAT({}, '%Y-%m-%dT%H:%i:%sZ')",
    moment: "STR_TO_DATE({}, '%Y-%m-%dT%H:%i:%sZ')",
    refusal,
    stands_alone,
    limits,
    unlimited: &[
        "SET SESSION lock_wait_timeout = DEFAULT, innodb_lock_wait_timeout = DEFAULT /*M! , max_statement_time = DEFAULT */",
    ],
    session: Some(SessionLock {
        try_take: "SELECT CASE WHEN GET_LOCK(CONCAT('kickdb.', MD5(DATABASE())), 0) = 1 THEN '1' ELSE '0' END",
        release: "SELECT CAST(RELEASE_ALL_LOCKS() AS char)",
        holder: "SELECT CAST(ID AS char), CASE COMMAND WHEN 'Sleep' THEN 'idle' ELSE LOWER(COMMAND) END \
                 FROM information_schema.PROCESSLIST WHERE ID = IS_USED_LOCK(CONCAT('kickdb.', MD5(DATABASE())))",
        id: "SELECT CAST(CONNECTION_ID() AS char)",
        interrupt: "KILL QUERY $1",
        end: "KILL $1",
    }),
    foreign_keys: None,
    rebuild: None,
    impatient: None,
    one_schema: None,
    holders: Some(HOLDERS),
};

/// Everything but what changes rows commits by itself (Knowledge Base, "SQL statements that cause an implicit commit"), or
/// has no effect that could be rolled back. A routine may do either: where it commits, what is noted after it is as late as
/// it would be otherwise.
fn stands_alone(sql: &str) -> bool {
    let words = first_words(sql, Lexis::MYSQL, 2);
    !matches!(
        words.first().map(String::as_str),
        Some("INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "WITH" | "SELECT" | "LOAD" | "CALL")
    )
}

pub(super) const SCRATCH: Scratch = Scratch::Server {
    create: "SELECT CONCAT('CREATE DATABASE `', $1, '` CHARACTER SET ', @@character_set_database, \
             ' COLLATE ', @@collation_database)",
    drop: "DROP DATABASE IF EXISTS `{}`",
    session: "SELECT CAST(CONNECTION_ID() AS char)",
    // Everybody may ask for a lock; of other sessions a user may see only his own.
    hold: Some("SELECT CAST(GET_LOCK($1, 0) AS char)"),
    left: "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA \
           WHERE SCHEMA_NAME REGEXP '^kickdb_proof_[0-9]+_[0-9]+_[0-9]+$' AND IS_FREE_LOCK(SCHEMA_NAME) = 1",
};

/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>
fn refusal(code: &str) -> Refusal {
    match code {
        // ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK
        "1205" | "1213" => Refusal::Busy,
        // ER_TABLE_EXISTS_ERROR, ER_DUP_KEYNAME, ER_DUP_ENTRY
        "1050" | "1061" | "1062" => Refusal::Exists,
        // ER_QUERY_INTERRUPTED, ER_STATEMENT_TIMEOUT
        "1317" | "1969" => Refusal::Stopped,
        // ER_DBACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR, ER_SPECIFIC_ACCESS_DENIED_ERROR,
        // ER_PROCACCESS_DENIED_ERROR, ER_BINLOG_CREATE_ROUTINE_NEED_SUPER
        "1044" | "1142" | "1143" | "1227" | "1370" | "1419" => Refusal::Forbidden,
        _ => Refusal::Other,
    }
}

/// Which table a transaction has is told by a plugin alone, so these are the ones that are open at all, the oldest first.
const HOLDERS: &str = "SELECT CONCAT('perhaps connection ', CAST(p.ID AS char), ' of ', p.USER, '@', p.HOST, ', in a transaction since ', \
     DATE_FORMAT(t.trx_started, '%H:%i:%s'), ' by the server''s clock (KILL ', CAST(p.ID AS char), ' ends it)') \
     FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id \
     WHERE p.ID <> CONNECTION_ID() AND p.DB = DATABASE() ORDER BY t.trx_started LIMIT 3";

/// The message, with what to do about it where the server does not say that: by the numbers of
/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>.
fn told(_: &Mysql, server: &dyn sqlx::error::DatabaseError, _: &str) -> String {
    let message = server.message();
    let number = server
        .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
        .map(|error| error.number());
    match number {
        // ER_DBACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR
        Some(1044 | 1142 | 1143) => {
            let user = message
                .split(" to user ")
                .nth(1)
                .and_then(|rest| rest.split_whitespace().next());
            let user = user.map_or("this user", |user| user.trim_end_matches(','));
            format!(
                "{message}; whoever migrates needs all rights in its database: GRANT ALL PRIVILEGES ON `<database>`.* TO {user}"
            )
        }
        // ER_OPTION_PREVENTS_STATEMENT
        Some(1290) if message.contains("read-only") || message.contains("read_only") => {
            format!(
                "{message}; this is a replica, or a server that is set to be read only: connect to the primary, or look at `SELECT @@read_only`"
            )
        }
        _ => message.to_owned(),
    }
}

/// Waiting for a table counts in whole seconds. What limits a statement's time is MariaDB's; MySQL limits only `SELECT`.
fn limits(limits: &Limits) -> Vec<String> {
    // A year, the most that a wait can last.
    let lock = limits
        .lock
        .map_or(31_536_000, |limit| limit.as_secs().clamp(1, 31_536_000));
    let statement = limits.statement.map_or(0.0, |limit| limit.as_secs_f64().max(0.001));
    vec![format!(
        "SET SESSION lock_wait_timeout = {lock}, innodb_lock_wait_timeout = {lock} /*M! , max_statement_time = {statement} */"
    )]
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn numbered_placeholders_become_question_marks_outside_of_texts() {
        let (sql, order) = placeholders("SELECT $2, '$1', COALESCE($1, $2) FROM `$3` AS \"k\"");
        assert_eq!(sql, "SELECT ?, '$1', COALESCE(?, ?) FROM `$3` AS `k`");
        assert_eq!(order, [2, 1, 2]);
    }
}
