//! How the rows of a table are spread over partitions, as one of the table's options.
//!
//! The option holds what stands behind `PARTITION BY`, in one spelling; see <https://mariadb.com/kb/en/partitioning-overview/>.

mod parse;
#[cfg(test)]
mod tests;

pub(super) use self::parse::{parse, split, values};
use std::collections::BTreeMap;

use super::syntax::{ident, literal};
use crate::ident::Name;

/// What stands behind `PARTITION BY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Partitioning {
    /// `range`, `list columns`, `linear hash`, `key`, `system_time`, …
    pub(super) method: String,
    /// The expression or the columns, as they stand in the parentheses.
    pub(super) by: String,
    pub(super) sub: Option<Subpartitioning>,
    pub(super) parts: Parts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subpartitioning {
    pub(super) method: String,
    pub(super) by: String,
    pub(super) count: usize,
}

/// So many partitions of the usual names, or each by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parts {
    Count(usize),
    Named(Vec<Part>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: Name,
    pub(super) rows: Rows,
    pub(super) settings: Settings,
    /// The subpartitions where something else than the usual names is said of them.
    pub(super) subs: Vec<(Name, Settings)>,
}

/// What is said of a partition beside its rows: a comment, bounds on their number, the folders of its files. The words of
/// each in lower case, and the value without quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings(BTreeMap<String, String>);

/// The words of a comment among what is said of a partition.
const COMMENT: &str = "comment";

impl Settings {
    /// A comment; an empty one is none.
    pub(super) fn comment(text: &str) -> Self {
        let mut settings = Self::default();
        settings.set(COMMENT, text);
        settings
    }

    fn set(&mut self, what: &str, value: &str) {
        if !(value.is_empty() || what.ends_with("_rows") && value == "0") {
            self.0.insert(what.to_owned(), value.to_owned());
        }
    }

    fn text(&self) -> String {
        let one = |(what, value): (&String, &String)| match what.ends_with("_rows") || what == "nodegroup" {
            true => format!(" {what} = {value}"),
            false => format!(" {what} = {}", literal(value)),
        };
        self.0.iter().map(one).collect()
    }
}

/// Which rows are in a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// Those that the method puts there.
    Any,
    LessThan(String),
    In(String),
    /// Those of no other partition.
    Default,
    History,
    Current,
}

impl Partitioning {
    /// The one spelling.
    pub(super) fn text(&self) -> String {
        let mut sql = head(&self.method, &self.by);
        if let Some(sub) = &self.sub {
            sql.push_str(&format!(
                " subpartition by {} subpartitions {}",
                head(&sub.method, &sub.by),
                sub.count
            ));
        }
        match &self.parts {
            // The server repeats a single one only where it was said.
            Parts::Count(1) => {}
            Parts::Count(count) => sql.push_str(&format!(" partitions {count}")),
            Parts::Named(parts) if parts.is_empty() => {}
            Parts::Named(parts) => {
                let parts: Vec<String> = parts.iter().map(Part::text).collect();
                sql.push_str(&format!(" ({})", parts.join(", ")));
            }
        }
        sql
    }

    /// The same but for the list of partitions.
    pub(super) fn spreads_like(&self, other: &Self) -> bool {
        self.method == other.method && self.by == other.by && self.sub == other.sub
    }

    /// What has the usual names is said by its count.
    pub(super) fn settled(mut self) -> Self {
        if let Parts::Named(parts) = &mut self.parts {
            for part in parts.iter_mut() {
                let usual = |at: usize, name: &Name| *name == format!("{}sp{at}", part.name).as_str();
                let subs = part.subs.iter().enumerate();
                if subs
                    .clone()
                    .all(|(at, (name, settings))| settings.0.is_empty() && usual(at, name))
                {
                    part.subs.clear();
                }
            }
            let usual = |(at, part): (usize, &Part)| {
                part.name == format!("p{at}").as_str()
                    && part.rows == Rows::Any
                    && part.settings.0.is_empty()
                    && part.subs.is_empty()
            };
            if !parts.is_empty() && parts.iter().enumerate().all(usual) {
                self.parts = Parts::Count(parts.len());
            }
        }
        self
    }
}

impl Part {
    pub(super) fn text(&self) -> String {
        let mut sql = format!("partition {}", ident(&self.name));
        match &self.rows {
            Rows::Any => {}
            Rows::LessThan(bound) => sql.push_str(&format!(" values less than ({bound})")),
            Rows::In(values) => sql.push_str(&format!(" values in ({values})")),
            Rows::Default => sql.push_str(" default"),
            Rows::History => sql.push_str(" history"),
            Rows::Current => sql.push_str(" current"),
        }
        sql.push_str(&self.settings.text());
        if !self.subs.is_empty() {
            let sub = |(name, settings): &(Name, Settings)| format!("subpartition {}{}", ident(name), settings.text());
            let subs: Vec<String> = self.subs.iter().map(sub).collect();
            sql.push_str(&format!(" ({})", subs.join(", ")));
        }
        sql
    }
}

fn head(method: &str, by: &str) -> String {
    match method {
        "system_time" if by.is_empty() => method.to_owned(),
        "system_time" => format!("{method} {by}"),
        _ => format!("{method} ({by})"),
    }
}
