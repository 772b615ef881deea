//! `diff` between sources that need no server.

use crate::project::{Project, execute, tasks};

#[test]
fn every_source_can_stand_on_either_side() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    let first = project.migrations("migrations").remove(0);
    project.write("src/lib.rs", &tasks("pub title: String, pub done: Option<bool>,"));
    project.run(&["generate", "two"]).exits(0);

    project
        .run(&["diff", "--from", "empty:sqlite", "--to", "source:."])
        .exits(0)
        .says(&["CREATE TABLE \"tasks\"", "\"done\""]);
    let at = format!("migrations:migrations@{first}");
    project
        .run(&["diff", "--from", &at, "--to", "migrations:migrations"])
        .exits(0)
        .says(&["ADD COLUMN \"done\""]);
    let snapshot = format!("snapshot:migrations/{first}/snapshot.json");
    project
        .run(&["diff", "--from", &snapshot, "--to", "source:."])
        .exits(0)
        .says(&["ADD COLUMN \"done\""]);
    project
        .run(&["diff", "--from", &snapshot, "--to", "source:.", "--down"])
        .exits(0)
        .says(&["DROP COLUMN \"done\""]);
    project
        .run(&["diff", "--from", "migrations:migrations", "--to", "source:."])
        .exits(0)
        .says(&["-- no difference"]);
    let run = project
        .run(&["diff", "--from", &snapshot, "--to", "source:.", "--format", "json"])
        .exits(0);
    assert_eq!(run.json()["statements"].as_array().unwrap().len(), 1);
}

#[test]
fn a_source_that_cannot_be_is_named_and_no_password_is_shown() {
    let project = Project::new(&tasks("pub title: String,"));
    let run = project
        .run(&["diff", "--from", "oracle://ada:secret@db/x", "--to", "source:."])
        .exits(2)
        .complains(&["`oracle` is no source of a schema", "empty:DIALECT"]);
    assert!(!run.stderr().contains("secret"));
    project
        .run(&["diff", "--from", "empty:oracle", "--to", "source:."])
        .exits(2)
        .complains(&["`sqlite`"]);
    project
        .run(&["diff", "--from", "empty:sqlite", "--to", "empty:postgres"])
        .exits(2)
        .complains(&["compare two schemas of one engine"]);
    project
        .run(&["diff", "--from", "snapshot:nowhere.json", "--to", "source:."])
        .exits(2)
        .complains(&["there is no file"]);
    // What is there, without the word for what it is.
    project.run(&["generate", "one"]).exits(0);
    for (place, meant) in [
        ("kickdb.toml", "snapshot:kickdb.toml"),
        ("migrations", "migrations:migrations"),
        (".", "source:."),
    ] {
        project
            .run(&["diff", "--from", place, "--to", "source:."])
            .exits(2)
            .complains(&[&format!("did you mean `{meant}`?")]);
    }
}

#[test]
fn a_required_column_comes_with_a_value_for_the_rows_and_a_word_about_it() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    project.write("src/lib.rs", &tasks("pub title: String, pub owner: String,"));
    project
        .run(&["diff", "--from", "migrations:migrations", "--to", "source:."])
        .exits(0)
        .says(&[
            "-- rows of tasks that are there get a plain value for owner",
            "ADD COLUMN \"owner\" text NOT NULL DEFAULT ''",
        ]);
    // The way back has rows, too.
    project
        .run(&["diff", "--from", "source:.", "--to", "migrations:migrations", "--down"])
        .exits(0)
        .says(&[
            "-- rows of tasks that are there get a plain value for owner",
            "ADD COLUMN \"owner\" text NOT NULL DEFAULT ''",
        ]);
}

#[test]
fn the_bookkeeping_of_other_tools_is_no_difference_to_what_is_declared() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    let url = format!("sqlite:{}", project.path("app.db").display());
    execute(
        &url,
        &[
            "CREATE TABLE tasks (id integer NOT NULL PRIMARY KEY, title text NOT NULL)",
            "CREATE TABLE django_migrations (id integer PRIMARY KEY, app text)",
        ],
    );
    for declared in ["source:.", "migrations:migrations"] {
        for (from, to) in [(url.as_str(), declared), (declared, url.as_str())] {
            project
                .run(&["diff", "--from", from, "--to", to])
                .exits(0)
                .says(&["-- left alone: table django_migrations (Django)", "-- no difference"]);
        }
    }
    // Two databases are compared as they are.
    let other = format!("sqlite:{}", project.path("other.db").display());
    execute(
        &other,
        &["CREATE TABLE tasks (id integer NOT NULL PRIMARY KEY, title text NOT NULL)"],
    );
    project.run(&["diff", "--from", &url, "--to", &other]).exits(0).says(&[
        "-- table django_migrations, in which Django keeps what it has done, goes",
        "DROP TABLE \"django_migrations\"",
    ]);
}
