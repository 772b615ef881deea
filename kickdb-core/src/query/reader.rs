//! Takes the cells of a row in order.

use super::types::ColumnType;
use crate::error::{Error, Result};
#[cfg(feature = "live")]
use crate::value::Cell;
use crate::value::{Cells, Fault};

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
    /// [`Error::Decode`](crate::Error::Decode) when the cell does not hold a value of that type.
    #[inline]
    pub fn take<V: ColumnType>(&mut self) -> Result<V> {
        let at = self.at;
        self.at += 1;
        match self.row.cell(at).and_then(V::decode) {
            Ok(value) => Ok(value),
            Err(fault) => Err(self.failed(at, fault, std::any::type_name::<V>())),
        }
    }

    #[cold]
    fn failed(&self, at: usize, fault: Fault, wanted: &'static str) -> Error {
        fault.at(&self.row.name(at), wanted)
    }

    /// Takes the next cell as it is.
    #[cfg(feature = "live")]
    pub(super) fn cell(&mut self) -> Result<Cell<'r>, Fault> {
        self.at += 1;
        self.row.cell(self.at - 1)
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
