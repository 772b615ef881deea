//! The names of types, and what happens to values between two of them.

use super::DialectId;
use crate::ident::Name;
use crate::ir::{Column, Expr, SqlType, Table};

/// The names of types.
pub trait Types {
    /// Reads a type as the engine or a user spells it.
    ///
    /// # Errors
    ///
    /// When the engine has no such type.
    fn parse(&self, raw: &str) -> Result<SqlType, TypeError>;

    /// Writes a type in its one canonical spelling.
    ///
    /// # Errors
    ///
    /// When the engine has no such type.
    fn format(&self, ty: &SqlType) -> Result<String, TypeError>;

    /// The plainest value of a type, for rows that are there when a column comes that must have one; `None` where there is
    /// none, or where the engine fills in such a value by itself.
    fn plain(&self, ty: &SqlType) -> Option<Expr> {
        let _ = ty;
        None
    }

    /// A value of a type that is another one in each row of a table, in SQL, for a key that comes while rows are there; `None`
    /// where the engine has no such words.
    fn own_value(&self, ty: &SqlType, table: &Table) -> Option<String> {
        let _ = (ty, table);
        None
    }

    /// A query that ends with `kick_number =`, with the number of a row of the table behind it, counted from one among those
    /// that have the same values in the columns `beside`, and what else gives a value where that one gives none; `None` where
    /// the engine has no such words.
    fn numbered(&self, query: &str, otherwise: Option<&str>, table: &Table, beside: &[Name]) -> Option<String> {
        let _ = (query, otherwise, table, beside);
        None
    }

    /// The call that makes a UUID, where its column may be of another type.
    fn new_uuid(&self) -> &'static str {
        "gen_random_uuid()"
    }

    /// The Rust type that a program uses for values of a type that only this engine has.
    fn rust_type(&self, native: &str) -> &'static str {
        let _ = native;
        "String"
    }

    /// The values of an enum that is a part of a column's type.
    fn inline_values(&self, ty: &SqlType) -> Option<Vec<String>> {
        let _ = ty;
        None
    }

    /// The values of an enum that a check of the column's table keeps to, and that check: what an enum becomes where the engine
    /// has none.
    fn checked_values(&self, table: &Table, column: &Column) -> Option<(Name, Vec<String>)> {
        let _ = (table, column);
        None
    }

    /// What happens to values when a column of type `from` becomes one of type `to`.
    fn cast(&self, from: &SqlType, to: &SqlType) -> Cast;
}

/// What happens to values when a column's type changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// Every value survives.
    Safe,
    /// Some values may not convert, and the statement then fails as a whole.
    Risky(&'static str),
    /// There is no conversion.
    Impossible,
}

/// A type that an engine does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{dialect} has no type `{ty}`; {hint}")]
pub struct TypeError {
    /// The engine.
    pub dialect: DialectId,
    /// The type, as it was given or as it would be written.
    pub ty: String,
    /// What to use instead.
    pub hint: String,
}
