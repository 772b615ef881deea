use std::num::NonZeroU32;

use crate::ident::{Name, Qualified};

/// Portable types, plus an escape hatch spelled as the database spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqlType {
    /// True or false.
    Bool,
    /// A whole number.
    Int {
        /// Its width.
        bits: IntBits,
        /// Whether it starts at zero (MySQL and MariaDB only).
        unsigned: bool,
    },
    /// A binary floating-point number: 4 bytes, or 8 where `double`.
    Float {
        /// Whether it has 8 bytes.
        double: bool,
    },
    /// An exact decimal number, with (precision, scale) in digits where they are bounded.
    Decimal(Option<(u16, u16)>),
    /// Text without a bound.
    Text,
    /// Text of at most so many characters.
    Varchar(NonZeroU32),
    /// Text of exactly so many characters, padded with spaces.
    Char(NonZeroU32),
    /// Bytes.
    Bytes,
    /// A UUID.
    Uuid,
    /// A calendar date.
    Date,
    /// A time of day.
    Time {
        /// Fractional digits of a second, where they are bounded.
        precision: Option<u8>,
    },
    /// A date and a time of day.
    Timestamp {
        /// Fractional digits of a second, where they are bounded.
        precision: Option<u8>,
        /// Whether it is an instant (`timestamptz`) rather than a wall clock reading.
        zoned: bool,
    },
    /// A span of time.
    Interval,
    /// A JSON document.
    Json {
        /// Whether it is kept parsed (`jsonb`) rather than as text.
        binary: bool,
    },
    /// One of the values of an enum type.
    Enum(Qualified),
    /// A list of values of one type.
    Array(Box<SqlType>),
    /// Canonical text from [`Types::parse`](crate::dialect::Types::parse); never interpreted by shared code.
    Native(Box<str>),
}

/// The width of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntBits {
    /// One byte.
    B8,
    /// Two bytes.
    B16,
    /// Four bytes.
    B32,
    /// Eight bytes.
    B64,
}

impl Enum {
    /// What stands for the name of an enum whose values are a column's own, where the engine has no enum types: the table as the
    /// schema and the column as the name, so that it is shown as `table.column`. Such engines have no named schemas.
    #[must_use]
    pub fn of_column(table: &Qualified, column: &Name) -> Qualified {
        Qualified {
            schema: Some(table.name.clone()),
            name: column.clone(),
        }
    }
}

/// An enum type: a name and its values in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its name.
    pub name: Qualified,
    /// The values in declaration order, which is their sort order where the engine has one.
    pub values: Vec<String>,
    /// The comment kept in the database.
    pub comment: Option<String>,
}
