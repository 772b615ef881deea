//! Many processes of the real program on one database, and what is left of those that die.
#![cfg(unix)]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kickdb_testdb::{Database, Engine, Pooler, available, engines};
use serde_json::Value;

use crate::migrate::{project, second};
use crate::project::{Project, execute, rows};

const ALL: [Engine; 3] = [Engine::Sqlite, Engine::Postgres, Engine::Mysql];
const CROWD: usize = 32;

/// A migration by hand, reviewed; gives its id.
pub(crate) fn own(project: &Project, name: &str, up: &str, transaction: bool) -> String {
    project.run(&["migrate", "make", name]).exits(0);
    let id = project.migrations("migrations").pop().unwrap();
    let file = |file: &str| format!("migrations/{id}/{file}");
    project.write(&file("up.sql"), &(project.read(&file("up.sql")) + up));
    if !transaction {
        let mut meta: Value = serde_json::from_str(&project.read(&file("meta.json"))).unwrap();
        meta["transaction"] = false.into();
        project.write(&file("meta.json"), &format!("{meta:#}\n"));
    }
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    id
}

/// A project whose migrations leave a row for each time that they ran.
fn counted(engine: Engine) -> (Project, Database, Vec<String>) {
    let (project, database, first) = project(engine);
    let mut ids = vec![first, second(&project)];
    for word in ["red", "green", "blue"] {
        let up = format!("INSERT INTO tasks (id, title) SELECT count(*) + 1, '{word}' FROM tasks;\n");
        ids.push(own(&project, word, &up, true));
    }
    if engine == Engine::Postgres {
        ids.push(own(
            &project,
            "indexed",
            "CREATE INDEX CONCURRENTLY tasks_title_idx ON tasks (title);\nINSERT INTO tasks (id, title) VALUES (99, 'late');\n",
            false,
        ));
    }
    (project, database, ids)
}

