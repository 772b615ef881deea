//! Ctrl-C and SIGTERM in the middle of a run.
#![cfg(unix)]

use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use kickdb_testdb::{Engine, Pooler, available, engines};

use crate::project::{Project, execute, rows, tasks};

/// What is left: nothing of the migration that was running where it can be rolled back, else the statements before; the lock is free.
#[test]
fn it_leaves_a_clean_state_releases_the_lock_and_says_what_is_left() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        for signal in ["-INT", "-TERM"] {
            interrupted(engine, signal);
        }
    }
}

fn interrupted(engine: Engine, signal: &str) {
    let case = format!("{} {signal}", engine.name());
    let database = engine.database();
    let project = Project::new(&tasks("pub title: String,"));
    let config = format!(
        "dialect = \"{}\"\nurl = \"{}\"\nrequire_reviewed = false\n",
        engine.name(),
        database.url()
    );
    project.write("kickdb.toml", &config);
    project.run(&["generate", "one", "--no-proof"]).exits(0);
    let sleeper = project.migrations("migrations").remove(0);
    let file = format!("migrations/{sleeper}/up.sql");
    let made = project.read(&file);
    let (long, short) = match engine {
        Engine::Postgres => ("SELECT pg_sleep(60)", "SELECT pg_sleep(0)"),
        Engine::Mysql => ("DO SLEEP(60)", "DO SLEEP(0)"),
        _ => (COUNTING, "SELECT 1"),
    };
    project.write(&file, &format!("{made}{long};\n"));
    accept(&project, &sleeper);

    let mut child = project
        .command(&["migrate", "latest"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    wait_for_sleep(engine, database.url());
    std::process::Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .unwrap();
    let status = child.wait().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{case}: it waited for the statement"
    );
    assert_eq!(status.code(), Some(1), "{case}: {said}");
    assert!(said.contains("stopping: what runs is rolled back"), "{case}: {said}");
    assert!(said.contains("cancelled"), "{case}: {said}");

    if engine == Engine::Mysql {
        // What DDL has done stays, and the message says where the next run goes on.
        assert!(said.contains("1 of its 2 statements are done"), "{case}: {said}");
        project.run(&["migrate", "repair"]).exits(3).says(&["statement 2 of 2"]);
        project.run(&["migrate", "status"]).exits(0).says(&["stopped"]);
        project.run(&["migrate", "repair", "--done"]).exits(0);
    } else {
        assert!(said.contains("nothing of it is left"), "{case}: {said}");
        project
            .run(&["migrate", "status"])
            .exits(0)
            .says(&["0 applied, 1 pending."]);
        project.write(&file, &format!("{made}{short};\n"));
        accept(&project, &sleeper);
    }
    // The lock is free, and nothing stands in the way.
    project.run(&["migrate", "latest"]).exits(0);
    project.run(&["migrate", "status"]).exits(0).says(&["1 applied"]);
    project.run(&["drift"]).exits(0);
}

/// Behind a pooler nobody knows which session of the server works for us. Somebody else has the table, and the one who waits for it is
/// told to stop: within a transaction, and in a statement that cannot run in one.
#[test]
fn it_does_not_wait_for_a_lock_behind_a_pooler() {
    if !available(Engine::Postgres) {
        return;
    }
    for (up, transaction, left) in [
        (
            "ALTER TABLE tasks ADD COLUMN more integer;\n",
            true,
            "nothing of it is left",
        ),
        (
            "CREATE INDEX CONCURRENTLY more ON tasks (title);\n",
            false,
            "0 of its 1 statements are done",
        ),
    ] {
        let (project, database, _) = crate::migrate::project(Engine::Postgres);
        let Some(pooler) = Pooler::start(&database, 6) else {
            return;
        };
        let config = project.read("kickdb.toml");
        project.write("kickdb.toml", &format!("{config}lock_timeout = \"10m\"\n"));
        project.run(&["migrate", "latest"]).exits(0);
        crate::crowd::own(&project, "two", up, transaction);
        let url = database.url().to_owned();
        let holder = std::thread::spawn(move || {
            execute(&url, &["BEGIN; LOCK TABLE tasks; SELECT pg_sleep(20); COMMIT"]);
        });
        let held = "SELECT 'yes' FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'tasks'::regclass";
        crate::crowd::until(database.url(), held);
        let child = crate::crowd::spawn(&project, &["migrate", "latest"], pooler.url());
        let waits =
            "SELECT 'yes' FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        crate::crowd::until(database.url(), waits);
        let begun = Instant::now();
        let sent = std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(begun.elapsed() < Duration::from_secs(5), "it waited: {said}");
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("cancelled") && said.contains(left), "{said}");
        // Nobody waits in the server for a client that is gone, and the lock is free.
        assert_eq!(rows(database.url(), waits), [""; 0]);
        let locked = "SELECT locked_by FROM kick_migrations_lock WHERE locked_at IS NOT NULL";
        assert_eq!(rows(database.url(), locked), [""; 0]);
        holder.join().unwrap();
        let run = project.run_with(&["migrate", "latest"], &[("KICKDB_URL", pooler.url())]);
        run.exits(0).says(&["+ applied", "_two"]);
    }
}

/// Keeps SQLite busy for far longer than the test waits.
const COUNTING: &str = "INSERT INTO tasks (id, title) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) \
     SELECT max(i), 'x' FROM n";

/// Records the files as they are, as if they had been generated so.
fn accept(project: &Project, id: &str) {
    let read = |file: &str| project.read(&format!("migrations/{id}/{file}"));
    let hash = kickdb_core::journal::hash(&read("up.sql"), &read("down.sql"), &read("snapshot.json"));
    let mut journal: serde_json::Value = serde_json::from_str(&project.read("migrations/_journal.json")).unwrap();
    journal["entries"][0]["hash"] = hash.into();
    project.write("migrations/_journal.json", &format!("{journal:#}\n"));
}

fn wait_for_sleep(engine: Engine, url: &str) {
    let sql = match engine {
        Engine::Postgres => {
            "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
        }
        Engine::Mysql => {
            "SELECT CAST(count(*) AS char) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE 'DO SLEEP%'"
        }
        // The lock is taken, and then the migration begins at once.
        _ => "SELECT CAST(count(*) AS text) FROM kick_migrations_lock WHERE locked_by IS NOT NULL",
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = kickdb_core::dialect::live::connect(url).await.unwrap();
        let begun = Instant::now();
        loop {
            // On SQLite the tables are not there before the run has made them.
            let rows = connection.query(sql, &[]).await.unwrap_or_default();
            if rows.first().is_some_and(|row| row[0].as_deref() != Some("0")) {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "the migration never began");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        connection.close().await.unwrap();
    });
    if engine == Engine::Sqlite {
        std::thread::sleep(Duration::from_millis(500));
    }
}
