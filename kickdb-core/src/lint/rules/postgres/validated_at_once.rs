use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "validated_at_once",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "the lock that adding the constraint has taken is kept while the rows are checked",
    why: "NOT VALID and VALIDATE CONSTRAINT in one transaction are no better than both at once: locks are released at the commit.",
    instead: "put VALIDATE CONSTRAINT into the next migration",
    bad: "BEGIN;\nALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID;\nALTER TABLE a VALIDATE CONSTRAINT c;\nCOMMIT;",
    good: "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID;\nALTER TABLE a VALIDATE CONSTRAINT c;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, Notes",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html#SQL-ALTERTABLE-NOTES",
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
        let Alter::Validate(name) = altered.what() else {
            continue;
        };
        let added = script.alterations_near(altered.table, altered.index).any(|other| {
            let same = other.index < altered.index
                && other.statement.transaction.is_some()
                && other.statement.transaction == altered.statement.transaction;
            same && matches!(other.what(), Alter::AddConstraint(constraint) if constraint.name.as_ref() == Some(name))
        });
        if added {
            found
                .add(altered.index, altered.span(), altered.column(name))
                .on(altered.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("BEGIN; ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID; ALTER TABLE a VALIDATE CONSTRAINT c; COMMIT", &["a.c"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID; ALTER TABLE a VALIDATE CONSTRAINT c",
            "BEGIN; ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID; COMMIT; BEGIN; ALTER TABLE a VALIDATE CONSTRAINT c; COMMIT",
            "BEGIN; ALTER TABLE a VALIDATE CONSTRAINT c; COMMIT",
        ]);
    }
}
