//! `migrate rebase`: two branches met, as a merge leaves them.

use kickdb_testdb::{Engine, engines};

use crate::migrate::project;
use crate::project::{Project, rows, tasks};

/// Copies the migrations that another checkout has beyond this one's, and its journal where wanted.
fn merge(into: &Project, from: &Project) {
    for id in from.migrations("migrations") {
        for file in ["up.sql", "down.sql", "snapshot.json", "meta.json"] {
            let path = format!("migrations/{id}/{file}");
            into.write(&path, &from.read(&path));
        }
    }
}

/// A checkout of the same state.
fn checkout(of: &Project) -> Project {
    let other = Project::bare();
    for file in ["Cargo.toml", "kickdb.toml", "src/lib.rs", "migrations/_journal.json"] {
        other.write(file, &of.read(file));
    }
    merge(&other, of);
    other
}

/// Two branches of which the first is the older one.
fn branches(engine: Engine, older: &str, younger: &str) -> (Project, Project, kickdb_testdb::Database) {
    let (main, database, _) = project(engine);
    let branch = checkout(&main);
    main.write("src/lib.rs", &tasks(older));
    main.run(&["generate", "older"]).exits(0);
    branch.write("src/lib.rs", &tasks(younger));
    // Ids are seconds: the younger one must be younger.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    branch.run(&["generate", "younger"]).exits(0);
    for project in [&main, &branch] {
        project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    }
    (main, branch, database)
}

#[test]
fn the_younger_one_comes_behind_the_older_one() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let (main, branch, database) = branches(
            engine,
            "pub title: String, pub color: Option<String>,",
            "pub title: String, pub size: Option<i64>,",
        );
        main.run(&["migrate", "latest"]).exits(0);
        // The branch takes in what is on main; git asks about the journal, and somebody keeps both sides.
        merge(&branch, &main);
        let (ours, theirs) = (
            branch.read("migrations/_journal.json"),
            main.read("migrations/_journal.json"),
        );
        branch.write(
            "migrations/_journal.json",
            &format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> main\n"),
        );
        branch.write(
            "src/lib.rs",
            &tasks("pub title: String, pub color: Option<String>, pub size: Option<i64>,"),
        );
        for command in [["migrate", "latest"], ["migrate", "verify"], ["migrate", "status"]] {
            branch
                .run(&command)
                .exits(1)
                .complains(&["merge conflict", "cargo kickdb migrate rebase"]);
        }
        // Where the journal is right, the fork is told.
        branch.write("migrations/_journal.json", &theirs);
        branch.run(&["check"]).exits(3);
        let before = branch.files();
        branch.run(&["migrate", "rebase", "--dry-run"]).exits(0).says(&[
            "moved",
            "_younger behind",
            "_older",
            "column size",
            "Nothing was written",
        ]);
        assert_eq!(branch.files(), before);
        branch
            .run(&["migrate", "rebase"])
            .exits(0)
            .says(&["moved", "proved up and down", "updated"]);
        branch.run(&["migrate", "rebase"]).exits(0).says(&["Nothing to do"]);
        branch.run(&["migrate", "review", "--all", "--yes"]).exits(0);
        branch.run(&["check"]).exits(0);
        branch.run(&["migrate", "latest"]).exits(0).says(&["_younger"]);
        branch.run(&["drift"]).exits(0);
        assert_eq!(rows(database.url(), "SELECT id FROM kick_migrations").len(), 3);
        branch.run(&["migrate", "down"]).exits(0);
        branch.run(&["drift"]).exits(0);
    }
}

#[test]
fn what_both_changed_is_asked_about() {
    let (main, branch, _database) = branches(
        Engine::Sqlite,
        "#[column(default = \"a\")] pub title: String,",
        "#[column(default = \"b\")] pub title: String,",
    );
    merge(&branch, &main);
    let asked = branch.run(&["migrate", "rebase", "--format", "json"]).exits(2).json();
    assert_eq!(asked["error"]["code"], "decision");
    assert_eq!(asked["error"]["data"]["conflicts"][0]["thing"], "column tasks.title");
    branch.run(&["migrate", "rebase"]).exits(2).complains(&[
        "both branches change it",
        "--take 'column tasks.title=older'",
        "--take 'column tasks.title=younger'",
    ]);
    branch
        .run(&["migrate", "rebase", "--take", "column tasks.title=newer"])
        .exits(2)
        .complains(&["says no side"]);
    branch
        .run(&["migrate", "rebase", "--take", "column tasks.title=younger"])
        .exits(0);
    branch.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    branch.run(&["check"]).exits(0);
}

#[test]
fn what_is_applied_here_does_not_move() {
    let (main, branch, _database) = branches(
        Engine::Sqlite,
        "pub title: String, pub color: Option<String>,",
        "pub title: String, pub size: Option<i64>,",
    );
    branch.run(&["migrate", "latest"]).exits(0);
    merge(&branch, &main);
    branch
        .run(&["migrate", "rebase"])
        .exits(1)
        .complains(&["_younger` is applied in", "migrate down", "--move"]);
    // The way out for a database of one's own.
    branch.run(&["migrate", "down"]).exits(0);
    branch.run(&["migrate", "rebase"]).exits(0);
    branch.run(&["migrate", "latest"]).exits(0);
    branch.run(&["drift"]).exits(0);
}

#[test]
fn one_that_arrives_late_is_put_behind_what_is_applied() {
    let (main, branch, _database) = branches(
        Engine::Sqlite,
        "pub title: String, pub color: Option<String>,",
        "pub title: String, pub size: Option<i64>,",
    );
    branch.run(&["migrate", "latest"]).exits(0);
    merge(&branch, &main);
    branch
        .run(&["migrate", "rebase", "--move", "older"])
        .exits(0)
        .says(&["_older is now", "behind"]);
    branch.run(&["migrate", "latest"]).exits(0).says(&["_older"]);
    branch.run(&["drift"]).exits(0);
    branch.run(&["migrate", "verify"]).exits(0);
}
