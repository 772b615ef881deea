//! Values that move to a column of another type: every one converts, or the statement fails and says which does not.

use crate::dialect::sqlite::options::STRICT;
use crate::dialect::sqlite::token::{quoted_name, quoted_text};
use crate::dialect::sqlite::types::{Holds, holds};
use crate::ir::{Column, SqlType, Table};

/// The value of a column as the column after it keeps it.
///
/// SQLite would put `'abc'` into an integer column as it is, and CAST would make 0 of it.
pub(super) fn convert(before: &Column, after: &Column, from: &Table, to: &Table) -> String {
    use Holds::{Anything, Bytes, Integer, Loose, Number, Real, Text};
    let name = quoted_name(before.name.as_str());
    let refuse = |what: &str| refusal(before, what, from);
    match (in_table(before, from), in_table(after, to)) {
        (one, other) if one == other => {
            if is_strict(to) && !is_strict(from) {
                strictly(&name, other, &refuse)
            } else {
                name
            }
        }
        // Only in a strict table all values are of the column's own type.
        (Bytes, Text) if is_strict(from) => format!("CAST({name} AS TEXT)"),
        (Bytes, Text) => text_of_number(&name),
        (Integer, Text) if is_strict(from) => name,
        // Bytes are no text in another spelling: they stay what they are.
        (_, Text) => digits_or(&name, &name),
        (Bytes, Loose) if is_strict(from) => name,
        (Integer | Real | Number, Loose) | (Integer | Real, Number) | (_, Anything) => name,
        (Anything, Bytes) if !is_strict(to) => name,
        (Integer, Bytes) if is_strict(from) => format!("CAST({name} AS BLOB)"),
        (Integer | Real | Number | Loose, Bytes) => format!("CAST({} AS BLOB)", text_of_number(&name)),
        (_, Bytes) => format!("CAST({name} AS BLOB)"),
        (_, Loose) => unless_it_looks_like_a_number(&name, &refuse(" is a number but not written as one")),
        (one, other) => {
            let value = match one {
                Bytes if is_strict(from) => format!("CAST({name} AS TEXT)"),
                Anything | Bytes => {
                    format!("CASE WHEN typeof({name}) = 'blob' THEN CAST({name} AS TEXT) ELSE {name} END")
                }
                _ => name,
            };
            let (ty, what) = match other {
                Integer if matches!(one, Real | Number) => ("INTEGER", " is not a whole number"),
                Integer => ("INTEGER", " is not a whole number as it is written"),
                Real => ("REAL", " is not a number that a real holds exactly"),
                _ => ("NUMERIC", " is not a number that a numeric holds exactly"),
            };
            let form = match one {
                Text | Loose | Anything | Bytes => Some(written(&value, other)),
                Integer | Real | Number => None,
            };
            guarded(&value, ty, form.as_deref(), &refuse(what))
        }
    }
}

/// The value of a column that becomes the row's own number. SQLite would make up a number for NULL, and say nothing.
/// `source` is what the table is called at that moment, in quotes.
pub(super) fn numbered(value: &str, before: &Column, from: &Table, source: &str) -> String {
    let name = quoted_name(before.name.as_str());
    let count = format!("(SELECT count(*) FROM {source} WHERE {name} IS NULL)");
    let start = quoted_text(&format!(
        "cannot make {}.{} the number of its rows: ",
        from.name, before.name
    ));
    let end = quoted_text(" of them hold NULL, and each would get another number; give them values first");
    format!(
        "coalesce({value}, {})",
        failure(&format!("{start} || {count} || {end}"))
    )
}

fn is_strict(table: &Table) -> bool {
    table.options.contains_key(STRICT)
}

/// `any` is a type of its own in strict tables only (<https://www.sqlite.org/stricttables.html>).
fn in_table(column: &Column, table: &Table) -> Holds {
    match &column.ty {
        SqlType::Native(text) if is_strict(table) && &**text == "any" => Holds::Anything,
        ty => holds(ty),
    }
}

/// A column that stays what it is in a table that becomes strict.
fn strictly(name: &str, holds: Holds, refuse: &dyn Fn(&str) -> String) -> String {
    let (classes, what) = match holds {
        Holds::Integer => ("'null', 'integer'", " is not a whole number"),
        Holds::Real => ("'null', 'real', 'integer'", " is not a number"),
        Holds::Text => ("'null', 'text'", " is not a text"),
        Holds::Bytes => ("'null', 'blob'", " is not a blob"),
        Holds::Number | Holds::Loose | Holds::Anything => return name.to_owned(),
    };
    let refusal = refuse(what);
    format!("CASE WHEN typeof({name}) IN ({classes}) THEN {name} ELSE {refusal} END")
}

