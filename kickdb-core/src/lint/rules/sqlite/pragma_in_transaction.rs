use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "pragma_in_transaction",
    level: Level::Deny,
    harm: Harm::Failure,
    engines: SQLITE,
    title: "inside a transaction it does nothing, without an error",
    why: "PRAGMA foreign_keys has no effect while a transaction is open. A table that is made anew with foreign keys still on takes the rows with it that point at it by ON DELETE CASCADE. journal_mode and synchronous do not change there either.",
    instead: "put it before BEGIN; the files that kickdb writes do so, with `\"transaction\": false` in meta.json",
    bad: "BEGIN;\nPRAGMA foreign_keys = OFF;\nCOMMIT;",
    good: "PRAGMA foreign_keys = OFF;\nBEGIN;\nCOMMIT;",
    sources: &[
        Source {
            chapter: "SQLite, PRAGMA foreign_keys",
            url: "https://www.sqlite.org/pragma.html#pragma_foreign_keys",
        },
        Source {
            chapter: "SQLite, PRAGMA journal_mode",
            url: "https://www.sqlite.org/pragma.html#pragma_journal_mode",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        if let Action::Set { name, value } = &statement.action
            && statement.transaction.is_some()
            && !value.is_empty()
            && ["foreign_keys", "journal_mode", "synchronous"].contains(&name.as_str())
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
        RULE.finds(&[("BEGIN; PRAGMA foreign_keys = OFF; COMMIT", &["foreign_keys"])]);
        RULE.spares(&[
            "PRAGMA foreign_keys = OFF; BEGIN; SELECT 1; COMMIT",
            "BEGIN; PRAGMA defer_foreign_keys = ON; COMMIT",
            "BEGIN; PRAGMA foreign_keys; COMMIT",
        ]);
    }
}
