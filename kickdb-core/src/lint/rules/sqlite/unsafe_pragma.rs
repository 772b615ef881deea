use super::is_off;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "unsafe_pragma",
    level: Level::Deny,
    harm: Harm::DataLoss,
    engines: SQLITE,
    title: "a crash or a loss of power from here on can damage the database, or rows are no longer checked",
    why: "synchronous = OFF and journal_mode = OFF or MEMORY give up what brings a database back after a crash; ignore_check_constraints lets rows in that break a CHECK. journal_mode stays as it is set for MEMORY and OFF as long as the connection lives.",
    instead: "leave them as they are; WAL with synchronous = NORMAL is fast and safe",
    bad: "PRAGMA synchronous = OFF;",
    good: "PRAGMA synchronous = NORMAL;",
    sources: &[
        Source {
            chapter: "SQLite, PRAGMA synchronous",
            url: "https://www.sqlite.org/pragma.html#pragma_synchronous",
        },
        Source {
            chapter: "SQLite, How To Corrupt An SQLite Database File, 3. Failure to sync",
            url: "https://www.sqlite.org/howtocorrupt.html#_failure_to_sync",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        if let Action::Set { name, value } = &statement.action
            && match name.as_str() {
                "synchronous" => is_off(value),
                "journal_mode" => is_off(value) || value == "memory",
                "ignore_check_constraints" => !value.is_empty() && !is_off(value),
                _ => false,
            }
        {
            found.add(index, &statement.span, name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("PRAGMA synchronous = 0", &["synchronous"]),
            ("PRAGMA journal_mode = MEMORY", &["journal_mode"]),
            ("PRAGMA ignore_check_constraints = ON", &["ignore_check_constraints"]),
        ]);
        RULE.spares(&[
            "PRAGMA synchronous = FULL",
            "PRAGMA journal_mode = WAL",
            "PRAGMA ignore_check_constraints = off",
        ]);
    }
}
