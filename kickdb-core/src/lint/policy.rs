//! What a project makes of hazards: their levels, exceptions, and the size of the tables.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::{Allowance, Finding};
use super::hazard::{Hazard, Level};
use super::read::ObjectName;

/// Up to so many rows a table is small: what grows with it is over in well under a second.
const SMALL: u64 = 10_000;

/// A hazard that somebody has allowed, as `meta.json` keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The hazard's code.
    pub code: String,
    /// What it is about; without it, everything in the migration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Why it is allowed.
    pub reason: String,
}

impl Exception {
    /// Whether it allows this.
    #[must_use]
    pub fn covers(&self, code: &str, object: &str) -> bool {
        let same = |own: &String| own.eq_ignore_ascii_case(object);
        self.code == code && self.object.as_ref().is_none_or(same)
    }
}

/// What a project says about a hazard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// It is none here.
    Allow,
    /// It is one of that level, whatever the size of the table.
    Level(Level),
}

impl Setting {
    /// Every setting, as configuration spells it.
    pub const WORDS: &'static [&'static str] = &["allow", "note", "warn", "deny"];

    /// Reads a word of the configuration.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "allow" => Self::Allow,
            "note" => Self::Level(Level::Note),
            "warn" => Self::Level(Level::Warn),
            "deny" => Self::Level(Level::Deny),
            _ => return None,
        })
    }
}

/// What a project says about hazards, by their codes.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The levels that it has set.
    pub settings: BTreeMap<String, Setting>,
}

impl Policy {
    /// Brings the project's levels into what was found, and the exceptions of a migration.
    pub fn apply(&self, found: &mut Vec<Finding>, exceptions: &[Exception]) {
        found.retain(|finding| self.settings.get(finding.rule.code) != Some(&Setting::Allow));
        for finding in found {
            if let Some(Setting::Level(level)) = self.settings.get(finding.rule.code) {
                finding.level = *level;
            }
            let exception = exceptions
                .iter()
                .find(|exception| exception.covers(finding.rule.code, &finding.object));
            if let (None, Some(exception)) = (&finding.allowed, exception) {
                finding.allowed = Some(Allowance {
                    reason: exception.reason.clone(),
                    in_script: false,
                });
            }
        }
    }

    /// The same for hazards without a place.
    pub fn set_levels(&self, hazards: &mut Vec<Hazard>) {
        hazards.retain(|hazard| self.settings.get(&hazard.code) != Some(&Setting::Allow));
        for hazard in hazards {
            if let Some(Setting::Level(level)) = self.settings.get(&hazard.code) {
                hazard.level = *level;
            }
        }
    }

    /// Whether the project itself has said that this is refused.
    #[must_use]
    pub fn refuses(&self, code: &str) -> bool {
        self.settings.get(code) == Some(&Setting::Level(Level::Deny))
    }
}

/// Takes the size of the tables in: what grows with a table is no more than a note where the table is small. `rows` gives the
/// number of rows, as far as it is known.
pub fn weigh(found: &mut [Finding], rows: impl Fn(&ObjectName) -> Option<u64>) {
    for finding in found {
        finding.rows = finding.table.as_ref().and_then(&rows);
        let (true, Some(rows)) = (finding.rule.harm.grows(), finding.rows) else {
            continue;
        };
        if rows <= SMALL && finding.level != Level::Note {
            finding.level = Level::Note;
            finding.message.push_str("; the table is small here");
        }
    }
}
