//! `check`: everything that CI needs to know without a database.

use kickdb_core::diff::{Renames, diff};
use serde_json::json;

use super::migrate::{finding, findings, show_findings};
use crate::config::Project;
use crate::declared::Source;
use crate::describe::{self, count};
use crate::failure::Failure;
use crate::folder;
use crate::terminal::{Outcome, Paint, Terminal};

/// Holds source, last snapshot and folder of every target against each other; the answer is "no" where they differ.
pub(crate) fn run(project: &Project, terminal: &Terminal) -> Result<Outcome, Failure> {
    let source = Source::read(&project.root, &project.sources)?.must_have_tables()?;
    let mut targets = Vec::new();
    let (mut behind, mut no) = (false, false);
    for target in &project.targets {
        let declared = source.resolve_for(target)?;
        let last = folder::read(target)?.last_schema(target.dialect)?;
        // Open questions make a difference as well: what is gone is gone.
        let changes = diff(&last, &declared.schema, &Renames::default()).changes;
        let lines = describe::lines(&changes, target.dialect);
        if !lines.is_empty() {
            behind = true;
            let word = terminal.paint(Paint::Bad, "no");
            terminal.result(format!(
                "{word} the source is ahead of the last migration in {}:",
                target.migrations_shown
            ));
            describe::print(terminal, &lines);
        }
        let (found, number) = findings(project, target)?;
        let denied = show_findings(&found, terminal);
        no |= denied || !lines.is_empty();
        if lines.is_empty() && !denied {
            let good = terminal.paint(Paint::Good, "ok");
            terminal.say(format!(
                "{good} {}: {} match {}",
                target.shown(),
                count(declared.schema.tables.len(), "table"),
                count(number, "migration")
            ));
        }
        for unmanaged in &declared.unmanaged {
            terminal.say(format!(
                "   {} belongs to somebody else: {}",
                unmanaged.table, unmanaged.reason
            ));
        }
        targets.push(json!({
            "target": target.shown(),
            "inSync": lines.is_empty(),
            "changes": describe::json(&lines),
            "findings": found.iter().map(finding).collect::<Vec<_>>(),
            "unmanaged": declared.unmanaged.iter().map(|one| json!({ "table": one.table.to_string(), "reason": one.reason })).collect::<Vec<_>>(),
        }));
    }
    if behind {
        terminal.say("Next: cargo kickdb generate <name>");
    }
    Ok(Outcome::answer(no, json!({ "targets": targets })))
}
