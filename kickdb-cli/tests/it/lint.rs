//! `lint`: what is dangerous in files and migrations, in each form of output.

use serde_json::Value;

use crate::project::{Project, tasks};

const SQL: &str = "-- ü\nCREATE INDEX i ON tasks (title);\nDROP TABLE notes;\n";

fn with_file() -> Project {
    let project = Project::bare();
    project.write("up.sql", SQL);
    project
}

#[test]
fn a_file_is_shown_with_the_statement_underlined() {
    with_file()
        .run(&["lint", "--dialect", "postgres", "up.sql"])
        .exits(3)
        .says(&[
            "warning[index_not_concurrent]: nobody can write to the table while the index is built",
            "--> up.sql:2:1",
            "2 | CREATE INDEX i ON tasks (title)",
            "| ^^^^",
            "= help: use CREATE INDEX CONCURRENTLY",
            "error[drop_table]: the table goes with all of its rows",
            "--> up.sql:3:1",
            "3 | DROP TABLE notes",
            "Hazards in 1 script: 1 refused, 1 to look at",
        ]);
}

#[test]
fn json_is_one_document() {
    let run = with_file()
        .run(&["lint", "--dialect", "postgres", "--format", "json", "up.sql"])
        .exits(3);
    let document = run.json();
    assert_eq!(
        (&document["ok"], &document["command"]),
        (&Value::Bool(false), &Value::from("lint"))
    );
    let found = document["scripts"][0]["findings"].as_array().unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|one| {
            (
                one["code"].as_str().unwrap(),
                one["level"].as_str().unwrap(),
                one["line"].as_u64().unwrap(),
            )
        })
        .collect();
    assert!(found.contains(&("index_not_concurrent", "warn", 2)), "{found:?}");
    assert!(found.contains(&("drop_table", "deny", 3)), "{found:?}");
}

#[test]
fn github_gets_an_annotation_for_each() {
    let run = with_file()
        .run(&["lint", "--dialect", "postgres", "--format", "github", "up.sql"])
        .exits(3)
        .says(&[
            "::warning file=up.sql,line=2,col=1,title=index_not_concurrent (i)::nobody can write",
            "::error file=up.sql,line=3,col=1,title=drop_table (notes)::the table goes",
        ]);
    assert!(
        run.stdout().lines().all(|line| line.starts_with("::")),
        "{}",
        run.stdout()
    );
}

#[test]
fn sarif_has_the_parts_that_services_ask_for() {
    let project = with_file();
    project.write(
        "up.sql",
        &SQL.replace("DROP", "-- kickdb: allow drop_table because it is empty\nDROP"),
    );
    let run = project
        .run(&["lint", "--dialect", "postgres", "--format", "sarif", "up.sql"])
        .exits(0);
    let log = run.json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "up.sql");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 2);
        let suppressed = result["suppressions"][0]["justification"].as_str();
        let expected = (result["ruleId"] == "drop_table").then_some("it is empty");
        assert_eq!(suppressed, expected);
    }
}

#[test]
fn a_file_comes_from_stdin_too_and_needs_an_engine() {
    let project = with_file();
    let mut command = project.command(&["lint", "--dialect", "sqlite", "-"]);
    command.stdin(std::fs::File::open(project.path("up.sql")).unwrap());
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("--> stdin:3:1") && output.status.code() == Some(3),
        "{text}"
    );
    project
        .run(&["lint", "up.sql"])
        .exits(2)
        .complains(&["help: or say of which engine the file is: `--dialect postgres`"]);
    project
        .run(&["lint", "--dialect", "oracle", "up.sql"])
        .exits(2)
        .complains(&["`oracle` is no engine"]);
    project
        .run(&["lint", "--dialect", "sqlite", "none.sql"])
        .exits(1)
        .complains(&["cannot read `none.sql`"]);
}

/// A migration that makes a table, and one that drops a column of it.
fn dropped() -> (Project, String) {
    let project = Project::new(&tasks("pub title: String, pub note: Option<String>,"));
    project.run(&["generate", "first"]).exits(0);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project.write("src/lib.rs", &tasks("pub title: String,"));
    project
        .run(&["generate", "second", "--allow-drop", "tasks.note"])
        .exits(0)
        .says(&["danger tasks.note: the column goes with all of its values [drop_column]"]);
    let id = project.migrations("migrations").remove(1);
    (project, id)
}

#[test]
fn what_is_pending_is_looked_at_and_an_exception_needs_a_reason() {
    let (project, id) = dropped();
    let before = project.files();
    project
        .run(&["lint"])
        .exits(3)
        .says(&["error[drop_column]", &format!("--> migrations/{id}/up.sql:")]);
    assert_eq!(
        project.files(),
        before,
        "looking changes nothing, and makes no database"
    );
    project
        .run(&["lint", "first"])
        .exits(0)
        .says(&["No hazards in 1 script."]);
    project
        .run(&["lint", "second", "--allow", "drop_column"])
        .exits(2)
        .complains(&["--because"]);
    project
        .run(&["lint", "second", "--allow", "drop_table", "--because", "so"])
        .exits(2)
        .complains(&["there is no hazard `drop_table` in"]);
    project
        .run(&[
            "lint",
            "second",
            "--allow",
            "drop_column=tasks.note",
            "--because",
            "it was empty",
        ])
        .exits(0)
        .says(&["allowed[drop_column]: tasks.note", "it was empty"]);
    let meta: Value = serde_json::from_str(&project.read(&format!("migrations/{id}/meta.json"))).unwrap();
    assert_eq!(
        meta["exceptions"],
        serde_json::json!([{ "code": "drop_column", "object": "tasks.note", "reason": "it was empty" }])
    );
    project.run(&["lint"]).exits(0);
    project
        .run(&["migrate", "verify"])
        .exits(3)
        .says(&["has not been reviewed"]);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project.run(&["migrate", "verify"]).exits(0);
}

