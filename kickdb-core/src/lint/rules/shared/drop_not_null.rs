use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_not_null",
    level: Level::Note,
    harm: Harm::Compatibility,
    engines: EVERY,
    title: "programs that run while it happens may meet a NULL that they do not expect",
    why: "A version before that reads the column into a type without NULL fails at the first row that has none. Reversing the migration fails as soon as there is a NULL.",
    instead: "release the version that can read NULL first",
    bad: "ALTER TABLE tasks ALTER COLUMN state DROP NOT NULL;",
    good: "ALTER TABLE tasks ALTER COLUMN state SET DEFAULT 'open';",
    sources: &[Source {
        chapter: "PostgreSQL 15, 5.6.4 Removing a Constraint",
        url: "https://www.postgresql.org/docs/15/ddl-alter.html#DDL-ALTER-REMOVING-A-CONSTRAINT",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        if let Alter::DropNotNull(column) = altered.what() {
            found.add(altered.index, altered.span(), altered.column(column));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE tasks ALTER COLUMN state DROP NOT NULL", &["tasks.state"]),
            (
                "ALTER TABLE tasks ALTER a DROP NOT NULL, ALTER b DROP NOT NULL",
                &["tasks.a", "tasks.b"],
            ),
        ]);
        RULE.spares(&[
            "CREATE TABLE tasks (a int NOT NULL); ALTER TABLE tasks ALTER a DROP NOT NULL",
            "ALTER TABLE tasks ALTER a SET NOT NULL",
        ]);
    }
}
