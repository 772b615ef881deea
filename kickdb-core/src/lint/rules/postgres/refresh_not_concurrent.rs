use std::collections::BTreeSet;

use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "refresh_not_concurrent",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "nobody can read the view while it is filled anew",
    why: "REFRESH MATERIALIZED VIEW takes an ACCESS EXCLUSIVE lock. With CONCURRENTLY, which needs a unique index on the view, reads go on.",
    instead: "use REFRESH MATERIALIZED VIEW CONCURRENTLY, after a unique index on the view was made",
    bad: "REFRESH MATERIALIZED VIEW totals;",
    good: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, REFRESH MATERIALIZED VIEW",
        url: "https://www.postgresql.org/docs/15/sql-refreshmaterializedview.html",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let mut made = BTreeSet::new();
    for (index, statement) in script.numbered() {
        let mut cursor = statement.cursor();
        if cursor.eat("create materialized view") {
            cursor.eat("if not exists");
            made.extend(cursor.name().map(|name| name.key()));
        } else if cursor.eat("refresh materialized view")
            && !cursor.eat("concurrently")
            && let Some(view) = cursor.name()
            && !cursor.has("with no data")
            && !made.contains(&view.key())
        {
            found.add(index, &statement.span, &view).on(&view);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("REFRESH MATERIALIZED VIEW v", &["v"])]);
        RULE.spares(&[
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "CREATE MATERIALIZED VIEW v AS SELECT 1 WITH NO DATA; REFRESH MATERIALIZED VIEW v",
            "REFRESH MATERIALIZED VIEW v WITH NO DATA",
        ]);
    }
}
