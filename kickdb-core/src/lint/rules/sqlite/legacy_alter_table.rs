use super::is_off;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "legacy_alter_table",
    level: Level::Warn,
    harm: Harm::Integrity,
    engines: SQLITE,
    title: "a rename no longer changes the triggers and views that name the table, nor the foreign keys that point to it",
    why: "legacy_alter_table brings back the way of versions before 3.26. It stays on for the connection.",
    instead: "leave it off, and make tables anew in the order that SQLite's documentation gives",
    bad: "PRAGMA legacy_alter_table = ON;",
    good: "PRAGMA legacy_alter_table = OFF;",
    sources: &[Source {
        chapter: "SQLite, PRAGMA legacy_alter_table",
        url: "https://www.sqlite.org/pragma.html#pragma_legacy_alter_table",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        if let Action::Set { name, value } = &statement.action
            && name == "legacy_alter_table"
            && !value.is_empty()
            && !is_off(value)
            && !swaps_tables(script, index)
        {
            found.add(index, &statement.span, name);
        }
    }
}

/// Whether it is on for nothing but this: tables that the script has made take the names of others, and then it is off again.
fn swaps_tables(script: &Script<'_>, on: usize) -> bool {
    for (index, statement) in script.numbered().skip(on + 1) {
        match &statement.action {
            Action::Set { name, value } if name == "legacy_alter_table" => return is_off(value),
            Action::AlterTable(alter) => {
                let renames = alter
                    .parts
                    .iter()
                    .all(|part| matches!(part.what, Alter::RenameTable(_)));
                if !renames || !script.makes(&alter.table, index) {
                    return false;
                }
            }
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("PRAGMA legacy_alter_table = ON", &["legacy_alter_table"]),
            (
                "PRAGMA legacy_alter_table = ON; ALTER TABLE a RENAME TO b; PRAGMA legacy_alter_table = OFF",
                &["legacy_alter_table"],
            ),
            (
                "CREATE TABLE n (x); PRAGMA legacy_alter_table = ON; ALTER TABLE n RENAME TO a",
                &["legacy_alter_table"],
            ),
        ]);
        RULE.spares(&[
            "PRAGMA legacy_alter_table = OFF",
            "PRAGMA legacy_alter_table",
            "CREATE TABLE n (x); DROP TABLE a; PRAGMA legacy_alter_table = ON; ALTER TABLE n RENAME TO a; PRAGMA legacy_alter_table = OFF",
        ]);
    }
}
