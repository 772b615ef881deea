use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_schema",
    level: Level::Deny,
    harm: Harm::DataLoss,
    engines: &["postgres", "mysql"],
    title: "everything in it goes",
    why: "DROP DATABASE, and on MySQL and MariaDB DROP SCHEMA, which is the same, remove every table with its rows. PostgreSQL's DROP \
          SCHEMA does so with CASCADE; without it, it fails unless the schema is empty.",
    instead: "drop the tables by their names, each when it is known that nothing needs it",
    bad: "DROP DATABASE archive;",
    good: "DROP VIEW archive_tasks;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, DROP SCHEMA",
            url: "https://www.postgresql.org/docs/15/sql-dropschema.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.1.24 DROP DATABASE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/drop-database.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let keeps_rows = !script.input.dialect.caps().schemas;
    for (index, statement) in script.numbered() {
        let Action::Drop(drop) = &statement.action else {
            continue;
        };
        // Where schemas are apart from databases, an empty one is all that goes without CASCADE.
        if drop.kind == "database" || drop.kind == "schema" && (drop.cascade || keeps_rows) {
            for name in &drop.names {
                found.add(index, &statement.span, name);
            }
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
        RULE.finds(&[
            ("DROP DATABASE IF EXISTS archive", &["archive"]),
            ("DROP SCHEMA archive CASCADE", &["archive"]),
        ]);
        let input = Input::new(by_name("postgres").unwrap());
        RULE.spares_in(
            &input,
            &["DROP SCHEMA archive", "DROP SCHEMA IF EXISTS archive RESTRICT"],
        );
        let input = Input::new(by_name("mysql").unwrap());
        RULE.finds_in(&input, &[("DROP SCHEMA archive", &["archive"])]);
    }
}
