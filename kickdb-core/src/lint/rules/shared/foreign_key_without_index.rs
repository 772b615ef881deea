use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::ident::Name;
use crate::ir::{IndexKey, Table};
use crate::lint::read::ObjectName;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "foreign_key_without_index",
    level: Level::Note,
    harm: Harm::Slow,
    engines: &["postgres", "sqlite"],
    title: "no index begins with the columns of the foreign key, so deleting or changing a row it points to reads the whole table",
    why: "The engine looks for rows that refer to a row that is deleted, or whose key changes. PostgreSQL and SQLite make no index for that by themselves, as MySQL and MariaDB do. Without one, each such DELETE reads the referring table from end to end.",
    instead: "add an index that begins with these columns, unless rows of the other table are never deleted",
    bad: "CREATE TABLE notes (id int PRIMARY KEY, task int REFERENCES tasks (id));",
    good: "CREATE TABLE notes (id int PRIMARY KEY, task int REFERENCES tasks (id));\nCREATE INDEX notes_task ON notes (task);",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, 5.4.5 Foreign Keys",
            url: "https://www.postgresql.org/docs/15/ddl-constraints.html#DDL-CONSTRAINTS-FK",
        },
        Source {
            chapter: "SQLite, Foreign Key Support, 3. Required and Suggested Database Indexes",
            url: "https://www.sqlite.org/foreignkeys.html#fk_indexes",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let indexes = Indexes::of(script);
    let mut look = |index: usize, span: &Range<usize>, table: &ObjectName, columns: &[String]| {
        let table = &script.called_at_last(table, index);
        if !columns.is_empty() && !had(script, table, columns) && !indexes.cover(script, table, columns) {
            found.add(index, span, format!("{table}.{}", columns.join(".")));
        }
    };
    for (index, statement) in script.numbered() {
        let Action::CreateTable(create) = &statement.action else {
            continue;
        };
        for column in create.columns.iter().filter(|column| column.references.is_some()) {
            look(index, &column.span, &create.table, std::slice::from_ref(&column.name));
        }
        for constraint in &create.constraints {
            if let ConstraintKind::ForeignKey(_) = constraint.kind {
                look(index, &constraint.span, &create.table, &constraint.columns);
            }
        }
    }
    for altered in script.alterations() {
        match altered.what() {
            Alter::AddConstraint(constraint) if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) => {
                look(altered.index, altered.span(), altered.table, &constraint.columns);
            }
            Alter::AddColumn { column, .. } if column.references.is_some() => {
                look(
                    altered.index,
                    altered.span(),
                    altered.table,
                    std::slice::from_ref(&column.name),
                );
            }
            _ => {}
        }
    }
}

/// Whether the table had a foreign key over these columns before: one that is made anew with its table is none of the script.
fn had(script: &Script<'_>, table: &ObjectName, columns: &[String]) -> bool {
    let same = |names: &[Name]| {
        let names = names.iter().map(Name::as_str);
        names.len() == columns.len() && names.zip(columns).all(|(one, other)| one.eq_ignore_ascii_case(other))
    };
    let before = script.before(table);
    before.is_some_and(|table| table.foreign_keys.values().any(|key| same(&key.columns)))
}

/// The columns of the indexes that the script makes, by the table and the first of them.
struct Indexes(BTreeMap<(String, String), BTreeSet<Vec<String>>>);

impl Indexes {
    fn of(script: &Script<'_>) -> Self {
        let mut found = Self(BTreeMap::new());
        for (at, statement) in script.numbered() {
            match &statement.action {
                Action::CreateIndex(index) => {
                    found.add(&script.called_at_last(&index.table, at), &index.columns);
                }
                Action::CreateTable(create) => {
                    let table = &script.called_at_last(&create.table, at);
                    for column in create
                        .columns
                        .iter()
                        .filter(|column| column.primary_key || column.unique)
                    {
                        found.add(table, std::slice::from_ref(&column.name));
                    }
                    let keys = create.constraints.iter().filter(|constraint| constraint.indexes());
                    keys.for_each(|constraint| found.add(table, &constraint.columns));
                }
                _ => {}
            }
        }
        for altered in script.alterations() {
            match altered.what() {
                Alter::AddConstraint(constraint) if constraint.indexes() => {
                    found.add(altered.table, &constraint.columns)
                }
                Alter::AddColumn { column, .. } if column.primary_key || column.unique => {
                    found.add(altered.table, std::slice::from_ref(&column.name));
                }
                _ => {}
            }
        }
        found
    }

