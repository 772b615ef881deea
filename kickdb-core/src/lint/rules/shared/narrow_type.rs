use crate::dialect::{Cast, Types};
use crate::diff::Change;
use crate::lint::rules::prelude::*;
use crate::lint::rules::retyped;

pub(super) static RULE: Rule = Rule {
    code: "narrow_type",
    level: Level::Warn,
    harm: Harm::Failure,
    engines: EVERY,
    title: "not every value of the old type fits into the new one",
    why: "A value that does not fit makes the statement fail as a whole, or, where the engine converts by rounding and cutting, loses a part of itself. The message says which of the two.",
    instead: "look for such values first, and change them or keep the wider type",
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
        Cast::Risky(why) => Some(why),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_lose_something_is_found() {
        assert_eq!(retyped::codes("bigint", "integer"), [RULE.code]);
        assert!(retyped::codes("integer", "bigint").is_empty());
    }
}
