use std::collections::BTreeMap;

use crate::lex::Kind;
use crate::lint::read::{Column, CreateTable, ObjectName, Statement};
use crate::lint::rules::prelude::*;
use crate::lint::script::Altered;

pub(super) static RULE: Rule = Rule {
    code: "key_to_new_table",
    level: Level::Warn,
    harm: Harm::Failure,
    engines: EVERY,
    title: "the table that the foreign key points at comes with the same script and holds no row, so the key fails where a row has a value",
    why: "The rows that are there are held against the foreign key. Where the table it points at was made just now, and nothing was put into it, \
          no value but NULL is found there. On PostgreSQL and SQLite kickdb's runner takes the whole migration back then; on MariaDB, where \
          each statement of DDL commits by itself, what `generate` writes looks for such values before anything is done.",
    instead: "put the rows into the new table first, between what makes it and the key",
    bad: "CREATE TABLE owners (id int PRIMARY KEY);\nALTER TABLE pets ADD CONSTRAINT pets_owner FOREIGN KEY (owner) REFERENCES owners (id);",
    good: "CREATE TABLE owners (id int PRIMARY KEY);\nINSERT INTO owners (id) SELECT DISTINCT owner FROM pets WHERE owner IS NOT NULL;\n\
           ALTER TABLE pets ADD CONSTRAINT pets_owner FOREIGN KEY (owner) REFERENCES owners (id);",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, ADD table_constraint",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
        },
        Source {
            chapter: "MariaDB, Foreign Keys, Constraints",
            url: "https://mariadb.com/kb/en/foreign-keys/",
        },
        Source {
            chapter: "SQLite, ALTER TABLE, 7. Making Other Kinds Of Table Schema Changes",
            url: "https://www.sqlite.org/lang_altertable.html#otheralter",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let (fed, created) = (Fed::of(script), created(script));
    for altered in script.old_alterations() {
        let Alter::AddConstraint(constraint) = altered.what() else {
            continue;
        };
        let ConstraintKind::ForeignKey(parent) = &constraint.kind else {
            continue;
        };
        let holds = |column: &String| holds_values(script, &altered, column);
        if is_made(script, parent, altered.index)
            && !fed.holds_rows(parent, altered.index)
            && constraint.columns.iter().all(holds)
        {
            let object = altered.column(&constraint.columns.join("."));
            says(found.add(altered.index, altered.span(), object), parent);
        }
    }
    // SQLite's way to another foreign key: the rows go into a new table, and nothing looks at them until the end.
    for (index, statement) in script.numbered() {
        let Action::Insert(insert) = &statement.action else {
            continue;
        };
        let create = created.get(&insert.table.key()).filter(|(at, _)| *at < index);
        let (true, Some((_, create))) = (takes_rows(script, index, &insert.from), create) else {
            continue;
        };
        let table = script.called_at_last(&insert.table, index);
        for (columns, parent) in keys(create) {
            let said = |name: &String| says_word(statement, name) || comes_with_value(create, name);
            if is_made(script, parent, usize::MAX) && !fed.holds_rows(parent, usize::MAX) && columns.iter().all(said) {
                let object = format!("{table}.{}", columns.join("."));
                says(found.add(index, &statement.span, object), parent);
            }
        }
    }
}

fn says(finding: &mut crate::lint::Finding, parent: &ObjectName) {
    finding.says(format!(
        "`{parent}` comes with the same script and holds no row, so the foreign key fails where a row has a value"
    ));
}

/// The statements that make tables, by the table.
fn created<'s>(script: &'s Script<'_>) -> BTreeMap<String, (usize, &'s CreateTable)> {
    let all = script
        .numbered()
        .filter_map(|(index, statement)| match &statement.action {
            Action::CreateTable(create) => Some((create.table.key(), (index, create))),
            _ => None,
        });
    all.collect()
}

/// Whether the script makes the table, and not under the name of one that was there.
fn is_made(script: &Script<'_>, table: &ObjectName, before: usize) -> bool {
    script.makes(table, before) && script.before(table).is_none()
}

fn takes_rows(script: &Script<'_>, statement: usize, from: &[ObjectName]) -> bool {
    from.iter().any(|table| !script.makes(table, statement))
}

/// The foreign keys of a table: their columns, and what they point at.
fn keys(create: &CreateTable) -> impl Iterator<Item = (Vec<String>, &ObjectName)> {
    let own = create.columns.iter().filter_map(|column| {
        let parent = column.references.as_ref()?;
        Some((vec![column.name.clone()], parent))
    });
    let constraints = create
        .constraints
        .iter()
        .filter_map(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(parent) => Some((constraint.columns.clone(), parent)),
            _ => None,
        });
    own.chain(constraints)
}

/// Whether rows can hold a value in the column: it was there before, or comes with one.
fn holds_values(script: &Script<'_>, altered: &Altered<'_, '_>, name: &str) -> bool {
    let near = script.alterations_near(altered.table, altered.index);
    let mut added = near.filter_map(|altered| match altered.what() {
        Alter::AddColumn { column, .. } if column.name.eq_ignore_ascii_case(name) => Some(column),
        _ => None,
    });
    added.next().is_none_or(has_value) || script.fills(&altered.column(name))
}

fn comes_with_value(create: &CreateTable, name: &str) -> bool {
    let column = create
        .columns
        .iter()
        .find(|column| column.name.eq_ignore_ascii_case(name));
    column.is_some_and(has_value)
}

