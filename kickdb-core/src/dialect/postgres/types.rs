//! The names of types: every spelling in, one canonical spelling out.

mod convert;
mod read;
#[cfg(test)]
mod tests;

pub(super) use self::convert::{Conversion, cast_round_trip, conversion};
pub(super) use self::read::read;
use super::extension::bare_type;
use super::syntax::{bare, ident, qualified};
use super::tokens::{Cursor, tokenize};
use super::{ID, Postgres};
use crate::dialect::fill::or_else;
use crate::dialect::{Cast, TypeError, Types};
use crate::ident::{Name, Qualified};
use crate::ir::{Expr, IntBits, SqlType, Table};

/// The page of a row and its place there, of which a page of 32 kB has fewer than 2,048.
const PLACE: &str = "(ctid::text::point)[0]::bigint * 2048 + (ctid::text::point)[1]::bigint";

impl Types for Postgres {
    fn parse(&self, raw: &str) -> Result<SqlType, TypeError> {
        let tokens = tokenize(raw).ok_or_else(|| refused(raw, "a quote in it does not end"))?;
        let mut cursor = Cursor::new(&tokens);
        let ty = read(&mut cursor).map_err(|hint| refused(raw, hint))?;
        match cursor.peek() {
            None => Ok(ty),
            Some(_) => Err(refused(
                raw,
                "write one type, for example `varchar(40)`, `timestamptz` or `integer[]`",
            )),
        }
    }

    fn format(&self, ty: &SqlType) -> Result<String, TypeError> {
        spell(ty, &bare_qualified)
    }

    fn plain(&self, ty: &SqlType) -> Option<Expr> {
        let text = |text: &str| Some(Expr::Text(text.to_owned()));
        match ty {
            SqlType::Bool => Some(Expr::Bool(false)),
            SqlType::Int { .. } | SqlType::Float { .. } | SqlType::Decimal(_) => Some(Expr::Int(0)),
            SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Bytes => text(""),
            SqlType::Uuid => text("00000000-0000-0000-0000-000000000000"),
            SqlType::Date | SqlType::Timestamp { .. } => text("1970-01-01"),
            SqlType::Time { .. } => text("00:00"),
            SqlType::Interval => text("0"),
            SqlType::Json { .. } => text("{}"),
            SqlType::Array(_) => Some(Expr::EmptyArray),
            SqlType::Native(name) => match bare_type(name) {
                "citext" | "varchar" | "bpchar" | "name" | "tsvector" | "hstore" | "ltree" => text(""),
                "inet" | "cidr" => text("0.0.0.0"),
                "macaddr" => text("00:00:00:00:00:00"),
                "money" | "oid" => Some(Expr::Int(0)),
                "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" => text("empty"),
                _ => None,
            },
            SqlType::Enum(_) => None,
        }
    }

    /// By where the row lies.
    fn own_value(&self, ty: &SqlType, _: &Table) -> Option<String> {
        Some(match ty {
            SqlType::Int { .. } | SqlType::Decimal(_) | SqlType::Float { .. } => PLACE.to_owned(),
            SqlType::Text => "ctid::text".to_owned(),
            SqlType::Varchar(_) | SqlType::Char(_) => format!("({PLACE})::text"),
            SqlType::Native(name) if bare_type(name) == "citext" => "ctid::text".to_owned(),
            SqlType::Native(name) if **name == *"inet" => format!("inet '0.0.0.0' + ({PLACE})"),
            SqlType::Bytes => "convert_to(ctid::text, 'UTF8')".to_owned(),
            SqlType::Date => format!("date '1970-01-01' + ({PLACE})::integer"),
            SqlType::Timestamp { zoned: true, .. } => format!("to_timestamp({PLACE})"),
            SqlType::Timestamp { .. } => format!("timestamp '1970-01-01' + ({PLACE}) * interval '1 second'"),
            SqlType::Uuid => "gen_random_uuid()".to_owned(),
            _ => return None,
        })
    }

    /// A place is one in each table, and a table may have others below it.
    fn numbered(&self, query: &str, otherwise: Option<&str>, table: &Table, beside: &[Name]) -> Option<String> {
        let (place, name) = (qualified(&table.name), ident(&table.name.name));
        let beside = beside.iter().map(ident);
        let beside = beside.map(|column| format!(" AND kick_own.{column} IS NOT DISTINCT FROM {name}.{column}"));
        let beside = beside.collect::<String>();
        let query = format!(
            "{query} (SELECT count(*) FROM {place} AS kick_own \
             WHERE (kick_own.tableoid, kick_own.ctid) <= ({name}.tableoid, {name}.ctid){beside})"
        );
        Some(or_else(&query, otherwise))
    }

