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

/// A text, and on which thread it was read.
#[derive(Debug, Clone, PartialEq, DbType)]
#[db_type(as = String)]
struct ReadOn(std::thread::ThreadId);

impl From<&ReadOn> for String {
    fn from(_: &ReadOn) -> Self {
        Self::new()
    }
}

impl TryFrom<String> for ReadOn {
    type Error = &'static str;

    fn try_from(_: String) -> Result<Self, Self::Error> {
        Ok(Self(std::thread::current().id()))
    }
}

/// How many of twenty runs are read on the thread that asks.
async fn read_here(mut run: impl AsyncFnMut(usize) -> ReadOn) -> usize {
    let here = ReadOn(std::thread::current().id());
    let mut count = 0;
    for n in 0..20 {
        count += usize::from(run(n).await == here);
    }
    count
}

#[tokio::test]
async fn quick_statements_run_where_they_are_asked_for_and_others_elsewhere() {
    // No disk is waited for. What other programs do may still make a statement a slow one now and then.
    const SOME: usize = 5;
    let db = Db::connect("sqlite::memory:").await.unwrap();
    let table = sql("CREATE TABLE label (id integer PRIMARY KEY, name text NOT NULL)");
    table.exec(&db).await.unwrap();
    label(&db, "a").await;
    let name: kickdb::query::Column<Label, ReadOn> = kickdb::query::Column::new("name");
    let read = || Label::query().filter(Label::ID.eq(1)).select(name);
    assert!(read_here(async |_| read().one(&db).await.unwrap()).await >= SOME);
    let insert = |n: usize| sql("INSERT INTO label (name) VALUES ({}) RETURNING name").bind(format!("l{n}"));
    assert!(read_here(async |n| insert(n).one(&db).await.unwrap()).await >= SOME);

    // In a transaction, too, but for a change that could take any time and cannot be stopped without the whole transaction.
    let mut tx = db.begin().await.unwrap();
    assert!(read_here(async |_| read().one(&mut tx).await.unwrap()).await >= SOME);
    assert!(read_here(async |n| insert(n).one(&mut tx).await.unwrap()).await >= SOME);
    let changes = [
        "UPDATE label SET name = name WHERE id = 1 RETURNING name",
        "DELETE FROM label WHERE id = (SELECT max(id) FROM label) RETURNING name",
        "INSERT INTO label (name) SELECT name FROM label WHERE id = 1 RETURNING name",
    ];
    for change in changes {
        let here = read_here(async |_| sql(change).one(&mut tx).await.unwrap()).await;
        assert_eq!(here, 0, "{change}");
    }
    tx.commit().await.unwrap();
    assert_eq!(Label::query().count(&db).await.unwrap(), 41);

    // Rows that are given away as they come, and what takes long.
    let streamed = async |_| {
        let first = std::pin::pin!(read().stream(&db)).try_next().await;
        first.unwrap().unwrap()
    };
    assert_eq!(read_here(streamed).await, 0);
    let long = sql(
        "SELECT CAST((WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) \
         SELECT count(*) FROM n) AS text)",
    );
    assert_eq!(read_here(async |_| long.clone().one(&db).await.unwrap()).await, 0);
}

#[tokio::test]
async fn a_refused_row_of_a_transaction_leaves_the_others() {
    on_sqlite(async |db| {
        let mut tx = db.begin().await.unwrap();
        for name in ["a", "b"] {
            Label::insert().name(name).exec(&mut tx).await.unwrap();
            let twice = Label::insert().name(name).exec(&mut tx).await.unwrap_err();
            assert_eq!(twice.code(), "unique_violation");
        }
        tx.commit().await.unwrap();
        assert_eq!(Label::query().count(db).await.unwrap(), 2);
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
