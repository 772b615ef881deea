use crate::dialect::Types;
use crate::diff::{Change, TableChange};
use crate::ir::ColumnValue;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_column",
    level: Level::Deny,
    harm: Harm::DataLoss,
    engines: EVERY,
    title: "the column goes with all of its values",
    why: "The values are gone for good; reversing the migration makes an empty column. Programs of the version before that still \
          name it fail, and so does whatever selects every column of the table by a prepared statement. A column that is computed \
          from others is no loss: it can be computed again. One that becomes computed gives up what it held.",
    instead: "release a version that no longer uses it, then drop it in a later migration, with a copy of what may be missed",
    bad: "ALTER TABLE tasks DROP COLUMN removed_at;",
    good: "CREATE TABLE notes (id int, body text);\nALTER TABLE notes DROP COLUMN body;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, DROP COLUMN",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.1.9 ALTER TABLE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html",
        },
        Source {
            chapter: "SQLite, ALTER TABLE DROP COLUMN",
            url: "https://www.sqlite.org/lang_altertable.html#altertabdropcol",
        },
    ],
    check,
    change: Some(change),
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let Alter::DropColumn { name, .. } = altered.what() else {
            continue;
        };
        let computed = script.before(altered.table).is_some_and(|table| {
            let mut same = table
                .columns
                .iter()
                .filter(|column| column.name.as_str().eq_ignore_ascii_case(name));
            same.any(|column| matches!(column.value, ColumnValue::Generated { .. }))
        });
        if !computed {
            found.add(altered.index, altered.span(), altered.column(name));
        }
    }
}

fn change(change: &Change, _: &dyn Types) -> Vec<Hazard> {
    let Change::AlterTable { to, changes, .. } = change else {
        return Vec::new();
    };
    let lost = changes.iter().filter_map(|change| match change {
        _ if change.gives_values_up().is_some() => {
            let column = change.gives_values_up()?;
            Some((&column.name, "what is computed takes the place of its values"))
        }
        // What is computed from other columns can be computed again.
        TableChange::DropColumn(column) if matches!(column.value, ColumnValue::Generated { .. }) => None,
        TableChange::DropColumn(column) => Some((&column.name, RULE.title)),
        _ => None,
    });
    lost.map(|(column, title)| Hazard::new(RULE.code, RULE.level, format!("{}.{column}", to.name), title))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn a_column_of_a_table_that_was_there_is_lost() {
        RULE.finds(&[
            ("ALTER TABLE tasks DROP COLUMN note", &["tasks.note"]),
            (
                "alter table tasks drop note, drop column body",
                &["tasks.note", "tasks.body"],
            ),
            (
                "ALTER TABLE other.tasks ADD COLUMN a int, DROP COLUMN IF EXISTS \"Note\"",
                &["other.tasks.Note"],
            ),
        ]);
    }

    #[test]
    fn other_things_that_are_dropped_are_none() {
        RULE.spares(&[
            "CREATE TABLE tasks (id int, note int); ALTER TABLE tasks DROP COLUMN note",
            "ALTER TABLE tasks DROP CONSTRAINT note",
            "ALTER TABLE tasks DROP PRIMARY KEY, DROP INDEX a, DROP FOREIGN KEY f",
            "ALTER TABLE tasks ALTER COLUMN note DROP NOT NULL, ALTER note DROP DEFAULT",
        ]);
    }
}
