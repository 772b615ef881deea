//! Everything that declarations and queries need, for `use kickdb::prelude::*`.

pub use kickdb_core::client::{Db, Executor, Isolation, Transaction, TransactionOptions};
#[cfg(feature = "json")]
pub use kickdb_core::query::Json;
pub use kickdb_core::query::{
    Arithmetic, Bound, Cast, Condition, DerivedTable, Expression, InQuery, InsertColumns, InsertOne, IntoCondition,
    IntoOrder, JsonFunctions, JsonPath, ListFunctions, NumberFunctions, Only, Page, Query, Statement, Steps, Table,
    TextFunctions, TimeFunctions, Truth, VectorFunctions, all_of, any_of, avg, case, chosen, coalesce, count,
    count_all, count_distinct, dense_rank, exists, first_value, fragment, incoming, lag, last_value, lead, list_of,
    max, min, not, not_exists, now, null_if, rank, row_number, sql, sum, text_of, val, window,
};
pub use kickdb_core::runner::Boot;
pub use kickdb_macros::{DbEnum, DbType, Derived, Row, Table, db_object};
