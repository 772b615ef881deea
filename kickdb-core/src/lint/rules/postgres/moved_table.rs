use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "moved_table",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: POSTGRES,
    title: "all of the table's data is copied while nobody can use it",
    why: "SET TABLESPACE copies the files of the table, SET ACCESS METHOD writes it anew; both under an ACCESS EXCLUSIVE lock.",
    instead: "do it while nothing uses the table, or make a new table there and move the rows in batches",
    bad: "ALTER TABLE events SET TABLESPACE slow;",
    good: "CREATE TABLE old_events (id int) TABLESPACE slow;",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, SET TABLESPACE",
        url: "https://www.postgresql.org/docs/15/sql-altertable.html",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let mut cursor = altered.cursor();
        if cursor.eat("set tablespace") || cursor.eat("set access method") {
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
            ("ALTER TABLE a SET TABLESPACE s", &["a"]),
            ("ALTER TABLE a SET ACCESS METHOD heap", &["a"]),
        ]);
        RULE.spares(&[
            "CREATE TABLE a (b int); ALTER TABLE a SET TABLESPACE s",
            "ALTER TABLE a SET SCHEMA s",
        ]);
    }
}
