//! What a test sees of the statements that are sent.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

tokio::task_local! {
    static WATCHED: Arc<Mutex<Vec<String>>>;
}

/// The statements that some work sent, one for each call: a call that needs several of one text is one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    statements: Vec<String>,
}

/// How often one query may run before it counts as one in a loop.
const OFTEN: usize = 3;

impl Sent {
    /// The SQL in the order in which it was sent, without values.
    #[must_use]
    pub fn statements(&self) -> &[String] {
        &self.statements
    }

    /// Queries that ran three times or more, each with how often: a query in a loop over rows.
    #[must_use]
    pub fn in_a_loop(&self) -> Vec<(&str, usize)> {
        let mut counted: Vec<(&str, usize)> = Vec::new();
        for sql in &self.statements {
            match counted.iter_mut().find(|(known, _)| known == sql) {
                Some((_, times)) => *times += 1,
                None => counted.push((sql, 1)),
            }
        }
        counted.retain(|(_, times)| *times >= OFTEN);
        counted
    }
}

/// Runs work and says which statements it sent: those of this task, not of others that it spawns.
pub async fn watch<R>(work: impl Future<Output = R>) -> (R, Sent) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let done = WATCHED.scope(Arc::clone(&sent), work).await;
    let statements = std::mem::take(&mut *sent.lock().unwrap_or_else(PoisonError::into_inner));
    (done, Sent { statements })
}

/// Runs work of a test and fails where it runs a query in a loop over rows.
///
/// # Panics
///
/// With each query that ran three times or more, and how to read all at once.
pub async fn refuse_loops<R>(work: impl Future<Output = R>) -> R {
    let (done, sent) = watch(work).await;
    let loops: Vec<String> = sent
        .in_a_loop()
        .iter()
        .map(|(sql, times)| format!("  {times} times: {sql}"))
        .collect();
    assert!(
        loops.is_empty(),
        "a query runs in a loop over rows; read all at once, with `.with(…)` for a relation or `.in_(…)` for a list of keys:\n{}",
        loops.join("\n")
    );
    done
}

/// Notes a statement where somebody watches. `last` is what the same call sent before.
pub(super) fn note(sql: &str, last: &mut Option<String>) {
    // Nobody watches: that is no error, and costs the look at a task's own storage.
    let _ = WATCHED.try_with(|sent| {
        if last.as_deref() != Some(sql) {
            *last = Some(sql.to_owned());
            sent.lock().unwrap_or_else(PoisonError::into_inner).push(sql.to_owned());
        }
    });
}
