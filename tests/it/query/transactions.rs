use std::time::Duration;

use kickdb::prelude::*;
use kickdb::{Error, Result};

use super::{each, label};
use crate::model::Label;

async fn add(tx: &mut Transaction, name: &str) -> Result<Label> {
    Label::insert().name(name).returning(tx).await
}

async fn names(db: &Db) -> Vec<String> {
    Label::query()
        .order_by(Label::NAME)
        .select(Label::NAME)
        .all(db)
        .await
        .unwrap()
}

#[tokio::test]
async fn ok_is_kept_and_err_is_undone() {
    each(async |db| {
        let kept = db
            .transaction(async |tx| {
                add(tx, "a").await?;
                assert_eq!(Label::query().count(&mut *tx).await?, 1);
                add(&mut *tx, "b").await
            })
            .await
            .unwrap();
        assert_eq!(kept.name, "b");
        let lost: Result<()> = db
            .transaction(async |tx| {
                add(tx, "c").await?;
                Err(Error::validation("no"))
            })
            .await;
        assert_eq!(lost.unwrap_err().to_string(), "no");
        assert_eq!(names(db).await, ["a", "b"]);
    })
    .await;
}

#[tokio::test]
async fn a_savepoint_fails_alone() {
    each(async |db| {
        label(db, "red").await;
        db.transaction(async |tx| {
            add(tx, "a").await?;
            let failed = tx
                .savepoint(async |sp| {
                    add(sp, "b").await?;
                    add(sp, "red").await
                })
                .await;
            assert_eq!(failed.unwrap_err().code(), "unique_violation");
            tx.savepoint(async |sp| {
                add(sp, "c").await?;
                sp.savepoint(async |inner| add(inner, "red").await).await.unwrap_err();
                add(sp, "d").await
            })
            .await?;
            add(tx, "e").await
        })
        .await
        .unwrap();
        assert_eq!(names(db).await, ["a", "c", "d", "e", "red"]);
    })
    .await;
}

