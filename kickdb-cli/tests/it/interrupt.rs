//! Ctrl-C in the middle of a run.
#![cfg(unix)]

use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use kickdb_testdb::{Engine, available};

use crate::project::{Project, tasks};

/// What is left after an interrupt: the migration before is applied, the one that was running is not, the lock is free.
#[test]
fn it_rolls_back_releases_the_lock_and_says_what_is_left() {
    if !available(Engine::Postgres) {
        return;
    }
    let database = Engine::Postgres.database();
    let project = Project::new(&tasks("pub title: String,"));
    project.write(
        "kickdb.toml",
        &format!("dialect = \"postgres\"\nurl = \"{}\"\n", database.url()),
    );
    project.run(&["generate", "one"]).exits(0);
    let sleeper = project.migrations("migrations").remove(0);
    let file = format!("migrations/{sleeper}/up.sql");
    let up = project.read(&file) + "SELECT pg_sleep(60);\n";
    project.write(&file, &up);
    accept(&project, &sleeper);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);

    let mut child = project
        .command(&["migrate", "latest"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    wait_for_sleep(database.url());
    std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    let status = child.wait().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(30), "it waited for the statement");
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("stopping: what runs is rolled back"), "{said}");
    assert!(said.contains("cancelled"), "{said}");

    project
        .run(&["migrate", "status"])
        .exits(0)
        .says(&["0 applied, 1 pending."]);
    // The lock is free, and nothing of the migration is left.
    project.write(&file, &up.replace("60", "0"));
    accept(&project, &sleeper);
    project.run(&["migrate", "latest"]).exits(0);
}

/// Records the files as they are, as if they had been generated so.
fn accept(project: &Project, id: &str) {
    let read = |file: &str| project.read(&format!("migrations/{id}/{file}"));
    let hash = kickdb_core::journal::hash(&read("up.sql"), &read("down.sql"), &read("snapshot.json"));
    let mut journal: serde_json::Value = serde_json::from_str(&project.read("migrations/_journal.json")).unwrap();
    journal["entries"][0]["hash"] = hash.into();
    project.write("migrations/_journal.json", &format!("{journal:#}\n"));
}

fn wait_for_sleep(url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = kickdb_core::dialect::live::connect(url).await.unwrap();
        let begun = Instant::now();
        loop {
            let sql = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()";
            let rows = connection.query(sql, &[]).await.unwrap();
            if rows[0][0].as_deref() != Some("0") {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "the migration never began");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}
