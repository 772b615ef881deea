use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_partition",
    level: Level::Deny,
    harm: Harm::DataLoss,
    engines: MYSQL,
    title: "every row of the partition goes",
    why: "DROP PARTITION and TRUNCATE PARTITION remove rows without looking at them, and commit by themselves: there is no way back.",
    instead: "exchange the partition with an empty table first (EXCHANGE PARTITION), keep that table for a while, and drop it then",
    bad: "ALTER TABLE events DROP PARTITION p2019;",
    good: "ALTER TABLE events EXCHANGE PARTITION p2019 WITH TABLE events_2019;",
    sources: &[Source {
        chapter: "MySQL 8.4, 26.3.1 Management of RANGE and LIST Partitions",
        url: "https://dev.mysql.com/doc/refman/8.4/en/partitioning-management-range-list.html",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let mut cursor = altered.cursor();
        if cursor.eat_any(&["drop partition", "truncate partition"]).is_some() {
            cursor.eat("if exists");
            let name = cursor.word().unwrap_or_default();
            found.add(altered.index, altered.span(), altered.column(&name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a DROP PARTITION p1, p2", &["a.p1"]),
            ("ALTER TABLE a TRUNCATE PARTITION ALL", &["a.ALL"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b",
            "ALTER TABLE a DROP COLUMN p",
        ]);
    }
}
