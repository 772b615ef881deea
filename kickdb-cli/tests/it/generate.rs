//! `generate`, `check` and `migrate make`.

use crate::project::{Project, tables, tasks};

#[test]
fn a_first_migration_has_its_files_and_a_second_run_has_nothing_to_do() {
    let project = Project::new(&tasks("pub title: String,"));
    let run = project.run(&["generate", "Add tasks!"]).exits(0).says(&[
        "created migrations/",
        "_add_tasks/",
        "+ table tasks",
        "updated migrations/_journal.json",
        "Next: cargo kickdb migrate review ",
    ]);
    assert_eq!(run.stderr(), "");
    let ids = project.migrations("migrations");
    assert_eq!(ids.len(), 1);
    for file in ["up.sql", "down.sql", "snapshot.json", "meta.json"] {
        assert!(project.read(&format!("migrations/{}/{file}", ids[0])).ends_with('\n'));
    }
    let before = project.files();
    project
        .run(&["generate", "again"])
        .exits(0)
        .says(&["Nothing to generate"]);
    assert_eq!(project.files(), before);
    project
        .run(&["check"])
        .exits(3)
        .says(&["has not been reviewed", "[migration_unreviewed]"]);
    project
        .run_with(&["check"], &[("KICKDB_ENV", "development")])
        .exits(0)
        .says(&["ok sqlite: 1 table match"]);
}

#[test]
fn hazards_that_say_the_same_are_shown_a_few_times() {
    let table = |number: u32| {
        format!(
            "#[derive(Table)] pub struct T{number} {{ #[column(primary_key)] pub id: i64, \
             #[column(references = Self::id)] pub parent: Option<i64> }}"
        )
    };
    let tables: String = (0..9).map(table).collect();
    let project = Project::new(&format!("use kickdb::prelude::*; {tables}"));
    let run = project.run(&["generate", "one"]).exits(0);
    let shown = run.stdout().matches("[foreign_key_without_index]").count();
    assert_eq!(shown, 6, "{}", run.stdout());
    run.says(&["… and 4 more [foreign_key_without_index]: `cargo kickdb lint` shows them all"]);
    let meta = project.read(&format!("migrations/{}/meta.json", project.migrations("migrations")[0]));
    assert_eq!(meta.matches("foreign_key_without_index").count(), 9);
}

#[test]
fn a_change_is_summed_up_and_check_says_that_it_has_no_migration_yet() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    project.write("src/lib.rs", &tasks("pub title: String, pub done: Option<bool>,"));
    project
        .run_with(&["check"], &[("KICKDB_ENV", "development")])
        .exits(3)
        .says(&[
            "no the source is ahead",
            "~ table tasks",
            "+ column done",
            "Next: cargo kickdb generate <name>",
        ]);
    let run = project.run(&["generate", "two", "--format", "json"]).exits(0);
    let json = run.json();
    assert_eq!(json["ok"], true);
    let changes = &json["targets"][0]["migrations"][0]["changes"];
    assert_eq!(changes[0], "~ table tasks");
    assert!(changes[1].as_str().unwrap().contains("+ column done"), "{changes}");
    assert_eq!(project.migrations("migrations").len(), 2);
}

#[test]
fn a_dry_run_prints_the_sql_and_writes_nothing() {
    let project = Project::new(&tasks("pub title: String,"));
    let before = project.files();
    project.run(&["generate", "x", "--dry-run"]).exits(0).says(&[
        "up.sql",
        "CREATE TABLE \"tasks\"",
        "down.sql",
        "DROP TABLE \"tasks\"",
        "Nothing was written",
    ]);
    assert_eq!(project.files(), before);
}

