//! Objects that are defined by their SQL.

use super::Postgres;
use crate::dialect::{Dialect, Objects};
use crate::lex::Said;

/// The schema whose objects need no prefix.
const DEFAULT_SCHEMA: &str = "public";

impl Objects for Postgres {
    fn said(&self, sql: &str) -> Said {
        Said::of(sql, self.lexis(), DEFAULT_SCHEMA)
    }
}
