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
        {
            found.add(index, &statement.span, name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("PRAGMA legacy_alter_table = ON", &["legacy_alter_table"])]);
        RULE.spares(&["PRAGMA legacy_alter_table = OFF", "PRAGMA legacy_alter_table"]);
    }
}
