//! What is dangerous about a script, or about a set of changes, found before it runs.
//!
//! A [`Rule`] is one thing that can be dangerous. It looks at the statements of a script, each read by
//! its head, and where the SQL does not say enough also at the changes of the schema. Nothing here needs a database; where
//! one is at hand, [`weigh`] takes the size of the tables in.

mod exception;
mod finding;
mod hazard;
mod locks;
mod policy;
mod read;
mod rule;
mod rules;
mod script;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

pub use self::finding::{Allowance, Finding};
pub use self::hazard::{Hazard, Level};
pub use self::locks::{TableLock, locks};
pub use self::policy::{Exception, Policy, Setting, weigh};
pub use self::read::ObjectName;
pub use self::rule::{Harm, Rule, Source};
pub use self::rules::{ALL, by_code};
use crate::dialect::{Dialect, Types};
use crate::diff::{Change, copied};
use crate::ir::Schema;

/// What is known about a script beside its text.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The engine it is for.
    pub dialect: &'a dyn Dialect,
    /// Whether all of it runs in one transaction.
    pub transaction: bool,
    /// Whether it is a migration that kickdb's runner applies: one that waits for locks with a limit, and that goes on after
    /// the last statement that was done.
    pub runner: bool,
    /// The schema before it.
    pub before: Option<&'a Schema>,
    /// The schema after it.
    pub after: Option<&'a Schema>,
    /// The script that reverses it.
    pub down: Option<&'a str>,
}

impl<'a> Input<'a> {
    /// A script of which nothing is known but its engine.
    #[must_use]
    pub fn new(dialect: &'a dyn Dialect) -> Self {
        Self {
            dialect,
            transaction: false,
            runner: false,
            before: None,
            after: None,
            down: None,
        }
    }
}

/// Everything dangerous in a script, in the order of the script.
///
/// ```
/// use kickdb_core::dialect::by_name;
/// use kickdb_core::lint::{Input, lint};
///
/// let postgres = by_name("postgres").expect("one of the engines");
/// let found = lint("DROP TABLE tasks;", &Input::new(postgres));
/// assert_eq!((found[0].rule.code, found[0].object.as_str()), ("drop_table", "tasks"));
/// ```
#[must_use]
pub fn lint(sql: &str, input: &Input<'_>) -> Vec<Finding> {
    let script = script::Script::read(sql, input);
    let mut found = Vec::new();
    for rule in rules::of(input.dialect) {
        found.extend(apply(rule, &script));
    }
    found.sort_by(|(_, a), (_, b)| (a.span.start, a.rule.code).cmp(&(b.span.start, b.rule.code)));
    let mut found: Vec<Finding> = found.into_iter().map(|(_, finding)| finding).collect();
    place(sql, &mut found);
    found
}

/// What one rule finds, with the numbers of the statements.
fn apply(rule: &'static Rule, script: &script::Script<'_>) -> Vec<(usize, Finding)> {
    let mut found = finding::Found::new(rule);
    (rule.check)(script, &mut found);
    allow(&mut found, script);
    found.findings
}

/// Takes in what comments at the statements allow.
fn allow(found: &mut finding::Found, script: &script::Script<'_>) {
    for (statement, finding) in &mut found.findings {
        let comments = script.statements.get(*statement).map(|statement| &statement.allowed);
        let allowed = comments
            .into_iter()
            .flatten()
            .find(|allowed| allowed.codes.iter().any(|code| code == finding.rule.code));
        finding.allowed = allowed.map(|allowed| Allowance {
            reason: allowed.reason.clone(),
            in_script: true,
        });
    }
}

/// Gives each its line and column. They are in the order of the text, so one walk along it is enough.
fn place(sql: &str, found: &mut [Finding]) {
    let (mut at, mut line, mut line_start) = (0, 1, 0);
    for finding in found {
        let start = finding.span.start.min(sql.len());
        for (offset, _) in sql[at..start].match_indices('\n') {
            line += 1;
            line_start = at + offset + 1;
        }
        at = start;
        finding.line = line;
        finding.column = sql[line_start..start].chars().count() + 1;
    }
}

