mod words;

use std::time::Duration;

use futures_core::future::BoxFuture;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::{
    Arg, Connection, Limits, Phrases, Refusal, Row, Scratch, SessionLock, Snapshot, failed, redact, refused, rejected,
    server_code, through_sqlx, values,
};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::lex::{Lexis, first_words};

#[path = "concurrent.rs"]
mod concurrent;

#[path = "pooled.rs"]
mod pooled;

use self::concurrent::Concurrent;
use self::pooled::Pooled;

/// How long a server may take to answer before it counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(15);

struct Postgres {
    inner: PgConnection,
    url: String,
    target: String,
    /// The role that it is connected as.
    role: String,
    dialect: &'static dyn Dialect,
}

pub(super) fn open(url: String, dialect: &'static dyn Dialect) -> BoxFuture<'static, Result<Box<dyn Connection>>> {
    Box::pin(async move {
        let (inner, direct) = marked(&url).await?;
        let target = redact(&url);
        let role = role(&url);
        let connection = Postgres {
            inner,
            url,
            target,
            role,
            dialect,
        };
        Ok(match direct {
            true => Box::new(connection) as Box<dyn Connection>,
            false => Box::new(Pooled::new(connection)),
        })
    })
}

/// A setting of the session that comes with the login. A pooler in between refuses it or does not pass it on, since its
/// sessions were there before.
const MARK: &str = "kickdb.direct";

/// A connection, and whether it is a session of the server.
async fn marked(url: &str) -> Result<(PgConnection, bool)> {
    match login(url, true).await {
        Ok(mut inner) => {
            let sql = format!("SELECT pg_catalog.current_setting('{MARK}', true)");
            let row = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).fetch_one(&mut inner).await;
            let mark =
                row.map_err(|error| rejected(&redact(url), &sql, error, |server| server.message().to_owned()))?;
            let direct = values(&mark)?.first().and_then(Option::as_deref) == Some("yes");
            Ok((inner, direct))
        }
        // protocol_violation (pgbouncer), feature_not_supported (Amazon's proxy), undefined_object
        Err(error) if matches!(server_code(&error).as_deref(), Some("08P01" | "0A000" | "42704")) => {
            Ok((login(url, false).await?, false))
        }
        Err(error) => Err(error),
    }
}

fn role(url: &str) -> String {
    let options = url.parse::<PgConnectOptions>();
    options.map_or_else(|_| "this role".to_owned(), |options| options.get_username().to_owned())
}

/// Opens the driver's own connection.
pub(in crate::dialect) async fn establish(url: &str) -> Result<PgConnection> {
    login(url, false).await
}

async fn login(url: &str, mark: bool) -> Result<PgConnection> {
    let mut options: PgConnectOptions = url.parse().map_err(|error| refused(url, error, |_, _| None))?;
    // Since version 12 numbers are exact without it, and a pooler may refuse what it does not know.
    options = options.extra_float_digits(None);
    if mark {
        options = options.options([(MARK, "yes")]);
    }
    if options.get_application_name().is_none() {
        options = options.application_name("kickdb");
    }
    let options = options.disable_statement_logging();
    match tokio::time::timeout(PATIENCE, options.connect()).await {
        Ok(Ok(inner)) => Ok(inner),
        Ok(Err(error)) => Err(refused(url, error, |code, message| explain(&options, code, message))),
        Err(_) => Err(failed(
            url,
            format!("the server did not answer within {PATIENCE:?}; is it reachable from here?"),
        )),
    }
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
        "42501" => {
            let (database, role) = (
                options.get_database().unwrap_or(options.get_username()),
                options.get_username(),
            );
            Some(format!("{message}; GRANT CONNECT ON DATABASE {database} TO {role}"))
        }
        "53300" => Some(format!("{message}; the server has no connection left")),
        _ => None,
    }
}

impl Postgres {
    /// The driver itself goes on behind a statement whose future was dropped.
    async fn ready(&mut self) -> Result<()> {
        Ok(())
    }

    fn answered(&mut self) {}
}

impl Connection for Postgres {
    through_sqlx!(words::told);

