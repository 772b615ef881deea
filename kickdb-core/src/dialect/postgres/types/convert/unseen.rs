//! What a conversion would change of a value without a word.
//!
//! A cast in words cuts and rounds to the length of the new type, and a text form can mean something else to another type:
//! `'31000'` is half a day to an interval.

use super::{Conversion, by_types, is_text};
use crate::dialect::Cast;
use crate::dialect::postgres::extension::bare_type;
use crate::dialect::postgres::types::{ddl, element};
use crate::ir::SqlType;

/// A value and what the way there and back makes of it, where that can be another one.
pub(super) fn round_trip(from: &SqlType, to: &SqlType, conversion: &Conversion) -> Option<[String; 2]> {
    if let Some(once) = keys_once(from, to) {
        return Some(once);
    }
    // What is assigned is checked by the server, but for spaces at the end: those beyond the length are cut.
    let Some(using) = conversion.using.as_ref() else {
        let cuts = conversion.outcome != Cast::Safe && is_text(element(from)) && is_text(element(to));
        return cuts.then(|| limited(to)).flatten();
    };
    // An enum has no other values than its own.
    let keeps_all = conversion.outcome == Cast::Safe || matches!(element(to), SqlType::Enum(_));
    if keeps_all || conversion.function.is_some() {
        return None;
    }
    if is_text(from) {
        return of_text(to);
    }
    if is_text(to) && limit(to).is_none() {
        return None;
    }
    let back = by_types(to, from);
    let back = back.using.unwrap_or_else(|| format!("{{}}::{}", ddl(from)));
    let there = format!("({using})");
    // Not every type can be compared, but its text form can.
    Some(["{}::text".to_owned(), format!("({})::text", back.replace("{}", &there))])
}

/// The same of a value inside of another type: where a column is assigned its values, which the server checks, that is cast.
pub(in crate::dialect::postgres) fn cast_round_trip(from: &SqlType, to: &SqlType) -> Option<[String; 2]> {
    let conversion = super::conversion(from, to);
    if conversion.round_trip.is_some() {
        return conversion.round_trip.filter(|_| conversion.function.is_none());
    }
    let changes = from != to && conversion.using.is_none() && conversion.outcome != Cast::Safe;
    let there_and_back = || format!("{{}}::{}::{}::text", ddl(to), ddl(from));
    changes.then(|| ["{}::text".to_owned(), there_and_back()])
}

/// Where an object has a key twice, `jsonb` keeps the last alone.
fn keys_once(from: &SqlType, to: &SqlType) -> Option<[String; 2]> {
    let said = |ty: &SqlType| is_text(ty) || *ty == SqlType::Json { binary: false };
    let value = match (from, to) {
        (_, SqlType::Array(_)) if is_text(from) || matches!(from, SqlType::Array(_)) => "unnest({}::json[])",
        (SqlType::Array(_), _) | (_, SqlType::Array(_)) => return None,
        _ => "{}::json",
    };
    if !said(element(from)) || *element(to) != (SqlType::Json { binary: true }) {
        return None;
    }
    let inside = |function: &str, kind: &str| {
        format!(
            "SELECT value FROM {function}(CASE json_typeof(kick_part.value) WHEN '{kind}' THEN kick_part.value END)"
        )
    };
    let repeats = format!(
        "WITH RECURSIVE kick_part (value) AS (SELECT {value} UNION ALL SELECT kick_in.value FROM kick_part, LATERAL ({} UNION ALL {}) kick_in) \
         SELECT FROM kick_part WHERE (SELECT count(*) > count(DISTINCT key) FROM \
         json_each(CASE json_typeof(kick_part.value) WHEN 'object' THEN kick_part.value END))",
        inside("json_each", "object"),
        inside("json_array_elements", "array")
    );
    Some(["true".to_owned(), format!("(NOT EXISTS ({repeats}))")])
}

/// A text may say a value in many ways, so that it is compared with what it means to a type that holds more.
fn of_text(to: &SqlType) -> Option<[String; 2]> {
    let target = ddl(to);
    match to {
        SqlType::Float { .. } => Some(number(&target)),
        SqlType::Date | SqlType::Timestamp { zoned: false, .. } => Some(to_the_microsecond(moment(&target))),
        SqlType::Time { .. } => Some(to_the_microsecond(time_of_day(&target))),
        SqlType::Timestamp { .. } | SqlType::Interval => Some(to_the_microsecond(as_it_is(to))),
        SqlType::Array(inner) => list(inner, &target),
        SqlType::Native(text) => match bare_type(text) {
            "tsvector" => Some(["{}::text".to_owned(), "{}::tsvector::text".to_owned()]),
            "timetz" => Some(to_the_microsecond(time_of_day(&target))),
            "money" => Some(money()),
            _ if text.starts_with("interval") => Some(to_the_microsecond(as_it_is(to))),
            _ if is_of_floats(text) => Some(coordinates(&target)),
            _ => limited(to),
        },
        _ => limited(to),
    }
}

/// The same, but for the digits of a second behind the sixth: every type that has seconds rounds these away.
fn to_the_microsecond([before, after]: [String; 2]) -> [String; 2] {
    let finer = r"{}::text ~ '[.]\d{6}0*[1-9]'";
    [before, format!("CASE WHEN {finer} THEN NULL ELSE {after} END")]
}

