//! One runner at a time, dead or alive.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kickdb_core::Error;
use kickdb_core::runner::{Cancel, Event, Options};
use kickdb_testdb::Engine;

use super::place::{Draft, Place, on, on_every, quick};

const A: &str = "20260101_000000_people";

/// A migration that takes about this long.
fn slow(place: &Place, seconds: f64) -> String {
    match place.database.engine() {
        Engine::Sqlite => {
            // Some millions of rows: a second or so in a debug build of SQLite's own code, which is optimized.
            let rows = (seconds * 3_000_000.0) as i64;
            format!(
                "CREATE TABLE people (id integer PRIMARY KEY);\nINSERT INTO people WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT sum(i) FROM n;"
            )
        }
        Engine::Mysql => format!("CREATE TABLE people (id integer PRIMARY KEY);\nDO sleep({seconds});"),
        Engine::Postgres => format!("CREATE TABLE people (id integer PRIMARY KEY);\nSELECT pg_sleep({seconds});"),
    }
}

fn waiting() -> Options {
    Options {
        lock_wait: Duration::from_secs(30),
        ..quick()
    }
}

#[test]
fn eight_at_once_migrate_once() {
    on_every(async |place| {
        place.add(&Draft::new(A, &slow(place, 0.3), "DROP TABLE people"));
        let runs = (0..8).map(|_| async {
            let mut runner = place.runner(waiting()).await;
            let done = runner.latest().await.unwrap().done.len();
            runner.close().await.unwrap();
            done
        });
        let done = futures_util::future::join_all(runs).await;
        assert_eq!(done.iter().sum::<usize>(), 1, "{done:?}");
        assert_eq!(place.applied().await, format!("{A}@1"));
        assert!(place.is_free().await);
    });
}

#[test]
fn who_does_not_wait_is_told_who_holds_the_lock() {
    on_every(async |place| {
        // Longer than the lease: the holder is alive all the same.
        place.add(&Draft::new(A, &slow(place, 2.5), "DROP TABLE people"));
        place.runner(quick()).await.status().await.unwrap();
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let mut holder = place.runner(quick()).await;
        let mut begun = Some(begun);
        let finished = Arc::new(Mutex::new(false));
        let at_its_end = Arc::clone(&finished);
        holder.observe(move |event| {
            if let Event::Finished { .. } = event {
                *at_its_end.lock().unwrap() = true;
            }
            if let Event::Statement { .. } = event
                && let Some(begun) = begun.take()
            {
                begun.send(()).unwrap();
            }
        });
        let second = async {
            has_begun.await.unwrap();
            let mut second = place.runner(quick()).await;
            let mut refusals = 0;
            let until = Instant::now() + Duration::from_secs(2);
            while Instant::now() < until {
                match second.latest().await {
                    Err(Error::LockHeld(held)) => {
                        assert!(held.by.contains("process"), "{held}");
                        assert_ne!(held.alive, None, "{held}");
                        refusals += 1;
                    }
                    // On a busy machine the holder may be through before this one has looked twice.
                    Ok(report) if *finished.lock().unwrap() => {
                        assert!(report.done.is_empty());
                        break;
                    }
                    other => panic!("the holder is at work, but: {other:?}"),
                }
            }
            refusals
        };
        let (first, refusals) = tokio::join!(holder.latest(), second);
        assert_eq!(first.unwrap().done.len(), 1);
        assert!(refusals > 0);
        assert!(place.is_free().await);
    });
}

/// What a runner leaves behind that was killed: its row and its lease.
async fn die(place: &Place, expires_in_millis: i64) {
    place.runner(quick()).await.latest().await.unwrap();
    place
        .execute("UPDATE kick_migrations_lock SET locked_at = CURRENT_TIMESTAMP, locked_by = 'the dead'")
        .await;
    let millis = match place.database.engine() {
        Engine::Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        Engine::Mysql => "CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000 AS SIGNED)",
        Engine::Postgres => "CAST(EXTRACT(EPOCH FROM now()) * 1000 AS bigint)",
    };
    place
        .execute(&format!(
            "INSERT INTO kick_lease VALUES (1, 'the dead', 5, {millis} + {expires_in_millis})"
        ))
        .await;
}

#[test]
fn a_dead_holder_is_outlived_within_seconds() {
    on_every(async |place| {
        die(place, 700).await;
        place.add(&Draft::new(
            A,
            "CREATE TABLE people (id integer PRIMARY KEY)",
            "DROP TABLE people",
        ));
        let mut runner = place.runner(quick()).await;
        let Err(Error::LockHeld(held)) = runner.latest().await else {
            panic!("its lease has not run out yet");
        };
        assert_eq!((held.by.as_str(), held.alive), ("the dead", Some(true)));
        let begun = Instant::now();
        let mut runner = place.runner(waiting()).await;
        runner.latest().await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        assert!(place.is_free().await);
    });
}

