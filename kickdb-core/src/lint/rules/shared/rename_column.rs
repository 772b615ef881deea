use std::collections::BTreeSet;

use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "rename_column",
    level: Level::Warn,
    harm: Harm::Compatibility,
    engines: EVERY,
    title: "programs that run while it happens still use the old name",
    why: "From the moment of the rename, every statement of the version before that names the column fails, until the last old process \
          is gone.",
    instead: "add a column of the new name, write to both, copy what is there, and drop the old one in a later release; or rename while \
              nothing runs",
    bad: "ALTER TABLE tasks RENAME COLUMN title TO name;",
    good: "ALTER TABLE tasks ADD COLUMN name text;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, RENAME",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.1.9 ALTER TABLE Statement, Renaming, Redefining, and Reordering Columns",
            url: "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html#alter-table-redefine-column",
        },
        Source {
            chapter: "SQLite, ALTER TABLE RENAME COLUMN",
            url: "https://www.sqlite.org/lang_altertable.html#alter_table_rename_column",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    // Names that the script itself has given: no program says them.
    let mut given = BTreeSet::new();
    for altered in script.old_alterations() {
        let (from, to) = match altered.what() {
            Alter::RenameColumn { from, to } => (from, to),
            Alter::Redefine { from, column } if !from.eq_ignore_ascii_case(&column.name) => (from, &column.name),
            _ => continue,
        };
        if !given.contains(&(altered.table.key(), from.to_lowercase())) {
            found.add(altered.index, altered.span(), altered.column(from));
        }
        given.insert((altered.table.key(), to.to_lowercase()));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::dialect::by_name;
    use crate::lint::Input;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE tasks RENAME COLUMN title TO name", &["tasks.title"]),
            ("ALTER TABLE tasks RENAME title TO name", &["tasks.title"]),
        ]);
        RULE.finds(&[(
            "ALTER TABLE t RENAME a TO spare; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME spare TO b",
            &["t.a", "t.b"],
        )]);
        RULE.spares(&[
            "CREATE TABLE tasks (title text); ALTER TABLE tasks RENAME COLUMN title TO name",
            "ALTER TABLE tasks RENAME TO cards",
            "ALTER TABLE tasks RENAME INDEX a TO b",
        ]);
        let mysql = Input::new(by_name("mysql").unwrap());
        RULE.finds_in(
            &mysql,
            &[("ALTER TABLE tasks CHANGE title name text", &["tasks.title"])],
        );
        RULE.spares_in(
            &mysql,
            &["ALTER TABLE tasks CHANGE title title text NOT NULL, MODIFY a int"],
        );
    }
}
