use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "special_index",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: MYSQL,
    title: "nobody can write to the table while the index is built",
    why: "FULLTEXT and SPATIAL indexes are built with LOCK=SHARED. The first FULLTEXT index of a table rebuilds it as well, for its hidden column FTS_DOC_ID, unless the table has a column of that name.",
    instead: "build it when nothing writes, or on a copy of the table that takes its place",
    bad: "ALTER TABLE tasks ADD FULLTEXT INDEX words (body);",
    good: "ALTER TABLE tasks ADD INDEX tasks_state (state);",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Index Operations",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-index-operations",
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
            && matches!(constraint.kind, ConstraintKind::FullText | ConstraintKind::Spatial)
        {
            found
                .add(altered.index, altered.span(), altered.table)
                .on(altered.table);
        }
    }
    for (index, statement) in script.numbered() {
        if let Action::CreateIndex(create) = &statement.action
            && create.special.is_some()
            && !script.makes(&create.table, index)
        {
            found.add(index, &statement.span, &create.table).on(&create.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ADD FULLTEXT f (b)", &["a"]),
            ("CREATE SPATIAL INDEX s ON a (b)", &["a"]),
            ("ALTER TABLE a ADD SPATIAL KEY (b)", &["a"]),
        ]);
        RULE.spares(&[
            "CREATE TABLE a (b text, FULLTEXT (b))",
            "CREATE INDEX i ON a (b)",
            "CREATE TABLE a (b text); CREATE FULLTEXT INDEX f ON a (b)",
        ]);
    }
}
