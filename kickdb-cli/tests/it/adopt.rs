//! `migrate adopt`: the history of another tool, taken over in place.

use kickdb_testdb::{Database, Engine, engines};
use sha2::{Digest, Sha384};

use crate::project::{Project, execute, rows};

const ALL: [Engine; 3] = [Engine::Sqlite, Engine::Postgres, Engine::Mysql];

const ONE: &str = "CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, email varchar(100) NOT NULL);\n";
const TWO: &str = "CREATE TABLE notes (id bigint NOT NULL PRIMARY KEY, body text NOT NULL);\nINSERT INTO users (id, email) VALUES (1, 'a@b');\n";
const THREE: &str = "CREATE TABLE later (id bigint NOT NULL PRIMARY KEY);\n";

/// A project without tables of its own, whose migrations are kept beside those of the other tool.
fn bare(engine: Engine) -> (Project, Database) {
    let database = engine.database();
    let project = Project::new("");
    project.write(
        "kickdb.toml",
        &format!(
            "dialect = \"{}\"\nurl = \"{}\"\nmigrations_dir = \"kick\"\n",
            engine.name(),
            database.url()
        ),
    );
    (project, database)
}

fn run(database: &Database, scripts: &[&str]) {
    for script in scripts {
        let statements: Vec<&str> = script.split(";\n").filter(|sql| !sql.trim().is_empty()).collect();
        execute(database.url(), &statements);
    }
}

fn sqlx(engine: Engine) -> (Project, Database) {
    let (project, database) = bare(engine);
    project.write("migrations/20230415101112_add_users.sql", ONE);
    project.write("migrations/20230416000000_add_notes.up.sql", TWO);
    project.write("migrations/20230416000000_add_notes.down.sql", "DROP TABLE notes;\n");
    project.write("migrations/20230417000000_later.sql", THREE);
    run(&database, &[ONE, TWO]);
    let (bytes, now) = match engine {
        Engine::Postgres => ("bytea", "timestamptz NOT NULL DEFAULT now()"),
        _ => ("blob", "timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP"),
    };
    execute(
        database.url(),
        &[&format!(
            "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on {now}, success boolean NOT NULL, checksum {bytes} NOT NULL, execution_time bigint NOT NULL)"
        )],
    );
    for (version, text, at) in [
        ("20230415101112", ONE, "2023-04-15 10:20:30"),
        ("20230416000000", TWO, "2023-05-02 23:59:59"),
    ] {
        let hex: String = Sha384::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        let hex = if engine == Engine::Postgres {
            format!("'\\x{hex}'")
        } else {
            format!("x'{hex}'")
        };
        execute(
            database.url(),
            &[&format!(
                "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES ({version}, 'x', '{at}', true, {hex}, 1)"
            )],
        );
    }
    (project, database)
}

/// After it the source that the database is written as has nothing to generate, and what was pending can be applied.
fn goes_on(project: &Project, applied: &[&str], pending: Option<&str>) {
    project
        .run(&["migrate", "verify"])
        .exits(if pending.is_some() { 3 } else { 0 });
    project.run(&["drift"]).exits(0);
    project.run(&["introspect", "--out", "src/lib.rs"]).exits(0);
    if pending.is_none() {
        project.run(&["check"]).exits(0);
        project
            .run(&["generate", "nothing"])
            .exits(0)
            .says(&["Nothing to generate"]);
    }
    let status = project.run(&["migrate", "status"]).exits(0).stdout();
    for id in applied {
        assert!(status.contains(id), "{status}");
    }
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    let latest = project.run(&["migrate", "latest"]).exits(0);
    match pending {
        Some(id) => drop(latest.says(&["+ applied", id])),
        None => drop(latest.says(&["Nothing to do"])),
    }
    project.run(&["drift"]).exits(0);
}

/// The first of them were applied when the other tool says.
fn applied_at(project: &Project, wanted: &[&str]) {
    let status = project.run(&["migrate", "status", "--format", "json"]).json();
    let all = status["targets"][0]["migrations"].as_array().unwrap();
    let told: Vec<&str> = all
        .iter()
        .filter_map(|one| one["appliedAt"].as_str())
        .take(wanted.len())
        .collect();
    assert_eq!(told, wanted, "{status}");
}

#[test]
fn from_sqlx() {
    for engine in engines(&ALL) {
        let (project, database) = sqlx(engine);
        let before = project.files();
        project
            .run(&["migrate", "adopt", "--from", "sqlx", "--dry-run"])
            .exits(0)
            .says(&[
                "20230415_101112_add_users (applied)",
                "20230416_000000_add_notes (applied)",
                "later (pending)",
                "Nothing was written",
            ]);
        if engine != Engine::Sqlite {
            assert_eq!(project.files(), before);
        }
        project
            .run(&["migrate", "adopt", "--from", "sqlx"])
            .exits(0)
            .says(&["took over", "do not run it any more"]);
        assert!(
            project
                .read("kick/20230416_000000_add_notes/up.sql")
                .contains(TWO.trim_end())
        );
        assert!(
            project
                .read("kick/20230416_000000_add_notes/down.sql")
                .contains("DROP TABLE notes;")
        );
        goes_on(&project, &["add_users", "add_notes"], Some("later"));
        assert_eq!(rows(database.url(), "SELECT id FROM kick_migrations").len(), 3);
        applied_at(&project, &["2023-04-15T10:20:30Z", "2023-05-02T23:59:59Z"]);
        assert_eq!(
            rows(database.url(), "SELECT email FROM users"),
            ["a@b"],
            "nothing ran twice"
        );
        project
            .run(&["migrate", "adopt", "--from", "sqlx"])
            .exits(2)
            .complains(&["has migrations already"]);
        project
            .run(&["migrate", "down"])
            .exits(1)
            .complains(&["cannot be reversed"]);
    }
}

