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
