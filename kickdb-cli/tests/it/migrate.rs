//! `migrate …`, `drift` and `doctor` against databases.

use kickdb_testdb::{Database, Engine, engines};

use crate::project::{Project, tasks};

/// A project with one reviewed migration for an engine, and its empty database.
pub(crate) fn project(engine: Engine) -> (Project, Database, String) {
    let database = engine.database();
    let project = Project::new(&tasks("pub title: String,"));
    project.write(
        "kickdb.toml",
        &format!("dialect = \"{}\"\nurl = \"{}\"\n", engine.name(), database.url()),
    );
    project.run(&["generate", "one"]).exits(0);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    let id = project.migrations("migrations").remove(0);
    (project, database, id)
}

/// A second migration with a column more.
pub(crate) fn second(project: &Project) -> String {
    project.write("src/lib.rs", &tasks("pub title: String, pub done: Option<bool>,"));
    project.run(&["generate", "two"]).exits(0);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project.migrations("migrations").pop().unwrap()
}

fn on_each(test: impl Fn(Engine)) {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres]) {
        test(engine);
    }
}

#[test]
fn up_and_down_and_all_the_way_back() {
    on_each(|engine| {
        let (project, _database, first) = project(engine);
        let second = second(&project);
        project.run(&["migrate", "status"]).exits(0).says(&[
            &first,
            "pending",
            &second,
            "pending",
            "0 applied, 2 pending.",
            "Next: cargo kickdb migrate latest",
        ]);
        project.run(&["migrate", "status", "--exit-code"]).exits(3);
        project
            .run(&["migrate", "up"])
            .exits(0)
            .says(&[&format!("+ applied {first}"), "1 migration applied as batch 1."]);
        project
            .run(&["migrate", "latest"])
            .exits(0)
            .says(&[&format!("+ applied {second}"), "as batch 2."]);
        project
            .run(&["migrate", "latest"])
            .exits(0)
            .says(&["Nothing to do: every migration is applied."]);
        project
            .run(&["migrate", "status", "--exit-code"])
            .exits(0)
            .says(&["2 applied, 0 pending."]);
        project.run(&["drift"]).exits(0).says(&["ok "]);
        project
            .run(&["migrate", "redo"])
            .exits(0)
            .says(&[&format!("- reversed {second}"), &format!("+ applied {second}")]);
        project
            .run(&["migrate", "down"])
            .exits(0)
            .says(&[&format!("- reversed {second}")]);
        project
            .run(&["migrate", "rollback"])
            .exits(0)
            .says(&[&format!("- reversed {first}")]);
        project
            .run(&["migrate", "rollback"])
            .exits(0)
            .says(&["Nothing to do: no migration is applied."]);
    });
}

#[test]
fn to_goes_in_its_own_direction_only() {
    let (project, _database, first) = project(Engine::Sqlite);
    let second = second(&project);
    project
        .run(&["migrate", "up", "--to", "two"])
        .exits(0)
        .says(&[&first, &second]);
    project
        .run(&["migrate", "up", "--to", "one"])
        .exits(2)
        .complains(&["is already applied", "migrate down --to"]);
    project
        .run(&["migrate", "down", "--to", "one"])
        .exits(0)
        .says(&[&format!("- reversed {second}")]);
    project
        .run(&["migrate", "down", "--to", "two"])
        .exits(2)
        .complains(&["is not applied"]);
    project
        .run(&["migrate", "up", "--to", "20200101_000000_none"])
        .exits(2)
        .complains(&["there is no migration `20200101_000000_none`", "migrate status"]);
}

#[test]
fn a_dry_run_prints_the_exact_sql_and_changes_nothing() {
    on_each(|engine| {
        let (project, _database, id) = project(engine);
        project.run(&["migrate", "latest", "--dry-run"]).exits(0).says(&[
            &format!("-- up {id}"),
            "CREATE TABLE \"tasks\"",
            "nothing was changed",
        ]);
        project.run(&["migrate", "status", "--exit-code"]).exits(3);
        let run = project
            .run(&["migrate", "latest", "--dry-run", "--format", "json"])
            .exits(0);
        assert!(
            run.json()["migrations"][0]["statements"][0]
                .as_str()
                .unwrap()
                .starts_with("CREATE TABLE")
        );
    });
}

#[test]
fn what_is_not_reviewed_does_not_run_outside_of_development() {
    let (project, _database, _) = project(Engine::Sqlite);
    project.write("src/lib.rs", &tasks("pub title: String, pub done: Option<bool>,"));
    project.run(&["generate", "two"]).exits(0);
    project
        .run(&["migrate", "latest"])
        .exits(1)
        .complains(&["has not been reviewed", "migrate review"]);
    project
        .run(&["migrate", "status"])
        .exits(0)
        .says(&["0 applied, 2 pending.", "Next: cargo kickdb migrate review --all"]);
    project
        .run_with(&["migrate", "latest"], &[("KICKDB_ENV", "development")])
        .exits(0);
}

