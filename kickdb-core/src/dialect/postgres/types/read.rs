use std::num::NonZeroU32;

use crate::dialect::postgres::syntax::bare;
use crate::dialect::postgres::tokens::{Cursor, Token};
use crate::ident::{Name, Qualified};
use crate::ir::{IntBits, SqlType};

/// Types that the shared model has no name for: PostgreSQL's own, and those of well-known extensions. Any other name is
/// taken for an enum's.
const NATIVE: &[&str] = &[
    "abstime",
    "aclitem",
    "box",
    "box2d",
    "box3d",
    "cid",
    "cidr",
    "circle",
    "citext",
    "cube",
    "datemultirange",
    "daterange",
    "ean13",
    "earth",
    "geography",
    "geometry",
    "geometry_dump",
    "halfvec",
    "hstore",
    "inet",
    "int2vector",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "isbn",
    "isbn13",
    "ismn",
    "ismn13",
    "issn",
    "issn13",
    "jsonpath",
    "line",
    "lo",
    "lquery",
    "lseg",
    "ltree",
    "ltxtquery",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_lsn",
    "pg_snapshot",
    "point",
    "polygon",
    "query_int",
    "raster",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "seg",
    "semver",
    "sparsevec",
    "tid",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "upc",
    "uri",
    "vector",
    "xid",
    "xid8",
    "xml",
];

/// First words of types that have a variant or a spelling of their own.
const SPELLED: &[&str] = &[
    "bigint",
    "bigserial",
    "bit",
    "bool",
    "boolean",
    "bpchar",
    "bytea",
    "char",
    "character",
    "date",
    "dec",
    "decimal",
    "double",
    "float",
    "float4",
    "float8",
    "int",
    "int2",
    "int4",
    "int8",
    "integer",
    "interval",
    "json",
    "jsonb",
    "national",
    "nchar",
    "numeric",
    "real",
    "serial",
    "serial2",
    "serial4",
    "serial8",
    "smallint",
    "smallserial",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "uuid",
    "varbit",
    "varchar",
];

/// Whether PostgreSQL itself, or a well-known extension, has a type of that name.
pub(super) fn is_known(name: &str) -> bool {
    SPELLED.binary_search(&name).is_ok() || NATIVE.binary_search(&name).is_ok()
}

type Read<T> = Result<T, String>;

/// Reads one type and leaves the cursor behind it.
pub(in crate::dialect::postgres) fn read(cursor: &mut Cursor<'_>) -> Read<SqlType> {
    let base = base(cursor)?;
    let mut array = false;
    loop {
        let start = cursor.position();
        if cursor.mark('[') {
            if matches!(cursor.peek(), Some(Token::Number(_))) {
                cursor.next();
            }
            if !cursor.mark(']') {
                cursor.rewind(start);
                break;
            }
            array = true;
        } else if cursor.word("array") {
            array = true;
        } else {
            break;
        }
    }
    Ok(match (array, base) {
        (true, SqlType::Array(inner)) => SqlType::Array(inner),
        (true, base) => SqlType::Array(Box::new(base)),
        (false, base) => base,
    })
}

fn base(cursor: &mut Cursor<'_>) -> Read<SqlType> {
    let (schema, name, quoted) = name(cursor)?;
    let builtin = schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    if quoted && !(schema.is_some() && builtin) {
        return match name.as_str() {
            "char" if schema.is_none() => Ok(SqlType::Native("\"char\"".into())),
            _ => named(schema, name),
        };
    }
    if builtin && let Some(ty) = spelled(&name, cursor)? {
        return Ok(ty);
    }
    if let Some(element) = name.strip_prefix('_')
        && is_known(element)
    {
        let inner = match spelled(element, cursor)? {
            Some(ty) => ty,
            None => SqlType::Native(element.into()),
        };
        return Ok(SqlType::Array(Box::new(inner)));
    }
    // Extensions live in whatever schema they were created in.
    let place = match schema.as_deref().filter(|schema| !builtin && *schema != "public") {
        Some(schema) => format!("{}.", bare(schema)),
        None => String::new(),
    };
    let arguments = arguments(cursor)?;
    match (NATIVE.binary_search(&name.as_str()).is_ok(), arguments) {
        (true, None) => Ok(SqlType::Native(format!("{place}{name}").into())),
        (_, Some(arguments)) => Ok(SqlType::Native(
            format!("{place}{}({})", bare(&name), arguments.join(",")).into(),
        )),
        (false, None) => named(schema, name),
    }
}

