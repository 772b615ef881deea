//! Changes in an order that an engine accepts, as SQL.

mod script;

pub use self::script::{Plan, Script, Session, Step, Steps, TxMode};
