use super::is_asked;
use crate::ir::SqlType;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "column_type_copy",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: MYSQL,
    title: "the table is copied row by row while nobody can write to it",
    why: "A change of a column's type is done by ALGORITHM=COPY. A varchar that gets longer and an enum or set that gets values at its end are done in an instant (on MySQL, where a varchar stays on its side of 255 bytes). MODIFY and CHANGE say the whole column, so where the type before is not known from the last snapshot this is a note.",
    instead: "add a column of the new type, keep it in step by a trigger, fill it in batches, and change over in a later release; or say ALGORITHM=INPLACE, LOCK=NONE, so that it fails rather than locks",
    bad: "ALTER TABLE tasks MODIFY id bigint NOT NULL;",
    good: "ALTER TABLE tasks ADD COLUMN new_id bigint;",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Changing the column data type",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-column-operations",
        },
        Source {
            chapter: "MariaDB, InnoDB Online DDL Operations with the INPLACE Alter Algorithm",
            url: "https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-inplace-alter-algorithm/",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let dialect = script.input.dialect;
    let keeps = |from: &SqlType, to: &SqlType| dialect.online().is_some_and(|ways| !ways.rewrites(from, to));
    for altered in script.old_alterations() {
        let Alter::Redefine { from, column } = altered.what() else {
            continue;
        };
        if is_asked(altered.statement) {
            continue;
        }
        let known = script.before(altered.table).and_then(|table| {
            let mut same = table
                .columns
                .iter()
                .filter(|known| known.name.as_str().eq_ignore_ascii_case(from));
            Some(&same.next()?.ty)
        });
        let to = dialect.parse(&column.ty).ok();
        match known.zip(to) {
            Some((before, after)) if keeps(before, &after) => {}
            Some(_) => {
                found
                    .add(altered.index, altered.span(), altered.column(from))
                    .on(altered.table);
            }
            None => {
                let finding = found
                    .add(altered.index, altered.span(), altered.column(from))
                    .on(altered.table);
                finding.says(
                    "unless its type stays as it is, the table is copied row by row while nobody can write to it",
                );
                finding.level = Level::Note;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a MODIFY b bigint", &["a.b"]),
            ("ALTER TABLE a MODIFY COLUMN b text, CHANGE c d int", &["a.b", "a.c"]),
        ]);
        RULE.spares(&[
            "CREATE TABLE a (b int); ALTER TABLE a MODIFY b bigint",
            "ALTER TABLE a MODIFY b bigint, ALGORITHM=INPLACE, LOCK=NONE",
            "ALTER TABLE a MODIFY b varchar(40), ALGORITHM = INSTANT",
            "ALTER TABLE a ALTER b SET DEFAULT 1",
        ]);
    }
}
