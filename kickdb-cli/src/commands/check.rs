//! `check`: everything that CI needs to know without a database.

use kickdb_core::diff::{Change, Renames, diff};
use kickdb_core::journal::Severity;
use kickdb_core::lint::Policy;
use serde_json::json;

use super::migrate::{finding, findings, show_findings};
use crate::args::{Format, Global};
use crate::config::{Project, Target};
use crate::declared::Source;
use crate::describe::{self, count};
use crate::failure::Failure;
use crate::folder;
use crate::hazards::{self, Linted};
use crate::mentions::{self, Mention};
use crate::terminal::{Outcome, Paint, Terminal};

/// Holds source, last snapshot and folder of every target against each other; the answer is "no" where they differ.
pub(crate) fn run(project: &Project, global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
    let github = global.format == Format::Github;
    let source = Source::read(&project.root, &project.sources)?.must_declare()?;
    let mut targets = Vec::new();
    let (mut behind, mut no) = (false, false);
    for target in &project.targets {
        let declared = source.resolve_for(target)?;
        let mut last = folder::read(target)?.last_schema(target.dialect)?;
        last.release(&declared.schema.unmanaged);
        // Open questions make a difference as well: what is gone is gone.
        let changes = diff(&last, &declared.schema, &Renames::default()).changes;
        let mut lines = describe::lines(&changes, target.dialect);
        lines.extend(describe::handed_over(&last, &declared.schema));
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
        let hazards = open(target, &project.policy)?;
        let mentions = source.mentions(open_changes(target)?.iter().map(Vec::as_slice));
        hazards.iter().for_each(|linted| hazards::report(linted, terminal));
        mentions::show(&mentions, terminal);
        if github {
            let ahead = (!lines.is_empty()).then(|| {
                let message = "the source is ahead of the last migration; run `cargo kickdb generate <name>`";
                hazards::annotation(None, target.shown(), message)
            });
            let wrong = found.iter().filter(|finding| finding.severity == Severity::Deny);
            let wrong = wrong.map(|finding| hazards::annotation(None, finding.code, &finding.message));
            terminal.lines(&ahead.into_iter().chain(wrong).collect::<Vec<_>>());
            terminal.lines(&hazards::annotations(&hazards));
        }
        let denied = denied || hazards.iter().any(Linted::denies);
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
            "hazards": hazards.iter().map(Linted::json).collect::<Vec<_>>(),
            "stillSaid": mentions.iter().map(Mention::json).collect::<Vec<_>>(),
            "findings": found.iter().map(finding).collect::<Vec<_>>(),
            "unmanaged": declared.unmanaged.iter().map(|one| json!({ "table": one.table.to_string(), "reason": one.reason })).collect::<Vec<_>>(),
        }));
    }
    if behind {
        terminal.say("Next: cargo kickdb generate <name>");
    }
    Ok(Outcome::answer(no, json!({ "targets": targets })))
}

/// What the migrations change that nobody has marked reviewed yet.
fn open_changes(target: &Target) -> Result<Vec<Vec<Change>>, Failure> {
    let folder = folder::read(target)?;
    let entries = folder.journal.entries.iter().map(|entry| &entry.id);
    let open = entries.filter(|id| folder.migration(id).is_some_and(|migration| !migration.reviewed()));
    // One whose snapshot is damaged is among the findings.
    let changes = open.filter_map(|id| Some(folder.changes(id, target.dialect).ok()?.1));
    Ok(changes.collect())
}

/// What is dangerous in the migrations that nobody has marked reviewed yet.
fn open(target: &Target, policy: &Policy) -> Result<Vec<Linted>, Failure> {
    let folder = folder::read(target)?;
    let entries = folder.journal.entries.iter().map(|entry| &entry.id);
    let open = entries.filter(|id| folder.migration(id).is_some_and(|migration| !migration.reviewed()));
    Ok(open.map(|id| Linted::migration(&folder, id, target, policy)).collect())
}
