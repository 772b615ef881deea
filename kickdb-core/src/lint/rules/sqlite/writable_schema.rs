use super::is_off;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "writable_schema",
    level: Level::Deny,
    harm: Harm::Integrity,
    engines: SQLITE,
    title: "a mistake in sqlite_schema makes the database unreadable",
    why: "With writable_schema on, the text of the schema can be changed like any row. Nothing looks whether it fits the tables as they are stored.",
    instead: "make the table anew: under another name, copy the rows, drop the old one, rename",
    bad: "PRAGMA writable_schema = ON;",
    good: "PRAGMA writable_schema = OFF;",
    sources: &[
        Source {
            chapter: "SQLite, PRAGMA writable_schema",
            url: "https://www.sqlite.org/pragma.html#pragma_writable_schema",
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
    for (index, statement) in script.numbered() {
        if let Action::Set { name, value } = &statement.action
            && name == "writable_schema"
            && !value.is_empty()
            && !is_off(value)
            && !only_renames_until_off(script, index)
        {
            found.add(index, &statement.span, name);
        }
    }
}

/// What only lets `ALTER TABLE … RENAME` pass over broken views writes nothing by hand.
fn only_renames_until_off(script: &Script<'_>, on: usize) -> bool {
    let mut after = script.numbered().filter(|(index, _)| *index > on);
    let end = after.find(|(_, statement)| match &statement.action {
        Action::AlterTable(alter) => !alter
            .parts
            .iter()
            .all(|part| matches!(part.what, Alter::RenameTable(_))),
        _ => true,
    });
    end.is_some_and(|(_, statement)| {
        matches!(&statement.action, Action::Set { name, value } if name == "writable_schema" && is_off(value))
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("PRAGMA writable_schema = 1", &["writable_schema"]),
            ("PRAGMA main.writable_schema = ON", &["writable_schema"]),
        ]);
        RULE.finds(&[(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = ''; PRAGMA writable_schema = OFF",
            &["writable_schema"],
        )]);
        RULE.spares(&["PRAGMA writable_schema = ON; ALTER TABLE a RENAME TO b; PRAGMA writable_schema = OFF"]);
        RULE.spares(&["PRAGMA writable_schema = 0", "PRAGMA writable_schema"]);
    }
}
