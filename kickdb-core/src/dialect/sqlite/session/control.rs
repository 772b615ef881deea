//! When a statement has to end before its end: nobody waits for it any more, or it holds up the thread that it runs on.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The engine asks whether to go on after so many steps of its virtual machine: some microseconds.
pub(super) const STEPS: i32 = 1_000;

/// How long a statement waits for another connection's write to end.
const PATIENCE: Duration = Duration::from_secs(5);

const NEVER: u64 = u64::MAX;

/// What the engine is asked through, while a statement runs.
pub(super) struct Control {
    epoch: Instant,
    /// Nobody waits for what runs.
    stop: AtomicBool,
    /// Nanoseconds after `epoch` until which it may run here.
    until: AtomicU64,
    /// It was stopped because that time was over.
    over: AtomicBool,
}

impl Control {
    pub(super) fn new() -> Self {
        Self {
            epoch: Instant::now(),
            stop: AtomicBool::new(false),
            until: AtomicU64::new(NEVER),
            over: AtomicBool::new(false),
        }
    }

    pub(super) fn stop(&self, stop: bool) {
        self.stop.store(stop, Ordering::Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Until this moment, or without an end.
    pub(super) fn allow(&self, until: Option<Instant>) {
        let nanos = |at: Duration| u64::try_from(at.as_nanos()).unwrap_or(NEVER);
        let until = until.map_or(NEVER, |until| nanos(until.saturating_duration_since(self.epoch)));
        self.until.store(until, Ordering::Relaxed);
        self.over.store(false, Ordering::Relaxed);
    }

    /// Whether the time is over.
    pub(super) fn is_late(&self) -> bool {
        let until = self.until.load(Ordering::Relaxed);
        until != NEVER && self.epoch.elapsed().as_nanos() > u128::from(until)
    }

    /// Whether the engine was told that the time was over.
    pub(super) fn was_late(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// What the engine asks every now and then: whether to stop.
    pub(super) fn asked(&self) -> bool {
        if self.is_stopped() {
            return true;
        }
        let late = self.is_late();
        if late {
            self.over.store(true, Ordering::Relaxed);
        }
        late
    }
}

thread_local! {
    /// Who waits on this thread for another connection's lock, and until when. Nobody where the thread is not to wait.
    static WAITING: RefCell<Option<(Arc<Control>, Instant)>> = const { RefCell::new(None) };
}

/// Lets the engine wait for locks on this thread while `work` runs.
pub(super) fn patiently<R>(control: &Arc<Control>, work: impl FnOnce() -> R) -> R {
    WAITING.set(Some((Arc::clone(control), Instant::now() + PATIENCE)));
    let done = work();
    WAITING.take();
    done
}

/// What the engine does where it finds a lock for the `times`th time: whether to try again.
pub(super) fn locked(times: i32) -> bool {
    let goes_on = WAITING.with_borrow(|waiting| {
        let waits = waiting.as_ref();
        waits.is_some_and(|(control, until)| !control.is_stopped() && Instant::now() < *until)
    });
    if goes_on {
        let millis = u64::try_from(times).unwrap_or(0).clamp(1, 25);
        std::thread::sleep(Duration::from_millis(millis));
    }
    goes_on
}
