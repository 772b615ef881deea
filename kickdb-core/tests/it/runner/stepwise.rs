//! Migrations that run outside of transactions, statement by statement.

use kickdb_core::Error;
use kickdb_core::runner::State;
use kickdb_testdb::Engine;

use super::place::{Draft, on_each, on_every, quick};

const A: &str = "20260101_000000_steps";

#[test]
fn a_stopped_migration_goes_on_where_it_stopped() {
    on_each(async |place| {
        let up = "CREATE TABLE one (id integer);\nINSERT INTO one VALUES (1);\nINSERT INTO two VALUES (2);\nINSERT INTO one VALUES (3);";
        place.add(&Draft {
            transaction: false,
            ..Draft::new(A, up, "DROP TABLE one;\nDROP TABLE three")
        });
        let mut runner = place.runner(quick()).await;
        let Err(Error::MigrationFailed(failed)) = runner.latest().await else {
            panic!("there is no second table");
        };
        assert_eq!((failed.statement, failed.line), (3, 3));
        assert!(failed.state.contains("2 of its 4 statements are done"), "{failed}");
        assert_eq!(place.applied().await, "");
        let standings = runner.status().await.unwrap();
        assert!(
            matches!(standings[0].state, State::Stopped { done: 2, .. }),
            "{standings:?}"
        );

        place.execute("CREATE TABLE two (id integer)").await;
        let planned = runner.plan(&kickdb_core::runner::Goal::Up).await.unwrap();
        assert_eq!(planned[0].done, 2);
        runner.latest().await.unwrap();
        assert_eq!(
            place.ask("SELECT CAST(id AS text) FROM one ORDER BY id").await,
            "1 3",
            "nothing ran twice"
        );
        assert_eq!(place.applied().await, format!("{A}@1"));
        assert_eq!(place.ask("SELECT id FROM kick_progress").await, "");

        // Half-way back only leads further back.
        assert_eq!(runner.down().await.unwrap_err().code(), "migration_failed");
        assert_eq!(runner.latest().await.unwrap_err().code(), "validation");
        place.execute("CREATE TABLE three (id integer)").await;
        runner.down().await.unwrap();
        assert_eq!(place.applied().await, "");
        assert!(place.is_free().await);
    });
}

#[test]
fn a_changed_script_does_not_go_on_by_numbers() {
    on_every(async |place| {
        place.add(&Draft {
            transaction: false,
            ..Draft::new(
                A,
                "CREATE TABLE one (id integer);\nINSERT INTO two VALUES (2);",
                "DROP TABLE one",
            )
        });
        let mut runner = place.runner(quick()).await;
        runner.latest().await.unwrap_err();
        std::fs::remove_file(place.path().join("_journal.json")).unwrap();
        place.add(&Draft {
            transaction: false,
            ..Draft::new(
                A,
                "INSERT INTO one VALUES (1);\nINSERT INTO one VALUES (2);",
                "DROP TABLE one",
            )
        });
        assert_eq!(runner.latest().await.unwrap_err().code(), "migration_hash_mismatch");
    });
}

/// The way out of a script with a mistake in it, where what it has done cannot be taken back.
#[test]
fn a_statement_that_failed_may_be_mended_and_none_that_has_run() {
    on_every(async |place| {
        let write = |first: &str, third: &str| {
            let _ = std::fs::remove_file(place.path().join("_journal.json"));
            let up = format!(
                "CREATE TABLE one (id integer);\nINSERT INTO one VALUES ({first});\n{third};\nCREATE TABLE three (id integer)"
            );
            place.add(&Draft {
                transaction: false,
                ..Draft::new(A, &up, "DROP TABLE three;\nDROP TABLE one")
            });
        };
        write(
            "1",
            "CREATE TABLE two (id integer, FOREIGN KEY (id) REFERENCES nowhere (id)); INSERT INTO nowhere VALUES (1)",
        );
        let mut runner = place.runner(quick()).await;
        let Err(Error::MigrationFailed(failed)) = runner.latest().await else {
            panic!("there is no such table");
        };
        assert!(failed.state.contains("may be mended"), "{failed}");
        let refused = failed.statement;
        let kept = match refused {
            3 => "CREATE TABLE two (id integer)",
            // SQLite looks for the other table when there is a row.
            _ => "CREATE TABLE two (id integer, FOREIGN KEY (id) REFERENCES nowhere (id)); INSERT INTO one VALUES (3)",
        };
        write("2", kept);
        let error = runner.latest().await.unwrap_err();
        assert_eq!(error.code(), "migration_hash_mismatch");
        assert!(
            error.to_string().contains("what comes behind them may be changed"),
            "{error}"
        );
        assert_eq!(
            runner
                .repair(kickdb_core::runner::Verdict::Undone)
                .await
                .unwrap_err()
                .code(),
            "migration_hash_mismatch"
        );
        write("1", kept);
        runner.latest().await.unwrap();
        let ran = place.ask("SELECT CAST(id AS char(1)) FROM one ORDER BY id").await;
        assert_eq!(ran, if refused == 3 { "1" } else { "1 3" }, "nothing ran twice");
        assert_eq!(place.ask("SELECT id FROM three").await, "");
        assert_eq!(place.applied().await, format!("{A}@1"));
        assert!(place.is_free().await);
    });
}

#[test]
fn an_index_that_failed_to_build_is_built_again() {
    on_each(async |place| {
        if !place.is(Engine::Postgres) {
            return;
        }
        place.execute("CREATE TABLE people (name text)").await;
        place.execute("INSERT INTO people VALUES ('Ada'), ('Ada')").await;
        place.add(&Draft {
            transaction: false,
            ..Draft::new(
                A,
                "CREATE UNIQUE INDEX CONCURRENTLY people_name ON people (name)",
                "DROP INDEX CONCURRENTLY people_name",
            )
        });
        let mut runner = place.runner(quick()).await;
        let error = runner.latest().await.unwrap_err();
        assert!(error.to_string().contains("people_name"), "{error}");
        let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'people_name'::regclass";
        assert_eq!(place.ask(valid).await, "false", "the engine leaves this behind");
        place
            .execute("DELETE FROM people WHERE ctid = (SELECT min(ctid) FROM people)")
            .await;
        runner.latest().await.unwrap();
        assert_eq!(place.ask(valid).await, "true");

        // Built, but the runner died before it could record it.
        place.execute("DELETE FROM kick_migrations").await;
        let hash = place.journal()["entries"][0]["hash"].as_str().unwrap().to_owned();
        place
            .execute(&format!(
                "INSERT INTO kick_progress VALUES ('{A}', 'up', '{hash}', 0, 1)"
            ))
            .await;
        runner.latest().await.unwrap();
        assert_eq!(place.applied().await, format!("{A}@1"));
        runner.down().await.unwrap();
    });
}
