//! There and back: applying, reversing, refusing.

use kickdb_core::Error;
use kickdb_core::runner::{Direction, Goal, Options, State};
use kickdb_testdb::Engine;

use super::place::{Draft, Place, on_each, on_every, quick};

const A: &str = "20260101_000000_people";
const B: &str = "20260102_000000_notes";
const C: &str = "20260103_000000_tags";

fn three(place: &Place) {
    place.add(&Draft::new(
        A,
        "CREATE TABLE people (id integer PRIMARY KEY)",
        "DROP TABLE people",
    ));
    place.add(&Draft::new(
        B,
        "CREATE TABLE notes (id integer PRIMARY KEY)",
        "DROP TABLE notes",
    ));
    place.add(&Draft::new(
        C,
        "CREATE TABLE tags (id integer PRIMARY KEY)",
        "DROP TABLE tags",
    ));
}

/// The tables of the application, by name.
async fn tables(place: &Place) -> String {
    place
        .ask(match place.database.engine() {
            Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'kick%' ORDER BY 1",
            Engine::Mysql => {
                "SELECT CAST(table_name AS char) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'kick%' ORDER BY 1"
            }
            _ => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'kick%' ORDER BY 1",
        })
        .await
}

#[test]
fn every_goal_there_and_back() {
    on_every(async |place| {
        three(place);
        let mut runner = place.runner(quick()).await;

        let report = runner.up().await.unwrap();
        assert_eq!((report.done.len(), report.batch), (1, Some(1)));
        assert_eq!(place.applied().await, format!("{A}@1"));

        let planned = runner.plan(&Goal::Latest).await.unwrap();
        assert_eq!(planned.len(), 2);
        assert_eq!(
            planned[0].statements[0].sql,
            "CREATE TABLE notes (id integer PRIMARY KEY)"
        );
        assert_eq!(tables(place).await, "people", "a plan changes nothing");

        let report = runner.latest().await.unwrap();
        assert_eq!((report.done.len(), report.batch), (2, Some(2)));
        assert_eq!(place.applied().await, format!("{A}@1 {B}@2 {C}@2"));
        assert!(runner.latest().await.unwrap().done.is_empty(), "twice is nothing to do");

        let report = runner.redo().await.unwrap();
        assert_eq!(
            report.done.iter().map(|done| done.direction).collect::<Vec<_>>(),
            [Direction::Down, Direction::Up]
        );
        assert_eq!(place.applied().await, format!("{A}@1 {B}@2 {C}@3"));

        runner.down().await.unwrap();
        assert_eq!(tables(place).await, "notes people");
        runner.to(C).await.unwrap();
        runner.to(A).await.unwrap();
        assert_eq!(
            (tables(place).await, place.applied().await),
            ("people".into(), format!("{A}@1"))
        );

        runner.latest().await.unwrap();
        let report = runner.rollback().await.unwrap();
        assert_eq!(
            report.done.iter().map(|done| done.id.as_str()).collect::<Vec<_>>(),
            [C, B]
        );
        assert_eq!(tables(place).await, "people");
        runner.latest().await.unwrap();
        runner.rollback_all().await.unwrap();
        assert_eq!(
            (tables(place).await, place.applied().await),
            (String::new(), String::new())
        );
        assert!(place.is_free().await);
    });
}

#[test]
fn before_the_first_run_nothing_is_written() {
    on_every(async |place| {
        three(place);
        let mut runner = place.runner(quick()).await;
        let standings = runner.status().await.unwrap();
        assert!(standings.len() == 3 && standings.iter().all(|standing| standing.state == State::Pending));
        assert_eq!(runner.plan(&Goal::Latest).await.unwrap().len(), 3);
        let tracking = match place.database.engine() {
            Engine::Sqlite => "SELECT name FROM sqlite_master",
            Engine::Mysql => {
                "SELECT CAST(table_name AS char) FROM information_schema.tables WHERE table_schema = DATABASE()"
            }
            _ => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        };
        assert_eq!(place.ask(tracking).await, "");
    });
}

#[test]
fn a_rollback_of_a_batch_is_all_or_nothing() {
    on_each(async |place| {
        place.add(&Draft::new(
            A,
            "CREATE TABLE people (id integer PRIMARY KEY)",
            "DROP TABLE nobody",
        ));
        place.add(&Draft::new(
            B,
            "CREATE TABLE notes (id integer PRIMARY KEY)",
            "DROP TABLE notes",
        ));
        let mut runner = place.runner(quick()).await;
        runner.latest().await.unwrap();
        let error = runner.rollback().await.unwrap_err();
        assert_eq!(error.code(), "migration_failed");
        assert_eq!(
            tables(place).await,
            "notes people",
            "the first reversal was taken back with the second"
        );
        assert_eq!(place.applied().await, format!("{A}@1 {B}@1"));
        assert!(place.is_free().await);
    });
}