/// Everything that the changes destroy, or that can fail on the rows that are there, in the order of the changes.
#[must_use]
pub fn hazards(changes: &[Change], types: &dyn Types) -> Vec<Hazard> {
    let filled: BTreeSet<String> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Fill { table, column, .. } => Some(format!("{table}.{column}")),
            _ => None,
        })
        .collect();
    let looks = || ALL.iter().filter_map(|rule| rule.change);
    let parts = changes.iter().flat_map(parts).collect::<Vec<_>>();
    let found = parts
        .iter()
        .flat_map(|change| looks().flat_map(|look| look(change, types)));
    // Rows that get a value in the same breath do not lack one.
    found
        .filter(|hazard| hazard.code != "set_not_null" || !filled.contains(&hazard.object))
        .collect()
}

/// A change, and before it what it does to single tables.
fn parts(change: &Change) -> Vec<Cow<'_, Change>> {
    let mut parts = Vec::new();
    if let Change::Repartition { from, to } = change {
        parts.extend(copied(from, to).map(|(table, changes)| {
            let table = Arc::new(table.clone());
            Cow::Owned(Change::AlterTable {
                from: table.clone(),
                to: table,
                changes,
            })
        }));
    }
    parts.push(Cow::Borrowed(change));
    parts
}

/// Everything dangerous in a migration: what its SQL shows, and what only its changes show, at the statement that makes them.
#[must_use]
pub fn lint_migration(changes: &[Change], up: &str, input: &Input<'_>) -> Vec<Finding> {
    let mut found = lint(up, input);
    let known: BTreeSet<(String, String)> = found.iter().map(|finding| key(&finding.hazard())).collect();
    let script = script::Script::read(up, input);
    for hazard in hazards(changes, input.dialect)
        .into_iter()
        .filter(|hazard| !known.contains(&key(hazard)))
        // The snapshots do not tell that the rows get a value first; the SQL does.
        .filter(|hazard| match hazard.code.as_str() {
            "required_column" => !script.fills(&hazard.object),
            "set_not_null" => !script.fills(&hazard.object) && !rules::sets_not_null_quietly(&script, &hazard.object),
            _ => true,
        })
    {
        if let Some(rule) = by_code(&hazard.code) {
            let at = script.statement_of(&hazard.object);
            let span = at.map_or(0..0, |at| script.statements[at].span.clone());
            // Some of them say the way out themselves.
            let end = format!("; {}", rule.instead);
            let message = hazard
                .message
                .strip_suffix(end.as_str())
                .unwrap_or(&hazard.message)
                .to_owned();
            let mut one = finding::Found::new(rule);
            one.add(at.unwrap_or(usize::MAX), &span, hazard.object).says(message);
            allow(&mut one, &script);
            found.extend(one.findings.into_iter().map(|(_, finding)| finding));
        }
    }
    found.sort_by(|a, b| (a.span.start, a.rule.code).cmp(&(b.span.start, b.rule.code)));
    place(up, &mut found);
    found
}

/// The hazards of a migration, without their places: those of its changes, then those that only its SQL shows.
#[must_use]
pub fn of_migration(changes: &[Change], up: &str, input: &Input<'_>) -> Vec<Hazard> {
    let in_script = lint(up, input);
    let allowed = in_script.iter().filter(|finding| finding.allowed.is_some());
    let allowed: BTreeSet<(String, String)> = allowed.map(|finding| key(&finding.hazard())).collect();
    let script = script::Script::read(up, input);
    let mut found = hazards(changes, input.dialect);
    found.retain(|hazard| !allowed.contains(&key(hazard)));
    found.retain(|hazard| hazard.code != "set_not_null" || !rules::sets_not_null_quietly(&script, &hazard.object));
    let mut known: BTreeSet<(String, String)> = found.iter().map(key).collect();
    for finding in in_script {
        let hazard = finding.hazard();
        if finding.allowed.is_none() && known.insert(key(&hazard)) {
            found.push(hazard);
        }
    }
    found
}

fn key(hazard: &Hazard) -> (String, String) {
    (hazard.code.clone(), hazard.object.to_lowercase())
}

#[cfg(test)]
mod tests;