/// A word, or `schema.word`, and whether the last part is quoted.
fn name(cursor: &mut Cursor<'_>) -> Read<(Option<String>, String, bool)> {
    let mut part = || match cursor.next() {
        Some(Token::Word(word)) => Ok((word.clone(), false)),
        Some(Token::Quoted(word)) => Ok((word.clone(), true)),
        _ => Err("write the name of a type, for example `text`, `numeric(10, 2)` or the name of an enum".to_owned()),
    };
    let (first, quoted) = part()?;
    if !cursor.mark('.') {
        return Ok((None, first, quoted));
    }
    match cursor.next() {
        Some(Token::Word(word)) => Ok((Some(first), word.clone(), false)),
        Some(Token::Quoted(word)) => Ok((Some(first), word.clone(), true)),
        _ => Err("after the schema comes the name of a type, as in `billing.invoice_state`".to_owned()),
    }
}

fn named(schema: Option<String>, name: String) -> Read<SqlType> {
    let name = Name::new(name).map_err(|error| error.to_string())?;
    let schema = match schema {
        Some(schema) if schema != "public" => Some(Name::new(schema).map_err(|error| error.to_string())?),
        _ => None,
    };
    Ok(SqlType::Enum(Qualified { schema, name }))
}

/// The types whose names are grammar.
fn spelled(name: &str, cursor: &mut Cursor<'_>) -> Read<Option<SqlType>> {
    let int = |bits| SqlType::Int { bits, unsigned: false };
    Ok(Some(match name {
        "bool" | "boolean" => SqlType::Bool,
        "int2" | "smallint" | "smallserial" | "serial2" => int(IntBits::B16),
        "int" | "int4" | "integer" | "serial" | "serial4" => int(IntBits::B32),
        "int8" | "bigint" | "bigserial" | "serial8" => int(IntBits::B64),
        "real" | "float4" => SqlType::Float { double: false },
        "float8" => SqlType::Float { double: true },
        "double" if cursor.word("precision") => SqlType::Float { double: true },
        "float" => SqlType::Float {
            double: number(cursor)?.is_none_or(|bits| bits > 24),
        },
        "numeric" | "decimal" | "dec" => decimal(cursor)?,
        "text" => SqlType::Text,
        "varchar" => varying(cursor, "varchar")?,
        "character" | "char" | "nchar" if cursor.word("varying") => varying(cursor, "varchar")?,
        "national" if cursor.word("character") || cursor.word("char") => match cursor.word("varying") {
            true => varying(cursor, "varchar")?,
            false => SqlType::Char(length(cursor)?.unwrap_or(NonZeroU32::MIN)),
        },
        "character" | "char" | "nchar" => SqlType::Char(length(cursor)?.unwrap_or(NonZeroU32::MIN)),
        // Unlike `char`, `bpchar` without a length has none.
        "bpchar" => length(cursor)?.map_or_else(|| SqlType::Native("bpchar".into()), SqlType::Char),
        "bit" if cursor.word("varying") => varying(cursor, "varbit")?,
        "varbit" => varying(cursor, "varbit")?,
        "bit" => SqlType::Native(format!("bit({})", length(cursor)?.unwrap_or(NonZeroU32::MIN)).into()),
        "bytea" => SqlType::Bytes,
        "uuid" => SqlType::Uuid,
        "date" => SqlType::Date,
        "json" => SqlType::Json { binary: false },
        "jsonb" => SqlType::Json { binary: true },
        "interval" => interval(cursor)?,
        "timestamptz" => SqlType::Timestamp {
            precision: digits(cursor)?,
            zoned: true,
        },
        "timestamp" => {
            let precision = digits(cursor)?;
            SqlType::Timestamp {
                precision,
                zoned: zone(cursor),
            }
        }
        "timetz" => timetz(digits(cursor)?),
        "time" => {
            let precision = digits(cursor)?;
            if zone(cursor) {
                timetz(precision)
            } else {
                SqlType::Time { precision }
            }
        }
        _ => return Ok(None),
    }))
}

