use crate::lint::read::Generated;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "impossible_column",
    level: Level::Deny,
    harm: Harm::Failure,
    engines: SQLITE,
    title: "SQLite cannot add such a column, and fails",
    why: "ADD COLUMN takes no PRIMARY KEY, no UNIQUE and no stored generated column, on an empty table neither.",
    instead: "add the column plain and make a unique index on it, or make the table anew",
    bad: "ALTER TABLE people ADD COLUMN mail text UNIQUE;",
    good: "ALTER TABLE people ADD COLUMN mail text;\nCREATE UNIQUE INDEX people_mail ON people (mail);",
    sources: &[Source {
        chapter: "SQLite, ALTER TABLE ADD COLUMN",
        url: "https://www.sqlite.org/lang_altertable.html#alter_table_add_column",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    // It fails on a new table as well.
    for altered in script.alterations() {
        if let Alter::AddColumn { column, .. } = altered.what()
            && (column.unique || column.primary_key || column.generated == Some(Generated::Stored))
        {
            found.add(altered.index, altered.span(), altered.column(&column.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ADD COLUMN b int UNIQUE", &["a.b"]),
            ("ALTER TABLE a ADD b INTEGER PRIMARY KEY", &["a.b"]),
            ("ALTER TABLE a ADD b int GENERATED ALWAYS AS (c) STORED", &["a.b"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD COLUMN b int",
            "ALTER TABLE a ADD b int GENERATED ALWAYS AS (c) VIRTUAL",
        ]);
    }
}
