//! What a conversion would change of a value without a word.
//!
//! A cast in words cuts and rounds to the length of the new type, and a text form can mean something else to another type:
//! `'31000'` is half a day to an interval.

use super::{Conversion, by_types, is_text};
use crate::dialect::Cast;
use crate::dialect::postgres::types::{ddl, element};
use crate::ir::SqlType;

/// A value and what the way there and back makes of it, where that can be another one.
pub(super) fn round_trip(from: &SqlType, to: &SqlType, conversion: &Conversion) -> Option<[String; 2]> {
    // What is assigned is checked by the server, and an enum has no other values than its own.
    let using = conversion.using.as_ref()?;
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

/// A text may say a value in many ways, so that it is compared with what the type would be without a limit.
fn of_text(to: &SqlType) -> Option<[String; 2]> {
    if *to == SqlType::Native("tsvector".into()) {
        return Some(["{}::text".to_owned(), "{}::tsvector::text".to_owned()]);
    }
    let unlimited = ddl(&limit(to)?);
    Some([format!("{{}}::{unlimited}"), format!("{{}}::{}::{unlimited}", ddl(to))])
}

/// What a type would be without the length or precision to which a cast cuts or rounds values.
fn limit(ty: &SqlType) -> Option<SqlType> {
    Some(match ty {
        SqlType::Array(inner) => SqlType::Array(Box::new(limit(inner)?)),
        SqlType::Varchar(_) | SqlType::Char(_) => SqlType::Text,
        SqlType::Decimal(Some(_)) => SqlType::Decimal(None),
        SqlType::Time { precision: Some(_) } => SqlType::Time { precision: None },
        SqlType::Timestamp {
            precision: Some(_),
            zoned,
        } => SqlType::Timestamp {
            precision: None,
            zoned: *zoned,
        },
        SqlType::Native(text) if text.starts_with("interval") => SqlType::Interval,
        SqlType::Native(text) if text.starts_with("bit") || text.starts_with("varbit(") => {
            SqlType::Native("varbit".into())
        }
        _ => return None,
    })
}
