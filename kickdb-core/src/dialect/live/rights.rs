//! Who owns what in a database, and who may do what there: no schema says it.

use std::collections::{BTreeMap, BTreeSet};

use super::Connection;
use crate::error::Result;

/// The owners, grants and default privileges of a database.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rights {
    /// Who owns a thing, by its kind and name.
    owners: BTreeMap<String, String>,
    /// What was granted beyond what everybody may, what was revoked of that, and what new things will grant: a line each.
    lines: BTreeSet<String>,
}

/// Reads the rights in the connected database; `None` where the engine keeps none in it.
///
/// # Errors
///
/// When the query fails.
pub async fn rights(connection: &mut dyn Connection) -> Result<Option<Rights>> {
    let Some(sql) = connection.dialect().all_rights_query() else {
        return Ok(None);
    };
    let mut rights = Rights::default();
    for row in connection.query(sql, &[]).await? {
        let mut cells = row.into_iter();
        let (thing, owner) = (cells.next().flatten(), cells.next().flatten());
        let clean = |text: String| text.replace(char::is_control, " ");
        match (thing.map(clean), owner.map(clean)) {
            (Some(thing), Some(owner)) => {
                rights.owners.insert(thing, owner);
            }
            (Some(line), None) => {
                rights.lines.insert(line);
            }
            _ => {}
        }
    }
    Ok(Some(rights))
}

impl Rights {
    /// What is in one of two databases and not in the other, for people to read. A thing that only one of them has tells by its
    /// grants, not by its owner; things that changed hands in the same way are one line.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut hands = BTreeMap::<(&str, &str), Vec<&str>>::new();
        for (thing, one) in &self.owners {
            if let Some(another) = other.owners.get(thing).filter(|another| *another != one) {
                hands.entry((one, another)).or_default().push(thing);
            }
        }
        let owners = hands.into_iter().map(|((one, another), things)| {
            let more = match things.len() {
                1 => String::new(),
                count => format!(" and of {} more", count - 1),
            };
            format!(
                "owner of {}{more} ({one} in the first database, {another} in the second)",
                things[0]
            )
        });
        let lines = |one: &Self, another: &Self, place: &str| {
            let only = one.lines.difference(&another.lines);
            only.map(|line| format!("{line} (only in the {place} database)"))
                .collect::<Vec<_>>()
        };
        owners
            .chain(lines(self, other, "first"))
            .chain(lines(other, self, "second"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Rights;

    fn rights(owners: &[(&str, &str)], lines: &[&str]) -> Rights {
        Rights {
            owners: owners
                .iter()
                .map(|(thing, owner)| ((*thing).to_owned(), (*owner).to_owned()))
                .collect(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    #[test]
    fn what_both_have_is_no_difference() {
        let one = rights(
            &[("table a", "x"), ("table b", "x"), ("table c", "x"), ("table d", "z")],
            &["grant of A", "grant of B"],
        );
        assert_eq!(one.differences(&one), Vec::<String>::new());
        let other = rights(
            &[("table a", "y"), ("table b", "y"), ("table c", "x"), ("table e", "x")],
            &["grant of B", "grant of C"],
        );
        assert_eq!(
            one.differences(&other),
            [
                "owner of table a and of 1 more (x in the first database, y in the second)",
                "grant of A (only in the first database)",
                "grant of C (only in the second database)",
            ]
        );
    }
}
