//! A server that goes down in the middle, and a disk that is full.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use kickdb_testdb::{Engine, OwnServer};

use crate::crowd::{own, spawn, until};
use crate::project::{Project, execute, rows, tasks};

/// A project with one applied migration.
fn applied(engine: Engine, url: &str) -> Project {
    let project = Project::new(&tasks("pub title: String,"));
    project.write(
        "kickdb.toml",
        &format!("dialect = \"{}\"\nurl = \"{url}\"\n", engine.name()),
    );
    project.run(&["generate", "one"]).exits(0);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project.run(&["migrate", "latest"]).exits(0);
    project
}

#[test]
fn a_server_that_crashes_in_the_middle_leaves_what_the_next_run_finishes() {
    for engine in [Engine::Postgres, Engine::Mysql] {
        let Some(mut server) = OwnServer::start(engine) else {
            continue;
        };
        let url = server.url();
        let project = applied(engine, &url);
        let (sleep, running) = match engine {
            Engine::Postgres => (
                "SELECT pg_sleep(2)",
                "SELECT 'yes' FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(2)'",
            ),
            _ => (
                "SELECT sleep(2)",
                "SELECT 'yes' FROM information_schema.PROCESSLIST WHERE INFO = 'SELECT sleep(2)'",
            ),
        };
        let up = format!(
            "CREATE TABLE before_it (id integer);\nINSERT INTO tasks (id, title) VALUES (1, 'a');\n{sleep};\nINSERT INTO tasks (id, title) VALUES (2, 'b');\nCREATE TABLE after_it (id integer);\n"
        );
        let id = own(&project, "two", &up, true);
        let run = spawn(&project, &["migrate", "latest"], &url);
        until(&url, running);
        server.crash();
        let output = run.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        project
            .run(&["migrate", "latest", "--wait", "60s"])
            .exits(0)
            .says(&[&format!("+ applied {id}")]);
        assert_eq!(rows(&url, "SELECT title FROM tasks ORDER BY id"), ["a", "b"]);
        assert_eq!(rows(&url, "SELECT id FROM kick_migrations").len(), 2);
        rows(&url, "SELECT 'yes' FROM before_it, after_it");
        if engine == Engine::Postgres {
            // Nobody's snapshot knows them, and what nobody knows is drift.
            execute(&url, &["DROP TABLE before_it, after_it"]);
            in_recovery(&mut server, &project, &url);
        }
    }
}

/// A standby stays in recovery: what is pending is refused, and everything can be looked at.
fn in_recovery(server: &mut OwnServer, project: &Project, url: &str) {
    let id = own(project, "three", "CREATE TABLE after_recovery (id integer);\n", true);
    server.stand_by(true);
    assert_eq!(rows(url, "SELECT pg_is_in_recovery()::text"), ["true"]);
    project.run(&["migrate", "latest"]).exits(1).complains(&["read-only"]);
    project.run(&["migrate", "status"]).exits(0).says(&[&id, "pending"]);
    server.stand_by(false);
    project
        .run(&["migrate", "latest"])
        .exits(0)
        .says(&[&format!("+ applied {id}")]);
}

/// A file system of its own in a folder, of so many megabytes; `false` where this may not be made.
fn mount(folder: &Path, options: &str) -> bool {
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", options, "tmpfs"])
        .arg(folder)
        .output();
    let mounted = mounted.is_ok_and(|output| output.status.success());
    if !mounted {
        eprintln!("left out: tests of a full disk (no file system can be mounted here)");
    }
    mounted
}

struct Small(tempfile::TempDir);

impl Small {
    fn new() -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("kickdb_small").tempdir().unwrap();
        mount(folder.path(), "size=3m,mode=0777").then_some(Self(folder))
    }

    fn grow(&self) {
        assert!(mount(self.0.path(), "remount,size=64m,mode=0777"));
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // Lazily: the server may still have a file open.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_fails_and_leaves_what_the_next_run_finishes() {
    let Some(small) = Small::new() else { return };
    let place = small.0.path().display().to_string();
    let url = format!("sqlite://{place}/app.db");
    let project = applied(Engine::Sqlite, &url);
    let up = "CREATE TABLE big (id integer PRIMARY KEY, body text);\nINSERT INTO tasks (id, title) VALUES (1, 'a');\nINSERT INTO big WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) SELECT i, hex(zeroblob(400)) FROM n;\n";
    fills(&project, &url, up, || small.grow());
}

#[test]
fn a_full_disk_of_a_server_is_no_different() {
    for engine in [Engine::Postgres, Engine::Mysql] {
        let Some(mut server) = OwnServer::start(engine) else {
            continue;
        };
        let Some(small) = Small::new() else { return };
        let place = small.0.path().join("data");
        std::fs::create_dir(&place).unwrap();
        server.give(&place);
        let (url, place) = (server.url(), place.display().to_string());
        let project = applied(engine, &url);
        let up = match engine {
            Engine::Postgres => {
                execute(&url, &[&format!("CREATE TABLESPACE small LOCATION '{place}'")]);
                "CREATE TABLE big (id integer PRIMARY KEY, body text) TABLESPACE small;\nINSERT INTO tasks (id, title) VALUES (1, 'a');\nINSERT INTO big SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 6000) i;\n".to_owned()
            }
            _ => format!(
                "CREATE TABLE big (id integer PRIMARY KEY, body text) DATA DIRECTORY = '{place}';\nINSERT INTO tasks (id, title) VALUES (1, 'a');\nINSERT INTO big SELECT seq, repeat(md5(seq), 30) FROM seq_1_to_6000;\n"
            ),
        };
        fills(&project, &url, &up, || {
            small.grow();
            if engine == Engine::Mysql {
                // MariaDB gives up as a whole where it cannot write a page.
                server.crash();
            }
        });
        execute(&url, &["DROP TABLE big"]);
    }
}

fn fills(project: &Project, url: &str, up: &str, make_room: impl FnOnce()) {
    let id = own(project, "two", up, true);
    project.run(&["migrate", "latest"]).exits(1);
    make_room();
    project.run(&["migrate", "status", "--exit-code"]).exits(3);
    project
        .run(&["migrate", "latest", "--wait", "60s"])
        .exits(0)
        .says(&[&format!("+ applied {id}")]);
    assert_eq!(rows(url, "SELECT title FROM tasks"), ["a"]);
    assert_eq!(rows(url, "SELECT 'yes' FROM big WHERE id = 6000"), ["yes"]);
}
