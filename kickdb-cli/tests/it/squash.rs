//! Several migrations become one, and every database knows what it has of them.

use kickdb_testdb::{Engine, engines};

use crate::project::{Project, execute, rows, tasks};

/// Three migrations of one table, and one more after them.
fn grown(engine: Engine, url: &str) -> Project {
    let project = Project::new(&tasks("pub title: String,"));
    project.write(
        "kickdb.toml",
        &format!(
            "dialect = \"{}\"\nurl = \"{url}\"\nrequire_reviewed = false\n",
            engine.name()
        ),
    );
    let mut fields = "pub title: String,".to_owned();
    project.run(&["generate", "one", "--no-proof"]).exits(0);
    for (name, field) in [
        ("two", "pub due: Option<i64>,"),
        ("three", "#[column(index)] pub rank_no: Option<i64>,"),
        ("four", "pub note: Option<String>,"),
    ] {
        fields.push_str(field);
        project.write("src/lib.rs", &tasks(&fields));
        project.run(&["generate", name, "--no-proof"]).exits(0);
    }
    project
}

fn applied(url: &str) -> Vec<String> {
    rows(url, "SELECT id FROM kick_migrations ORDER BY id")
        .into_iter()
        .map(|id| id.split_once('_').unwrap().1.split_once('_').unwrap().1.to_owned())
        .collect()
}

#[test]
fn a_database_that_has_all_some_or_none_of_them_goes_on_or_says_why_not() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let [all, some, none] = [engine.database(), engine.database(), engine.database()];
        let project = grown(engine, all.url());
        let ids = project.migrations("migrations");
        project.run(&["migrate", "up", "--to", &ids[2]]).exits(0);
        project.run(&["migrate", "up", "--url", some.url()]).exits(0);

        let before = project.files();
        project
            .run(&["migrate", "squash", "one..three", "--dry-run"])
            .exits(0)
            .says(&[
                "CREATE TABLE",
                "would delete",
                "_one/",
                "would rewrite",
                "_three/",
                "3 migrations",
                "Nothing was written",
            ]);
        assert_eq!(project.files(), before);
        project
            .run(&["migrate", "squash", "one..three"])
            .exits(0)
            .says(&["deleted", "rewrote", "proved up and down"]);
        assert_eq!(project.migrations("migrations"), ids[2..]);
        project.run(&["migrate", "verify"]).exits(0);
        let journal: serde_json::Value = serde_json::from_str(&project.read("migrations/_journal.json")).unwrap();
        let replaces = journal["entries"][0]["replaces"].as_array().unwrap();
        assert_eq!(replaces.len(), 3);
        assert_eq!(replaces[0]["id"], ids[0].as_str());

        // All: nothing of it runs, one row stands for three, and what comes after runs.
        project
            .run(&["migrate", "status"])
            .exits(0)
            .says(&["three", "applied", "four", "pending"]);
        project.run(&["migrate", "latest"]).exits(0).says(&["four"]);
        assert_eq!(applied(all.url()), ["three", "four"], "{engine:?}");
        let notes = rows(
            all.url(),
            "SELECT notes FROM kick_operations WHERE operation_type = 'migration-squash'",
        );
        assert!(notes.len() == 1 && notes[0].contains(&ids[0]), "{notes:?}");
        project.run(&["drift"]).exits(0);

        // Some: refused with the way out, nothing is changed.
        project
            .run(&["migrate", "latest", "--url", some.url()])
            .exits(2)
            .complains(&["stands for 3", "only some of them", &ids[1], "is not done"]);
        assert_eq!(applied(some.url()), ["one"]);

        // None: it runs like any other.
        project.run(&["migrate", "latest", "--url", none.url()]).exits(0);
        assert_eq!(applied(none.url()), ["three", "four"]);
        project.run(&["drift", "--url", none.url()]).exits(0);
        // The rows were made by the migrations as they were; the way back is the new one's.
        for database in [&all, &none] {
            execute(database.url(), &["INSERT INTO tasks (id, title) VALUES (1, 'One')"]);
            project.run(&["migrate", "down", "--url", database.url()]).exits(0);
            project.run(&["drift", "--url", database.url()]).exits(0);
            assert_eq!(rows(database.url(), "SELECT title FROM tasks"), ["One"]);
            project.run(&["migrate", "down", "--url", database.url()]).exits(0);
            assert_eq!(applied(database.url()), Vec::<String>::new());
            project.run(&["migrate", "latest", "--url", database.url()]).exits(0);
            project.run(&["drift", "--url", database.url()]).exits(0);
            project
                .run(&["migrate", "rollback", "--all", "--force", "--url", database.url()])
                .exits(0);
            assert_eq!(applied(database.url()), Vec::<String>::new());
        }
    }
}

