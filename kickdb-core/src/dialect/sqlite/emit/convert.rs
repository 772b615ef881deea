//! Values that move to a column of another type: every one converts, or the statement fails and says which does not.

use crate::dialect::sqlite::token::{quoted_name, quoted_text};
use crate::dialect::sqlite::types::{Affinity, affinity};
use crate::ir::{Column, Table};

/// The value of a column as the column after it keeps it.
///
/// SQLite would put `'abc'` into an integer column as it is, and CAST would make 0 of it.
pub(super) fn convert(before: &Column, after: &Column, table: &Table) -> String {
    use Affinity::{Blob, Integer, Numeric, Real, Text};
    let name = quoted_name(before.name.as_str());
    match (affinity(&before.ty), affinity(&after.ty)) {
        (from, to) if from == to => name,
        (Blob, Text) => format!("CAST({name} AS TEXT)"),
        (Integer, Text) => name,
        (Real | Numeric, Text) => text_of_number(&name),
        (Real | Numeric, Blob) => format!("CAST({} AS BLOB)", text_of_number(&name)),
        (_, Blob) => format!("CAST({name} AS BLOB)"),
        (Integer | Real, Numeric) => name,
        (from, to) => {
            let value = if from == Blob {
                format!("CAST({name} AS TEXT)")
            } else {
                name.clone()
            };
            let (ty, what) = match to {
                Integer => ("INTEGER", "a whole number"),
                Real => ("REAL", "a number that a real holds exactly"),
                _ => ("NUMERIC", "a number"),
            };
            guarded(&value, ty, &refusal(before, what, table))
        }
    }
}

/// A text or number as another number. The comparison converts the whole text or nothing (section 4.2 of
/// <https://www.sqlite.org/datatype3.html>), while CAST takes as much of it as looks like a number.
fn guarded(value: &str, ty: &str, refusal: &str) -> String {
    format!(
        "CASE WHEN {value} IS NULL OR {value} = CAST({value} AS {ty}) THEN CAST({value} AS {ty}) ELSE {refusal} END"
    )
}

/// An expression that fails and names the row. A SELECT has no RAISE; a JSON path that is none is an error with its text.
fn refusal(column: &Column, what: &str, table: &Table) -> String {
    let name = quoted_name(column.name.as_str());
    let start = quoted_text(&format!("cannot convert {}.{}: ", table.name, column.name));
    let mut text = format!(
        "{start} || substr(quote({name}), 1, 60) || {}",
        quoted_text(&format!(" is not {what}"))
    );
    for (at, key) in table.primary_key.iter().flat_map(|key| &key.columns).enumerate() {
        let lead = if at == 0 { ", in the row with " } else { ", " };
        text.push_str(&format!(
            " || {} || quote({})",
            quoted_text(&format!("{lead}{key} ")),
            quoted_name(key.as_str())
        ));
    }
    format!("json_extract('{{}}', {text})")
}

/// A number as text that gives the same number back; CAST alone writes 15 digits.
fn text_of_number(name: &str) -> String {
    format!(
        "CASE WHEN typeof({name}) = 'real' AND CAST(CAST({name} AS TEXT) AS REAL) <> {name} \
         THEN printf('%!.17g', {name}) ELSE CAST({name} AS TEXT) END"
    )
}
