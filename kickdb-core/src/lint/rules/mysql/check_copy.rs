use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "check_copy",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: MYSQL,
    title: "the table is copied row by row, each is checked, and nobody can write to it meanwhile",
    why: "ADD CHECK is done by ALGORITHM=COPY on MariaDB and MySQL.",
    instead: "declare it when the table is made, or keep the rule in the program until a quiet hour",
    bad: "ALTER TABLE tasks ADD CONSTRAINT size_is_known CHECK (size >= 0);",
    good: "CREATE TABLE tasks (size int, CONSTRAINT size_is_known CHECK (size >= 0));",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 15.1.9 ALTER TABLE Statement, Performance and Space Requirements",
            url: "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html#alter-table-performance",
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
        if let Alter::AddConstraint(constraint) = altered.what()
            && matches!(constraint.kind, ConstraintKind::Check(_))
        {
            let name = constraint.name.clone().unwrap_or_else(|| "check".to_owned());
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
            ("ALTER TABLE a ADD CHECK (b > 0)", &["a.check"]),
            ("ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0)", &["a.c"]),
        ]);
        RULE.spares(&["CREATE TABLE a (b int); ALTER TABLE a ADD CHECK (b > 0)"]);
    }
}
