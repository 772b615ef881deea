use std::collections::BTreeMap;

use super::{DOWN_FILE, Journal, META_FILE, Meta, SNAPSHOT_FILE, UP_FILE, hash, meaning};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::ir::Schema;
use crate::lex::Lexis;
use crate::snapshot::{self, Snapshot};

/// A migrations folder as plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct Folder {
    /// What the folder is called in messages.
    pub path: String,
    /// The journal; empty where the file is absent.
    pub journal: Journal,
    /// The migrations whose folders are there, by id. The order in which they run is the journal's.
    pub migrations: BTreeMap<String, Migration>,
}

/// The files of one migration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Migration {
    /// Its id.
    pub id: String,
    /// `up.sql`, where it is there.
    pub up: Option<String>,
    /// `down.sql`, where it is there.
    pub down: Option<String>,
    /// `snapshot.json`, where it is there.
    pub snapshot: Option<String>,
    /// `meta.json`, where it is there.
    pub meta: Option<Meta>,
    /// The hash of the first three as they are; `None` where one is missing.
    pub hash_on_disk: Option<String>,
}

/// The texts of one migration's files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// `up.sql`.
    pub up: Option<String>,
    /// `down.sql`.
    pub down: Option<String>,
    /// `snapshot.json`.
    pub snapshot: Option<String>,
    /// `meta.json`.
    pub meta: Option<String>,
}

impl Folder {
    /// Puts a folder together from the texts of its files. `path` is only for messages.
    ///
    /// # Errors
    ///
    /// When the journal or a `meta.json` is damaged, or the journal is of another version or dialect.
    pub fn from_texts(
        path: &str,
        journal: Option<&str>,
        migrations: BTreeMap<String, Files>,
        dialect: &dyn Dialect,
    ) -> Result<Self> {
        let journal = match journal {
            Some(text) => Journal::parse(&format!("{path}/{}", super::JOURNAL_FILE), text, dialect.id())?,
            None => Journal::empty(dialect.id()),
        };
        Self::new(path, journal, migrations)
    }

    pub(super) fn new(path: &str, journal: Journal, migrations: BTreeMap<String, Files>) -> Result<Self> {
        let migrations = migrations
            .into_iter()
            .map(|(id, files)| Ok((id.clone(), Migration::from_texts(path, id, files)?)));
        Ok(Self {
            path: path.to_owned(),
            journal,
            migrations: migrations.collect::<Result<_>>()?,
        })
    }

    /// The migration of that id.
    #[must_use]
    pub fn migration(&self, id: &str) -> Option<&Migration> {
        self.migrations.get(id)
    }

    /// The snapshot after that migration.
    ///
    /// # Errors
    ///
    /// When there is no such migration, its snapshot is missing or cannot be read.
    pub fn snapshot(&self, id: &str, dialect: &dyn Dialect) -> Result<Snapshot> {
        let file = format!("{}/{id}/{SNAPSHOT_FILE}", self.path);
        let text = self.migration(id).and_then(|migration| migration.snapshot.as_deref());
        let text = text.ok_or_else(|| Error::folder(&file, "the file is missing; restore it from version control"))?;
        snapshot::read(text, dialect).map_err(|error| Error::folder(&file, error.to_string()))
    }

    /// The schema after the newest migration of the journal; an empty one where there is none.
    ///
    /// # Errors
    ///
    /// When its snapshot is missing or cannot be read.
    pub fn last_schema(&self, dialect: &dyn Dialect) -> Result<Schema> {
        match self.journal.last_id() {
            Some(id) => Ok(self.snapshot(id, dialect)?.schema),
            None => Ok(Schema::default()),
        }
    }

    /// The ids of migrations that are there without an entry in the journal: left by a `generate` that died before its last
    /// step, or lost from the journal in a merge.
    pub fn unlisted(&self) -> impl Iterator<Item = &str> {
        let ids = self.migrations.keys().map(String::as_str);
        ids.filter(|id| self.journal.entry(id).is_none())
    }
}

impl Migration {
    fn from_texts(path: &str, id: String, files: Files) -> Result<Self> {
        let meta = match &files.meta {
            Some(text) => Some(Meta::parse(&format!("{path}/{id}/{META_FILE}"), text)?),
            None => None,
        };
        let hash_on_disk = match (&files.up, &files.down, &files.snapshot) {
            (Some(up), Some(down), Some(snapshot)) => Some(hash(up, down, snapshot)),
            _ => None,
        };
        Ok(Self {
            id,
            up: files.up,
            down: files.down,
            snapshot: files.snapshot,
            meta,
            hash_on_disk,
        })
    }

    /// The hash of what the files mean; `None` where one is missing.
    #[must_use]
    pub fn meaning(&self, lexis: Lexis) -> Option<String> {
        Some(meaning(
            self.up.as_deref()?,
            self.down.as_deref()?,
            self.snapshot.as_deref()?,
            lexis,
        ))
    }

    /// Whether its files may be run inside a transaction.
    #[must_use]
    pub fn transaction(&self) -> bool {
        self.meta.as_ref().is_none_or(|meta| meta.transaction)
    }

    /// Whether somebody has read it.
    #[must_use]
    pub fn reviewed(&self) -> bool {
        self.meta.as_ref().is_some_and(|meta| meta.reviewed)
    }

    /// The names of the files that are missing.
    pub fn missing(&self) -> impl Iterator<Item = &'static str> {
        let files = [
            (self.up.is_none(), UP_FILE),
            (self.down.is_none(), DOWN_FILE),
            (self.snapshot.is_none(), SNAPSHOT_FILE),
            (self.meta.is_none(), META_FILE),
        ];
        files.into_iter().filter_map(|(missing, file)| missing.then_some(file))
    }
}
