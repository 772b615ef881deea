use serde::{Deserialize, Serialize};

/// A destructive or blocking step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// The rule that found it.
    pub code: String,
    /// How bad it is.
    pub level: Level,
    /// What it is about: `tasks.removed_at`.
    pub object: String,
    /// What happens, and what to do.
    pub message: String,
}

impl Hazard {
    pub(super) fn new(code: &str, level: Level, object: String, message: &str) -> Self {
        Self {
            code: code.to_owned(),
            level,
            object,
            message: message.to_owned(),
        }
    }
}

/// How bad a hazard is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Good to know.
    Note,
    /// Look before it runs.
    Warn,
    /// Refused unless allowed.
    Deny,
}
