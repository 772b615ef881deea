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
