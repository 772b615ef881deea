use std::ops::Range;

use super::read::ObjectName;
use super::{Hazard, Level, Rule};

/// A hazard with its place in a script.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How bad it is here.
    pub level: Level,
    /// What it is about: `tasks.removed_at`.
    pub object: String,
    /// What happens.
    pub message: String,
    /// What to do instead.
    pub help: String,
    /// Where it stands, in bytes of the script.
    pub span: Range<usize>,
    /// The line on which it starts, from 1.
    pub line: usize,
    /// The character of that line at which it starts, from 1.
    pub column: usize,
    /// The table that is locked, read or written.
    pub table: Option<ObjectName>,
    /// How many rows that table has, where a database was asked.
    pub rows: Option<u64>,
    /// Why it is allowed, where somebody has said so.
    pub allowed: Option<Allowance>,
}

/// Why a hazard is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The reason that was given.
    pub reason: String,
    /// Whether a comment in the script says so; elsewhere it is `meta.json`.
    pub in_script: bool,
}

impl Finding {
    /// Whether it stops what may only go on without a hazard that is refused.
    #[must_use]
    pub fn denies(&self) -> bool {
        self.level == Level::Deny && self.allowed.is_none()
    }

    /// The hazard without its place.
    #[must_use]
    pub fn hazard(&self) -> Hazard {
        let message = match self.help.is_empty() {
            true => self.message.clone(),
            false => format!("{}; {}", self.message, self.help),
        };
        Hazard::new(self.rule.code, self.level, &self.object, &message)
    }

    /// Takes another message than the rule's own.
    pub(super) fn says(&mut self, message: impl Into<String>) -> &mut Self {
        self.message = message.into();
        self
    }

    /// Names the table whose size matters.
    pub(super) fn on(&mut self, table: &ObjectName) -> &mut Self {
        self.table = Some(table.clone());
        self
    }
}

/// What one rule finds in a script.
pub(crate) struct Found {
    rule: &'static Rule,
    pub(super) findings: Vec<(usize, Finding)>,
}

impl Found {
    pub(super) fn new(rule: &'static Rule) -> Self {
        Self {
            rule,
            findings: Vec::new(),
        }
    }

    /// Adds a finding in the statement of that number, with the rule's own words.
    pub(super) fn add(&mut self, statement: usize, span: &Range<usize>, object: impl ToString) -> &mut Finding {
        self.findings.push((
            statement,
            Finding {
                rule: self.rule,
                level: self.rule.level,
                object: object.to_string(),
                message: self.rule.title.to_owned(),
                help: self.rule.instead.to_owned(),
                span: span.clone(),
                line: 0,
                column: 0,
                table: None,
                rows: None,
                allowed: None,
            },
        ));
        let (_, finding) = self.findings.last_mut().expect("one was pushed just now");
        finding
    }
}
