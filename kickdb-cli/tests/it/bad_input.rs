//! What must never get through, each with its message: damaged folders, tables changed by hand, databases that cannot be
//! written, scripts that are no SQL.

use kickdb_testdb::{Engine, available, engines};

use crate::crowd::own;
use crate::migrate::{project, second};
use crate::project::{Project, execute, rows};

const ALL: [Engine; 3] = [Engine::Sqlite, Engine::Postgres, Engine::Mysql];

/// Every command that looks at the folder says it, and nothing is applied.
fn refused(project: &Project, words: &[&str]) {
    project.run(&["migrate", "latest"]).exits(1).complains(words);
}

#[test]
fn files_that_are_tampered_with_missing_or_cut_off() {
    let (project, database, id) = project(Engine::Sqlite);
    let file = |name: &str| format!("migrations/{id}/{name}");
    for name in ["up.sql", "down.sql", "snapshot.json"] {
        let was = project.read(&file(name));
        // One byte.
        project.write(
            &file(name),
            &was.replacen("title", "titel", 1).replacen("tasks", "taskz", 1),
        );
        refused(&project, &[&id]);
        project
            .run(&["migrate", "verify"])
            .exits(3)
            .says(&["migration_hash_mismatch"]);
        // Half of it.
        project.write(&file(name), &was[..was.len() / 2]);
        refused(&project, &[&id]);
        std::fs::remove_file(project.path(&file(name))).unwrap();
        refused(&project, &[name, "restore it from version control"]);
        project.write(&file(name), &was);
    }
    let was = project.read(&file("meta.json"));
    project.write(&file("meta.json"), &was[..was.len() / 2]);
    refused(&project, &["meta.json", "damaged", "restore it from version control"]);
    project.write(&file("meta.json"), &was);
    let journal = project.read("migrations/_journal.json");
    project.write("migrations/_journal.json", &journal[..journal.len() / 2]);
    refused(&project, &["_journal.json", "damaged", "migrate rebase"]);
    project.write("migrations/_journal.json", "");
    refused(&project, &["_journal.json", "damaged"]);
    project.write(
        "migrations/_journal.json",
        &journal.replace("\"version\": 1", "\"version\": 9"),
    );
    refused(&project, &["version 9", "newer kickdb"]);
    project.write("migrations/_journal.json", &journal.replace("sqlite", "postgres"));
    refused(&project, &["dialect `postgres`"]);
    project.write("migrations/_journal.json", &journal);
    // What is not a migration is left alone.
    project.write("migrations/README.md", "hello");
    project.write("migrations/notes/todo.txt", "later");
    project.run(&["migrate", "latest"]).exits(0).says(&["+ applied", &id]);
    std::fs::remove_dir_all(project.path(&format!("migrations/{id}"))).unwrap();
    refused(&project, &[&id, "restore"]);
    assert_eq!(rows(database.url(), "SELECT id FROM kick_migrations"), [id.as_str()]);
}

