//! What is dangerous in scripts and migrations, as this project sees it: its levels, its exceptions, the size of its tables.

mod github;
mod sarif;
mod show;
mod size;

use kickdb_core::dialect::Dialect;
use kickdb_core::journal::{Folder, UP_FILE};
use kickdb_core::lint::{Finding, Hazard, Input, Level, Policy, lint};
use serde_json::{Value, json};

pub(crate) use self::github::{annotation, annotations};
pub(crate) use self::sarif::sarif;
pub(crate) use self::show::{lines, report, summary};
pub(crate) use self::size::{ask, take_in};
use crate::config::Target;

/// A script with what was found in it.
pub(crate) struct Linted {
    /// The file, as it is shown.
    pub(crate) shown: String,
    /// The migration whose `up.sql` it is.
    pub(crate) id: Option<String>,
    pub(crate) text: String,
    pub(crate) found: Vec<Finding>,
}

impl Linted {
    /// Looks at a migration, with the project's levels and its own exceptions.
    pub(crate) fn migration(folder: &Folder, id: &str, target: &Target, policy: &Policy) -> Self {
        let migration = folder.migration(id);
        let exceptions = migration
            .and_then(|migration| migration.meta.as_ref())
            .map(|meta| meta.exceptions.as_slice());
        let mut found = folder.lint(id, target.dialect);
        policy.apply(&mut found, exceptions.unwrap_or_default());
        Self {
            shown: format!("{}/{id}/{UP_FILE}", target.migrations_shown),
            id: Some(id.to_owned()),
            text: migration.and_then(|migration| migration.up.clone()).unwrap_or_default(),
            found,
        }
    }

    /// Looks at any script.
    pub(crate) fn script(shown: String, text: String, dialect: &dyn Dialect, policy: &Policy) -> Self {
        let mut found = lint(&text, &Input::new(dialect));
        policy.apply(&mut found, &[]);
        Self {
            shown,
            id: None,
            text,
            found,
        }
    }

    /// Whether something is refused.
    pub(crate) fn denies(&self) -> bool {
        self.found.iter().any(Finding::denies)
    }

    /// The hazards that are not allowed, without their places.
    pub(crate) fn hazards(&self) -> Vec<Hazard> {
        let open = self.found.iter().filter(|finding| finding.allowed.is_none());
        open.map(Finding::hazard).collect()
    }

    /// The findings for programs.
    pub(crate) fn json(&self) -> Value {
        let found: Vec<Value> = self.found.iter().map(one).collect();
        json!({ "file": self.shown, "id": self.id, "findings": found })
    }
}

fn one(finding: &Finding) -> Value {
    json!({
        "code": finding.rule.code,
        "level": finding.level.as_str(),
        "harm": finding.rule.harm.title(),
        "object": finding.object,
        "message": finding.message,
        "help": finding.help,
        "line": finding.line,
        "column": finding.column,
        "rows": finding.rows,
        "allowed": finding.allowed.as_ref().map(|allowed| &allowed.reason),
    })
}

/// The page of a hazard.
pub(crate) fn page(code: &str) -> String {
    format!("{}/blob/main/docs/hazards/{code}.md", env!("CARGO_PKG_REPOSITORY"))
}

/// How many findings are of a level, those that are allowed left out.
pub(crate) fn number(linted: &[Linted], level: Level) -> usize {
    let found = linted.iter().flat_map(|linted| &linted.found);
    found
        .filter(|finding| finding.allowed.is_none() && finding.level == level)
        .count()
}
