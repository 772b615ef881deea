//! What the rules say about rewrites, scans and locks, against what the server does.

use kickdb_core::lint::Harm;
use kickdb_testdb::Engine;

use super::engine::{Tried, slow};

const TABLES: &[&str] = &[
    "CREATE TABLE o (id int PRIMARY KEY)",
    "INSERT INTO o SELECT generate_series(1, 100)",
    "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), n int NOT NULL, d numeric(8, 2), p int, \
     CONSTRAINT p_is_set CHECK (p IS NOT NULL), CONSTRAINT late CHECK (a > 0))",
    "INSERT INTO t SELECT g, g, 'x', g, 1, 1 FROM generate_series(1, 100) g",
    "CREATE INDEX t_a ON t (a)",
    "CREATE UNIQUE INDEX t_n ON t (n)",
    "CREATE MATERIALIZED VIEW v AS SELECT id FROM t",
];

const STATEMENTS: &[&str] = &[
    "ALTER TABLE t ADD COLUMN z int",
    "ALTER TABLE t ADD COLUMN z int NOT NULL DEFAULT 3",
    "ALTER TABLE t ADD COLUMN z timestamptz DEFAULT now()",
    "ALTER TABLE t ADD COLUMN z uuid DEFAULT gen_random_uuid()",
    "ALTER TABLE t ADD COLUMN z float DEFAULT random()",
    "ALTER TABLE t ADD COLUMN z timestamptz DEFAULT clock_timestamp()",
    "ALTER TABLE t ADD COLUMN z serial",
    "ALTER TABLE t ADD COLUMN z bigint GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE t ADD COLUMN z int GENERATED ALWAYS AS (a + 1) STORED",
    "ALTER TABLE t ADD COLUMN z int CHECK (z > 0)",
    "ALTER TABLE t ADD COLUMN z int REFERENCES o",
    "ALTER TABLE t ADD COLUMN z int DEFAULT 1 REFERENCES o",
    "ALTER TABLE t ADD COLUMN z int UNIQUE",
    "ALTER TABLE t ALTER COLUMN a TYPE bigint",
    "ALTER TABLE t ALTER COLUMN b TYPE varchar(40)",
    "ALTER TABLE t ALTER COLUMN b TYPE varchar(10)",
    "ALTER TABLE t ALTER COLUMN b TYPE text",
    "ALTER TABLE t ALTER COLUMN d TYPE numeric(10, 2)",
    "ALTER TABLE t ALTER COLUMN d TYPE numeric(10, 3)",
    "ALTER TABLE t ALTER COLUMN d TYPE numeric",
    "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
    "ALTER TABLE t ALTER COLUMN p SET NOT NULL",
    "ALTER TABLE t ALTER COLUMN n SET NOT NULL",
    "ALTER TABLE t ALTER COLUMN n DROP NOT NULL",
    "ALTER TABLE t ALTER COLUMN a SET DEFAULT 5",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
    "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES o (id)",
    "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES o (id) NOT VALID",
    "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
    "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX t_n",
    "ALTER TABLE t ADD CONSTRAINT e EXCLUDE (a WITH =)",
    "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (n)",
    "ALTER TABLE t DROP COLUMN a",
    "ALTER TABLE t DROP CONSTRAINT late",
    "ALTER TABLE t RENAME COLUMN a TO z",
    "ALTER TABLE t SET UNLOGGED",
    "ALTER TABLE t SET (fillfactor = 70)",
    "CREATE INDEX i ON t (b)",
    "CREATE UNIQUE INDEX i ON t (a) WHERE a > 50",
    "DROP INDEX t_a",
    "REINDEX TABLE t",
    "CLUSTER t USING t_a",
];

/// Locks that keep others from writing.
const HEAVY: &[&str] = &[
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
];

/// The file of the table, how many of its rows this session has read, and the locks that it holds.
const SEEN: &str = "SELECT pg_relation_filenode('t')::text, pg_stat_get_xact_tuples_returned('t'::regclass)::text, \
     (SELECT string_agg(mode, ' ') FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 't'::regclass)";

#[tokio::test]
async fn what_rewrites_or_reads_the_table_is_what_the_rules_say() {
    let Some(mut server) = Tried::after(Engine::Postgres, TABLES).await else {
        return;
    };
    for sql in STATEMENTS {
        server.run("BEGIN").await;
        let before = server.row(SEEN).await;
        server.run(sql).await;
        let seen = server.row(SEEN).await;
        server.run("ROLLBACK").await;
        let rewrote = before[0] != seen[0];
        let read = before[1] != seen[1];
        let locks = seen[2].as_deref().unwrap_or_default();
        let heavy = locks.split(' ').any(|lock| HEAVY.contains(&lock));

        let found = server.found(sql);
        let told = found.iter().any(|finding| finding.rule.harm == Harm::Rewrite);
        assert_eq!(told, rewrote, "{sql}: written anew? {found:?}");
        assert_eq!(
            !slow(&found).is_empty(),
            read && heavy,
            "{sql}: read under {locks}? {found:?}"
        );
    }
}

#[tokio::test]
async fn a_validation_reads_while_others_write() {
    let Some(mut server) = Tried::after(Engine::Postgres, TABLES).await else {
        return;
    };
    server
        .run("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID")
        .await;
    server.run("BEGIN").await;
    let sql = "ALTER TABLE t VALIDATE CONSTRAINT c";
    server.run(sql).await;
    let locks = server
        .row("SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 't'::regclass")
        .await;
    server.run("ROLLBACK").await;
    assert_eq!(locks[0].as_deref(), Some("ShareUpdateExclusiveLock"));
    assert!(slow(&server.found(sql)).is_empty());
}

#[tokio::test]
async fn what_cannot_run_in_a_transaction_is_refused_there() {
    let Some(mut server) = Tried::after(Engine::Postgres, TABLES).await else {
        return;
    };
    for sql in [
        "CREATE INDEX CONCURRENTLY i ON t (b)",
        "DROP INDEX CONCURRENTLY t_a",
        "REINDEX TABLE CONCURRENTLY t",
        "VACUUM t",
        "ALTER SYSTEM RESET work_mem",
        "REFRESH MATERIALIZED VIEW v",
        "CREATE INDEX i ON t (b)",
    ] {
        server.run("BEGIN").await;
        let refused = server.refusal(sql).await.is_some();
        server.run("ROLLBACK").await;
        let found = server.found(&format!("BEGIN; {sql}; ROLLBACK"));
        let told = found.iter().any(|finding| finding.rule.code == "needs_no_transaction");
        assert_eq!(told, refused, "{sql}");
    }
}

#[tokio::test]
async fn a_new_enum_value_cannot_be_used_at_once() {
    let tables = &["CREATE TYPE state AS ENUM ('open')", "CREATE TABLE t (s state)"];
    let Some(mut server) = Tried::after(Engine::Postgres, tables).await else {
        return;
    };
    let steps = [
        "BEGIN",
        "ALTER TYPE state ADD VALUE 'done'",
        "UPDATE t SET s = 'done' WHERE s = 'open'",
    ];
    server.run(steps[0]).await;
    server.run(steps[1]).await;
    assert!(
        server
            .refusal(steps[2])
            .await
            .is_some_and(|error| error.contains("unsafe use"))
    );
    server.run("ROLLBACK").await;
    let found = server.found(&steps.join(";\n"));
    assert!(found.iter().any(|finding| finding.rule.code == "enum_value_at_once"));
}
