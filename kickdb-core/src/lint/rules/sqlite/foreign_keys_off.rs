use super::is_off;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "foreign_keys_off",
    level: Level::Warn,
    harm: Harm::Integrity,
    engines: SQLITE,
    title: "rows that point at nothing can come in, and nothing looks for them afterwards",
    why: "Foreign keys have to be off while a table is made anew, or dropping the old one deletes the rows that point at it. Switched on again, they check nothing that is there: only PRAGMA foreign_key_check does. The files that kickdb writes leave that to its runner.",
    instead: "run PRAGMA foreign_key_check before the COMMIT and look at what it gives, then switch foreign keys on again",
    bad: "PRAGMA foreign_keys = OFF;\nBEGIN;\nDELETE FROM people WHERE id = 1;\nCOMMIT;",
    good: "PRAGMA foreign_keys = OFF;\nBEGIN;\nDELETE FROM people WHERE id = 1;\nPRAGMA foreign_key_check;\nCOMMIT;\nPRAGMA foreign_keys = ON;",
    sources: &[
        Source {
            chapter: "SQLite, ALTER TABLE, 7. Making Other Kinds Of Table Schema Changes",
            url: "https://www.sqlite.org/lang_altertable.html#otheralter",
        },
        Source {
            chapter: "SQLite, PRAGMA foreign_key_check",
            url: "https://www.sqlite.org/pragma.html#pragma_foreign_key_check",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let checked = script
        .statements
        .iter()
        .any(|statement| statement.begins("pragma foreign_key_check"));
    for (index, statement) in script.numbered().filter(|_| !checked) {
        if let Action::Set { name, value } = &statement.action
            && name == "foreign_keys"
            && is_off(value)
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
        RULE.finds(&[
            ("PRAGMA foreign_keys = OFF; DROP TABLE a", &["foreign_keys"]),
            ("pragma foreign_keys(0)", &["foreign_keys"]),
        ]);
        RULE.spares(&[
            "PRAGMA foreign_keys = ON",
            "PRAGMA foreign_keys",
            "PRAGMA foreign_keys=off; PRAGMA foreign_key_check;",
            "PRAGMA foreign_keys = OFF; BEGIN; DROP TABLE a; COMMIT; PRAGMA foreign_keys = ON",
        ]);
    }
}
