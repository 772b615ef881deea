//! Schema from structs, migrations that can be undone, and typed queries for PostgreSQL, SQLite and MySQL/MariaDB.

pub mod prelude;

pub use kickdb_core::client::{self, Db, Transaction};
pub use kickdb_core::{Error, Result, decl, dialect, query, registry};
pub use kickdb_macros::{DbEnum, DbType, Table};

/// What the derives name. Not for anybody else: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use kickdb_core::query::*;
    pub use kickdb_core::registry::{Field, Fields, Registered, field, has, is_kind, same_kind};
    pub use kickdb_core::{Result, inventory};
}