/// What differs is said, where git knows, and the way out for each case.
#[test]
fn the_file_that_was_changed_is_named_where_git_knows() {
    let (project, database, id) = project(Engine::Sqlite);
    let git = |args: &[&str]| {
        let done = std::process::Command::new("git")
            .args([
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(args)
            .current_dir(project.path(""))
            .output();
        done.is_ok_and(|done| done.status.success())
    };
    if !(git(&["init", "-q"]) && git(&["add", "."]) && git(&["commit", "-q", "-m", "one"])) {
        eprintln!("left out: what git says of a changed file (it is not installed)");
        return;
    }
    let file = |name: &str| format!("migrations/{id}/{name}");
    let was = project.read(&file("down.sql"));
    project.write(&file("down.sql"), &(was.clone() + "SELECT 1;\n"));
    refused(
        &project,
        &[
            &id,
            "`down.sql` differs from the last commit",
            &format!("migrate review {id}"),
        ],
    );
    project
        .run(&["migrate", "status"])
        .exits(0)
        .says(&["changed", &format!("Next: cargo kickdb migrate review {id}")]);
    project.write(&file("down.sql"), &was);
    project.run(&["migrate", "latest"]).exits(0);
    project.write(&file("down.sql"), &(was.clone() + "SELECT 1;\n"));
    refused(
        &project,
        &[
            &id,
            "`down.sql` differs from the last commit",
            &format!("migrate accept {id}"),
        ],
    );
    project.run(&["migrate", "status"]).exits(0).says(&[
        "applied",
        "changed",
        &format!("cargo kickdb migrate accept {id}"),
    ]);
    project.write(&file("down.sql"), &was);
    // The journal lost the line, the folder is there.
    let journal = project.read("migrations/_journal.json");
    let mut value: serde_json::Value = serde_json::from_str(&journal).unwrap();
    value["entries"].as_array_mut().unwrap().clear();
    project.write("migrations/_journal.json", &format!("{value:#}\n"));
    refused(&project, &[&id, "the journal does not list it", "migrate rebase"]);
    project.run(&["migrate", "rebase"]).exits(0);
    project.run(&["migrate", "latest"]).exits(0).says(&["Nothing to do"]);
    // The other way round.
    std::fs::rename(project.path(&format!("migrations/{id}")), project.path("elsewhere")).unwrap();
    refused(&project, &[&id, "restore its folder"]);
    project
        .run(&["migrate", "status"])
        .exits(0)
        .says(&[&id, "missing", "Next: restore the folder of", &id]);
    // A tool that gives no signs of life is never robbed; a person can.
    std::fs::rename(project.path("elsewhere"), project.path(&format!("migrations/{id}"))).unwrap();
    execute(
        database.url(),
        &["UPDATE kick_migrations_lock SET locked_at = CURRENT_TIMESTAMP, locked_by = 'kickjs 17'"],
    );
    let free = "UPDATE kick_migrations_lock SET locked_at = NULL, locked_by = NULL";
    refused(&project, &["kickjs 17", free]);
    execute(database.url(), &[free]);
    project.run(&["migrate", "latest"]).exits(0);
}

#[test]
fn a_journal_and_a_table_that_were_changed_by_hand() {
    for engine in engines(&ALL) {
        let (project, database, first) = project(engine);
        let second = second(&project);
        // The lines in another order say the same.
        let journal = project.read("migrations/_journal.json");
        let mut value: serde_json::Value = serde_json::from_str(&journal).unwrap();
        value["entries"].as_array_mut().unwrap().reverse();
        project.write("migrations/_journal.json", &format!("{value:#}\n"));
        project
            .run(&["migrate", "verify"])
            .exits(3)
            .says(&["its id is older", "migrate rebase"]);
        project.run(&["migrate", "rebase"]).exits(0);
        project.run(&["migrate", "verify"]).exits(0);
        project.run(&["migrate", "latest"]).exits(0).says(&[&first, &second]);
        // A row of a newer checkout.
        let row = |id: &str, hash: &str, direction: &str| {
            let sql = format!(
                "INSERT INTO kick_migrations (id, name, hash, batch, direction) VALUES ('{id}', 'x', '{hash}', 9, '{direction}')"
            );
            execute(database.url(), &[&sql]);
        };
        row("20991231_000000_newer", "sha256:0", "up");
        refused(
            &project,
            &["20991231_000000_newer", "is applied in the database but is not in"],
        );
        execute(database.url(), &["DELETE FROM kick_migrations WHERE batch = 9"]);
        // One that another tool has marked as reversed instead of deleting it.
        row("20200101_000000_old", "sha256:0", "down");
        project.run(&["migrate", "latest"]).exits(0).says(&["Nothing to do"]);
        // Somebody deleted the first row, and changed the hash of the second.
        execute(
            database.url(),
            &[&format!("DELETE FROM kick_migrations WHERE id = '{first}'")],
        );
        refused(&project, &[&first, "older than", &second]);
        project.run(&["migrate", "status"]).exits(0).says(&[&first, "pending"]);
        let hash = rows(
            database.url(),
            &format!("SELECT hash FROM kick_migrations WHERE id = '{second}'"),
        )
        .remove(0);
        execute(
            database.url(),
            &[&format!(
                "UPDATE kick_migrations SET hash = 'sha256:1' WHERE id = '{second}'"
            )],
        );
        refused(&project, &[&second, "was changed after"]);
        execute(
            database.url(),
            &[&format!(
                "UPDATE kick_migrations SET hash = '{hash}' WHERE id = '{second}'"
            )],
        );
    }
}

#[test]
fn words_of_a_client_are_refused_with_a_reason_before_anything_runs() {
    for (engine, sql, words) in [
        (Engine::Postgres, "\\connect other\n", "a command of psql"),
        (
            Engine::Postgres,
            "COPY tasks (id, title) FROM stdin;\n1\ta\n\\.\n",
            "rows the client sends",
        ),
        (
            Engine::Postgres,
            "DELIMITER //\nSELECT 1//\n",
            "a command of the mysql client",
        ),
        (Engine::Sqlite, ".tables\n", "the sqlite3 shell"),
        (Engine::Mysql, "source other.sql\n", "a command of the mysql client"),
    ] {
        if !available(engine) {
            continue;
        }
        let (project, database, first) = project(engine);
        project.run(&["migrate", "latest"]).exits(0);
        own(
            &project,
            "pasted",
            &format!("CREATE TABLE extra (id integer);\n{sql}"),
            true,
        );
        refused(&project, &["_pasted/up.sql", "line ", words, "Nothing was run"]);
        project
            .run(&["migrate", "latest", "--dry-run"])
            .exits(1)
            .complains(&[words]);
        assert_eq!(rows(database.url(), "SELECT id FROM kick_migrations"), [first]);
    }
}

#[test]
fn bodies_comments_and_delimiters_are_read_as_the_engine_reads_them() {
    for engine in engines(&ALL) {
        let (project, database, _) = project(engine);
        let up = match engine {
            Engine::Postgres => {
                "/* one /* nested; */ still */\nCREATE FUNCTION two() RETURNS integer LANGUAGE plpgsql AS $body$\nBEGIN\n  -- a ; here\n  RETURN 2; -- $$ not the end\nEND;\n$body$;\nINSERT INTO tasks (id, title) VALUES (two(), $$it's; fine$$);\n"
            }
            Engine::Mysql => {
                "DELIMITER //\nCREATE FUNCTION two() RETURNS int DETERMINISTIC\nBEGIN\n  -- a ; here\n  RETURN 2;\nEND//\nDELIMITER ;\nINSERT INTO tasks (id, title) VALUES (two(), 'it''s; fine');\n"
            }
            Engine::Sqlite => {
                "/* a ; here */\nCREATE TRIGGER mark AFTER INSERT ON tasks BEGIN\n  UPDATE tasks SET title = title || '!' WHERE id = NEW.id; -- ; and here\nEND;\nINSERT INTO tasks (id, title) VALUES (2, 'it''s; fine');\n"
            }
        };
        own(&project, "bodies", up, true);
        project.run(&["migrate", "latest"]).exits(0);
        let wanted = if engine == Engine::Sqlite {
            "it's; fine!"
        } else {
            "it's; fine"
        };
        assert_eq!(rows(database.url(), "SELECT title FROM tasks WHERE id = 2"), [wanted]);
    }
}

#[test]
fn a_migration_of_ten_megabytes_and_an_empty_one() {
    for engine in engines(&ALL) {
        let (project, database, _) = project(engine);
        let mut big = String::new();
        let body = "x".repeat(10_000);
        for number in 0..1_000 {
            big.push_str(&format!("INSERT INTO tasks (id, title) VALUES ({number}, '{body}');\n"));
        }
        let id = own(&project, "big", &big, true);
        let empty = own(&project, "empty", "", true);
        let begun = std::time::Instant::now();
        project.run(&["migrate", "latest"]).exits(0).says(&[&id, &empty]);
        assert!(
            begun.elapsed() < std::time::Duration::from_secs(60),
            "{:?}",
            begun.elapsed()
        );
        assert_eq!(rows(database.url(), "SELECT 'row' FROM tasks").len(), 1_000);
        // What does nothing can be reversed; what did something and has no way back cannot.
        project.run(&["migrate", "down"]).exits(0).says(&[&empty]);
        project
            .run(&["migrate", "down"])
            .exits(1)
            .complains(&[&id, "cannot be reversed"]);
    }
}

#[test]
fn a_down_that_fails_leaves_what_was() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres]) {
        let (project, database, _) = project(engine);
        let id = own(
            &project,
            "two",
            "INSERT INTO tasks (id, title) VALUES (1, 'a');\n",
            true,
        );
        let down = format!("migrations/{id}/down.sql");
        project.write(
            &down,
            &(project.read(&down) + "DELETE FROM tasks;\nDROP TABLE nowhere;\n"),
        );
        project.run(&["migrate", "review", &id, "--yes"]).exits(0);
        project.run(&["migrate", "latest"]).exits(0);
        project
            .run(&["migrate", "down"])
            .exits(1)
            .complains(&["nowhere", "rolled back; nothing of it is left"]);
        assert_eq!(rows(database.url(), "SELECT title FROM tasks"), ["a"]);
        project.run(&["migrate", "status", "--exit-code"]).exits(0);
    }
}

