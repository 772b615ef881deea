use std::time::Duration;

use super::apply::{Count, Open, Session};
use super::checks::decided;
use super::client_words;
use super::lock::{self, Lock, Terms};
use super::material::Material;
use super::observe::{Event, Observers};
use super::options::Options;
use super::owner::owner;
use super::policy::{Direction, Goal};
use super::script::{Planned, Source};
use super::status::{Standing, standings};
use super::tracking::{Tracking, roll_back};
use crate::dialect::live::{Connection, connect};
use crate::error::{Error, Result};

/// Applies and reverses migrations over one connection.
///
/// ```no_run
/// # async fn example() -> kickdb_core::Result<()> {
/// use kickdb_core::runner::{Options, Runner, Source};
///
/// let source = Source::Folder("migrations".into());
/// let mut runner = Runner::connect("sqlite://app.db", source, Options::default()).await?;
/// let report = runner.latest().await?;
/// println!("{} migrations applied", report.done.len());
/// runner.close().await
/// # }
/// ```
pub struct Runner {
    pub(super) connection: Box<dyn Connection>,
    source: Source,
    pub(super) options: Options,
    pub(super) observers: Observers,
    /// What a run that was dropped in the middle has left set on the connection.
    open: Open,
    /// The name under which such a run held the lock.
    held: Option<(Tracking, String)>,
}

/// The lock, and what there is to work with under it.
pub(super) struct Held {
    pub(super) material: Material,
    pub(super) tracking: Tracking,
    pub(super) lock: Lock,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The migrations that ran, in order.
    pub done: Vec<Done>,
    /// The batch that applied migrations were recorded under; `None` where none was applied.
    pub batch: Option<i64>,
    /// What was accepted but is worth a word.
    pub notes: Vec<String>,
}

