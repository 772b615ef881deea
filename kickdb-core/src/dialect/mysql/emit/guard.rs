//! A change of type that the server would carry out by rounding is preceded by a check that fails instead.

use crate::dialect::mysql::MAX_IDENTIFIER;
use crate::dialect::mysql::syntax::{ident, ident_str};
use crate::dialect::mysql::types::loses_silently;
use crate::ir::{Column, SqlType, Table};

/// What the reader of the script sees above the guard.
pub(super) const NOTE: &str = "fails where a value would be rounded; the next statement takes the check away again";

/// The check: its quoted name, and what must hold. `None` where nothing is lost without an error.
pub(super) fn of(from: &Column, to: &Column, table: &Table) -> Option<(String, String)> {
    loses_silently(&from.ty, &to.ty).then(|| (name(to, table), condition(from, to)))
}

fn name(column: &Column, table: &Table) -> String {
    let long = format!("{}_is_kept", column.name);
    let mut name: String = long.chars().take(MAX_IDENTIFIER).collect();
    while table.checks.keys().any(|check| *check == name.as_str()) {
        name.pop();
    }
    ident_str(&name)
}

fn condition(from: &Column, to: &Column) -> String {
    use SqlType as T;
    let column = ident(&to.name);
    match (&from.ty, &to.ty) {
        (T::Timestamp { .. }, T::Date) => format!("{column} = cast({column} as date)"),
        (_, T::Timestamp { precision, .. } | T::Time { precision }) => {
            let unit = 10_u32.pow(6 - u32::from(precision.unwrap_or(6).min(6)));
            format!("microsecond({column}) MOD {unit} = 0")
        }
        (_, T::Decimal(Some((_, scale)))) => format!("{column} = round({column}, {scale})"),
        (T::Int { .. }, T::Float { .. }) => format!("{column} = cast(cast({column} as double) as decimal(20, 0))"),
        (T::Decimal(Some((precision, scale))), T::Float { .. }) => {
            format!("{column} = cast(cast({column} as double) as decimal({precision}, {scale}))")
        }
        (_, T::Float { .. }) => format!("{column} = cast({column} as float)"),
        _ => format!("{column} = round({column}, 0)"),
    }
}
