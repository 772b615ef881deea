//! The names of types: every spelling in, one canonical spelling out.

mod class;
mod convert;
mod loss;
mod plain;
mod read;
#[cfg(test)]
mod tests;

use super::syntax::{literal, read_quoted};
use super::{ID, Mysql};
use crate::dialect::fill::or_else;
use crate::dialect::{Cast, TypeError, Types};
use crate::ident::Name;
use crate::ir::{Expr, IntBits, SqlType, Table};

pub(super) use self::class::{Class, of as class};
pub(super) use self::loss::{condition, rewritten, through};

/// The number of a row, where the statement around it lets the counting begin.
pub(super) const OWN_VALUE: &str = "@kick_row := @kick_row + 1";

impl Types for Mysql {
    fn parse(&self, raw: &str) -> Result<SqlType, TypeError> {
        read::read(raw).map_err(|hint| refused(raw.trim(), hint))
    }

    fn format(&self, ty: &SqlType) -> Result<String, TypeError> {
        spell(ty)
    }

    fn plain(&self, ty: &SqlType) -> Option<Expr> {
        plain::value(ty)
    }

    fn own_value(&self, ty: &SqlType, _: &Table) -> Option<String> {
        Some(match class(ty) {
            Class::Whole { .. }
            | Class::Decimal { .. }
            | Class::Float { .. }
            | Class::Text { .. }
            | Class::Bytes { .. } => OWN_VALUE.to_owned(),
            Class::Date => format!("'1970-01-01' + INTERVAL ({OWN_VALUE}) DAY"),
            Class::Moment { .. } => format!("'1970-01-02 00:00:00' + INTERVAL ({OWN_VALUE}) SECOND"),
            Class::Address { .. } if *ty == SqlType::Native("uuid".into()) => "UUID()".to_owned(),
            _ => return None,
        })
    }

    /// The row is counted outside of the query, which is run once for each row since it says a variable that changes.
    ///
    /// It is counted in all rows: a statement that changes a table cannot read it. Where that is more than there are values,
    /// rows that differ in another column may have the same one.
    fn numbered(&self, query: &str, otherwise: Option<&str>, _: &Table, beside: &[Name]) -> Option<String> {
        let _ = beside;
        // The counting stands outside of `coalesce`, which looks at its arguments twice.
        let value = or_else(&format!("{query} @kick_row"), otherwise);
        Some(format!("CASE WHEN ({OWN_VALUE}) > 0 THEN ({value}) END"))
    }

    fn new_uuid(&self) -> &'static str {
        "uuid()"
    }

    fn rust_type(&self, native: &str) -> &'static str {
        let end = native.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(native.len());
        match &native[..end] {
            "timestamp" => "DateTime<Utc>",
            "smallint" | "int" if native.contains("unsigned") => match &native[..end] {
                "int" => "i64",
                _ => "i32",
            },
            "year" | "tinyint" | "smallint" => "i16",
            "mediumint" | "int" => "i32",
            "bigint" => "i64",
            "float" => "f32",
            "double" => "f64",
            "decimal" => "Decimal",
            "uuid" => "Uuid",
            "tinytext" | "mediumtext" | "longtext" | "enum" | "set" | "inet" => "String",
            _ => "Vec<u8>",
        }
    }

    fn inline_values(&self, ty: &SqlType) -> Option<Vec<String>> {
        let SqlType::Native(text) = ty else { return None };
        let mut rest = text.strip_prefix("enum(")?;
        let mut values = Vec::new();
        loop {
            let (value, behind) = read_quoted(rest.strip_prefix('\'')?, '\'')?;
            values.push(value);
            match behind.strip_prefix(',') {
                Some(more) => rest = more,
                None => break,
            }
        }
        // What a column of an enum would not come back as stays with the column.
        let folded = |value: &String| value.trim_end_matches(' ').to_lowercase();
        let differ = (1..values.len()).all(|at| !values[..at].iter().any(|other| folded(other) == folded(&values[at])));
        (differ && enum_type(&values) == *ty).then_some(values)
    }

    fn cast(&self, from: &SqlType, to: &SqlType) -> Cast {
        convert::cast(from, to)
    }
}

/// The longest `varchar(n)` of any character set; which one a column has is seen when its table is known.
const MAX_VARCHAR: u32 = 65_532;
const MAX_CHAR: u32 = 255;

