use crate::ir::Expr;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "volatile_default",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: POSTGRES,
    title: "the default is another one for each row, so the table is written anew while nobody can use it",
    why: "A default that is the same for all rows (a constant, now()) is kept in the catalog, and no row is touched. A volatile one, such as random(), gen_random_uuid() or clock_timestamp(), must be calculated for each row, under an ACCESS EXCLUSIVE lock.",
    instead: "add the column without a default, set the default for new rows, and fill the old ones in batches",
    bad: "ALTER TABLE tasks ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    good: "ALTER TABLE tasks ADD COLUMN token uuid;\nALTER TABLE tasks ALTER COLUMN token SET DEFAULT gen_random_uuid();",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, Notes",
        url: "https://www.postgresql.org/docs/15/sql-altertable.html#SQL-ALTERTABLE-NOTES",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let Some(ways) = script.input.dialect.online() else {
        return;
    };
    for altered in script.old_alterations() {
        let Alter::AddColumn { column, .. } = altered.what() else {
            continue;
        };
        let default = Expr::Sql(column.default.clone().unwrap_or_default());
        if ways.own_for_each_row(&default).is_some() {
            found
                .add(altered.index, altered.span(), altered.column(&column.name))
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
            ("ALTER TABLE a ADD COLUMN b uuid DEFAULT gen_random_uuid()", &["a.b"]),
            ("ALTER TABLE a ADD b float DEFAULT (1 + random()) NOT NULL", &["a.b"]),
            ("ALTER TABLE a ADD b bigint DEFAULT nextval('n'::regclass)", &["a.b"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD COLUMN b timestamptz DEFAULT now() NOT NULL",
            "ALTER TABLE a ADD COLUMN b text DEFAULT 'random'",
            "CREATE TABLE a (x int); ALTER TABLE a ADD b float DEFAULT random()",
            "ALTER TABLE a ALTER b SET DEFAULT random()",
        ]);
    }
}
