use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "dropped_column_rewrite",
    level: Level::Note,
    harm: Harm::Rewrite,
    engines: SQLITE,
    title: "every row is written anew, and the whole database is locked against writes meanwhile",
    why: "DROP COLUMN takes the values out of each row. SQLite has one lock for writing for the whole database.",
    instead: "where the table is big, leave the column where it is, or do it when nothing writes",
    bad: "ALTER TABLE events DROP COLUMN note;",
    good: "ALTER TABLE events RENAME COLUMN note TO unused_note;",
    sources: &[Source {
        chapter: "SQLite, ALTER TABLE DROP COLUMN, 5.1 How It Works",
        url: "https://www.sqlite.org/lang_altertable.html#altertabdropcol",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        if let Alter::DropColumn { name, .. } = altered.what() {
            found
                .add(altered.index, altered.span(), altered.column(name))
                .on(altered.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("ALTER TABLE a DROP COLUMN b", &["a.b"])]);
        RULE.spares(&[
            "CREATE TABLE a (b int, c int); ALTER TABLE a DROP COLUMN b",
            "ALTER TABLE a RENAME COLUMN b TO c",
        ]);
    }
}
