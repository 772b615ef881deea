//! Tables that hide rows from their owner, and the statements of a migration that have to see all of them.
//!
//! `FORCE ROW LEVEL SECURITY` holds an owner to the policies of the table. What counts, fills, guards or copies rows would then do
//! so with some of them, without a word. What alters the table itself, and the server's own look at keys, sees all.

use crate::dialect::postgres::options;
use crate::dialect::postgres::syntax::{block, literal, qualified};
use crate::diff::Change;
use crate::ir::{Schema, Table};
use crate::plan::{Step, TxMode};

const SEEN: &str = "row-level security hides no row from this migration meanwhile";

/// The statements of one change, each table that hides rows open around those that read or write them. `state` is the schema just
/// before.
pub(super) fn open_around(change: &Change, state: &Schema, mut steps: Vec<Step>) -> Vec<Step> {
    let moves = matches!(change, Change::Repartition { .. });
    if !moves && !steps.iter().any(|step| is_about_rows(&step.sql)) {
        return steps;
    }
    let begins_to = matches!(change, Change::AlterTable { to, .. } if hides(to));
    let tables = state.tables.values();
    for table in tables.filter(|table| begins_to || hides(table)) {
        let (before, after) = match change {
            Change::AlterTable { from, to, .. } if from.name == table.name => (&**from, Some(&**to)),
            Change::DropTable(gone) if gone.name == table.name => (table, None),
            Change::Repartition { from, .. } if is_among(table, from) => (table, None),
            _ => (table, Some(table)),
        };
        if hides(before) || after.is_some_and(hides) {
            open(change, table, after.filter(|table| hides(table)), &mut steps);
        }
    }
    steps
}

fn is_among(table: &Table, tables: &[Table]) -> bool {
    tables.iter().any(|other| other.name == table.name)
}

fn hides(table: &Table) -> bool {
    table.options.contains_key(options::FORCED_ROW_SECURITY)
}

/// Opens a table ahead of the first statement that has to do with its rows, and closes it behind the last, where it is `closed` then.
fn open(change: &Change, table: &Table, closed: Option<&Table>, steps: &mut Vec<Step>) {
    let name = qualified(&table.name);
    let has_to_do = |step: &Step| touches_rows(&step.sql, &name);
    let first = match change {
        // It steps aside under another name, and its rows are read there.
        Change::Repartition { from, .. } if is_among(table, from) => Some(0),
        _ => steps.iter().position(has_to_do),
    };
    let Some(first) = first.filter(|first| *first < steps.len()) else {
        return;
    };
    let like = |at: usize, sql: String, note: Option<&'static str>| Step {
        sql,
        note,
        ..steps[at].clone()
    };
    if steps[first].tx == TxMode::Outside {
        // Others would see the rows, too, as long as the table is open.
        let refuse = like(first, refuse_if_hidden(&name), None);
        steps.insert(first, refuse);
        return;
    }
    let opens = like(
        first,
        format!("ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY"),
        Some(SEEN),
    );
    if closed.is_some()
        && let Some(last) = steps.iter().rposition(has_to_do)
    {
        // A table whose rows wait for a check at the end of the transaction cannot be altered.
        let waits = |step: &&Step| step.sql.starts_with("SET CONSTRAINTS");
        let behind = last + 1 + steps[last + 1..].iter().take_while(waits).count();
        let closes = like(last, format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"), None);
        steps.insert(behind, closes);
    }
    steps.insert(first, opens);
}

/// Whether a statement reads or writes rows, and names the table.
fn touches_rows(sql: &str, name: &str) -> bool {
    if !is_about_rows(sql) {
        return false;
    }
    // Not the name of the same table in another schema. The default one may be said, or not.
    let mut found = sql.match_indices(name);
    found.any(|(at, _)| {
        let before = sql[..at].strip_suffix("\"public\".").unwrap_or(&sql[..at]);
        !before.ends_with('.') && !sql[at + name.len()..].starts_with('.')
    })
}

fn is_about_rows(sql: &str) -> bool {
    let starts = ["SELECT", "INSERT", "UPDATE", "DELETE", "DO "];
    starts.iter().any(|start| sql.starts_with(start))
}

fn refuse_if_hidden(name: &str) -> String {
    let message = literal(&format!("row-level security hides rows of {name} from this role"));
    block(&format!(
        "BEGIN\n  IF row_security_active({}) THEN\n    RAISE EXCEPTION USING MESSAGE = {message}, HINT = \
         'Apply it as a role with BYPASSRLS, or generate it without `--online`.';\n  END IF;\nEND",
        literal(name)
    ))
}
