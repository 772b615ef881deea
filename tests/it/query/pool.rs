use std::time::Duration;

use futures_util::TryStreamExt as _;
use kickdb::prelude::*;

use super::{create_tables, each, each_with, tasks};
use crate::model::{Label, Task};

#[tokio::test]
async fn a_full_pool_says_so() {
    each_with(async |_, database| {
        let db = Db::builder(database.url())
            .max_connections(2)
            .acquire_timeout(Duration::from_millis(200))
            .connect()
            .await
            .unwrap();
        // A second writer of SQLite would wait for the first one, not for a connection.
        let reading = TransactionOptions::new().read_only();
        let first = db.begin_with(&reading).await.unwrap();
        let mut held = Box::pin(Label::query().stream(&db));
        assert_eq!(held.try_next().await.unwrap(), None);
        drop(held);
        let second = db.begin_with(&reading).await.unwrap();
        let error = Label::query().count(&db).await.unwrap_err();
        assert_eq!(error.code(), "pool_timeout");
        assert!(error.to_string().contains("all 2 are in use"), "{error}");
        drop((first, second));
        assert_eq!(Label::query().count(&db).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_database_in_memory_has_one_connection() {
    let db = Db::builder("sqlite::memory:")
        .max_connections(8)
        .acquire_timeout(Duration::from_millis(100))
        .connect()
        .await
        .unwrap();
    let tx = db.begin().await.unwrap();
    assert_eq!(db.begin().await.unwrap_err().code(), "pool_timeout");
    drop(tx);
    // The same database is still there after an abandoned transaction.
    db.begin().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn many_at_once() {
    each(async |db| {
        let mut running = tokio::task::JoinSet::new();
        for n in 0..64 {
            let db = db.clone();
            running.spawn(async move {
                // MariaDB keeps a unique text without a length by a hash, and inserts in its gaps may wait for each other.
                loop {
                    match Label::insert().name(format!("l{n}")).exec(&db).await {
                        Err(error) if error.is_retryable() => {}
                        done => return done.unwrap(),
                    }
                }
            });
        }
        while let Some(done) = running.join_next().await {
            done.unwrap();
        }
        assert_eq!(Label::query().count(db).await.unwrap(), 64);
    })
    .await;
}

#[tokio::test]
async fn streams_give_rows_in_order_and_can_be_left() {
    each(async |db| {
        let titles: Vec<String> = (0..500).map(|n| format!("t{n}")).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let (_, all) = tasks(db, &titles).await;
        let query = Task::query().order_by(Task::NUMBER);
        let streamed: Vec<Task> = query.clone().stream(db).try_collect().await.unwrap();
        assert_eq!(streamed, all);
        for _ in 0..30 {
            let mut left = Box::pin(query.clone().stream(db));
            assert_eq!(left.try_next().await.unwrap().as_ref(), Some(&all[0]));
        }
        // More streams were left than the pool has connections, and none of them is in the middle of an answer.
        let others = futures_util::future::join_all((0..20).map(|_| Task::query().count(db))).await;
        assert!(others.into_iter().all(|count| count.unwrap() == 500));
    })
    .await;
}

#[tokio::test]
async fn a_dropped_query_leaves_a_clean_pool() {
    each(async |db| {
        let (_, all) = tasks(db, &["a", "b", "c"]).await;
        for wait in 0..60 {
            let query = Task::query().order_by(Task::NUMBER).all(db);
            if let Ok(rows) = tokio::time::timeout(Duration::from_micros(wait * 10), query).await {
                assert_eq!(rows.unwrap(), all);
            }
            let find = Task::find(all[2].id).one(db).await.unwrap();
            assert_eq!(find, all[2]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_statement_is_prepared_once() {
    each(async |db| {
        let row = super::label(db, "a").await;
        let prepared = match db.dialect().id().as_str() {
            "postgres" => "SELECT count(*) FROM pg_prepared_statements",
            "mysql" => {
                "SELECT CAST(VARIABLE_VALUE AS signed) FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'COM_STMT_PREPARE'"
            }
            // The engine does not tell.
            _ => return,
        };
        let mut tx = db.begin().await.unwrap();
        let mut count = async |times: usize| -> i64 {
            for _ in 0..times {
                assert_eq!(Label::find(row.id).one(&mut tx).await.unwrap(), row);
                let by_name = Label::query().filter(Label::NAME.eq("a"));
                assert_eq!(by_name.one(&mut tx).await.unwrap(), row);
            }
            sql(prepared).one(&mut tx).await.unwrap()
        };
        count(1).await;
        let before = count(1).await;
        assert!(before >= 2, "{before}");
        assert_eq!(count(10).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_url_is_told_at_once() {
    let error = Db::connect("oracle://u:secret@h/d").await.unwrap_err();
    assert_eq!(error.code(), "connection");
    assert!(!error.to_string().contains("secret"), "{error}");
    let error = Db::connect("postgres://u:secret@127.0.0.1:1/d").await.unwrap_err();
    assert_eq!(error.code(), "connection");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[tokio::test]
async fn a_closed_pool_gives_no_connection() {
    let database = kickdb_testdb::Engine::Sqlite.database();
    create_tables(database.url()).await;
    let db = Db::connect(database.url()).await.unwrap();
    db.close().await;
    assert_eq!(Label::query().count(&db).await.unwrap_err().code(), "connection");
}
