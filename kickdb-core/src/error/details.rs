//! What the errors that need more than a sentence are made of, and how each shows itself.

use std::fmt;

use super::Source;

/// Who holds the migration lock.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockHeld {
    /// The holder: program, process and host.
    pub by: String,
    /// Since when, as the database wrote it.
    pub since: String,
    /// Whether the holder still gives signs of life; `None` where that cannot be told.
    pub alive: Option<bool>,
}

impl LockHeld {
    /// A lock held by `by` since `since`.
    #[must_use]
    pub fn new(by: impl Into<String>, since: impl Into<String>, alive: Option<bool>) -> Self {
        Self {
            by: by.into(),
            since: since.into(),
            alive,
        }
    }
}

impl fmt::Display for LockHeld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the migration lock is held by {}", self.by)?;
        if !self.since.is_empty() {
            write!(f, " since {}", self.since)?;
        }
        f.write_str(match self.alive {
            Some(true) => ", which is alive; wait for it with `--wait 60s`",
            Some(false) => ", which gives no sign of life; the lock is taken over once its lease has run out, so run the command again in a moment",
            None => "; wait for it with `--wait 60s`. It gives no signs of life by which it could be known to be dead: where nothing of it \
                     runs any more, give the lock back with `UPDATE kick_migrations_lock SET locked_at = NULL, locked_by = NULL`",
        })
    }
}

/// How the live schema differs from the last applied snapshot; each entry names one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// In the database, not in the snapshot.
    pub added: Vec<String>,
    /// In the snapshot, not in the database.
    pub removed: Vec<String>,
    /// In both, but not the same.
    pub changed: Vec<String>,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the database is not what the last applied migration left behind:")?;
        for (what, objects) in [
            ("added", &self.added),
            ("removed", &self.removed),
            ("changed", &self.changed),
        ] {
            if !objects.is_empty() {
                write!(f, "\n  {what}: {}", objects.join(", "))?;
            }
        }
        f.write_str("\nrun `cargo kickdb drift` to see it in full; `drift_check = \"warn\"` lets the migration go on")
    }
}

/// A migration whose files do not match their recorded hash.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HashMismatch {
    /// The migration's id.
    pub id: String,
    /// The recorded hash.
    pub expected: String,
    /// The hash of the files as they are.
    pub actual: String,
    /// Which of the files differs from the last commit, where git knows.
    pub file: Option<String>,
    /// Where the expected hash was recorded: the journal or the database.
    pub recorded_in: &'static str,
}

impl HashMismatch {
    /// A mismatch between a recorded hash and the files.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        expected: impl Into<String>,
        actual: impl Into<String>,
        recorded_in: &'static str,
    ) -> Self {
        Self {
            id: id.into(),
            expected: expected.into(),
            actual: actual.into(),
            file: None,
            recorded_in,
        }
    }
}

impl fmt::Display for HashMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "migration `{}` was changed after it was generated: its files hash to {}, {} says {}",
            self.id, self.actual, self.recorded_in, self.expected
        )?;
        if let Some(file) = &self.file {
            write!(f, "; `{file}` differs from the last commit")?;
        }
        if self.recorded_in.starts_with("its progress") {
            return f.write_str(
                "; the statements that have run must be as they were, what comes behind them may be changed",
            );
        }
        f.write_str("; restore the file, or generate a new migration for the change")?;
        if self.recorded_in == "the database" {
            write!(
                f,
                "; where the database is right all the same, `cargo kickdb migrate accept {} --reason \"…\"` records the files as they are",
                self.id
            )?;
        }
        if self.recorded_in == "the journal" {
            write!(
                f,
                "; where the change is meant, `cargo kickdb migrate review {}` shows the files and records them as they are",
                self.id
            )?;
        }
        Ok(())
    }
}

/// Values that a migration removes from an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnumDrop {
    /// The migration's id.
    pub id: String,
    /// The enum, or the column that holds its values.
    pub name: String,
    /// The values that go.
    pub values: Vec<String>,
    /// The columns that use the enum, as `table.column`.
    pub columns: Vec<String>,
}

impl EnumDrop {
    /// A removal of `values` from the enum `name` by the migration `id`.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, values: Vec<String>, columns: Vec<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            values,
            columns,
        }
    }
}

impl fmt::Display for EnumDrop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "migration `{}` removes {} from the enum `{}`",
            self.id,
            quoted(&self.values),
            self.name
        )?;
        if !self.columns.is_empty() {
            write!(f, ", used by {}", self.columns.join(", "))?;
        }
        f.write_str("; rows that still hold a removed value make it fail. Change those rows first, then allow it with `--confirm-enum-drop`")
    }
}

/// A statement of a migration that the server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MigrationFailed {
    /// The migration's id.
    pub id: String,
    /// Which of its statements, from 1.
    pub statement: usize,
    /// The statement.
    pub sql: String,
    /// The file, `up.sql` or `down.sql`.
    pub file: String,
    /// The line in the file, from 1.
    pub line: usize,
    /// The server's own message.
    pub message: String,
    /// What state the database is left in.
    pub state: String,
}

impl MigrationFailed {
    /// A failure of statement number `statement` of `file` in migration `id`.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        file: impl Into<String>,
        statement: usize,
        line: usize,
        sql: &str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            statement,
            sql: sql.to_owned(),
            file: file.into(),
            line,
            message: message.into(),
            state: String::new(),
        }
    }
}

impl fmt::Display for MigrationFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "migration `{}` failed at statement {} ({} line {}): {}\n  {}",
            self.id,
            self.statement,
            self.file,
            self.line,
            self.message,
            self.sql.trim().replace('\n', "\n  ")
        )?;
        if !self.state.is_empty() {
            write!(f, "\n{}", self.state)?;
        }
        Ok(())
    }
}

/// A constraint that a row broke.
#[derive(Debug)]
#[non_exhaustive]
pub struct Violation {
    /// What kind of constraint, in words.
    pub kind: &'static str,
    /// The constraint's name, where the engine tells it.
    pub constraint: Option<String>,
    /// The table, where the engine tells it.
    pub table: Option<String>,
    /// The columns, where the engine tells them.
    pub columns: Vec<String>,
    /// The engine's own detail.
    pub detail: String,
    /// The driver's error.
    pub source: Option<Source>,
}

impl Violation {
    /// A violation of a constraint of this kind (`"unique"`, `"foreign key"`, `"not null"`, `"check"`, `"exclusion"`).
    #[must_use]
    pub fn new(kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            constraint: None,
            table: None,
            columns: Vec::new(),
            detail: detail.into(),
            source: None,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} constraint was broken", self.kind)?;
        if let Some(table) = &self.table {
            write!(f, " in `{table}`")?;
        }
        if !self.columns.is_empty() {
            write!(f, " by {}", quoted(&self.columns))?;
        }
        if let Some(constraint) = &self.constraint {
            write!(f, " (`{constraint}`)")?;
        }
        write!(f, ": {}", self.detail)
    }
}

fn quoted(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
