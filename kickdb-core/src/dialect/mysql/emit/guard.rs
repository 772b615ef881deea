//! A change that the server would carry out by rounding, or by the present time for NULL, is preceded by a check that fails
//! instead.

use crate::dialect::mysql::MAX_IDENTIFIER;
use crate::dialect::mysql::syntax::{ident, ident_str};
use crate::dialect::mysql::types::{Class, class, condition};
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, Table};

/// What the reader of the script sees above the guard.
pub(super) const NOTE: &str =
    "fails where a value would not stay what it is; the next statement takes the check away again";

/// The check: its quoted name, and what must hold. `None` where nothing is lost without an error.
pub(super) fn of(from: &Column, to: &Column, table: &Table) -> Option<(String, String)> {
    // Of a column that counts no check may say anything.
    if counts(from) || counts(to) {
        return None;
    }
    let column = ident(&to.name);
    let kept = kept(from, to, &to.name);
    // Even with `explicit_defaults_for_timestamp`, `MODIFY` puts the present time where a `timestamp` was NULL (10.11).
    let moment = matches!(class(&to.ty), Class::Moment { zoned: true, .. });
    let filled = (from.nullable && !to.nullable && moment).then(|| format!("{column} is not null"));
    let conditions: Vec<String> = match (kept, filled) {
        (Some(kept), Some(filled)) => vec![format!("({kept})"), filled],
        (kept, filled) => kept.into_iter().chain(filled).collect(),
    };
    (!conditions.is_empty()).then(|| (name(to, table), conditions.join(" and ")))
}

/// What holds for a value, in a column of that name, that stays what it is; `None` where each does, or where the server refuses
/// the others.
pub(super) fn kept(from: &Column, to: &Column, name: &Name) -> Option<String> {
    let computed = matches!(to.value, ColumnValue::Generated { .. });
    condition(&from.ty, &to.ty, &ident(name)).filter(|_| !computed)
}

fn counts(column: &Column) -> bool {
    matches!(column.value, ColumnValue::Identity(..))
}

fn name(column: &Column, table: &Table) -> String {
    let long = format!("{}_is_kept", column.name);
    let mut name: String = long.chars().take(MAX_IDENTIFIER).collect();
    while table.checks.keys().any(|check| *check == name.as_str()) {
        name.pop();
    }
    ident_str(&name)
}