#[test]
fn what_does_not_hold_together_is_refused_before_anything_is_written() {
    let (project, database) = sqlx(Engine::Sqlite);
    let file = "migrations/20230415101112_add_users.sql";
    project.write(file, &ONE.replace("100", "200"));
    project
        .run(&["migrate", "adopt", "--from", "sqlx"])
        .exits(1)
        .complains(&["checksum differs"]);
    std::fs::remove_file(project.path(file)).unwrap();
    project
        .run(&["migrate", "adopt", "--from", "sqlx"])
        .exits(1)
        .complains(&["its file is not in", "--squash"]);
    project.write(file, ONE);
    execute(database.url(), &["ALTER TABLE users ADD COLUMN by_hand integer"]);
    project
        .run(&["migrate", "adopt", "--from", "sqlx"])
        .exits(1)
        .complains(&["by_hand", "changed it by hand", "--squash"]);
    assert_eq!(project.migrations("kick"), [""; 0]);
    project
        .run(&["migrate", "adopt", "--from", "sqlx", "--squash"])
        .exits(0)
        .says(&["adopted_from_sqlx"]);
    goes_on(&project, &["adopted_from_sqlx"], None);
    project.run(&["migrate", "adopt", "--from", "diesel"]).exits(2);
}

#[test]
fn from_diesel() {
    for engine in engines(&ALL) {
        let (project, database) = bare(engine);
        for (folder, up, down) in [
            ("2023-04-15-101112_add_users", ONE, "DROP TABLE users;\n"),
            ("2023-04-16-000000_add_notes", TWO, "DROP TABLE notes;\n"),
        ] {
            project.write(&format!("migrations/{folder}/up.sql"), up);
            project.write(&format!("migrations/{folder}/down.sql"), down);
        }
        run(&database, &[ONE, TWO]);
        execute(
            database.url(),
            &[
                "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
                "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('20230415101112', '2023-04-15 10:11:12'), ('20230416000000', '2024-02-29 00:00:00')",
            ],
        );
        project.run(&["migrate", "adopt", "--from", "diesel"]).exits(0);
        goes_on(
            &project,
            &["20230415_101112_add_users", "20230416_000000_add_notes"],
            None,
        );
        applied_at(&project, &["2023-04-15T10:11:12Z", "2024-02-29T00:00:00Z"]);
        project.run(&["migrate", "rollback", "--all", "--force"]).exits(0);
        project.run(&["migrate", "latest"]).exits(0);
    }
}

#[test]
fn from_refinery_with_plain_numbers() {
    for engine in engines(&ALL) {
        let (project, database) = bare(engine);
        project.write("migrations/V2__add_notes.sql", TWO);
        project.write("migrations/V1__add_users.sql", ONE);
        project.write("migrations/V10__later.sql", THREE);
        run(&database, &[ONE, TWO]);
        execute(
            database.url(),
            &[
                "CREATE TABLE refinery_schema_history (version integer PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255), checksum VARCHAR(255))",
                "INSERT INTO refinery_schema_history VALUES (1, 'add_users', '2023-04-15T10:11:12.123456789Z', '123'), (2, 'add_notes', 'a while ago', '456')",
            ],
        );
        project.run(&["migrate", "adopt", "--from", "refinery"]).exits(0);
        goes_on(&project, &["add_users", "add_notes"], Some("later"));
        // What is no time is now.
        let status = project.run(&["migrate", "status", "--format", "json"]).json();
        let at = |number: usize| {
            status["targets"][0]["migrations"][number]["appliedAt"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(at(0), "2023-04-15T10:11:12Z");
        assert!(at(1).as_str() > "2025", "{status}");
    }
}

#[test]
fn from_sea_orm_whose_migrations_are_programs() {
    for engine in engines(&ALL) {
        let (project, database) = bare(engine);
        run(&database, &[ONE, TWO]);
        execute(
            database.url(),
            &[
                "CREATE TABLE seaql_migrations (version varchar(200) NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)",
                "INSERT INTO seaql_migrations VALUES ('m20220101_000001_create_users', 1641000000), ('m20220102_000001_create_notes', 1641100000)",
            ],
        );
        project
            .run(&["migrate", "adopt", "--from", "sea-orm"])
            .exits(0)
            .says(&["20220102_000001_adopted_from_sea_orm"]);
        goes_on(&project, &["adopted_from_sea_orm"], None);
        // Everything was there when the last one was.
        applied_at(&project, &["2022-01-02T05:06:40Z"]);
    }
}

#[test]
fn a_folder_of_kickjs_is_used_as_it_is() {
    let (project, _database, id) = crate::migrate::project(Engine::Sqlite);
    project.run(&["migrate", "latest"]).exits(0);
    let before = project.read("migrations/_journal.json");
    project
        .run(&["migrate", "adopt", "--from", "kickjs"])
        .exits(0)
        .says(&["1 migration of kickjs are applied", "stay as they are"]);
    assert_eq!(project.read("migrations/_journal.json"), before);
    project.write(&format!("migrations/{id}/up.sql"), "SELECT 1;\n");
    project.run(&["migrate", "adopt", "--from", "kickjs"]).exits(1);
    let (bare, _other) = bare(Engine::Sqlite);
    bare.run(&["migrate", "adopt", "--from", "kickjs"])
        .exits(2)
        .complains(&["no migrations of kickjs"]);
}
