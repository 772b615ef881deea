//! Everything that declarations and queries need, for `use kickdb::prelude::*`.

pub use kickdb_core::client::{Db, Executor, Transaction};
#[cfg(feature = "json")]
pub use kickdb_core::query::Json;
pub use kickdb_core::query::{
    Arithmetic, Condition, Expression, InsertColumns, InsertOne, IntoCondition, IntoOrder, Query, Statement, Table,
    all_of, any_of, count, count_all, count_distinct, max, min, not, now, sum,
};
pub use kickdb_core::runner::Boot;
pub use kickdb_macros::{DbEnum, DbType, Table, db_object};
