use std::collections::BTreeSet;

use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_index_not_concurrent",
    level: Level::Note,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "it waits for everything that uses the table, and everything that comes after it waits behind it",
    why: "DROP INDEX takes an ACCESS EXCLUSIVE lock on the table. It is short, but it stands in the queue behind long transactions, and plain reads stand behind it.",
    instead: "use DROP INDEX CONCURRENTLY, in a migration that runs outside of a transaction",
    bad: "DROP INDEX tasks_state;",
    good: "DROP INDEX CONCURRENTLY IF EXISTS tasks_state;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, DROP INDEX",
            url: "https://www.postgresql.org/docs/15/sql-dropindex.html",
        },
        Source {
            chapter: "PostgreSQL 15, 13.3.1 Table-Level Locks",
            url: "https://www.postgresql.org/docs/15/explicit-locking.html#LOCKING-TABLES",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let mut made = BTreeSet::new();
    for (index, statement) in script.numbered() {
        match &statement.action {
            Action::CreateIndex(create) => made.extend(create.name.as_ref().map(|name| &name.name)),
            Action::Drop(drop) if drop.kind == "index" && !drop.concurrently => {
                for name in drop.names.iter().filter(|name| !made.contains(&name.name)) {
                    found.add(index, &statement.span, name);
                }
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
        RULE.finds(&[("DROP INDEX a, s.b", &["a", "s.b"])]);
        RULE.spares(&[
            "DROP INDEX CONCURRENTLY a",
            "CREATE INDEX a ON t (x); DROP INDEX a",
            "DROP TABLE a",
        ]);
    }
}
