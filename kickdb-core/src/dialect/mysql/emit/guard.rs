//! A change that the server would carry out by rounding, or by the present time for NULL, is preceded by a check that fails
//! instead.

use crate::dialect::mysql::MAX_IDENTIFIER;
use crate::dialect::mysql::syntax::{ident, ident_str};
use crate::dialect::mysql::types::{Class, class, condition};
use crate::ir::{Column, ColumnValue, Table};

/// What the reader of the script sees above the guard.
pub(super) const NOTE: &str =
    "fails where a value would not stay what it is; the next statement takes the check away again";

/// The check: its quoted name, and what must hold. `None` where nothing is lost without an error.
pub(super) fn of(from: &Column, to: &Column, table: &Table) -> Option<(String, String)> {
    // Of a column that counts no check may say anything.
    if [from, to]
        .iter()
        .any(|column| matches!(column.value, ColumnValue::Identity(..)))
    {
        return None;
    }
    let column = ident(&to.name);
    let kept = condition(&from.ty, &to.ty, &column);
    // Even with `explicit_defaults_for_timestamp`, `MODIFY` puts the present time where a `timestamp` was NULL (10.11).
    let moment = matches!(class(&to.ty), Class::Moment { zoned: true, .. });
    let filled = (from.nullable && !to.nullable && moment).then(|| format!("{column} is not null"));
    let conditions: Vec<String> = match (kept, filled) {
        (Some(kept), Some(filled)) => vec![format!("({kept})"), filled],
        (kept, filled) => kept.into_iter().chain(filled).collect(),
    };
    (!conditions.is_empty()).then(|| (name(to, table), conditions.join(" and ")))
}

fn name(column: &Column, table: &Table) -> String {
    let long = format!("{}_is_kept", column.name);
    let mut name: String = long.chars().take(MAX_IDENTIFIER).collect();
    while table.checks.keys().any(|check| *check == name.as_str()) {
        name.pop();
    }
    ident_str(&name)
}
