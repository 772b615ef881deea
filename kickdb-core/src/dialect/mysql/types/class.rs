//! What a type is, whatever its spelling: a conversion asks for that.

use super::read;
use crate::dialect::mysql::normalize::is_geometry;
use crate::ir::{IntBits, SqlType};

/// The class of a type, with what decides about its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dialect::mysql) enum Class {
    Whole {
        bytes: u8,
        unsigned: bool,
    },
    Decimal {
        precision: u16,
        scale: u16,
        unsigned: bool,
    },
    /// `digits` are those behind the point that `float(m, d)` rounds to.
    Float {
        double: bool,
        digits: Option<u16>,
        unsigned: bool,
    },
    Bits(u32),
    /// Characters at most, or bytes where `bytes`; `fixed` drops spaces from the end.
    Text {
        most: u64,
        bytes: bool,
        fixed: bool,
    },
    /// Bytes at most; `fixed` fills up with zeros.
    Bytes {
        most: u64,
        fixed: bool,
    },
    Json,
    Date,
    Time {
        digits: u8,
    },
    /// `zoned` is a `timestamp`, which goes from 1970 to 2038 only.
    Moment {
        digits: u8,
        zoned: bool,
    },
    Year,
    Members {
        set: bool,
        values: Vec<String>,
    },
    /// A type whose values have so many bytes: `uuid`, `inet4`, `inet6`.
    Address {
        bytes: u64,
    },
    /// Places of one kind, or of any where it is `geometry`.
    Geometry {
        any: bool,
    },
    Other,
}

/// The class of a type in normal form.
pub(in crate::dialect::mysql) fn of(ty: &SqlType) -> Class {
    use SqlType as T;
    match ty {
        T::Bool => whole(1, false),
        T::Int { bits, unsigned } => whole(bytes(*bits), *unsigned),
        T::Float { double } => Class::Float {
            double: *double,
            digits: None,
            unsigned: false,
        },
        T::Decimal(digits) => {
            let (precision, scale) = digits.unwrap_or((10, 0));
            Class::Decimal {
                precision,
                scale,
                unsigned: false,
            }
        }
        T::Text => text(65_535, true),
        T::Varchar(length) => text(length.get().into(), false),
        T::Char(length) => Class::Text {
            most: length.get().into(),
            bytes: false,
            fixed: true,
        },
        T::Uuid => Class::Text {
            most: 36,
            bytes: false,
            fixed: true,
        },
        T::Bytes => binary(u32::MAX.into(), false),
        T::Date => Class::Date,
        T::Time { precision } => Class::Time {
            digits: precision.unwrap_or(6),
        },
        T::Timestamp { precision, .. } => Class::Moment {
            digits: precision.unwrap_or(6),
            zoned: false,
        },
        T::Json { .. } | T::Array(_) => Class::Json,
        T::Native(spelled) if is_geometry(ty) => Class::Geometry {
            any: **spelled == *"geometry",
        },
        T::Native(spelled) => native(spelled),
        T::Interval | T::Enum(_) => Class::Other,
    }
}

fn bytes(bits: IntBits) -> u8 {
    match bits {
        IntBits::B8 => 1,
        IntBits::B16 => 2,
        IntBits::B32 => 4,
        IntBits::B64 => 8,
    }
}

fn whole(bytes: u8, unsigned: bool) -> Class {
    Class::Whole { bytes, unsigned }
}

fn text(most: u64, bytes: bool) -> Class {
    Class::Text {
        most,
        bytes,
        fixed: false,
    }
}

fn binary(most: u64, fixed: bool) -> Class {
    Class::Bytes { most, fixed }
}

fn native(spelled: &str) -> Class {
    let Ok(spelling) = read::split(spelled) else {
        return Class::Other;
    };
    let unsigned = spelling.unsigned;
    let number = |at: usize| spelling.numbers.get(at).copied();
    let small = |at: usize| number(at).and_then(|number| u16::try_from(number).ok());
    let digits = || u8::try_from(number(0).unwrap_or(0)).unwrap_or(6);
    match spelling.word.as_str() {
        "tinyint" => whole(1, unsigned),
        "smallint" => whole(2, unsigned),
        "mediumint" => whole(3, unsigned),
        "int" => whole(4, unsigned),
        "bigint" => whole(8, unsigned),
        "decimal" => Class::Decimal {
            precision: small(0).unwrap_or(10),
            scale: small(1).unwrap_or(0),
            unsigned,
        },
        word @ ("float" | "double") => Class::Float {
            double: word == "double",
            digits: small(1),
            unsigned,
        },
        "bit" => Class::Bits(number(0).unwrap_or(1)),
        "tinytext" => text(255, true),
        "mediumtext" => text(16_777_215, true),
        "longtext" => text(u32::MAX.into(), true),
        "varchar" => text(0, false),
        "char" => Class::Text {
            most: 0,
            bytes: false,
            fixed: true,
        },
        "tinyblob" => binary(255, false),
        "blob" => binary(65_535, false),
        "mediumblob" => binary(16_777_215, false),
        "varbinary" => binary(number(0).unwrap_or(0).into(), false),
        "binary" => binary(number(0).unwrap_or(1).into(), true),
        "timestamp" => Class::Moment {
            digits: digits(),
            zoned: true,
        },
        "year" => Class::Year,
        word @ ("enum" | "set") => Class::Members {
            set: word == "set",
            values: spelling.texts,
        },
        "uuid" | "inet6" => Class::Address { bytes: 16 },
        "inet4" => Class::Address { bytes: 4 },
        _ => Class::Other,
    }
}
