use crate::dialect::Types;
use crate::diff::{Change, TableChange};
use crate::ir::Expr;
use crate::lex::{Kind, tokens};
use crate::lint::read::{ObjectName, text};
use crate::lint::rules::prelude::*;
use crate::lint::script::Altered;

pub(super) static RULE: Rule = Rule {
    code: "set_not_null",
    level: Level::Warn,
    harm: Harm::Scan,
    engines: EVERY,
    title: "rows that hold NULL make it fail, and every row is read to find them while nobody can use the table",
    why: "PostgreSQL takes an ACCESS EXCLUSIVE lock and reads the whole table, unless a valid CHECK constraint already proves that there \
          is no NULL: then it reads nothing. InnoDB writes the table anew, in place, and with LOCK=NONE while others write. SQLite knows no such statement; its tables are made \
          anew. An INSERT of the version before that leaves the column out fails from then on.",
    instead: "on PostgreSQL add CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in the next migration, then SET NOT NULL and drop the \
              check; on MySQL and MariaDB fill the rows first and say LOCK=NONE, so \
              that it fails rather than locks; on SQLite do it when little is going on",
    bad: "ALTER TABLE tasks ALTER COLUMN state SET NOT NULL;\nALTER TABLE tasks MODIFY state varchar(20) NOT NULL;",
    good: "ALTER TABLE tasks ADD CONSTRAINT state_is_set CHECK (state IS NOT NULL) NOT VALID;\nALTER TABLE tasks MODIFY state varchar(20) NOT NULL, LOCK=NONE;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, SET NOT NULL",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
        },
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Column Operations",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-column-operations",
        },
        Source {
            chapter: "SQLite, ALTER TABLE, 7. Making Other Kinds Of Table Schema Changes",
            url: "https://www.sqlite.org/lang_altertable.html#otheralter",
        },
    ],
    check,
    change: Some(change),
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let column = match altered.what() {
            Alter::SetNotNull(column) => column,
            Alter::Redefine { from, column } if column.not_null => from,
            _ => continue,
        };
        let table = script.before(altered.table);
        let known = table.and_then(|table| {
            table
                .columns
                .iter()
                .find(|known| known.name.as_str().eq_ignore_ascii_case(column))
        });
        if known.is_some_and(|known| !known.nullable) || is_quiet(script, &altered, column) {
            continue;
        }
        // MODIFY says NOT NULL again each time: only where the column is known, it is known to be new.
        if known.is_some() || matches!(altered.what(), Alter::SetNotNull(_)) {
            let object = altered.column(column);
            let finding = found.add(altered.index, altered.span(), &object).on(altered.table);
            if script.fills(&object) {
                finding.says("every row is read to find a NULL while nobody can use the table");
            }
        }
    }
}

/// Whether the script makes a column, `tasks.state`, NOT NULL in a way that keeps nobody out and reads nothing for it.
pub(in crate::lint) fn is_quiet_about(script: &Script<'_>, object: &str) -> bool {
    script.old_alterations().any(|altered| {
        let column = match altered.what() {
            Alter::SetNotNull(column) => column,
            Alter::Redefine { from, column } if column.not_null => from,
            _ => return false,
        };
        altered.column(column).eq_ignore_ascii_case(object) && is_quiet(script, &altered, column)
    })
}

fn is_quiet(script: &Script<'_>, altered: &Altered<'_, '_>, column: &str) -> bool {
    altered.keeps_nobody_out() || is_proven(script, altered.table, column, altered.index)
}

/// Whether a check that is valid says that the column holds no NULL.
fn is_proven(script: &Script<'_>, table: &ObjectName, column: &str, statement: usize) -> bool {
    let lexis = script.input.dialect.lexis();
    let says = |expression: &str| {
        let words: Vec<_> = tokens(expression, lexis)
            .filter(|token| token.kind != Kind::Space)
            .collect();
        let said = text(&words).replace(['"', '(', ')'], "");
        said.eq_ignore_ascii_case(&format!("{column} is not null"))
    };
    let before = script.before(table).is_some_and(|table| {
        let mut checks = table.checks.values();
        checks.any(|check| check.validated && matches!(&check.expr, Expr::Sql(sql) if says(sql)))
    });
    let mut names = Vec::new();
    for altered in script
        .alterations_near(table, statement)
        .filter(|altered| altered.index < statement)
    {
        match altered.what() {
            Alter::AddConstraint(constraint) => match &constraint.kind {
                ConstraintKind::Check(expression) if says(expression) => match &constraint.name {
                    Some(name) if constraint.not_valid => names.push(name.clone()),
                    // It was read for the check; not again.
                    _ if !constraint.not_valid => return true,
                    _ => {}
                },
                _ => {}
            },
            Alter::Validate(name) if names.contains(name) => return true,
            // Its expression is in another file; by its name it is about this column.
            Alter::Validate(name) if script.before(table).is_none() && name.contains(column) => return true,
            _ => {}
        }
    }
    before
}

