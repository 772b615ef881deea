//! Rows by PostgreSQL's `COPY`: no statement is parsed or planned for them, and nothing is answered until the last one.

use std::pin::Pin;

use futures_core::stream::Stream;
use futures_util::StreamExt as _;

use super::render::Writer;
use super::table::{Encoder, Table};
use crate::client::Lease;
use crate::dialect::Dialect;
use crate::dialect::session::Copy;
use crate::error::Result;
use crate::value::Value;

/// From so many rows on; below it one statement with an array for each column is as fast.
pub(super) const FROM: usize = 4_000;

/// So many rows are in memory at once.
const AT_ONCE: usize = 1_000;

/// Sends the rows, where the engine has a way for them that is faster than statements and the columns are of types that it
/// takes. `None` where it has not; nothing has been read of `rest` then, and `first` comes back.
pub(super) async fn rows<T: Table>(
    lease: &mut Lease<'_>,
    dialect: &dyn Dialect,
    first: Vec<T>,
    rest: Pin<&mut (impl Stream<Item = Result<T>> + Send)>,
) -> Result<Result<u64, Vec<T>>> {
    let columns: Vec<&'static str> = T::META.written().collect();
    let Some(row) = first.first().filter(|_| !columns.is_empty()) else {
        return Ok(Err(first));
    };
    let mut table = Writer::new(dialect, false);
    table.table(T::META);
    let table = table.finish()?.sql;
    let mut names = Writer::new(dialect, false);
    names.names(&columns);
    let copy = Copy {
        sql: format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", names.finish()?.sql),
        table,
        columns: columns.into_iter().zip(values(row)).collect(),
    };
    if !lease.can_copy(&copy).await? {
        return Ok(Err(first));
    }
    let first = futures_util::stream::iter(first.into_iter().map(Ok));
    let rows = first.chain(rest).ready_chunks(AT_ONCE);
    let rows = rows.map(|some| some.into_iter().map(|row| row.map(|row| values(&row))).collect());
    lease.copy(&copy, rows.boxed()).await.map(Ok)
}

fn values<T: Table>(row: &T) -> Vec<Value> {
    let mut encoder = Encoder::default();
    row.encode(&mut encoder);
    encoder.values
}