#[test]
fn a_failed_statement_takes_its_migration_and_its_row_back() {
    on_each(async |place| {
        place.add(&Draft::new(
            A,
            "CREATE TABLE people (id integer PRIMARY KEY)",
            "DROP TABLE people",
        ));
        let up = "-- first\nCREATE TABLE notes (id integer PRIMARY KEY);\n\nINSERT INTO nowhere VALUES (1);";
        place.add(&Draft::new(B, up, "DROP TABLE notes"));
        place.add(&Draft::new(
            C,
            "CREATE TABLE tags (id integer PRIMARY KEY)",
            "DROP TABLE tags",
        ));
        let mut runner = place.runner(quick()).await;
        let Err(Error::MigrationFailed(failed)) = runner.latest().await else {
            panic!("the second migration fails");
        };
        assert_eq!((failed.id.as_str(), failed.statement, failed.line), (B, 2, 4));
        assert_eq!(failed.sql, "INSERT INTO nowhere VALUES (1)");
        assert!(
            failed.message.contains("nowhere") && failed.state.contains("rolled back"),
            "{failed}"
        );
        assert_eq!(place.applied().await, format!("{A}@1"), "what was done before stays");
        assert_eq!(tables(place).await, "people");
        assert!(place.is_free().await);
    });
}

#[test]
fn a_changed_file_is_refused_before_anything_runs() {
    on_every(async |place| {
        three(place);
        place.write(C, "up.sql", "CREATE TABLE other (id integer PRIMARY KEY)\n");
        let mut runner = place.runner(quick()).await;
        let Err(Error::HashMismatch(mismatch)) = runner.latest().await else {
            panic!("the third migration was changed");
        };
        assert_eq!((mismatch.id.as_str(), mismatch.recorded_in), (C, "the journal"));
        assert_eq!(
            (tables(place).await, place.applied().await),
            (String::new(), String::new())
        );
        runner.to(B).await.unwrap();
        place.write(A, "down.sql", "DROP TABLE notes\n");
        assert_eq!(runner.rollback().await.unwrap_err().code(), "migration_hash_mismatch");
        assert_eq!(tables(place).await, "notes people");
        assert!(place.is_free().await);
    });
}

#[test]
fn line_ends_of_another_system_change_nothing() {
    on_every(async |place| {
        place.add(&Draft::new(
            A,
            "CREATE TABLE people (\n  id integer PRIMARY KEY\n)",
            "DROP TABLE people",
        ));
        place.write(
            A,
            "up.sql",
            "CREATE TABLE people (\r\n  id integer PRIMARY KEY\r\n)\r\n",
        );
        let mut runner = place.runner(quick()).await;
        assert_eq!(runner.latest().await.unwrap().done.len(), 1);
    });
}

#[test]
fn a_migration_that_is_gone_or_late_is_named() {
    on_every(async |place| {
        three(place);
        let mut runner = place.runner(quick()).await;
        let mut journal = place.journal();
        let late = journal["entries"].as_array_mut().unwrap().remove(1);
        place.write_journal(&journal);
        runner.latest().await.unwrap();
        journal["entries"].as_array_mut().unwrap().insert(1, late);
        place.write_journal(&journal);
        let Err(Error::OutOfOrder { id, newest }) = runner.latest().await else {
            panic!("the second is older than the third");
        };
        assert_eq!((id.as_str(), newest.as_str()), (B, C));
        journal["entries"].as_array_mut().unwrap().pop();
        place.write_journal(&journal);
        let unlisted = runner.latest().await.unwrap_err().to_string();
        assert!(unlisted.contains("the journal does not list it"), "{unlisted}");
        std::fs::remove_dir_all(place.path().join(C)).unwrap();
        let Err(Error::Missing { id, .. }) = runner.latest().await else {
            panic!("the third is applied");
        };
        assert_eq!(id, C);
    });
}