    /// What is done concurrently consists of several transactions of the server's own, and may stop between them.
    fn clear_way<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            if Concurrent::of(sql).is_some() {
                // It waits for every older transaction, but holds up none: a limit would only make it fail half-way.
                self.execute("SET lock_timeout = 0").await?;
            }
            clear(self, sql).await
        })
    }

    fn another(&self) -> BoxFuture<'static, Result<Option<Box<dyn Connection>>>> {
        let opening = open(self.url.clone(), self.dialect);
        Box::pin(async move { opening.await.map(Some) })
    }
}

/// Clears away what a broken-off attempt at something concurrent left behind; `true` where it is done.
async fn clear(connection: &mut dyn Connection, sql: &str) -> Result<bool> {
    let Some((work, (question, names))) = Concurrent::of(sql).and_then(|work| {
        let question = work.question()?;
        let (question, names) = (question.0, question.1.into_iter().map(Arg::from).collect::<Vec<_>>());
        Some((work, (question, names)))
    }) else {
        return Ok(false);
    };
    let found = connection.query(question, &names).await?;
    let state = found.first().and_then(|row| row.first()).and_then(Option::as_deref);
    if let Some(remedy) = work.remedy(state) {
        connection.execute(&remedy).await?;
    }
    Ok(work.is_done(state))
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

/// What the reference of PostgreSQL 17 forbids inside of a transaction block, what begins or ends one, and what may do so
/// in its body.
fn stands_alone(sql: &str) -> bool {
    let words = first_words(sql, Lexis::POSTGRES, 12);
    let mut words = words.iter().map(String::as_str);
    match words.next().unwrap_or_default() {
        "VACUUM" | "CLUSTER" | "REINDEX" | "DISCARD" | "CHECKPOINT" | "CALL" | "DO" | "SET" | "RESET" | "BEGIN"
        | "START" | "COMMIT" | "END" | "ROLLBACK" | "ABORT" | "SAVEPOINT" | "RELEASE" | "PREPARE" => true,
        "CREATE" | "DROP" | "ALTER" | "REFRESH" => {
            let mut rest = words.peekable();
            matches!(
                rest.peek(),
                Some(&("DATABASE" | "TABLESPACE" | "SYSTEM" | "SUBSCRIPTION"))
            ) || rest.any(|word| word == "CONCURRENTLY")
        }
        _ => false,
    }
}

/// What the planner knows of the table and its partitions; for one that was never analyzed, what fits into its file.
const ROWS: &str = "SELECT CAST(CAST(sum(CASE WHEN p.reltuples >= 0 THEN p.reltuples ELSE pg_relation_size(p.oid) / 100 END) AS bigint) AS text) \
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     JOIN pg_class p ON p.oid = c.oid OR p.oid IN (SELECT relid FROM pg_partition_tree(c.oid)) \
     WHERE lower(c.relname) = lower($2) AND c.relkind IN ('r', 'p', 'm') AND p.relkind IN ('r', 'm') \
     AND CASE WHEN CAST($1 AS text) IS NULL THEN pg_table_is_visible(c.oid) ELSE lower(n.nspname) = lower($1) END \
     GROUP BY c.oid";

/// Whoever has any lock on the table, the one that has been in its transaction for longest first.
const HOLDERS: &str = "SELECT 'session ' || a.pid || ' of ' || COALESCE(CAST(a.usename AS text), 'nobody') \
     || COALESCE(' (' || NULLIF(a.application_name, '') || ')', '') || ', ' || COALESCE(a.state, 'at work') \
     || COALESCE(' in a transaction since ' || pg_catalog.to_char(a.xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS') || ' UTC', '') \
     || ' (SELECT pg_terminate_backend(' || a.pid || ') ends it)' \
     FROM (SELECT DISTINCT l.pid FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation \
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
       WHERE l.granted AND l.locktype = 'relation' AND lower(c.relname) = lower($2) AND l.pid <> pg_catalog.pg_backend_pid() \
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
       AND CASE WHEN CAST($1 AS text) IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE lower(n.nspname) = lower($1) END) h \
     JOIN pg_catalog.pg_stat_activity a ON a.pid = h.pid ORDER BY a.xact_start LIMIT 3";