/// `varchar(n)` and `varbit(n)`, whose length may be missing; it is then a type of its own.
fn varying(cursor: &mut Cursor<'_>, word: &str) -> Read<SqlType> {
    Ok(match length(cursor)? {
        Some(length) if word == "varchar" => SqlType::Varchar(length),
        Some(length) => SqlType::Native(format!("{word}({length})").into()),
        None => SqlType::Native(word.into()),
    })
}

fn timetz(precision: Option<u8>) -> SqlType {
    SqlType::Native(
        precision
            .map_or_else(|| "timetz".to_owned(), |digits| format!("timetz({digits})"))
            .into(),
    )
}

fn zone(cursor: &mut Cursor<'_>) -> bool {
    cursor.words(&["with", "time", "zone"]) || {
        cursor.words(&["without", "time", "zone"]);
        false
    }
}

/// `interval`, or with fields or a precision, which the shared model does not have.
fn interval(cursor: &mut Cursor<'_>) -> Read<SqlType> {
    const FIELDS: &[&str] = &["year", "month", "day", "hour", "minute", "second"];
    let field = |cursor: &mut Cursor<'_>| FIELDS.iter().copied().find(|field| cursor.word(field));
    let mut text = "interval".to_owned();
    if let Some(first) = field(cursor) {
        text = format!("{text} {first}");
        if cursor.word("to") {
            let last = field(cursor).ok_or("after `to` comes a field, as in `interval day to second`")?;
            text = format!("{text} to {last}");
        }
    }
    if let Some(precision) = digits(cursor)? {
        text = format!("{text}({precision})");
    }
    Ok(if text == "interval" {
        SqlType::Interval
    } else {
        SqlType::Native(text.into())
    })
}

fn decimal(cursor: &mut Cursor<'_>) -> Read<SqlType> {
    let hint = "write it as `numeric` or `numeric(10, 2)`";
    let part = |text: &str| text.parse::<u16>().map_err(|_| hint.to_owned());
    Ok(SqlType::Decimal(match arguments(cursor)?.as_deref() {
        None => None,
        Some([precision]) => Some((part(precision)?, 0)),
        // Rounds before the point (PostgreSQL 15 and later).
        Some([precision, scale]) if scale.starts_with('-') => {
            return Ok(SqlType::Native(format!("numeric({precision},{scale})").into()));
        }
        Some([precision, scale]) => Some((part(precision)?, part(scale)?)),
        Some(_) => return Err(hint.to_owned()),
    }))
}

fn length(cursor: &mut Cursor<'_>) -> Read<Option<NonZeroU32>> {
    match number(cursor)? {
        None => Ok(None),
        Some(length) => NonZeroU32::new(length)
            .map(Some)
            .ok_or_else(|| "its length is at least 1".to_owned()),
    }
}

fn digits(cursor: &mut Cursor<'_>) -> Read<Option<u8>> {
    match number(cursor)? {
        None => Ok(None),
        Some(digits @ 0..=6) => Ok(u8::try_from(digits).ok()),
        Some(_) => Err("seconds have at most 6 fractional digits".to_owned()),
    }
}

fn number(cursor: &mut Cursor<'_>) -> Read<Option<u32>> {
    let hint = || "in the parentheses comes one whole number".to_owned();
    match arguments(cursor)?.as_deref() {
        None => Ok(None),
        Some([one]) => one.parse().map(Some).map_err(|_| hint()),
        Some(_) => Err(hint()),
    }
}

/// What is in the parentheses behind a type's name, in lower case.
fn arguments(cursor: &mut Cursor<'_>) -> Read<Option<Vec<String>>> {
    if !cursor.mark('(') {
        return Ok(None);
    }
    let mut arguments = Vec::new();
    loop {
        let minus = if cursor.op("-") { "-" } else { "" };
        match cursor.next() {
            Some(Token::Number(text) | Token::Word(text)) => arguments.push(format!("{minus}{text}")),
            _ => return Err("in the parentheses come numbers or words with commas between them".to_owned()),
        }
        if cursor.mark(')') {
            return Ok(Some(arguments));
        }
        if !cursor.mark(',') {
            return Err("the parenthesis behind the type does not end".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_for_binary_search() {
        assert!(NATIVE.is_sorted());
        assert!(SPELLED.is_sorted());
    }
}
