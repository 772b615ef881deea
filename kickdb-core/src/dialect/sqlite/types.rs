//! The types of SQLite: what a column declares, and what its values then turn into.

use std::num::NonZeroU32;

use super::normalize::enum_values;
use super::options::WITHOUT_ROWID;
use super::token::{Kind, Token, quote_into, quoted_name, tokens};
use super::{ID, Sqlite};
use crate::dialect::fill::or_else;
use crate::dialect::{Cast, TypeError, Types};
use crate::ident::Name;
use crate::ir::{Column, Expr, IntBits, SqlType, Table};

/// What a column is meant to hold, as its type says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Integer,
    Real,
    /// A number of either kind: `numeric`, `decimal(10, 2)`.
    Number,
    Text,
    Bytes,
    /// Texts and numbers: SQLite knows nothing of the type (`datetime`, `boolean`, `uuid`) and makes numbers of texts that
    /// look like one.
    Loose,
    /// Whatever comes, as it comes: a column without a type.
    Anything,
}

/// What SQLite does with a value that is put into a column (`https://www.sqlite.org/datatype3.html`, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Affinity {
    Integer,
    Real,
    Text,
    Blob,
    Numeric,
}

/// Words that end a type where they are not quoted.
const RESERVED: &[&str] = &[
    "as",
    "check",
    "collate",
    "constraint",
    "default",
    "deferrable",
    "foreign",
    "generated",
    "not",
    "null",
    "on",
    "primary",
    "references",
    "unique",
];

impl Types for Sqlite {
    fn checked_values(&self, table: &Table, column: &Column) -> Option<(Name, Vec<String>)> {
        enum_values(table, column)
    }

    fn parse(&self, raw: &str) -> Result<SqlType, TypeError> {
        let refuse = |hint: &str| TypeError {
            dialect: ID,
            ty: raw.to_owned(),
            hint: hint.to_owned(),
        };
        let tokens = tokens(raw).map_err(|why| refuse(&why))?;
        let canonical = canonical(&tokens).ok_or_else(|| {
            refuse("a type is words, then up to two numbers in parentheses: `varchar(40)`, `numeric(10, 2)`")
        })?;
        Ok(portable(&canonical).unwrap_or_else(|| SqlType::Native(canonical.into())))
    }

    fn format(&self, ty: &SqlType) -> Result<String, TypeError> {
        Ok(match ty {
            SqlType::Int { unsigned: true, .. } => {
                return Err(TypeError {
                    dialect: ID,
                    ty: "unsigned integer".to_owned(),
                    hint: "use a signed integer (`i64`) with a check that it is not negative".to_owned(),
                });
            }
            SqlType::Bool | SqlType::Int { .. } => "integer".to_owned(),
            SqlType::Float { .. } => "real".to_owned(),
            SqlType::Varchar(length) => format!("varchar({length})"),
            SqlType::Char(length) => format!("char({length})"),
            SqlType::Bytes => "blob".to_owned(),
            SqlType::Native(text) => text.to_string(),
            // SQLite has five storage classes; what is none of them is kept as text that sorts and compares as it should.
            SqlType::Text
            | SqlType::Decimal(_)
            | SqlType::Uuid
            | SqlType::Date
            | SqlType::Time { .. }
            | SqlType::Timestamp { .. }
            | SqlType::Interval
            | SqlType::Json { .. }
            | SqlType::Enum(_)
            | SqlType::Array(_) => "text".to_owned(),
        })
    }

    fn plain(&self, ty: &SqlType) -> Option<Expr> {
        Some(match holds(ty) {
            Holds::Integer | Holds::Real | Holds::Number => Expr::Int(0),
            Holds::Text | Holds::Loose | Holds::Anything => Expr::Text(String::new()),
            Holds::Bytes => Expr::Sql("x''".to_owned()),
        })
    }

    fn own_value(&self, ty: &SqlType, table: &Table) -> Option<String> {
        let number = match has_number(table) {
            true => "_rowid_".to_owned(),
            false => place_in_order(table, &[])?,
        };
        Some(match holds(ty) {
            Holds::Bytes => format!("CAST({number} AS BLOB)"),
            _ => number,
        })
    }

    fn numbered(&self, query: &str, otherwise: Option<&str>, table: &Table, beside: &[Name]) -> Option<String> {
        let number = place_in_order(table, beside)?;
        Some(or_else(&format!("{query} {number}"), otherwise))
    }

