//! Migrations that another tool wrote, as migrations of this folder.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::generate::Draft;
use super::{NewMigration, next_id};
use crate::dialect::Dialect;
use crate::diff::{Renames, diff};
use crate::error::Result;
use crate::ir::Schema;
use crate::plan::{EMPTY_DOWN, Plan, Stage, provenance};

/// A migration of another tool.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// What the other tool sorts by, and keeps in its table: `20230415101112`, `2023-04-15-101112`, `7`.
    pub version: String,
    /// What it is about.
    pub name: String,
    /// Its forward SQL, as it is.
    pub up: String,
    /// The way back, where there is one.
    pub down: Option<String>,
    /// Whether it runs in a transaction.
    pub transaction: bool,
    /// The schema behind it.
    pub schema: Schema,
    /// Whether it has run somewhere, so that there is nothing to review.
    pub applied: bool,
}

/// The migrations as this folder has them, in the same order: the same SQL behind a line of provenance, a snapshot each.
///
/// # Errors
///
/// When a name gives no id, or a schema cannot be written.
pub fn adopt(foreign: &[Foreign], now: Timestamp, dialect: &dyn Dialect) -> Result<Vec<NewMigration>> {
    let mut last: Option<String> = None;
    let mut before = Schema::default();
    let mut new = Vec::new();
    for one in foreign {
        let name = super::slug(&one.name).unwrap_or_else(|_| "migration".to_owned());
        let id = next_id(time(&one.version).unwrap_or(EARLY), &name, last.as_deref())?;
        let stage = Stage {
            head: Vec::new(),
            plan: Plan {
                changes: diff(&before, &one.schema, &Renames::default()).changes,
                ..Plan::default()
            },
            to: one.schema.clone(),
            transaction: one.transaction,
        };
        let mut draft = Draft::new(stage, false, dialect)?;
        draft.up = format!("{}\n{}\n", provenance(), one.up.trim_end());
        draft.down = match &one.down {
            Some(down) => format!("{}\n{}\n", provenance(), down.trim_end()),
            None => format!("{}\n{EMPTY_DOWN}\n", provenance()),
        };
        let mut made = draft.finish(id.clone(), one.name.clone(), last.replace(id), now, &before, dialect);
        made.meta.reviewed = one.applied;
        before.clone_from(&one.schema);
        new.push(made);
    }
    Ok(new)
}

/// Where a version says no time: long before anything that this tool makes.
const EARLY: Timestamp = Timestamp::constant(946_684_800, 0);

fn time(version: &str) -> Option<Timestamp> {
    let mut digits: String = version.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == "YYYYMMDDHHMM".len() {
        digits.push_str("00");
    }
    if digits.len() != "YYYYMMDDHHMMSS".len() {
        return None;
    }
    let time = DateTime::strptime("%Y%m%d%H%M%S", &digits).ok()?;
    let zoned = time.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_version_that_is_a_time_stays_one() {
        for version in ["20230415101112", "2023-04-15-101112", "m20230415_101112"] {
            assert_eq!(
                time(version).map(|time| time.to_string()).as_deref(),
                Some("2023-04-15T10:11:12Z"),
                "{version}"
            );
        }
        for version in ["7", "00000000000003", "20231345101112"] {
            assert_eq!(time(version), None, "{version}");
        }
    }
}
