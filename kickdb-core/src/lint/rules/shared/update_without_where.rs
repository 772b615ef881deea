use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "update_without_where",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: EVERY,
    title: "every row is written anew in one statement, and stays locked until the transaction ends",
    why: "PostgreSQL keeps the old version of each row until VACUUM comes by, so the table doubles; InnoDB keeps it in the undo log. Every \
          row is locked until the commit, and replicas get all of it at once. SQLite holds the lock of the whole database.",
    instead: "change the rows in batches of some thousands by their key, each in its own transaction, outside of the migration that \
              alters the table",
    bad: "UPDATE tasks SET state = 'open';",
    good: "UPDATE tasks SET state = 'open' WHERE id BETWEEN 1 AND 5000;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, 25.1.2 Recovering Disk Space",
            url: "https://www.postgresql.org/docs/15/routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY",
        },
        Source {
            chapter: "MySQL 8.4, 17.7.3 Locks Set by Different SQL Statements in InnoDB",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html",
        },
        Source {
            chapter: "SQLite, File Locking And Concurrency, 3. Locking",
            url: "https://www.sqlite.org/lockingv3.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        if let Action::Update(update) = &statement.action
            && !update.filtered
            && !script.makes(&update.table, index)
        {
            found.add(index, &statement.span, &update.table).on(&update.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("UPDATE tasks SET a = 1", &["tasks"]),
            ("UPDATE tasks SET a = (SELECT 1 WHERE true)", &["tasks"]),
        ]);
        RULE.spares(&[
            "UPDATE tasks SET a = 1 WHERE a IS NULL",
            "UPDATE tasks SET a = 1 LIMIT 5",
            "CREATE TABLE tasks (a int); UPDATE tasks SET a = 1",
            "INSERT INTO tasks VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 1",
        ]);
    }
}
