use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "counting_column",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: &["postgres", "mysql"],
    title: "each row gets a number of its own, so the table is written anew while nobody can write to it",
    why: "A column that counts by itself (serial, GENERATED AS IDENTITY, AUTO_INCREMENT) has another value in each row. PostgreSQL writes the table and its indexes anew under an ACCESS EXCLUSIVE lock; InnoDB rebuilds the table with LOCK=SHARED.",
    instead: "add a plain column, fill it in batches, then give it its counter",
    bad: "ALTER TABLE tasks ADD COLUMN number serial;\nALTER TABLE tasks ADD COLUMN number bigint AUTO_INCREMENT UNIQUE;",
    good: "ALTER TABLE tasks ADD COLUMN number bigint;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, Notes",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        },
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Adding a Column",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-column-operations",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        if let Alter::AddColumn { column, .. } = altered.what()
            && column.counts
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
            ("ALTER TABLE a ADD COLUMN b bigserial", &["a.b"]),
            (
                "ALTER TABLE a ADD b bigint GENERATED ALWAYS AS IDENTITY (START 5)",
                &["a.b"],
            ),
            (
                "ALTER TABLE a ADD COLUMN b int NOT NULL AUTO_INCREMENT PRIMARY KEY",
                &["a.b"],
            ),
        ]);
        RULE.spares(&[
            "CREATE TABLE a (x int); ALTER TABLE a ADD COLUMN b serial",
            "ALTER TABLE a ADD COLUMN b bigint DEFAULT 0",
            "ALTER TABLE a ALTER b ADD GENERATED ALWAYS AS IDENTITY",
        ]);
    }
}
