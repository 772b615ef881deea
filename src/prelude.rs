//! Everything that declarations and queries need, for `use kickdb::prelude::*`.

#[cfg(feature = "json")]
pub use kickdb_core::query::Json;
pub use kickdb_core::query::{
    Condition, Expression, InsertColumns, IntoCondition, IntoOrder, Statement, Table, all_of, any_of, count, count_all,
    count_distinct, max, min, not, sum,
};
pub use kickdb_macros::{DbEnum, DbType, Table};
