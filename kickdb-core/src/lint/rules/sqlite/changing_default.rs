use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "changing_default",
    level: Level::Warn,
    harm: Harm::Failure,
    engines: SQLITE,
    title: "a column whose default is not a constant cannot be added where the table has rows",
    why: "ADD COLUMN with CURRENT_TIME, CURRENT_DATE, CURRENT_TIMESTAMP or an expression in parentheses as its default fails with `Cannot add a column with non-constant default` unless the table is empty: the rows that are there keep no value of their own.",
    instead: "add the column without that default and fill it, or make the table anew",
    bad: "ALTER TABLE tasks ADD COLUMN made_at text DEFAULT CURRENT_TIMESTAMP;",
    good: "ALTER TABLE tasks ADD COLUMN made_at text DEFAULT '';",
    sources: &[Source {
        chapter: "SQLite, ALTER TABLE ADD COLUMN",
        url: "https://www.sqlite.org/lang_altertable.html#alter_table_add_column",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let Alter::AddColumn { column, .. } = altered.what() else {
            continue;
        };
        let default = column.default.as_deref().unwrap_or_default();
        if default.starts_with("current_") || default.starts_with('(') && !is_constant(default) {
            found.add(altered.index, altered.span(), altered.column(&column.name));
        }
    }
}

/// Whether an expression in parentheses is a number or a text after all.
fn is_constant(default: &str) -> bool {
    let inner = default.trim_matches(['(', ')']).trim_start_matches(['-', '+']);
    inner.starts_with('\'') && inner[1..].trim_end_matches('\'').find('\'').is_none() || inner.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ADD COLUMN b text DEFAULT CURRENT_TIMESTAMP", &["a.b"]),
            ("ALTER TABLE a ADD b int NOT NULL DEFAULT (random())", &["a.b"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD COLUMN b int DEFAULT (-1)",
            "ALTER TABLE a ADD COLUMN b text DEFAULT 'current_time'",
            "ALTER TABLE a ADD b text DEFAULT ('x')",
            "CREATE TABLE a (x int); ALTER TABLE a ADD COLUMN b text DEFAULT CURRENT_TIMESTAMP",
        ]);
    }
}
