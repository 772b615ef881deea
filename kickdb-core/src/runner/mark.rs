//! Changes of the bookkeeping that run no migration: somebody looked, and says what is so.
//!
//! Each is done under the lock, in one transaction with a row in `kick_operations` that says who did it and why.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::lock::Lock;
use super::material::{Material, Migration};
use super::policy::{self, Applied, Found, Progress};
use super::run::{Held, Runner};
use super::tracking::{ByHand, Tracking, finish};
use crate::drift::drift;
use crate::error::{Error, Result};

/// What `accept` found or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// The migration.
    pub id: String,
    /// The hash that was recorded; `None` where the migration is not applied.
    pub recorded: Option<String>,
    /// The hash of the files as they are.
    pub actual: String,
    /// Whether the two mean the same, so that no reason is needed.
    pub same_meaning: bool,
}

/// What the operator found out about the statement at which a migration stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its work is in the database: the next run goes on behind it.
    Done,
    /// Nothing of it is in the database: the next run begins with it.
    Undone,
}

/// A migration that stopped half-way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoppedAt {
    /// The migration.
    pub id: String,
    /// `up` or `down`.
    pub direction: super::Direction,
    /// The statement that comes next, from 1.
    pub statement: usize,
    /// How many there are.
    pub of: usize,
    /// The statement; `None` where all are done and only the record is missing.
    pub sql: Option<String>,
    /// Whether a run was broken off while it was working on the statement, so that nobody knows whether it is done.
    pub in_doubt: bool,
}

impl Runner {
    /// Records the files of an applied migration as they are, in place of those that were applied. Runs nothing.
    ///
    /// With `apply` false nothing is written.
    ///
    /// # Errors
    ///
    /// Where the migration or one of its files is not there; where its meaning was changed and no reason is given.
    pub async fn accept(&mut self, id: &str, reason: Option<&str>, apply: bool) -> Result<Accepted> {
        if !apply {
            self.recover().await?;
            let (material, tracking) = self.look().await?;
            let found = self.found(&material, &tracking).await?;
            return acceptable(&material, &found, id, reason);
        }
        let held = self.hold().await?;
        let outcome = self.accept_held(&held, id, reason).await;
        self.let_go(held, outcome).await
    }

    async fn accept_held(&mut self, held: &Held, id: &str, reason: Option<&str>) -> Result<Accepted> {
        let found = self.found(&held.material, &held.tracking).await?;
        let accepted = acceptable(&held.material, &found, id, reason)?;
        let Some(before) = accepted.recorded.as_ref().filter(|hash| **hash != accepted.actual) else {
            return Ok(accepted);
        };
        let notes = format!(
            "{before} -> {}: {}",
            accepted.actual,
            reason.unwrap_or("the meaning is the same")
        );
        self.begin().await?;
        let outcome = async {
            held.tracking
                .rehash(&mut *self.connection, id, &accepted.actual)
                .await?;
            self.log(&held.tracking, &held.lock, "migration-accept", id, &notes)
                .await
        }
        .await;
        finish(&mut *self.connection, outcome).await?;
        Ok(accepted)
    }

    /// Records every pending migration up to `id` as applied, without running any, in a database that has their schema
    /// already. Gives their ids.
    ///
    /// With `apply` false nothing is written.
    ///
    /// # Errors
    ///
    /// [`Error::Drift`] where the database is not what `id` leaves behind, unless `force` is given; the refusals of a run
    /// where one of the migrations is damaged.
    pub async fn baseline(&mut self, id: &str, force: bool, apply: bool) -> Result<Vec<String>> {
        if !apply {
            self.recover().await?;
            let (material, tracking) = self.look().await?;
            let found = self.found(&material, &tracking).await?;
            let pending = self.taken_over(&material, &found, id, force).await?;
            return Ok(pending.into_iter().map(|one| one.known.id.clone()).collect());
        }
        let held = self.hold().await?;
        let outcome = self.baseline_held(&held, id, force, &BTreeMap::new()).await;
        self.let_go(held, outcome).await
    }