    fn cast(&self, from: &SqlType, to: &SqlType) -> Cast {
        conversion(from, to).outcome
    }
}

/// The type as DDL writes it: like the canonical spelling, with every name quoted.
pub(super) fn ddl(ty: &SqlType) -> String {
    spell(ty, &qualified).expect("normalize has refused types that PostgreSQL does not have")
}

/// What an array of arrays is an array of: PostgreSQL does not keep the number of dimensions.
pub(super) fn element(ty: &SqlType) -> &SqlType {
    match ty {
        SqlType::Array(inner) => element(inner),
        other => other,
    }
}

fn spell(ty: &SqlType, name: &dyn Fn(&Qualified) -> String) -> Result<String, TypeError> {
    Ok(match ty {
        SqlType::Bool => "boolean".into(),
        SqlType::Int { unsigned: true, .. } => {
            return Err(refused(
                "unsigned integer",
                "PostgreSQL has only signed integers: use the next wider one, with a check if it must not be negative",
            ));
        }
        SqlType::Int { bits, .. } => match bits {
            IntBits::B8 => return Err(refused("8-bit integer", "its smallest integer has 16 bits: use `i16`")),
            IntBits::B16 => "smallint".into(),
            IntBits::B32 => "integer".into(),
            IntBits::B64 => "bigint".into(),
        },
        SqlType::Float { double: false } => "real".into(),
        SqlType::Float { double: true } => "double precision".into(),
        SqlType::Decimal(None) => "numeric".into(),
        SqlType::Decimal(Some((precision, scale))) => {
            let text = format!("numeric({precision}, {scale})");
            if !(1..=1000).contains(precision) || *scale > 1000 {
                return Err(refused(
                    &text,
                    "the precision goes from 1 to 1000, the scale from 0 to 1000",
                ));
            }
            text
        }
        SqlType::Text => "text".into(),
        SqlType::Varchar(length) => bounded("varchar", length.get())?,
        SqlType::Char(length) => bounded("char", length.get())?,
        SqlType::Bytes => "bytea".into(),
        SqlType::Uuid => "uuid".into(),
        SqlType::Date => "date".into(),
        SqlType::Time { precision } => fractional("time", *precision)?,
        SqlType::Timestamp {
            precision,
            zoned: false,
        } => fractional("timestamp", *precision)?,
        SqlType::Timestamp { precision, zoned: true } => fractional("timestamptz", *precision)?,
        SqlType::Interval => "interval".into(),
        SqlType::Json { binary: false } => "json".into(),
        SqlType::Json { binary: true } => "jsonb".into(),
        SqlType::Enum(of) => name(of),
        SqlType::Array(inner) => format!("{}[]", spell(element(inner), name)?),
        SqlType::Native(text) => text.to_string(),
    })
}

/// `varchar(n)` and `char(n)` hold at most 10485760 characters.
fn bounded(word: &str, length: u32) -> Result<String, TypeError> {
    let text = format!("{word}({length})");
    match length {
        ..=10_485_760 => Ok(text),
        _ => Err(refused(
            &text,
            "the length goes from 1 to 10485760; use `text` for more",
        )),
    }
}

fn fractional(word: &str, precision: Option<u8>) -> Result<String, TypeError> {
    match precision {
        None => Ok(word.to_owned()),
        Some(digits @ 0..=6) => Ok(format!("{word}({digits})")),
        Some(digits) => Err(refused(
            &format!("{word}({digits})"),
            "seconds have at most 6 fractional digits",
        )),
    }
}

/// The name of an enum in its canonical spelling; one that is also the name of another type is quoted.
fn bare_qualified(name: &Qualified) -> String {
    let text = match read::is_known(name.name.as_str()) || name.name.as_str().starts_with('_') {
        true => ident(&name.name),
        false => bare(name.name.as_str()),
    };
    match &name.schema {
        Some(schema) => format!("{}.{text}", bare(schema.as_str())),
        None => text,
    }
}

fn refused(ty: &str, hint: impl Into<String>) -> TypeError {
    TypeError {
        dialect: ID,
        ty: ty.to_owned(),
        hint: hint.into(),
    }
}

/// A type of the user by its name, which may also be that of a well-known extension.
pub(super) fn user(name: Qualified) -> SqlType {
    match read::is_known(name.name.as_str()) && name.schema.is_none() {
        true => SqlType::Native(name.name.as_str().into()),
        false => SqlType::Enum(name),
    }
}
