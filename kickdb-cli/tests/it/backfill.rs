//! `generate` where rows that are there need a value.

use kickdb_testdb::{Engine, engines};

use crate::project::{Project, execute, rows, tasks};

const ALL: &[Engine] = &[Engine::Sqlite, Engine::Postgres, Engine::Mysql];
const DEVELOPMENT: &[(&str, &str)] = &[("KICKDB_ENV", "development")];

const BEFORE: &str = "pub title: String, pub note: Option<String>,";
const AFTER: &str = "pub title: String, pub note: String, #[column(unique)] pub number: i64, pub slug: String,";

#[test]
fn a_value_for_the_rows_is_asked_for_and_never_guessed() {
    let project = Project::new(&tasks(BEFORE));
    project.run(&["generate", "one"]).exits(0);
    project.write("src/lib.rs", &tasks(AFTER));
    let before = project.files();
    project.run(&["generate", "two"]).exits(2).complains(&[
        "error: rows that are there need a value in 3 columns. Nothing was written",
        "--backfill tasks.number=0",
        "--no-backfill tasks.number",
        "--backfill 'tasks.slug=",
        "--backfill 'tasks.note=",
    ]);
    let json = project.run(&["generate", "two", "--format", "json"]).exits(2).json();
    assert_eq!(json["error"]["code"], "decision");
    let values = &json["error"]["data"]["values"];
    assert_eq!(values[0]["column"], "tasks.number");
    assert_eq!(values[0]["added"], true);
    assert_eq!(values[0]["flag"], "--backfill tasks.number=0");
    assert_eq!(values[0]["none"]["flag"], "--no-backfill tasks.number");
    assert_eq!(values[2]["column"], "tasks.note");
    assert_eq!(values[2]["added"], false);

    // One that is answered leaves the others open; one that fits nothing is refused.
    project
        .run(&[
            "generate",
            "two",
            "--backfill",
            "tasks.number=id",
            "--no-backfill",
            "tasks.slug",
        ])
        .exits(2)
        .complains(&[
            "rows of `tasks` that hold NULL need a value for `note`, which becomes NOT NULL. Nothing was written",
        ]);
    project
        .run(&["generate", "two", "--backfill", "tasks.nombre=id"])
        .exits(2)
        .complains(&["a value is needed for `tasks.number`, `tasks.slug`, `tasks.note`"]);
    project
        .run(&["generate", "two", "--backfill", "tasks.number=1; DROP TABLE tasks"])
        .exits(2)
        .complains(&["the value for `tasks.number` is no SQL expression: it holds a `;`"]);
    assert_eq!(project.files(), before);
}

#[test]
fn rows_get_the_values_and_go_back_without_them() {
    for engine in engines(ALL) {
        let database = engine.database();
        let url = database.url();
        let project = Project::new(&tasks(BEFORE));
        project.write(
            "kickdb.toml",
            &format!("dialect = \"{}\"\nurl = \"{url}\"\n", engine.name()),
        );
        project.run(&["generate", "one"]).exits(0);
        project.run_with(&["migrate", "latest"], DEVELOPMENT).exits(0);
        execute(
            url,
            &["INSERT INTO tasks (id, title, note) VALUES (1, 'One', 'kept'), (2, 'Two', NULL)"],
        );

        project.write("src/lib.rs", &tasks(AFTER));
        project
            .run(&[
                "generate",
                "two",
                "--backfill",
                "tasks.number=id * 10",
                "--backfill",
                "tasks.slug=lower(title)",
                "--backfill",
                "tasks.note='none'",
            ])
            .exits(0)
            .says(&[
                "+ column number",
                "rows of tasks without number get id * 10",
                "column number: NOT NULL",
            ]);
        let id = project.migrations("migrations").pop().unwrap();
        let meta = project.read(&format!("migrations/{id}/meta.json"));
        // Each row is looked at once more by some engines, but none lacks a value.
        assert!(!meta.contains("hold NULL"), "{meta}");
        project.run_with(&["migrate", "latest"], DEVELOPMENT).exits(0);
        let all = "SELECT concat(id, ' ', title, ' ', note, ' ', number, ' ', slug) FROM tasks ORDER BY id";
        let all = match engine {
            Engine::Sqlite => {
                "SELECT id || ' ' || title || ' ' || note || ' ' || number || ' ' || slug FROM tasks ORDER BY id"
            }
            _ => all,
        };
        assert_eq!(rows(url, all), ["1 One kept 10 one", "2 Two none 20 two"], "{engine:?}");
        project.run(&["drift"]).exits(0);
        project.run_with(&["migrate", "down"], DEVELOPMENT).exits(0);
        project.run(&["drift"]).exits(0);
        let notes = rows(url, "SELECT note FROM tasks ORDER BY id");
        assert_eq!(notes, ["kept", "none"], "{engine:?}");
    }
}

