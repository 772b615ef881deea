//! Queries of kickdb on connections that sqlx has: of its pools, and in its transactions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures_util::stream;
use kickdb::client::{DbBuilder, Tenants};
use kickdb::prelude::*;
use kickdb::sqlx::{self, Connection as _, mysql::MySqlPoolOptions, postgres::PgPoolOptions};
use kickdb_testdb::{Database, Engine, engines};

use super::{create_tables, tasks};
use crate::model::{Label, Task};

async fn on(engine: Engine) -> Option<Database> {
    let engine = engines(&[engine]).into_iter().next()?;
    let database = engine.database();
    create_tables(database.url()).await;
    Some(database)
}

/// Runs a test on each engine whose connections are sqlx's, with the URL of a database and the name of the options of its
/// pools.
macro_rules! each_pool {
    (|$url:ident, $Options:ident| $test:block) => {{
        if let Some(database) = on(Engine::Postgres).await {
            use PgPoolOptions as $Options;
            let $url = database.url();
            $test
        }
        if let Some(database) = on(Engine::Mysql).await {
            use MySqlPoolOptions as $Options;
            let $url = database.url();
            $test
        }
    }};
}

async fn count(db: &Db) -> i64 {
    Label::query().count(db).await.unwrap()
}

#[tokio::test]
async fn limits_and_settings_of_the_pool_hold() {
    each_pool!(|url, Options| {
        let (connected, taken) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let (connects, takes) = (Arc::clone(&connected), Arc::clone(&taken));
        let pool = Options::new()
            .max_connections(2)
            .acquire_timeout(Duration::from_millis(300))
            .after_connect(move |_, _| {
                connects.fetch_add(1, Ordering::Relaxed);
                Box::pin(async { Ok(()) })
            })
            .before_acquire(move |_, _| {
                takes.fetch_add(1, Ordering::Relaxed);
                Box::pin(async { Ok(true) })
            })
            .connect(url)
            .await
            .unwrap();
        let db = DbBuilder::from(pool.clone()).measure().connect().await.unwrap();
        let held = pool.acquire().await.unwrap();
        let tx = db.begin().await.unwrap();
        assert_eq!((db.status().most, db.status().in_use, db.status().idle), (2, 2, 0));
        // A connection may be on its way back to the pool when the next one is asked for.
        let before = db.status().waited;
        let error = Label::query().count(&db).await.unwrap_err();
        assert_eq!(error.code(), "pool_timeout");
        assert!(error.to_string().contains("all 2 are in use"), "{error}");
        assert_eq!((db.status().waited - before, db.status().timed_out), (1, 1));
        drop((held, tx));
        for _ in 0..20 {
            assert_eq!(count(&db).await, 0);
        }
        assert_eq!(connected.load(Ordering::Relaxed), pool.size());
        assert!(taken.load(Ordering::Relaxed) >= 20, "{taken:?}");
        let metrics = db.metrics().unwrap();
        assert_eq!((metrics.queries, metrics.rolled_back), (20, 1));
        assert!(!format!("{db:?}").contains("password"));
        pool.close().await;
    });
}

#[tokio::test]
async fn what_the_pool_says_itself_is_not_said_again() {
    each_pool!(|url, Options| {
        let pool = Options::new().connect_lazy(url).unwrap();
        let limited = DbBuilder::from(pool.clone()).max_connections(3).connect().await;
        let error = limited.unwrap_err();
        assert_eq!(error.code(), "validation");
        assert!(error.to_string().contains("PoolOptions"), "{error}");
        let db = Db::from(pool);
        let tenants = Tenants::schemas(db.clone()).map(drop).unwrap_err();
        let expected = match db.dialect().caps().schemas {
            true => "give tenants a pool of their own",
            false => "Tenants::databases",
        };
        assert!(tenants.to_string().contains(expected), "{tenants}");
    });
}

