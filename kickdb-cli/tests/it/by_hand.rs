//! `migrate accept`, `baseline` and `repair`.

use kickdb_testdb::{Engine, engines};

use crate::migrate::{project, second};

fn on_each(test: impl Fn(Engine)) {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        test(engine);
    }
}

fn ask(url: &str, sql: &str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = kickdb_core::dialect::live::connect(url).await.unwrap();
        let rows = connection.query(sql, &[]).await.unwrap();
        connection.close().await.unwrap();
        rows.into_iter().flatten().flatten().collect()
    })
}

fn execute(url: &str, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = kickdb_core::dialect::live::connect(url).await.unwrap();
        connection.execute(sql).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn a_changed_file_of_an_applied_migration_is_accepted_with_a_reason() {
    on_each(|engine| {
        let (project, database, id) = project(engine);
        project.run(&["migrate", "latest"]).exits(0);
        let down = format!("migrations/{id}/down.sql");
        project.write(&down, &(project.read(&down) + "SELECT 1;\n"));
        project
            .run(&["migrate", "latest"])
            .exits(1)
            .complains(&["was changed after", "migrate accept", "--reason"]);
        project
            .run(&["migrate", "accept", &id])
            .exits(2)
            .complains(&["needs a reason"]);
        let before = project.files();
        project
            .run(&["migrate", "accept", &id, "--reason", "only reads", "--dry-run"])
            .exits(0)
            .says(&["would record", "in the database", "in the journal"]);
        assert_eq!(project.files(), before);
        project
            .run(&["migrate", "accept", "one", "--reason", "only reads"])
            .exits(0)
            .says(&["recorded", "in the database", "recorded", "in the journal"]);
        project.run(&["migrate", "verify"]).exits(0);
        project.run(&["migrate", "latest"]).exits(0).says(&["Nothing to do"]);
        let notes = ask(database.url(), "SELECT notes FROM kick_operations");
        assert_eq!(notes.len(), 1, "the dry run left no trace");
        assert!(notes[0].ends_with(": only reads"), "{notes:?}");
        project
            .run(&["migrate", "accept", &id])
            .exits(0)
            .says(&["Nothing to do"]);
    });
}

/// Not even the tables of the bookkeeping are made by a dry run.
#[test]
fn a_dry_run_leaves_an_empty_database_empty() {
    on_each(|engine| {
        let (project, database, id) = project(engine);
        for command in [
            &["migrate", "baseline", "one", "--force", "--dry-run"][..],
            &["migrate", "accept", &id, "--dry-run"],
            &["migrate", "latest", "--dry-run"],
            &["migrate", "up", "--dry-run"],
            &["migrate", "rebase", "--dry-run"],
            &["migrate", "repair"],
        ] {
            project.run(command).exits(0);
        }
        let tables = match engine {
            Engine::Sqlite => "SELECT name FROM sqlite_schema",
            Engine::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
            Engine::Mysql => {
                "SELECT CAST(table_name AS char) FROM information_schema.tables WHERE table_schema = DATABASE()"
            }
        };
        assert_eq!(ask(database.url(), tables), [""; 0]);
        let wrong = project.run(&["migrate", "baseline", "one", "--dry-run"]).exits(1);
        wrong.complains(&["table tasks", "--force"]);
    });
}

#[test]
fn a_database_that_has_the_schema_already_is_taken_over() {
    on_each(|engine| {
        let (project, database, first) = project(engine);
        let second = second(&project);
        // As if another tool had made the first table.
        project.run(&["migrate", "up"]).exits(0);
        execute(database.url(), "DELETE FROM kick_migrations");
        project
            .run(&["migrate", "baseline", "two"])
            .exits(1)
            .complains(&["done", "--force"]);
        project
            .run(&["migrate", "baseline", "one", "--dry-run"])
            .exits(0)
            .says(&[&format!("would record {first}")]);
        project
            .run(&["migrate", "status"])
            .exits(0)
            .says(&["0 applied, 2 pending."]);
        project
            .run(&["migrate", "baseline", "one"])
            .exits(0)
            .says(&[&format!("recorded {first} as applied"), "none was run"]);
        project
            .run(&["migrate", "latest"])
            .exits(0)
            .says(&[&format!("+ applied {second}")]);
        project
            .run(&["migrate", "baseline", "two"])
            .exits(0)
            .says(&["Nothing to do"]);
        project
            .run(&["migrate", "baseline", "one"])
            .exits(2)
            .complains(&["only goes forward"]);
        project.run(&["migrate", "rollback", "--all", "--force"]).exits(0);
        assert_eq!(
            ask(database.url(), "SELECT operation_type FROM kick_operations"),
            ["migration-baseline"]
        );
    });
}

#[test]
fn what_stopped_half_way_is_looked_at_and_settled() {
    let broken = "INSERT INTO nowhere VALUES (1)";
    on_each(|engine| {
        let (project, database, id) = project(engine);
        project
            .run(&["migrate", "repair"])
            .exits(0)
            .says(&["Nothing to repair"]);
        project.run(&["migrate", "latest"]).exits(0);
        // A migration of somebody's own, whose second statement the server refuses.
        project.run(&["migrate", "make", "own"]).exits(0);
        let own = project.migrations("migrations").pop().unwrap();
        let (up, meta) = (
            format!("migrations/{own}/up.sql"),
            format!("migrations/{own}/meta.json"),
        );
        project.write(
            &up,
            &(project.read(&up) + &format!("CREATE TABLE extra (id integer);\n{broken};\nDROP TABLE extra;\n")),
        );
        project.write(
            &meta,
            &project
                .read(&meta)
                .replacen('{', "{\n  \"transaction\": false,", 1)
                .replace(",\n  \"transaction\": false\n}", "\n}"),
        );
        project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
        project
            .run(&["migrate", "latest"])
            .exits(1)
            .complains(&["failed at statement 2"]);
        project.run(&["migrate", "repair"]).exits(3).says(&[
            &own,
            "statement 2 of 3",
            broken,
            "refused by the server",
            "--done",
        ]);
        project
            .run(&["migrate", "repair", "--undone"])
            .exits(0)
            .says(&["Recorded. Next: cargo kickdb migrate latest"]);
        project
            .run(&["migrate", "latest"])
            .exits(1)
            .complains(&["failed at statement 2"]);
        project.run(&["migrate", "repair", "--done"]).exits(0);
        project
            .run(&["migrate", "latest"])
            .exits(0)
            .says(&[&format!("applied {own}")]);
        let logged = ask(database.url(), "SELECT notes FROM kick_operations ORDER BY id");
        assert_eq!(
            logged,
            [
                format!("statement 2 is not done: {broken}"),
                format!("statement 2 is done: {broken}")
            ]
        );
        assert!(id < own);
    });
}