#[test]
fn where_no_row_needs_a_value_none_is_written_and_the_danger_is_said() {
    let project = Project::new(&tasks(BEFORE));
    project.run(&["generate", "one"]).exits(0);
    project.write("src/lib.rs", &tasks("pub title: String, pub note: String,"));
    project
        .run(&["generate", "two", "--no-backfill", "tasks.note"])
        .exits(0)
        .says(&["column note: NOT NULL", "rows that hold NULL make the migration fail"]);
    let id = project.migrations("migrations").pop().unwrap();
    assert!(!project.read(&format!("migrations/{id}/up.sql")).contains("UPDATE"));
}

#[test]
fn a_table_that_is_a_part_of_others_gets_the_value_once() {
    for engine in engines(&[Engine::Postgres]) {
        for (values, note, kind) in [
            (
                &["--backfill", "logs.note='-'", "--backfill", "logs.kind='x'"][..],
                "NULL",
                "x",
            ),
            (&[], "'-'", ""),
        ] {
            let (from, to) = (engine.database(), engine.database());
            let partition = "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (100)";
            let insert = format!("INSERT INTO logs VALUES (1, {note})");
            let before = "CREATE TABLE logs (id bigint NOT NULL, note text) PARTITION BY RANGE (id)";
            let after = "CREATE TABLE logs (id bigint NOT NULL, note text NOT NULL, kind text NOT NULL) \
                         PARTITION BY RANGE (id)";
            execute(from.url(), &[before, partition, &insert]);
            execute(to.url(), &[after, partition]);
            let project = Project::bare();
            let mut args = vec!["diff", "--from", from.url(), "--to", to.url()];
            args.extend(values);
            let sql = project.run(&args).exits(0).stdout();
            assert_eq!(sql.matches("SET \"kind\" =").count(), 1, "{sql}");
            execute(from.url(), &[&sql]);
            let left = project.run(&["diff", "--from", from.url(), "--to", to.url()]).exits(0);
            left.says(&["no difference"]);
            assert_eq!(rows(from.url(), "SELECT note || kind FROM logs"), [format!("-{kind}")]);
        }
    }
}

#[test]
fn a_column_that_comes_back_finds_rows() {
    // MariaDB refuses: its statements cannot be rolled back, and it would fill in what nobody chose.
    for engine in engines(&[Engine::Sqlite, Engine::Postgres]) {
        let database = engine.database();
        let url = database.url();
        let project = Project::new(&tasks("pub title: String, pub number: i64,"));
        project.write(
            "kickdb.toml",
            &format!("dialect = \"{}\"\nurl = \"{url}\"\n", engine.name()),
        );
        project.run(&["generate", "one"]).exits(0);
        project.run_with(&["migrate", "latest"], DEVELOPMENT).exits(0);
        execute(url, &["INSERT INTO tasks (id, title, number) VALUES (1, 'One', 7)"]);
        project.write("src/lib.rs", &tasks("pub title: String,"));
        project
            .run(&["generate", "two", "--allow-drop", "tasks.number"])
            .exits(0);
        project.run_with(&["migrate", "latest"], DEVELOPMENT).exits(0);
        project.run_with(&["migrate", "down"], DEVELOPMENT).exits(0);
        project.run(&["drift"]).exits(0);
        assert_eq!(
            rows(url, "SELECT CAST(number AS char(1)) FROM tasks"),
            ["0"],
            "{engine:?}"
        );
    }
}
