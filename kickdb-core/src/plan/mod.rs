//! Changes in an order that an engine accepts, as SQL.

mod draft;
mod emit;
mod online;
mod order;
mod over_values;
mod script;
mod stages;
mod statements;
mod text;

pub use self::draft::irreversible;
pub(crate) use self::emit::mentioned;
pub use self::emit::{one_way, plan, plan_changes, say_rights};
pub use self::online::online;
pub use self::over_values::{KeyOverValues, OptionsOverRows, keys_over_values, options_over_rows};
pub use self::script::{Joins, Plan, Script, Session, Step, Steps, TxMode};
pub use self::stages::{Stage, stages};
pub use self::statements::{Statement, statements};
pub use self::text::{EMPTY_DOWN, EMPTY_UP, Source, draft_line, provenance, read, write};
