use std::sync::Arc;

use tokio::sync::watch;

/// A way to stop a run from outside: the statement that is running is interrupted, what can be is rolled back, the lock is
/// released, and the run ends with [`Error::Cancelled`](crate::Error::Cancelled), which says what state is left.
///
/// Clones belong together: cancelling one cancels all.
///
/// ```
/// use kickdb_core::runner::Cancel;
///
/// let cancel = Cancel::new();
/// let for_ctrl_c = cancel.clone();
/// for_ctrl_c.cancel();
/// assert!(cancel.is_cancelled());
/// ```
#[derive(Clone, Debug)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Cancel {
    /// One that has not been cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Stops whatever was given this or a clone of it.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it has been cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is cancelled.
    pub async fn cancelled(&self) {
        let mut receiver = self.0.subscribe();
        // The sender lives as long as `self`, so waiting does not end early.
        let _ = receiver.wait_for(|cancelled| *cancelled).await;
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}
