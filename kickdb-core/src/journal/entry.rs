use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json;
use crate::dialect::DialectId;
use crate::error::{Error, Result};

/// The version of the journal that is read and written.
const VERSION: u64 = 1;

/// `_journal.json`: the migrations in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Journal {
    /// The version of the file.
    pub version: u64,
    /// The dialect of every migration in the folder.
    pub dialect: String,
    /// The migrations, oldest first.
    pub entries: Vec<Entry>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

/// One migration in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its id, which is the name of its folder.
    pub id: String,
    /// The name it was given.
    pub tag: String,
    /// The hash of its files' bytes.
    pub hash: String,
    /// When it was generated, in UTC with milliseconds.
    pub created_at: String,
    /// The hash of what its files mean, without comments and white space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub semantic_hash: Option<String>,
    /// The migrations that it stands for, where several were squashed into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Replaced>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

/// A migration that was squashed into another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Its id.
    pub id: String,
    /// The hash that its files had.
    pub hash: String,
    /// Those that it stood for itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Self>,
}

impl Journal {
    /// The journal of a folder that has none yet.
    #[must_use]
    pub fn empty(dialect: DialectId) -> Self {
        Self {
            version: VERSION,
            dialect: dialect.as_str().to_owned(),
            entries: Vec::new(),
            other: BTreeMap::new(),
        }
    }

    /// Reads a journal; `path` is only for messages.
    ///
    /// # Errors
    ///
    /// When the text is damaged (the message names the line), or of another version or dialect.
    pub fn parse(path: &str, text: &str, dialect: DialectId) -> Result<Self> {
        let journal: Self = json::read(path, text)?;
        if journal.version != VERSION {
            return Err(Error::folder(
                path,
                format!(
                    "the journal has version {}, this kickdb reads version {VERSION}; install a newer kickdb",
                    journal.version
                ),
            ));
        }
        if journal.dialect != dialect.as_str() {
            return Err(Error::folder(
                path,
                format!(
                    "the journal is of dialect `{}`, the target is `{dialect}`; give each target a migrations folder of its own",
                    journal.dialect
                ),
            ));
        }
        Ok(journal)
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        json::write(self)
    }

    /// The entry of that id.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The id of the newest migration.
    #[must_use]
    pub fn last_id(&self) -> Option<&str> {
        self.entries.last().map(|entry| entry.id.as_str())
    }
}
