//! Migrations inside the program.

use kickdb::embed_migrations;
use kickdb::journal::Embedded;
use kickdb::prelude::*;
use kickdb::runner::Boot;

use crate::model::User;

static MIGRATIONS: &Embedded = embed_migrations!("tests/migrations");

#[tokio::test]
async fn a_program_brings_its_database_along() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite://{}", folder.path().join("app.db").display());
    for url in [file.as_str(), "sqlite::memory:"] {
        let error = Db::builder(url).migrations(MIGRATIONS).connect().await.unwrap_err();
        assert!(error.to_string().contains("20260427_153012_add_users"), "{error}");
        let applying = Db::builder(url).migrations(MIGRATIONS).on_boot(Boot::Apply);
        let db = applying.connect().await.unwrap();
        assert_eq!(User::query().count(&db).await.unwrap(), 0);
    }
    Db::builder(file).migrations(MIGRATIONS).connect().await.unwrap();
}

#[tokio::test]
async fn a_program_that_is_older_than_its_database_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("app.db").display());
    let connect = || Db::builder(&url).migrations(MIGRATIONS);
    let db = connect().on_boot(Boot::Apply).connect().await.unwrap();
    // What a newer build has applied since.
    db.close().await;
    let mut newer = kickdb::dialect::live::connect(&url).await.unwrap();
    let row =
        "INSERT INTO kick_migrations (id, name, hash, batch) VALUES ('20991231_000000_newer', 'newer', 'sha256:0', 2)";
    newer.execute(row).await.unwrap();
    newer.close().await.unwrap();
    for policy in [Boot::FailIfPending, Boot::Apply] {
        let error = connect().on_boot(policy).connect().await.unwrap_err();
        assert_eq!(error.code(), "program_stale");
        assert!(error.to_string().contains("20991231_000000_newer"), "{error}");
    }
    connect().on_boot(Boot::Ignore).connect().await.unwrap();
}

#[tokio::test]
async fn a_program_whose_structs_are_ahead_of_its_migrations_does_not_start() {
    // This test program derives far more than that one migration makes.
    let connecting = Db::builder("sqlite::memory:")
        .migrations(MIGRATIONS)
        .on_boot(Boot::Apply);
    let error = connecting
        .in_sync(kickdb::registry::schema)
        .connect()
        .await
        .unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("are not what its migrations lead to") && message.contains("cargo kickdb generate"),
        "{message}"
    );
}
