use crate::lint::read::text;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "reindex_not_concurrent",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "nobody can write while the indexes are built anew, nor read by them",
    why: "REINDEX locks the table against writes and each index with an ACCESS EXCLUSIVE lock, so that queries that would look at it wait.",
    instead: "use REINDEX … CONCURRENTLY outside of a transaction",
    bad: "REINDEX TABLE tasks;",
    good: "REINDEX TABLE CONCURRENTLY tasks;",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, REINDEX, Rebuilding Indexes Concurrently",
        url: "https://www.postgresql.org/docs/15/sql-reindex.html#SQL-REINDEX-CONCURRENTLY",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        let mut cursor = statement.cursor();
        if !cursor.eat("reindex") {
            continue;
        }
        let options = cursor.parenthesized().map(text).unwrap_or_default();
        cursor.eat_any(&["index", "table", "schema", "database", "system"]);
        if !cursor.eat("concurrently") && !options.contains("concurrently") {
            let name = cursor.name().map(|name| name.to_string()).unwrap_or_default();
            found.add(index, &statement.span, name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("REINDEX TABLE a", &["a"]), ("REINDEX (VERBOSE) INDEX i", &["i"])]);
        RULE.spares(&[
            "REINDEX INDEX CONCURRENTLY i",
            "REINDEX (CONCURRENTLY, VERBOSE) TABLE a",
        ]);
    }
}
