use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "moved_schema",
    level: Level::Warn,
    harm: Harm::Compatibility,
    engines: POSTGRES,
    title: "programs that run while it happens look for it where it was",
    why: "From the moment of the move, every statement of the version before that names the table with its schema, or finds it by the search path, fails.",
    instead: "leave a view in the old place until no program looks there, or move it while nothing runs",
    bad: "ALTER TABLE tasks SET SCHEMA board;",
    good: "CREATE VIEW board.tasks AS SELECT * FROM public.tasks;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, SET SCHEMA",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
        },
        Source {
            chapter: "PostgreSQL 15, 5.9.3 The Schema Search Path",
            url: "https://www.postgresql.org/docs/15/ddl-schemas.html#DDL-SCHEMAS-PATH",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        if altered.cursor().is("set schema") {
            found.add(altered.index, altered.span(), altered.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("ALTER TABLE a SET SCHEMA b", &["a"])]);
        RULE.spares(&[
            "CREATE TABLE a (x int); ALTER TABLE a SET SCHEMA b",
            "ALTER TABLE a SET (fillfactor = 50)",
        ]);
    }
}
