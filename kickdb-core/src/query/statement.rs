//! The marks of a statement that is not finished yet.

/// The mark of an update or delete that has not been told which rows.
#[derive(Clone, Copy, Debug)]
pub enum Unfiltered {}

/// The mark of an update or delete that has been told which rows.
#[derive(Clone, Copy, Debug)]
pub enum Filtered {}

/// An update or delete that has been told which rows.
#[diagnostic::on_unimplemented(
    message = "this statement would touch every row of the table; add `.filter(…)`, or `.all_rows()` if that is meant",
    label = "no filter"
)]
pub trait Chosen {}
impl Chosen for Filtered {}