    fn rust_type(&self, native: &str) -> &'static str {
        let word = native.split('(').next().unwrap_or_default().trim();
        match word {
            "bool" | "boolean" => "bool",
            "date" => "NaiveDate",
            "time" => "NaiveTime",
            "datetime" | "timestamp" => "NaiveDateTime",
            "json" | "jsonb" => "serde_json::Value",
            _ => match affinity(&native.to_ascii_uppercase()) {
                Affinity::Integer => "i64",
                Affinity::Real => "f64",
                Affinity::Blob if !native.is_empty() => "Vec<u8>",
                _ if word.starts_with("num") || word.starts_with("dec") => "f64",
                _ => "String",
            },
        }
    }

    /// The declared length of a `varchar` is kept but never enforced by SQLite, so a shorter one changes no value.
    fn cast(&self, from: &SqlType, to: &SqlType) -> Cast {
        use Holds::{Anything, Bytes, Integer, Loose, Number, Real, Text};
        match (holds(from), holds(to)) {
            (from, to) if from == to => Cast::Safe,
            (Bytes, Text) => Cast::Risky("bytes that are not UTF-8 text do not fit"),
            (Anything, _) => Cast::Risky("values of other kinds take this one, and keep it on the way back"),
            (Loose, Bytes) => Cast::Risky("texts and numbers become bytes, and stay so on the way back"),
            (_, Text | Bytes | Anything) | (Bytes | Integer | Real | Number, Loose) | (Integer | Real, Number) => {
                Cast::Safe
            }
            (_, Loose) => Cast::Risky("texts that are numbers in another spelling (`007`) do not fit"),
            (Real | Number, Integer) => Cast::Risky("numbers with a fraction do not fit"),
            (Integer | Number, Real) => Cast::Risky("whole numbers beyond 2^53 do not fit"),
            (_, Integer) => Cast::Risky("values that are not whole numbers do not fit"),
            (_, Real | Number) => Cast::Risky("values that are not numbers, or have too many digits, do not fit"),
        }
    }
}

/// Whether the rows of a table have numbers, and the name for them is free. A table WITHOUT ROWID that is between two keys is
/// one with them.
pub(super) fn has_number(table: &Table) -> bool {
    let is_one = |column: &Column| column.name.as_str().eq_ignore_ascii_case("_rowid_");
    let has_none = table.options.contains_key(WITHOUT_ROWID) && table.primary_key.is_some();
    !has_none && !table.columns.iter().any(is_one)
}

/// A query for how many rows there are up to one, in the order of what tells them apart, among those that have the same values in
/// the columns `beside`.
fn place_in_order(table: &Table, beside: &[Name]) -> Option<String> {
    let place = quoted_name(table.name.name.as_str());
    let key = match &table.primary_key {
        _ if has_number(table) => vec!["_rowid_".into()],
        Some(key) if table.options.contains_key(WITHOUT_ROWID) => {
            key.columns.iter().map(|column| quoted_name(column.as_str())).collect()
        }
        _ => return None,
    };
    let of = |row: &str| {
        let columns = key.iter().map(|column| format!("{row}.{column}"));
        match columns.collect::<Vec<_>>().as_slice() {
            [column] => column.clone(),
            columns => format!("({})", columns.join(", ")),
        }
    };
    let beside = beside.iter().map(|column| quoted_name(column.as_str()));
    let beside = beside.map(|column| format!(" AND kick_own.{column} IS {place}.{column}"));
    Some(format!(
        "(SELECT count(*) FROM {place} AS kick_own WHERE {} <= {}{})",
        of("kick_own"),
        of(&place),
        beside.collect::<String>()
    ))
}

/// The type that SQLite tells apart: what the catalog can give back.
pub(super) fn normalize(ty: &SqlType) -> Result<SqlType, TypeError> {
    let text = Sqlite.format(ty)?;
    Sqlite.parse(&text)
}

/// What a column of this type is meant to hold, in a table that is not strict.
pub(super) fn holds(ty: &SqlType) -> Holds {
    let text = Sqlite.format(ty).unwrap_or_default().to_ascii_uppercase();
    match affinity(&text) {
        Affinity::Integer => Holds::Integer,
        Affinity::Real => Holds::Real,
        Affinity::Text => Holds::Text,
        Affinity::Blob if text.is_empty() => Holds::Anything,
        Affinity::Blob => Holds::Bytes,
        Affinity::Numeric if text.starts_with("NUM") || text.starts_with("DEC") => Holds::Number,
        Affinity::Numeric => Holds::Loose,
    }
}

/// What a column of this type, in capitals, does with its values.
fn affinity(text: &str) -> Affinity {
    let has = |part: &str| text.contains(part);
    if has("INT") {
        Affinity::Integer
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        Affinity::Text
    } else if has("BLOB") || text.is_empty() {
        Affinity::Blob
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        Affinity::Real
    } else {
        Affinity::Numeric
    }
}

/// The integer type that makes a lone primary key the row's own number.
pub(super) const INTEGER: SqlType = SqlType::Int {
    bits: IntBits::B64,
    unsigned: false,
};

