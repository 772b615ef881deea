//! How a transaction runs.

use std::time::Duration;

/// What a transaction sees of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Isolation {
    /// What others have committed before each statement.
    ReadCommitted,
    /// What others had committed before the first statement.
    RepeatableRead,
    /// As if the transactions ran one after the other; it may fail with
    /// [`SerializationFailure`](crate::Error::SerializationFailure) and is then run again.
    Serializable,
}

/// How a transaction runs: [`Db::transaction_with`](super::Db::transaction_with) and [`Db::begin_with`](super::Db::begin_with)
/// take it.
///
/// ```
/// use kickdb_core::client::TransactionOptions;
///
/// let options = TransactionOptions::new().serializable().attempts(5);
/// # let _ = options;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "options do nothing until they are given to a transaction"]
pub struct TransactionOptions {
    pub(crate) isolation: Option<Isolation>,
    pub(crate) read_only: bool,
    pub(crate) deferrable: bool,
    attempts: u32,
}

impl Default for TransactionOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl TransactionOptions {
    /// The server's own isolation level, reading and writing, once.
    pub const fn new() -> Self {
        Self {
            isolation: None,
            read_only: false,
            deferrable: false,
            attempts: 1,
        }
    }

    /// At this level. SQLite's transactions are always serializable, so that each level holds there.
    pub const fn isolation(mut self, level: Isolation) -> Self {
        self.isolation = Some(level);
        self
    }

    /// As if transactions ran one after the other.
    pub const fn serializable(self) -> Self {
        self.isolation(Isolation::Serializable)
    }

    /// Without writing: a statement that writes is an error. On SQLite it does not wait for others that write.
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Waits at its beginning until it can neither fail nor make another one fail: for a long report, together with
    /// [`serializable`](Self::serializable) and [`read_only`](Self::read_only). PostgreSQL only.
    pub const fn deferrable(mut self) -> Self {
        self.deferrable = true;
        self
    }

    /// Runs the work again where another transaction was in its way ([`is_retryable`](crate::Error::is_retryable)), so many
    /// times in all, with a longer pause before each.
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    pub(super) fn tries(&self) -> u32 {
        self.attempts
    }
}

/// The pause before the attempt of this number, from 2: twice as long each time up to a second, and not the same for two
/// transactions that were in each other's way.
pub(super) fn pause(attempt: u32) -> Duration {
    let most = Duration::from_millis(10 << attempt.saturating_sub(2).min(7)).min(Duration::from_secs(1));
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let chance = f64::from(clock.map_or(0, |now| now.subsec_nanos()) % 1_000) / 1_000.0;
    most.mul_f64(0.5 + chance / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_second() {
        assert!(pause(2) <= Duration::from_millis(10) && pause(2) >= Duration::from_millis(5));
        assert!(pause(5) <= Duration::from_millis(80) && pause(5) >= Duration::from_millis(40));
        assert!(pause(4_000) <= Duration::from_secs(1) && pause(4_000) >= Duration::from_millis(500));
    }
}