    /// Like [`baseline`](Self::baseline), for migrations that another tool has applied: those that `times` knows are recorded as
    /// applied at that time.
    ///
    /// # Errors
    ///
    /// As [`baseline`](Self::baseline).
    pub async fn take_over(&mut self, id: &str, times: &BTreeMap<String, Timestamp>) -> Result<Vec<String>> {
        let held = self.hold().await?;
        let outcome = self.baseline_held(&held, id, false, times).await;
        self.let_go(held, outcome).await
    }

    async fn baseline_held(
        &mut self,
        held: &Held,
        id: &str,
        force: bool,
        times: &BTreeMap<String, Timestamp>,
    ) -> Result<Vec<String>> {
        let (material, tracking) = (&held.material, &held.tracking);
        let found = self.found(material, tracking).await?;
        let pending = self.taken_over(material, &found, id, force).await?;
        if pending.is_empty() {
            return Ok(Vec::new());
        }
        let batch = 1 + found.applied.iter().map(|row| row.batch).max().unwrap_or_default();
        self.begin().await?;
        let outcome = async {
            for one in &pending {
                let at = times.get(&one.known.id);
                let row = Applied {
                    id: one.known.id.clone(),
                    name: one.name.clone(),
                    hash: one.known.actual.clone(),
                    batch,
                    applied_at: at
                        .map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
                        .unwrap_or_default(),
                };
                tracking.insert_row(&mut *self.connection, &row).await?;
            }
            let notes = match force {
                true => "recorded without running; the database was not compared",
                false => "recorded without running; the database was what it leaves behind",
            };
            self.log(tracking, &held.lock, "migration-baseline", id, notes).await
        }
        .await;
        finish(&mut *self.connection, outcome).await?;
        Ok(pending.into_iter().map(|one| one.known.id.clone()).collect())
    }

    /// What a baseline records, or why it may not.
    async fn taken_over<'a>(
        &mut self,
        material: &'a Material,
        found: &Found,
        id: &str,
        force: bool,
    ) -> Result<Vec<&'a Migration>> {
        migration(material, id)?;
        let ahead = found.applied.iter().find(|row| row.id.as_str() > id);
        if let Some(row) = ahead {
            return Err(Error::validation(format!(
                "migration `{}` is applied already, and comes after `{id}`; a baseline only goes forward",
                row.id
            )));
        }
        if let Some(stopped) = found.progress.keys().next() {
            return Err(Error::validation(format!(
                "migration `{stopped}` stopped half-way; finish it first, or say what is so with `cargo kickdb migrate repair`"
            )));
        }
        if !force {
            let expected = material.schema_of(id)?;
            if let Some(drift) = drift(&mut *self.connection, &expected).await?.drift() {
                return Err(Error::Drift(Box::new(drift)));
            }
        }
        Ok(pending_until(material, found, id))
    }

    /// Where a migration stopped half-way; `None` where none did. Writes nothing, and takes no lock.
    ///
    /// # Errors
    ///
    /// When the folder or the database cannot be read.
    pub async fn stopped(&mut self) -> Result<Option<StoppedAt>> {
        self.recover().await?;
        let (material, tracking) = self.look().await?;
        let found = tracking.read(&mut *self.connection).await?;
        stopped(&material, &found)
    }

    /// Says what is so of the statement at which a migration stopped, so that the next run goes on from there.
    ///
    /// # Errors
    ///
    /// Where no migration stopped.
    pub async fn repair(&mut self, verdict: Verdict) -> Result<StoppedAt> {
        let held = self.hold().await?;
        let outcome = self.repair_held(&held, verdict).await;
        self.let_go(held, outcome).await
    }

    async fn repair_held(&mut self, held: &Held, verdict: Verdict) -> Result<StoppedAt> {
        let found = held.tracking.read(&mut *self.connection).await?;
        let Some(stopped) = stopped(&held.material, &found)? else {
            return Err(Error::validation(
                "no migration stopped half-way; there is nothing to repair",
            ));
        };
        let (Some(progress), Some(sql)) = (found.progress.get(&stopped.id), &stopped.sql) else {
            return Err(Error::validation(format!(
                "every statement of migration `{}` is done, and only its record is missing: `cargo kickdb migrate latest` writes it",
                stopped.id
            )));
        };
        let index = held
            .material
            .migrations
            .iter()
            .position(|one| one.known.id == stopped.id);
        let Some(index) = index else {
            return Err(Error::validation(format!("`{}` is not in the folder", stopped.id)));
        };
        // What has run is counted, so it must be what the file says; the statement that it stopped at may have been mended.
        let known = &held.material.migrations[index].known;
        let begun = |number| held.material.begun(index, progress.direction, number);
        if !progress.is_of(known, progress.done, &begun(progress.done)) {
            return Err(known.other_statements(progress));
        }
        let done = progress.done + usize::from(verdict == Verdict::Done);
        let settled = Progress {
            done,
            attempted: done,
            hash: policy::mark(&known.actual, &begun(done), &begun(done)),
            direction: progress.direction,
        };
        let word = if verdict == Verdict::Done { "done" } else { "not done" };
        let notes = format!("statement {} is {word}: {sql}", stopped.statement);
        self.begin().await?;
        let outcome = async {
            let tracking = &held.tracking;
            tracking
                .note_progress(&mut *self.connection, &stopped.id, &settled)
                .await?;
            self.log(tracking, &held.lock, "migration-repair", &stopped.id, &notes)
                .await
        }
        .await;
        finish(&mut *self.connection, outcome).await?;
        Ok(stopped)
    }

    pub(super) async fn begin(&mut self) -> Result<()> {
        let begin = self.connection.phrases().begin;
        self.connection.execute(begin).await.map(drop)
    }

    /// The last part of every transaction here: who did it and why, and that the lock is still ours.
    async fn log(&mut self, tracking: &Tracking, lock: &Lock, what: &str, migration: &str, notes: &str) -> Result<()> {
        let by_hand = ByHand {
            what,
            migration,
            by: &self.options.applied_by,
            notes,
        };
        tracking.log(&mut *self.connection, &by_hand).await?;
        lock.fence(&mut *self.connection).await
    }
}

