//! How long writers at full speed wait for each kind of change, in its plain form and online.
//!
//! `KICKDB_LOAD=2000000` is the number of rows; without it there are few, and the longest wait of the online form is held to a
//! bound.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kickdb_core::dialect::by_name;
use kickdb_core::dialect::live::connect;
use kickdb_core::ir::Schema;
use kickdb_core::journal::{read, write};
use kickdb_core::runner::{DriftCheck, Options, Runner, Source};
use kickdb_testdb::{Engine, engines};

use super::{BASE, CASES, Case, migrations, schema};

const FEW: u64 = 40_000;

/// So long may a writer wait for the online form, on a machine that has other things to do.
const BOUND: Duration = Duration::from_millis(1_500);

const KINDS: &[&str] = &[
    "a required column",
    "NOT NULL",
    "an index, a unique constraint and a check",
    "a foreign key",
    "another type, under an index",
];

const WRITERS: u64 = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn writers_do_not_wait_for_what_is_done_online() {
    let asked = std::env::var("KICKDB_LOAD")
        .ok()
        .map(|rows| rows.parse::<u64>().unwrap());
    let rows = asked.unwrap_or(FEW);
    for engine in engines(&[Engine::Postgres, Engine::Mysql]) {
        if asked.is_some() {
            println!(
                "| {} rows on {} | plain | online |\n| --- | --- | --- |",
                rows,
                engine.name()
            );
        }
        for case in CASES.iter().filter(|case| KINDS.contains(&case.name)) {
            // What the engine has no way around is the same in both forms.
            if asked.is_none()
                && (engine == Engine::Mysql && !case.on_mysql.is_empty()
                    || case.name != KINDS[0] && case.name != KINDS[4])
            {
                continue;
            }
            let online = longest_wait(case, true, rows, engine).await.unwrap();
            if asked.is_none() {
                assert!(
                    online < BOUND,
                    "{} on {}: a writer waited for {online:?}",
                    case.name,
                    engine.name()
                );
                continue;
            }
            // It may fail: a table that is altered behind a change of its rows waits for writers that wait for these rows, and
            // where DDL commits by itself, a row without a value comes in between.
            let plain = match longest_wait(case, false, rows, engine).await {
                Ok(plain) => format!("{} ms", plain.as_millis()),
                Err(error) => format!("fails: {}", error.lines().next().unwrap_or_default()),
            };
            println!("| {} | {plain} | {} ms |", case.name, online.as_millis());
        }
    }
}

/// Makes the table with its rows, lets writers loose on it, makes the change, and tells the longest time that a statement took.
async fn longest_wait(case: &Case, online: bool, rows: u64, engine: Engine) -> Result<Duration, String> {
    let dialect = by_name(engine.name()).unwrap();
    let database = engine.database();
    let (from, to) = (schema(BASE, dialect), case.schema(dialect));
    let dir = tempfile::tempdir().unwrap();
    let mut first = migrations(&Schema::default(), &from, &[], false, dialect);
    for new in &mut first {
        new.meta.reviewed = true;
    }
    write(dir.path(), &read(dir.path(), dialect).unwrap(), &first, dialect).unwrap();
    latest(database.url(), dir.path()).await.unwrap();
    let mut connection = connect(database.url()).await.unwrap();
    connection
        .execute("INSERT INTO people (id, email) VALUES (1, 'a@b')")
        .await
        .unwrap();
    let fill = match engine {
        Engine::Mysql => format!(
            "INSERT INTO tasks (id, title, note, place, owner) SELECT seq, CONCAT('Task ', seq), IF(seq % 2, 'some', NULL), seq % 1000 + 1, 1 FROM seq_1_to_{rows}"
        ),
        _ => format!(
            "INSERT INTO tasks (id, title, note, place, owner) SELECT n, 'Task ' || n, CASE WHEN n % 2 = 1 THEN 'some' END, n % 1000 + 1, 1 FROM generate_series(1, {rows}) n"
        ),
    };
    connection.execute(&fill).await.unwrap();
    connection
        .execute(if engine == Engine::Mysql {
            "ANALYZE TABLE tasks"
        } else {
            "VACUUM ANALYZE tasks"
        })
        .await
        .unwrap();

    let stop = Arc::new(AtomicBool::new(false));
    let longest = Arc::new(AtomicU64::new(0));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            tokio::spawn(write_on(
                database.url().to_owned(),
                rows,
                writer,
                stop.clone(),
                longest.clone(),
            ))
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    longest.store(0, Ordering::Relaxed);

    let folder = read(dir.path(), dialect).unwrap();
    let mut new = super::change(&folder, &from, &to, case.values, online, dialect);
    for new in &mut new {
        new.meta.reviewed = true;
    }
    write(dir.path(), &folder, &new, dialect).unwrap();
    let outcome = latest(database.url(), dir.path()).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        assert!(
            writer.await.unwrap() > 0,
            "{}: nothing was written meanwhile",
            case.name
        );
    }
    connection.close().await.unwrap();
    outcome.map(|()| Duration::from_micros(longest.load(Ordering::Relaxed)))
}

async fn latest(url: &str, dir: &Path) -> Result<(), String> {
    let options = Options {
        drift_check: DriftCheck::Ignore,
        ..Options::default()
    };
    let mut runner = Runner::connect(url, Source::Folder(dir.to_owned()), options)
        .await
        .unwrap();
    let outcome = runner.latest().await.map(drop).map_err(|error| error.to_string());
    runner.close().await.unwrap();
    outcome
}

/// Changes and adds rows, as a program of the version before does, until it is told to stop; gives how often.
async fn write_on(url: String, rows: u64, writer: u64, stop: Arc<AtomicBool>, longest: Arc<AtomicU64>) -> u64 {
    let mut connection = connect(&url).await.unwrap();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(writer + 1);
    let mut done = 0;
    while !stop.load(Ordering::Relaxed) {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let id = (state >> 33) % rows + 1;
        let sql = match done % 4 {
            0 => format!(
                "INSERT INTO tasks (id, title, note, place) VALUES ({}, 'New', 'x', 7)",
                1_000_000_000 + done * WRITERS + writer
            ),
            _ => format!("UPDATE tasks SET note = 'changed' WHERE id = {id}"),
        };
        let begun = Instant::now();
        // A program of the version before may fail behind the last step, and two writers may meet.
        let _ = connection.execute(&sql).await;
        longest.fetch_max(
            u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
            Ordering::Relaxed,
        );
        done += 1;
    }
    connection.close().await.unwrap();
    done
}
