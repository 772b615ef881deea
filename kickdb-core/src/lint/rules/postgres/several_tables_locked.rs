use std::collections::BTreeSet;

use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "several_tables_locked",
    level: Level::Note,
    harm: Harm::Deadlock,
    engines: POSTGRES,
    title: "one transaction locks several tables one after the other, and a program that uses them in another order can wait for it while it waits for that program",
    why: "Each ALTER TABLE takes an ACCESS EXCLUSIVE lock and keeps it until the commit. A session that has touched the second table and comes to the first makes a deadlock with it; PostgreSQL then breaks off one of the two. Meanwhile both tables are out of use for as long as the migration takes.",
    instead: "alter each of the tables in a migration of its own, or have the runner try again: `lock_timeout` breaks it off before others wait long",
    bad: "BEGIN;\nALTER TABLE tasks ADD COLUMN a int;\nALTER TABLE notes ADD COLUMN b int;\nCOMMIT;",
    good: "ALTER TABLE tasks ADD COLUMN a int;\nALTER TABLE notes ADD COLUMN b int;",
    sources: &[Source {
        chapter: "PostgreSQL 15, 13.3.4 Deadlocks",
        url: "https://www.postgresql.org/docs/15/explicit-locking.html#LOCKING-DEADLOCKS",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let mut locked: (usize, BTreeSet<String>) = Default::default();
    for (index, statement) in script.numbered() {
        let Some(transaction) = statement.transaction else {
            continue;
        };
        let table = match &statement.action {
            Action::AlterTable(alter) => &alter.table,
            Action::Drop(drop) if drop.kind == "table" => match drop.names.first() {
                Some(table) => table,
                None => continue,
            },
            _ => continue,
        };
        if script.makes(table, index) {
            continue;
        }
        if locked.0 != transaction {
            locked = (transaction, BTreeSet::new());
        }
        // Said once for a transaction: at the second table.
        if locked.1.insert(table.key()) && locked.1.len() == 2 {
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
            (
                "BEGIN; ALTER TABLE a ADD x int; ALTER TABLE b ADD x int; ALTER TABLE c ADD x int; COMMIT",
                &["b"],
            ),
            ("BEGIN; ALTER TABLE a ADD x int; DROP TABLE b; COMMIT", &["b"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD x int; ALTER TABLE b ADD x int",
            "BEGIN; ALTER TABLE a ADD x int; ALTER TABLE a ADD y int; COMMIT",
            "BEGIN; ALTER TABLE a ADD x int; COMMIT; BEGIN; ALTER TABLE b ADD x int; COMMIT",
            "BEGIN; CREATE TABLE b (x int); ALTER TABLE a ADD x int; ALTER TABLE b ADD y int; COMMIT",
        ]);
    }
}
