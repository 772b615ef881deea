use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "validated_foreign_key",
    level: Level::Warn,
    harm: Harm::Scan,
    engines: POSTGRES,
    title: "every row is looked up in the other table while nobody can write to either of them",
    why: "ADD FOREIGN KEY takes a SHARE ROW EXCLUSIVE lock on both tables and checks all rows. With NOT VALID it only takes the locks for a moment; VALIDATE CONSTRAINT then checks the rows while both are written to.",
    instead: "add it with NOT VALID, and VALIDATE CONSTRAINT in the next migration",
    bad: "ALTER TABLE notes ADD CONSTRAINT notes_task FOREIGN KEY (task) REFERENCES tasks (id);",
    good: "ALTER TABLE notes ADD CONSTRAINT notes_task FOREIGN KEY (task) REFERENCES tasks (id) NOT VALID;",
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
            && matches!(constraint.kind, ConstraintKind::ForeignKey(_))
            && !constraint.not_valid
        {
            let name = constraint.name.clone().unwrap_or_else(|| constraint.columns.join("."));
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
            ("ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c", &["a.f"]),
            (
                "ALTER TABLE a ADD FOREIGN KEY (b, c) REFERENCES d (b, c) ON DELETE CASCADE",
                &["a.b.c"],
            ),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c NOT VALID",
            "CREATE TABLE a (b int); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c",
            "ALTER TABLE a VALIDATE CONSTRAINT f",
        ]);
    }
}
