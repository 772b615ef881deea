//! What was generated, run on a database of its own before it is written: up must lead to the snapshot, down back.
//!
//! The database is in memory where the engine can, otherwise it is made on the server for this and dropped at the end. No
//! other database is touched.

mod concerned;
mod replay;
mod run;
mod scratch;

use std::time::Duration;

use self::concerned::Concerned;
pub use self::replay::{Stuck, replay};
use self::scratch::Scratch;
use crate::dialect::live::{Connection, version};
use crate::dialect::{Dialect, too_new};
use crate::diff::Renames;
use crate::drift;
use crate::error::{Drift, Error, Result};
use crate::ident::Qualified;
use crate::ir::Schema;
use crate::journal::{NewMigration, Proof};
use crate::plan::plan;
use crate::runner::{Cancel, Direction};
use crate::snapshot;

/// How long a server may take to answer before nothing is proven: somebody waits at the terminal.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it may all take.
const LIMIT: Duration = Duration::from_secs(20);

/// What came of a proof.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Each migration does what it should, forward and back.
    Proven(Proof),
    /// A migration does not: it must not be written.
    Refuted(Refuted),
    /// Nobody knows, for this reason: a server that is not there, a right that is missing.
    Open(String),
}

/// What is wrong with a migration.
#[derive(Clone, Debug)]
pub struct Refuted {
    /// Its id.
    pub id: String,
    /// Which of its files.
    pub direction: Direction,
    /// What happened.
    pub fault: Fault,
}

/// What a migration did on the scratch database.
#[derive(Clone, Debug)]
pub enum Fault {
    /// A statement failed.
    Statement {
        /// Its SQL.
        sql: String,
        /// Its line in the file, from 1.
        line: usize,
        /// What the engine says.
        message: String,
    },
    /// It left behind another schema than it should: what is there, seen from what should be.
    Differs(Drift),
}

/// Runs new migrations forward and back on a scratch database, from the schema before them.
///
/// `url` is a database on the server that is asked, not needed where the engine runs in memory. Whatever keeps the proof
/// from being made is a [`Verdict::Open`].
///
/// # Errors
///
/// [`Error::Cancelled`], after the scratch database is gone.
pub async fn prove(
    from: &Schema,
    new: &[NewMigration],
    url: Option<&str>,
    dialect: &'static dyn Dialect,
    cancel: &Cancel,
) -> Result<Verdict> {
    let mut scratch = match Scratch::make(url, dialect, PATIENCE).await {
        Ok(scratch) => scratch,
        Err(reason) => return Ok(Verdict::Open(reason)),
    };
    let verdict = tokio::select! {
        () = cancel.cancelled() => Err(Error::Cancelled {
            what: "the proof of what was generated".to_owned(),
            state: "nothing was written".to_owned(),
        }),
        () = tokio::time::sleep(LIMIT) => Ok(Verdict::Open(format!("it took longer than {} s", LIMIT.as_secs()))),
        verdict = judge(from, new, &mut *scratch.connection) => Ok(verdict),
    };
    match scratch.end().await {
        Ok(()) => verdict,
        // What is left behind must be said.
        Err(left) => match verdict? {
            Verdict::Refuted(refuted) => Ok(Verdict::Refuted(refuted)),
            Verdict::Proven(_) | Verdict::Open(_) => Ok(Verdict::Open(left)),
        },
    }
}

async fn judge(from: &Schema, new: &[NewMigration], connection: &mut dyn Connection) -> Verdict {
    match Trial::of(from, new, connection).await {
        Ok(mut trial) => match trial.run(new).await {
            Ok(verdict) => verdict,
            Err(error) => Verdict::Open(error.to_string()),
        },
        Err(reason) => Verdict::Open(reason),
    }
}

/// The migrations on the scratch database, which holds the schema before them.
struct Trial<'a> {
    connection: &'a mut dyn Connection,
    /// The schema before the first, and after each.
    schemas: Vec<Schema>,
    /// Whether nothing in the database names what is not there.
    sound: bool,
}

impl<'a> Trial<'a> {
    async fn of(
        from: &Schema,
        new: &[NewMigration],
        connection: &'a mut dyn Connection,
    ) -> std::result::Result<Self, String> {
        let dialect = connection.dialect();
        let mut schemas = vec![from.clone()];
        for migration in new {
            let read = snapshot::read(&migration.snapshot, dialect).map_err(|error| error.to_string())?;
            schemas.push(read.schema);
        }
        if let Some(theirs) = outside(&schemas, dialect) {
            return Err(format!(
                "`{theirs}` belongs to somebody else and is not on the scratch database"
            ));
        }
        let concerned = Concerned::of(&schemas, dialect);
        schemas.iter_mut().for_each(|schema| concerned.cut(schema));
        let server = version(connection).await.map_err(|error| error.to_string())?;
        for schema in &schemas {
            if let Some(refusal) = too_new(schema, dialect, &server).first() {
                return Err(format!("the server is too old: {refusal}"));
            }
        }
        let mut trial = Self {
            connection,
            schemas,
            sound: true,
        };
        trial.begin().await?;
        Ok(trial)
    }

