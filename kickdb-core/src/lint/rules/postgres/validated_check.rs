use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "validated_check",
    level: Level::Warn,
    harm: Harm::Scan,
    engines: POSTGRES,
    title: "every row is read while nobody can use the table",
    why: "ADD CHECK takes an ACCESS EXCLUSIVE lock and reads the whole table. With NOT VALID it reads nothing, and new rows are checked from then on; VALIDATE CONSTRAINT reads the rows while the table is in use.",
    instead: "add it with NOT VALID, and VALIDATE CONSTRAINT in the next migration",
    bad: "ALTER TABLE tasks ADD CONSTRAINT size_is_known CHECK (size >= 0);",
    good: "ALTER TABLE tasks ADD CONSTRAINT size_is_known CHECK (size >= 0) NOT VALID;",
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
        if let Alter::AddConstraint(constraint) = altered.what()
            && matches!(constraint.kind, ConstraintKind::Check(_))
            && !constraint.not_valid
        {
            let name = constraint.name.clone().unwrap_or_else(|| "check".to_owned());
            found
                .add(altered.index, altered.span(), altered.column(&name))
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
            ("ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0)", &["a.c"]),
            ("ALTER TABLE a ADD CHECK (b IN (1, 2))", &["a.check"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD CHECK (b > 0) NOT VALID",
            "CREATE TABLE a (b int); ALTER TABLE a ADD CHECK (b > 0)",
            "ALTER TABLE a ADD COLUMN check_in date",
        ]);
    }
}
