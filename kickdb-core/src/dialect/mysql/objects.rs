//! Objects that are defined by their SQL.

use super::Mysql;
use crate::dialect::{Dialect, Objects};
use crate::lex::Said;

impl Objects for Mysql {
    fn said(&self, sql: &str) -> Said {
        Said::of(sql, self.lexis(), "")
    }
}
