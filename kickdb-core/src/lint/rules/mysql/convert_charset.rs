use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "convert_charset",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: MYSQL,
    title: "the table is copied row by row while nobody can write to it, and its indexes are built anew",
    why: "CONVERT TO CHARACTER SET changes every text column. It is done by copying, and the new collation may find two keys equal that were not before. DEFAULT CHARACTER SET alone concerns new columns only and is done in an instant.",
    instead: "convert a copy of the table that triggers keep in step and change the names over, or do it when nothing writes",
    bad: "ALTER TABLE tasks CONVERT TO CHARACTER SET utf8mb4;",
    good: "ALTER TABLE tasks DEFAULT CHARACTER SET utf8mb4;",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Table Operations, Converting a character set",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-table-operations",
        },
        Source {
            chapter: "MariaDB, InnoDB Online DDL Operations with the INPLACE Alter Algorithm",
            url: "https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-inplace-alter-algorithm/",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let mut cursor = altered.cursor();
        if cursor
            .eat_any(&["convert to character set", "convert to charset"])
            .is_some()
        {
            found
                .add(altered.index, altered.span(), altered.table)
                .on(altered.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[(
            "ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            &["a"],
        )]);
        RULE.spares(&[
            "ALTER TABLE a DEFAULT CHARACTER SET utf8mb4",
            "CREATE TABLE a (b text); ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4",
        ]);
    }
}
