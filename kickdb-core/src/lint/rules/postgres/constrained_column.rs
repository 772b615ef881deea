use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "constrained_column",
    level: Level::Warn,
    harm: Harm::Scan,
    engines: POSTGRES,
    title: "the constraint of the new column is checked for every row while nobody can use the table",
    why: "ADD COLUMN alone changes nothing but the catalog. With a CHECK or REFERENCES of its own in the same breath it reads the whole table under its ACCESS EXCLUSIVE lock, although all rows hold the same value. A foreign key of a column without a default is not looked up: all rows hold NULL.",
    instead: "add the column alone, then the constraint with NOT VALID, and VALIDATE CONSTRAINT in the next migration",
    bad: "ALTER TABLE tasks ADD COLUMN size int CHECK (size > 0);",
    good: "ALTER TABLE tasks ADD COLUMN size int;\nALTER TABLE tasks ADD CONSTRAINT size_is_known CHECK (size > 0) NOT VALID;",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, Notes",
        url: "https://www.postgresql.org/docs/15/sql-altertable.html#SQL-ALTERTABLE-NOTES",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        if let Alter::AddColumn { column, .. } = altered.what()
            && (column.check || column.references.is_some() && !column.has_no_default())
        {
            found
                .add(altered.index, altered.span(), altered.column(&column.name))
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
            ("ALTER TABLE a ADD COLUMN b int CHECK (b > 0)", &["a.b"]),
            (
                "ALTER TABLE a ADD b int DEFAULT 1 REFERENCES c (id) ON DELETE SET NULL",
                &["a.b"],
            ),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD COLUMN b int DEFAULT 1",
            "ALTER TABLE a ADD COLUMN b int REFERENCES c",
            "CREATE TABLE a (x int); ALTER TABLE a ADD COLUMN b int CHECK (b > 0)",
        ]);
    }
}
