use crate::dialect::{Cast, Types};
use crate::diff::Change;
use crate::lint::rules::prelude::*;
use crate::lint::rules::retyped;

pub(super) static RULE: Rule = Rule {
    code: "change_type",
    level: Level::Deny,
    harm: Harm::DataLoss,
    engines: EVERY,
    title: "no value of the old type becomes one of the new type",
    why: "There is no conversion between the two types, so nothing of what the column holds is kept.",
    instead: "add a column of the new type, fill it by an expression of your own, and drop the old one in a later release",
    bad: "",
    good: "",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, SET DATA TYPE",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.1.9 ALTER TABLE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html",
        },
    ],
    check,
    change: Some(change),
};

fn check(_: &Script<'_>, _: &mut Found) {
    // The SQL does not tell which type the column has.
}

fn change(change: &Change, types: &dyn Types) -> Vec<Hazard> {
    retyped::hazards(&RULE, change, types, |cast| match cast {
        Cast::Impossible => Some(RULE.title),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_lose_something_is_found() {
        assert_eq!(retyped::codes("time", "timestamptz"), [RULE.code]);
        assert!(retyped::codes("integer", "bigint").is_empty());
    }
}
