//! The one public error of this crate.

mod details;

pub use self::details::{Drift, EnumDrop, HashMismatch, LockHeld, MigrationFailed, Violation};

/// The cause of an error, as the layer below gave it.
pub type Source = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, to what, and what to do next.
///
/// Match on a variant for its fields, or on [`code`](Error::code) for a name that never changes. No message holds a
/// password: URLs are shown redacted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another runner holds the migration lock.
    #[error("{0}")]
    LockHeld(Box<LockHeld>),
    /// The live schema is not the last applied snapshot.
    #[error("{0}")]
    Drift(Box<Drift>),
    /// A migration's files are not those that were recorded.
    #[error("{0}")]
    HashMismatch(Box<HashMismatch>),
    /// A migration has not been reviewed.
    #[error("migration `{id}` has not been reviewed; read its SQL and mark it with `cargo kickdb migrate review {id}`")]
    Unreviewed {
        /// The migration's id.
        id: String,
    },
    /// A migration removes values from an enum.
    #[error("{0}")]
    EnumDrop(Box<EnumDrop>),
    /// A statement of a migration failed.
    #[error("{0}")]
    MigrationFailed(Box<MigrationFailed>),
    /// A migration is applied but not in the folder.
    #[error(
        "migration `{id}` is applied in the database but is not in `{folder}`; restore its folder from version control, or check that this is the right database"
    )]
    Missing {
        /// The migration's id.
        id: String,
        /// The folder that was read.
        folder: String,
    },
    /// A program starts on a database that is newer than itself.
    #[error(
        "this program is older than its database: migration `{id}` is applied there and is not among the program's own; start the build that has it, or say `on_boot(Boot::Ignore)` where this one can live with the newer schema"
    )]
    StaleProgram {
        /// The first migration that it does not know.
        id: String,
    },
    /// A pending migration is older than the newest applied one.
    #[error(
        "migration `{id}` is pending but older than `{newest}`, which is applied; `cargo kickdb migrate rebase --move {id}` puts it behind"
    )]
    OutOfOrder {
        /// The pending migration's id.
        id: String,
        /// The newest applied one's id.
        newest: String,
    },
    /// Two migrations were generated from the same one.
    #[error(
        "migrations `{first}` and `{second}` both follow `{previous}`: two branches met; `cargo kickdb migrate rebase` puts the younger one behind the older one"
    )]
    Diverged {
        /// The first of the two, by id.
        first: String,
        /// The second of the two.
        second: String,
        /// Their common `previousId`.
        previous: String,
    },
    /// A destructive or blocking step was not allowed.
    #[error("migration `{id}` was refused: {message}")]
    HazardRefused {
        /// The migration's id.
        id: String,
        /// What it would do, and how to allow it.
        message: String,
    },
    /// A file of the migrations folder cannot be used.
    #[error("`{path}`: {message}")]
    Folder {
        /// The file or folder.
        path: String,
        /// What is wrong with it, and what to do.
        message: String,
        /// The cause.
        #[source]
        source: Option<Source>,
    },
    /// A migration that was asked for does not exist.
    #[error("there is no migration `{id}`; {hint}")]
    UnknownMigration {
        /// What was asked for.
        id: String,
        /// The nearest ids, or where they are listed.
        hint: String,
    },
    /// A row breaks a unique constraint or index.
    #[error("{0}")]
    UniqueViolation(Box<Violation>),
    /// A row points to nothing, or is still pointed to.
    #[error("{0}")]
    ForeignKeyViolation(Box<Violation>),
    /// A NULL where none may be.
    #[error("{0}")]
    NotNullViolation(Box<Violation>),
    /// A row breaks a check.
    #[error("{0}")]
    CheckViolation(Box<Violation>),
    /// A row conflicts with another one under an exclusion constraint.
    #[error("{0}")]
    ExclusionViolation(Box<Violation>),
    /// A concurrent transaction was in the way; the same transaction may succeed when it is run again.
    #[error("a concurrent transaction changed the same rows; run the transaction again")]
    SerializationFailure {
        /// The driver's error.
        #[source]
        source: Option<Source>,
    },
    /// Two transactions waited for each other, and this one was chosen to give way.
    #[error("two transactions waited for each other and this one was rolled back; run it again")]
    Deadlock {
        /// The driver's error.
        #[source]
        source: Option<Source>,
    },
    /// The database cannot be reached, or the connection broke.
    #[error("cannot reach the database {target}: {message}")]
    Connection {
        /// The URL, redacted.
        target: String,
        /// What failed, and what to look at.
        message: String,
        /// The driver's error.
        #[source]
        source: Option<Source>,
    },
    /// No connection became free in time.
    #[error(
        "no connection became free within {waited:?}: all {size} are in use; raise `max_connections`, or look for a transaction that stays open"
    )]
    PoolTimeout {
        /// How long was waited.
        waited: std::time::Duration,
        /// How many connections the pool has.
        size: u32,
    },
    /// The database refused a statement.
    #[error("the database refused a statement: {message}")]
    Query {
        /// The server's message.
        message: String,
        /// The statement, without values.
        sql: String,
        /// The driver's error.
        #[source]
        source: Option<Source>,
    },
    /// A value cannot be read as the type that was asked for.
    #[error("cannot read column `{column}` as `{wanted}`: {message}")]
    Decode {
        /// The column's name, or its position.
        column: String,
        /// The Rust type.
        wanted: &'static str,
        /// Why not.
        message: String,
    },
    /// A row that must exist does not.
    #[error("no row of `{table}` for {key}")]
    NotFound {
        /// The table.
        table: String,
        /// The key or condition that was looked for, without values that may be secret.
        key: String,
    },
    /// There is no such tenant.
    #[error("there is no tenant `{name}`: {why}")]
    UnknownTenant {
        /// The name that was asked for.
        name: String,
        /// What is wrong with it, or what is not there.
        why: String,
    },
    /// A row was changed or removed by somebody else since it was read.
    #[error(
        "a row of `{table}` was changed or removed since it was read (by its {key}); read it again, and decide anew"
    )]
    Stale {
        /// The table.
        table: String,
        /// The columns that were compared, without their values, which may be secret.
        key: String,
    },
    /// The engine in use cannot do this.
    #[error("{feature} is not available on {dialect}: {hint}")]
    Unsupported {
        /// What was asked for.
        feature: String,
        /// The engine.
        dialect: &'static str,
        /// What to do instead.
        hint: String,
    },
    /// Something given by the caller cannot be used.
    #[error("{message}")]
    Validation {
        /// What is wrong, and what is accepted.
        message: String,
    },
    /// The work was stopped before its end.
    #[error("{what} was cancelled; {state}")]
    Cancelled {
        /// What was running.
        what: String,
        /// What state is left.
        state: String,
    },
}

