use crate::lint::read::Generated;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "stored_column",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: &["postgres", "mysql"],
    title: "the value is calculated and stored for each row, so the table is written anew while nobody can write to it",
    why: "PostgreSQL writes the table and its indexes anew under an ACCESS EXCLUSIVE lock. InnoDB copies the table (ALGORITHM=COPY) and lets nobody write meanwhile.",
    instead: "add a plain column that a trigger keeps, and fill it in batches; on MySQL, MariaDB and PostgreSQL 18 a virtual column costs nothing",
    bad: "ALTER TABLE tasks ADD COLUMN total int GENERATED ALWAYS AS (a + b) STORED;",
    good: "ALTER TABLE tasks ADD COLUMN total int;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, Notes",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        },
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Generated Column Operations",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-generated-column-operations",
        },
        Source {
            chapter: "MariaDB, Generated (Virtual and Persistent/Stored) Columns",
            url: "https://mariadb.com/kb/en/generated-columns/",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        if let Alter::AddColumn { column, .. } = altered.what()
            && column.generated == Some(Generated::Stored)
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
            (
                "ALTER TABLE a ADD COLUMN b int GENERATED ALWAYS AS (c + 1) STORED",
                &["a.b"],
            ),
            ("ALTER TABLE a ADD COLUMN b int AS (c + 1) PERSISTENT", &["a.b"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD COLUMN b int GENERATED ALWAYS AS (c + 1) VIRTUAL",
            "ALTER TABLE a ADD COLUMN b int AS (c + 1)",
            "CREATE TABLE a (c int); ALTER TABLE a ADD COLUMN b int GENERATED ALWAYS AS (c) STORED",
        ]);
    }
}
