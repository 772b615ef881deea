//! What it takes to change a table while programs read and write it.

use crate::dialect::EmitError;
use crate::ident::Name;
use crate::ir::{Expr, Schema, SqlType, Table};

/// A column that gets its value whenever a row is written, for programs that do not know it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The column.
    pub column: Name,
    /// Its value, as an expression over the row.
    pub value: String,
    /// Whether the value follows the row, whatever was written; otherwise it stands only where there is none.
    pub follows: bool,
}

/// The ways of an engine that can change tables while they are in use.
pub trait Online: Sync {
    /// Statements that make what keeps the columns of a table filled, each one of an object
    /// ([`read_object`](crate::dialect::Objects::read_object)).
    ///
    /// # Errors
    ///
    /// When there is no name left for them.
    fn keep(&self, table: &Table, kept: &[Kept]) -> Result<Vec<String>, EmitError>;

    /// Whether the engine writes the rows anew where a column changes from one type to another in place.
    fn rewrites(&self, from: &SqlType, to: &SqlType) -> bool;

    /// The value of a column as one of another type of the schema, in SQL. `None` where that needs more than an expression.
    fn converted(&self, column: &Name, from: &SqlType, to: &SqlType, schema: &Schema) -> Option<String>;

    /// A default that gives each row a value of its own, in SQL: a new column that has it makes the engine write every row.
    fn own_for_each_row(&self, default: &Expr) -> Option<String>;
}
