use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_constraint",
    level: Level::Note,
    harm: Harm::Integrity,
    engines: &["postgres", "mysql"],
    title: "rows that break the constraint can come in from now on",
    why: "What the constraint kept out is found again only when something relies on it. Making the constraint again, as reversing the migration does, fails as soon as there is such a row. A foreign key that goes takes its ON DELETE with it.",
    instead: "make the constraint that replaces it in the same migration, before this one goes",
    bad: "ALTER TABLE tasks DROP CONSTRAINT tasks_state_check;",
    good: "ALTER TABLE tasks DROP CONSTRAINT tasks_state_check,\n  ADD CONSTRAINT tasks_state_check CHECK (state <> '') NOT VALID;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, 5.6.4 Removing a Constraint",
            url: "https://www.postgresql.org/docs/15/ddl-alter.html#DDL-ALTER-REMOVING-A-CONSTRAINT",
        },
        Source {
            chapter: "MySQL 8.4, 15.1.9 ALTER TABLE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let Alter::DropConstraint { name } = altered.what() else {
            continue;
        };
        let mut near = script.alterations_near(altered.table, altered.index);
        let replaced = near.any(|other| match other.what() {
            Alter::AddConstraint(_) => true,
            // A check that only proved what the column now says itself.
            Alter::SetNotNull(_) => other.index <= altered.index,
            _ => false,
        });
        if !replaced {
            found.add(altered.index, altered.span(), altered.column(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE tasks DROP CONSTRAINT c", &["tasks.c"]),
            ("ALTER TABLE tasks DROP FOREIGN KEY f", &["tasks.f"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE tasks DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 0)",
            "ALTER TABLE tasks ALTER a SET NOT NULL; ALTER TABLE tasks DROP CONSTRAINT a_set",
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)); ALTER TABLE t DROP CONSTRAINT c",
            "ALTER TABLE tasks DROP COLUMN c",
        ]);
    }
}
