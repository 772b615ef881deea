//! Rows by PostgreSQL's `COPY`: no statement is parsed or planned for them, and nothing is answered until the last one.

use std::pin::Pin;

use futures_core::stream::{BoxStream, Stream};
use futures_util::StreamExt as _;

use super::render::Writer;
use super::table::{Encoder, Table, TableMeta};
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
    let copy = copy(dialect, T::META, &columns, values(row))?;
    if !lease.can_copy(&copy).await? {
        return Ok(Err(first));
    }
    let first = futures_util::stream::iter(first.into_iter().map(Ok));
    let rows = first.chain(rest).ready_chunks(AT_ONCE);
    let rows = rows.map(|some| some.into_iter().map(|row| row.map(|row| values(&row))).collect());
    lease.copy(&copy, rows.boxed()).await.map(Ok)
}

/// How rows that give values to these columns are sent, of which `row` is one.
pub(super) fn copy(
    dialect: &dyn Dialect,
    table: &TableMeta,
    columns: &[&'static str],
    row: Vec<Value>,
) -> Result<Copy> {
    let mut name = Writer::new(dialect, false);
    name.table(table);
    let table = name.finish()?.sql;
    let mut names = Writer::new(dialect, false);
    names.names(columns);
    Ok(Copy {
        sql: format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", names.finish()?.sql),
        table,
        columns: columns.iter().copied().zip(row).collect(),
    })
}

/// Rows that are there already, as many at once as are sent at once.
pub(super) fn given(mut values: impl Iterator<Item = Value> + Send + 'static, width: usize) -> Sent {
    let mut next = move || -> Option<Vec<Value>> {
        let row: Vec<Value> = values.by_ref().take(width).collect();
        (!row.is_empty()).then_some(row)
    };
    let chunks = std::iter::from_fn(move || {
        let some: Vec<Vec<Value>> = std::iter::from_fn(&mut next).take(AT_ONCE).collect();
        (!some.is_empty()).then_some(Ok(some))
    });
    futures_util::stream::iter(chunks).boxed()
}

type Sent = BoxStream<'static, Result<Vec<Vec<Value>>>>;

fn values<T: Table>(row: &T) -> Vec<Value> {
    let mut encoder = Encoder::default();
    row.encode(&mut encoder);
    encoder.values
}
