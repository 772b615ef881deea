//! Migrations when the application starts.

use std::time::Duration;

use super::options::Options;
use super::policy::Goal;
use super::run::{Report, Runner};
use super::script::Source;
use crate::error::{Error, Result};
use crate::journal::Embedded;

/// How long a starting application waits for another one that migrates, where its options do not say.
const WAIT: Duration = Duration::from_secs(300);

/// What an application does about pending migrations when it starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Boot {
    /// It does not start.
    #[default]
    FailIfPending,
    /// It applies them. Of many that start at once, one does; the others wait for it.
    Apply,
    /// It starts.
    Ignore,
}

/// Does what the policy says about the migrations of the program, on a connection of its own.
///
/// # Errors
///
/// [`Error::StaleProgram`] where the database has a migration that the program does not know. Under [`Boot::FailIfPending`] when migrations are pending, or applied ones were changed; under [`Boot::Apply`] whatever
/// [`Runner::latest`] gives.
pub async fn boot(url: &str, migrations: &'static Embedded, policy: Boot, options: Options) -> Result<Report> {
    start(url, migrations, policy, options, false).await
}

/// Like [`boot()`], and where `in_sync` the database must be what its migrations leave behind, as
/// [`drift_check`](Options::drift_check) says.
pub(crate) async fn start(
    url: &str,
    migrations: &'static Embedded,
    policy: Boot,
    options: Options,
    in_sync: bool,
) -> Result<Report> {
    if policy == Boot::Ignore {
        return Ok(Report::default());
    }
    let options = Options {
        lock_wait: match options.lock_wait {
            Duration::ZERO => WAIT,
            asked => asked,
        },
        applied_by: "boot".to_owned(),
        ..options
    };
    let mut runner = Runner::connect(url, Source::Embedded(migrations), options).await?;
    let outcome = async {
        let mut report = runner.boot(policy).await?;
        // A run has looked before it wrote anything.
        if in_sync && report.done.is_empty() {
            report.notes.extend(runner.look_for_drift().await?.notes);
        }
        Ok(report)
    };
    let outcome = outcome.await;
    let closed = runner.close().await;
    let report = outcome?;
    closed?;
    Ok(report)
}

impl Runner {
    /// Does what the policy says about pending migrations, on this runner's connection.
    ///
    /// # Errors
    ///
    /// As [`boot()`].
    pub async fn boot(&mut self, policy: Boot) -> Result<Report> {
        match policy {
            Boot::Ignore => Ok(Report::default()),
            // Most starts find nothing to do, and must not queue for the lock to learn it.
            Boot::Apply if self.plan(&Goal::Latest).await.map_err(stale)?.is_empty() => Ok(Report::default()),
            Boot::Apply => self.latest().await,
            Boot::FailIfPending => self.refuse_pending().await,
        }
    }

    async fn refuse_pending(&mut self) -> Result<Report> {
        let pending: Vec<String> = self
            .plan(&Goal::Latest)
            .await
            .map_err(stale)?
            .iter()
            .map(|planned| format!("`{}`", planned.id))
            .collect();
        if pending.is_empty() {
            return Ok(Report::default());
        }
        Err(Error::validation(format!(
            "the database is not ready for this program, these migrations are pending: {}; apply them with `cargo kickdb migrate latest`, or start with `on_boot(Boot::Apply)`",
            pending.join(", ")
        )))
    }
}

/// What is missing from a folder, a program was built without.
fn stale(error: Error) -> Error {
    match error {
        Error::Missing { id, .. } => Error::StaleProgram { id },
        other => other,
    }
}