    /// Makes the schema before the first migration.
    async fn begin(&mut self) -> std::result::Result<(), String> {
        let first = &self.schemas[0];
        if first.is_empty() {
            return Ok(());
        }
        let dialect = self.connection.dialect();
        let cannot = |reason: String| format!("the schema before it cannot be made here: {reason}");
        let made =
            plan(&Schema::default(), first, &Renames::default(), dialect).map_err(|error| cannot(error.to_string()))?;
        let file = crate::plan::write(&[], &made.up, dialect);
        let transaction = made.up.steps.iter().all(|step| step.tx == crate::plan::TxMode::Inside);
        match run::file(self.connection, &file, transaction).await {
            Ok(None) => {}
            Ok(Some(Fault::Statement { message, .. })) => return Err(cannot(message)),
            Ok(Some(Fault::Differs(_))) => {}
            Err(error) => return Err(cannot(error.to_string())),
        }
        match self.differs(0).await {
            Ok(None) => match run::dangling(self.connection, &self.schemas[0]).await {
                Ok(dangling) => {
                    self.sound = dangling.is_none();
                    Ok(())
                }
                Err(error) => Err(cannot(error.to_string())),
            },
            Ok(Some(drift)) => Err(cannot(format!("it comes back as another one ({})", shown(&drift)))),
            Err(error) => Err(cannot(error.to_string())),
        }
    }

    async fn run(&mut self, new: &[NewMigration]) -> Result<Verdict> {
        for (at, migration) in new.iter().enumerate() {
            if let Some(refuted) = self.step(migration, Direction::Up, at + 1).await? {
                return Ok(Verdict::Refuted(refuted));
            }
        }
        for (at, migration) in new.iter().enumerate().rev() {
            if let Some(refuted) = self.step(migration, Direction::Down, at).await? {
                return Ok(Verdict::Refuted(refuted));
            }
        }
        let dialect = self.connection.dialect();
        let server = version(self.connection).await?;
        Ok(Verdict::Proven(Proof {
            up: true,
            down: true,
            engine: format!("{} {server}", dialect.id()),
        }))
    }

    /// Runs one file; `goal` is the schema that it must leave behind.
    async fn step(&mut self, migration: &NewMigration, direction: Direction, goal: usize) -> Result<Option<Refuted>> {
        let file = match direction {
            Direction::Up => &migration.up,
            Direction::Down => &migration.down,
        };
        let fault = match run::file(self.connection, file, migration.meta.transaction).await? {
            Some(fault) => Some(fault),
            None => match self.differs(goal).await? {
                Some(drift) => Some(Fault::Differs(drift)),
                None => self.unsound(file, direction, goal).await?,
            },
        };
        Ok(fault.map(|fault| Refuted {
            id: migration.entry.id.clone(),
            direction,
            fault,
        }))
    }

    /// What a file has made that names what is not there: SQLite takes a view of a table that nobody made, and fails when it is
    /// read. What was so before is not the file's doing.
    async fn unsound(&mut self, file: &str, direction: Direction, goal: usize) -> Result<Option<Fault>> {
        if !self.sound || direction == Direction::Down {
            return Ok(None);
        }
        let Some(message) = run::dangling(self.connection, &self.schemas[goal]).await? else {
            return Ok(None);
        };
        Ok(run::maker(file, &message, self.connection.dialect()))
    }

    async fn differs(&mut self, goal: usize) -> Result<Option<Drift>> {
        Ok(drift::drift(self.connection, &self.schemas[goal]).await?.drift())
    }
}

/// A table of somebody else that something in the schemas needs.
fn outside<'a>(schemas: &'a [Schema], dialect: &dyn Dialect) -> Option<&'a Qualified> {
    let mut theirs = schemas.iter().flat_map(|schema| &schema.unmanaged);
    theirs.find(|name| {
        schemas.iter().any(|schema| {
            let mut keys = schema.tables.values().flat_map(|table| table.foreign_keys.values());
            let mut objects = schema.objects.iter();
            keys.any(|key| key.references == **name)
                || objects.any(|(id, object)| {
                    let uses = dialect.uses(id, object);
                    id.on.as_ref() == Some(*name) || uses.held.says(name) || uses.said.says(name)
                })
        })
    })
}

fn shown(drift: &Drift) -> String {
    let signs = [("+", &drift.added), ("-", &drift.removed), ("~", &drift.changed)];
    let all = signs
        .iter()
        .flat_map(|(sign, things)| things.iter().map(move |thing| format!("{sign} {thing}")));
    all.collect::<Vec<_>>().join(", ")
}
