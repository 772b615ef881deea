use std::collections::BTreeSet;

use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "rename_table",
    level: Level::Warn,
    harm: Harm::Compatibility,
    engines: EVERY,
    title: "programs that run while it happens still use the old name",
    why: "From the moment of the rename, every statement of the version before that names the table fails, until the last old process \
          is gone. Functions whose bodies are text, and reports, name it as well.",
    instead: "let a view of the old name stand in for it (on PostgreSQL it takes writes, too) until no program uses that name, or rename \
              while nothing runs",
    bad: "ALTER TABLE tasks RENAME TO cards;",
    good: "CREATE VIEW cards AS SELECT * FROM tasks;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, CREATE VIEW, Updatable Views",
            url: "https://www.postgresql.org/docs/15/sql-createview.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.1.36 RENAME TABLE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/rename-table.html",
        },
        Source {
            chapter: "SQLite, ALTER TABLE RENAME",
            url: "https://www.sqlite.org/lang_altertable.html#alter_table_rename",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    // Names that the script itself has given: no program says them.
    let mut given = BTreeSet::new();
    for altered in script.old_alterations() {
        if let Alter::RenameTable(to) = altered.what() {
            if !given.contains(&altered.table.key()) {
                found.add(altered.index, altered.span(), altered.table);
            }
            given.insert(to.key());
        }
    }
    for (index, statement) in script.numbered() {
        let Action::Rename(pairs) = &statement.action else {
            continue;
        };
        for (from, _) in pairs {
            // `RENAME TABLE a TO old, new TO a` puts another table into its place at once.
            let replaced = pairs.iter().any(|(_, to)| to.key() == from.key());
            if !replaced && !script.makes(from, index) {
                found.add(index, &statement.span, from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE tasks RENAME TO cards", &["tasks"]),
            ("RENAME TABLE tasks TO cards, a TO b", &["tasks", "a"]),
            (
                "ALTER TABLE a RENAME TO spare; ALTER TABLE b RENAME TO a; ALTER TABLE spare RENAME TO b",
                &["a", "b"],
            ),
        ]);
        RULE.spares(&[
            "CREATE TABLE new (id int); ALTER TABLE new RENAME TO tasks",
            "CREATE TABLE new (id int); RENAME TABLE tasks TO old, new TO tasks",
            "ALTER TABLE tasks RENAME COLUMN a TO b",
            "ALTER TABLE tasks RENAME CONSTRAINT a TO b",
        ]);
    }
}
