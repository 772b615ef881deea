use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "detach_partition",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "it waits for everything that uses the whole partitioned table, and everything that comes after it waits behind it",
    why: "DETACH PARTITION takes an ACCESS EXCLUSIVE lock on the partitioned table. With CONCURRENTLY it takes a weaker one and waits in two steps instead.",
    instead: "use DETACH PARTITION … CONCURRENTLY, in a migration that runs outside of a transaction",
    bad: "ALTER TABLE events DETACH PARTITION events_2019;",
    good: "ALTER TABLE events DETACH PARTITION events_2019 CONCURRENTLY;",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, DETACH PARTITION",
        url: "https://www.postgresql.org/docs/15/sql-altertable.html",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let mut cursor = altered.cursor();
        if cursor.eat("detach partition")
            && let Some(part) = cursor.name()
            && !cursor.eat("concurrently")
            && !cursor.eat("finalize")
        {
            found.add(altered.index, altered.span(), &part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("ALTER TABLE a DETACH PARTITION b", &["b"])]);
        RULE.spares(&[
            "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
            "ALTER TABLE a DETACH PARTITION b FINALIZE",
            "CREATE TABLE a (x int) PARTITION BY LIST (x); ALTER TABLE a DETACH PARTITION b",
        ]);
    }
}
