//! The migrations of a source, as the runner needs them.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::policy::{Direction, Known, Progress, Work};
use super::script::{Planned, Source, Statement};
use crate::dialect::Dialect;
use crate::diff::{RemovedValues, apply, invert, removed_enum_values};
use crate::error::{Error, Result};
use crate::ir::Schema;
use crate::journal::{self, Folder, JOURNAL_FILE, Replaced};
use crate::plan;

/// A folder of migrations, read: those that the journal lists, by id.
pub(super) struct Material {
    pub(super) migrations: Vec<Migration>,
    folder: Folder,
    dialect: &'static dyn Dialect,
}

/// One migration.
pub(super) struct Migration {
    pub(super) known: Known,
    pub(super) name: String,
    pub(super) transaction: bool,
    /// Those that it stands for.
    pub(super) replaces: Vec<Replaced>,
}

impl Material {
    pub(super) fn read(source: &Source, dialect: &'static dyn Dialect) -> Result<Self> {
        let folder = match source {
            Source::Folder(path) => journal::read(path, dialect)?,
            Source::Embedded(embedded) => embedded.folder(dialect)?,
        };
        let mut migrations = folder
            .journal
            .entries
            .iter()
            .map(|entry| migration(&folder, entry, dialect))
            .collect::<Result<Vec<_>>>()?;
        // The order of the ids is the order of the journal, unless a merge has mixed its lines.
        migrations.sort_by(|a, b| a.known.id.cmp(&b.known.id));
        let mut seen = BTreeSet::new();
        for one in &migrations {
            if !seen.insert(&one.known.id) {
                return Err(Error::folder(
                    format!("{}/{JOURNAL_FILE}", folder.path),
                    format!(
                        "it lists `{}` twice, as a merge may leave it; `cargo kickdb migrate rebase` puts it in order",
                        one.known.id
                    ),
                ));
            }
        }
        Ok(Self {
            migrations,
            folder,
            dialect,
        })
    }

    /// Where it is, for messages.
    pub(super) fn path(&self) -> &str {
        &self.folder.path
    }

    pub(super) fn known(&self) -> Vec<Known> {
        self.migrations
            .iter()
            .map(|migration| migration.known.clone())
            .collect()
    }

    /// What is there and not in the journal.
    pub(super) fn unlisted(&self) -> Vec<String> {
        self.folder.unlisted().map(str::to_owned).collect()
    }

    /// What is worth a word about the folder.
    pub(super) fn notes(&self) -> Vec<String> {
        let left = |id| {
            format!(
                "the folder `{id}` is not in the journal and is left alone; `cargo kickdb migrate verify` says what to do about it"
            )
        };
        self.folder.unlisted().map(left).collect()
    }

    /// The enum values that go when the migration at `index` runs.
    pub(super) fn losses(&self, index: usize, direction: Direction) -> Result<Vec<RemovedValues>> {
        let (from, changes) = self.folder.changes(&self.migrations[index].known.id, self.dialect)?;
        Ok(match direction {
            Direction::Up => removed_enum_values(&from, &changes),
            Direction::Down => removed_enum_values(&apply(&changes, &from), &invert(&changes)),
        })
    }

    /// What the database is where a migration puts drift right.
    pub(super) fn starts_from(&self, work: &Work) -> Option<&str> {
        let files = self.folder.migration(&self.migrations[work.index].known.id)?;
        let meta = files.meta.as_ref().filter(|_| work.direction == Direction::Up)?;
        meta.starts_from.as_deref()
    }

    /// The schema that a migration leaves behind.
    pub(super) fn schema_of(&self, id: &str) -> Result<Schema> {
        Ok(self.folder.snapshot(id, self.dialect)?.schema)
    }

    /// The statements of what is to run.
    pub(super) fn planned(&self, work: &[Work]) -> Vec<Planned> {
        work.iter().map(|work| self.planned_one(work)).collect()
    }

    /// The hash of the first so many statements of a migration.
    pub(super) fn begun(&self, index: usize, direction: Direction, number: usize) -> String {
        let planned = self.planned_one(&Work {
            index,
            direction,
            hash: String::new(),
            done: 0,
            attempted: 0,
        });
        planned.begun(number).to_owned()
    }

    /// The statements of a migration that stopped half-way.
    pub(super) fn planned_at(&self, index: usize, progress: &Progress) -> Planned {
        self.planned_one(&Work {
            index,
            direction: progress.direction,
            hash: progress.hash.clone(),
            done: progress.done,
            attempted: progress.attempted,
        })
    }

    fn planned_one(&self, work: &Work) -> Planned {
        let migration = &self.migrations[work.index];
        let files = self.folder.migration(&migration.known.id);
        let text = files.and_then(|files| match work.direction {
            Direction::Up => files.up.as_deref(),
            Direction::Down => files.down.as_deref(),
        });
        let script = plan::read(text.unwrap_or_default(), self.dialect);
        let statement = |statement: &plan::Statement<'_>| Statement {
            sql: statement.sql.to_owned(),
            line: statement.line,
        };
        Planned {
            id: migration.known.id.clone(),
            name: migration.name.clone(),
            direction: work.direction,
            statements: script.statements.iter().map(statement).collect(),
            // A script that runs without foreign keys is checked as a whole; what `meta.json` says is for those who run the
            // file as it is.
            transaction: migration.transaction || script.session.foreign_keys_off,
            foreign_keys_off: script.session.foreign_keys_off,
            done: work.done,
            attempted: work.attempted,
            hash: work.hash.clone(),
            actual: migration.known.actual.clone(),
            chain: OnceLock::new(),
        }
    }
}

fn migration(folder: &Folder, entry: &journal::Entry, dialect: &dyn Dialect) -> Result<Migration> {
    let Some(files) = folder.migration(&entry.id) else {
        return Ok(Migration {
            known: Known {
                id: entry.id.clone(),
                recorded: entry.hash.clone(),
                ..Known::default()
            },
            name: entry.tag.clone(),
            transaction: true,
            replaces: entry.replaces.clone(),
        });
    };
    let Some(actual) = files.hash_on_disk.clone() else {
        let missing: Vec<&str> = files.missing().collect();
        return Err(Error::folder(
            format!("{}/{}", folder.path, entry.id),
            format!("{} is missing; restore it from version control", missing.join(" and ")),
        ));
    };
    let lexis = dialect.lexis();
    let nothing_in = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default();
        plan::statements(text, lexis).is_empty()
    };
    Ok(Migration {
        known: Known {
            id: entry.id.clone(),
            present: true,
            recorded: entry.hash.clone(),
            same_meaning: entry.semantic_hash.is_some() && entry.semantic_hash == files.meaning(lexis),
            actual,
            reviewed: files.reviewed(),
            previous: files.meta.as_ref().and_then(|meta| meta.previous_id.clone()),
            reversible: !nothing_in(&files.down) || nothing_in(&files.up),
        },
        name: entry.tag.clone(),
        replaces: entry.replaces.clone(),
        // Where DDL commits by itself, a transaction around it would only hide how far it came.
        transaction: files.transaction() && dialect.caps().transactional_ddl,
    })
}
