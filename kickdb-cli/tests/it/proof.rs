//! `generate` runs what it wrote on a scratch database first.

use std::time::{Duration, Instant};

use kickdb_testdb::{Engine, engines};

use crate::project::{Project, execute, rows, tables, tasks};

#[test]
fn what_is_generated_is_proven_and_says_so() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let database = engine.database();
        let url = database.url();
        execute(url, &["CREATE TABLE mine (id int)", "INSERT INTO mine VALUES (7)"]);
        let project = Project::new(&tasks("pub title: String,"));
        project.write(
            "kickdb.toml",
            &format!("dialect = \"{}\"\nurl = \"{url}\"\n", engine.name()),
        );
        let said = format!("proved up and down on {} ", engine.name());
        project.run(&["generate", "one"]).exits(0).says(&[&said]);
        project.write("src/lib.rs", &tasks("pub title: String, pub done: Option<bool>,"));
        let run = project.run(&["generate", "two", "--format", "json"]).exits(0);
        let proof = &run.json()["targets"][0]["migrations"][0]["proof"];
        assert_eq!(proof["up"], true);
        assert_eq!(proof["down"], true);
        let id = project.migrations("migrations").pop().unwrap();
        let meta: serde_json::Value =
            serde_json::from_str(&project.read(&format!("migrations/{id}/meta.json"))).unwrap();
        assert_eq!(&meta["proof"], proof);
        assert!(proof["engine"].as_str().unwrap().starts_with(engine.name()), "{proof}");
        // The user's own database is as it was.
        assert_eq!(rows(url, "SELECT CAST(id AS char(1)) FROM mine"), ["7"]);
    }
}

#[test]
fn nothing_is_left_on_the_server() {
    for (engine, databases) in [
        (Engine::Postgres, "SELECT datname::text FROM pg_database"),
        (
            Engine::Mysql,
            "SELECT CAST(SCHEMA_NAME AS char) FROM information_schema.SCHEMATA",
        ),
    ] {
        for engine in engines(&[engine]) {
            let database = engine.database();
            let project = Project::new(&tasks("pub title: String,"));
            let config = format!("dialect = \"{}\"\nurl = \"{}\"\n", engine.name(), database.url());
            project.write("kickdb.toml", &config);
            let mut child = project.command(&["generate", "one", "--quiet"]).spawn().unwrap();
            let scratch = format!("kickdb_proof_{}_", child.id());
            assert!(child.wait().unwrap().success());
            let left = rows(database.url(), databases);
            assert!(!left.iter().any(|name| name.starts_with(&scratch)), "{left:?}");
        }
    }
}

#[test]
fn what_a_killed_run_has_left_is_swept_and_what_runs_is_not() {
    for engine in engines(&[Engine::Postgres, Engine::Mysql]) {
        let (databases, session, hold) = match engine {
            Engine::Postgres => (
                "SELECT datname::text FROM pg_database",
                "SELECT pg_backend_pid()::text",
                None,
            ),
            _ => (
                "SELECT CAST(SCHEMA_NAME AS char) FROM information_schema.SCHEMATA",
                "SELECT CAST(CONNECTION_ID() AS char)",
                Some("SELECT GET_LOCK('{}', 0)"),
            ),
        };
        let database = engine.database();
        let url = database.url();
        let project = Project::new(&tasks("pub title: String,"));
        project.write(
            "kickdb.toml",
            &format!("dialect = \"{}\"\nurl = \"{url}\"\n", engine.name()),
        );
        let unique = std::process::id();
        let dead = format!("kickdb_proof_{unique}_1_999999999");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut owner = kickdb_core::dialect::live::connect(url).await.unwrap();
            let number = owner.query(session, &[]).await.unwrap()[0][0].clone().unwrap();
            let living = format!("kickdb_proof_{unique}_2_{number}");
            // Somebody else's, who has no such number.
            let other = format!("kickdb_proof_{unique}");
            for name in [&dead, &living, &other] {
                owner.execute(&format!("CREATE DATABASE {name}")).await.unwrap();
            }
            if let Some(hold) = hold {
                owner.execute(&hold.replace("{}", &living)).await.unwrap();
            }
            project.run(&["generate", "one"]).exits(0).says(&["proved up and down"]);
            let there = rows_of(&mut *owner, databases).await;
            assert!(!there.contains(&dead), "{engine:?}");
            assert!(there.contains(&living) && there.contains(&other), "{engine:?}");
            for name in [&living, &other] {
                owner.execute(&format!("DROP DATABASE {name}")).await.unwrap();
            }
            owner.close().await.unwrap();
        });
    }
}