/// What the type would make of it with no limit, or makes of it where it has none.
fn as_it_is(to: &SqlType) -> [String; 2] {
    let itself = || ["{}", "{}"].map(|sql| format!("{sql}::{}", ddl(to)));
    limited(to).unwrap_or_else(itself)
}

fn is_of_floats(ty: &str) -> bool {
    const GEOMETRIC: &[&str] = &["point", "lseg", "box", "path", "polygon", "circle", "line"];
    GEOMETRIC.contains(&bare_type(ty))
}

/// The numbers in it, whatever their order: that of a box is its own. A line that is given by two points is of other numbers.
fn coordinates(target: &str) -> [String; 2] {
    let given = match bare_type(target.trim_end_matches("[]")) {
        "line" => r" AND {}::text ~ '^\s*{'",
        _ => "",
    };
    let numbers = |value: &str| {
        let found = format!(r"(regexp_matches({value}, '\d*[.]?\d+(?:e[-+]?\d+)?|\d+[.]?', 'gi'))[1]::numeric");
        format!("CASE WHEN {{}}::text !~* '[nx]'{given} THEN ARRAY(SELECT {found} ORDER BY 1) END")
    };
    [numbers("{}::text"), numbers(&format!("{{}}::{target}::text"))]
}

/// What the type would make of it without a limit.
fn limited(to: &SqlType) -> Option<[String; 2]> {
    let unlimited = ddl(&limit(to)?);
    Some([format!("{{}}::{unlimited}"), format!("{{}}::{}::{unlimited}", ddl(to))])
}

/// The digits of a float are the fewest that say it, so that `0.1` is what it was. There is nothing to round in NaN, in what is
/// infinite, which `numeric` has since PostgreSQL 14, and in hexadecimal digits, which it does not read.
fn number(target: &str) -> [String; 2] {
    let in_digits = |value: &str| format!("CASE WHEN {{}}::text !~* '[nx]' THEN {value}::numeric END");
    [in_digits("{}"), in_digits(&format!("{{}}::{target}::text"))]
}

/// A text with no zone is one moment to the session, however it is read; one in UTC may lose its zone, as a `timestamptz` does.
fn moment(target: &str) -> [String; 2] {
    let value = format!("{{}}::{target}");
    [
        "{}::timestamptz".to_owned(),
        format!(
            "CASE {{}}::timestamptz WHEN {value}::timestamp AT TIME ZONE 'UTC' THEN {{}}::timestamptz ELSE {value}::timestamptz END"
        ),
    ]
}

/// A date before or behind the time is passed over by the server, zone or not, so that the text must be a time and no more.
fn time_of_day(target: &str) -> [String; 2] {
    const TIME: &str = r"^\s*t?[0-9:.]+\s*([ap]m\s*)?([-+][0-9:]+|[a-z]+)?\s*$";
    [
        "{}::timetz".to_owned(),
        format!("CASE WHEN {{}}::text ~* '{TIME}' THEN {{}}::{target}::timetz END"),
    ]
}

/// The signs around the digits are those of the locale, and so is how many digits there are behind the point.
fn money() -> [String; 2] {
    let digits = |text: &str| format!("btrim(regexp_replace({text}, '[^0-9]', '', 'g'), '0')");
    [digits("{}::text"), digits("{}::money::text")]
}

/// The elements, as far as all of them can be looked at together; what a time of day or money says is held to its text.
fn list(inner: &SqlType, target: &str) -> Option<[String; 2]> {
    let by = |through: &str| Some([format!("{{}}::{through}[]"), format!("{{}}::{target}::{through}[]")]);
    let array = || SqlType::Array(Box::new(inner.clone()));
    let finely = |found: Option<[String; 2]>| found.map(to_the_microsecond);
    match inner {
        SqlType::Float { .. } => Some(["{}::numeric[]".to_owned(), format!("{{}}::{target}::text[]::numeric[]")]),
        SqlType::Date | SqlType::Timestamp { zoned: false, .. } => finely(by("timestamptz")),
        SqlType::Time { .. } => by("text"),
        SqlType::Timestamp { .. } | SqlType::Interval => finely(Some(as_it_is(&array()))),
        SqlType::Native(text) if text.starts_with("interval") => finely(Some(as_it_is(&array()))),
        SqlType::Native(text) if is_of_floats(text) => Some(coordinates(target)),
        SqlType::Native(text) if matches!(bare_type(text), "timetz" | "money") => by("text"),
        _ => limited(&array()),
    }
}

/// What a type would be without the length or precision to which a cast cuts or rounds values.
fn limit(ty: &SqlType) -> Option<SqlType> {
    Some(match ty {
        SqlType::Array(inner) => SqlType::Array(Box::new(limit(inner)?)),
        SqlType::Varchar(_) | SqlType::Char(_) => SqlType::Text,
        SqlType::Decimal(Some(_)) => SqlType::Decimal(None),
        SqlType::Timestamp {
            precision: Some(_),
            zoned: true,
        } => SqlType::Timestamp {
            precision: None,
            zoned: true,
        },
        SqlType::Native(text) if text.starts_with("interval") => SqlType::Interval,
        SqlType::Native(text) if text.starts_with("bit") || text.starts_with("varbit(") => {
            SqlType::Native("varbit".into())
        }
        _ => return None,
    })
}
