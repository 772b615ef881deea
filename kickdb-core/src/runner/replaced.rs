//! Migrations that were squashed into one, in a database that has applied them one by one.

use super::material::Material;
use super::policy::{Applied, Found};
use super::run::Runner;
use super::tracking::{ByHand, Tracking, finish};
use crate::error::{Error, HashMismatch, Result};
use crate::journal::Replaced;

/// Rows that become one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replacement {
    /// The row of the migration that stands for the others.
    pub(super) row: Applied,
    /// The ids of those, its own among them.
    pub(super) gone: Vec<String>,
}

/// What a database has of a migration that was squashed.
enum Standing {
    /// It is applied, by these rows.
    Applied(Vec<String>),
    /// Nothing of it is.
    Open,
    /// Some of it is; this one is not.
    Partly(String),
}

/// Puts one row in the place of those that a migration stands for, where all of them are applied.
///
/// # Errors
///
/// Where only some of them are, or one was applied with other files.
pub(super) fn settle(material: &Material, found: &mut Found) -> Result<Vec<Replacement>> {
    let mut done = Vec::new();
    for one in material.migrations.iter().filter(|one| !one.replaces.is_empty()) {
        let known = &one.known;
        let itself = found.applied.iter().find(|row| row.id == known.id);
        if itself.is_some_and(|row| row.hash == known.actual || row.hash == known.recorded) {
            continue;
        }
        let gone = match together(&one.replaces, found)? {
            Standing::Applied(rows) => rows,
            Standing::Open => continue,
            Standing::Partly(open) => return Err(partly(&known.id, &one.replaces, &open)),
        };
        let last = gone
            .last()
            .and_then(|id| found.applied.iter().find(|row| row.id == *id));
        let Some(last) = last.cloned() else { continue };
        let row = Applied {
            id: known.id.clone(),
            name: one.name.clone(),
            hash: known.actual.clone(),
            ..last
        };
        found.applied.retain(|row| !gone.contains(&row.id));
        found.applied.push(row.clone());
        found.applied.sort_by(|a, b| a.id.cmp(&b.id));
        done.push(Replacement { row, gone });
    }
    Ok(done)
}

fn together(replaced: &[Replaced], found: &Found) -> Result<Standing> {
    let mut rows = Vec::new();
    let mut open = None;
    for one in replaced {
        match standing(one, found)? {
            Standing::Applied(some) => rows.extend(some),
            Standing::Open => open = open.or_else(|| Some(one.id.clone())),
            Standing::Partly(id) => return Ok(Standing::Partly(id)),
        }
    }
    Ok(match open {
        None => Standing::Applied(rows),
        Some(_) if rows.is_empty() => Standing::Open,
        Some(open) => Standing::Partly(open),
    })
}

fn standing(one: &Replaced, found: &Found) -> Result<Standing> {
    if found.progress.contains_key(&one.id) {
        return Ok(Standing::Partly(one.id.clone()));
    }
    match found.applied.iter().find(|row| row.id == one.id) {
        Some(row) if row.hash == one.hash => Ok(Standing::Applied(vec![row.id.clone()])),
        // It was one of several itself, before it stood for them.
        _ if !one.replaces.is_empty() => together(&one.replaces, found),
        Some(row) => {
            let mismatch = HashMismatch::new(&one.id, &row.hash, &one.hash, "the database");
            Err(Error::HashMismatch(Box::new(mismatch)))
        }
        None => Ok(Standing::Open),
    }
}

fn partly(id: &str, replaces: &[Replaced], open: &str) -> Error {
    let last = replaces.last().map_or(id, |last| last.id.as_str());
    Error::validation(format!(
        "migration `{id}` stands for {} that were squashed into it, and this database has only some of them: `{open}` is not done; \
         apply the rest with a version of the folder from before, up to `{last}`, then run this again",
        replaces.len(),
    ))
}

impl Runner {
    /// What is applied, with one row in the place of those that were squashed. Writes nothing.
    pub(super) async fn found(&mut self, material: &Material, tracking: &Tracking) -> Result<Found> {
        let mut found = tracking.read(&mut *self.connection).await?;
        settle(material, &mut found)?;
        Ok(found)
    }

    /// The same under the lock, with the rows written.
    pub(super) async fn found_held(&mut self, held: &super::run::Held) -> Result<Found> {
        let mut found = held.tracking.read(&mut *self.connection).await?;
        for replacement in settle(&held.material, &mut found)? {
            self.begin().await?;
            let outcome = self.replace(held, &replacement).await;
            finish(&mut *self.connection, outcome).await?;
        }
        Ok(found)
    }

    async fn replace(&mut self, held: &super::run::Held, Replacement { row, gone }: &Replacement) -> Result<()> {
        let tracking = &held.tracking;
        for id in gone {
            tracking.delete(&mut *self.connection, id).await?;
        }
        tracking.insert_row(&mut *self.connection, row).await?;
        let notes = format!("stands for {}", gone.join(", "));
        let by_hand = ByHand {
            what: "migration-squash",
            migration: &row.id,
            by: &self.options.applied_by,
            notes: &notes,
        };
        tracking.log(&mut *self.connection, &by_hand).await?;
        held.lock.fence(&mut *self.connection).await
    }
}
