//! Checks that stop a migration and name the first rows that are in its way.

use super::syntax::{ident, literal};
use crate::ident::Name;

/// How many rows are named.
const SHOWN: u32 = 5;

/// Columns with their values, as a text: `id = 7, part = 2`. What is before the names says of which table they are.
pub(super) fn told(columns: &[Name], of: &str) -> String {
    let told = columns
        .iter()
        .map(|column| format!("{} || {of}{}::text", literal(&format!("{column} = ")), ident(column)));
    told.collect::<Vec<_>>().join(" || ', ' || ")
}

/// A query for the first rows as one text, which is NULL where there are none.
pub(super) fn first(row: &str, rows: &str) -> String {
    format!("SELECT string_agg(kick_row, ', ') FROM (SELECT {row} AS kick_row FROM {rows} LIMIT {SHOWN}) kick_first")
}

/// What a block fails with where its text `found` has rows.
pub(super) fn fail(message: &str, hint: Option<&str>) -> String {
    let hint = hint
        .map(|hint| format!(", HINT = {}", literal(hint)))
        .unwrap_or_default();
    format!(
        "  IF found IS NOT NULL THEN\n    RAISE EXCEPTION USING MESSAGE = {}, DETAIL = found{hint};\n  END IF;\n",
        literal(message)
    )
}
