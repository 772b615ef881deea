//! Schema from structs, migrations that can be undone, and typed queries for PostgreSQL, SQLite and MySQL/MariaDB.

pub mod prelude;

/// For tests: which statements some work sends, and whether a query runs in a loop over rows.
pub mod testing {
    pub use kickdb_core::client::{Sent, refuse_loops, watch};
}

/// For axum: the database of a request, a transaction for each request, and what an error is over HTTP.
#[cfg(feature = "axum")]
pub use kickdb_core::client::web as axum;

pub use kickdb_core::alias;
pub use kickdb_core::client::{self, Db, Transaction};
pub use kickdb_core::{Error, Result, decl, dialect, journal, query, registry, runner, sqlx};
pub use kickdb_macros::{DbEnum, DbType, Derived, Row, Table, db_object, embed_migrations};

/// What the derives name. Not for anybody else: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use kickdb_core::journal::{Embedded, EmbeddedMigration};
    pub use kickdb_core::query::*;
    pub use kickdb_core::registry::{Field, Fields, Registered, column_of, has, is_kind, same_kind};
    pub use kickdb_core::{Result, inventory};
}

/// Fails where the tables of this program are not what its last migration left behind.
///
/// For a test of one line, in the crate that declares the tables. It reads the folder `migrations` beside that crate's
/// `Cargo.toml`, or the one that is named, relative to it; where a project has several targets, each target's folder in it.
///
/// ```no_run
/// // #[test]
/// fn schema_is_in_sync() {
///     kickdb::assert_in_sync!();
/// }
/// ```
///
/// # Panics
///
/// With every difference, and the command that writes the migration.
#[macro_export]
macro_rules! assert_in_sync {
    () => {
        $crate::assert_in_sync!("migrations")
    };
    ($folder:expr $(,)?) => {
        if let ::core::result::Result::Err(message) = $crate::registry::check_in_sync(
            ::std::path::Path::new(::core::env!("CARGO_MANIFEST_DIR")),
            ::std::path::Path::new($folder),
        ) {
            ::core::panic!("{}", message);
        }
    };
}

/// The examples of `docs/queries.md`, so that they compile.
#[cfg(doctest)]
#[doc = include_str!("../docs/queries.md")]
pub struct Queries;
