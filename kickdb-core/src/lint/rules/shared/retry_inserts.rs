use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "retry_inserts",
    level: Level::Note,
    harm: Harm::Retry,
    engines: EVERY,
    title: "run again after it broke off, it adds its rows a second time",
    why: "A script whose statements commit one by one and that broke off in the middle is run again from its beginning by most tools. kickdb's own runner keeps each statement and its record together, so its migrations are not concerned.",
    instead: "let a key refuse the second time (ON CONFLICT DO NOTHING, INSERT IGNORE), or insert only what is missing with WHERE NOT EXISTS",
    bad: "INSERT INTO settings (name) VALUES ('theme');
ALTER TABLE tasks ADD COLUMN theme int;",
    good: "BEGIN;
INSERT INTO settings (name) VALUES ('theme');
COMMIT;
ALTER TABLE tasks ADD COLUMN theme int;",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 15.3.3 Statements That Cause an Implicit Commit",
            url: "https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html",
        },
        Source {
            chapter: "PostgreSQL 15, SQL Commands, INSERT, ON CONFLICT Clause",
            url: "https://www.postgresql.org/docs/15/sql-insert.html#SQL-ON-CONFLICT",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    if script.input.runner || script.statements.len() < 2 {
        return;
    }
    for (index, statement) in script.numbered() {
        if let Action::Insert(insert) = &statement.action
            && statement.transaction.is_none()
            && !insert.guarded
        {
            // Said once: it is about the whole script.
            found.add(index, &statement.span, &insert.table);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::Input;

    #[test]
    fn only_where_nothing_keeps_the_rows_from_coming_twice() {
        RULE.finds(&[
            ("SELECT 1; INSERT INTO a VALUES (1); INSERT INTO b SELECT 1", &["a"]),
            ("insert into app.a (x) values (1); SELECT 1", &["app.a"]),
        ]);
        RULE.spares(&[
            "INSERT INTO a VALUES (1)",
            "INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING; SELECT 1",
            "INSERT IGNORE INTO a VALUES (1); REPLACE INTO a VALUES (1)",
            "INSERT INTO a VALUES (1) ON DUPLICATE KEY UPDATE x = 1; INSERT OR IGNORE INTO a VALUES (1)",
            "INSERT INTO a SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM a); SELECT 1",
            "BEGIN; INSERT INTO a VALUES (1); COMMIT",
        ]);
        for dialect in RULE.dialects() {
            let runner = Input {
                runner: true,
                ..Input::new(dialect)
            };
            RULE.spares_in(&runner, &["INSERT INTO a VALUES (1); SELECT 1"]);
        }
    }
}
