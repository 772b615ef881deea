use std::num::NonZeroU32;

use crate::dialect::mysql::syntax::{literal, read_quoted};
use crate::ir::{IntBits, SqlType};

/// Reads a type as a user, `information_schema.columns.column_type` or `SHOW CREATE TABLE` spells it.
pub(super) fn read(raw: &str) -> Result<SqlType, String> {
    let spelling = split(raw)?;
    match spelling.word.as_str() {
        "bool" | "boolean" => plain(&spelling, SqlType::Bool),
        "tinyint" | "int1" => integer(&spelling, IntBits::B8, "tinyint"),
        "smallint" | "int2" => integer(&spelling, IntBits::B16, "smallint"),
        "int" | "integer" | "int4" => integer(&spelling, IntBits::B32, "int"),
        "bigint" | "int8" => integer(&spelling, IntBits::B64, "bigint"),
        "mediumint" | "middleint" | "int3" => medium(&spelling),
        "float" | "float4" => float(&spelling),
        "double" | "double precision" | "real" | "float8" => double(&spelling),
        "decimal" | "numeric" | "dec" | "fixed" => decimal(&spelling),
        "varchar" | "character varying" | "char varying" | "varcharacter" => text(&spelling, false),
        "char" | "character" => text(&spelling, true),
        "text" if spelling.numbers.is_empty() => plain(&spelling, SqlType::Text),
        "tinytext" | "mediumtext" | "longtext" | "tinyblob" | "mediumblob" | "geometry" | "point" | "linestring"
        | "polygon" | "multipoint" | "multilinestring" | "multipolygon" | "inet4" | "inet6" | "uuid" => {
            native(&spelling, &spelling.word)
        }
        "geometrycollection" | "geomcollection" => native(&spelling, "geometrycollection"),
        "blob" if spelling.numbers.is_empty() => native(&spelling, "blob"),
        "long" | "long varchar" => native(&spelling, "mediumtext"),
        "longblob" => plain(&spelling, SqlType::Bytes),
        "json" | "jsonb" => plain(&spelling, SqlType::Json { binary: false }),
        "date" => plain(&spelling, SqlType::Date),
        "time" => {
            let precision = Some(digits(&spelling)?);
            plain(&spelling, SqlType::Time { precision })
        }
        "datetime" => {
            let precision = Some(digits(&spelling)?);
            plain(
                &spelling,
                SqlType::Timestamp {
                    precision,
                    zoned: false,
                },
            )
        }
        "timestamp" => match digits(&spelling)? {
            0 => native(&spelling, "timestamp"),
            digits => native(&spelling, &format!("timestamp({digits})")),
        },
        "year" => native(&spelling, "year"),
        "bit" => native(&spelling, &format!("bit({})", length(&spelling, 1)?)),
        "binary" => native(&spelling, &format!("binary({})", length(&spelling, 1)?)),
        "varbinary" => match spelling.numbers.first() {
            Some(length) => native(&spelling, &format!("varbinary({length})")),
            None => Err("its length must be said: `varbinary(255)`".to_owned()),
        },
        "vector" => native(&spelling, &format!("vector({})", length(&spelling, 1)?)),
        "enum" | "set" => members(&spelling),
        "serial" => Err("write `bigint unsigned` and let the column count by `auto_increment`".to_owned()),
        "timestamptz" | "timestamp with time zone" => {
            Err("no type there keeps a time zone: use `datetime(6)` and write UTC, or `timestamp(6)`".to_owned())
        }
        _ => Err(
            "write one of its types, for example `varchar(255)`, `int unsigned`, `datetime(6)` or `enum('a','b')`"
                .to_owned(),
        ),
    }
}

/// A spelling in parts: `decimal(10, 2) unsigned zerofill` is a word, numbers and attributes.
#[derive(Default)]
pub(super) struct Spelling {
    pub(super) word: String,
    pub(super) numbers: Vec<u32>,
    pub(super) texts: Vec<String>,
    pub(super) unsigned: bool,
    zerofill: bool,
}