#[test]
fn what_could_be_a_rename_is_never_guessed_without_a_terminal() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    project.write("src/lib.rs", &tasks("pub headline: String,"));
    let before = project.files();
    project.run(&["generate", "two"]).exits(2).complains(&[
        "error: the column `tasks.title` is gone: was it renamed, or does it go? Nothing was written",
        "--rename tasks.title=headline",
        "--allow-drop tasks.title",
    ]);
    let run = project.run(&["generate", "two", "--format", "json"]).exits(2);
    let json = run.json();
    let question = &json["error"]["data"]["questions"][0];
    assert_eq!(question["renamed"][0]["flag"], "--rename tasks.title=headline");
    assert_eq!(question["drop"]["flag"], "--allow-drop tasks.title");
    assert_eq!(project.files(), before);

    project
        .run(&["generate", "two", "--rename", "tasks.title=headlin"])
        .exits(2)
        .complains(&["--rename tasks.title=headlin", "there is no"]);
    assert_eq!(project.files(), before);
    project
        .run(&["generate", "two", "--rename", "tasks.title=headline"])
        .exits(0)
        .says(&["column title is now headline"]);
    let id = project.migrations("migrations").pop().unwrap();
    assert!(
        project
            .read(&format!("migrations/{id}/up.sql"))
            .contains("RENAME COLUMN")
    );
}

#[test]
fn a_drop_that_is_allowed_is_marked_as_one_that_cannot_be_undone() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    project.write("src/lib.rs", &tasks("pub headline: String,"));
    project
        .run(&[
            "generate",
            "two",
            "--allow-drop",
            "tasks.title",
            "--backfill",
            "tasks.headline='-'",
        ])
        .exits(0)
        .says(&[
            "- column title",
            "+ column headline",
            "down.sql cannot bring back everything",
        ]);
    let id = project.migrations("migrations").pop().unwrap();
    assert!(
        project
            .read(&format!("migrations/{id}/down.sql"))
            .contains("-- DRAFT: ")
    );
}

#[test]
fn renamed_from_answers_beforehand() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    project.write(
        "src/lib.rs",
        &tasks("#[column(renamed_from = \"title\")] pub headline: String,"),
    );
    project
        .run(&["generate", "two"])
        .exits(0)
        .says(&["column title is now headline"]);
    // Left in the struct, it does not rename a second time.
    project
        .run(&["generate", "three"])
        .exits(0)
        .says(&["Nothing to generate"]);
}

#[test]
fn an_empty_migration_is_for_sql_of_ones_own() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    project
        .run(&["migrate", "make", "fill"])
        .exits(0)
        .says(&["_fill/", "Write its SQL into up.sql"]);
    project.run(&["generate", "fill_more", "--empty"]).exits(0);
    let ids = project.migrations("migrations");
    assert_eq!(ids.len(), 3);
    assert!(ids.is_sorted());
    assert!(
        project
            .read(&format!("migrations/{}/up.sql", ids[1]))
            .contains("-- Empty migration")
    );
    project
        .run(&["generate", "after"])
        .exits(0)
        .says(&["Nothing to generate"]);
}

#[test]
fn several_targets_get_one_id_and_one_answer() {
    let project = Project::new(&tasks("pub title: String,"));
    project.write("kickdb.toml", "[target.sqlite]\n[target.postgres]\n");
    project
        .run(&["generate", "one"])
        .exits(0)
        .says(&["migrations/postgres/", "migrations/sqlite/"]);
    let ids = project.migrations("migrations/sqlite");
    assert_eq!(ids, project.migrations("migrations/postgres"));
    assert!(
        project
            .read(&format!("migrations/postgres/{}/up.sql", ids[0]))
            .contains("bigint")
    );

    project.write("src/lib.rs", &tasks("pub headline: String,"));
    let before = project.files();
    let run = project.run(&["generate", "two", "--format", "json"]).exits(2);
    assert_eq!(
        run.json()["error"]["data"]["questions"].as_array().unwrap().len(),
        1,
        "one question, not one per target"
    );
    assert_eq!(project.files(), before);
    project
        .run(&["generate", "two", "--rename", "tasks.title=headline"])
        .exits(0);
    assert_eq!(
        project.migrations("migrations/sqlite"),
        project.migrations("migrations/postgres")
    );
}

#[test]
#[cfg(target_os = "linux")]
fn where_one_target_cannot_be_written_none_is() {
    let project = Project::new(&tasks("pub title: String,"));
    // A folder that cannot be made, even by root.
    project.write(
        "kickdb.toml",
        "dialect = \"sqlite\"\n[target.a]\n[target.b]\nmigrations_dir = \"/proc/nowhere/b\"\n",
    );
    let before = project.files();
    project
        .run(&["generate", "one"])
        .exits(1)
        .complains(&["error: `/proc/nowhere/b", "help: ", "nothing was written"]);
    assert_eq!(project.files(), before);
    assert!(!project.path("migrations/a").exists());
}

