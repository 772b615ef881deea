//! kickdb beside sqlx, on the same database and in the same transaction.

use kickdb::prelude::*;
use kickdb::sqlx::{self, ConnectOptions as _};

use super::{each, each_with, label};
use crate::model::Label;

/// Inserts a label by sqlx and counts all by it.
async fn by_sqlx(tx: &mut Transaction, name: &str) -> kickdb::Result<i64> {
    let counted = if tx.postgres().await.is_ok() {
        let connection = tx.postgres().await?;
        let insert = sqlx::query("INSERT INTO label (name) VALUES ($1)").bind(name.to_owned());
        insert.execute(&mut *connection).await.unwrap();
        sqlx::query_as::<_, (i64,)>("SELECT count(*) FROM label")
            .fetch_one(connection)
            .await
    } else {
        let connection = tx.mysql().await?;
        let insert = sqlx::query("INSERT INTO label (name) VALUES (?)").bind(name.to_owned());
        insert.execute(&mut *connection).await.unwrap();
        sqlx::query_as::<_, (i64,)>("SELECT count(*) FROM label")
            .fetch_one(connection)
            .await
    };
    Ok(counted.unwrap().0)
}

#[tokio::test]
async fn sqlx_takes_part_in_a_transaction() {
    each(async |db| {
        label(db, "a").await;
        let mut tx = db.begin().await.unwrap();
        if db.dialect().id().as_str() == "sqlite" {
            assert_eq!(
                by_sqlx(&mut tx, "b").await.unwrap_err().code(),
                "unsupported_by_dialect"
            );
            return;
        }
        Label::insert().name("b").exec(&mut tx).await.unwrap();
        assert_eq!(by_sqlx(&mut tx, "c").await.unwrap(), 3);
        tx.rollback().await.unwrap();
        assert_eq!(Label::query().count(db).await.unwrap(), 1);

        let mut tx = db.begin().await.unwrap();
        assert_eq!(by_sqlx(&mut tx, "d").await.unwrap(), 2);
        assert_eq!(Label::query().count(&mut tx).await.unwrap(), 2);
        tx.commit().await.unwrap();
        let mut dropped = db.begin().await.unwrap();
        assert_eq!(by_sqlx(&mut dropped, "e").await.unwrap(), 3);
        drop(dropped);
        assert_eq!(Label::query().count(db).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_pool_of_sqlx_tells_where_its_database_is() {
    each_with(async |db, database| {
        label(db, "a").await;
        let url = match db.dialect().id().as_str() {
            "postgres" => sqlx::PgPool::connect_lazy(database.url())
                .unwrap()
                .connect_options()
                .to_url_lossy(),
            "mysql" => sqlx::MySqlPool::connect_lazy(database.url())
                .unwrap()
                .connect_options()
                .to_url_lossy(),
            _ => sqlx::SqlitePool::connect_lazy(database.url())
                .unwrap()
                .connect_options()
                .to_url_lossy(),
        };
        let same = Db::connect(url.as_str()).await.unwrap();
        assert_eq!(Label::query().count(&same).await.unwrap(), 1);
        same.close().await;
    })
    .await;
}
