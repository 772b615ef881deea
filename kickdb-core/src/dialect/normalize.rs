//! The one normal form of each engine.

use std::fmt;

use crate::ident::{Name, Qualified};
use crate::ir::Schema;

/// The one normal form.
pub trait Normalize {
    /// Brings a schema into this engine's normal form: what the engine would say about the schema if it were asked back.
    ///
    /// Idempotent. This is the only place where "the same thing said differently" is settled.
    ///
    /// # Errors
    ///
    /// Everything in the schema that the engine cannot have, each with its table and column.
    fn normalize(&self, schema: &mut Schema) -> Result<(), Vec<Refusal>>;
}

/// Something declared that an engine cannot have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The table, or the enum.
    pub object: Option<Qualified>,
    /// The column, index or constraint in it.
    pub part: Option<Name>,
    /// What is refused.
    pub message: String,
    /// What to do instead.
    pub help: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.object, &self.part) {
            (Some(object), Some(part)) => write!(f, "`{object}.{part}`: ")?,
            (Some(object), None) => write!(f, "`{object}`: ")?,
            _ => {}
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}
