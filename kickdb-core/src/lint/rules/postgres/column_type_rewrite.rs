use crate::ir::SqlType;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "column_type_rewrite",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: POSTGRES,
    title: "the table and its indexes are written anew while nobody can use it",
    why: "ALTER COLUMN TYPE takes an ACCESS EXCLUSIVE lock and writes every row and every index anew, unless the new type keeps the old one's bytes: a longer varchar, text from varchar, a numeric with more digits before the same scale. Where the column's type is known from the last snapshot, these are left out.",
    instead: "add a column of the new type, keep it in step by a trigger, fill it in batches, and change over in a later release",
    bad: "ALTER TABLE tasks ALTER COLUMN id TYPE bigint;",
    good: "ALTER TABLE tasks ADD COLUMN new_id bigint;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, Notes",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        },
        Source {
            chapter: "PostgreSQL 15, 13.3.1 Table-Level Locks",
            url: "https://www.postgresql.org/docs/15/explicit-locking.html#LOCKING-TABLES",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let Alter::Type { column, ty } = altered.what() else {
            continue;
        };
        let from = script.before(altered.table).and_then(|table| {
            let mut same = table
                .columns
                .iter()
                .filter(|known| known.name.as_str().eq_ignore_ascii_case(column));
            same.next().map(|known| &known.ty)
        });
        let to = script.input.dialect.parse(ty).ok();
        if let (Some(from), Some(to)) = (from, &to)
            && script
                .input
                .dialect
                .online()
                .is_some_and(|ways| !ways.rewrites(from, to))
        {
            continue;
        }
        let finding = found
            .add(altered.index, altered.span(), altered.column(column))
            .on(altered.table);
        if from.is_none() && matches!(to, Some(SqlType::Text | SqlType::Varchar(_))) {
            finding.says("unless the column is a varchar that is no longer, the table and its indexes are written anew while nobody can use it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ALTER COLUMN b TYPE bigint", &["a.b"]),
            ("ALTER TABLE a ALTER b SET DATA TYPE text USING b::text", &["a.b"]),
        ]);
        RULE.spares(&[
            "CREATE TABLE a (b int); ALTER TABLE a ALTER b TYPE bigint",
            "ALTER TABLE a ALTER b SET DEFAULT 1",
        ]);
    }
}
