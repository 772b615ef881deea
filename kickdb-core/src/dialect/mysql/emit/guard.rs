//! A change of type that the server would carry out by rounding is preceded by a check that fails instead.

use crate::dialect::mysql::MAX_IDENTIFIER;
use crate::dialect::mysql::syntax::{ident, ident_str};
use crate::dialect::mysql::types::condition;
use crate::ir::{Column, Table};

/// What the reader of the script sees above the guard.
pub(super) const NOTE: &str =
    "fails where a value would not stay what it is; the next statement takes the check away again";

/// The check: its quoted name, and what must hold. `None` where nothing is lost without an error.
pub(super) fn of(from: &Column, to: &Column, table: &Table) -> Option<(String, String)> {
    let condition = condition(&from.ty, &to.ty, &ident(&to.name))?;
    Some((name(to, table), condition))
}

fn name(column: &Column, table: &Table) -> String {
    let long = format!("{}_is_kept", column.name);
    let mut name: String = long.chars().take(MAX_IDENTIFIER).collect();
    while table.checks.keys().any(|check| *check == name.as_str()) {
        name.pop();
    }
    ident_str(&name)
}
