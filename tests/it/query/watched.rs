use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kickdb::client::TransactionEvent;
use kickdb::prelude::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::each_with;
use crate::model::Label;

#[tokio::test]
async fn hooks_see_each_statement_and_no_value() {
    each_with(async |_, database| {
        let seen: Arc<Mutex<Vec<(String, u64, bool)>>> = Arc::default();
        let into = Arc::clone(&seen);
        let db = Db::builder(database.url())
            .on_query(move |event| {
                let line = (event.sql.to_owned(), event.rows, event.error.is_some());
                into.lock().unwrap().push(line);
            })
            .connect()
            .await
            .unwrap();
        Label::insert().name("secret").exec(&db).await.unwrap();
        Label::insert().name("secret").exec(&db).await.unwrap_err();
        let found = Label::query().filter(Label::NAME.eq("secret")).all(&db).await.unwrap();
        assert_eq!(found.len(), 1);
        let status = db.status();
        assert_eq!((status.in_use, status.idle, status.most), (0, 1, 10));
        let tx = db.begin().await.unwrap();
        assert_eq!((db.status().in_use, db.status().idle), (1, 0));
        tx.commit().await.unwrap();
        let seen = seen.lock().unwrap();
        let shape: Vec<(u64, bool)> = seen.iter().map(|(_, rows, failed)| (*rows, *failed)).collect();
        assert_eq!(shape, [(1, false), (0, true), (1, false)]);
        assert!(seen.iter().all(|(sql, ..)| !sql.contains("secret")), "{seen:?}");
        assert!(seen[2].0.starts_with("SELECT"), "{seen:?}");
    })
    .await;
}

/// Writes what it is told as lines.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!("{}={value:?} ", field.name()));
    }
}

impl Lines {
    fn add(&self, mut line: String, record: impl FnOnce(&mut Line<'_>)) {
        record(&mut Line(&mut line));
        self.0.lock().unwrap().push(line);
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("kickdb")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        self.add("span ".to_owned(), |line| attributes.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.add("record ".to_owned(), |line| values.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.add(format!("event {} ", event.metadata().target()), |line| {
            event.record(line)
        });
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn traces_follow_the_conventions_and_name_slow_queries() {
    each_with(async |_, database| {
        let db = Db::builder(database.url())
            .slow_query(Duration::ZERO)
            .connect()
            .await
            .unwrap();
        let lines = Lines::default();
        let guard = tracing::subscriber::set_default(lines.clone());
        Label::query().filter(Label::NAME.eq("secret")).all(&db).await.unwrap();
        Label::insert().name("a").exec(&db).await.unwrap();
        Label::insert().name("a").exec(&db).await.unwrap_err();
        drop(guard);
        let text = lines.0.lock().unwrap().join("\n");
        let system = match db.dialect().id().as_str() {
            "postgres" => "postgresql",
            other => other,
        };
        for part in [
            &format!("db.system.name=\"{system}\"") as &str,
            "db.operation.name=\"SELECT\"",
            "db.query.text=\"SELECT",
            "otel.kind=\"client\"",
            "db.response.returned_rows=0",
            "db.response.returned_rows=1",
            "error.type=\"unique_violation\"",
            "event kickdb::slow_query",
            "milliseconds=",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("secret"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_hook_may_change_or_refuse_what_is_sent() {
    each_with(async |_, database| {
        let sent: Arc<Mutex<Vec<String>>> = Arc::default();
        let into = Arc::clone(&sent);
        let db = Db::builder(database.url())
            .before_query(|sql| {
                if sql.starts_with("DELETE") {
                    return Err(kickdb::Error::validation("nothing is removed here"));
                }
                sql.push_str(" /* request 7 */");
                Ok(())
            })
            .before_query(|sql| {
                *sql = sql.replace("LIMIT 5", "LIMIT 1");
                Ok(())
            })
            .on_query(move |event| into.lock().unwrap().push(event.sql.to_owned()))
            .connect()
            .await
            .unwrap();
        for name in ["a", "b"] {
            Label::insert().name(name).exec(&db).await.unwrap();
        }
        let cut = Label::query().order_by(Label::ID).limit(5).all(&db).await.unwrap();
        assert_eq!(cut.len(), 1);
        let error = Label::delete().all_rows().exec(&db).await.unwrap_err();
        assert_eq!(error.to_string(), "nothing is removed here");
        assert_eq!(Label::query().count(&db).await.unwrap(), 2);
        let sent = sent.lock().unwrap();
        assert_eq!(sent.len(), 4);
        assert!(sent.iter().all(|sql| sql.ends_with("/* request 7 */")), "{sent:?}");
    })
    .await;
}

#[tokio::test]
async fn transactions_and_times_are_counted() {
    each_with(async |_, database| {
        let events: Arc<Mutex<Vec<&'static str>>> = Arc::default();
        let into = Arc::clone(&events);
        let db = Db::builder(database.url())
            .max_connections(1)
            .acquire_timeout(Duration::from_millis(50))
            .measure()
            .on_transaction(move |event| {
                into.lock().unwrap().push(match event {
                    TransactionEvent::Begin => "begin",
                    TransactionEvent::Commit(_) => "commit",
                    TransactionEvent::Rollback(_) => "rollback",
                    _ => "?",
                });
            })
            .connect()
            .await
            .unwrap();
        db.transaction(async |tx| Label::insert().name("a").exec(&mut *tx).await)
            .await
            .unwrap();
        let failed = db
            .transaction(async |tx| Label::insert().name("a").exec(&mut *tx).await)
            .await;
        assert_eq!(failed.unwrap_err().code(), "unique_violation");
        // One that is left alone, and one that is nobody's but a call's own.
        drop(db.begin().await.unwrap());
        let rows: Vec<Label> = (10..2_510)
            .map(|id| Label {
                id,
                name: format!("l{id}"),
            })
            .collect();
        while db.status().in_use > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Label::insert_each(rows).exec(&db).await.unwrap();
        assert_eq!(
            *events.lock().unwrap(),
            [
                "begin", "commit", "begin", "rollback", "begin", "rollback", "begin", "commit"
            ]
        );
        let metrics = db.metrics().unwrap();
        assert_eq!((metrics.committed, metrics.rolled_back), (2, 2));
        assert_eq!(metrics.failed, 1);
        assert!(metrics.queries >= 3 && metrics.rows >= 1, "{metrics:?}");
        assert_eq!(
            metrics.durations.iter().map(|(_, count)| count).sum::<u64>(),
            metrics.queries
        );
        assert!(metrics.elapsed > Duration::ZERO);
        let held = db.begin().await.unwrap();
        assert_eq!(Label::query().count(&db).await.unwrap_err().code(), "pool_timeout");
        let status = db.status();
        assert_eq!((status.waiting, status.timed_out), (0, 1));
        assert!(status.waited >= 1 && status.opened >= 1, "{status:?}");
        drop(held);
    })
    .await;
    let unmeasured = Db::connect("sqlite::memory:").await.unwrap();
    assert_eq!(unmeasured.metrics(), None);
}