#[test]
fn sql_that_somebody_wrote_is_not_lost() {
    let project = grown(Engine::Sqlite, "sqlite:app.db");
    let ids = project.migrations("migrations");
    let up = format!("migrations/{}/up.sql", ids[1]);
    project.write(&up, &(project.read(&up) + "UPDATE tasks SET due = 7;\n"));
    project.run(&["migrate", "review", "two", "--yes"]).exits(0);
    let before = project.files();
    project
        .run(&["migrate", "squash", "one..three"])
        .exits(2)
        .complains(&[&ids[1], "SQL that somebody wrote"]);
    project
        .run(&["migrate", "squash", "three..one"])
        .exits(2)
        .complains(&["does not come before"]);
    project
        .run(&["migrate", "squash", "three"])
        .exits(2)
        .complains(&["no range"]);
    assert_eq!(project.files(), before);
    // What is beside it can be squashed.
    project.run(&["migrate", "squash", "three..four"]).exits(0);
    project.run(&["migrate", "latest"]).exits(0);
    project.run(&["drift"]).exits(0);
}

#[test]
fn what_was_squashed_can_be_squashed_again() {
    let project = grown(Engine::Sqlite, "sqlite:app.db");
    project.run(&["migrate", "latest"]).exits(0);
    project.run(&["migrate", "squash", "one..two"]).exits(0);
    project.run(&["migrate", "squash", "two..four"]).exits(0);
    project.run(&["migrate", "latest"]).exits(0);
    let url = format!("sqlite:{}", project.path("app.db").display());
    assert_eq!(applied(&url), ["four"]);
}

/// All of them together may do nothing: what was made was dropped again.
#[test]
fn what_comes_to_nothing_is_squashed_to_nothing() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let [all, none] = [engine.database(), engine.database()];
        let labels = "\n#[derive(Table)]\n#[table(name = \"labels\")]\npub struct Label {\n    #[column(primary_key)]\n    pub id: i64,\n}\n";
        let source = |fields: &str| format!("{}{labels}", tasks(fields));
        let project = Project::new(&crate::project::tables(labels));
        let config = format!("dialect = \"{}\"\nurl = \"{}\"\n", engine.name(), all.url());
        project.write("kickdb.toml", &format!("{config}require_reviewed = false\n"));
        project.run(&["generate", "zero", "--no-proof"]).exits(0);
        for (name, fields) in [
            ("one", "pub title: String,"),
            ("two", "pub title: String, pub due: Option<i64>,"),
            ("three", "pub title: String,"),
            ("four", "pub title: String, pub rank: Option<i32>,"),
        ] {
            project.write("src/lib.rs", &source(fields));
            let allow = ["generate", name, "--no-proof", "--allow-drop", "tasks.due"];
            project.run(&allow[..if name == "three" { 5 } else { 3 }]).exits(0);
        }
        project.run(&["migrate", "latest"]).exits(0);
        project
            .run(&["migrate", "squash", "two..three"])
            .exits(0)
            .says(&["stands for 2 migrations"]);
        let id = project.migrations("migrations").remove(2);
        assert!(id.ends_with("_three"), "{id}");
        let up = project.read(&format!("migrations/{id}/up.sql"));
        assert!(up.lines().all(|line| line.starts_with("--")), "{up}");
        project.run(&["migrate", "verify"]).exits(0);
        project.run(&["check"]).exits(0);
        for database in [&all, &none] {
            project.run(&["migrate", "latest", "--url", database.url()]).exits(0);
            assert_eq!(applied(database.url()), ["zero", "one", "three", "four"], "{engine:?}");
            project.run(&["drift", "--url", database.url()]).exits(0);
            // There and back through what does nothing.
            for left in [vec!["zero", "one", "three"], vec!["zero", "one"], vec!["zero"]] {
                project.run(&["migrate", "down", "--url", database.url()]).exits(0);
                assert_eq!(applied(database.url()), left, "{engine:?}");
            }
            project.run(&["migrate", "latest", "--url", database.url()]).exits(0);
            project.run(&["drift", "--url", database.url()]).exits(0);
        }
        // Of a whole table nothing is left, and of what was squashed to nothing before.
        project.write("src/lib.rs", &crate::project::tables(labels));
        let gone = ["generate", "five", "--no-proof", "--allow-drop", "tasks"];
        project.run(&gone).exits(0);
        project.run(&["migrate", "latest"]).exits(0);
        project.run(&["migrate", "squash", "one..five"]).exits(0);
        for database in [&all, &engine.database()] {
            project.run(&["migrate", "latest", "--url", database.url()]).exits(0);
            assert_eq!(applied(database.url()), ["zero", "five"], "{engine:?}");
            project.run(&["drift", "--url", database.url()]).exits(0);
            project.run(&["migrate", "down", "--url", database.url()]).exits(0);
            assert_eq!(applied(database.url()), ["zero"]);
            project.run(&["drift", "--url", database.url()]).exits(0);
        }
    }
}
