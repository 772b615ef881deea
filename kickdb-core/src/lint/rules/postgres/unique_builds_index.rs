use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "unique_builds_index",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "its index is built while nobody can use the table",
    why: "ADD UNIQUE builds an index under an ACCESS EXCLUSIVE lock, which also keeps reads out. An index that is built concurrently before can be taken over in a moment.",
    instead: "build it with CREATE UNIQUE INDEX CONCURRENTLY first, then ADD CONSTRAINT … UNIQUE USING INDEX",
    bad: "ALTER TABLE people ADD CONSTRAINT one_mail UNIQUE (mail);",
    good: "CREATE UNIQUE INDEX CONCURRENTLY one_mail ON people (mail);\nALTER TABLE people ADD CONSTRAINT one_mail UNIQUE USING INDEX one_mail;",
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
                if constraint.kind == ConstraintKind::Unique && !constraint.using_index =>
            {
                constraint.name.clone().unwrap_or_else(|| constraint.columns.join("."))
            }
            Alter::AddColumn { column, .. } if column.unique => column.name.clone(),
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
            ("ALTER TABLE a ADD CONSTRAINT u UNIQUE (b)", &["a.u"]),
            ("ALTER TABLE a ADD UNIQUE NULLS NOT DISTINCT (b, c)", &["a.b.c"]),
            ("ALTER TABLE a ADD COLUMN b int UNIQUE", &["a.b"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD CONSTRAINT u UNIQUE USING INDEX i",
            "CREATE TABLE a (b int); ALTER TABLE a ADD UNIQUE (b)",
        ]);
    }
}