#[test]
fn a_folder_that_is_a_file_is_named() {
    let project = Project::new(&tasks("pub title: String,"));
    project.write("migrations", "a file");
    let before = project.files();
    project
        .run(&["generate", "one"])
        .exits(1)
        .complains(&["`migrations", "help: there is a file where a folder must be"]);
    assert_eq!(project.files(), before);
}

#[test]
fn a_damaged_journal_stops_everything_that_reads_it() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    let journal = project.read("migrations/_journal.json");
    for (damaged, says) in [
        (journal[..journal.len() / 2].to_owned(), "_journal.json"),
        (journal.replace("\"sqlite\"", "\"postgres\""), "dialect `postgres`"),
        (journal.replace("\"version\": 1", "\"version\": 2"), "version 2"),
    ] {
        project.write("migrations/_journal.json", &damaged);
        let before = project.files();
        for command in [
            vec!["generate", "two"],
            vec!["check"],
            vec!["migrate", "verify"],
            vec!["migrate", "review", "--all"],
        ] {
            project.run(&command).exits(1).complains(&["error: ", says]);
        }
        assert_eq!(project.files(), before);
    }
}

#[test]
fn a_snapshot_of_a_newer_version_is_refused_with_what_to_do() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "one"]).exits(0);
    let file = format!("migrations/{}/snapshot.json", project.migrations("migrations")[0]);
    let newer = project.read(&file).replacen("\"version\": 1", "\"version\": 7", 1);
    project.write(&file, &newer);
    let before = project.files();
    project
        .run(&["generate", "two"])
        .exits(1)
        .complains(&["snapshot.json", "version 7", "newer kickdb"]);
    assert_eq!(project.files(), before);
}

#[test]
fn a_name_without_a_letter_is_refused() {
    let project = Project::new(&tables(""));
    project
        .run(&["generate", "!!"])
        .exits(2)
        .complains(&["`!!` is no name for a migration"]);
}

#[test]
fn two_processes_write_the_same_bytes() {
    use std::fmt::Write as _;

    let mut items = String::new();
    for at in 0..40 {
        let target = (at * 7) % 40;
        write!(
            items,
            "#[derive(Table)] #[index(columns(state, name))] #[index(columns(t{target}))]
             pub struct T{at} {{
                 #[column(primary_key, identity)] pub id: i64,
                 #[column(unique, type = \"varchar(20)\")] pub name: String,
                 #[column(default = S{at}::B)] pub state: S{at},
                 #[column(references = T{target}::id)] pub t{target}: Option<i64>,
             }}
             #[derive(DbEnum)] pub enum S{at} {{ A, B }}\n"
        )
        .unwrap();
    }
    let generated = || {
        let project = Project::new(&tables(&items));
        project.write("kickdb.toml", "[target.sqlite]\n[target.postgres]\n[target.mysql]\n");
        project.run(&["generate", "all"]).exits(0);
        let mut files = Vec::new();
        for target in ["sqlite", "postgres", "mysql"] {
            let folder = format!("migrations/{target}");
            let id = project.migrations(&folder).remove(0);
            files.extend(
                ["up.sql", "down.sql", "snapshot.json"].map(|file| project.read(&format!("{folder}/{id}/{file}"))),
            );
        }
        files
    };
    assert_eq!(generated(), generated());
}

#[test]
fn names_that_are_exchanged_are_said_as_that() {
    let project = Project::new(&tasks("pub title: String, pub slug: String,"));
    project.run(&["generate", "one"]).exits(0);
    let flags = ["--rename", "tasks.title=slug", "--rename", "tasks.slug=title"];
    let run = project.run(&[&["generate", "two"], &flags[..]].concat()).exits(0);
    let run = run.says(&["column title is now slug", "column slug is now title"]);
    assert!(!run.stdout().contains("kick_spare"), "{}", run.stdout());
}
