use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "primary_key_builds_index",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "its index is built, and its columns are read for NULL, while nobody can use the table",
    why: "ADD PRIMARY KEY builds an index under an ACCESS EXCLUSIVE lock and sets its columns NOT NULL, which reads the table once more unless they are so already.",
    instead: "set the columns NOT NULL by a validated check, build the index with CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … PRIMARY KEY USING INDEX",
    bad: "ALTER TABLE tasks ADD PRIMARY KEY (id);",
    good: "ALTER TABLE tasks ADD CONSTRAINT tasks_pkey PRIMARY KEY USING INDEX tasks_id;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, ADD table_constraint_using_index",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
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
    for altered in script.old_alterations() {
        let name = match altered.what() {
            Alter::AddConstraint(constraint)
                if constraint.kind == ConstraintKind::Primary && !constraint.using_index =>
            {
                constraint.columns.join(".")
            }
            Alter::AddColumn { column, .. } if column.primary_key => column.name.clone(),
            _ => continue,
        };
        found
            .add(altered.index, altered.span(), altered.column(&name))
            .on(altered.table);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ADD PRIMARY KEY (b, c)", &["a.b.c"]),
            ("ALTER TABLE a ADD COLUMN b serial PRIMARY KEY", &["a.b"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD CONSTRAINT p PRIMARY KEY USING INDEX i",
            "CREATE TABLE a (b int); ALTER TABLE a ADD PRIMARY KEY (b)",
        ]);
    }
}