/// A text or number as another number. The comparison converts the whole text or nothing (section 4.2 of
/// <https://www.sqlite.org/datatype3.html>), while CAST takes as much of it as looks like a number.
fn guarded(value: &str, ty: &str, form: Option<&str>, refusal: &str) -> String {
    let form = form.map(|form| format!(" AND ({form})")).unwrap_or_default();
    format!(
        "CASE WHEN {value} IS NULL OR {value} = CAST({value} AS {ty}){form} THEN CAST({value} AS {ty}) ELSE {refusal} END"
    )
}

/// Whether a text says no more than the number that it is: the zeros before `00742`, a post code, would be lost, and the plus
/// before `+4930`. The zeros behind `1.50` say nothing. The comparison with the number would round the text as well, so the digits are compared.
fn written(value: &str, other: Holds) -> String {
    let plain = format!("typeof({value}) <> 'text' OR ");
    let number = match other {
        Holds::Integer => return plain + &format!("{value} = CAST(CAST({value} AS INTEGER) AS TEXT)"),
        Holds::Real => as_long_as(value, &format!("CAST({value} AS REAL)")),
        // A whole number is kept as an integer, which has up to 19 digits.
        _ => {
            let number = format!("CAST({value} AS NUMERIC)");
            let real = as_long_as(value, &number);
            format!("CASE typeof({number}) WHEN 'integer' THEN {number} ELSE {real} END")
        }
    };
    let (said, held) = (digits(value), digits(&number));
    plain + &format!("{value} = trim({value}) AND ltrim({value}, '-') NOT GLOB '[+0][0-9]*' AND {said} = {held}")
}

/// The digits of a number, or of a text that is one, without zeros on either side, its point and its exponent.
fn digits(value: &str) -> String {
    format!("trim(replace(substr({value}, 1, instr(lower({value}) || 'e', 'e') - 1), '.', ''), '+-0')")
}

/// A real with as many digits as the text has, up to the 17 by which one is told from all others.
fn as_long_as(text: &str, real: &str) -> String {
    format!("printf('%!.*e', max(min(length({}), 17), 1) - 1, {real})", digits(text))
}

/// A text in a column that keeps texts but makes a number of what looks like one: `'007'` would become 7.
fn unless_it_looks_like_a_number(name: &str, refusal: &str) -> String {
    format!(
        "CASE WHEN typeof({name}) <> 'text' OR {name} <> CAST({name} AS NUMERIC) \
         OR {name} = CAST(CAST({name} AS NUMERIC) AS TEXT) THEN {name} ELSE {refusal} END"
    )
}

/// An expression that fails and names the row.
fn refusal(column: &Column, what: &str, table: &Table) -> String {
    let name = quoted_name(column.name.as_str());
    let start = quoted_text(&format!("cannot convert {}.{}: ", table.name, column.name));
    let mut text = format!("{start} || substr(quote({name}), 1, 60) || {}", quoted_text(what));
    for (at, key) in table.primary_key.iter().flat_map(|key| &key.columns).enumerate() {
        let lead = if at == 0 { ", in the row with " } else { ", " };
        text.push_str(&format!(
            " || {} || quote({})",
            quoted_text(&format!("{lead}{key} ")),
            quoted_name(key.as_str())
        ));
    }
    failure(&text)
}

/// A SELECT has no RAISE; a JSON path that is none is an error with its text.
fn failure(text: &str) -> String {
    format!("json_extract('{{}}', {text})")
}

/// A number as text that gives the same number back; CAST alone writes 15 digits.
fn text_of_number(name: &str) -> String {
    digits_or(name, &format!("CAST({name} AS TEXT)"))
}

/// The digits of a real of which a cast would keep too few; else another expression.
fn digits_or(name: &str, other: &str) -> String {
    format!(
        "CASE WHEN typeof({name}) = 'real' AND CAST(CAST({name} AS TEXT) AS REAL) <> {name} \
         THEN printf('%!.17g', {name}) ELSE {other} END"
    )
}