#[tokio::test]
async fn an_abandoned_savepoint_is_undone() {
    each(async |db| {
        db.transaction(async |tx| {
            let stuck = tx.savepoint(async |sp| {
                add(sp, "lost").await?;
                std::future::pending::<Result<()>>().await
            });
            tokio::time::timeout(Duration::from_millis(300), stuck)
                .await
                .unwrap_err();
            add(tx, "kept").await
        })
        .await
        .unwrap();
        assert_eq!(names(db).await, ["kept"]);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_future_is_undone_and_leaves_a_clean_connection() {
    each(async |db| {
        for _ in 0..20 {
            let stuck = db.transaction(async |tx| {
                add(tx, "lost").await?;
                std::future::pending::<Result<()>>().await
            });
            tokio::time::timeout(Duration::from_millis(30), stuck)
                .await
                .unwrap_err();
        }
        // The write lock of SQLite must be free, and no connection may still be in a transaction.
        label(db, "kept").await;
        assert_eq!(names(db).await, ["kept"]);
    })
    .await;
}

#[tokio::test]
async fn a_panic_is_undone() {
    each(async |db| {
        let other = db.clone();
        let panicked = tokio::spawn(async move {
            other
                .transaction(async |tx| -> Result<()> {
                    add(tx, "lost").await?;
                    panic!("on purpose")
                })
                .await
        });
        assert!(panicked.await.unwrap_err().is_panic());
        label(db, "kept").await;
        assert_eq!(names(db).await, ["kept"]);
    })
    .await;
}

#[tokio::test]
async fn by_hand() {
    each(async |db| {
        let mut tx = db.begin().await.unwrap();
        add(&mut tx, "a").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        add(&mut tx, "b").await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        add(&mut tx, "c").await.unwrap();
        drop(tx);
        label(db, "d").await;
        assert_eq!(names(db).await, ["a", "d"]);
    })
    .await;
}

#[derive(Debug)]
enum Own {
    Database(Error),
    Full,
}

impl From<Error> for Own {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

#[tokio::test]
async fn work_with_an_error_of_its_own() {
    each(async |db| {
        let full = db
            .try_transaction(async |tx| {
                add(tx, "a").await?;
                Err::<(), Own>(Own::Full)
            })
            .await;
        assert!(matches!(full, Err(Own::Full)));
        let broken = db
            .try_transaction(async |tx| {
                add(tx, "a").await?;
                add(tx, "a").await?;
                Ok::<(), Own>(())
            })
            .await;
        assert!(matches!(broken, Err(Own::Database(Error::UniqueViolation(_)))));
        assert_eq!(names(db).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_only_reads() {
    each(async |db| {
        label(db, "a").await;
        let options = || TransactionOptions::new().read_only();
        let read = db
            .transaction_with(options(), async |tx| Label::query().count(tx).await)
            .await;
        assert_eq!(read.unwrap(), 1);
        let written = db
            .transaction_with(options(), async |tx| Label::insert().name("b").exec(tx).await)
            .await;
        assert_eq!(written.unwrap_err().code(), "query");
        // Dropped in the middle, it leaves a connection that writes again.
        for _ in 0..12 {
            let mut tx = db.begin_with(&options()).await.unwrap();
            Label::query().count(&mut tx).await.unwrap();
        }
        label(db, "c").await;
        assert_eq!(names(db).await, ["a", "c"]);
    })
    .await;
}

#[tokio::test]
async fn isolation_is_what_was_asked_for() {
    each(async |db| {
        label(db, "a").await;
        let mut stable = db
            .begin_with(
                &TransactionOptions::new()
                    .isolation(Isolation::RepeatableRead)
                    .read_only(),
            )
            .await
            .unwrap();
        assert_eq!(Label::query().count(&mut stable).await.unwrap(), 1);
        label(db, "b").await;
        assert_eq!(Label::query().count(&mut stable).await.unwrap(), 1);
        stable.commit().await.unwrap();
        let deferrable = TransactionOptions::new().serializable().read_only().deferrable();
        let begun = db.begin_with(&deferrable).await;
        match db.dialect().id().as_str() {
            "postgres" => assert_eq!(Label::query().count(&mut begun.unwrap()).await.unwrap(), 2),
            _ => assert_eq!(begun.unwrap_err().code(), "unsupported_by_dialect"),
        }
        if db.dialect().id().as_str() == "sqlite" {
            return;
        }
        let mut fresh = db
            .begin_with(&TransactionOptions::new().isolation(Isolation::ReadCommitted))
            .await
            .unwrap();
        assert_eq!(Label::query().count(&mut fresh).await.unwrap(), 2);
        label(db, "c").await;
        assert_eq!(Label::query().count(&mut fresh).await.unwrap(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_another_transaction_was_in_the_way_of_runs_again() {
    each(async |db| {
        label(db, "0").await;
        let add_one = async |db: Db| {
            db.transaction_with(TransactionOptions::new().serializable().attempts(50), async |tx| {
                let last = Label::query().order_by(Label::ID.desc()).first(&mut *tx).await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
                let count: i32 = last.map_or(0, |label| label.name.parse().unwrap_or_default());
                Label::update()
                    .set(Label::NAME, (count + 1).to_string())
                    .all_rows()
                    .exec(&mut *tx)
                    .await
            })
            .await
        };
        let all = futures_util::future::join_all((0..6).map(|_| add_one(db.clone()))).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");
        // None of them saw what another one overwrote.
        assert_eq!(names(db).await, ["6"]);
        let tries = std::cell::Cell::new(0);
        let failed: Result<()> = db
            .transaction_with(TransactionOptions::new().attempts(3), async |_| {
                tries.set(tries.get() + 1);
                Err(Error::Deadlock { source: None })
            })
            .await;
        assert_eq!((failed.unwrap_err().code(), tries.get()), ("deadlock", 3));
        let once: Result<()> = db
            .transaction_with(TransactionOptions::new().attempts(3), async |_| {
                tries.set(tries.get() + 1);
                Err(Error::validation("no"))
            })
            .await;
        assert_eq!((once.is_err(), tries.get()), (true, 4));
    })
    .await;
}

/// An expression that takes long, and how many other connections compute it.
fn long(db: &Db) -> (&'static str, Option<&'static str>) {
    match db.dialect().id().as_str() {
        "postgres" => (
            "(SELECT count(*) FROM pg_sleep(30))",
            Some(
                "(SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() \
                 AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep%')",
            ),
        ),
        "mysql" => (
            "sleep(30)",
            Some(
                "(SELECT count(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> connection_id() \
                 AND INFO LIKE '%sleep(30)%')",
            ),
        ),
        _ => (
            "(WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n)",
            None,
        ),
    }
}

#[tokio::test]
async fn a_statement_whose_future_is_dropped_is_stopped() {
    each(async |db| {
        label(db, "a").await;
        let (forever, running) = long(db);
        let number = async |sql: &'static str| {
            let number = fragment::<i64, _, _>(sql, ());
            Label::query().limit(1).select(number).one(db).await.unwrap()
        };
        for _ in 0..3 {
            let stuck = tokio::time::timeout(Duration::from_millis(500), number(forever)).await;
            assert!(stuck.is_err(), "{stuck:?}");
        }
        let began = std::time::Instant::now();
        match running {
            Some(sql) => {
                while number(sql).await > 0 {
                    assert!(began.elapsed() < Duration::from_secs(10), "it still runs");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            None => label(db, "b").await.id.to_string().clear(),
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    })
    .await;
}
