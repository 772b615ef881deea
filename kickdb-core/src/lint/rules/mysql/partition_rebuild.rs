use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "partition_rebuild",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: MYSQL,
    title: "rows are copied from partition to partition while nobody can write to them",
    why: "PARTITION BY and REMOVE PARTITIONING copy the whole table, REORGANIZE and COALESCE PARTITION the partitions that they name, and adding a HASH or KEY partition all of them.",
    instead: "do it while nothing writes; add new RANGE partitions before they are needed, while they are empty",
    bad: "ALTER TABLE events PARTITION BY HASH (id) PARTITIONS 8;",
    good: "ALTER TABLE events ADD PARTITION (PARTITION p2026 VALUES LESS THAN (2027));",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Partitioning Operations",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-partitioning",
        },
        Source {
            chapter: "MariaDB, Partition Maintenance",
            url: "https://mariadb.com/kb/en/partition-maintenance/",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let mut cursor = altered.cursor();
        if cursor
            .eat_any(&[
                "partition by",
                "remove partitioning",
                "reorganize partition",
                "coalesce partition",
                "rebuild partition",
            ])
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
        RULE.finds(&[
            ("ALTER TABLE a PARTITION BY KEY () PARTITIONS 4", &["a"]),
            ("ALTER TABLE a REMOVE PARTITIONING", &["a"]),
            (
                "ALTER TABLE a REORGANIZE PARTITION p INTO (PARTITION q VALUES LESS THAN (5))",
                &["a"],
            ),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD PARTITION (PARTITION p VALUES LESS THAN (5))",
            "ALTER TABLE a ANALYZE PARTITION p",
        ]);
    }
}
