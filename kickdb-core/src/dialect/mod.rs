//! What differs from engine to engine, behind traits. Nothing outside of this module matches on a dialect.
//!
//! Each engine has a folder: its types, its normal form, its DDL, its catalog. [`ALL`] lists them; whatever must know of
//! every engine (URL schemes, values of the command line, loops of tests) iterates it.

mod caps;
mod catalog;
mod characters;
mod emit;
mod fill;
mod function;
mod head;
mod lacking;
#[cfg(feature = "live")]
pub mod live;
pub mod mysql;
mod normalize;
mod objects;
pub mod online;
pub mod postgres;
#[cfg(feature = "live")]
pub(crate) mod session;
pub mod sqlite;
mod syntax;
mod trial;
mod types;
mod version;

use std::fmt;

pub use self::caps::{Caps, EnumStorage, IdentifierLimit, Returning};
pub use self::catalog::{Catalog, CatalogError};
pub use self::emit::{Emit, EmitError};
pub(crate) use self::function::json_path;
pub use self::function::{Function, JoinKind, JsonStep, Lock};
pub use self::normalize::{Normalize, Refusal};
pub use self::objects::{Disturbs, Objects, Uses, Writes};
use self::online::Online;
pub use self::syntax::{JoinedWrites, KeyList, Pattern, PerRow, QuerySyntax, ReadAs, RowSource, Upsert};
use self::syntax::{push_quoted, words};
pub use self::trial::{Doubts, Trial, Trials};
pub use self::types::{Cast, TypeError, Types};
pub use self::version::{Need, Needed, ServerVersion, Versions, too_new, too_new_between};
use crate::ident::{Name, Qualified};
use crate::lex::Lexis;

/// Every engine, in the order they are listed to users.
pub static ALL: &[&dyn Dialect] = &[&self::postgres::Postgres, &self::sqlite::Sqlite, &self::mysql::Mysql];

/// The dialect of that name (`postgres`, `sqlite`, `mysql`).
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn Dialect> {
    ALL.iter().copied().find(|dialect| dialect.id().as_str() == name)
}

/// The dialect that a database URL names by its scheme.
#[must_use]
pub fn by_url(url: &str) -> Option<&'static dyn Dialect> {
    let (scheme, _) = url.split_once(':')?;
    ALL.iter()
        .copied()
        .find(|dialect| dialect.url_schemes().contains(&scheme))
}

/// The name of a dialect, as files and the command line spell it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialectId(&'static str);

impl DialectId {
    /// For the dialects themselves.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for DialectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for DialectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The pure half of an engine: no connection, always compiled, tested without a database.
pub trait Dialect:
    Types + Normalize + Versions + Emit + Objects + Trials + QuerySyntax + Catalog + Send + Sync + 'static
{
    /// Its name in files and on the command line.
    fn id(&self) -> DialectId;
    /// Its name for people.
    fn title(&self) -> &'static str;
    /// The schemes of its URLs; the first is the one that is shown.
    fn url_schemes(&self) -> &'static [&'static str];
    /// The URL of a developer's own database, to be shown and to begin with.
    fn sample_url(&self) -> &'static str;
    /// What it can do.
    fn caps(&self) -> &'static Caps;
    /// Its name in traces, by OpenTelemetry's conventions.
    fn telemetry_name(&self) -> &'static str;
    /// What a string or a comment is in its scripts.
    fn lexis(&self) -> Lexis;
    /// How it changes tables that are in use; `None` where nothing is to be gained: one writer has the whole database.
    fn online(&self) -> Option<&'static dyn Online> {
        None
    }
    /// The name of the sequence that a column gets when it begins to count; `None` where the engine has no sequences.
    fn counter_name(&self, _table: &Qualified, _column: &Name) -> Option<Qualified> {
        None
    }
    /// How a script switches foreign keys off around its transaction; `None` where the engine never needs it.
    fn envelope(&self) -> Option<Envelope> {
        None
    }
}

/// Statements around a script that must run without foreign keys.
///
/// A file says them, so that whoever runs it by other means is safe, too; a runner that reads them with
/// [`read`](crate::plan::read) does the same in its own way, with its bookkeeping inside of the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Before the first statement: foreign keys off, then BEGIN.
    pub open: &'static [&'static str],
    /// After the last: COMMIT, then foreign keys on.
    pub close: &'static [&'static str],
}
