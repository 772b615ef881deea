//! The migrations folder: `_journal.json`, the four files of each migration, their hashes, and whether all of it holds
//! together.
//!
//! What is read is plain data ([`Folder`]), whether it comes from disk or was embedded in the program; what is to be written
//! is plain data ([`NewMigration`]) until [`write()`] puts it on disk.

mod adopt;
mod canonical;
mod disk;
mod embedded;
mod entry;
mod folder;
mod generate;
mod hash;
mod hazards;
mod id;
mod json;
mod meta;
mod rebase;
mod salvage;
mod squash;
mod verify;

pub use self::adopt::{Foreign, adopt};
pub use self::disk::{
    read, read_after_merge, read_newest, replace_file, write, write_journal, write_meta, write_rebased, write_squashed,
};
pub use self::embedded::{Embedded, EmbeddedMigration};
pub use self::entry::{Entry, Journal, Replaced};
pub use self::folder::{Files, Folder, Migration};
pub use self::generate::{NewMigration, Outcome, Request, fingerprint, generate};
pub use self::hash::{hash, meaning};
pub use self::id::{next_id, slug};
pub use self::meta::{Meta, Proof, Renamed};
pub use self::rebase::{Moved, Rebase, Rebased, order, rebase};
pub use self::squash::{Squashed, squash};
pub use self::verify::{Finding, Severity, verify};

/// The journal's file in a migrations folder.
pub const JOURNAL_FILE: &str = "_journal.json";
/// The forward SQL of a migration.
pub const UP_FILE: &str = "up.sql";
/// The reverse SQL of a migration.
pub const DOWN_FILE: &str = "down.sql";
/// The schema after a migration.
pub const SNAPSHOT_FILE: &str = "snapshot.json";
/// The review state and provenance of a migration.
pub const META_FILE: &str = "meta.json";