#[tokio::test]
async fn one_end_closes_both() {
    each_pool!(|url, Options| {
        let pool = Options::new().connect(url).await.unwrap();
        let db = Db::from(pool.clone());
        assert_eq!(count(&db).await, 0);
        pool.close().await;
        let error = Label::query().count(&db).await.unwrap_err();
        assert_eq!(error.code(), "connection");
        assert!(error.to_string().contains("closed"), "{error}");

        let pool = Options::new().connect(url).await.unwrap();
        Db::from(pool.clone()).close().await;
        assert!(matches!(pool.acquire().await, Err(sqlx::Error::PoolClosed)));
    });
}

#[tokio::test]
async fn a_transaction_of_kickdb_goes_back_without_a_trace() {
    each_pool!(|url, Options| {
        let pool = Options::new().max_connections(1).connect(url).await.unwrap();
        let db = Db::from(pool.clone());
        let mut tx = db.begin().await.unwrap();
        Label::insert().name("lost").exec(&mut tx).await.unwrap();
        drop(tx);
        let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM label")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(seen, 0);
        db.transaction(async |tx| Label::insert().name("kept").exec(tx).await)
            .await
            .unwrap();
        // Nothing that sqlx sends from here on is in a transaction that nobody ends.
        sqlx::query("INSERT INTO label (name) VALUES ('too')")
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
        let again = Options::new().connect(url).await.unwrap();
        assert_eq!(count(&Db::from(again.clone())).await, 2);
        again.close().await;
    });
}

#[tokio::test]
async fn a_transaction_of_sqlx_has_queries_of_kickdb() {
    each_pool!(|url, Options| {
        let pool = Options::new().connect(url).await.unwrap();
        let db = Db::from(pool.clone());
        let mut tx = pool.begin().await.unwrap();
        sqlx::query("INSERT INTO label (name) VALUES ('a')")
            .execute(&mut *tx)
            .await
            .unwrap();
        Label::insert().name("b").exec(&mut *tx).await.unwrap();
        let both = Label::query()
            .order_by(Label::ID)
            .select(Label::NAME)
            .all(&mut tx)
            .await
            .unwrap();
        assert_eq!(both, ["a", "b"]);
        // Several statements, none of which ends the transaction.
        let many = Label::insert_each((0..2_500).map(|n| Label {
            id: n + 10,
            name: format!("l{n}"),
        }));
        assert_eq!(many.exec(&mut *tx).await.unwrap(), 2_500);
        assert_eq!(count(&db).await, 0);
        tx.rollback().await.unwrap();
        assert_eq!(count(&db).await, 0);

        let mut tx = pool.begin().await.unwrap();
        Label::insert().name("kept").exec(&mut *tx).await.unwrap();
        let mut inner = tx.begin().await.unwrap();
        Label::insert().name("lost").exec(&mut *inner).await.unwrap();
        inner.rollback().await.unwrap();
        tx.commit().await.unwrap();
        let mut lent = pool.acquire().await.unwrap();
        let label = Label::query().one(&mut lent).await.unwrap();
        assert_eq!(label.name, "kept");
        let error = Label::insert().name("kept").exec(&mut *lent).await.unwrap_err();
        assert_eq!(error.code(), "unique_violation");
        drop(lent);
        pool.close().await;
    });
}

#[tokio::test]
async fn several_statements_on_a_lent_connection_are_kept_or_lost_together() {
    each_pool!(|url, Options| {
        let pool = Options::new().max_connections(1).connect(url).await.unwrap();
        let mut lent = pool.acquire().await.unwrap();
        let label = |n: i32| Label {
            id: n + 1,
            name: format!("l{}", n % 2_400),
        };
        let error = Label::insert_each((0..2_500).map(label))
            .exec(&mut *lent)
            .await
            .unwrap_err();
        assert_eq!(error.code(), "unique_violation");
        assert_eq!(Label::query().count(&mut *lent).await.unwrap(), 0);

        // Left in its middle, where a thousand are written and more are waited for.
        let endless = stream::iter((0..1_500).map(move |n| Ok(label(n))));
        let endless = futures_util::StreamExt::chain(endless, stream::pending());
        let left = Label::insert_stream(endless).exec(&mut *lent);
        assert!(tokio::time::timeout(Duration::from_millis(500), left).await.is_err());
        assert_eq!(Label::query().count(&mut *lent).await.unwrap(), 0);

        let done = Label::insert_each((0..2_400).map(label))
            .exec(&mut *lent)
            .await
            .unwrap();
        assert_eq!(done, 2_400);
        drop(lent);
        assert_eq!(count(&Db::from(pool.clone())).await, 2_400);
        pool.close().await;
    });
}