#[test]
fn who_lost_the_lock_records_nothing() {
    on_every(async |place| {
        place.add(&Draft::new(
            A,
            "CREATE TABLE people (id integer PRIMARY KEY);\nSELECT 1;",
            "DROP TABLE people",
        ));
        let mut runner = place.runner(quick()).await;
        let url = place.database.url().to_owned();
        // Somebody clears the row by hand and another tool takes it, between the beginning and the first statement.
        let mut told = false;
        runner.observe(move |event| {
            if matches!(event, Event::Note(_)) || told {
                return;
            }
            told = true;
            let url = url.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    let mut thief = kickdb_core::dialect::live::connect(&url).await.unwrap();
                    // Where the work holds the one write lock, this waits until it is over.
                    let _ = thief
                        .execute("UPDATE kick_migrations_lock SET locked_by = 'thief'")
                        .await;
                });
            })
            .join()
            .unwrap();
        });
        if place.is(Engine::Sqlite) {
            // There nobody can write while the migration's transaction is open.
            runner.latest().await.unwrap();
            return;
        }
        let error = runner.latest().await.unwrap_err();
        assert_eq!(error.code(), "cancelled", "{error}");
        assert_eq!(place.applied().await, "");
        assert_eq!(
            place.ask("SELECT locked_by FROM kick_migrations_lock").await,
            "thief",
            "not ours to release"
        );
        assert_eq!(
            place
                .ask(match place.is(Engine::Mysql) {
                    true => "SELECT CAST(table_name AS char) FROM information_schema.tables WHERE table_name = 'people' AND table_schema = DATABASE()",
                    false => "SELECT tablename::text FROM pg_tables WHERE tablename = 'people'",
                })
                .await,
            ""
        );
    });
}

#[test]
fn a_cancelled_run_rolls_back_and_releases() {
    on_every(async |place| {
        place.add(&Draft::new(A, &slow(place, 3.0), "DROP TABLE people"));
        let cancel = Cancel::new();
        let mut runner = place
            .runner(Options {
                cancel: cancel.clone(),
                ..quick()
            })
            .await;
        runner.observe(move |event| {
            if let Event::Statement { number: 2, .. } = event {
                let cancel = cancel.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    cancel.cancel();
                });
            }
        });
        let begun = Instant::now();
        let error = runner.latest().await.unwrap_err();
        assert_eq!(error.code(), "cancelled");
        let left = match place.is(Engine::Mysql) {
            true => "1 of its 2 statements are done and stay",
            false => "rolled back",
        };
        assert!(error.to_string().contains(left), "{error}");
        if !place.is(Engine::Sqlite) {
            assert!(
                begun.elapsed() < Duration::from_secs(2),
                "the server's statement was interrupted"
            );
        }
        assert_eq!(place.applied().await, "");
        assert!(place.is_free().await);
    });
}

#[test]
fn a_run_that_nobody_waits_for_any_more_releases_the_lock() {
    on_every(async |place| {
        place.add(&Draft::new(A, &slow(place, 0.7), "DROP TABLE people"));
        let mut runner = place.runner(quick()).await;
        let dropped = tokio::time::timeout(Duration::from_millis(300), runner.latest()).await;
        assert!(dropped.is_err(), "it is still at work");
        // The same runner goes on cleanly.
        assert_eq!(runner.latest().await.unwrap().done.len(), 1);
        runner.down().await.unwrap();

        let dropped = tokio::time::timeout(Duration::from_millis(300), runner.latest()).await;
        assert!(dropped.is_err(), "it is still at work");
        drop(runner);
        let mut other = place.runner(waiting()).await;
        let begun = Instant::now();
        assert_eq!(other.latest().await.unwrap().done.len(), 1);
        // The statement that nobody waits for, its goodbye, and the same statement again.
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        assert!(place.is_free().await);
    });
}

