use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "explicit_copy",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: MYSQL,
    title: "the statement asks for a copy or a lock that the server might do without",
    why: "ALGORITHM=COPY copies the table row by row, and LOCK=SHARED or LOCK=EXCLUSIVE keep others out, even where the server could do the same in an instant.",
    instead: "leave the clause out, or say ALGORITHM=INPLACE, LOCK=NONE, so that it fails rather than locks",
    bad: "ALTER TABLE tasks ADD INDEX tasks_state (state), LOCK=EXCLUSIVE;",
    good: "ALTER TABLE tasks ADD INDEX tasks_state (state), ALGORITHM=INPLACE, LOCK=NONE;",
    sources: &[Source {
        chapter: "MySQL 8.4, 15.1.9 ALTER TABLE Statement, Concurrency Control",
        url: "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html#alter-table-concurrency",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let mut cursor = altered.cursor();
        let word = cursor.eat_any(&["algorithm", "lock"]);
        cursor.eat("=");
        let heavy = match word {
            Some("algorithm") => cursor.is("copy"),
            Some(_) => cursor.is("shared") || cursor.is("exclusive"),
            None => false,
        };
        if heavy {
            found
                .add(altered.index, altered.span(), altered.table)
                .on(altered.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ADD INDEX (b), ALGORITHM=COPY", &["a"]),
            ("ALTER TABLE a ADD COLUMN b int, LOCK = SHARED", &["a"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD INDEX (b), ALGORITHM=INPLACE, LOCK=NONE",
            "ALTER TABLE a ADD INDEX (b), LOCK DEFAULT",
        ]);
    }
}