#[tokio::test]
async fn a_dropped_statement_is_stopped_and_its_connection_replaced() {
    each_pool!(|url, Options| {
        let pool = Options::new().max_connections(2).connect(url).await.unwrap();
        let db = Db::from(pool.clone());
        Label::insert().name("a").exec(&db).await.unwrap();
        let (forever, running) = match db.dialect().id().as_str() {
            "postgres" => (
                "(SELECT count(*) FROM pg_sleep(30))",
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() \
                 AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep%'",
            ),
            _ => (
                "sleep(30)",
                "SELECT count(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> connection_id() \
                 AND INFO LIKE '%sleep(30)%'",
            ),
        };
        let began = Instant::now();
        for _ in 0..4 {
            let number = fragment::<i64, _, _>(forever, ());
            let stuck = Label::query().limit(1).select(number).one(&db);
            assert!(tokio::time::timeout(Duration::from_millis(200), stuck).await.is_err());
        }
        while sqlx::query_scalar::<_, i64>(running).fetch_one(&pool).await.unwrap() > 0 {
            assert!(began.elapsed() < Duration::from_secs(10), "it still runs");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(count(&db).await, 1);
        assert!(pool.size() <= 2);
        pool.close().await;
    });
}

#[tokio::test]
async fn statements_that_sqlx_has_prepared_are_not_mistaken() {
    let Some(database) = on(Engine::Postgres).await else {
        return;
    };
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect(database.url())
        .await
        .unwrap();
    let db = Db::from(pool.clone());
    // The same text, for a number of four bytes and for one of eight.
    let by_sqlx = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM label WHERE id = $1").bind(1_i32);
    assert_eq!(by_sqlx.fetch_one(&pool).await.unwrap(), 0);
    let by_kickdb = sql("SELECT count(*) FROM label WHERE id = {}").bind(1_i64);
    let counted: i64 = by_kickdb.one(&db).await.unwrap();
    assert_eq!(counted, 0);
    let mut lent = pool.acquire().await.unwrap();
    let by_kickdb = sql("SELECT count(*) FROM label WHERE id = {}").bind(1_i64);
    let counted: i64 = by_kickdb.one(&mut lent).await.unwrap();
    assert_eq!(counted, 0);
    drop(lent);
    pool.close().await;
}

#[tokio::test]
async fn a_row_that_breaks_a_check_is_told_behind_many_duplicates() {
    let Some(database) = on(Engine::Mysql).await else {
        return;
    };
    let titles = vec!["t"; 200];
    let own = Db::connect(database.url()).await.unwrap();
    let (project, mut all) = tasks(&own, &titles).await;
    let pool = MySqlPoolOptions::new()
        .max_connections(1)
        .connect(database.url())
        .await
        .unwrap();
    let mut tx = pool.begin().await.unwrap();
    let again = Task::insert_many(&all).on_conflict(Task::ID).do_nothing();
    assert_eq!(again.exec(&mut *tx).await.unwrap(), 0);
    let mut wrong = super::task(&project, 201, "u");
    wrong.weight = -1;
    all.push(wrong);
    let again = Task::insert_many(&all).on_conflict(Task::ID).do_nothing();
    assert_eq!(again.exec(&mut *tx).await.unwrap_err().code(), "check_violation");
    tx.rollback().await.unwrap();
    pool.close().await;
    own.close().await;
}
