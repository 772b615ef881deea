//! A migration that takes away what the source still says tells where that is.

use crate::project::{Project, tasks};

#[test]
fn what_goes_and_is_still_said_is_told_with_its_place() {
    let rest = r#"
mod queries;
"#;
    let project = Project::new(&(tasks("pub title: String, pub note: Option<String>,") + rest));
    project.write(
        "src/queries.rs",
        r#"use crate::Task;

/// SELECT note FROM tasks: what is told about a table is no use of it.
pub fn noted() -> bool {
    let _ = Task::query().filter(Task::NOTE.is_not_null());
    let sql = "SELECT id, note FROM tasks";
    let other = "a note of the tasks";
    let also = Other::NOTE;
    sql == other
}
"#,
    );
    project.run(&["generate", "one"]).exits(0);
    project.write("src/lib.rs", &(tasks("pub title: String,") + rest));
    let run = project.run(&["generate", "two"]).exits(0);
    run.says(&[
        "`tasks.note` goes, and src/queries.rs:5:34 still says it (Task::NOTE)",
        "`tasks.note` goes, and src/queries.rs:6:15 still says it (SQL)",
    ]);
    for command in [&["check"][..], &["lint", "two"]] {
        let run = project.run(&[command, &["--format", "json"]].concat());
        let json = run.json();
        let said = match command {
            ["check"] => &json["targets"][0]["stillSaid"],
            _ => &json["stillSaid"],
        };
        let places = said
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["file"].clone(), one["line"].clone()));
        assert_eq!(
            places.collect::<Vec<_>>(),
            [("src/queries.rs".into(), 5.into()), ("src/queries.rs".into(), 6.into())],
            "{json}"
        );
    }

    // Renamed: the old name is what must go.
    project.write("src/queries.rs", "use crate::Task;\npub fn titled() { Task::TITLE; }\n");
    let renamed = tasks("#[column(renamed_from = \"title\")] pub name: String,") + rest;
    project.write("src/lib.rs", &renamed);
    project
        .run(&["generate", "three"])
        .exits(0)
        .says(&["`tasks.title` goes, and src/queries.rs:2:19 still says it (Task::TITLE)"]);
}
