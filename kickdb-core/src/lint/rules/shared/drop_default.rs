use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_default",
    level: Level::Note,
    harm: Harm::Compatibility,
    engines: &["postgres", "mysql"],
    title: "an INSERT of a running program that leaves the column out now gives NULL, or fails",
    why: "Where the column is NOT NULL, every INSERT that relies on the default fails from then on; elsewhere it stores NULL.",
    instead: "release a version that says the value itself first",
    bad: "ALTER TABLE tasks ALTER COLUMN state DROP DEFAULT;",
    good: "ALTER TABLE tasks ALTER COLUMN state SET DEFAULT 'new';",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, 5.2 Default Values",
            url: "https://www.postgresql.org/docs/15/ddl-default.html",
        },
        Source {
            chapter: "MySQL 8.4, 13.6 Data Type Default Values",
            url: "https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        let Alter::DropDefault(column) = altered.what() else {
            continue;
        };
        let same = |name: &str| name.eq_ignore_ascii_case(column);
        let mut near = script.alterations_near(altered.table, altered.index);
        let stands = near.any(|other| match other.what() {
            // It was only there to fill the rows when the column came.
            Alter::AddColumn { column: new, .. } => other.index <= altered.index && same(&new.name),
            // Another one takes its place, as around a change of type.
            Alter::SetDefault(name) => other.index >= altered.index && same(name),
            _ => false,
        });
        if !stands {
            found.add(altered.index, altered.span(), altered.column(column));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE tasks ALTER COLUMN state DROP DEFAULT", &["tasks.state"]),
            ("ALTER TABLE tasks ALTER state DROP DEFAULT", &["tasks.state"]),
        ]);
        RULE.spares(&[
            "ALTER TABLE tasks ADD COLUMN n int NOT NULL DEFAULT 0; ALTER TABLE tasks ALTER n DROP DEFAULT",
            "ALTER TABLE tasks ALTER n DROP DEFAULT; ALTER TABLE tasks ALTER n SET DEFAULT 2",
            "CREATE TABLE tasks (n int DEFAULT 1); ALTER TABLE tasks ALTER n DROP DEFAULT",
        ]);
    }
}
