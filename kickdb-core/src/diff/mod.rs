//! Schema × schema → changes.

mod change;

pub use self::change::{Change, TableChange};
