//! What hangs on a table that is made anew or goes: its triggers go with it although nobody asked for that, and views
//! are left that cannot be read.

use std::collections::{BTreeMap, BTreeSet};

use super::apply::{ROLLED_BACK, Session, failed, said};
use super::script::{Planned, Statement};
use crate::dialect::live::{Arg, Rebuild, RebuildStep, Row};
use crate::error::Result;

/// What the migrations of a run have done to tables so far.
#[derive(Default)]
pub(super) struct Kept {
    /// Tables that they made. One that was there before and takes over a name is no rebuild.
    made: BTreeSet<String>,
    /// What hung on the tables that they dropped, by table.
    hung: BTreeMap<String, Vec<Row>>,
    /// Whether everything worked before the first statement that the engine lets pass whatever hangs on its table.
    sound: Option<bool>,
    /// The last of those statements in a migration.
    unchecked: Option<usize>,
    /// The names of what was made again.
    given: Vec<String>,
}

impl Session<'_> {
    /// Looks at what hangs on a table before a statement drops it.
    pub(super) async fn keep(&mut self, index: usize, statement: &Statement, kept: &mut Kept) -> Result<()> {
        let Some(rebuild) = &self.connection.phrases().rebuild else {
            return Ok(());
        };
        match (rebuild.step)(&statement.sql) {
            Some(RebuildStep::Create(table)) => drop(kept.made.insert(table)),
            Some(RebuildStep::Drop(table)) => {
                self.unchecked(rebuild, index, kept).await?;
                let rows = self
                    .connection
                    .query(rebuild.hanging, &[Arg::Text(table.clone())])
                    .await?;
                kept.hung.insert(table, rows);
            }
            Some(RebuildStep::Unchecked) => self.unchecked(rebuild, index, kept).await?,
            _ => {}
        }
        Ok(())
    }

    async fn unchecked(&mut self, rebuild: &Rebuild, index: usize, kept: &mut Kept) -> Result<()> {
        if kept.sound.is_none() {
            kept.sound = Some(rebuild.try_out(self.connection).await.is_ok());
        }
        kept.unchecked = Some(index);
        Ok(())
    }

    /// Makes it again when the new table has taken the name.
    pub(super) async fn give_back(
        &mut self,
        (one, index): (&Planned, usize),
        statement: &Statement,
        kept: &mut Kept,
    ) -> Result<()> {
        let Some(rebuild) = &self.connection.phrases().rebuild else {
            return Ok(());
        };
        let Some(RebuildStep::Rename { from, to }) = (rebuild.step)(&statement.sql) else {
            return Ok(());
        };
        if !kept.made.remove(&from) {
            return Ok(());
        }
        for row in kept.hung.remove(&to).unwrap_or_default() {
            let mut cells = row.into_iter().flatten();
            let (Some(name), Some(sql)) = (cells.next(), cells.next()) else {
                continue;
            };
            kept.given.push(name);
            kept.unchecked = Some(index);
            if let Err(error) = self.connection.execute(&sql).await {
                return Err(failed(
                    one,
                    index,
                    statement,
                    &unfit(&kept.given, &said(error)),
                    ROLLED_BACK,
                ));
            }
        }
        Ok(())
    }

    /// Sees at the end of a migration whether everything works with the tables as they are now.
    pub(super) async fn try_out(&mut self, one: &Planned, kept: &mut Kept) -> Result<()> {
        let given = std::mem::take(&mut kept.given);
        let (Some(index), Some(rebuild)) = (kept.unchecked.take(), &self.connection.phrases().rebuild) else {
            return Ok(());
        };
        if kept.sound != Some(true) {
            return Ok(());
        }
        match (rebuild.try_out(self.connection).await, one.statements.get(index)) {
            (Err(error), Some(statement)) => {
                Err(failed(one, index, statement, &unfit(&given, &said(error)), ROLLED_BACK))
            }
            (outcome, _) => outcome,
        }
    }
}

fn unfit(names: &[String], why: &str) -> String {
    let what = if names.is_empty() {
        "a table goes or is made anew, and a view or trigger".to_owned()
    } else {
        format!("a table is made anew, and what hangs on it (`{}`)", names.join("`, `"))
    };
    format!(
        "{what} does not work with it any more: {why}; drop it in this migration before the table changes, and make it again \
         as it should be"
    )
}