#[test]
fn what_is_written_by_hand_is_seen_by_the_review() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "first"]).exits(0);
    project.run(&["migrate", "make", "by hand"]).exits(0);
    let id = project.migrations("migrations").remove(1);
    project.write(&format!("migrations/{id}/up.sql"), "DELETE FROM tasks;\n");
    project
        .run(&["migrate", "review", "by_hand", "--yes"])
        .exits(0)
        .says(&["danger tasks: every row of the table goes"]);
}

#[test]
fn a_project_sets_the_levels() {
    let (project, _) = dropped();
    let config = project.read("kickdb.toml");
    project.write("kickdb.toml", &format!("{config}\n[lint]\ndrop_column = \"warn\"\n"));
    project.run(&["lint"]).exits(0).says(&["warning[drop_column]"]);
    project.write(
        "kickdb.toml",
        &format!("{config}\n[lint]\ndrop_colum = \"warn\"\ndrop_table = \"loud\"\n"),
    );
    project.run(&["lint"]).exits(1).complains(&[
        "there is no hazard `drop_colum`",
        "did you mean `drop_column`?",
        "`drop_table`: this is no level",
        "`allow`, `note`, `warn`, `deny`",
    ]);
}

#[test]
fn a_hazard_is_explained() {
    let project = Project::bare();
    project.run(&["lint", "--explain", "set_not_null"]).exits(0).says(&[
        "# set_not_null",
        "## Instead",
        "## What it rests on",
        "PostgreSQL 15",
    ]);
    project
        .run(&["lint", "--explain", "set_notnull"])
        .exits(2)
        .complains(&["did you mean `set_not_null`?"]);
}

#[test]
fn a_form_of_output_that_a_command_does_not_have_is_refused() {
    let project = Project::new(&tasks("pub title: String,"));
    project
        .run(&["generate", "x", "--format", "sarif"])
        .exits(2)
        .complains(&["does not write that format"]);
}

#[test]
fn a_script_of_ten_megabytes_is_read_to_its_end() {
    let project = Project::bare();
    let row = "INSERT INTO tasks (id, title) VALUES (1, 'it''s a title of the usual length; no more');\n";
    let mut script = row.repeat(10_000_000 / row.len());
    script.push_str("DROP TABLE tasks;\n");
    project.write("dump.sql", &script);
    project
        .run(&["lint", "--dialect", "sqlite", "dump.sql"])
        .exits(3)
        .says(&[
            "error[drop_table]",
            "DROP TABLE tasks",
            "Hazards in 1 script: 1 refused",
        ]);
}

#[test]
fn what_the_project_refuses_is_not_applied_without_an_exception() {
    let (project, _) = dropped();
    let config = project.read("kickdb.toml");
    project.write("kickdb.toml", &format!("{config}\n[lint]\ndrop_column = \"deny\"\n"));
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project.run(&["migrate", "latest"]).exits(1).complains(&[
        "tasks.note: the column goes with all of its values [drop_column]; nothing was applied",
        "help: or allow it: `cargo kickdb lint ",
        "--allow drop_column=tasks.note --because",
    ]);
    project
        .run(&["migrate", "status", "--exit-code"])
        .exits(3)
        .says(&["0 applied, 2 pending"]);
    project
        .run(&["lint", "second", "--allow", "drop_column", "--because", "it was empty"])
        .exits(0);
    project
        .run(&["migrate", "latest"])
        .exits(0)
        .says(&["2 migrations applied"]);
}

#[test]
fn the_size_of_the_table_is_weighed_where_a_database_is_at_hand() {
    let project = Project::new(&tasks("pub title: String,"));
    project.run(&["generate", "first"]).exits(0);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project.write("change.sql", "UPDATE tasks SET title = 'x';\n");
    project
        .run(&["lint", "change.sql"])
        .exits(0)
        .says(&["warning[update_without_where]", " tasks\n"]);
    project.run(&["migrate", "latest"]).exits(0);
    project.run(&["lint", "change.sql"]).exits(0).says(&[
        "note[update_without_where]",
        "the table is small here",
        "tasks, 0 rows",
    ]);
    project.run(&["migrate", "make", "fill"]).exits(0);
    let id = project.migrations("migrations").remove(1);
    project.write(
        &format!("migrations/{id}/up.sql"),
        "INSERT INTO tasks (id, title) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
         SELECT i, 'title' FROM n;\n",
    );
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project.run(&["migrate", "latest"]).exits(0);
    project
        .run(&["lint", "change.sql"])
        .exits(0)
        .says(&["warning[update_without_where]", "tasks, about 20,000 rows"]);
}

#[test]
fn check_looks_at_what_is_not_reviewed_and_annotates() {
    let (project, id) = dropped();
    project.run(&["check", "--format", "github"]).exits(3).says(&[
        "::error title=migration_unreviewed::",
        &format!("::error file=migrations/{id}/up.sql,line="),
        "title=drop_column (tasks.note)::",
    ]);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project.run(&["check"]).exits(0);
}
