use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json;
use crate::error::Result;
use crate::lint::{Exception, Hazard};

/// `meta.json`: the review state of a migration and where it comes from. No hash covers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// The migration's id.
    pub id: String,
    /// The name it was given.
    pub name: String,
    /// When it was generated, in UTC with milliseconds.
    pub created_at: String,
    /// Whether somebody has read it.
    pub reviewed: bool,
    /// Its dialect.
    pub dialect: String,
    /// The migration it was generated after; `None` for the first.
    pub previous_id: Option<String>,
    /// Whether `down.sql` cannot restore what was there.
    #[serde(default)]
    pub down_is_draft: bool,
    /// Whether it was made without statements, to be written by hand.
    #[serde(default)]
    pub empty: bool,
    /// `false` where the files must not be run inside a transaction.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub transaction: bool,
    /// What it destroys or blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hazards: Vec<Hazard>,
    /// The hazards that are allowed, each with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// That it was run on a scratch database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// That it puts right a database which is not as the snapshot before it says: what that database is, in a few characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_from: Option<String>,
    /// The renames it was generated with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renames: Vec<Renamed>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

/// That the SQL was run on a scratch database and did what it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Whether up led to the snapshot.
    pub up: bool,
    /// Whether down led back.
    pub down: bool,
    /// The engine and its version.
    pub engine: String,
}

/// A rename, as it was given or answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// The name before: `tasks.removed_at`.
    pub from: String,
    /// The name after: `deleted_at`.
    pub to: String,
}

impl Meta {
    /// Reads the file; `path` is only for messages.
    ///
    /// # Errors
    ///
    /// When the text is damaged; the message names the line.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        json::read(path, text)
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        json::write(self)
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde wants")]
fn is_true(value: &bool) -> bool {
    *value
}