fn has_value(column: &Column) -> bool {
    column.not_null || !column.has_no_default()
}

fn says_word(statement: &Statement<'_>, name: &str) -> bool {
    let mut words = statement.tokens.iter();
    words.any(|token| unquoted(token.text).eq_ignore_ascii_case(name))
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '`', '[', ']'])
}

/// From which statement on a table may hold rows, by its name.
struct Fed(BTreeMap<String, usize>);

impl Fed {
    fn of(script: &Script<'_>) -> Self {
        // What such statements do to which table is not read: they may fill each that they name.
        const ANYTHING: &[&str] = &["with", "copy", "do", "call", "select", "merge", "load", "execute"];
        let mut fed = Self(BTreeMap::new());
        for (index, statement) in script.numbered() {
            match &statement.action {
                Action::Insert(insert) => {
                    fed.note(&insert.table.name, index);
                    fed.note(&script.called_at_last(&insert.table, index).name, index);
                }
                // CREATE TABLE … AS SELECT …
                Action::CreateTable(create) if says_word(statement, "select") => fed.note(&create.table.name, index),
                Action::Other if ANYTHING.iter().any(|word| statement.begins(word)) => {
                    for token in statement.tokens.iter().filter(|token| token.kind != Kind::Sign) {
                        // The body of a block is a text.
                        let words = token.text.split(|c: char| !c.is_alphanumeric() && c != '_');
                        words.for_each(|word| fed.note(word, index));
                        fed.note(unquoted(token.text), index);
                    }
                }
                _ => {}
            }
        }
        fed
    }

    fn note(&mut self, table: &str, statement: usize) {
        self.0.entry(table.to_lowercase()).or_insert(statement);
    }

    fn holds_rows(&self, table: &ObjectName, statement: usize) -> bool {
        let first = self.0.get(&table.name.to_lowercase());
        first.is_some_and(|first| *first < statement)
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::dialect::by_name;
    use crate::lint::Input;

    const OWNERS: &str = "CREATE TABLE owners (id int PRIMARY KEY)";

    #[test]
    fn values_find_nothing_in_a_table_that_was_made_just_now() {
        let made = |rest: &str| format!("{OWNERS}; {rest}");
        for (sql, object) in [
            (
                made("ALTER TABLE app.pets ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES owners (a, b)"),
                "app.pets.a.b",
            ),
            (
                made(
                    "ALTER TABLE pets ADD COLUMN o int NOT NULL DEFAULT 1; ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES \"owners\"",
                ),
                "pets.o",
            ),
            (
                made(
                    "ALTER TABLE pets ADD o int; UPDATE pets SET o = 1; ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES owners (id)",
                ),
                "pets.o",
            ),
            // Too late.
            (
                made("ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES owners (id); INSERT INTO owners VALUES (1)"),
                "pets.o",
            ),
            // As `generate` writes it for SQLite, where the new table comes last.
            (
                format!(
                    "CREATE TABLE n (id int, o int, FOREIGN KEY (o) REFERENCES owners (id)); INSERT INTO n (id, o) SELECT id, o FROM pets; \
                     DROP TABLE pets; ALTER TABLE n RENAME TO pets; {OWNERS}"
                ),
                "pets.o",
            ),
        ] {
            RULE.finds(&[(&sql, &[object])]);
        }
    }

    #[test]
    fn what_cannot_fail_is_spared() {
        let made = |rest: &str| format!("{OWNERS}; {rest}");
        for sql in [
            "ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES owners (id)".to_owned(),
            made("CREATE TABLE pets (o int); ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES owners (id)"),
            made("CREATE TABLE pets (o int REFERENCES owners)"),
            made("ALTER TABLE pets ADD o int; ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES owners (id)"),
            made("INSERT INTO owners SELECT o FROM pets; ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES owners (id)"),
            made("WITH n AS (SELECT 1) INSERT INTO owners SELECT * FROM n; ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES owners"),
            made("DO 'BEGIN INSERT INTO owners SELECT 1; END'; ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES owners"),
            "CREATE TABLE owners AS SELECT o AS id FROM pets; ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES owners (id)".to_owned(),
            // The table it points at is one that is made anew with its rows.
            "CREATE TABLE n (id int); INSERT INTO n SELECT id FROM owners; DROP TABLE owners; ALTER TABLE n RENAME TO owners; \
             CREATE TABLE m (o int REFERENCES owners); INSERT INTO m (o) SELECT o FROM pets; DROP TABLE pets; ALTER TABLE m RENAME TO pets"
                .to_owned(),
            // The rows have no value for the new column.
            format!(
                "CREATE TABLE n (id int, o int REFERENCES owners); INSERT INTO n (id) SELECT id FROM pets; DROP TABLE pets; \
                 ALTER TABLE n RENAME TO pets; {OWNERS}"
            ),
        ] {
            RULE.spares(&[&sql]);
        }
    }

    #[test]
    fn the_message_names_the_new_table() {
        let sql = format!("{OWNERS}; ALTER TABLE pets ADD FOREIGN KEY (o) REFERENCES owners (id)");
        let found = RULE.look(&sql, &Input::new(by_name("mysql").unwrap()));
        assert!(found[0].message.starts_with("`owners` comes with"), "{found:?}");
    }
}