/// The number in it is `kickdb` in ASCII: the key of the advisory lock.
const PHRASES: Phrases = Phrases {
    snapshot: Some(Snapshot {
        // The queries of the catalog are long: compiling one takes several times as long as answering it.
        begin: "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL jit = off",
        changed: concat!(
            // The first transaction that this one does not see, and the one that comes next: `age` tells the latter by its
            // distance, as it is when a transaction first asks for it.
            "SELECT CASE WHEN NOT EXISTS (SELECT FROM pg_snapshot_xip(pg_current_snapshot())) \
             AND CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) & 4294967295 \
             = (CAST(age('3'::xid) AS bigint) + 3) & 4294967295 THEN '' ELSE (",
            include_str!("catalog/fingerprint.sql"),
            ") END"
        ),
        fingerprint: include_str!("catalog/fingerprint.sql"),
    }),
    holders: Some(HOLDERS),
    one_schema: Some(("SET kickdb.one_schema = 'on'", "RESET kickdb.one_schema")),
    culprits: Some(crate::dialect::postgres::culprits::find),
    rows: |schema, name| {
        (
            ROWS.to_owned(),
            vec![schema.map_or(Arg::Null, Arg::from), Arg::from(name)],
        )
    },
    tables: &[
        "CREATE TABLE IF NOT EXISTS {p}\"kick_migrations\" (\n  \"id\" varchar(128) PRIMARY KEY, \"name\" text NOT NULL, \
         \"hash\" text NOT NULL, \"batch\" integer NOT NULL,\n  \"applied_at\" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP, \
         \"direction\" varchar(8) NOT NULL DEFAULT 'up')",
        "CREATE INDEX IF NOT EXISTS \"kick_migrations_batch_idx\" ON {p}\"kick_migrations\" (\"batch\")",
        "CREATE TABLE IF NOT EXISTS {p}\"kick_migrations_lock\" (\n  \"id\" smallint PRIMARY KEY, \"locked_at\" timestamptz, \
         \"locked_by\" text)",
        "CREATE TABLE IF NOT EXISTS {p}\"kick_operations\" (\n  \"id\" text PRIMARY KEY, \"operation_type\" text NOT NULL, \
         \"applied_at\" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,\n  \"duration_ms\" integer NOT NULL, \
         \"applied_by\" text NOT NULL, \"notes\" text)",
        "CREATE TABLE IF NOT EXISTS {p}\"kick_lease\" (\n  \"id\" smallint PRIMARY KEY, \"owner\" text NOT NULL, \
         \"beat\" bigint NOT NULL, \"expires_at\" bigint NOT NULL)",
        "CREATE TABLE IF NOT EXISTS {p}\"kick_progress\" (\n  \"id\" varchar(128) PRIMARY KEY, \"direction\" varchar(8) NOT NULL, \
         \"hash\" text NOT NULL, \"done\" integer NOT NULL, \"attempted\" integer NOT NULL)",
        "INSERT INTO {p}\"kick_migrations_lock\" (\"id\") VALUES (1) ON CONFLICT DO NOTHING",
    ],
    place: PLACE,
    // Under a stricter default, the heartbeat on the other connection would be a conflict.
    begin: "BEGIN ISOLATION LEVEL READ COMMITTED",
    now: "pg_catalog.clock_timestamp()",
    millis: "CAST(EXTRACT(EPOCH FROM pg_catalog.clock_timestamp()) * 1000 AS bigint)",
    version: "SELECT pg_catalog.current_setting('server_version')",
    text: "text",
    hex: "encode({}, 'hex')",
    utc: "pg_catalog.to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
    moment: "CAST({} AS timestamptz)",
    refusal,
    stands_alone,
    limits,
    unlimited: &["RESET lock_timeout", "RESET statement_timeout"],
    session: Some(SessionLock {
        // Each schema has its own, for tenants that are schemas; that of `public` is the number itself.
        try_take: "SELECT CASE WHEN pg_catalog.pg_try_advisory_lock(118100383720546 # CASE pg_catalog.current_schema() \
                   WHEN 'public' THEN 0 ELSE CAST(pg_catalog.hashtext(pg_catalog.current_schema()) & 2147483647 AS bigint) END) \
                   THEN '1' ELSE '0' END",
        release: "SELECT pg_catalog.pg_advisory_unlock_all()",
        holder: HOLDER,
        id: "SELECT CAST(pg_catalog.pg_backend_pid() AS text)",
        interrupt: "SELECT CAST(pg_catalog.pg_cancel_backend(CAST($1 AS integer)) AS text)",
        end: "SELECT CAST(pg_catalog.pg_terminate_backend(CAST($1 AS integer)) AS text)",
    }),
    foreign_keys: None,
    rebuild: None,
    impatient: None,
};

