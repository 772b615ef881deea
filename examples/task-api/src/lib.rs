//! A task board over HTTP: users, workspaces, projects, tasks, comments and labels, on SQLite or PostgreSQL.

pub mod error;
pub mod extract;
pub mod models;
pub mod routes;
pub mod seed;

use axum::Router;
use kickdb::prelude::*;

/// Opens the database and brings its schema up to date; many processes may do so at once.
///
/// # Errors
///
/// When the database cannot be reached, or a migration cannot be applied.
pub async fn database(url: &str) -> kickdb::Result<Db> {
    let migrations = if url.starts_with("postgres") {
        kickdb::embed_migrations!("migrations/postgres")
    } else {
        kickdb::embed_migrations!("migrations/sqlite")
    };
    Db::builder(url)
        .max_connections(10)
        .migrations(migrations)
        .on_boot(Boot::Apply)
        .in_sync(kickdb::registry::schema)
        .connect()
        .await
}

/// The service.
pub fn app(db: Db) -> Router {
    routes::router(db)
}