/// What accepting a migration's files would record, or why that may not be.
fn acceptable(material: &Material, found: &Found, id: &str, reason: Option<&str>) -> Result<Accepted> {
    let known = &migration(material, id)?.known;
    let row = found.applied.iter().find(|row| row.id == id);
    let recorded = row.map(|row| row.hash.clone());
    let accepted = Accepted {
        id: id.to_owned(),
        same_meaning: recorded
            .as_ref()
            .is_none_or(|hash| *hash == known.actual || *hash == known.recorded && known.same_meaning),
        actual: known.actual.clone(),
        recorded,
    };
    let changed = accepted.recorded.as_ref().is_some_and(|hash| *hash != accepted.actual);
    if changed && !accepted.same_meaning && reason.is_none_or(|reason| reason.trim().is_empty()) {
        return Err(Error::validation(format!(
            "migration `{id}` is applied and its files now mean something else, so that accepting them needs a reason; say what \
             makes the database right all the same: `--reason \"…\"`"
        )));
    }
    Ok(accepted)
}

fn migration<'a>(material: &'a Material, id: &str) -> Result<&'a Migration> {
    let found = material.migrations.iter().find(|one| one.known.id == id);
    found
        .filter(|one| one.known.present)
        .ok_or_else(|| Error::UnknownMigration {
            id: id.to_owned(),
            hint: "`cargo kickdb migrate status` lists them".to_owned(),
        })
}

fn pending_until<'a>(material: &'a Material, found: &Found, id: &str) -> Vec<&'a Migration> {
    let is_applied = |one: &Migration| found.applied.iter().any(|row: &Applied| row.id == one.known.id);
    material
        .migrations
        .iter()
        .filter(|one| one.known.id.as_str() <= id && !is_applied(one))
        .collect()
}

fn stopped(material: &Material, found: &Found) -> Result<Option<StoppedAt>> {
    let Some((id, progress)) = found.progress.iter().next() else {
        return Ok(None);
    };
    let index = material.migrations.iter().position(|one| one.known.id == *id);
    let Some(index) = index else {
        return Err(Error::Missing {
            id: id.clone(),
            folder: material.path().to_owned(),
        });
    };
    let planned = material.planned_at(index, progress);
    Ok(Some(StoppedAt {
        id: id.clone(),
        direction: progress.direction,
        statement: progress.done + 1,
        of: planned.statements.len(),
        sql: planned
            .statements
            .get(progress.done)
            .map(|statement| statement.sql.clone()),
        in_doubt: progress.attempted > progress.done,
    }))
}
