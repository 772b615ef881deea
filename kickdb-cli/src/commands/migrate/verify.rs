//! `migrate verify`: whether a folder holds together.

use kickdb_core::journal::{Finding, Severity, verify};
use serde_json::{Value, json};

use crate::config::{Project, Target};
use crate::describe::count;
use crate::failure::Failure;
use crate::folder;
use crate::terminal::{Outcome, Paint, Terminal};

/// Looks at the folder of every target; the answer is "no" where one must not be deployed.
pub(crate) fn run(project: &Project, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut targets = Vec::new();
    let mut no = false;
    for target in &project.targets {
        let (found, number) = findings(project, target)?;
        let denied = show(&found, terminal);
        no |= denied;
        if !denied {
            let good = terminal.paint(Paint::Good, "ok");
            terminal.say(format!(
                "{good} {}: {}",
                target.migrations_shown,
                count(number, "migration")
            ));
        }
        targets.push(json!({ "target": target.shown(), "migrations": number, "findings": found.iter().map(one).collect::<Vec<_>>() }));
    }
    Ok(Outcome::answer(no, json!({ "targets": targets })))
}

/// What is wrong in the folder of a target, and how many migrations it has.
pub(crate) fn findings(project: &Project, target: &Target) -> Result<(Vec<Finding>, usize), Failure> {
    let folder = folder::read(target)?;
    let reviewed = target.flag_is_set("require_reviewed").unwrap_or(!project.development);
    Ok((verify(&folder, target.dialect, reviewed), folder.journal.entries.len()))
}

/// Prints findings; whether one of them stops a deploy.
pub(crate) fn show(found: &[Finding], terminal: &Terminal) -> bool {
    for finding in found {
        let word = match finding.severity {
            Severity::Note => terminal.paint(Paint::Dim, "note"),
            Severity::Deny => terminal.paint(Paint::Bad, "no"),
        };
        terminal.result(format!("{word} {} [{}]", finding.message, finding.code));
    }
    found.iter().any(|finding| finding.severity == Severity::Deny)
}

/// A finding for programs.
pub(crate) fn one(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "deny": finding.severity == Severity::Deny,
        "id": finding.id,
        "message": finding.message,
    })
}