    fn add(&mut self, table: &ObjectName, columns: &[String]) {
        let columns: Vec<String> = columns.iter().map(|column| column.to_lowercase()).collect();
        if let Some(first) = columns.first() {
            self.0.entry((table.key(), first.clone())).or_default().insert(columns);
        }
    }

    fn cover(&self, script: &Script<'_>, table: &ObjectName, columns: &[String]) -> bool {
        let wanted: BTreeSet<String> = columns.iter().map(|column| column.to_lowercase()).collect();
        // In whatever order: all of them are compared.
        let begins = |index: &[String]| {
            index.len() >= wanted.len() && index[..wanted.len()].iter().all(|column| wanted.contains(column))
        };
        let mut own = wanted
            .iter()
            .filter_map(|first| self.0.get(&(table.key(), first.clone())));
        own.any(|indexes| indexes.iter().any(|index| begins(index)))
            || [script.before(table), script.after(table)]
                .into_iter()
                .flatten()
                .any(|table| known(table).iter().any(|index| begins(index)))
    }
}

/// The columns of each index of a table that is known.
fn known(table: &Table) -> Vec<Vec<String>> {
    let lower = |names: &[Name]| {
        names
            .iter()
            .map(|name| name.as_str().to_lowercase())
            .collect::<Vec<_>>()
    };
    let mut found: Vec<_> = table.primary_key.iter().map(|key| lower(&key.columns)).collect();
    found.extend(table.uniques.values().map(|unique| lower(&unique.columns)));
    for index in table.indexes.values().filter(|index| index.predicate.is_none()) {
        let columns = index.parts.iter().map_while(|part| match &part.key {
            IndexKey::Column(name) => Some(name.as_str().to_lowercase()),
            IndexKey::Expr(_) => None,
        });
        found.push(columns.collect());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            (
                "CREATE TABLE notes (id int PRIMARY KEY, task int REFERENCES tasks)",
                &["notes.task"],
            ),
            (
                "CREATE TABLE a (x int, y int, FOREIGN KEY (x, y) REFERENCES b (x, y)); CREATE INDEX i ON a (x)",
                &["a.x.y"],
            ),
            (
                "ALTER TABLE notes ADD CONSTRAINT f FOREIGN KEY (task) REFERENCES tasks (id)",
                &["notes.task"],
            ),
            (
                "ALTER TABLE notes ADD COLUMN task int REFERENCES tasks",
                &["notes.task"],
            ),
            (
                "CREATE TABLE new_a (x int REFERENCES b); ALTER TABLE new_a RENAME TO a",
                &["a.x"],
            ),
            (
                "CREATE TABLE a (x int REFERENCES b); CREATE INDEX i ON a (y, x); CREATE INDEX j ON c (x)",
                &["a.x"],
            ),
        ]);
        RULE.spares(&[
            "CREATE TABLE a (x int REFERENCES b); CREATE INDEX i ON a (x)",
            "CREATE TABLE a (x int, y int, PRIMARY KEY (x, y), FOREIGN KEY (x) REFERENCES b)",
            "CREATE TABLE a (x int, y int, FOREIGN KEY (x, y) REFERENCES b (x, y)); CREATE INDEX i ON a (y, x, z)",
            "CREATE TABLE a (x int UNIQUE REFERENCES b)",
            "CREATE TABLE new_a (x int REFERENCES b); ALTER TABLE new_a RENAME TO a; CREATE INDEX i ON a (x)",
            "ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b (x); CREATE INDEX CONCURRENTLY i ON a USING btree (x DESC)",
        ]);
    }
}
