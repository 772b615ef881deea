//! Values on their way from a database: one cell of a row.

#[cfg(feature = "live")]
use super::Value;
use super::kind::KindId;
use super::{Date, EnumMeta, Instant, TimeOfDay, wire};
use crate::error::{Error, Result};

/// One value of a row, as the driver holds it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Cell<'r> {
    /// NULL.
    Null,
    /// A whole number (SQLite, MySQL).
    Int(i64),
    /// A floating-point number (SQLite, MySQL).
    Real(f64),
    /// A text (SQLite, MySQL).
    Text(&'r str),
    /// Bytes (SQLite, MySQL).
    Blob(&'r [u8]),
    /// A date (MySQL).
    Date(Date),
    /// A time of day (MySQL).
    Time(TimeOfDay),
    /// A date and a time of day in UTC (MySQL).
    Instant(Instant),
    /// PostgreSQL's binary form with the type's object id.
    Wire {
        /// The type's object id.
        oid: u32,
        /// The binary form.
        bytes: &'r [u8],
    },
}

/// Why a cell cannot be read as the type that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(String);

impl Fault {
    /// A fault with this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// The cell holds something of another kind.
    #[cold]
    #[must_use]
    pub fn kind(cell: &Cell<'_>, wanted: KindId) -> Self {
        Self(format!("it holds {}, not {wanted:?}", cell.describe()))
    }

    /// The value is not one of the enum's.
    #[must_use]
    pub fn unknown_value(found: &str, of: &EnumMeta) -> Self {
        Self(format!(
            "`{found}` is not a value of `{}`, which has {}; the program may be older or newer than the database",
            of.name,
            of.labels.join(", ")
        ))
    }

    /// The error of a query whose column this is.
    #[cold]
    #[must_use]
    pub fn at(self, column: &str, wanted: &'static str) -> Error {
        Error::Decode {
            column: column.to_owned(),
            wanted,
            message: self.0,
        }
    }
}

impl Cell<'_> {
    /// Whether the cell is NULL.
    #[inline]
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    fn describe(&self) -> String {
        match self {
            Self::Null => "NULL".into(),
            Self::Int(_) => "an integer".into(),
            Self::Real(_) => "a floating-point number".into(),
            Self::Text(_) => "a text".into(),
            Self::Blob(_) => "bytes".into(),
            Self::Date(_) => "a date".into(),
            Self::Time(_) => "a time of day".into(),
            Self::Instant(_) => "a date with a time".into(),
            Self::Wire { oid, .. } => format!("a PostgreSQL value of the type with oid {oid}"),
        }
    }
}

/// A row of a driver.
pub trait Cells {
    /// The cell at this position, from 0.
    ///
    /// # Errors
    ///
    /// When the row has no such position, or the driver cannot give its value.
    fn cell(&self, at: usize) -> Result<Cell<'_>, Fault>;

    /// The name of the column at this position, or the position as text.
    fn name(&self, at: usize) -> String;

    /// How many cells there are.
    fn width(&self) -> usize;
}

impl Cell<'_> {
    /// The cell as a value to bind again: what one statement gave, another one is asked for.
    ///
    /// # Errors
    ///
    /// When it is in an engine's own form.
    #[cfg(feature = "live")]
    pub(crate) fn into_value(self) -> Result<Value, Fault> {
        Ok(match self {
            Self::Null => Value::Null(KindId::Text),
            Self::Int(number) => Value::Int64(number),
            Self::Real(number) => Value::Float64(number),
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::Blob(bytes) => Value::Bytes(bytes.to_vec()),
            Self::Date(date) => Value::Date(date),
            Self::Time(time) => Value::Time(time),
            Self::Instant(instant) => Value::TimestampTz(instant),
            Self::Wire { .. } => return Err(Fault::new("it is in the engine's own form")),
        })
    }
}

impl<'r> Cell<'r> {
    /// The cell as a text, or as the value of an enum.
    ///
    /// # Errors
    ///
    /// When the cell holds something else.
    #[inline]
    pub fn text(self) -> Result<&'r str, Fault> {
        match self {
            Cell::Text(text) => Some(text),
            Cell::Wire { oid, bytes } => wire::text(oid, bytes),
            _ => None,
        }
        .ok_or_else(|| Fault::kind(&self, KindId::Text))
    }

    #[inline]
    pub(crate) fn int(self, wanted: KindId) -> Result<i64, Fault> {
        match self {
            Cell::Int(number) => Some(number),
            Cell::Wire { oid, bytes } => wire::int(oid, bytes),
            _ => None,
        }
        .ok_or_else(|| Fault::kind(&self, wanted))
    }

    #[inline]
    pub(crate) fn float(self, wanted: KindId) -> Result<f64, Fault> {
        match self {
            Cell::Real(number) => Some(number),
            // SQLite gives an integer for a computed value such as `sum(x) / 2`.
            Cell::Int(number) => Some(number as f64),
            Cell::Wire { oid, bytes } => wire::float(oid, bytes),
            _ => None,
        }
        .ok_or_else(|| Fault::kind(&self, wanted))
    }
}

impl<'r> Cell<'r> {
    /// The cell as the text of a JSON document.
    ///
    /// # Errors
    ///
    /// When the cell holds something else.
    pub fn json(self) -> Result<&'r str, Fault> {
        match self {
            Cell::Text(text) => Some(text),
            Cell::Wire { oid, bytes } => wire::json(oid, bytes),
            _ => None,
        }
        .ok_or_else(|| Fault::kind(&self, KindId::Json))
    }
}

impl Cell<'_> {
    /// The cell as a date.
    ///
    /// # Errors
    ///
    /// When the cell holds something else.
    pub fn date(self) -> Result<Date, Fault> {
        match self {
            Cell::Text(text) => Date::parse(text),
            Cell::Date(date) => Some(date),
            Cell::Wire { oid, bytes } => wire::date(oid, bytes),
            _ => None,
        }
        .ok_or_else(|| unreadable(&self, KindId::Date))
    }

    /// The cell as a time of day.
    ///
    /// # Errors
    ///
    /// When the cell holds something else.
    pub fn time(self) -> Result<TimeOfDay, Fault> {
        match self {
            Cell::Text(text) => TimeOfDay::parse(text),
            Cell::Time(time) => Some(time),
            Cell::Wire { oid, bytes } => wire::time(oid, bytes),
            _ => None,
        }
        .ok_or_else(|| unreadable(&self, KindId::Time))
    }

    /// The cell as an instant where `zoned`, or else as a date and a time of day.
    ///
    /// # Errors
    ///
    /// When the cell holds something else.
    pub fn timestamp(self, zoned: bool) -> Result<Instant, Fault> {
        let (kind, oid) = if zoned {
            (KindId::TimestampTz, wire::oid::TIMESTAMPTZ)
        } else {
            (KindId::Timestamp, wire::oid::TIMESTAMP)
        };
        match self {
            Cell::Text(text) => Instant::parse(text),
            Cell::Instant(instant) => Some(instant),
            Cell::Wire { oid: found, bytes } => wire::timestamp(oid, found, bytes),
            _ => None,
        }
        .ok_or_else(|| unreadable(&self, kind))
    }
}

fn unreadable(cell: &Cell<'_>, wanted: KindId) -> Fault {
    match cell {
        Cell::Text(text) => Fault::new(format!("`{text}` is not a {wanted:?} in ISO 8601")),
        _ => Fault::kind(cell, wanted),
    }
}