fn change(change: &Change, _: &dyn Types) -> Vec<Hazard> {
    let Change::AlterTable { to, changes, .. } = change else {
        return Vec::new();
    };
    let filled = changes.iter().filter_map(|change| match change {
        TableChange::AlterColumn { from, to: column } if from.nullable && !column.nullable => {
            Some(format!("{}.{}", to.name, column.name))
        }
        _ => None,
    });
    let message = "rows that hold NULL make the migration fail; generate it with `--backfill`, or fill them first";
    filled
        .map(|object| Hazard::new(RULE.code, RULE.level, object, message))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{RULE, is_quiet_about};
    use crate::dialect::by_name;
    use crate::ident::{Name, Qualified};
    use crate::ir::{Column, Schema, SqlType, Table};
    use crate::lint::Input;
    use crate::lint::script::Script;

    #[test]
    fn rows_that_were_filled_hold_no_null() {
        let input = Input::new(by_name("postgres").unwrap());
        let sql = "UPDATE tasks SET state = 'open' WHERE state IS NULL;\nALTER TABLE tasks ALTER state SET NOT NULL";
        let found = RULE.look(sql, &input);
        assert!(!found[0].message.contains("fail"), "{found:?}");
    }

    #[test]
    fn what_keeps_nobody_out_is_spared() {
        let mut input = Input::new(by_name("mysql").unwrap());
        let mut before = Schema::default();
        let name = Qualified::local(Name::new("tasks").unwrap());
        let mut table = Table::new(name.clone());
        let mut column = Column::new(Name::new("state").unwrap(), SqlType::Text);
        column.nullable = true;
        table.columns.push(column);
        before.tables.insert(name, table);
        input.before = Some(&before);
        RULE.finds_in(
            &input,
            &[("ALTER TABLE tasks MODIFY state text NOT NULL", &["tasks.state"])],
        );
        RULE.spares_in(&input, &["ALTER TABLE tasks MODIFY state text NOT NULL, LOCK=NONE"]);
        assert!(is_quiet_about(
            &Script::read("ALTER TABLE tasks MODIFY state text NOT NULL, LOCK = NONE", &input),
            "tasks.state"
        ));
    }

    #[test]
    fn a_scan_is_found_and_a_proof_is_taken() {
        let input = Input::new(by_name("postgres").unwrap());
        RULE.finds_in(
            &input,
            &[
                ("ALTER TABLE tasks ALTER COLUMN state SET NOT NULL", &["tasks.state"]),
                (
                    "ALTER TABLE tasks ADD CONSTRAINT c CHECK (state IS NOT NULL) NOT VALID;\n\
                     ALTER TABLE tasks ALTER state SET NOT NULL",
                    &["tasks.state"],
                ),
                (
                    "ALTER TABLE tasks ADD CONSTRAINT c CHECK (title IS NOT NULL);\nALTER TABLE tasks ALTER state SET NOT NULL",
                    &["tasks.state"],
                ),
            ],
        );
        RULE.spares_in(
            &input,
            &[
                "CREATE TABLE tasks (state text); ALTER TABLE tasks ALTER state SET NOT NULL",
                "ALTER TABLE tasks ADD CONSTRAINT c CHECK (state IS NOT NULL) NOT VALID;\n\
                 ALTER TABLE tasks VALIDATE CONSTRAINT c; ALTER TABLE tasks ALTER \"state\" SET NOT NULL",
                "ALTER TABLE tasks VALIDATE CONSTRAINT tasks_state_not_null; ALTER TABLE tasks ALTER state SET NOT NULL",
                "ALTER TABLE tasks ALTER state DROP NOT NULL",
            ],
        );
    }
}
