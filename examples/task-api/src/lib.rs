//! A task board over HTTP: users, workspaces, projects, tasks, comments and labels, on SQLite, PostgreSQL or MariaDB.

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
    let migrations = match url.split(':').next() {
        Some("postgres" | "postgresql") => kickdb::embed_migrations!("migrations/postgres"),
        Some("mysql" | "mariadb") => kickdb::embed_migrations!("migrations/mysql"),
        _ => kickdb::embed_migrations!("migrations/sqlite"),
    };
    Db::builder(url)
        .max_connections(10)
        .migrations(migrations)
        .on_boot(Boot::Apply)
        .in_sync(kickdb::registry::schema)
        .connect()
        .await
}

/// [`database`], with a replica that takes what only reads; it may be down.
///
/// # Errors
///
/// What [`database`] gives, and where the replica's URL is of another engine.
pub async fn database_with_replica(url: &str, replica: Option<&str>) -> kickdb::Result<Db> {
    let primary = database(url).await?;
    match replica {
        None => Ok(primary),
        Some(replica) => Db::routed(primary, [Db::builder(replica).max_connections(10).connect_lazy()?]),
    }
}

/// The service.
pub fn app(db: Db) -> Router {
    routes::router(db)
}
