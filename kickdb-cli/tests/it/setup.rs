//! `init`, `doctor` and `completions`.

use crate::project::Project;

#[test]
fn init_writes_what_is_missing_and_names_the_next_commands() {
    let project = Project::bare();
    project.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n");
    project.write("src/lib.rs", "");
    project.run(&["init", "--dialect", "sqlite"]).exits(0).says(&[
        "created kickdb.toml",
        "created migrations/",
        "created src/tables.rs",
        "Next:",
        "mod tables;",
        "cargo kickdb generate first_tables",
        "cargo kickdb migrate review --all",
        "cargo kickdb migrate latest",
    ]);
    assert!(project.read("kickdb.toml").contains("\ndialect = \"sqlite\"\n"));

    let before = project.files();
    project
        .run(&["init", "--dialect", "postgres"])
        .exits(1)
        .complains(&["error: `kickdb.toml` is already there; nothing was changed", "help:"]);
    assert_eq!(project.files(), before);
}

/// The commands that `init` names, one after the other, as they are.
#[test]
fn the_next_commands_work_as_they_are_named() {
    let project = Project::bare();
    project.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n");
    project.write("src/lib.rs", "");
    project.run(&["init", "--dialect", "sqlite"]).exits(0);
    project.write("src/lib.rs", "mod tables;\n");
    project.run(&["generate", "first_tables"]).exits(0);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project
        .run(&["migrate", "latest"])
        .exits(0)
        .says(&["1 migration applied"]);
    project.run(&["check"]).exits(0);
    project.run(&["drift"]).exits(0);
}

#[test]
fn init_writes_the_file_that_a_mod_line_names_already() {
    let project = Project::bare();
    project.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n");
    project.write("src/main.rs", "mod tables;\nfn main() {}\n");
    let run = project.run(&["init", "--dialect", "sqlite"]).exits(0);
    let run = run.says(&["created src/tables.rs", "cargo kickdb generate first_tables"]);
    assert!(!run.stdout().contains("mod tables;"));
    project.run(&["generate", "first_tables"]).exits(0);

    // What is missing beside it is the source's own business.
    let project = Project::bare();
    project.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n");
    project.write("src/main.rs", "mod model;\nfn main() {}\n");
    project.run(&["init", "--dialect", "sqlite"]).exits(0);
    assert!(!project.files().keys().any(|file| file.ends_with("tables.rs")));
}

#[test]
fn init_without_a_terminal_does_not_guess_the_engine() {
    let project = Project::bare();
    project.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n");
    project
        .run(&["init"])
        .exits(2)
        .complains(&["which database engine", "--dialect sqlite"]);
    assert_eq!(project.files().len(), 1);
    let run = project.run(&["init", "--format", "json"]).exits(2);
    assert_eq!(run.json()["error"]["data"]["decision"], "dialect");
    // A URL in the environment says it.
    project.run_with(&["init"], &[("DATABASE_URL", "sqlite:x.db")]).exits(0);
}

#[test]
fn init_leaves_nothing_where_the_folder_cannot_be_made() {
    let project = Project::bare();
    project.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n");
    project.write("migrations", "a file");
    let before = project.files();
    project
        .run(&["init", "--dialect", "sqlite"])
        .exits(1)
        .complains(&["`migrations`", "help: there is a file where a folder must be"]);
    assert_eq!(project.files(), before);
}

#[test]
fn completions_are_written_for_a_shell() {
    Project::bare()
        .run(&["completions", "bash"])
        .exits(0)
        .says(&["cargo-kickdb"]);
    Project::bare().run(&["completions", "vb"]).exits(2).complains(&["vb"]);
}
