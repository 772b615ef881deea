//! What observers hear of a run, and the log.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kickdb_core::runner::{Event, Options, Runner};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};

use super::place::{Draft, on_every, quick};

const A: &str = "20260101_000000_people";
const B: &str = "20260102_000000_notes";

type Lines = Arc<Mutex<Vec<String>>>;

fn observed(runner: &mut Runner) -> Lines {
    let lines = Lines::default();
    let told = Arc::clone(&lines);
    runner.observe(move |event| {
        let line = match event {
            Event::Waiting { by, .. } => format!("waits for {by}"),
            Event::Started {
                id,
                direction,
                number,
                of,
            } => format!("begins {id} {} {number}/{of}", direction.as_str()),
            Event::Statement { id, number, of, .. } => format!("statement {id} {number}/{of}"),
            Event::Finished { id, direction, .. } => format!("done {id} {}", direction.as_str()),
            Event::Failed { id, error } => format!("failed {id} {}", error.code()),
            other => format!("{other:?}"),
        };
        told.lock().unwrap().push(line);
    });
    lines
}

/// A log that keeps level, message and migration of each event.
#[derive(Clone, Default)]
struct Log(Lines);

#[derive(Default)]
struct Said {
    message: String,
    migration: String,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "migration" {
            self.migration = value.to_owned();
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("kickdb_core::runner")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut said = Said::default();
        event.record(&mut said);
        let Said { message, migration } = said;
        let line = format!("{} {message} {migration}", event.metadata().level());
        self.0.lock().unwrap().push(line.trim_end().to_owned());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn each_migration_is_told_before_and_after_and_in_the_log() {
    on_every(async |place| {
        place.add(&Draft::new(
            A,
            "CREATE TABLE people (id integer PRIMARY KEY);\nINSERT INTO people VALUES (1)",
            "DROP TABLE people",
        ));
        place.add(&Draft::new(B, "INSERT INTO nowhere VALUES (1)", "DROP TABLE notes"));
        let log = Log::default();
        let guard = tracing::subscriber::set_default(log.clone());
        let mut runner = place.runner(quick()).await;
        let heard = observed(&mut runner);
        let again = observed(&mut runner);
        runner.latest().await.unwrap_err();
        let mut wanted = vec![
            format!("begins {A} up 1/2"),
            format!("statement {A} 1/2"),
            format!("statement {A} 2/2"),
            format!("done {A} up"),
            format!("begins {B} up 2/2"),
            format!("statement {B} 1/1"),
            format!("failed {B} migration_failed"),
        ];
        assert_eq!(*heard.lock().unwrap(), wanted);
        // What began on MariaDB only goes on.
        place.execute("DELETE FROM kick_progress").await;
        runner.down().await.unwrap();
        wanted.extend([
            format!("begins {A} down 1/1"),
            format!("statement {A} 1/1"),
            format!("done {A} down"),
        ]);
        assert_eq!(*heard.lock().unwrap(), wanted);
        assert_eq!(*again.lock().unwrap(), wanted, "each of them hears it");
        drop(guard);
        let logged: Vec<String> = log
            .0
            .lock()
            .unwrap()
            .iter()
            .filter(|line| !line.starts_with("TRACE"))
            .cloned()
            .collect();
        assert_eq!(
            logged,
            [
                format!("INFO migration begins {A}"),
                format!("INFO migration done {A}"),
                format!("INFO migration begins {B}"),
                format!("ERROR migration failed {B}"),
                format!("INFO migration begins {A}"),
                format!("INFO migration done {A}"),
            ]
        );

        place
            .execute("UPDATE kick_migrations_lock SET locked_at = CURRENT_TIMESTAMP, locked_by = 'kickjs 17'")
            .await;
        let mut waits = place
            .runner(Options {
                lock_wait: Duration::from_millis(300),
                ..quick()
            })
            .await;
        let heard = observed(&mut waits);
        assert_eq!(waits.latest().await.unwrap_err().code(), "migration_lock_held");
        assert_eq!(*heard.lock().unwrap(), ["waits for kickjs 17"]);
    });
}
