use std::time::Duration;

use super::cancel::Cancel;
use crate::ident::Name;

/// How migrations are run.
///
/// ```
/// use std::time::Duration;
/// use kickdb_core::runner::Options;
///
/// let options = Options { lock_wait: Duration::from_secs(60), ..Options::default() };
/// assert!(options.require_reviewed);
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// How long to wait for another runner. Zero refuses at once; a dead one is waited out in any case.
    pub lock_wait: Duration,
    /// How long the lock outlives its holder's last sign of life.
    pub lease: Duration,
    /// Whether migrations that nobody has reviewed are refused.
    pub require_reviewed: bool,
    /// Whether values may be removed from enums.
    pub confirm_enum_drop: bool,
    /// What is done where the database is not what the last applied migration left behind.
    pub drift_check: DriftCheck,
    /// Whether only the schema of the connection is compared, because the others of the database are those of other tenants.
    pub one_schema: bool,
    /// How long a statement may wait for a lock, so that it does not hold up the application's traffic behind it.
    pub lock_timeout: Option<Duration>,
    /// How often a migration is tried again when it could not get a lock in time.
    pub lock_retries: u32,
    /// How long a statement may run.
    pub statement_timeout: Option<Duration>,
    /// Who runs: `cli`, `boot` or `ci-pipeline`. Shown to those who wait for the lock.
    pub applied_by: String,
    /// The schema of the bookkeeping; `None` is where it is found, else the connection's default.
    pub tracking_schema: Option<Name>,
    /// Stops the run from outside.
    pub cancel: Cancel,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lock_wait: Duration::ZERO,
            lease: Duration::from_secs(10),
            require_reviewed: true,
            confirm_enum_drop: false,
            drift_check: DriftCheck::Error,
            one_schema: false,
            lock_timeout: Some(Duration::from_secs(5)),
            lock_retries: 5,
            statement_timeout: None,
            applied_by: "cli".to_owned(),
            tracking_schema: None,
            cancel: Cancel::new(),
        }
    }
}

/// What is done about drift before a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DriftCheck {
    /// The run is refused.
    #[default]
    Error,
    /// The run goes on, and says so.
    Warn,
    /// Nobody looks.
    Ignore,
}

impl std::str::FromStr for DriftCheck {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "error" => Ok(Self::Error),
            "warn" => Ok(Self::Warn),
            "ignore" => Ok(Self::Ignore),
            other => Err(crate::Error::validation(format!(
                "`{other}` is no way to check for drift; write `error`, `warn` or `ignore`"
            ))),
        }
    }
}
