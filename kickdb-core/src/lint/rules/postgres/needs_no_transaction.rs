use crate::lint::read::is;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "needs_no_transaction",
    level: Level::Deny,
    harm: Harm::Failure,
    engines: POSTGRES,
    title: "it cannot run inside a transaction, and fails",
    why: "CONCURRENTLY, VACUUM, CREATE and DROP DATABASE, ALTER SYSTEM and the like begin and end transactions of their own.",
    instead: "make it a migration of its own with `\"transaction\": false` in meta.json, or take it out of BEGIN and COMMIT",
    bad: "BEGIN;\nCREATE INDEX CONCURRENTLY i ON tasks (state);\nCOMMIT;",
    good: "CREATE INDEX CONCURRENTLY i ON tasks (state);",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, CREATE INDEX, Building Indexes Concurrently",
            url: "https://www.postgresql.org/docs/15/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
        },
        Source {
            chapter: "PostgreSQL 15, SQL Commands, VACUUM, Notes",
            url: "https://www.postgresql.org/docs/15/sql-vacuum.html",
        },
    ],
    check,
    change: None,
};

const OUTSIDE: &[&str] = &[
    "vacuum",
    "alter system",
    "create database",
    "drop database",
    "create tablespace",
    "drop tablespace",
    "reindex database",
    "reindex schema",
    "reindex system",
];

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script
        .numbered()
        .filter(|(_, statement)| statement.transaction.is_some())
    {
        let cursor = statement.cursor();
        let concurrently = match &statement.action {
            Action::CreateIndex(create) => create.concurrently,
            Action::Drop(drop) => drop.concurrently,
            Action::AlterTable(_) => cursor.has("detach partition") && cursor.has("concurrently"),
            _ => statement.begins("reindex") && statement.tokens.iter().take(8).any(|token| is(token, "concurrently")),
        };
        let word = OUTSIDE.iter().find(|words| cursor.is(words));
        if concurrently || word.is_some() {
            found.add(
                index,
                &statement.span,
                word.map_or("CONCURRENTLY".to_owned(), |word| word.to_uppercase()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::dialect::by_name;
    use crate::lint::Input;

    #[test]
    fn cases() {
        let runner = Input {
            transaction: true,
            ..Input::new(by_name("postgres").unwrap())
        };
        let scripts: &[(&str, &[&str])] = &[
            ("CREATE INDEX CONCURRENTLY i ON a (b)", &["CONCURRENTLY"]),
            ("DROP INDEX CONCURRENTLY i; VACUUM a", &["CONCURRENTLY", "VACUUM"]),
            ("ALTER TABLE a DETACH PARTITION b CONCURRENTLY", &["CONCURRENTLY"]),
            (
                "REINDEX (CONCURRENTLY) TABLE a; ALTER SYSTEM SET work_mem = '1MB'",
                &["CONCURRENTLY", "ALTER SYSTEM"],
            ),
        ];
        RULE.finds_in(&runner, scripts);
        let alone: Vec<_> = scripts.iter().map(|(sql, _)| *sql).collect();
        RULE.spares(&alone);
        RULE.spares_in(
            &runner,
            &["CREATE INDEX i ON a (b)", "REFRESH MATERIALIZED VIEW CONCURRENTLY v"],
        );
        RULE.finds(&[("BEGIN; VACUUM; COMMIT; VACUUM", &["VACUUM"])]);
    }
}