async fn rows_of(connection: &mut dyn kickdb_core::dialect::live::Connection, sql: &str) -> Vec<String> {
    let rows = connection.query(sql, &[]).await.unwrap();
    rows.into_iter().flatten().flatten().collect()
}

#[test]
fn what_is_wrong_in_the_source_is_shown_there() {
    let view = "#[db_object] const OPEN: &str = \"CREATE VIEW open_tasks AS SELECT * FROM taks\";";
    let trigger =
        "#[db_object] const LOG: &str = \"CREATE TRIGGER log AFTER INSERT ON tasks BEGIN DELETE FROM taks; END\";";
    let check =
        "#[derive(Table)]\n#[check(expr = \"titel <> ''\")]\npub struct Note { #[column(primary_key)] pub id: i64 }";
    for (wrong, said, shown) in [
        (view, "no such table: main.taks", "OPEN"),
        (trigger, "no such table: main.taks", "LOG"),
        (check, "no such column: titel", "pub struct Note"),
    ] {
        let project = Project::new(&format!("{}\n{wrong}", tasks("pub title: String,")));
        let run = project.run(&["generate", "one"]).exits(1);
        assert_eq!(run.stderr().matches(said).count(), 1, "{}", run.stderr());
        run.complains(&[said, "--> src/lib.rs:", shown, "nothing was written"]);
    }
}

#[test]
fn what_fails_is_not_written() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    project.write("src/lib.rs", &tasks("pub title: String, pub slug: String,"));
    let before = project.files();
    let wrong = ["generate", "two", "--backfill", "tasks.slug=lower(titel)"];
    project.run(&wrong).exits(1).complains(&[
        "titel",
        "error: nothing was written: on a scratch database line ",
        " of up.sql fails\n",
        "UPDATE \"tasks\"",
        "help: ",
        "`--no-proof`",
    ]);
    let json = project
        .run(&[&wrong[..], &["--format", "json"]].concat())
        .exits(1)
        .json();
    assert_eq!(json["error"]["code"], "proof");
    assert_eq!(json["error"]["data"]["file"], "up.sql");
    assert_eq!(project.files(), before);
    assert_eq!(json["error"]["diagnostics"][0]["file"], "src/lib.rs");
    let run = project.run(&[&wrong[..], &["--no-proof"]].concat()).exits(0);
    assert!(!run.stdout().contains("prove"), "{}", run.stdout());
}

#[test]
fn without_a_database_it_is_said_that_nothing_was_proven() {
    let project = Project::new(&tasks("pub title: String,"));
    project.write("kickdb.toml", "dialect = \"postgres\"\n");
    project
        .run(&["generate", "one"])
        .exits(0)
        .says(&["not proved: no database is configured"]);
    // A server that never answers keeps nobody waiting.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    for (dialect, url) in [
        ("postgres", format!("postgres://u@127.0.0.1:{port}/x")),
        ("mysql", format!("mysql://u@127.0.0.1:{port}/x")),
    ] {
        let project = Project::new(&tasks("pub title: String,"));
        project.write("kickdb.toml", &format!("dialect = \"{dialect}\"\nurl = \"{url}\"\n"));
        let begun = Instant::now();
        project
            .run(&["generate", "one"])
            .exits(0)
            .says(&["created", "not proved: the server does not answer within 2 s"]);
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn of_a_large_schema_only_what_is_concerned_is_made() {
    let mut items = String::from(
        "#[derive(Table)] pub struct Account { #[column(primary_key)] pub id: i64, #[column(type = \"varchar(80)\")] pub name: String }\n",
    );
    for at in 0..80 {
        items.push_str(&format!(
            "#[derive(Table)] pub struct T{at} {{ #[column(primary_key)] pub id: i64, \
             #[column(references = Account::id)] pub account_id: i64, \
             #[column(references = T{}::id)] pub before_id: Option<i64> }}\n",
            at.max(1) - 1
        ));
    }
    let project = Project::new(&tables(&items));
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let database = engine.database();
        project.write("src/lib.rs", &tables(&items));
        project.write(
            "kickdb.toml",
            &format!(
                "dialect = \"{}\"\nurl = \"{}\"\nmigrations_dir = \"{0}\"\n",
                engine.name(),
                database.url()
            ),
        );
        project
            .run(&["generate", "one"])
            .exits(0)
            .says(&["proved up and down on"]);
        let more = items.replace(
            "pub name: String",
            "#[column(unique)] pub name: String, pub note: Option<String>",
        );
        project.write(
            "src/lib.rs",
            &tables(&more.replace("struct T7 {", "struct T7 { pub extra: Option<i32>, ")),
        );
        project
            .run(&["generate", "two"])
            .exits(0)
            .says(&["+ column extra", "proved up and down on"]);
    }
}
