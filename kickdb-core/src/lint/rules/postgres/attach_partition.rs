use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "attach_partition",
    level: Level::Warn,
    harm: Harm::Scan,
    engines: POSTGRES,
    title: "every row of the new partition is read to see whether it belongs there, while nobody can use it",
    why: "ATTACH PARTITION reads the table that is attached under an ACCESS EXCLUSIVE lock on it, and the default partition as well, unless a valid CHECK constraint already says what the bounds say.",
    instead: "give the table a CHECK with the same bounds first (NOT VALID, then VALIDATE), attach it, and drop the check",
    bad: "ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
    good: "CREATE TABLE events_2024 (LIKE events);\nALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, ATTACH PARTITION",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
        },
        Source {
            chapter: "PostgreSQL 15, 5.11.2.2 Partition Maintenance",
            url: "https://www.postgresql.org/docs/15/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.alterations() {
        let mut cursor = altered.cursor();
        if !cursor.eat("attach partition") {
            continue;
        }
        let Some(part) = cursor.name() else { continue };
        let checked = script
            .before(&part)
            .is_some_and(|table| table.checks.values().any(|check| check.validated));
        let checks = script.alterations_near(&part, altered.index).any(|other| {
            let adds = matches!(other.what(), Alter::AddConstraint(constraint) if matches!(constraint.kind, ConstraintKind::Check(_)));
            other.index < altered.index && (adds || matches!(other.what(), Alter::Validate(_)))
        });
        if !script.makes(&part, altered.index) && !checked && !checks {
            found.add(altered.index, altered.span(), &part).on(&part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1)", &["b"]),
            ("ALTER TABLE a ATTACH PARTITION b DEFAULT", &["b"]),
        ]);
        RULE.spares(&[
            "CREATE TABLE b (x int); ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1)",
            "ALTER TABLE b ADD CHECK (x = 1); ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1)",
            "ALTER INDEX i ATTACH PARTITION j",
        ]);
    }
}
