//! The rules, one file each.

mod mysql;
mod postgres;
mod retyped;
mod shared;
mod sqlite;
#[cfg(test)]
mod support;

use std::sync::LazyLock;

use super::rule::Rule;
use crate::dialect::Dialect;

/// What a file of a rule needs.
mod prelude {
    pub(super) use crate::lint::finding::Found;
    pub(super) use crate::lint::hazard::{Hazard, Level};
    pub(super) use crate::lint::read::{Action, Alter, ConstraintKind};
    pub(super) use crate::lint::rule::{Harm, Rule, Source};
    pub(super) use crate::lint::script::Script;

    pub(super) const EVERY: &[&str] = &["postgres", "sqlite", "mysql"];
    pub(super) const POSTGRES: &[&str] = &["postgres"];
    pub(super) const SQLITE: &[&str] = &["sqlite"];
    pub(super) const MYSQL: &[&str] = &["mysql"];
}

pub(super) use self::shared::sets_not_null_quietly;

/// Every rule, by its code.
pub static ALL: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let mut all: Vec<&'static Rule> = [shared::RULES, postgres::RULES, mysql::RULES, sqlite::RULES].concat();
    all.sort_by_key(|rule| rule.code);
    all
});

/// The rule of that code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Rule> {
    let at = ALL.binary_search_by_key(&code, |rule| rule.code).ok()?;
    Some(ALL[at])
}

/// The rules for an engine.
pub(super) fn of(dialect: &dyn Dialect) -> impl Iterator<Item = &'static Rule> {
    let engine = dialect.id().as_str();
    ALL.iter().copied().filter(move |rule| rule.engines.contains(&engine))
}
