//! The parts of kickdb.
//!
//! Structs are lowered to declarations, declarations resolve to one schema, schemas are normalized, diffed and planned,
//! plans are linted and written, runners apply them; queries use the same names. Everything up to "written" is pure and
//! needs no feature; `lower` adds the reading of Rust source, `live` with an engine adds everything that needs a connection.

#[cfg(feature = "live")]
pub mod client;
pub mod decl;
pub mod dialect;
pub mod diff;
#[cfg(feature = "live")]
pub mod drift;
pub mod error;
pub mod ident;
pub mod ir;
pub mod journal;
pub mod lex;
pub mod lint;
#[cfg(feature = "lower")]
pub mod lower;
pub mod merge;
pub mod plan;
#[cfg(feature = "live")]
pub mod proof;
pub mod query;
pub mod raise;
pub mod registry;
#[cfg(feature = "live")]
pub mod runner;
pub mod snapshot;
pub mod value;

pub use self::error::{Error, Result};
pub use inventory;
#[cfg(feature = "live")]
pub use sqlx;
