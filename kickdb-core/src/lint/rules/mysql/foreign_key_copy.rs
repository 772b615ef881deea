use super::is_off;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "foreign_key_copy",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: MYSQL,
    title: "the table is copied row by row while nobody can write to it, and each row is looked up in the other table",
    why: "With foreign_key_checks on, ADD FOREIGN KEY is done by ALGORITHM=COPY. With foreign_key_checks off it is done in place, but nothing looks whether the rows that are there point at something.",
    instead: "declare foreign keys when the table is made; on a big table look for rows that point at nothing, then add it with foreign_key_checks off: `SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE … , LOCK=NONE`, as `generate --online` does",
    bad: "ALTER TABLE notes ADD CONSTRAINT notes_task FOREIGN KEY (task) REFERENCES tasks (id);",
    good: "CREATE TABLE notes (task int, CONSTRAINT notes_task FOREIGN KEY (task) REFERENCES tasks (id));",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Foreign Key Operations",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-foreign-key-operations",
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
    let mut checked = true;
    for (index, statement) in script.numbered() {
        match &statement.action {
            Action::Set { name, value } if name == "foreign_key_checks" => checked = !is_off(value),
            Action::AlterTable(alter)
                if checked && !statement.keeps_nobody_out() && !script.makes(&alter.table, index) =>
            {
                for part in &alter.parts {
                    let Alter::AddConstraint(constraint) = &part.what else {
                        continue;
                    };
                    if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
                        let name = constraint.name.clone().unwrap_or_else(|| constraint.columns.join("."));
                        found
                            .add(index, &part.span, format!("{}.{name}", alter.table))
                            .on(&alter.table);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[(
            "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c (id)",
            &["a.f"],
        )]);
        RULE.spares(&[
            "SET foreign_key_checks = 0; ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (id)",
            "SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (id), ALGORITHM=INPLACE, LOCK=NONE",
            "CREATE TABLE a (b int); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (id)",
        ]);
    }
}