impl Error {
    /// A name for this kind of error that never changes: for logs, alerts and programs.
    ///
    /// ```
    /// let error = kickdb_core::Error::Unreviewed { id: "20260427_153012_add_users".into() };
    /// assert_eq!(error.code(), "migration_unreviewed");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::LockHeld(_) => "migration_lock_held",
            Self::Drift(_) => "migration_drift",
            Self::HashMismatch(_) => "migration_hash_mismatch",
            Self::Unreviewed { .. } => "migration_unreviewed",
            Self::EnumDrop(_) => "migration_enum_drop",
            Self::MigrationFailed(_) => "migration_failed",
            Self::Missing { .. } => "migration_missing",
            Self::StaleProgram { .. } => "program_stale",
            Self::OutOfOrder { .. } => "migration_out_of_order",
            Self::Diverged { .. } => "migration_diverged",
            Self::HazardRefused { .. } => "hazard_refused",
            Self::Folder { .. } => "migrations_folder",
            Self::UnknownMigration { .. } => "migration_unknown",
            Self::UniqueViolation(_) => "unique_violation",
            Self::ForeignKeyViolation(_) => "foreign_key_violation",
            Self::NotNullViolation(_) => "not_null_violation",
            Self::CheckViolation(_) => "check_violation",
            Self::ExclusionViolation(_) => "exclusion_violation",
            Self::SerializationFailure { .. } => "serialization_failure",
            Self::Deadlock { .. } => "deadlock",
            Self::Connection { .. } => "connection",
            Self::PoolTimeout { .. } => "pool_timeout",
            Self::Query { .. } => "query",
            Self::Decode { .. } => "decode",
            Self::NotFound { .. } => "not_found",
            Self::UnknownTenant { .. } => "tenant_unknown",
            Self::Stale { .. } => "stale",
            Self::Unsupported { .. } => "unsupported_by_dialect",
            Self::Validation { .. } => "validation",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// Whether the same transaction may succeed when it is simply run again.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::SerializationFailure { .. } | Self::Deadlock { .. })
    }

    /// An error about something that the caller gave.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::Validation {
            message: message.into(),
        }
    }

    /// An error about a file or folder of the migrations, without a deeper cause.
    pub fn folder(path: impl AsRef<std::path::Path>, message: impl Into<String>) -> Self {
        Self::Folder {
            path: path.as_ref().display().to_string(),
            message: message.into(),
            source: None,
        }
    }
}
