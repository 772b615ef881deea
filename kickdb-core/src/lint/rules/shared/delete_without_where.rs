use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "delete_without_where",
    level: Level::Deny,
    harm: Harm::DataLoss,
    engines: EVERY,
    title: "every row of the table goes",
    why: "A DELETE without a WHERE removes all rows, and what refers to them with ON DELETE CASCADE as well. Reversing the migration \
          brings none of it back.",
    instead: "say with a WHERE which rows go, after a copy of them was made",
    bad: "DELETE FROM sessions;",
    good: "DELETE FROM sessions WHERE expired;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, DELETE",
            url: "https://www.postgresql.org/docs/15/sql-delete.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.2.2 DELETE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/delete.html",
        },
        Source {
            chapter: "SQLite, DELETE, 3. The Truncate Optimization",
            url: "https://www.sqlite.org/lang_delete.html#the_truncate_optimization",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        if let Action::Delete(delete) = &statement.action
            && !delete.filtered
            && !script.makes(&delete.table, index)
        {
            found.add(index, &statement.span, &delete.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("DELETE FROM sessions", &["sessions"]),
            ("delete from app.sessions;", &["app.sessions"]),
        ]);
        RULE.spares(&[
            "DELETE FROM sessions WHERE id = 1",
            "DELETE FROM sessions s USING people p WHERE p.id = s.person",
            "DELETE FROM sessions LIMIT 10",
            "DELETE s FROM sessions s JOIN people p ON p.id = s.person",
            "CREATE TABLE copy (id int); DELETE FROM copy",
        ]);
    }
}
