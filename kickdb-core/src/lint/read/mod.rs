//! A script as the rules see it: each statement by its head, read tolerantly.
//!
//! What is not understood is [`Action::Other`], never an error: the engine is who refuses SQL. `docs/decisions` says why no
//! parser of whole statements is used.

mod alter;
mod column;
mod create;
mod cursor;
mod head;
mod statement;
mod wrapped;

pub(crate) use self::column::{Column, Constraint, ConstraintKind, Generated};
pub use self::cursor::ObjectName;
pub(crate) use self::cursor::{Cursor, is, text};
pub(crate) use self::head::action;
pub(crate) use self::statement::{Action, Alter, Alteration, CreateTable, Statement};
pub(crate) use self::wrapped::unwrapped;