/// There DDL commits by itself: what was reversed stays so, and the next run goes on behind it.
#[test]
fn a_down_that_fails_where_ddl_commits_says_how_far_it_came_and_goes_on() {
    if !available(Engine::Mysql) {
        return;
    }
    let (project, database, _) = project(Engine::Mysql);
    let id = own(
        &project,
        "two",
        "INSERT INTO tasks (id, title) VALUES (1, 'a'), (2, 'b');\n",
        true,
    );
    let down = format!("migrations/{id}/down.sql");
    project.write(
        &down,
        &(project.read(&down)
            + "DELETE FROM tasks WHERE id = 1;\nDROP TABLE nowhere;\nDELETE FROM tasks WHERE id = 2;\n"),
    );
    project.run(&["migrate", "review", &id, "--yes"]).exits(0);
    project.run(&["migrate", "latest"]).exits(0);
    project.run(&["migrate", "down"]).exits(1).complains(&[
        "down.sql",
        "nowhere",
        "1 of its 3 statements are done",
        "cargo kickdb migrate down",
    ]);
    assert_eq!(rows(database.url(), "SELECT title FROM tasks"), ["b"]);
    project.run(&["migrate", "status"]).exits(0).says(&[&id, "stopped"]);
    project.run(&["migrate", "latest"]).exits(2).complains(&[
        &id,
        "stopped after statement 1 of its down.sql",
        "migrate down",
    ]);
    execute(
        database.url(),
        &[
            "INSERT INTO tasks (id, title) VALUES (1, 'new')",
            "CREATE TABLE nowhere (id int)",
        ],
    );
    project.run(&["migrate", "down"]).exits(0);
    assert_eq!(
        rows(database.url(), "SELECT title FROM tasks"),
        ["new"],
        "nothing ran twice"
    );
}

