use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ignored_errors",
    level: Level::Warn,
    harm: Harm::DataLoss,
    engines: MYSQL,
    title: "IGNORE makes errors warnings: values that do not fit are cut, rows that break a key are left out or dropped, and it goes on",
    why: "UPDATE IGNORE, LOAD DATA … IGNORE and ALTER IGNORE TABLE (MariaDB) do as much as they can without failing; ALTER IGNORE TABLE with a new unique key deletes all but one of the rows that are equal.",
    instead: "leave IGNORE out, and say with a WHERE which rows are meant",
    bad: "ALTER IGNORE TABLE people ADD UNIQUE (mail);",
    good: "ALTER TABLE people ADD UNIQUE (mail);",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 7.1.11 Server SQL Modes, The Effect of IGNORE on Statement Execution",
            url: "https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#ignore-effect-on-execution",
        },
        Source {
            chapter: "MariaDB, ALTER TABLE, IGNORE",
            url: "https://mariadb.com/kb/en/alter-table/",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        let words = [
            "alter ignore",
            "alter online ignore",
            "update ignore",
            "update low_priority ignore",
        ];
        let table = match &statement.action {
            _ if !words.iter().any(|words| statement.begins(words)) => continue,
            Action::AlterTable(alter) => &alter.table,
            Action::Update(update) => &update.table,
            _ => continue,
        };
        found.add(index, &statement.span, table);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER IGNORE TABLE a ADD UNIQUE (b)", &["a"]),
            ("UPDATE IGNORE a SET b = 1 WHERE c", &["a"]),
        ]);
        RULE.spares(&["INSERT IGNORE INTO a VALUES (1)", "UPDATE a SET b = 1 WHERE c"]);
    }
}
