//! Tables that are made anew in SQLite: what hangs on them, and the rows that do not fit.

use kickdb_core::Error;
use kickdb_core::dialect::live::catalog;
use kickdb_core::dialect::sqlite::Sqlite;
use kickdb_core::diff::Renames;
use kickdb_core::plan::{plan, write};
use kickdb_testdb::Engine;

use super::place::{Draft, Place, on, quick};

const A: &str = "20260101_000000_tables";
const B: &str = "20260102_000000_change";
const C: &str = "20260103_000000_narrower";

#[test]
fn a_rebuilt_table_keeps_its_triggers() {
    on(&[Engine::Sqlite], async |place| {
        place.add(&Draft::new(
            A,
            "CREATE TABLE t (id integer PRIMARY KEY, a text, b text); CREATE TABLE log (a text);
             CREATE TRIGGER noted AFTER UPDATE OF a ON t BEGIN INSERT INTO log VALUES (new.a); END;
             CREATE TRIGGER counted AFTER INSERT ON log BEGIN UPDATE t SET b = 'logged'; END;",
            "SELECT 1",
        ));
        let rebuild = |columns: &str, copy: &str| {
            format!(
                "PRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TABLE \"kick_new_t\" ({columns});\nINSERT INTO kick_new_t SELECT {copy} FROM t;\n\
                 DROP TABLE \"t\";\nPRAGMA legacy_alter_table = ON;\n-- back\nALTER TABLE \"kick_new_t\" RENAME TO \"t\";\n\
                 PRAGMA legacy_alter_table = OFF;\nCOMMIT;\nPRAGMA foreign_keys = ON;"
            )
        };
        let same = rebuild("id integer PRIMARY KEY, a text NOT NULL, b text", "id, a, b");
        place.add(&Draft::new(B, &same, &same));
        let mut runner = place.runner(quick()).await;
        runner.latest().await.unwrap();
        place
            .execute("INSERT INTO t VALUES (1, 'x', NULL); UPDATE t SET a = 'y';")
            .await;
        assert_eq!(place.ask("SELECT a FROM log").await, "y");
        assert_eq!(place.ask("SELECT b FROM t").await, "logged");

        let narrower = rebuild("id integer PRIMARY KEY, b text", "id, b");
        place.add(&Draft::new(C, &narrower, "SELECT 1"));
        let mut runner = place.runner(quick()).await;
        let Err(Error::MigrationFailed(failed)) = runner.latest().await else {
            panic!("the trigger needs the column that goes");
        };
        assert!(
            failed.message.contains("hangs on it (`noted`)") && failed.message.contains("no such column"),
            "{failed}"
        );
        assert_eq!(place.ask("SELECT a FROM t").await, "y");
    });
}

/// The plan from what the first statements make to what the second ones make.
async fn planned(from: &str, to: &str) -> String {
    let schema = async |sql: &str| {
        let database = Engine::Sqlite.database();
        let mut connection = kickdb_core::dialect::live::connect(database.url()).await.unwrap();
        connection.execute(sql).await.unwrap();
        let schema = catalog(&mut *connection).await.unwrap();
        connection.close().await.unwrap();
        schema
    };
    let plan = plan(&schema(from).await, &schema(to).await, &Renames::default(), &Sqlite).unwrap();
    write(&[], &plan.up, &Sqlite)
}

/// What the runner says when the change meets these rows; nothing of it may be left.
async fn refusal(place: &Place, from: &str, rows: &str, to: &str) -> String {
    place.add(&Draft::new(A, &format!("{from} {rows}"), "SELECT 1"));
    let up = planned(from, to).await;
    place.add(&Draft::new(B, &up, "SELECT 1"));
    let mut runner = place.runner(quick()).await;
    let Err(Error::MigrationFailed(failed)) = runner.latest().await else {
        panic!("the rows do not fit");
    };
    assert_eq!(place.applied().await, format!("{A}@1"), "{failed}");
    failed.to_string()
}

#[test]
fn rows_that_a_change_cannot_take_are_named() {
    let from = "CREATE TABLE t (id integer PRIMARY KEY, a text, b text);";
    let rows = "INSERT INTO t VALUES (1, 'x', 'k'), (2, NULL, 'k'), (3, NULL, 'l'), (4, 'y', NULL), (5, 'z', NULL);";
    for (to, said) in [
        (
            "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL, b text);",
            "`t.a` is NULL in the rows: id 2; id 3; change them first",
        ),
        (
            "CREATE TABLE t (id integer PRIMARY KEY, a text, b text CHECK (b <> 'l'));",
            "the check (\"b\" <> 'l') does not hold for the rows of `t`: id 3; change them first",
        ),
        (
            "CREATE TABLE t (id integer PRIMARY KEY, a text, b text UNIQUE);",
            "rows of `t` have the same (\"b\"): id 1, id 2; change them first",
        ),
        (
            "CREATE TABLE t (id integer PRIMARY KEY, a text, b text); CREATE UNIQUE INDEX i ON t (lower(b)) WHERE id < 9;",
            "rows of `t` have the same (lower(\"b\")): id 1, id 2; change them first",
        ),
        (
            "CREATE TABLE t (id integer, a text, b text PRIMARY KEY);",
            "rows of `t` have the same (\"b\"): id 1, id 2; change them first",
        ),
        (
            "CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);",
            "is not a whole number as it is written, in the row with id 1",
        ),
        (
            "CREATE TABLE o (k text PRIMARY KEY); CREATE TABLE t (id integer PRIMARY KEY, a text, b text REFERENCES o (k));",
            "3 rows of `t` would point to no row of `o`",
        ),
    ] {
        on(&[Engine::Sqlite], async |place| {
            let failed = refusal(place, from, rows, to).await;
            assert!(failed.contains(said), "{failed}");
            assert_eq!(place.ask("SELECT count(*) || '' FROM t").await, "5");
        });
    }
}

#[test]
fn a_view_that_nobody_declared_is_not_left_broken() {
    let from = "CREATE TABLE t (id integer PRIMARY KEY, a text, b text); CREATE TABLE u (id integer PRIMARY KEY); CREATE VIEW known AS SELECT 1;";
    let hand = "CREATE VIEW by_hand AS SELECT a FROM t; CREATE TRIGGER by_hand_too AFTER INSERT ON u BEGIN UPDATE t SET a = 'x'; END;";
    for to in [
        // In place, by a rebuild, and with the whole table.
        "CREATE TABLE t (id integer PRIMARY KEY, b text); CREATE TABLE u (id integer PRIMARY KEY); CREATE VIEW known AS SELECT 1;",
        "CREATE TABLE t (id integer PRIMARY KEY, b text NOT NULL); CREATE TABLE u (id integer PRIMARY KEY); CREATE VIEW known AS SELECT 1;",
        "CREATE TABLE u (id integer PRIMARY KEY); CREATE VIEW known AS SELECT 1;",
    ] {
        on(&[Engine::Sqlite], async |place| {
            let failed = refusal(place, from, hand, to).await;
            assert!(
                failed.contains("by_hand") && failed.contains("make it again as it should be"),
                "{failed}"
            );
        });
    }
}