fn portable(canonical: &str) -> Option<SqlType> {
    Some(match canonical {
        "integer" => INTEGER,
        "real" => SqlType::Float { double: true },
        "text" => SqlType::Text,
        "blob" => SqlType::Bytes,
        _ => {
            let (word, rest) = canonical.split_once('(')?;
            let length: NonZeroU32 = rest.strip_suffix(')')?.parse().ok()?;
            // `varchar(007)` and `varchar(+7)` stay as they are: they are given back so.
            if rest.len() != length.to_string().len() + 1 {
                return None;
            }
            match word {
                "varchar" => SqlType::Varchar(length),
                "char" => SqlType::Char(length),
                _ => return None,
            }
        }
    })
}

/// Words in lower case with one space between, then `(n)` or `(n, m)`. Nothing at all is a type, too.
fn canonical(tokens: &[Token<'_>]) -> Option<String> {
    let words = tokens.iter().take_while(|token| token.is_name()).count();
    let mut text = String::new();
    for token in &tokens[..words] {
        if !text.is_empty() {
            text.push(' ');
        }
        write_word(token, &mut text);
    }
    match &tokens[words..] {
        [] => Some(text),
        [open, arguments @ .., close] if words > 0 && open.kind == Kind::Open && close.kind == Kind::Close => {
            text.push('(');
            let mut arguments = arguments.split(|token| token.kind == Kind::Comma);
            write_argument(arguments.next()?, &mut text)?;
            if let Some(second) = arguments.next() {
                text.push_str(", ");
                write_argument(second, &mut text)?;
            }
            text.push(')');
            arguments.next().is_none().then_some(text)
        }
        _ => None,
    }
}

fn write_word(token: &Token<'_>, text: &mut String) {
    let word = token.unquoted().to_lowercase();
    let bare = |word: &str| {
        word.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !RESERVED.contains(&word)
    };
    if word.split(' ').all(bare) {
        text.push_str(&word);
    } else {
        quote_into(&word, text);
    }
}

fn write_argument(tokens: &[Token<'_>], text: &mut String) -> Option<()> {
    match tokens {
        [number] if matches!(number.kind, Kind::Number | Kind::Word) => text.push_str(&number.text.to_lowercase()),
        [sign, number] if number.kind == Kind::Number && ["+", "-"].contains(&sign.text) => {
            text.push_str(sign.text);
            text.push_str(number.text);
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_survives() {
        for (raw, canonical) in [
            ("INTEGER", "integer"),
            ("int", "int"),
            ("VarChar( 40 )", "varchar(40)"),
            ("NUMERIC(10,2)", "numeric(10, 2)"),
            ("numeric", "numeric"),
            ("", ""),
            ("unsigned  BIG int", "unsigned big int"),
            ("\"odd type\"", "odd type"),
            ("\"check\"", "\"check\""),
            ("decimal(-1, +2)", "decimal(-1, +2)"),
            ("größe", "größe"),
            ("varchar(max)", "varchar(max)"),
        ] {
            let ty = Sqlite.parse(raw).unwrap();
            assert_eq!(Sqlite.format(&ty).unwrap(), canonical);
            assert_eq!(Sqlite.parse(canonical).unwrap(), ty, "{canonical} is read back");
        }
        for bad in [
            "text)",
            "(40)",
            "varchar(1,2,3)",
            "text; drop",
            "varchar('",
            "text(",
            "int -- x\n, y",
        ] {
            assert!(Sqlite.parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_the_catalog_cannot_tell_is_not_kept() {
        assert_eq!(normalize(&SqlType::Bool).unwrap(), INTEGER);
        assert_eq!(normalize(&SqlType::Uuid).unwrap(), SqlType::Text);
        assert_eq!(
            normalize(&SqlType::Float { double: false }).unwrap(),
            SqlType::Float { double: true }
        );
        assert_eq!(
            normalize(&SqlType::Array(Box::new(SqlType::Bool))).unwrap(),
            SqlType::Text
        );
        assert!(
            normalize(&SqlType::Int {
                bits: IntBits::B64,
                unsigned: true
            })
            .is_err()
        );
    }

    #[test]
    fn casts_follow_affinity() {
        assert_eq!(Sqlite.cast(&SqlType::Bool, &INTEGER), Cast::Safe);
        assert!(matches!(Sqlite.cast(&SqlType::Text, &INTEGER), Cast::Risky(_)));
        assert_eq!(Sqlite.cast(&INTEGER, &SqlType::Text), Cast::Safe);
        for (raw, what) in [
            ("double precision", Holds::Real),
            ("boolean", Holds::Loose),
            ("datetime", Holds::Loose),
            ("decimal(10, 2)", Holds::Number),
            ("point", Holds::Integer),
            ("blob", Holds::Bytes),
            ("", Holds::Anything),
        ] {
            assert_eq!(holds(&SqlType::Native(raw.into())), what, "{raw}");
        }
    }
}
