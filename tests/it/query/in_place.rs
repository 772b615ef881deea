//! An engine inside of the program leaves its thread to others, as a server does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use kickdb::prelude::*;
use kickdb_testdb::{Engine, engines};

use super::{create_tables, label};
use crate::model::Label;

/// Calls `test` with a database of SQLite. The runtime of the test has one thread.
async fn on_sqlite(test: impl AsyncFn(&Db)) {
    for engine in engines(&[Engine::Sqlite]) {
        let database = engine.database();
        create_tables(database.url()).await;
        let db = Db::connect(database.url()).await.unwrap();
        test(&db).await;
        db.close().await;
    }
}

/// Counts to three millions.
const LONG: &str =
    "(WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000000) SELECT count(*) FROM n)";

async fn count_far(db: &Db) -> i64 {
    let number = fragment::<i64, _, _>(LONG, ());
    Label::query().limit(1).select(number).one(db).await.unwrap()
}

/// How often another task of the same thread ran while `work` did.
async fn meanwhile<R>(work: impl Future<Output = R>) -> (R, u64) {
    let ticks = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&ticks);
    let ticking = tokio::spawn(async move {
        loop {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    let done = work.await;
    ticking.abort();
    (done, ticks.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_long_statement_leaves_the_thread_to_others() {
    on_sqlite(async |db| {
        label(db, "a").await;
        // The first time nobody knows that it takes long.
        for _ in 0..2 {
            let (counted, ticks) = meanwhile(count_far(db)).await;
            assert_eq!(counted, 3_000_000);
            assert!(ticks >= 5, "others ran {ticks} times");
        }
        let late = tokio::time::timeout(Duration::from_millis(5), count_far(db)).await;
        assert!(late.is_err(), "{late:?}");
    })
    .await;
}

#[tokio::test]
async fn quick_statements_in_a_row_leave_the_thread_to_others() {
    on_sqlite(async |db| {
        let row = label(db, "a").await;
        let (_, ticks) = meanwhile(async {
            for _ in 0..5_000 {
                assert_eq!(Label::find(row.id).one(db).await.unwrap(), row);
            }
        })
        .await;
        assert!(ticks >= 5, "others ran {ticks} times");
    })
    .await;
}

#[tokio::test]
async fn a_lock_is_waited_for_elsewhere() {
    on_sqlite(async |db| {
        let mut tx = db.begin().await.unwrap();
        Label::insert().name("first").exec(&mut tx).await.unwrap();
        let waits = async {
            let began = Instant::now();
            Label::insert().name("second").exec(db).await.unwrap();
            began.elapsed()
        };
        let commits = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            tx.commit().await.unwrap();
        };
        // On the one thread that both have, the commit comes only where the insert does not wait on it.
        let (waited, ()) = tokio::join!(waits, commits);
        assert!(waited >= Duration::from_millis(50), "{waited:?}");
        assert_eq!(Label::query().count(db).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn rows_that_are_read_once_more_are_there_once() {
    on_sqlite(async |db| {
        let labels: Vec<Label> = (1..=3_000)
            .map(|id| Label {
                id,
                name: format!("label {id}"),
            })
            .collect();
        Label::insert_many(&labels).exec(db).await.unwrap();
        for _ in 0..3 {
            assert_eq!(Label::query().order_by(Label::ID).all(db).await.unwrap(), labels);
            let streamed: Vec<Label> = Label::query()
                .order_by(Label::ID)
                .stream(db)
                .try_collect()
                .await
                .unwrap();
            assert_eq!(streamed, labels);
            let page = Label::query()
                .keyset((Label::ID.up(),), None, 2_000)
                .fetch(db)
                .await
                .unwrap();
            assert_eq!((page.rows.len(), page.next.is_some()), (2_000, true));
        }
        let removed = Label::delete().all_rows().returning(db).await.unwrap();
        assert_eq!(removed.len(), labels.len());
        assert_eq!(Label::insert_many(&labels).returning(db).await.unwrap(), labels);
        assert_eq!(Label::query().count(db).await.unwrap(), 3_000);
    })
    .await;
}

#[tokio::test]
async fn a_long_write_keeps_its_transaction() {
    on_sqlite(async |db| {
        let mut tx = db.begin().await.unwrap();
        Label::insert().name("kept").exec(&mut tx).await.unwrap();
        let long = fragment::<i64, _, _>(LONG, ()).cast::<String>();
        let changed = Label::update()
            .set_to(Label::NAME, long)
            .all_rows()
            .exec(&mut tx)
            .await
            .unwrap();
        assert_eq!(changed, 1);
        tx.commit().await.unwrap();
        let names: Vec<String> = Label::query().select(Label::NAME).all(db).await.unwrap();
        assert_eq!(names, ["3000000"]);
    })
    .await;
}
