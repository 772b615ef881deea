use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "index_not_concurrent",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "nobody can write to the table while the index is built",
    why: "CREATE INDEX takes a SHARE lock: reads go on, every INSERT, UPDATE and DELETE waits until the index is done.",
    instead: "use CREATE INDEX CONCURRENTLY, in a migration that runs outside of a transaction",
    bad: "CREATE INDEX tasks_state ON tasks (state);",
    good: "CREATE INDEX CONCURRENTLY IF NOT EXISTS tasks_state ON tasks (state);",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, CREATE INDEX, Building Indexes Concurrently",
            url: "https://www.postgresql.org/docs/15/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
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
    for (index, statement) in script.numbered() {
        let Action::CreateIndex(create) = &statement.action else {
            continue;
        };
        // ON ONLY a partitioned table builds nothing, and none can be built on one concurrently.
        let partitioned = script
            .before(&create.table)
            .is_some_and(|table| table.partition_by.is_some());
        if !create.concurrently && !create.only && !partitioned && !script.makes(&create.table, index) {
            let name = create.name.as_ref().unwrap_or(&create.table);
            found.add(index, &statement.span, name).on(&create.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("CREATE INDEX i ON a (b)", &["i"]),
            (
                "create unique index if not exists i on app.a using gin (b) where c",
                &["i"],
            ),
            ("CREATE INDEX ON a (b)", &["a"]),
        ]);
        RULE.spares(&[
            "CREATE INDEX CONCURRENTLY i ON a (b)",
            "CREATE TABLE a (b int); CREATE INDEX i ON a (b)",
            "CREATE INDEX i ON ONLY a (b)",
            "CREATE TABLE a AS SELECT 1 AS b; CREATE INDEX i ON a (b)",
        ]);
    }
}