#[test]
fn reversing_everything_needs_force() {
    let (project, _database, _) = project(Engine::Sqlite);
    project.run(&["migrate", "latest"]).exits(0);
    project.run(&["migrate", "rollback", "--all"]).exits(2).complains(&[
        "reverses every migration",
        "--dry-run",
        "--force",
    ]);
    project.run(&["migrate", "rollback", "--force"]).exits(2).complains(&[
        "reverses the last batch",
        "leave `--force` out",
        "add `--all`",
    ]);
    project.run(&["migrate", "status", "--exit-code"]).exits(0);
    project
        .run(&["migrate", "rollback", "--all", "--force"])
        .exits(0)
        .says(&["1 migration reversed."]);
}

#[test]
fn drift_is_named_and_stops_a_run() {
    on_each(|engine| {
        let (project, database, _) = project(engine);
        project.run(&["migrate", "latest"]).exits(0);
        // A table that no migration knows: made by another project with the same database.
        let other = Project::new(
            "use kickdb::prelude::*;\n#[derive(Table)]\npub struct Extra { #[column(primary_key)] pub id: i64 }\n",
        );
        other.write(
            "kickdb.toml",
            &format!(
                "dialect = \"{}\"\nurl = \"{}\"\nrequire_reviewed = false\n",
                engine.name(),
                database.url()
            ),
        );
        other.run(&["generate", "extra"]).exits(0);
        let sql = other
            .run(&[
                "diff",
                "--from",
                &format!("empty:{}", engine.name()),
                "--to",
                "source:.",
            ])
            .exits(0)
            .stdout();
        run_sql(&database, &sql);

        let run = project
            .run(&["drift"])
            .exits(3)
            .says(&["table extra", "only in the database", "Next: "]);
        assert!(!run.stdout().contains("tasks"));
        let run = project.run(&["drift", "--format", "json"]).exits(3);
        assert_eq!(run.json()["targets"][0]["drift"]["added"][0], "table extra");
        second(&project);
        project
            .run(&["migrate", "latest"])
            .exits(1)
            .complains(&["not what the last applied migration left behind", "table extra"]);
        project
            .run(&["migrate", "status"])
            .exits(0)
            .says(&["1 applied, 1 pending."]);
        project
            .run_with(&["migrate", "latest"], &[("KICKDB_DRIFT_CHECK", "warn")])
            .exits(0)
            .complains(&["warning: ", "table extra"]);
    });
}

fn run_sql(database: &Database, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = kickdb_core::dialect::live::connect(database.url()).await.unwrap();
        for statement in kickdb_core::plan::read(sql, connection.dialect()).statements {
            connection.execute(statement.sql).await.unwrap();
        }
        connection.close().await.unwrap();
    });
}

#[test]
fn a_statement_that_fails_is_shown_with_its_file_and_line_and_leaves_nothing() {
    on_each(|engine| {
        let (project, _database, _) = project(engine);
        project.run(&["migrate", "latest"]).exits(0);
        project.run(&["migrate", "make", "broken"]).exits(0);
        let id = project.migrations("migrations").pop().unwrap();
        let up = format!("migrations/{id}/up.sql");
        let text = format!(
            "{}CREATE TABLE half (id integer);\n\nINSERT INTO nowhere VALUES (1);\n",
            project.read(&up)
        );
        project.write(&up, &text);
        project.run(&["migrate", "review", "broken", "--yes"]).exits(0);
        project
            .run(&["migrate", "latest"])
            .exits(1)
            .complains(&["failed at statement 2", "up.sql line 5", "nowhere"]);
        project.run(&["drift"]).exits(0);
    });
}

#[test]
fn a_server_that_is_down_and_a_wrong_url_are_said_without_a_password() {
    let project = Project::new(&tasks("pub title: String,"));
    project.write("kickdb.toml", "dialect = \"postgres\"\n");
    project.run(&["generate", "one"]).exits(0);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    let before = project.files();
    for command in [vec!["migrate", "latest"], vec!["migrate", "status"], vec!["drift"]] {
        project.run(&command).exits(2).complains(&[
            "error: no database is configured for postgres",
            "DATABASE_URL",
            "--url",
        ]);
        let down = [("DATABASE_URL", "postgres://ada:secret@127.0.0.1:1/none")];
        let run = project
            .run_with(&command, &down)
            .exits(1)
            .complains(&["error: cannot reach the database postgres://ada:***@127.0.0.1:1/none"]);
        assert!(!run.stderr().contains("secret"));
        let other = [("DATABASE_URL", "sqlite:x.db")];
        project
            .run_with(&command, &other)
            .exits(2)
            .complains(&["the URL in DATABASE_URL is one of SQLite, but this target is PostgreSQL"]);
    }
    assert_eq!(project.files(), before);
}

#[test]
fn the_doctor_names_what_is_missing_and_the_command_for_it() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["doctor"]).exits(0).says(&[
        "ok   configuration",
        "ok   source",
        "1 table in 1 file",
        "todo migrations",
        "cargo kickdb generate <name>",
    ]);
    project.run(&["generate", "one"]).exits(0);
    project.run(&["doctor"]).exits(0).says(&[
        "todo migrations",
        "migrate review --all",
        "todo database",
        "1 migration pending",
        "migrate latest",
    ]);
    project.write("src/lib.rs", "broken");
    let run = project.run(&["doctor", "--format", "json"]).exits(3);
    assert_eq!(run.json()["checks"][1]["state"], "no");
    project.write("kickdb.toml", "nonsense = 1\n");
    project
        .run(&["doctor"])
        .exits(3)
        .says(&["no   configuration"])
        .complains(&["unknown key `nonsense`"]);
}
