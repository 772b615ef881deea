use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "unknown_alter",
    level: Level::Deny,
    harm: Harm::Failure,
    engines: SQLITE,
    title: "SQLite has no such statement, and fails",
    why: "SQLite's ALTER TABLE renames tables and columns, adds and drops columns, and nothing else: no ADD CONSTRAINT, no ALTER COLUMN, no list of several changes.",
    instead: "make the table anew: under another name, copy the rows, drop the old one, rename",
    bad: "ALTER TABLE tasks ADD CONSTRAINT size_is_known CHECK (size >= 0);",
    good: "ALTER TABLE tasks ADD COLUMN size int CHECK (size >= 0);",
    sources: &[Source {
        chapter: "SQLite, ALTER TABLE, 1. Overview",
        url: "https://www.sqlite.org/lang_altertable.html",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.alterations() {
        let known = matches!(
            altered.what(),
            Alter::AddColumn {
                if_not_exists: false,
                ..
            } | Alter::DropColumn { if_exists: false, .. }
                | Alter::RenameColumn { .. }
                | Alter::RenameTable(_)
        );
        if !known {
            found.add(altered.index, altered.span(), altered.table);
        }
    }
    for (index, statement) in script.numbered() {
        if let Action::AlterTable(alter) = &statement.action
            && alter.parts.len() > 1
            && let Some(second) = alter.parts.get(1)
        {
            found
                .add(index, &second.span, &alter.table)
                .says("SQLite takes one change in a statement, and fails");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0)", &["a"]),
            ("ALTER TABLE a ALTER COLUMN b SET NOT NULL", &["a"]),
            ("ALTER TABLE a ADD COLUMN b int, DROP COLUMN c", &["a"]),
            ("ALTER TABLE a ADD COLUMN IF NOT EXISTS b int", &["a"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ADD COLUMN b int",
            "ALTER TABLE a DROP b",
            "ALTER TABLE a RENAME b TO c",
            "ALTER TABLE a RENAME TO b",
        ]);
    }
}