pub(super) fn split(raw: &str) -> Result<Spelling, String> {
    let raw = raw.trim();
    let open = raw.find('(').unwrap_or(raw.len());
    let mut spelling = Spelling::default();
    let mut words: Vec<String> = raw[..open].split_whitespace().map(str::to_ascii_lowercase).collect();
    let mut rest = &raw[open..];
    if let Some(inner) = rest.strip_prefix('(') {
        rest = arguments(inner, &mut spelling).ok_or("its parentheses do not end")?;
    }
    // Attributes stand behind the parentheses, or behind the word where there are none.
    let mut attributes: Vec<String> = rest.split_whitespace().map(str::to_ascii_lowercase).collect();
    while let Some(last) = words.last().filter(|word| is_attribute(word)) {
        attributes.push(last.clone());
        words.pop();
    }
    for attribute in attributes {
        match attribute.as_str() {
            "unsigned" => spelling.unsigned = true,
            "zerofill" => (spelling.unsigned, spelling.zerofill) = (true, true),
            "signed" => {}
            other => {
                return Err(format!(
                    "`{other}` is not part of a type; say a collation, a default or a check by its own attribute"
                ));
            }
        }
    }
    spelling.word = words.join(" ");
    Ok(spelling)
}

fn is_attribute(word: &str) -> bool {
    ["unsigned", "signed", "zerofill"].contains(&word)
}

/// Reads numbers or texts up to the closing parenthesis; gives what comes after it.
fn arguments<'a>(mut inner: &'a str, spelling: &mut Spelling) -> Option<&'a str> {
    loop {
        inner = inner.trim_start();
        let c = inner.chars().next()?;
        match c {
            ')' => return Some(&inner[1..]),
            ',' => inner = &inner[1..],
            '\'' | '"' => {
                let (text, rest) = read_quoted(&inner[1..], c)?;
                spelling.texts.push(text);
                inner = rest;
            }
            _ => {
                let end = inner.find(|c: char| !c.is_ascii_digit()).unwrap_or(inner.len());
                spelling.numbers.push(inner[..end].parse().ok()?);
                inner = &inner[end..];
            }
        }
    }
}

/// A type without arguments and attributes of its own.
fn plain(spelling: &Spelling, ty: SqlType) -> Result<SqlType, String> {
    match spelling.unsigned || !spelling.texts.is_empty() {
        true => Err(format!("`{}` is no number, so it has no sign", spelling.word)),
        false => Ok(ty),
    }
}

fn native(spelling: &Spelling, text: &str) -> Result<SqlType, String> {
    plain(spelling, SqlType::Native(text.into()))
}

/// A display width is kept where it is not the usual one: MariaDB tells it, and so does MySQL 8 of `tinyint(1)`, which is
/// the boolean, and of `zerofill`, which pads to it.
fn integer(spelling: &Spelling, bits: IntBits, word: &str) -> Result<SqlType, String> {
    let usual = match (bits, spelling.unsigned) {
        (IntBits::B8, true) => 3,
        (IntBits::B8, false) => 4,
        (IntBits::B16, true) => 5,
        (IntBits::B16, false) => 6,
        (IntBits::B32, true) => 10,
        (IntBits::B32, false) => 11,
        (IntBits::B64, _) => 20,
    };
    match (wide(spelling, word, usual), bits, spelling.numbers.first()) {
        (_, IntBits::B8, Some(1)) if !spelling.unsigned => Ok(SqlType::Bool),
        (Some(text), _, _) => Ok(SqlType::Native(text.into())),
        (None, bits, _) => Ok(SqlType::Int {
            bits,
            unsigned: spelling.unsigned,
        }),
    }
}

/// A whole number with its display width, where there is something to say of it.
fn wide(spelling: &Spelling, word: &str, usual: u32) -> Option<String> {
    let width = spelling.numbers.first().copied().filter(|width| *width > 0);
    let width = width.unwrap_or(usual);
    (spelling.zerofill || width != usual).then(|| format!("{word}({width}){}", signs(spelling)))
}

