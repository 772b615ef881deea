use serde::{Deserialize, Serialize};

/// A destructive or blocking step, as `meta.json` keeps it.
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
    pub(super) fn new(code: &str, level: Level, object: impl ToString, message: &str) -> Self {
        Self {
            code: code.to_owned(),
            level,
            object: object.to_string(),
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

impl Level {
    /// The word for it, as files and the command line spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}
