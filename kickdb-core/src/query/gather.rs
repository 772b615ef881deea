//! What takes the rows of a statement.

use super::reader::Reader;
use crate::dialect::session::{Collect, Next};
use crate::error::Result;
use crate::value::Cells;

/// Reads a row.
pub(super) type Decode<Out> = fn(&mut Reader<'_>) -> Result<Out>;

/// Reads rows into a list.
pub(super) struct Gather<Out> {
    decode: Decode<Out>,
    pub(super) rows: Vec<Out>,
    /// How many rows earlier statements gave.
    earlier: usize,
}

impl<Out> Gather<Out> {
    pub(super) fn new(decode: Decode<Out>) -> Self {
        Self {
            decode,
            rows: Vec::new(),
            earlier: 0,
        }
    }

    /// The same for the rows of one more statement.
    pub(super) fn more(mut self) -> Self {
        self.earlier = self.rows.len();
        self
    }
}

impl<Out: Send + 'static> Collect for Gather<Out> {
    fn row(&mut self, row: &dyn Cells) -> Result<Next> {
        self.rows.push((self.decode)(&mut Reader::new(row))?);
        Ok(None)
    }

    fn again(&mut self) -> bool {
        self.rows.truncate(self.earlier);
        true
    }
}
