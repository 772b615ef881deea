use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

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
