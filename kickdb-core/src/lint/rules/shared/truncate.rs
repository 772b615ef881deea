use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "truncate",
    level: Level::Deny,
    harm: Harm::DataLoss,
    engines: &["postgres", "mysql"],
    title: "every row of the table goes",
    why: "TRUNCATE removes all rows without looking at them. On MySQL and MariaDB it commits by itself and cannot be rolled back; on \
          PostgreSQL it takes an ACCESS EXCLUSIVE lock, and with CASCADE it empties every table that refers to this one, too.",
    instead: "delete what has to go by a WHERE that says which rows, after a copy of them was made",
    bad: "TRUNCATE TABLE sessions;",
    good: "DELETE FROM sessions WHERE expires_at < '2020-01-01';",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, TRUNCATE",
            url: "https://www.postgresql.org/docs/15/sql-truncate.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.1.37 TRUNCATE TABLE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/truncate-table.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        let Action::Truncate(tables) = &statement.action else {
            continue;
        };
        for table in tables.iter().filter(|table| !script.makes(table, index)) {
            found.add(index, &statement.span, table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("TRUNCATE sessions", &["sessions"]),
            ("TRUNCATE TABLE ONLY a, b RESTART IDENTITY CASCADE", &["a", "b"]),
        ]);
        RULE.spares(&["CREATE TABLE a (id int); TRUNCATE a", "SELECT truncate(1.5, 0)"]);
    }
}