/// A migration that ran.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Done {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Up or down.
    pub direction: Direction,
    /// How long it took.
    pub took: Duration,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner")
            .field("target", &self.connection.target())
            .field("source", &self.source)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Runner {
    /// A runner over an open connection.
    #[must_use]
    pub fn new(connection: Box<dyn Connection>, source: Source, options: Options) -> Self {
        Self {
            connection,
            source,
            options,
            observers: Observers::default(),
            open: Open::default(),
            held: None,
        }
    }

    /// A runner over a connection of its own.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached.
    pub async fn connect(url: &str, source: Source, options: Options) -> Result<Self> {
        Ok(Self::new(connect(url).await?, source, options))
    }

    /// Has every [`Event`] of later runs told to `observer`: before and after each migration, before each statement, while it
    /// waits for the lock, when something failed. It is called in the middle of the run, so it should be quick.
    ///
    /// ```no_run
    /// # async fn example() -> kickdb_core::Result<()> {
    /// use kickdb_core::runner::{Event, Options, Runner, Source};
    ///
    /// let source = Source::Folder("migrations".into());
    /// let mut runner = Runner::connect("sqlite://app.db", source, Options::default()).await?;
    /// runner.observe(|event| match event {
    ///     Event::Started { id, number, of, .. } => println!("{number} of {of}: {id}"),
    ///     Event::Finished { id, took, .. } => println!("{id} took {} ms", took.as_millis()),
    ///     Event::Waiting { by, since } => println!("waiting for {by}, at work since {since}"),
    ///     _ => {}
    /// });
    /// runner.latest().await?;
    /// runner.close().await
    /// # }
    /// ```
    pub fn observe(&mut self, observer: impl FnMut(&Event<'_>) + Send + 'static) {
        self.observers.add(observer);
    }

    /// The connection, for what comes before or after a run.
    pub fn connection(&mut self) -> &mut dyn Connection {
        &mut *self.connection
    }

    /// Closes the connection.
    ///
    /// # Errors
    ///
    /// When the server does not hear it.
    pub async fn close(self) -> Result<()> {
        self.connection.close().await
    }

    /// Applies everything that is pending, as one batch.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn latest(&mut self) -> Result<Report> {
        self.run(&Goal::Latest).await
    }

    /// Applies the next pending migration.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn up(&mut self) -> Result<Report> {
        self.run(&Goal::Up).await
    }

    /// Reverses the most recent migration.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn down(&mut self) -> Result<Report> {
        self.run(&Goal::Down).await
    }

    /// Reverses the last batch, newest first, in one transaction where that is possible.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn rollback(&mut self) -> Result<Report> {
        self.run(&Goal::Rollback).await
    }

    /// Reverses everything.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn rollback_all(&mut self) -> Result<Report> {
        self.run(&Goal::RollbackAll).await
    }

    /// Reverses the most recent migration and applies it again.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn redo(&mut self) -> Result<Report> {
        self.run(&Goal::Redo).await
    }

    /// Reverses everything and applies everything.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn reset(&mut self) -> Result<Report> {
        self.run(&Goal::Reset).await
    }

    /// Applies or reverses until `id` is the newest applied migration.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn to(&mut self, id: impl Into<String>) -> Result<Report> {
        self.run(&Goal::To(id.into())).await
    }

    /// What a goal would run at this moment. Writes nothing, and takes no lock.
    ///
    /// # Errors
    ///
    /// Whatever would refuse the run before its first write, but for the lock and drift.
    pub async fn plan(&mut self, goal: &Goal) -> Result<Vec<Planned>> {
        self.recover().await?;
        let (material, tracking) = self.look().await?;
        let found = self.found(&material, &tracking).await?;
        let decision = decided(goal, &material, &found, &self.options)?;
        let planned = material.planned(&decision.work);
        client_words::refuse(&planned, material.path())?;
        Ok(planned)
    }

    /// Everything in the folder and everything applied, by id. Writes nothing, and takes no lock.
    ///
    /// # Errors
    ///
    /// When the folder or the database cannot be read.
    pub async fn status(&mut self) -> Result<Vec<Standing>> {
        self.recover().await?;
        let (material, tracking) = self.look().await?;
        let found = match self.found(&material, &tracking).await {
            // What stands in the way of a run is shown as it is.
            Err(Error::Validation { .. } | Error::HashMismatch(_)) => tracking.read(&mut *self.connection).await?,
            other => other?,
        };
        Ok(standings(&material, &found))
    }

    /// Does what a goal says.
    ///
    /// # Errors
    ///
    /// Before anything is written: [`Error::LockHeld`], [`Error::Missing`], [`Error::OutOfOrder`], [`Error::Diverged`],
    /// [`Error::HashMismatch`], [`Error::Unreviewed`], [`Error::EnumDrop`], [`Error::Drift`], and [`Error::Folder`] where
    /// the migrations cannot be read. Later: [`Error::MigrationFailed`] and [`Error::Cancelled`], which say what state is
    /// left. Migrations of the same run that were done before stay applied.
    pub async fn run(&mut self, goal: &Goal) -> Result<Report> {
        let held = self.hold().await?;
        let outcome = self.locked(goal, &held).await;
        self.let_go(held, outcome).await
    }

    /// Reads what there is to work with, without the lock and without writing.
    pub(super) async fn look(&mut self) -> Result<(Material, Tracking)> {
        let material = Material::read(&self.source, self.connection.dialect())?;
        let schema = self.options.tracking_schema.as_ref();
        let tracking = Tracking::find(&mut *self.connection, schema).await?;
        Ok((material, tracking))
    }

    /// Takes the lock, and reads what there is to work with.
    pub(super) async fn hold(&mut self) -> Result<Held> {
        self.recover().await?;
        let material = Material::read(&self.source, self.connection.dialect())?;
        let schema = self.options.tracking_schema.as_ref();
        let tracking = Tracking::create(&mut *self.connection, schema).await?;
        let terms = Terms {
            owner: owner(&self.options.applied_by),
            wait: self.options.lock_wait,
            lease: self.options.lease,
        };
        self.held = Some((tracking.clone(), terms.owner.clone()));
        let taken = Lock::take(
            &mut *self.connection,
            &tracking,
            terms,
            &self.options.cancel,
            &mut self.observers,
        )
        .await;
        match taken {
            Ok(lock) => Ok(Held {
                material,
                tracking,
                lock,
            }),
            Err(error) => {
                self.held = None;
                Err(error)
            }
        }
    }

    /// Gives the lock back; what the work says matters more than an error on the way out.
    pub(super) async fn let_go<T>(&mut self, held: Held, outcome: Result<T>) -> Result<T> {
        let released = held.lock.release(&mut *self.connection).await;
        self.held = None;
        let outcome = outcome?;
        released?;
        Ok(outcome)
    }

    async fn locked(&mut self, goal: &Goal, held: &Held) -> Result<Report> {
        let found = self.found_held(held).await?;
        let Held {
            material,
            tracking,
            lock,
        } = held;
        let decision = decided(goal, material, &found, &self.options)?;
        let planned = material.planned(&decision.work);
        client_words::refuse(&planned, material.path())?;
        for note in &decision.notes {
            self.observers.tell(&Event::Note(note));
        }
        let mut report = Report {
            notes: decision.notes,
            ..Report::default()
        };
        if planned.is_empty() {
            return Ok(report);
        }
        self.check_version(material, &decision.work).await?;
        // A migration that stopped half-way leaves a schema that no snapshot tells of.
        if found.progress.is_empty() {
            self.check_drift(material, &found, decision.work.first(), &mut report)
                .await?;
        }
        let batch = 1 + found.applied.iter().map(|row| row.batch).max().unwrap_or_default();
        let mut session = Session {
            connection: &mut *self.connection,
            tracking,
            lock,
            options: &self.options,
            observers: &mut self.observers,
            open: &mut self.open,
        };
        work(&mut session, goal, &planned, batch, &mut report).await?;
        Ok(report)
    }

    /// Undoes what a run that was dropped in the middle has left open on this connection.
    pub(super) async fn recover(&mut self) -> Result<()> {
        if self.open.transaction {
            roll_back(&mut *self.connection).await;
            self.open.transaction = false;
        }
        let phrases = self.connection.phrases();
        if let Some(keys) = phrases.foreign_keys.as_ref().filter(|_| self.open.foreign_keys_off) {
            self.connection.execute(keys.on).await?;
        }
        if self.open.limits {
            for sql in phrases.unlimited {
                self.connection.execute(sql).await?;
            }
        }
        self.open = Open::default();
        if let Some((tracking, owner)) = self.held.take() {
            lock::release(&mut *self.connection, &tracking, &owner).await?;
            if let Some(session) = &phrases.session {
                self.connection.execute(session.release).await?;
            }
        }
        Ok(())
    }
}

/// Runs what was planned: a rollback as a whole where every part can be rolled back itself, else one by one.
async fn work(
    session: &mut Session<'_>,
    goal: &Goal,
    planned: &[Planned],
    batch: i64,
    report: &mut Report,
) -> Result<()> {
    let whole = matches!(goal, Goal::Rollback | Goal::RollbackAll)
        && session.connection.dialect().caps().transactional_ddl
        && planned.iter().all(|one| one.transaction);
    let size = if whole { planned.len() } else { 1 };
    for (index, group) in planned.chunks(size).enumerate() {
        let count = Count {
            number: index * size + 1,
            of: planned.len(),
        };
        let took = match group {
            [one] if !one.transaction => session.stepwise(one, batch, count).await.map(|took| vec![took]),
            group => session.together(group, batch, count).await,
        };
        let took = took.inspect_err(|error| {
            session.observers.tell(&Event::Failed {
                id: &group[0].id,
                error,
            });
        })?;
        report.done.extend(group.iter().zip(took).map(|(one, took)| Done {
            id: one.id.clone(),
            name: one.name.clone(),
            direction: one.direction,
            took,
        }));
        if group.iter().any(|one| one.direction == Direction::Up) {
            report.batch = Some(batch);
        }
    }
    Ok(())
}
