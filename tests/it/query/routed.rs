//! Reads that go to other servers than writes.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use kickdb::client::RoutingOptions;
use kickdb::prelude::*;
use kickdb_testdb::{Database, Engine, OwnServer, engines};

use super::{create_tables, label, project};
use crate::model::{Label, Project, User};

/// A primary that says `primary`, and two replicas that say `replica`: which of them a read asked can be told.
async fn two_of(engine: Engine, options: &RoutingOptions) -> (Db, [Database; 2]) {
    let databases = [engine.database(), engine.database()];
    let mut dbs = Vec::new();
    for (database, name) in databases.iter().zip(["primary", "replica"]) {
        create_tables(database.url()).await;
        let db = Db::connect(database.url()).await.unwrap();
        label(&db, name).await;
        dbs.push(db);
    }
    let replica = dbs.pop().unwrap();
    let primary = dbs.pop().unwrap();
    let db = Db::routed_with(primary, [replica.clone(), replica], options).unwrap();
    (db, databases)
}

async fn name(on: impl Executor) -> String {
    Label::query()
        .filter(Label::ID.eq(1))
        .select(Label::NAME)
        .one(on)
        .await
        .unwrap()
}

#[tokio::test]
async fn reads_go_to_replicas_until_something_was_written() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let (db, _kept) = two_of(engine, &RoutingOptions::new()).await;
        let first = db.scope();
        assert_eq!(name(&first).await, "replica");
        // Each way to read.
        assert_eq!(Label::find(1).one(&first).await.unwrap().name, "replica");
        assert!(
            Label::query()
                .filter(Label::NAME.eq("replica"))
                .exists(&first)
                .await
                .unwrap()
        );
        let streamed: Vec<Label> = Label::query().stream(&first).try_collect().await.unwrap();
        assert_eq!(streamed[0].name, "replica");
        let page = Label::query()
            .keyset((Label::ID.up(),), None, 5)
            .fetch(&first)
            .await
            .unwrap();
        assert_eq!(page.rows[0].name, "replica");
        assert!(
            Project::query()
                .with(Project::OWNER)
                .all(&first)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(name(&first.primary()).await, "primary");
        // Only the scope that wrote, and what is a clone of it, stays on the primary.
        let clone = first.clone();
        label(&first, "new").await;
        assert_eq!(
            (name(&first).await, name(&clone).await),
            ("primary".into(), "primary".into())
        );
        assert_eq!(name(&db.scope()).await, "replica");
        assert_eq!(name(&first.replica()).await, "replica");
        // A transaction is on the primary, and one that may write counts as a write.
        let second = db.scope();
        let reading = TransactionOptions::new().read_only();
        let seen = second
            .transaction_with(reading, async |tx| Ok(name(&mut *tx).await))
            .await;
        assert_eq!(
            (seen.unwrap().as_str(), name(&second).await.as_str()),
            ("primary", "replica")
        );
        let mut tx = second.begin().await.unwrap();
        assert_eq!(
            (name(&mut tx).await.as_str(), name(&second).await.as_str()),
            ("primary", "primary")
        );
        tx.rollback().await.unwrap();
        assert_eq!(name(&second).await, "primary");
        // What returns rows and writes is a write, and so is a lock.
        let third = db.scope();
        let changed = Label::update().set(Label::NAME, "changed").filter(Label::ID.eq(1));
        assert_eq!(changed.returning(&third).await.unwrap()[0].name, "changed");
        assert_eq!(name(&third).await, "changed");
        if engine != Engine::Sqlite {
            let locking = db.scope();
            let row = Label::query().filter(Label::ID.eq(1)).for_update();
            assert_eq!(row.one(&locking).await.unwrap().name, "changed");
        }
        db.close().await;
        assert_eq!(Label::query().count(&db).await.unwrap_err().code(), "connection");
    }
}