pub(crate) fn spawn(project: &Project, args: &[&str], url: &str) -> Child {
    project
        .command(args)
        .env("KICKDB_URL", url)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Starts so many at once: every second one waits for the others, the rest says who holds the lock.
fn crowd(project: &Project, url: &str, ids: &[String]) {
    let children: Vec<Child> = (0..CROWD)
        .map(|number| match number % 2 {
            0 => spawn(
                project,
                &["migrate", "latest", "--wait", "120s", "--format", "json"],
                url,
            ),
            _ => spawn(project, &["migrate", "latest", "--format", "json"], url),
        })
        .collect();
    let mut applied = Vec::new();
    for (number, child) in children.into_iter().enumerate() {
        let output = child.wait_with_output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let said: Value = serde_json::from_str(&stdout)
            .unwrap_or_else(|error| panic!("{error}: {stdout}{}", String::from_utf8_lossy(&output.stderr)));
        if said["ok"] == true {
            let done = said["done"].as_array().unwrap();
            applied.extend(done.iter().map(|one| one["id"].as_str().unwrap().to_owned()));
            continue;
        }
        assert!(number % 2 == 1, "it should have waited: {said}");
        assert_eq!(said["error"]["code"], "migration_lock_held", "{said}");
        let message = said["error"]["message"].as_str().unwrap();
        assert!(
            message.contains("process ") || message.contains("another connection"),
            "{message}"
        );
    }
    assert_eq!(applied, ids, "each once, in order");
    let recorded = rows(url, "SELECT id FROM kick_migrations ORDER BY id");
    assert_eq!(recorded, ids);
    let titles = rows(url, "SELECT title FROM tasks ORDER BY id");
    assert_eq!(titles[..3], ["red", "green", "blue"]);
    assert_eq!(titles.len(), ids.len() - 2);
    let holders = rows(
        url,
        "SELECT locked_by FROM kick_migrations_lock WHERE locked_at IS NOT NULL",
    );
    assert!(holders.is_empty(), "{holders:?}");
    project
        .run_with(&["migrate", "latest"], &[("KICKDB_URL", url)])
        .exits(0)
        .says(&["Nothing to do"]);
}

#[test]
fn of_thirty_two_that_start_at_once_one_migrates() {
    for engine in engines(&ALL) {
        let (project, database, ids) = counted(engine);
        crowd(&project, database.url(), &ids);
        if engine == Engine::Postgres {
            let invalid = "SELECT count(*)::text FROM pg_index WHERE NOT indisvalid";
            assert_eq!(rows(database.url(), invalid), ["0"]);
        }
    }
}

#[test]
fn a_pooler_that_changes_sessions_makes_no_difference() {
    if !available(Engine::Postgres) {
        return;
    }
    let (project, database, ids) = counted(Engine::Postgres);
    let Some(pooler) = Pooler::start(&database, 6) else {
        return;
    };
    crowd(&project, pooler.url(), &ids);
    // Nothing stays on the sessions that the application gets next.
    let left = "SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))::text, current_setting('lock_timeout')";
    for _ in 0..8 {
        assert_eq!(rows(pooler.url(), left), ["0 0"]);
    }
}

fn signal(child: &Child, name: &str) {
    let kill = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
}

/// Waits until a query gives a row.
pub(crate) fn until(url: &str, sql: &str) {
    let begun = Instant::now();
    while rows(url, sql).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {sql}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A migration that says when it has begun, and takes a while.
fn slow(engine: Engine) -> (Project, Database, String) {
    let (project, database, _) = project(engine);
    project.run(&["migrate", "latest"]).exits(0);
    let up = match engine {
        Engine::Postgres => {
            "INSERT INTO tasks (id, title) VALUES (1, 'begun');\nSELECT pg_sleep(3);\nINSERT INTO tasks (id, title) VALUES (2, 'done');\n"
        }
        _ => {
            "INSERT INTO tasks (id, title) VALUES (1, 'begun');\nSELECT sleep(3);\nINSERT INTO tasks (id, title) VALUES (2, 'done');\n"
        }
    };
    let id = own(&project, "slow", up, true);
    (project, database, id)
}

/// What the server is told to do at this moment.
fn sleeping(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => {
            "SELECT 'yes' FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query = 'SELECT pg_sleep(3)'"
        }
        _ => "SELECT 'yes' FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO = 'SELECT sleep(3)'",
    }
}

#[test]
fn a_killed_holder_is_outlived_within_seconds() {
    for engine in engines(&[Engine::Postgres, Engine::Mysql]) {
        let (project, database, id) = slow(engine);
        let mut holder = spawn(&project, &["migrate", "latest"], database.url());
        until(database.url(), sleeping(engine));
        signal(&holder, "-KILL");
        holder.wait().unwrap();
        let begun = Instant::now();
        project
            .run(&["migrate", "latest", "--wait", "60s"])
            .exits(0)
            .says(&[&format!("+ applied {id}")]);
        assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
        assert_eq!(
            rows(database.url(), "SELECT title FROM tasks ORDER BY id"),
            ["begun", "done"]
        );
    }
}

/// A process that is stopped and goes on later is the worst kind of dead: it does not know.
#[test]
fn a_holder_that_was_stopped_for_long_writes_nothing_when_it_goes_on() {
    for engine in engines(&[Engine::Postgres, Engine::Mysql]) {
        let (project, database, id) = slow(engine);
        let holder = spawn(&project, &["migrate", "latest"], database.url());
        until(database.url(), sleeping(engine));
        signal(&holder, "-STOP");
        let begun = Instant::now();
        project
            .run(&["migrate", "latest", "--wait", "60s"])
            .exits(0)
            .says(&[&format!("+ applied {id}")]);
        assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
        signal(&holder, "-CONT");
        let output = holder.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert_eq!(
            rows(database.url(), "SELECT title FROM tasks ORDER BY id"),
            ["begun", "done"]
        );
        assert_eq!(rows(database.url(), "SELECT id FROM kick_migrations").len(), 2);
        project.run(&["migrate", "status", "--exit-code"]).exits(0);
    }
}

#[test]
fn a_holder_that_lives_is_never_robbed() {
    for engine in engines(&[Engine::Postgres, Engine::Mysql]) {
        let (project, database, _) = project(engine);
        project.run(&["migrate", "latest"]).exits(0);
        // Longer than a lease.
        let sleep = if engine == Engine::Postgres {
            "pg_sleep"
        } else {
            "sleep"
        };
        let id = own(&project, "long", &format!("SELECT {sleep}(14);\n"), true);
        let holder = spawn(&project, &["migrate", "latest"], database.url());
        until(
            database.url(),
            "SELECT locked_by FROM kick_migrations_lock WHERE locked_at IS NOT NULL",
        );
        project
            .run(&["migrate", "latest", "--wait", "60s"])
            .exits(0)
            .says(&["Nothing to do"]);
        let output = holder.wait_with_output().unwrap();
        assert!(String::from_utf8_lossy(&output.stdout).contains(&format!("+ applied {id}")));
    }
}

/// Two migrations at once, one of which waits for the other in the server, is how concurrent index builds deadlock elsewhere.
#[test]
fn those_who_wait_do_not_stand_in_the_way_of_a_concurrent_build() {
    if !available(Engine::Postgres) {
        return;
    }
    let (project, database, _) = project(Engine::Postgres);
    project.run(&["migrate", "latest"]).exits(0);
    execute(
        database.url(),
        &["INSERT INTO tasks (id, title) SELECT i, repeat('x', 100) || i FROM generate_series(1, 100000) i"],
    );
    let up = "CREATE INDEX CONCURRENTLY a ON tasks (title);\nCREATE INDEX CONCURRENTLY b ON tasks (title, id);\nCREATE UNIQUE INDEX CONCURRENTLY c ON tasks (title);\n";
    let id = own(&project, "indexes", up, false);
    let children: Vec<Child> = (0..8)
        .map(|_| spawn(&project, &["migrate", "latest", "--wait", "120s"], database.url()))
        .collect();
    let mut applied = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert_eq!(output.status.code(), Some(0), "{out}{err}");
        applied += usize::from(out.contains(&format!("+ applied {id}")));
    }
    assert_eq!(applied, 1);
    let valid = "SELECT relname::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname IN ('a', 'b', 'c') AND indisvalid ORDER BY 1";
    assert_eq!(rows(database.url(), valid), ["a", "b", "c"]);
}
