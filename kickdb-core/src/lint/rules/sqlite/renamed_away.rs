use std::collections::BTreeMap;

use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "renamed_away",
    level: Level::Warn,
    harm: Harm::Integrity,
    engines: SQLITE,
    title: "views, triggers and foreign keys that name the table follow it to its new name, and then point at what is dropped",
    why: "To alter a table by renaming it away, making a new one and copying back is the wrong order: since version 3.26 a rename changes every reference to the table, also in the foreign keys of other tables. They end up at the old copy.",
    instead: "make the new table under another name, copy the rows, drop the old one, then rename the new one",
    bad: "ALTER TABLE tasks RENAME TO old_tasks;\nCREATE TABLE tasks (id int);\nINSERT INTO tasks SELECT id FROM old_tasks;",
    good: "CREATE TABLE new_tasks (id int);\nINSERT INTO new_tasks SELECT id FROM tasks;\nDROP TABLE tasks;\nALTER TABLE new_tasks RENAME TO tasks;",
    sources: &[Source {
        chapter: "SQLite, ALTER TABLE, 7. Making Other Kinds Of Table Schema Changes, Caution",
        url: "https://www.sqlite.org/lang_altertable.html#caution",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    // By table: the last statement that makes one of its name.
    let mut made = BTreeMap::new();
    for (index, statement) in script.numbered() {
        if let Action::CreateTable(create) = &statement.action {
            made.insert(create.table.key(), index);
        }
    }
    for altered in script.old_alterations() {
        let again = made.get(&altered.table.key()).is_some_and(|last| *last > altered.index);
        if again && matches!(altered.what(), Alter::RenameTable(_)) {
            found.add(altered.index, altered.span(), altered.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("ALTER TABLE a RENAME TO b; CREATE TABLE a (x int)", &["a"])]);
        RULE.spares(&[
            "ALTER TABLE a RENAME TO b",
            "CREATE TABLE n (x int); DROP TABLE a; ALTER TABLE n RENAME TO a",
        ]);
    }
}
