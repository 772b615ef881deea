//! What was counted while queries ran.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The bounds of OpenTelemetry's `db.client.operation.duration`, in milliseconds.
const BOUNDS: [u64; 9] = [1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000];

/// What was counted since a pool was made, where [`measure`](super::DbBuilder::measure) was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryMetrics {
    /// Statements that were sent.
    pub queries: u64,
    /// Those of them that failed.
    pub failed: u64,
    /// Rows that they gave or changed.
    pub rows: u64,
    /// How long they took, all together.
    pub elapsed: Duration,
    /// How many took at most so long, and longer than the bound before. The last bound is [`Duration::MAX`].
    pub durations: [(Duration, u64); BOUNDS.len() + 1],
    /// Transactions that were kept.
    pub committed: u64,
    /// Transactions that were undone.
    pub rolled_back: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    failed: AtomicU64,
    rows: AtomicU64,
    nanoseconds: AtomicU64,
    durations: [AtomicU64; BOUNDS.len() + 1],
    committed: AtomicU64,
    rolled_back: AtomicU64,
}

fn add(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

impl Counters {
    pub(super) fn query(&self, elapsed: Duration, rows: u64, failed: bool) {
        add(&self.failed, u64::from(failed));
        add(&self.rows, rows);
        add(&self.nanoseconds, u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX));
        let at = BOUNDS.iter().position(|bound| elapsed <= Duration::from_millis(*bound));
        add(&self.durations[at.unwrap_or(BOUNDS.len())], 1);
    }

    pub(super) fn transaction(&self, kept: bool) {
        add(if kept { &self.committed } else { &self.rolled_back }, 1);
    }

    pub(super) fn read(&self) -> QueryMetrics {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let bound = |at: usize| {
            BOUNDS
                .get(at)
                .map_or(Duration::MAX, |bound| Duration::from_millis(*bound))
        };
        let durations = std::array::from_fn(|at| (bound(at), of(&self.durations[at])));
        QueryMetrics {
            queries: durations.iter().map(|(_, count)| count).sum(),
            failed: of(&self.failed),
            rows: of(&self.rows),
            elapsed: Duration::from_nanos(of(&self.nanoseconds)),
            durations,
            committed: of(&self.committed),
            rolled_back: of(&self.rolled_back),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_query_is_in_one_class() {
        let counters = Counters::default();
        for micros in [0, 1_000, 1_001, 20_000_000] {
            counters.query(Duration::from_micros(micros), 2, micros == 0);
        }
        let read = counters.read();
        assert_eq!((read.queries, read.failed, read.rows), (4, 1, 8));
        let counts: Vec<u64> = read.durations.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(read.durations[9].0, Duration::MAX);
        assert_eq!(read.elapsed, Duration::from_micros(20_002_001));
    }
}
