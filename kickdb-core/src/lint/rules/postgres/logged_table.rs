use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "logged_table",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: POSTGRES,
    title: "the table is written anew while nobody can use it",
    why: "SET LOGGED writes all of the table to the log, SET UNLOGGED writes it anew as well; both under an ACCESS EXCLUSIVE lock. An unlogged table is empty after a crash, and replicas never have its rows.",
    instead: "make a new table that is as it shall be, and move the rows in batches",
    bad: "ALTER TABLE sessions SET UNLOGGED;",
    good: "CREATE UNLOGGED TABLE new_sessions (id uuid);",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, SET { LOGGED | UNLOGGED }",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
        },
        Source {
            chapter: "PostgreSQL 15, SQL Commands, CREATE TABLE, UNLOGGED",
            url: "https://www.postgresql.org/docs/15/sql-createtable.html#SQL-CREATETABLE-UNLOGGED",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let mut cursor = altered.cursor();
        match cursor.eat_any(&["set logged", "set unlogged"]) {
            Some("set unlogged") => {
                found
                    .add(altered.index, altered.span(), altered.table)
                    .on(altered.table)
                    .says(
                        "the table is written anew while nobody can use it, and from then on it is empty after a crash",
                    );
            }
            Some(_) => {
                found
                    .add(altered.index, altered.span(), altered.table)
                    .on(altered.table);
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a SET LOGGED", &["a"]),
            ("ALTER TABLE IF EXISTS a SET UNLOGGED", &["a"]),
        ]);
        RULE.spares(&[
            "CREATE UNLOGGED TABLE a (b int); ALTER TABLE a SET LOGGED",
            "ALTER TABLE a SET (fillfactor = 70)",
        ]);
    }
}
