//! Tables of other databases that foreign keys point at, looked for before anything is done: of one that is not there the
//! server says `errno 150` alone, in the midst of what it does not take back.

use std::collections::BTreeMap;

use crate::dialect::mysql::syntax::literal;
use crate::diff::Change;
use crate::ident::Qualified;
use crate::ir::{ForeignKey, Table};
use crate::plan::Steps;

const NOTE: &str = "fails, before anything is done, where the other database has no such table: make it first, or leave this out where it is \
                    made below";

pub(super) fn look(changes: &[Change], out: &mut Steps) {
    // Of each table, which keys point at it, and which change comes first.
    let mut wanted: BTreeMap<&Qualified, (usize, Vec<String>)> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate() {
        for (table, key) in coming(change) {
            let (_, keys) = wanted.entry(&key.references).or_insert_with(|| (at, Vec::new()));
            keys.push(format!("{} of {}", key.name, table.name));
        }
    }
    for (other, (at, mut keys)) in wanted {
        keys.sort_unstable();
        let Some(database) = &other.schema else {
            continue;
        };
        let points = if keys.len() == 1 { "points" } else { "point" };
        let message = format!(
            "{} {points} at {other}, and there is no such table: make it first, in its own database, or take the foreign key out",
            keys.join(", ")
        );
        out.cause(at);
        out.push_outside(
            format!(
                "BEGIN NOT ATOMIC\n  IF NOT EXISTS (SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {}) \
                 THEN\n    SET @kick_found = LEFT({}, 500);\n    \
                 SIGNAL SQLSTATE '42S02' SET MYSQL_ERRNO = 1146, MESSAGE_TEXT = @kick_found;\n  END IF;\nEND",
                literal(database.as_str()),
                literal(other.name.as_str()),
                literal(&message)
            ),
            Some(NOTE),
        );
    }
}

/// The foreign keys into other databases that a change makes, or makes again.
fn coming(change: &Change) -> Vec<(&Table, &ForeignKey)> {
    let (before, table) = match change {
        Change::CreateTable(table) => (None, table.as_ref()),
        Change::AlterTable { from, to, .. } => (Some(from), to.as_ref()),
        _ => return Vec::new(),
    };
    let keys = table
        .foreign_keys
        .values()
        .filter(|key| key.references.schema.is_some());
    let new = keys.filter(|key| before.is_none_or(|before| before.foreign_keys.get(&key.name) != Some(*key)));
    new.map(|key| (table, key)).collect()
}
