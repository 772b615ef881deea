//! `migrate review` and `migrate verify`.

use crate::project::{Project, tasks};

fn generated() -> (Project, String) {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    let id = project.migrations("migrations").remove(0);
    (project, id)
}

#[test]
fn without_a_terminal_the_sql_is_shown_and_yes_marks_it() {
    let (project, id) = generated();
    let before = project.files();
    project
        .run(&["migrate", "review", "one"])
        .exits(2)
        .says(&["up.sql", "CREATE TABLE \"tasks\"", "down.sql", "DROP TABLE \"tasks\""])
        .complains(&[
            "error: 1 migration shown, none marked",
            &format!("help: having read the SQL, run `cargo kickdb migrate review {id} --yes`"),
        ]);
    assert_eq!(project.files(), before);
    project
        .run(&["migrate", "verify"])
        .exits(3)
        .says(&["has not been reviewed"]);

    project
        .run(&["migrate", "review", "--all", "--yes"])
        .exits(0)
        .says(&["Reviewed ", "Next: cargo kickdb migrate latest"]);
    project
        .run(&["migrate", "verify"])
        .exits(0)
        .says(&["ok migrations: 1 migration"]);
    project
        .run(&["migrate", "review", "--all"])
        .exits(0)
        .says(&["Nothing to review"]);
    let changed = project.files();
    let differing: Vec<_> = changed.keys().filter(|file| changed[*file] != before[*file]).collect();
    assert_eq!(
        differing,
        [&format!("migrations/{id}/meta.json")],
        "a review touches no file that is hashed"
    );
}

#[test]
fn an_id_that_does_not_exist_is_named() {
    let (project, _) = generated();
    project
        .run(&["migrate", "review", "20200101_000000_nothing"])
        .exits(2)
        .complains(&[
            "there is no migration `20200101_000000_nothing` in `migrations`",
            "help: ",
        ]);
}

#[test]
fn a_changed_file_is_found() {
    let (project, id) = generated();
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    let file = format!("migrations/{id}/up.sql");
    let up = project.read(&file);
    project.write(&file, &format!("{up}-- a comment\n"));
    project
        .run(&["migrate", "verify"])
        .exits(0)
        .says(&["note only comments or white space"]);
    project.write(&file, &up.replace("tasks", "tusks"));
    project.run(&["migrate", "verify"]).exits(3).says(&[
        "no migration `",
        "was changed after it was generated",
        "[migration_hash_mismatch]",
    ]);
}

#[test]
fn what_was_edited_before_its_review_is_recorded_by_it() {
    let (project, id) = generated();
    let file = format!("migrations/{id}/up.sql");
    project.write(
        &file,
        &format!("{}CREATE INDEX i ON tasks (title);\n", project.read(&file)),
    );
    project
        .run(&["migrate", "verify"])
        .exits(3)
        .says(&["was changed after it was generated"]);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0).says(&[
        "CREATE INDEX i",
        "note: its files were edited since they were recorded",
        "Reviewed ",
    ]);
    project.run(&["migrate", "verify"]).exits(0);
}
