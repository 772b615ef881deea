use std::collections::BTreeSet;

use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "invalid_index",
    level: Level::Note,
    harm: Harm::Retry,
    engines: POSTGRES,
    title: "an index that an earlier attempt left half built counts as there, and stays invalid",
    why: "A concurrent build that fails leaves an invalid index behind, which costs at each write and serves no query. IF NOT EXISTS only looks at the name. kickdb's runner takes such remains away before it tries again, so its migrations are not concerned.",
    instead: "drop it first: DROP INDEX CONCURRENTLY IF EXISTS, then CREATE INDEX CONCURRENTLY",
    bad: "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON tasks (state);",
    good: "DROP INDEX CONCURRENTLY IF EXISTS i;\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON tasks (state);",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, CREATE INDEX, Building Indexes Concurrently",
        url: "https://www.postgresql.org/docs/15/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    if script.input.runner {
        return;
    }
    let mut dropped = BTreeSet::new();
    for (index, statement) in script.numbered() {
        match &statement.action {
            Action::Drop(drop) if drop.kind == "index" => {
                dropped.extend(drop.names.iter().map(|name| name.name.clone()))
            }
            Action::CreateIndex(create) if create.concurrently && create.if_not_exists => {
                if let Some(name) = create.name.as_ref().filter(|name| !dropped.contains(&name.name)) {
                    found.add(index, &statement.span, name);
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
        RULE.finds(&[("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b)", &["i"])]);
        RULE.spares(&[
            "CREATE INDEX CONCURRENTLY i ON a (b)",
            "CREATE INDEX IF NOT EXISTS i ON a (b)",
            "DROP INDEX IF EXISTS i; CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b)",
        ]);
    }
}