/// Where the tables are: in the schema that was asked for, else where the search path finds them, else where it creates.
const PLACE: &str = "SELECT CAST(n.nspname AS text),
    CASE WHEN (SELECT count(*) FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid
        AND c.relname IN ('kick_migrations', 'kick_migrations_lock', 'kick_operations', 'kick_lease', 'kick_progress')) = 5
      THEN '1' ELSE '0' END,
    CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'kick_migrations')
      THEN '1' ELSE '0' END
    FROM pg_catalog.pg_namespace n WHERE n.nspname = COALESCE(CAST($1 AS name),
      (SELECT k.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace k ON k.oid = c.relnamespace
        WHERE c.oid = pg_catalog.to_regclass('kick_migrations')),
      pg_catalog.current_schema())";

/// The key's halves are `classid` and `objid`, see the documentation of `pg_locks`.
const HOLDER: &str = "SELECT CAST(l.pid AS text), CASE WHEN a.state LIKE 'idle in transaction%' THEN 'waiting'
      ELSE COALESCE(a.state, 'unknown') END
    FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
      AND (CAST(l.classid AS bigint) << 32) | CAST(l.objid AS bigint) = 118100383720546 # CASE pg_catalog.current_schema()
        WHEN 'public' THEN 0 ELSE CAST(pg_catalog.hashtext(pg_catalog.current_schema()) & 2147483647 AS bigint) END";

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
pub(super) const SCRATCH: Scratch = Scratch::Server {
    // From the one template that nobody puts anything into.
    create: "SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', \
             $1::text, pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype) \
             FROM pg_catalog.pg_database WHERE datname = current_database()",
    drop: "DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)",
    session: "SELECT pg_catalog.pg_backend_pid()::text",
    hold: None,
    left: "SELECT d.datname::text FROM pg_catalog.pg_database d \
           WHERE d.datname ~ '^kickdb_proof_[0-9]+_[0-9]+_[0-9]{1,9}$' \
             AND pg_catalog.pg_get_userbyid(d.datdba) = current_user AND NOT EXISTS ( \
               SELECT FROM pg_catalog.pg_stat_activity a \
               WHERE a.datname = d.datname OR a.pid = split_part(d.datname::text, '_', 5)::integer)",
};

fn refusal(code: &str) -> Refusal {
    match code {
        // lock_not_available, deadlock_detected, serialization_failure
        "55P03" | "40P01" | "40001" => Refusal::Busy,
        // unique_violation (on the catalog, when two create at once), duplicate_table, duplicate_object
        "23505" | "42P07" | "42710" => Refusal::Exists,
        // query_canceled: by statement_timeout or pg_cancel_backend
        "57014" => Refusal::Stopped,
        // insufficient_privilege, undefined_file (of an extension)
        "42501" | "58P01" => Refusal::Forbidden,
        _ => Refusal::Other,
    }
}

fn limits(limits: &Limits) -> Vec<String> {
    let set = if limits.local { "SET LOCAL" } else { "SET" };
    let millis = |limit: Option<Duration>| limit.map_or(0, |limit| limit.as_millis().max(1));
    vec![
        format!("{set} lock_timeout = {}", millis(limits.lock)),
        format!("{set} statement_timeout = {}", millis(limits.statement)),
    ]
}

#[cfg(test)]
mod tests {
    use super::stands_alone;

    #[test]
    fn what_cannot_run_in_a_transaction_is_known() {
        for sql in [
            "VACUUM",
            "-- why\ncreate index concurrently i on t (a)",
            "DROP DATABASE d",
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
            "CALL work()",
        ] {
            assert!(stands_alone(sql), "{sql}");
        }
        for sql in [
            "CREATE INDEX i ON t (a)",
            "UPDATE t SET a = 1",
            "ALTER TYPE e ADD VALUE 'x'",
        ] {
            assert!(!stands_alone(sql), "{sql}");
        }
    }
}
