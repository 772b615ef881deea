//! A history of scripts, run from nothing on a scratch database: what the schema is behind each.

use super::scratch::Scratch;
use super::{Fault, PATIENCE, run};
use crate::dialect::Dialect;
use crate::dialect::live::catalog;
use crate::ir::Schema;

/// A script that did not run.
#[derive(Clone, Debug)]
pub enum Stuck {
    /// There is no scratch database, for this reason.
    Nowhere(String),
    /// This statement of this script failed.
    At {
        /// Which of the scripts.
        script: usize,
        /// Its line.
        line: usize,
        /// What the engine says.
        message: String,
    },
}

/// Runs scripts one after the other, each with whether it runs in a transaction; gives the schema behind each.
///
/// # Errors
///
/// Where there is no scratch database, or a statement fails on it.
pub async fn replay(
    scripts: &[(&str, bool)],
    url: Option<&str>,
    dialect: &'static dyn Dialect,
) -> Result<Vec<Schema>, Stuck> {
    let mut scratch = Scratch::make(url, dialect, PATIENCE).await.map_err(Stuck::Nowhere)?;
    let mut schemas = Vec::new();
    let mut stuck = None;
    for (script, (text, transaction)) in scripts.iter().enumerate() {
        let ran = run::file(&mut *scratch.connection, text, *transaction).await;
        match ran {
            Ok(None) => {}
            Ok(Some(Fault::Statement { line, message, .. })) => {
                stuck = Some(Stuck::At { script, line, message });
                break;
            }
            Ok(Some(Fault::Differs(_))) => {}
            Err(error) => {
                stuck = Some(Stuck::Nowhere(error.to_string()));
                break;
            }
        }
        match catalog(&mut *scratch.connection).await {
            Ok(schema) => schemas.push(schema),
            Err(error) => {
                stuck = Some(Stuck::Nowhere(error.to_string()));
                break;
            }
        }
    }
    let ended = scratch.end().await;
    match stuck {
        Some(stuck) => Err(stuck),
        None => {
            ended.map_err(Stuck::Nowhere)?;
            Ok(schemas)
        }
    }
}
