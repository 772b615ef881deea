use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "expression_default_copy",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: MYSQL,
    title: "the default is calculated for each row, so the table is copied while nobody can write to it",
    why: "A new column with a constant default is added in an instant. One whose default is an expression (uuid(), a calculation) is added by copying the table.",
    instead: "add the column without a default, set the default for new rows, and fill the old ones in batches",
    bad: "ALTER TABLE tasks ADD COLUMN token varchar(36) DEFAULT (uuid());",
    good: "ALTER TABLE tasks ADD COLUMN token varchar(36) DEFAULT '';",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Column Operations",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-column-operations",
        },
        Source {
            chapter: "MariaDB, InnoDB Online DDL Operations with the INSTANT Alter Algorithm",
            url: "https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-instant-alter-algorithm/",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let Alter::AddColumn { column, .. } = altered.what() else {
            continue;
        };
        let default = column.default.as_deref().unwrap_or_default();
        let now = ["current_timestamp", "now(", "(current_timestamp", "(now("]
            .iter()
            .any(|word| default.starts_with(word));
        if !now && !default.starts_with('\'') && default.contains('(') {
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
            ("ALTER TABLE a ADD COLUMN b varchar(36) DEFAULT (uuid())", &["a.b"]),
            ("ALTER TABLE a ADD b int NOT NULL DEFAULT (c + 1)", &["a.b"]),
            ("ALTER TABLE a ADD b varchar(36) DEFAULT uuid()", &["a.b"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD COLUMN b varchar(9) DEFAULT '(x)'",
            "ALTER TABLE a ADD b timestamp DEFAULT CURRENT_TIMESTAMP(6)",
            "ALTER TABLE a ADD b int DEFAULT -1",
        ]);
    }
}
