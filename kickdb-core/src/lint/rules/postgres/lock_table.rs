use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "lock_table",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "it keeps others from the table until the transaction ends",
    why: "LOCK TABLE without a mode takes an ACCESS EXCLUSIVE lock, which keeps plain reads out as well, and everything that follows in the transaction happens under it.",
    instead: "let each statement take the lock it needs, and keep the transaction short",
    bad: "LOCK TABLE tasks;",
    good: "LOCK TABLE tasks IN ACCESS SHARE MODE;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, LOCK",
            url: "https://www.postgresql.org/docs/15/sql-lock.html",
        },
        Source {
            chapter: "PostgreSQL 15, 13.3.1 Table-Level Locks",
            url: "https://www.postgresql.org/docs/15/explicit-locking.html#LOCKING-TABLES",
        },
    ],
    check,
    change: None,
};

/// Modes that let others read and write.
const WEAK: &[&str] = &["access share", "row share", "row exclusive"];

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        let mut cursor = statement.cursor();
        if !cursor.eat("lock") {
            continue;
        }
        cursor.eat("table");
        cursor.eat("only");
        let tables = cursor.names();
        let weak = cursor.eat("in") && WEAK.iter().any(|mode| cursor.is(mode));
        for table in tables.iter().filter(|table| !weak && !script.makes(table, index)) {
            found.add(index, &statement.span, table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("LOCK TABLE a", &["a"]),
            ("LOCK a, b IN SHARE MODE NOWAIT", &["a", "b"]),
        ]);
        RULE.spares(&[
            "LOCK TABLE a IN ROW EXCLUSIVE MODE",
            "CREATE TABLE a (x int); LOCK TABLE a",
        ]);
    }
}
