use super::is_asked;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "primary_key_rebuild",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: MYSQL,
    title: "the table is written anew in the order of its new key",
    why: "InnoDB keeps the rows in the tree of the primary key. Adding one writes the table and every index anew, in place; dropping one without adding another in the same statement copies the table while nobody can write to it.",
    instead: "drop and add in one ALTER TABLE, with ALGORITHM=INPLACE, LOCK=NONE, and only when the load is low; give new tables their key at once",
    bad: "ALTER TABLE tasks DROP PRIMARY KEY;",
    good: "ALTER TABLE tasks ADD UNIQUE INDEX tasks_id (id);",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Primary Key Operations",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-primary-key-operations",
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
        let primary = |constraint: &crate::lint::read::Constraint| constraint.kind == ConstraintKind::Primary;
        let add = match altered.what() {
            Alter::AddConstraint(constraint) => primary(constraint),
            Alter::AddColumn { column, .. } => column.primary_key && !column.counts,
            _ => false,
        };
        let drop = altered.cursor().is("drop primary key");
        if !is_asked(altered.statement) && (add || drop) {
            let finding = found
                .add(altered.index, altered.span(), altered.table)
                .on(altered.table);
            if drop {
                finding.says("the table is copied row by row while nobody can write to it, unless the same statement adds another key");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a DROP PRIMARY KEY", &["a"]),
            ("ALTER TABLE a ADD PRIMARY KEY (b)", &["a"]),
            ("ALTER TABLE a ADD COLUMN b int PRIMARY KEY", &["a"]),
        ]);
        RULE.spares(&[
            "CREATE TABLE a (b int); ALTER TABLE a ADD PRIMARY KEY (b)",
            "ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (b), ALGORITHM=INPLACE, LOCK=NONE",
        ]);
    }
}
