use std::collections::BTreeSet;

use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "backfill_under_lock",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "rows are changed in the transaction that has altered the table, so nobody can use it until all of them are",
    why: "The ACCESS EXCLUSIVE lock of an ALTER TABLE is kept until the commit. Changing rows after it in the same transaction makes a lock of milliseconds one of minutes.",
    instead: "put the change of the rows into a migration of its own, in batches",
    bad: "BEGIN;\nALTER TABLE tasks ADD COLUMN state text;\nUPDATE tasks SET state = 'open' WHERE state IS NULL;\nCOMMIT;",
    good: "ALTER TABLE tasks ADD COLUMN state text;\nUPDATE tasks SET state = 'open' WHERE state IS NULL;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, 13.3.1 Table-Level Locks",
            url: "https://www.postgresql.org/docs/15/explicit-locking.html#LOCKING-TABLES",
        },
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, Notes",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let mut altered: BTreeSet<(usize, String)> = BTreeSet::new();
    for (index, statement) in script.numbered() {
        let Some(transaction) = statement.transaction else {
            continue;
        };
        match &statement.action {
            Action::AlterTable(alter) if !script.makes(&alter.table, index) => {
                altered.insert((transaction, alter.table.key()));
            }
            Action::Update(changing) | Action::Delete(changing)
                if altered.contains(&(transaction, changing.table.key())) =>
            {
                found.add(index, &statement.span, &changing.table).on(&changing.table);
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
            (
                "BEGIN; ALTER TABLE a ADD b int; UPDATE a SET b = 1 WHERE b IS NULL; COMMIT",
                &["a"],
            ),
            (
                "BEGIN; ALTER TABLE a DROP b; DELETE FROM public.a WHERE c; COMMIT",
                &["a"],
            ),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD b int; UPDATE a SET b = 1 WHERE c",
            "BEGIN; UPDATE a SET b = 1 WHERE c; ALTER TABLE a ADD d int; COMMIT",
            "BEGIN; ALTER TABLE a ADD b int; UPDATE d SET b = 1 WHERE c; COMMIT",
            "BEGIN; ALTER TABLE a ADD b int; COMMIT; UPDATE a SET b = 1 WHERE c",
        ]);
    }
}
