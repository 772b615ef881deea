//! What is applied and what is not.

use std::collections::BTreeMap;

use super::material::Material;
use super::policy::{Applied, Found, Known};
use super::tracking::Tracking;
use crate::dialect::live::Connection;
use crate::error::Result;
use crate::ident::Name;

/// One migration, in the folder or in the database or in both.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is applied.
    pub state: State,
    /// Whether it has been reviewed.
    pub reviewed: bool,
    /// Whether its files are those that were recorded.
    pub hash: HashState,
    /// Whether it runs in a transaction.
    pub transaction: bool,
}

/// Whether a migration is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// It is.
    Applied {
        /// The run that it was applied in.
        batch: i64,
        /// When, in UTC.
        at: String,
    },
    /// It is not.
    Pending,
    /// It stopped half-way.
    Stopped {
        /// `up` or `down`.
        direction: super::Direction,
        /// So many statements are done.
        done: usize,
    },
    /// It is applied, but not in the folder.
    Missing {
        /// The run that it was applied in.
        batch: i64,
        /// When, in UTC.
        at: String,
    },
}

/// Whether a migration's files are those that were recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashState {
    /// Byte for byte.
    Same,
    /// They differ in comments or white space only.
    SameMeaning,
    /// They were changed.
    Changed,
    /// There are no files.
    Missing,
}

/// Everything in the folder and everything in the database, by id.
pub(super) fn standings(material: &Material, found: &Found) -> Vec<Standing> {
    let rows: BTreeMap<&str, &Applied> = found.applied.iter().map(|row| (row.id.as_str(), row)).collect();
    let mut standings: Vec<Standing> = material
        .migrations
        .iter()
        .map(|migration| {
            let known = &migration.known;
            let row = rows.get(known.id.as_str()).copied();
            Standing {
                id: known.id.clone(),
                name: migration.name.clone(),
                state: state(known, row, found),
                reviewed: known.reviewed,
                hash: hash_state(known, row),
                transaction: migration.transaction,
            }
        })
        .collect();
    let in_folder = |id: &str| material.migrations.iter().any(|migration| migration.known.id == id);
    standings.extend(
        found
            .applied
            .iter()
            .filter(|row| !in_folder(&row.id))
            .map(|row| Standing {
                id: row.id.clone(),
                name: row.name.clone(),
                state: State::Missing {
                    batch: row.batch,
                    at: row.applied_at.clone(),
                },
                reviewed: false,
                hash: HashState::Missing,
                transaction: true,
            }),
    );
    standings.sort_by(|a, b| a.id.cmp(&b.id));
    standings
}

fn state(known: &Known, row: Option<&Applied>, found: &Found) -> State {
    if let Some(progress) = found.progress.get(&known.id) {
        return State::Stopped {
            direction: progress.direction,
            done: progress.done,
        };
    }
    match row {
        Some(row) => State::Applied {
            batch: row.batch,
            at: row.applied_at.clone(),
        },
        None => State::Pending,
    }
}

fn hash_state(known: &Known, row: Option<&Applied>) -> HashState {
    if !known.present {
        return HashState::Missing;
    }
    let expected = row.map_or(&known.recorded, |row| &row.hash);
    if *expected == known.actual {
        HashState::Same
    } else if *expected == known.recorded && known.same_meaning {
        HashState::SameMeaning
    } else {
        HashState::Changed
    }
}

/// What is applied in a database, by id, whatever folder it came from. Writes nothing.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn applied(connection: &mut dyn Connection, tracking_schema: Option<&Name>) -> Result<Vec<Applied>> {
    let tracking = Tracking::find(connection, tracking_schema).await?;
    Ok(tracking.read(connection).await?.applied)
}
