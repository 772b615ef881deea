use std::collections::BTreeSet;

use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "replace_deletes",
    level: Level::Warn,
    harm: Harm::DataLoss,
    engines: &["sqlite", "mysql"],
    title: "a row whose key is there already is deleted first, with all that refers to it by ON DELETE CASCADE",
    why: "REPLACE is a DELETE and an INSERT: columns that are not named get their defaults, child rows go by ON DELETE CASCADE, and the key may get another number. SQLite runs the triggers of that DELETE only where recursive_triggers is on.",
    instead: "use INSERT … ON CONFLICT (key) DO UPDATE (SQLite) or INSERT … ON DUPLICATE KEY UPDATE (MySQL, MariaDB)",
    bad: "REPLACE INTO settings (name, value) VALUES ('theme', 'dark');",
    good: "INSERT INTO settings (name, value) VALUES ('theme', 'dark') ON CONFLICT (name) DO UPDATE SET value = 'dark';",
    sources: &[
        Source {
            chapter: "SQLite, The ON CONFLICT Clause, REPLACE",
            url: "https://www.sqlite.org/lang_conflict.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.2.12 REPLACE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/replace.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for (index, statement) in script.numbered() {
        if let Action::Insert(insert) = &statement.action
            && insert.replaces
            && !script.makes(&insert.table, index)
            && seen.insert(insert.table.key())
        {
            found.add(index, &statement.span, &insert.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("REPLACE INTO a VALUES (1); REPLACE INTO a VALUES (2)", &["a"]),
            ("INSERT OR REPLACE INTO a VALUES (1)", &["a"]),
        ]);
        RULE.spares(&[
            "INSERT OR IGNORE INTO a VALUES (1)",
            "SELECT replace(a, 'b', 'c') FROM d",
            "CREATE TABLE a (x int); REPLACE INTO a VALUES (1)",
        ]);
    }
}