/// A type as the server keeps it: what other engines tell apart and this one does not is one type here.
pub(super) fn normal(ty: &SqlType) -> Result<SqlType, TypeError> {
    use SqlType as T;
    Ok(match ty {
        T::Uuid => T::Char(std::num::NonZeroU32::new(36).expect("36 is not zero")),
        T::Json { .. } | T::Array(_) => T::Json { binary: false },
        T::Time { precision } => T::Time {
            precision: Some(fraction("time", *precision)?),
        },
        T::Timestamp { precision, .. } => T::Timestamp {
            precision: Some(fraction("datetime", *precision)?),
            zoned: false,
        },
        other => {
            spell(other)?;
            other.clone()
        }
    })
}

/// The spelling of an inline enum.
pub(super) fn enum_type(values: &[String]) -> SqlType {
    let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
    SqlType::Native(format!("enum({})", values.join(",")).into())
}

fn spell(ty: &SqlType) -> Result<String, TypeError> {
    use SqlType as T;
    Ok(match ty {
        T::Bool => "tinyint(1)".into(),
        T::Int { bits, unsigned } => {
            let word = match bits {
                IntBits::B8 => "tinyint",
                IntBits::B16 => "smallint",
                IntBits::B32 => "int",
                IntBits::B64 => "bigint",
            };
            format!("{word}{}", if *unsigned { " unsigned" } else { "" })
        }
        T::Float { double: false } => "float".into(),
        T::Float { double: true } => "double".into(),
        T::Decimal(None) => {
            return Err(refused(
                "decimal",
                "without precision and scale it keeps no fractional digit and rounds without a word: say both, for example `type = \"decimal(19, 4)\"`",
            ));
        }
        T::Decimal(Some((precision, scale))) => decimal(*precision, *scale)?,
        T::Text => "text".into(),
        T::Varchar(length) => bounded(
            "varchar",
            length.get(),
            MAX_VARCHAR,
            "use `text` or `longtext` for more",
        )?,
        T::Char(length) => bounded("char", length.get(), MAX_CHAR, "use `varchar` for more")?,
        T::Bytes => "longblob".into(),
        T::Uuid => "char(36)".into(),
        T::Date => "date".into(),
        T::Time { precision } => fractional("time", *precision)?,
        T::Timestamp { precision, .. } => fractional("datetime", *precision)?,
        T::Interval => {
            return Err(refused(
                "interval",
                "keep the span as a number, for example microseconds in a `bigint`",
            ));
        }
        T::Json { .. } | T::Array(_) => "json".into(),
        T::Enum(name) => {
            return Err(refused(
                &name.to_string(),
                "an enum is part of a column's type there: `enum('a','b')`",
            ));
        }
        T::Native(text) => text.to_string(),
    })
}

fn decimal(precision: u16, scale: u16) -> Result<String, TypeError> {
    let text = format!("decimal({precision}, {scale})");
    // MySQL allows a scale of 30 at most, MariaDB of 38.
    match (1..=65).contains(&precision) && scale <= 30 && scale <= precision {
        true => Ok(text),
        false => Err(refused(
            &text,
            "the precision goes from 1 to 65, the scale from 0 to 30 and not beyond the precision",
        )),
    }
}

fn bounded(word: &str, length: u32, most: u32, more: &str) -> Result<String, TypeError> {
    let text = format!("{word}({length})");
    match length <= most {
        true => Ok(text),
        false => Err(refused(&text, format!("the length goes from 1 to {most}; {more}"))),
    }
}

/// Digits of a second. Where none are said, the most: what goes in comes back.
fn fraction(word: &str, precision: Option<u8>) -> Result<u8, TypeError> {
    match precision.unwrap_or(6) {
        digits @ 0..=6 => Ok(digits),
        digits => Err(refused(
            &format!("{word}({digits})"),
            "seconds have at most 6 fractional digits",
        )),
    }
}

fn fractional(word: &str, precision: Option<u8>) -> Result<String, TypeError> {
    Ok(match fraction(word, precision)? {
        0 => word.to_owned(),
        digits => format!("{word}({digits})"),
    })
}

fn refused(ty: &str, hint: impl Into<String>) -> TypeError {
    TypeError {
        dialect: ID,
        ty: ty.to_owned(),
        hint: hint.into(),
    }
}