fn medium(spelling: &Spelling) -> Result<SqlType, String> {
    let usual = if spelling.unsigned { 8 } else { 9 };
    let text = wide(spelling, "mediumint", usual).unwrap_or_else(|| format!("mediumint{}", signs(spelling)));
    Ok(SqlType::Native(text.into()))
}

/// `float(p)` chooses the width by the bits of precision; `float(m, d)` rounds, and is kept as it is.
fn float(spelling: &Spelling) -> Result<SqlType, String> {
    match spelling.numbers[..] {
        [] if !spelling.unsigned => Ok(SqlType::Float { double: false }),
        [precision] if !spelling.unsigned => Ok(SqlType::Float { double: precision > 24 }),
        _ => Ok(rounded(spelling, "float")),
    }
}

fn double(spelling: &Spelling) -> Result<SqlType, String> {
    match spelling.numbers[..] {
        [] if !spelling.unsigned => Ok(SqlType::Float { double: true }),
        _ => Ok(rounded(spelling, "double")),
    }
}

fn rounded(spelling: &Spelling, word: &str) -> SqlType {
    let digits = match spelling.numbers[..] {
        [precision, scale] => format!("({precision},{scale})"),
        _ => String::new(),
    };
    SqlType::Native(format!("{word}{digits}{}", signs(spelling)).into())
}

fn signs(spelling: &Spelling) -> &'static str {
    match (spelling.unsigned, spelling.zerofill) {
        (_, true) => " unsigned zerofill",
        (true, _) => " unsigned",
        _ => "",
    }
}

/// Without a precision it is `decimal(10, 0)`.
fn decimal(spelling: &Spelling) -> Result<SqlType, String> {
    let (precision, scale) = match spelling.numbers[..] {
        [] => (10, 0),
        [precision] => (precision, 0),
        [precision, scale] => (precision, scale),
        _ => return Err("it has a precision and a scale: `decimal(10, 2)`".to_owned()),
    };
    let small = |number: u32| u16::try_from(number).map_err(|_| "the precision goes from 1 to 65".to_owned());
    match spelling.unsigned {
        false => Ok(SqlType::Decimal(Some((small(precision)?, small(scale)?)))),
        true => Ok(SqlType::Native(
            format!("decimal({precision},{scale}){}", signs(spelling)).into(),
        )),
    }
}

fn text(spelling: &Spelling, fixed: bool) -> Result<SqlType, String> {
    let length = match (spelling.numbers.first(), fixed) {
        (Some(length), _) => *length,
        (None, true) => 1,
        (None, false) => return Err("its length must be said: `varchar(255)`".to_owned()),
    };
    let length = NonZeroU32::new(length).ok_or("a length of 0 holds nothing")?;
    plain(
        spelling,
        if fixed {
            SqlType::Char(length)
        } else {
            SqlType::Varchar(length)
        },
    )
}

fn digits(spelling: &Spelling) -> Result<u8, String> {
    match spelling.numbers.first() {
        None => Ok(0),
        Some(&digits @ 0..=6) => Ok(digits as u8),
        Some(_) => Err("seconds have at most 6 fractional digits".to_owned()),
    }
}

fn length(spelling: &Spelling, usual: u32) -> Result<u32, String> {
    match spelling.numbers.first() {
        Some(0) => Err("a length of 0 holds nothing".to_owned()),
        length => Ok(length.copied().unwrap_or(usual)),
    }
}

fn members(spelling: &Spelling) -> Result<SqlType, String> {
    if spelling.texts.is_empty() || !spelling.numbers.is_empty() {
        return Err(format!(
            "its values must be said as texts: `{}('a','b')`",
            spelling.word
        ));
    }
    for (at, value) in spelling.texts.iter().enumerate() {
        if spelling.texts[..at].contains(value) {
            return Err(format!("the value `{value}` is there twice"));
        }
    }
    let values: Vec<String> = spelling.texts.iter().map(|value| literal(value)).collect();
    Ok(SqlType::Native(
        format!("{}({})", spelling.word, values.join(",")).into(),
    ))
}
