use super::{Files, Folder};
use crate::dialect::Dialect;
use crate::error::Result;

/// A migrations folder that was compiled into the program.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// What the folder is called in messages, relative to the package.
    pub path: &'static str,
    /// The text of `_journal.json`; `None` where there was none.
    pub journal: Option<&'static str>,
    /// The migrations.
    pub migrations: &'static [EmbeddedMigration],
}

/// The files of one migration that was compiled into the program.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedMigration {
    /// Its id.
    pub id: &'static str,
    /// `up.sql`.
    pub up: Option<&'static str>,
    /// `down.sql`.
    pub down: Option<&'static str>,
    /// `snapshot.json`.
    pub snapshot: Option<&'static str>,
    /// `meta.json`.
    pub meta: Option<&'static str>,
}

impl Embedded {
    /// The folder as it was on disk.
    ///
    /// # Errors
    ///
    /// As for a folder on disk: when the journal or a `meta.json` is damaged, or the journal is of another version or dialect.
    pub fn folder(&self, dialect: &dyn Dialect) -> Result<Folder> {
        let owned = |text: Option<&'static str>| text.map(str::to_owned);
        let migrations = self.migrations.iter().map(|migration| {
            let files = Files {
                up: owned(migration.up),
                down: owned(migration.down),
                snapshot: owned(migration.snapshot),
                meta: owned(migration.meta),
            };
            (migration.id.to_owned(), files)
        });
        Folder::from_texts(self.path, self.journal, migrations.collect(), dialect)
    }
}
