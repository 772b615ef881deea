use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "retry_creates",
    level: Level::Note,
    harm: Harm::Retry,
    engines: &["postgres", "mysql"],
    title: "run again after it broke off further down, it fails: what it makes or drops is done already",
    why: "A script whose statements commit one by one and that broke off in the middle is run again from its beginning by most tools. kickdb's own runner goes on after the last statement that was done, so its migrations are not concerned.",
    instead: "say IF NOT EXISTS or IF EXISTS where the engine knows it, or run all of it in one transaction",
    bad: "CREATE TABLE tasks (id int);\nALTER TABLE notes ADD COLUMN task int;",
    good: "CREATE TABLE IF NOT EXISTS tasks (id int);\nDROP TABLE IF EXISTS old_tasks;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, CREATE TABLE, IF NOT EXISTS",
            url: "https://www.postgresql.org/docs/15/sql-createtable.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.3.3 Statements That Cause an Implicit Commit",
            url: "https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    // One statement is done or not done.
    if script.input.runner || script.statements.len() < 2 {
        return;
    }
    let first = script.numbered().find_map(|(index, statement)| {
        if statement.transaction.is_some() {
            return None;
        }
        let object = match &statement.action {
            Action::CreateTable(create) if !create.if_not_exists => create.table.to_string(),
            Action::CreateIndex(create) if !create.if_not_exists => {
                create.name.as_ref().unwrap_or(&create.table).to_string()
            }
            Action::Drop(drop) if !drop.if_exists => drop.names.first()?.to_string(),
            Action::AlterTable(alter) => alter.parts.iter().find_map(|part| match &part.what {
                Alter::AddColumn {
                    column,
                    if_not_exists: false,
                } => Some(format!("{}.{}", alter.table, column.name)),
                Alter::DropColumn { name, if_exists: false } => Some(format!("{}.{name}", alter.table)),
                _ => None,
            })?,
            _ => return None,
        };
        Some((index, statement, object))
    });
    // Said once: it is about the whole script.
    if let Some((index, statement, object)) = first {
        found.add(index, &statement.span, object);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::Input;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("CREATE TABLE a (id int); CREATE TABLE b (id int)", &["a"]),
            (
                "CREATE TABLE IF NOT EXISTS a (id int); ALTER TABLE b DROP COLUMN c",
                &["b.c"],
            ),
            ("SELECT 1; DROP INDEX i", &["i"]),
        ]);
        RULE.spares(&[
            "CREATE TABLE a (id int)",
            "CREATE TABLE IF NOT EXISTS a (id int); ALTER TABLE a ADD COLUMN IF NOT EXISTS b int",
            "DROP TABLE IF EXISTS a; DROP INDEX IF EXISTS i",
            "BEGIN; CREATE TABLE a (id int); CREATE TABLE b (id int); COMMIT",
        ]);
        for dialect in RULE.dialects() {
            let runner = Input {
                runner: true,
                ..Input::new(dialect)
            };
            RULE.spares_in(&runner, &["CREATE TABLE a (id int); CREATE TABLE b (id int)"]);
        }
    }
}