#[test]
fn a_database_that_cannot_be_written() {
    if available(Engine::Postgres) {
        let (project, database, _) = project(Engine::Postgres);
        let name = database.url().rsplit_once('/').unwrap().1;
        // As a replica, or a server in recovery, answers.
        execute(
            database.url(),
            &[&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")],
        );
        refused(&project, &["read-only"]);
        project
            .run(&["migrate", "status"])
            .exits(0)
            .says(&["0 applied, 1 pending"]);
        execute(
            database.url(),
            &[
                "SET default_transaction_read_only = off",
                &format!("ALTER DATABASE {name} RESET default_transaction_read_only"),
            ],
        );
        // A role without rights.
        let role = format!("{name}_poor");
        execute(
            database.url(),
            &[
                &format!("CREATE ROLE {role} LOGIN"),
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            ],
        );
        let url = database.url().replacen("postgres@", &format!("{role}@"), 1);
        let run = project.run_with(&["migrate", "latest"], &[("KICKDB_URL", &url)]);
        run.exits(1).complains(&["permission denied", "GRANT"]);
        execute(database.url(), &[&format!("DROP ROLE {role}")]);
        project.run(&["migrate", "latest"]).exits(0);
    }
    let (project, database, _) = project(Engine::Sqlite);
    project.run(&["migrate", "latest"]).exits(0);
    second(&project);
    let read_only = format!("{}?mode=ro", database.url());
    let run = project.run_with(&["migrate", "latest"], &[("KICKDB_URL", &read_only)]);
    run.exits(1).complains(&["readonly"]);
    project.run(&["migrate", "latest"]).exits(0);
}

/// A checkout whose clock was wrong has given an id of the future: the next ones come behind it all the same.
#[test]
fn an_id_of_the_future_is_followed() {
    let (project, _database, id) = project(Engine::Sqlite);
    let future = format!("29990101_000000_{}", id.splitn(3, '_').last().unwrap());
    std::fs::rename(
        project.path(&format!("migrations/{id}")),
        project.path(&format!("migrations/{future}")),
    )
    .unwrap();
    for file in [
        format!("migrations/{future}/meta.json"),
        "migrations/_journal.json".to_owned(),
    ] {
        project.write(&file, &project.read(&file).replace(&id, &future));
    }
    let next = second(&project);
    assert!(next.starts_with("29990101_000001_"), "{next}");
    project.run(&["migrate", "latest"]).exits(0).says(&[&future, &next]);
    project.run(&["migrate", "verify"]).exits(0);
}
