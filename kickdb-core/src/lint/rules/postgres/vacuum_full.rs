use crate::lint::read::text;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "vacuum_full",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: POSTGRES,
    title: "the table is written anew while nobody can use it",
    why: "VACUUM FULL and CLUSTER write the table and all of its indexes anew under an ACCESS EXCLUSIVE lock, and need as much free space as the table has.",
    instead: "let plain VACUUM make the space usable again; where the file itself must shrink, use pg_repack or do it while nothing uses the table",
    bad: "VACUUM FULL tasks;",
    good: "VACUUM (ANALYZE) tasks;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, VACUUM, FULL",
            url: "https://www.postgresql.org/docs/15/sql-vacuum.html",
        },
        Source {
            chapter: "PostgreSQL 15, SQL Commands, CLUSTER",
            url: "https://www.postgresql.org/docs/15/sql-cluster.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        let mut cursor = statement.cursor();
        let full = match cursor.eat_any(&["vacuum", "cluster"]) {
            Some("vacuum") => {
                let options = cursor.parenthesized().map(text).unwrap_or_default();
                // `VACUUM (FULL off)` is no such thing.
                cursor.eat("full")
                    || options.contains("full") && !options.contains("full off") && !options.contains("full false")
            }
            Some(_) => {
                cursor.parenthesized();
                true
            }
            None => false,
        };
        if !full {
            continue;
        }
        while cursor.eat_any(&["freeze", "verbose", "analyze"]).is_some() {}
        match cursor.name() {
            Some(table) => {
                found.add(index, &statement.span, &table).on(&table);
            }
            None => {
                found.add(index, &statement.span, "every table");
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
            ("VACUUM FULL a", &["a"]),
            ("VACUUM (FULL, VERBOSE) a", &["a"]),
            ("VACUUM FULL VERBOSE", &["every table"]),
            ("CLUSTER a USING i", &["a"]),
        ]);
        RULE.spares(&["VACUUM a", "VACUUM (FULL off) a", "ALTER TABLE a CLUSTER ON i"]);
    }
}
