//! What the rules say that fails, against what fails.

use kickdb_core::lint::Harm;
use kickdb_testdb::Engine;

use super::engine::Tried;

const TABLES: &[&str] = &[
    "CREATE TABLE o (id integer PRIMARY KEY)",
    "CREATE TABLE t (id integer PRIMARY KEY, a int, b text)",
    "INSERT INTO t (a, b) VALUES (1, 'x')",
];

const STATEMENTS: &[&str] = &[
    "ALTER TABLE t ADD COLUMN z int",
    "ALTER TABLE t ADD COLUMN z int NOT NULL",
    "ALTER TABLE t ADD COLUMN z int NOT NULL DEFAULT 1",
    "ALTER TABLE t ADD COLUMN z int UNIQUE",
    "ALTER TABLE t ADD COLUMN z int PRIMARY KEY",
    "ALTER TABLE t ADD COLUMN z int REFERENCES o (id)",
    "ALTER TABLE t ADD COLUMN z int CHECK (z > 0)",
    "ALTER TABLE t ADD COLUMN z text DEFAULT CURRENT_TIMESTAMP",
    "ALTER TABLE t ADD COLUMN z int DEFAULT (random())",
    "ALTER TABLE t ADD COLUMN z int DEFAULT (-1)",
    "ALTER TABLE t ADD COLUMN z text DEFAULT ('x')",
    "ALTER TABLE t ADD COLUMN z int GENERATED ALWAYS AS (a) STORED",
    "ALTER TABLE t ADD COLUMN z int GENERATED ALWAYS AS (a) VIRTUAL",
    "ALTER TABLE t ALTER COLUMN a TYPE bigint",
    "ALTER TABLE t ADD COLUMN y int, ADD COLUMN z int",
    "ALTER TABLE t ADD COLUMN IF NOT EXISTS z int",
    "ALTER TABLE t DROP COLUMN b",
    "ALTER TABLE t RENAME COLUMN b TO c",
    "ALTER TABLE t RENAME TO u",
    "CREATE INDEX i ON t (a)",
];

#[tokio::test]
async fn what_the_rules_say_that_fails_does() {
    let Some(mut server) = Tried::after(Engine::Sqlite, TABLES).await else {
        return;
    };
    for sql in STATEMENTS {
        server.run("BEGIN").await;
        let refused = server.refusal(sql).await;
        server.run("ROLLBACK").await;
        let found = server.found(sql);
        let told = found.iter().any(|finding| finding.rule.harm == Harm::Failure);
        assert_eq!(told, refused.is_some(), "{sql}: {refused:?}, {found:?}");
    }
}

#[tokio::test]
async fn foreign_keys_cannot_be_switched_off_in_a_transaction() {
    let Some(mut server) = Tried::after(Engine::Sqlite, TABLES).await else {
        return;
    };
    server.run("BEGIN").await;
    server.run("PRAGMA foreign_keys = OFF").await;
    let on = server
        .row("SELECT CAST(foreign_keys AS text) FROM pragma_foreign_keys")
        .await;
    server.run("ROLLBACK").await;
    assert_eq!(on[0].as_deref(), Some("1"));
    let found = server.found("BEGIN;\nPRAGMA foreign_keys = OFF;\nROLLBACK;");
    assert!(found.iter().any(|finding| finding.rule.code == "pragma_in_transaction"));
}
