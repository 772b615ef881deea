//! Arguments, the configuration and where a command may be run.

use crate::project::Project;

#[test]
fn outside_of_a_cargo_project_it_says_so() {
    let project = Project::bare();
    for command in [
        vec!["init", "--dialect", "sqlite"],
        vec!["generate", "x"],
        vec!["check"],
        vec!["migrate", "latest"],
    ] {
        project.run(&command).exits(2).complains(&[
            "error: this folder is not in a Cargo project",
            "help: change into your project's folder",
        ]);
    }
    assert!(project.files().is_empty());
}

#[test]
fn an_unknown_key_is_shown_in_its_file_with_the_nearest_known_one() {
    let project = Project::new("");
    project.write("kickdb.toml", "dialect = \"sqlite\"\nmigration_dir = \"x\"\n");
    project.run(&["generate", "x"]).exits(1).complains(&[
        "error: unknown key `migration_dir`",
        "--> kickdb.toml:2:1",
        "migration_dir",
        "^^^^^^^^^^^^^",
        "help: did you mean `migrations_dir`?",
        "error: `kickdb.toml` cannot be used",
    ]);
    let run = project.run(&["generate", "x", "--format", "json"]).exits(1);
    let error = &run.json()["error"];
    assert_eq!(error["diagnostics"][0]["line"], 2);
    assert_eq!(error["code"], "config");
}

#[test]
fn wrong_arguments_are_exit_2_for_people_and_for_programs() {
    let project = Project::new("");
    project
        .run(&["genrate", "x"])
        .exits(2)
        .complains(&["genrate", "generate"]);
    let run = project.run(&["genrate", "x", "--format", "json"]).exits(2);
    assert_eq!(run.json()["error"]["code"], "usage");
    assert_eq!(run.stderr(), "");
    project.run(&["--version"]).exits(0).says(&["kickdb"]);
    // What is allowed where `--yes` is meant has a flag of its own.
    for (arguments, flag) in [
        (["migrate", "down", "--yes"], "--confirm-enum-drop"),
        (["migrate", "reset", "-y"], "--force"),
        (["generate", "x", "--yes"], "--allow-drop"),
    ] {
        project
            .run(&arguments)
            .exits(2)
            .complains(&["unexpected argument", "tip:", flag]);
    }
    // Other tools take the engine by itself.
    for (engine, flag) in [("sqlite", "--dialect sqlite"), ("mariadb", "--dialect mysql")] {
        project.run(&["init", engine]).exits(2).complains(&["tip:", flag]);
    }
}

#[test]
fn without_an_engine_it_says_how_to_set_one() {
    let project = Project::new("");
    project.write("kickdb.toml", "");
    project.run(&["generate", "x"]).exits(2).complains(&[
        "error: no database engine is configured",
        "help: run `cargo kickdb init`",
        "`sqlite`",
    ]);
    // An engine can also come from the manifest, from a variable, and from the URL.
    project
        .run_with(&["generate", "x"], &[("DATABASE_URL", "oracle://secret@db/x")])
        .exits(2)
        .complains(&["the URL in DATABASE_URL starts with `oracle:`"]);
}

#[test]
fn a_target_that_does_not_exist_is_named_with_the_nearest_one() {
    let project = Project::new("");
    project.write("kickdb.toml", "[target.sqlite]\n[target.postgres]\n");
    project
        .run(&["generate", "x", "--target", "postgre"])
        .exits(2)
        .complains(&[
            "error: there is no target `postgre`",
            "did you mean `--target postgres`?",
        ]);
    project
        .run(&["migrate", "latest"])
        .exits(2)
        .complains(&["this project has several targets", "--target postgres"]);
}
