//! Values on their way from a database: one cell of a row, and a reader that takes a row's cells in order.

use super::kind::KindId;
use super::types::ColumnType;
use super::value::EnumMeta;
use crate::error::{Error, Result};

/// One value of a row, as the driver holds it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Cell<'r> {
    /// NULL.
    Null,
    /// A whole number (SQLite).
    Int(i64),
    /// A floating-point number (SQLite).
    Real(f64),
    /// A text (SQLite).
    Text(&'r str),
    /// Bytes (SQLite).
    Blob(&'r [u8]),
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
}

/// Takes a row's cells in order.
pub struct Reader<'r> {
    row: &'r dyn Cells,
    at: usize,
}

impl<'r> Reader<'r> {
    /// Starts at the row's first cell.
    #[must_use]
    pub fn new(row: &'r dyn Cells) -> Self {
        Self { row, at: 0 }
    }

    /// Takes the next cell.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] when the cell does not hold a value of that type.
    pub fn take<V: ColumnType>(&mut self) -> Result<V> {
        let at = self.at;
        self.at += 1;
        self.row
            .cell(at)
            .and_then(V::decode)
            .map_err(|fault| fault.at(&self.row.name(at), std::any::type_name::<V>()))
    }

    /// Passes over the next `count` cells where all of them are NULL, and says whether it did.
    pub(super) fn skip_nulls(&mut self, count: usize) -> bool {
        let empty = (self.at..self.at + count).all(|at| self.row.cell(at).is_ok_and(|cell| cell.is_null()));
        if empty {
            self.at += count;
        }
        empty
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("at", &self.at).finish_non_exhaustive()
    }
}
