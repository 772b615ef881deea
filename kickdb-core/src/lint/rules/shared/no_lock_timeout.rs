use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "no_lock_timeout",
    level: Level::Note,
    harm: Harm::Lock,
    engines: &["postgres", "mysql"],
    title: "nothing limits how long it waits for its lock, and everything that comes behind it waits as well",
    why: "A statement that waits for a lock stands in a queue, and everything that wants the table after it waits behind it, plain reads as well. One long transaction is enough to stop a service. kickdb's runner sets a limit (`lock_timeout`) and tries again, so its migrations are not concerned.",
    instead: "begin with SET lock_timeout = '5s' (PostgreSQL) or SET SESSION lock_wait_timeout = 5 (MySQL, MariaDB), and try again when it is hit",
    bad: "ALTER TABLE tasks ADD COLUMN note varchar(20);",
    good: "SET lock_timeout = '5s';\nSET SESSION lock_wait_timeout = 5;\nALTER TABLE tasks ADD COLUMN note varchar(20);",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, 20.11.1 Statement Behavior, lock_timeout",
            url: "https://www.postgresql.org/docs/15/runtime-config-client.html#GUC-LOCK-TIMEOUT",
        },
        Source {
            chapter: "MySQL 8.4, 7.1.8 Server System Variables, lock_wait_timeout",
            url: "https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_lock_wait_timeout",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    if script.input.runner {
        return;
    }
    for (index, statement) in script.numbered() {
        match &statement.action {
            Action::Set { name, .. } if name == "lock_timeout" || name == "lock_wait_timeout" => return,
            Action::AlterTable(alter) if !script.makes(&alter.table, index) => {
                // Said once: it is about the whole script.
                found.add(index, &statement.span, &alter.table);
                return;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ADD COLUMN b int; ALTER TABLE c ADD COLUMN d int", &["a"]),
            ("ALTER TABLE a DROP COLUMN b; SET lock_timeout = '1s'", &["a"]),
        ]);
        RULE.spares(&[
            "SET LOCAL lock_timeout TO '5s'; ALTER TABLE a ADD COLUMN b int",
            "SET @@session.lock_wait_timeout = 5; ALTER TABLE a ADD COLUMN b int",
            "CREATE TABLE a (b int); ALTER TABLE a ADD COLUMN c int",
            "CREATE INDEX i ON a (b)",
        ]);
    }
}
