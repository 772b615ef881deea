//! `drift --fix`, and what is no drift.

use kickdb_testdb::{Database, Engine, engines};

use crate::project::{Project, execute, rows, tasks};

const ALL: &[Engine] = &[Engine::Sqlite, Engine::Postgres, Engine::Mysql];
const DEVELOPMENT: &[(&str, &str)] = &[("KICKDB_ENV", "development")];

fn migrated(engine: Engine, source: &str, by_hand: &[&str]) -> (Project, Database) {
    let database = engine.database();
    let project = Project::new(source);
    let config = format!("dialect = \"{}\"\nurl = \"{}\"\n", engine.name(), database.url());
    project.write("kickdb.toml", &config);
    execute(database.url(), by_hand);
    project.run(&["generate", "one"]).exits(0);
    project.run_with(&["migrate", "latest"], DEVELOPMENT).exits(0);
    (project, database)
}

#[test]
fn a_fix_leads_back_to_the_snapshot_and_its_down_to_what_was_there() {
    for engine in engines(ALL) {
        let (project, database) = migrated(engine, &tasks("pub title: String,"), &[]);
        let url = database.url();
        project
            .run(&["drift", "--fix", "nothing"])
            .exits(0)
            .says(&["Nothing to fix"]);
        execute(
            url,
            &[
                "INSERT INTO tasks (id, title) VALUES (1, 'One')",
                "ALTER TABLE tasks ADD COLUMN extra int",
                "CREATE TABLE mine (id int PRIMARY KEY NOT NULL)",
            ],
        );
        project.run(&["drift"]).exits(3).says(&[
            "column tasks.extra",
            "only in the database",
            "table mine",
            "only in the database",
            "Next: cargo kickdb drift --fix <name>",
        ]);
        let before = project.files();
        project
            .run(&["drift", "--fix", "undo", "--dry-run"])
            .exits(0)
            .says(&["DROP COLUMN", "Nothing was written"]);
        assert_eq!(project.files(), before);
        project.run(&["drift", "--fix", "undo"]).exits(0).says(&[
            "_undo/",
            "- column extra",
            "- table mine",
            "proved up and down",
        ]);
        let ids = project.migrations("migrations");
        let snapshot = |id: &str| project.read(&format!("migrations/{id}/snapshot.json"));
        assert_eq!(snapshot(&ids[0]), snapshot(&ids[1]));
        project
            .run(&["drift", "--fix", "again"])
            .exits(2)
            .complains(&["1 migration is not applied"]);

        // It may run although the database has drifted, for this is the drift that it undoes; any other is still refused.
        execute(url, &["CREATE TABLE other (id int PRIMARY KEY NOT NULL)"]);
        project
            .run_with(&["migrate", "latest"], DEVELOPMENT)
            .exits(1)
            .complains(&["table other"]);
        execute(url, &["DROP TABLE other"]);
        project.run_with(&["migrate", "latest"], DEVELOPMENT).exits(0);
        project.run(&["drift"]).exits(0);
        assert_eq!(rows(url, "SELECT title FROM tasks"), ["One"]);
        project.run_with(&["migrate", "down"], DEVELOPMENT).exits(0);
        project
            .run(&["drift"])
            .exits(3)
            .says(&["column tasks.extra", "table mine"]);
    }
}

const THEIRS: &str = r#"
#[derive(Table)]
#[table(name = "invoices", unmanaged, reason = "owned by the billing service")]
pub struct Invoice {
    #[column(primary_key)]
    pub id: i64,
}
"#;

#[test]
fn a_table_of_somebody_else_is_neither_drift_nor_touched() {
    for engine in engines(ALL) {
        let source = |fields: &str| format!("{}{THEIRS}", tasks(fields));
        let invoices = "CREATE TABLE invoices (id bigint PRIMARY KEY NOT NULL, total int)";
        let (project, database) = migrated(engine, &source("pub title: String,"), &[invoices]);
        project
            .run(&["drift"])
            .exits(0)
            .says(&["ok", "table invoices (somebody else's, by the structs) (left alone)"]);
        project
            .run(&["generate", "two"])
            .exits(0)
            .says(&["Nothing to generate"]);
        project.write("src/lib.rs", &source("pub title: String, pub done: Option<bool>,"));
        project.run(&["generate", "two"]).exits(0);
        project.run_with(&["migrate", "latest"], DEVELOPMENT).exits(0);
        project.run_with(&["migrate", "rollback"], DEVELOPMENT).exits(0);
        assert_eq!(rows(database.url(), "SELECT total FROM invoices"), [""; 0]);
    }
}

#[test]
fn a_table_that_is_handed_over_stays() {
    for engine in engines(ALL) {
        let ours = THEIRS.replace(", unmanaged, reason = \"owned by the billing service\"", "");
        let source = |items: &str| format!("{}{items}", tasks("pub title: String,"));
        let (project, database) = migrated(engine, &source(&ours), &[]);
        execute(database.url(), &["INSERT INTO invoices (id) VALUES (7)"]);
        project.write("src/lib.rs", &source(THEIRS));
        project
            .run_with(&["check"], DEVELOPMENT)
            .exits(3)
            .says(&["table invoices belongs to somebody else from now on"]);
        project.run(&["generate", "two"]).exits(0).says(&["_two/"]);
        let id = project.migrations("migrations").pop().unwrap();
        assert!(!project.read(&format!("migrations/{id}/up.sql")).contains("DROP"));
        project.run_with(&["check"], DEVELOPMENT).exits(0);
        project.run_with(&["migrate", "latest"], DEVELOPMENT).exits(0);
        project.run(&["drift"]).exits(0);
        assert_eq!(rows(database.url(), "SELECT CAST(id AS char(1)) FROM invoices"), ["7"]);
    }
}

/// What every engine can declare, and what one can.
fn declared(engine: Engine) -> String {
    let own = match engine {
        Engine::Sqlite => include_str!("declared/sqlite.rs.txt"),
        Engine::Postgres => include_str!("declared/postgres.rs.txt"),
        Engine::Mysql => include_str!("declared/mysql.rs.txt"),
    };
    format!("{}{own}", include_str!("declared/every.rs.txt"))
}

#[test]
fn nothing_that_can_be_declared_is_drift_once_it_is_there() {
    for engine in engines(ALL) {
        let (project, _database) = migrated(engine, &declared(engine), &[]);
        project.run(&["drift"]).exits(0).says(&["ok"]);
        project
            .run(&["generate", "two"])
            .exits(0)
            .says(&["Nothing to generate"]);
        project.run_with(&["migrate", "redo"], DEVELOPMENT).exits(0);
        project.run(&["drift"]).exits(0);
    }
}
