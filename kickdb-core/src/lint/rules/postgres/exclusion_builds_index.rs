use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "exclusion_builds_index",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "its index is built while nobody can use the table, and there is no way to build it before",
    why: "An exclusion constraint builds its index under an ACCESS EXCLUSIVE lock. It knows neither CONCURRENTLY, nor NOT VALID, nor USING INDEX.",
    instead: "do it while nothing uses the table, or make a new table with the constraint and move the rows",
    bad: "ALTER TABLE stays ADD CONSTRAINT one_guest EXCLUDE USING gist (room WITH =, span WITH &&);",
    good: "CREATE TABLE new_stays (room int, span tsrange, EXCLUDE USING gist (room WITH =, span WITH &&));",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, CREATE TABLE, EXCLUDE",
            url: "https://www.postgresql.org/docs/15/sql-createtable.html#SQL-CREATETABLE-EXCLUDE",
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
            && constraint.kind == ConstraintKind::Exclude
        {
            let name = constraint.name.clone().unwrap_or_else(|| "exclude".to_owned());
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
            (
                "ALTER TABLE a ADD CONSTRAINT e EXCLUDE USING gist (b WITH &&)",
                &["a.e"],
            ),
            ("ALTER TABLE a ADD EXCLUDE (b WITH =)", &["a.exclude"]),
        ]);
        RULE.spares(&["CREATE TABLE a (b int); ALTER TABLE a ADD EXCLUDE (b WITH =)"]);
    }
}