#[tokio::test]
async fn without_a_scope_a_write_counts_for_a_time() {
    let options = RoutingOptions::new().sticky_for(Duration::from_millis(300));
    let (db, _kept) = two_of(Engine::Sqlite, &options).await;
    assert_eq!(name(&db).await, "replica");
    project(&db, "kickdb").await;
    assert_eq!(name(&db).await, "primary");
    // A scope does not know of writes outside of it.
    assert_eq!(name(&db.scope()).await, "replica");
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert_eq!(name(&db).await, "replica");
    db.primary()
        .transaction(async |tx| User::query().count(&mut *tx).await)
        .await
        .unwrap();
    assert_eq!(name(&db).await, "primary");
}

#[tokio::test]
async fn replicas_of_another_engine_are_refused() {
    let memory = async || Db::connect("sqlite::memory:").await.unwrap();
    let other = Db::builder("postgres://nobody@127.0.0.1:1/none")
        .connect_lazy()
        .unwrap();
    let error = Db::routed(memory().await, [other]).unwrap_err();
    assert_eq!(error.code(), "validation");
    assert!(error.to_string().contains("one engine"), "{error}");
    // Without any, everything is on the primary.
    let alone = Db::routed(memory().await, []).unwrap();
    assert_eq!(alone.transaction(async |_| Ok(1)).await.unwrap(), 1);
    assert!(alone.replicas().is_empty());
}

/// Waits for something that another server does in its own time.
async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_lags_goes_and_comes_back() {
    let Some(primary) = OwnServer::start(Engine::Postgres) else {
        return;
    };
    create_tables(&primary.url()).await;
    let mut standby = primary.standby();
    let replica = Db::builder(standby.url()).connect_lazy().unwrap();
    let options = RoutingOptions::new().retry_after(Duration::from_millis(100));
    let db = Db::routed_with(Db::connect(&primary.url()).await.unwrap(), [replica], &options).unwrap();

    label(&db.scope(), "old").await;
    let names = async |db: &Db| {
        Label::query()
            .order_by(Label::ID)
            .select(Label::NAME)
            .all(db)
            .await
            .unwrap()
    };
    let reader = db.scope();
    until("the standby follows", async || names(&reader).await == ["old"]).await;

    // It lags from here on: whoever wrote sees the row, and nobody else does.
    standby.ask("SELECT pg_wal_replay_pause()::text").unwrap();
    until("the standby stands still", async || {
        standby
            .ask("SELECT pg_get_wal_replay_pause_state()")
            .unwrap()
            .as_deref()
            == Some("paused")
    })
    .await;
    let writer = db.scope();
    label(&writer, "new").await;
    assert_eq!(names(&writer).await, ["old", "new"]);
    assert_eq!(names(&reader).await, ["old"]);
    // A standby takes no writes, and none is sent there.
    let error = Label::insert()
        .name("no")
        .exec(&Db::connect(&standby.url()).await.unwrap())
        .await;
    assert!(error.unwrap_err().to_string().contains("read-only"));
    standby.ask("SELECT pg_wal_replay_resume()::text").unwrap();
    until("the standby catches up", async || {
        names(&reader).await == ["old", "new"]
    })
    .await;

    // It goes while connections to it lie idle: no read fails.
    standby.stop();
    assert!(db.replicas()[0].up);
    for _ in 0..5 {
        assert_eq!(names(&reader).await, ["old", "new"]);
    }
    assert!(!db.replicas()[0].up);
    label(&db.scope(), "while away").await;
    assert_eq!(names(&reader).await.len(), 3);

    // And comes back by itself.
    standby.restart();
    until("the standby is asked again", async || {
        names(&reader).await;
        db.replicas()[0].up
    })
    .await;
    let here = standby
        .ask("SELECT count(*)::text FROM pg_stat_activity WHERE datname = 'app' AND application_name = 'kickdb'");
    assert_ne!(here.unwrap().as_deref(), Some("0"));
    until("the standby has caught up", async || names(&reader).await.len() == 3).await;
    db.close().await;
}
