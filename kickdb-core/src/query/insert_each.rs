//! More rows than memory holds.

use std::marker::PhantomData;
use std::pin::{Pin, pin};

use futures_core::stream::Stream;
use futures_util::StreamExt as _;

use super::copy;
use super::insert::InsertRows;
use super::table::Table;
use crate::client::{Executor, Use};
use crate::dialect::KeyList;
use crate::error::Result;

/// New rows that come one after the other. No more than those of one statement are kept in memory.
#[must_use = "an insert does nothing until `.exec(…)`"]
pub struct InsertEach<T, S> {
    rows: S,
    of: PhantomData<fn() -> T>,
}

impl<T, S> std::fmt::Debug for InsertEach<T, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InsertEach").finish_non_exhaustive()
    }
}

impl<T: Table, S> InsertEach<T, S> {
    pub(super) fn new(rows: S) -> Self {
        Self { rows, of: PhantomData }
    }
}

impl<T: Table + Sync, S: Stream<Item = Result<T>> + Send> InsertEach<T, S> {
    /// Inserts the rows and gives their number. All are kept, or none.
    ///
    /// # Errors
    ///
    /// When a row breaks a constraint, a value cannot be kept as it is, or the stream gives an error.
    pub async fn exec(self, on: impl Executor) -> Result<u64> {
        let dialect = on.engine();
        let width = T::META.written().count().max(1);
        let most = (dialect.caps().max_binds / width).clamp(1, 1_000);
        let mut lease = on.source().lease(Use::Write).await?;
        let began = lease.begin().await?;
        let mut rows = pin!(self.rows);
        let (mut ready, mut ended) = (Vec::new(), false);
        if dialect.key_list() == KeyList::Array {
            ended = fill(&mut ready, copy::FROM, rows.as_mut()).await?;
        }
        let mut inserted = 0;
        if ready.len() >= copy::FROM {
            match copy::rows(&mut lease, dialect, ready, rows.as_mut()).await? {
                Ok(copied) => (ready, inserted, ended) = (Vec::new(), copied, true),
                Err(first) => ready = first,
            }
        }
        loop {
            ended = ended || fill(&mut ready, most, rows.as_mut()).await?;
            while ready.len() >= most || (ended && !ready.is_empty()) {
                let some: Vec<T> = ready.drain(..most.min(ready.len())).collect();
                for statement in InsertRows::many(&some).render(dialect, false)? {
                    inserted += lease.execute(statement).await?;
                }
            }
            if ended {
                break;
            }
        }
        if began {
            lease.commit().await?;
        }
        Ok(inserted)
    }
}

/// Waits until there are so many rows, or no more: whether there are no more.
async fn fill<T>(ready: &mut Vec<T>, most: usize, mut rows: Pin<&mut impl Stream<Item = Result<T>>>) -> Result<bool> {
    while ready.len() < most {
        match rows.next().await {
            Some(row) => ready.push(row?),
            None => return Ok(true),
        }
    }
    Ok(false)
}
