//! What is looked at before the first write: the rules of a run, the server's version, drift.

use super::material::Material;
use super::observe::Event;
use super::options::{DriftCheck, Options};
use super::policy::{Decision, Direction, Found, Gates, Goal, Work, decide};
use super::run::{Report, Runner};
use crate::dialect::live::version;
use crate::dialect::too_new;
use crate::drift::{drift, drift_of_one_schema};
use crate::error::{Error, Result};
use crate::ir::Schema;
use crate::journal::fingerprint;

/// How often a database is looked at anew that somebody migrates meanwhile.
const READINGS: usize = 5;

/// What runs for a goal, or why nothing may run.
pub(super) fn decided(goal: &Goal, material: &Material, found: &Found, options: &Options) -> Result<Decision> {
    let losses = |index, direction| material.losses(index, direction);
    let begun = |index, direction, number| material.begun(index, direction, number);
    let unlisted = material.unlisted();
    let gates = Gates {
        require_reviewed: options.require_reviewed,
        confirm_enum_drop: options.confirm_enum_drop,
        folder: material.path(),
        unlisted: &unlisted,
        losses: &losses,
        begun: &begun,
    };
    let mut decision = decide(goal, &material.known(), found, &gates)?;
    decision.notes.extend(material.notes());
    Ok(decision)
}

impl Runner {
    /// Refuses what this server is too old for. The last migration to be applied speaks for all: what only one in between
    /// needs is refused by the server itself.
    pub(super) async fn check_version(&mut self, material: &Material, work: &[Work]) -> Result<()> {
        let last = work.iter().rev().find(|work| work.direction == Direction::Up);
        let Some(id) = last.map(|work| &material.migrations[work.index].known.id) else {
            return Ok(());
        };
        let dialect = self.connection.dialect();
        let version = version(&mut *self.connection).await?;
        let refusals = too_new(&material.schema_of(id)?, dialect, &version);
        if refusals.is_empty() {
            return Ok(());
        }
        let refusals: Vec<String> = refusals.iter().map(ToString::to_string).collect();
        Err(Error::Unsupported {
            feature: format!("what migration `{id}` leaves behind"),
            dialect: dialect.title(),
            hint: refusals.join("; "),
        })
    }

    /// Refuses, or tells, what the database has that the last applied migration did not leave behind, and the other way round.
    pub(super) async fn check_drift(
        &mut self,
        material: &Material,
        found: &Found,
        next: Option<&Work>,
        report: &mut Report,
    ) -> Result<()> {
        if self.options.drift_check == DriftCheck::Ignore {
            return Ok(());
        }
        let expected = match found.applied.last() {
            Some(row) => material.schema_of(&row.id)?,
            None => Schema::default(),
        };
        // Before the first migration everything that is there is somebody else's, and none of it is drift.
        if found.applied.is_empty() {
            return Ok(());
        }
        let compared = match self.options.one_schema {
            true => drift_of_one_schema(&mut *self.connection, &expected).await?,
            false => Some(drift(&mut *self.connection, &expected).await?),
        };
        let Some(compared) = compared else {
            let note = "whether the database drifted is not looked at: through a pooler the schemas of the other tenants cannot be left out";
            report.notes.push(note.to_owned());
            return Ok(());
        };
        let open = compared.unsettled.iter();
        report
            .notes
            .extend(open.map(|open| format!("whether it drifted is not known: {open}")));
        let Some(found) = compared.drift() else {
            return Ok(());
        };
        // What comes next may be what puts exactly this right.
        let wanted = next.and_then(|work| material.starts_from(work));
        if wanted.is_some() && wanted == fingerprint(&compared.live, self.connection.dialect()).ok().as_deref() {
            return Ok(());
        }
        if self.options.drift_check == DriftCheck::Error {
            return Err(Error::Drift(Box::new(found)));
        }
        self.observers.tell(&Event::Drift(&found));
        report.notes.push(found.to_string());
        Ok(())
    }

    /// Looks for drift without a run: without the lock, and without writing.
    pub(super) async fn look_for_drift(&mut self) -> Result<Report> {
        let (material, tracking) = self.look().await?;
        for _ in 0..READINGS {
            let found = self.found(&material, &tracking).await?;
            let mut report = Report::default();
            // A migration that is under way leaves a schema that no snapshot tells of.
            let outcome = match found.progress.is_empty() {
                true => self.check_drift(&material, &found, None, &mut report).await,
                false => Ok(()),
            };
            // Where somebody has applied one meanwhile, what was seen is neither the schema before nor the one after.
            if self.found(&material, &tracking).await?.applied == found.applied {
                return outcome.map(|()| report);
            }
        }
        Ok(Report::default())
    }
}