#[test]
fn what_nobody_reviewed_does_not_run() {
    on_every(async |place| {
        place.add(&Draft {
            reviewed: false,
            ..Draft::new(A, "CREATE TABLE people (id integer PRIMARY KEY)", "DROP TABLE people")
        });
        let error = place.runner(quick()).await.latest().await.unwrap_err();
        assert_eq!(error.code(), "migration_unreviewed");
        assert!(error.to_string().contains(&format!("migrate review {A}")), "{error}");
        let relaxed = Options {
            require_reviewed: false,
            ..quick()
        };
        assert_eq!(place.runner(relaxed).await.latest().await.unwrap().done.len(), 1);
    });
}

#[test]
fn tables_that_another_tool_made_are_used_as_they_are() {
    on_each(async |place| {
        three(place);
        let hash = place.journal()["entries"][0]["hash"].as_str().unwrap().to_owned();
        // To the letter of formats.md, on every engine.
        for sql in [
            "CREATE TABLE IF NOT EXISTS \"kick_migrations\" (
               \"id\" varchar(128) PRIMARY KEY, \"name\" text NOT NULL, \"hash\" text NOT NULL, \"batch\" integer NOT NULL,
               \"applied_at\" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP, \"direction\" varchar(8) NOT NULL DEFAULT 'up')",
            "CREATE INDEX IF NOT EXISTS \"kick_migrations_batch_idx\" ON \"kick_migrations\" (\"batch\")",
            "CREATE TABLE IF NOT EXISTS \"kick_migrations_lock\" (
               \"id\" smallint PRIMARY KEY, \"locked_at\" timestamptz, \"locked_by\" text)",
            "CREATE TABLE people (id integer PRIMARY KEY)",
            &format!("INSERT INTO kick_migrations (id, name, hash, batch) VALUES ('{A}', 'people', '{hash}', 7)"),
        ] {
            place.execute(sql).await;
        }
        let mut runner = place.runner(quick()).await;
        let standings = runner.status().await.unwrap();
        assert!(
            matches!(standings[0].state, State::Applied { batch: 7, .. }),
            "{:?}",
            standings[0]
        );
        runner.latest().await.unwrap();
        assert_eq!(place.applied().await, format!("{A}@7 {B}@8 {C}@8"));
        assert_eq!(place.ask("SELECT DISTINCT direction FROM kick_migrations").await, "up");
        // The other tool holds the lock: who, and no guess about its health.
        place
            .execute("UPDATE kick_migrations_lock SET locked_at = CURRENT_TIMESTAMP, locked_by = 'kickjs 17'")
            .await;
        let Err(Error::LockHeld(held)) = runner.down().await else {
            panic!("the lock is held");
        };
        assert_eq!((held.by.as_str(), held.alive), ("kickjs 17", None));
    });
}

#[test]
fn a_rebuilt_table_keeps_the_rows_that_point_to_it() {
    on_each(async |place| {
        if !place.is(Engine::Sqlite) {
            return;
        }
        place.add(&Draft::new(
            A,
            "CREATE TABLE people (id integer PRIMARY KEY, name text);
             CREATE TABLE notes (id integer PRIMARY KEY, person integer REFERENCES people (id) ON DELETE CASCADE);
             INSERT INTO people VALUES (1, 'Ada'); INSERT INTO notes VALUES (10, 1);",
            "DROP TABLE notes; DROP TABLE people",
        ));
        let rebuild = |copy: &str| {
            format!(
                "PRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TABLE people_new (id integer PRIMARY KEY, name text NOT NULL);\n{copy};\nDROP TABLE people;\nALTER TABLE people_new RENAME TO people;\nCOMMIT;\nPRAGMA foreign_keys = ON;"
            )
        };
        let up = rebuild("INSERT INTO people_new SELECT id, name FROM people");
        place.add(&Draft::new(B, &up, "SELECT 1"));
        let lossy = rebuild("INSERT INTO people_new SELECT id, name FROM people WHERE id > 1");
        place.add(&Draft::new(C, &lossy, "SELECT 1"));

        let mut runner = place.runner(quick()).await;
        let Err(Error::MigrationFailed(failed)) = runner.latest().await else {
            panic!("the last rebuild loses the person that a note points to");
        };
        assert_eq!(failed.id, C);
        assert!(failed.message.contains("1 rows of `notes`"), "{failed}");
        assert_eq!(place.applied().await, format!("{A}@1 {B}@1"));
        assert_eq!(
            place
                .ask("SELECT name FROM people JOIN notes ON person = people.id")
                .await,
            "Ada"
        );
        let on = runner
            .connection()
            .query("SELECT CAST(foreign_keys AS text) FROM pragma_foreign_keys", &[])
            .await
            .unwrap();
        assert_eq!(on, [[Some("1".to_owned())]], "back as they were");
    });
}