#[test]
fn a_lock_that_somebody_holds_for_long_is_waited_for_in_short_attempts() {
    on(&[Engine::Postgres, Engine::Mysql], async |place| {
        place.execute("CREATE TABLE people (id integer)").await;
        place.add(&Draft::new(
            A,
            "ALTER TABLE people ADD COLUMN name text",
            "ALTER TABLE people DROP COLUMN name",
        ));
        let mut reader = place.connection().await;
        reader.execute("BEGIN").await.unwrap();
        reader.execute("SELECT count(*) FROM people").await.unwrap();
        let retries = Arc::new(Mutex::new(0));
        let mut runner = place.runner(quick()).await;
        let count = Arc::clone(&retries);
        runner.observe(move |event| {
            if let Event::Retrying { .. } = event {
                *count.lock().unwrap() += 1;
            }
        });
        let end = async {
            // On MariaDB an attempt lasts for a second at least.
            let long = if place.is(Engine::Mysql) { 2_500 } else { 900 };
            tokio::time::sleep(Duration::from_millis(long)).await;
            reader.execute("COMMIT").await.unwrap();
        };
        let (run, ()) = tokio::join!(runner.latest(), end);
        run.unwrap();
        assert!(*retries.lock().unwrap() >= 1);

        reader.execute("BEGIN").await.unwrap();
        reader.execute("SELECT count(*) FROM people").await.unwrap();
        let mut impatient = place
            .runner(Options {
                lock_retries: 1,
                ..quick()
            })
            .await;
        let error = impatient.down().await.unwrap_err();
        let said = error.to_string().to_lowercase();
        assert!(
            said.contains("lock timeout") || said.contains("lock wait timeout"),
            "{error}"
        );
        // Who it is, and what ends it.
        let (asked, ends) = match place.is(Engine::Mysql) {
            true => ("SELECT CAST(connection_id() AS char)", "KILL "),
            false => ("SELECT pg_backend_pid()::text", "pg_terminate_backend("),
        };
        let id = reader.query(asked, &[]).await.unwrap()[0][0].clone().unwrap();
        assert!(error.to_string().contains(&format!("{ends}{id}")), "{error}");
        assert_eq!(place.applied().await, format!("{A}@1"));
    });
}

#[test]
fn a_statement_that_takes_too_long_is_stopped() {
    on(&[Engine::Postgres, Engine::Mysql], async |place| {
        place.add(&Draft::new(
            A,
            &match place.is(Engine::Mysql) {
                // `sleep` ends quietly where its time is up.
                true => "CREATE TABLE people (id integer PRIMARY KEY);\nSELECT count(*) FROM seq_1_to_2000000000 WHERE seq % 7 = 3;"
                    .to_owned(),
                false => slow(place, 20.0),
            },
            "DROP TABLE people",
        ));
        let mut runner = place
            .runner(Options {
                statement_timeout: Some(Duration::from_millis(200)),
                ..quick()
            })
            .await;
        let begun = Instant::now();
        let error = runner.latest().await.unwrap_err().to_string();
        assert!(
            error.contains("statement timeout") || error.contains("max_statement_time"),
            "{error}"
        );
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert!(place.is_free().await);
    });
}

/// Somebody looks at the lock by hand, in a transaction, and goes for lunch.
#[test]
fn a_row_that_somebody_has_in_an_open_transaction_is_told_and_does_not_hang_the_run() {
    on(&[Engine::Postgres, Engine::Mysql], async |place| {
        place.add(&Draft::new(
            A,
            "CREATE TABLE people (id integer PRIMARY KEY)",
            "DROP TABLE people",
        ));
        place.runner(quick()).await.up().await.unwrap();
        let mut by_hand = place.connection().await;
        by_hand.execute("BEGIN").await.unwrap();
        let row = "UPDATE kick_migrations_lock SET locked_by = 'me' WHERE id = 1";
        by_hand.execute(row).await.unwrap();
        let begun = Instant::now();
        let error = place.runner(quick()).await.down().await.unwrap_err();
        assert_eq!(error.code(), "migration_lock_held", "{error}");
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        by_hand.execute("ROLLBACK").await.unwrap();
        place.runner(quick()).await.down().await.unwrap();
    });
}

#[test]
fn a_lock_whose_row_says_nobody_yet_is_no_dead_client() {
    on(&[Engine::Postgres], async |place| {
        place.runner(quick()).await.latest().await.unwrap();
        // A runner between the lock of the server and the row, on a server that has much to do.
        let mut other = place.connection().await;
        other.execute("SELECT pg_advisory_lock(118100383720546)").await.unwrap();
        let work = tokio::spawn(async move {
            other.execute("SELECT pg_sleep(1)").await.unwrap();
            other.close().await.unwrap();
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        place.runner(quick()).await.latest().await.unwrap();
        assert!(work.is_finished());
    });
}

#[test]
fn the_work_of_a_dead_client_is_waited_for() {
    on(&[Engine::Postgres], async |place| {
        die(place, -5000).await;
        // The client was killed, but its server session still runs what it was told last.
        let mut zombie = place.connection().await;
        zombie
            .execute("SELECT pg_advisory_lock(118100383720546)")
            .await
            .unwrap();
        let work = tokio::spawn(async move {
            zombie.execute("SELECT pg_sleep(1.5)").await.unwrap();
            zombie.close().await.unwrap();
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        let Err(Error::LockHeld(held)) = place.runner(quick()).await.latest().await else {
            panic!("the server still works");
        };
        assert!(held.by.contains("whose client is gone"), "{held}");
        place.runner(waiting()).await.latest().await.unwrap();
        assert!(work.is_finished());
    });
}
