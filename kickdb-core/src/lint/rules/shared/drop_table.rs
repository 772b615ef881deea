use std::collections::BTreeMap;

use crate::diff::{Change, regrouped};
use crate::ident::Name;
use crate::ir::{ObjectKind, Schema};
use crate::lint::Input;
use crate::lint::read::ObjectName;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_table",
    level: Level::Deny,
    harm: Harm::DataLoss,
    engines: EVERY,
    title: "the table goes with all of its rows",
    why: "DROP TABLE removes the table, its rows, its indexes and its triggers. Reversing the migration makes an empty table. \
          Programs of the version before that still read it fail at once.",
    instead: "rename it first, drop it in a later release when nothing has missed it, and keep a copy of its rows",
    bad: "DROP TABLE tasks;",
    good: "ALTER TABLE tasks DROP COLUMN note;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, DROP TABLE",
            url: "https://www.postgresql.org/docs/15/sql-droptable.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.1.32 DROP TABLE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/drop-table.html",
        },
        Source {
            chapter: "SQLite, DROP TABLE",
            url: "https://www.sqlite.org/lang_droptable.html",
        },
    ],
    check,
    change: Some(change),
};

fn check(script: &Script<'_>, found: &mut Found) {
    // Where the rows of a table were copied to, the last time.
    let mut copies: BTreeMap<String, &ObjectName> = BTreeMap::new();
    for (index, statement) in script.numbered() {
        match &statement.action {
            Action::Insert(insert) if script.makes(&insert.table, index) => {
                copies.extend(insert.from.iter().map(|from| (from.key(), &insert.table)));
            }
            Action::Drop(drop) if drop.kind == "table" => {
                for table in drop.names.iter().filter(|table| !script.makes(table, index)) {
                    let copy = copies.get(&table.key());
                    if !copy.is_some_and(|copy| takes_its_name(script, copy, table, index)) {
                        let finding = found.add(index, &statement.span, table);
                        if let Some(name) = virtual_instead(script.input, table) {
                            finding.says(format!(
                                "{}; where it is called `{name}` now, write `ALTER TABLE … RENAME TO …` in the place of both statements",
                                RULE.title
                            ));
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether a copy becomes the table after that was dropped: SQLite's way to alter one.
fn takes_its_name(script: &Script<'_>, copy: &ObjectName, table: &ObjectName, dropped: usize) -> bool {
    let mut near = script.alterations_near(copy, dropped);
    near.any(|altered| {
        altered.index > dropped
            && matches!(altered.what(), Alter::RenameTable(to) if to.name.eq_ignore_ascii_case(&table.name))
    })
}

/// The virtual table that comes where one goes, and could be that one. Nobody is asked for it, as no flag renames any.
fn virtual_instead<'a>(input: &Input<'a>, gone: &ObjectName) -> Option<&'a Name> {
    let (before, after) = (input.before?, input.after?);
    let names = |schema: &'a Schema| {
        let all = schema.objects.keys();
        all.filter(|id| id.kind == ObjectKind::VirtualTable)
            .map(|id| &id.name.name)
    };
    let has = |schema: &'a Schema, name: &str| names(schema).any(|other| other.as_str().eq_ignore_ascii_case(name));
    let goes = has(before, &gone.name) && !has(after, &gone.name);
    names(after).find(|name| goes && !has(before, name.as_str()))
}

fn change(change: &Change, _: &dyn crate::dialect::Types) -> Vec<Hazard> {
    match change {
        Change::DropTable(table) => vec![Hazard::new(RULE.code, RULE.level, &table.name, RULE.title)],
        // Rows go that no new partition takes.
        Change::Repartition { from, to } if regrouped(from, to).is_some() => {
            let names = from.iter().map(|table| &table.name);
            names
                .map(|name| Hazard::new(RULE.code, RULE.level, name, RULE.title))
                .collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::dialect::by_name;
    use crate::ident::{Name, Qualified};
    use crate::ir::{Object, ObjectId, ObjectKind, Schema};
    use crate::lint::{Input, lint};

    #[test]
    fn a_virtual_table_that_comes_may_be_the_one_that_goes() {
        let schema = |names: &[&str]| {
            let object = |name: &&str| {
                let id = ObjectId::new(ObjectKind::VirtualTable, Qualified::local(Name::new(*name).unwrap()));
                (id, Object::new(format!("CREATE VIRTUAL TABLE {name} USING fts5(a)")))
            };
            Schema {
                objects: names.iter().map(object).collect(),
                ..Schema::default()
            }
        };
        let up = "DROP TABLE \"f\"; CREATE VIRTUAL TABLE g USING fts5(a)";
        for (before, after, told) in [
            (&["f"][..], &["g"][..], true),
            (&["f", "g"], &["g"], false),
            (&["f"], &[], false),
            (&["f"], &["f", "g"], false),
            (&[], &["g"], false),
        ] {
            let (before, after) = (schema(before), schema(after));
            let input = Input {
                before: Some(&before),
                after: Some(&after),
                ..Input::new(by_name("sqlite").unwrap())
            };
            let found = lint(up, &input);
            let found = found.iter().find(|finding| finding.rule.code == RULE.code).unwrap();
            assert_eq!(found.message.contains("called `g` now"), told, "{}", found.message);
        }
    }

    #[test]
    fn a_table_that_was_there_is_lost() {
        RULE.finds(&[
            ("DROP TABLE tasks", &["tasks"]),
            (
                "drop table if exists public.tasks, \"Notes\" cascade;",
                &["tasks", "Notes"],
            ),
            ("DROP TABLE tasks; CREATE TABLE tasks (id int)", &["tasks"]),
            // The copy does not become the table.
            (
                "CREATE TABLE x (id int); INSERT INTO x SELECT id FROM tasks; DROP TABLE tasks",
                &["tasks"],
            ),
            (
                "CREATE TABLE x (id int); DROP TABLE tasks; ALTER TABLE x RENAME TO tasks",
                &["tasks"],
            ),
        ]);
    }

    #[test]
    fn what_the_script_made_or_made_anew_is_not() {
        RULE.spares(&[
            "CREATE TABLE tasks (id int); DROP TABLE tasks",
            "CREATE TABLE a (id int); ALTER TABLE a RENAME TO b; DROP TABLE b",
            "CREATE TABLE new_tasks (id int); INSERT INTO new_tasks (id) SELECT id FROM tasks;\n\
             DROP TABLE tasks; ALTER TABLE new_tasks RENAME TO tasks",
            "DROP INDEX tasks_i",
            "SELECT 'DROP TABLE tasks'; -- DROP TABLE tasks;",
        ]);
    }
}
