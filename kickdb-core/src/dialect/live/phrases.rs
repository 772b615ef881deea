//! How an engine says what the runner needs.

use std::time::Duration;

use super::{Arg, Connection};
use crate::error::Result;

/// How an engine says what the runner needs. Values are bound as `$1`, `$2`, … in the order of the arguments.
#[derive(Debug)]
pub struct Phrases {
    /// The tables of the bookkeeping, each safe to run again; `{p}` is the place where they are, with its dot.
    pub tables: &'static [&'static str],
    /// Gives one row: the schema of the bookkeeping (`$1` where it was asked for, NULL where there are none) and, as `1` or
    /// `0`, whether every table of the bookkeeping and whether `kick_migrations` is there. No row where the schema does not exist.
    pub place: &'static str,
    /// Opens a transaction that may write, and sees what others have committed.
    pub begin: &'static str,
    /// Now, by the database's clock, as the tracking tables keep it.
    pub now: &'static str,
    /// Now, by the database's clock, in milliseconds since 1970 as a whole number.
    pub millis: &'static str,
    /// The server's version.
    pub version: &'static str,
    /// The name of the type that a value is cast to in order to be read.
    pub text: &'static str,
    /// Bytes as text of hexadecimal digits in lower case; `{}` is the column.
    pub hex: &'static str,
    /// A point in time as ISO 8601 text in UTC; `{}` is the column.
    pub utc: &'static str,
    /// The other way round: such a text, as the tracking tables keep a point in time; `{}` is the text.
    pub moment: &'static str,
    /// What is behind a code of the server's errors.
    pub refusal: fn(&str) -> Refusal,
    /// Whether a statement commits by itself, or cannot run in a transaction: then it and its record cannot be one.
    pub stands_alone: fn(&str) -> bool,
    /// Limits how long a statement may wait for a lock, and run.
    pub limits: fn(&Limits) -> Vec<String>,
    /// Takes the limits back.
    pub unlimited: &'static [&'static str],
    /// The lock of the server's session, where the engine has one.
    pub session: Option<SessionLock>,
    /// Foreign keys that can be switched off for a connection, where the engine needs that for a rebuild.
    pub foreign_keys: Option<ForeignKeys>,
    /// What a table that is made anew loses, where the engine alters tables that way.
    pub rebuild: Option<Rebuild>,
    /// Asks how many rows a table has, as one number: about, and without reading a big one. The arguments are its schema, where
    /// one is said, and its name, whatever their case. No row where there is no such table.
    pub rows: fn(Option<&str>, &str) -> (String, Vec<Arg>),
    /// Asks who has, or may have, the table of schema `$1` (NULL where none is said) and name `$2` so that a statement waits for it:
    /// a session in each row, in words, with the statement that ends it.
    pub holders: Option<&'static str>,
    /// Statements that make the first attempt to write fail at once when another connection writes, and undo that.
    pub impatient: Option<(&'static str, &'static str)>,
    /// Statements that make the catalog queries read the schema of the connection alone, and undo that, where others may be
    /// somebody else's.
    pub one_schema: Option<(&'static str, &'static str)>,
    /// How all catalog queries see one moment, where the engine can do that.
    pub snapshot: Option<Snapshot>,
    /// Statements that find the rows for which another statement fails, the last of them a query of their names; `None` for a
    /// statement that does not fail for rows. They run in the transaction of that one, and just before it.
    pub culprits: Option<Culprits>,
}

/// Statements that find the rows for which another statement fails.
pub type Culprits = fn(&str) -> Option<Vec<String>>;

/// How an engine lets several queries see one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// Opens a transaction that only reads, and always sees what it saw first.
    pub begin: &'static str,
    /// Asked last in that transaction: an empty text where nobody has written anything since it began, else the fingerprint
    /// of the catalog as the transaction sees it.
    pub changed: &'static str,
    /// The fingerprint of the catalog: a text that is another one once anybody has changed a schema.
    pub fingerprint: &'static str,
}

/// The lock that a server's session holds: it lives exactly as long as the session.
#[derive(Debug)]
pub struct SessionLock {
    /// Tries to take it: `1` or `0`. Never waits, because a waiting session counts as a running transaction, which a
    /// concurrent index build of the holder would wait for.
    pub try_take: &'static str,
    /// Gives it back.
    pub release: &'static str,
    /// Who holds it: the session's id, and what it is doing: `idle`, `waiting` (for its client, in the middle of a transaction) or
    /// anything else. No row where nobody does.
    pub holder: &'static str,
    /// The id of this session.
    pub id: &'static str,
    /// Stops the statement that the session `$1` is running.
    pub interrupt: &'static str,
    /// Ends the session `$1`, with the transaction that it has open.
    pub end: &'static str,
}

/// How foreign keys are switched off and looked after.
#[derive(Debug)]
pub struct ForeignKeys {
    /// Whether they are on: `1` or `0`.
    pub are_on: &'static str,
    /// Switches them off. Of no effect inside a transaction.
    pub off: &'static str,
    /// Switches them on.
    pub on: &'static str,
    /// The rows that point to nothing: table, row, table pointed to.
    pub violations: &'static str,
}

/// What hangs on a table and goes with it when it is made anew, although nobody said so.
#[derive(Debug)]
pub struct Rebuild {
    /// What a statement does to a table, as far as it matters here.
    pub step: fn(&str) -> Option<RebuildStep>,
    /// What hangs on the table `$1`: its name, and the statement that makes it again.
    pub hanging: &'static str,
    /// A statement that fails where something in the database names what is not there, between one that prepares for it
    /// and one that leaves nothing of it.
    pub trial: [&'static str; 3],
    /// Whether it failed for a table or column that is not there, by what the engine says: a function may be an application's own.
    pub names_nothing: fn(&str) -> bool,
}

impl Rebuild {
    /// Whether anything in the database names what is not there: the engine's error then.
    pub(crate) async fn try_out(&self, connection: &mut dyn Connection) -> Result<()> {
        let [before, trial, after] = self.trial;
        connection.execute(before).await?;
        let outcome = connection.execute(trial).await;
        connection.execute(after).await?;
        outcome.map(drop)
    }
}

/// One step in making a table anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RebuildStep {
    /// A table of that name is made.
    Create(String),
    /// The table of that name goes.
    Drop(String),
    /// A table takes another name.
    Rename {
        /// The name before.
        from: String,
        /// The name after.
        to: String,
    },
    /// The engine is told not to look at what hangs on the tables that change from here on.
    Unchecked,
}

/// How long a statement of a migration may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long it may wait for a lock; `None` is for ever.
    pub lock: Option<Duration>,
    /// How long it may run; `None` is for ever.
    pub statement: Option<Duration>,
    /// Whether the limits end with the transaction.
    pub local: bool,
}

/// What is behind a server's error, as far as the runner does something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody else was in the way; the same may succeed later.
    Busy,
    /// The user may not do it, or what it needs is not installed.
    Forbidden,
    /// What was to be created is there already, or is being created by somebody else at this moment.
    Exists,
    /// The statement took longer than it may, or was stopped from outside.
    Stopped,
    /// Anything else.
    Other,
}
