//! A statement ready to be sent, and the marks of one that is not finished yet.

use super::value::Value;

/// SQL with the values to bind, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// The SQL in one dialect, with placeholders.
    pub sql: String,
    /// The values.
    pub binds: Vec<Bind>,
}

/// A value to bind.
#[derive(Clone, Debug, PartialEq)]
pub struct Bind {
    /// The value.
    pub value: Value,
    /// Whether it is stored, so that nothing of it may be lost; a value that is only compared may be rounded to what the
    /// engine keeps.
    pub written: bool,
}

/// The mark of an update or delete that has not been told which rows.
#[derive(Debug)]
pub enum Unfiltered {}

/// The mark of an update or delete that has been told which rows.
#[derive(Debug)]
pub enum Filtered {}

/// An update or delete that has been told which rows.
#[diagnostic::on_unimplemented(
    message = "this statement would touch every row of the table; add `.filter(…)`, or `.all_rows()` if that is meant",
    label = "no filter"
)]
pub trait Chosen {}
impl Chosen for Filtered {}
