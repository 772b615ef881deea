use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "cascade",
    level: Level::Warn,
    harm: Harm::DataLoss,
    engines: POSTGRES,
    title: "what depends on it goes as well, whatever that is in the database at hand",
    why: "CASCADE drops views, foreign keys, defaults and functions that depend on the thing, also those that this migration does not know of; TRUNCATE … CASCADE empties every table that refers to this one.",
    instead: "drop what depends on it by name first, so that anything that is not expected makes it fail",
    bad: "DROP VIEW totals CASCADE;",
    good: "DROP VIEW totals_by_day;\nDROP VIEW totals;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, 5.14 Dependency Tracking",
            url: "https://www.postgresql.org/docs/15/ddl-depend.html",
        },
        Source {
            chapter: "PostgreSQL 15, SQL Commands, TRUNCATE, CASCADE",
            url: "https://www.postgresql.org/docs/15/sql-truncate.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        match &statement.action {
            Action::Drop(drop) if drop.cascade => {
                for name in drop
                    .names
                    .iter()
                    .filter(|name| drop.kind != "table" || !script.makes(name, index))
                {
                    found.add(index, &statement.span, name);
                }
            }
            Action::Truncate(tables) if statement.cursor().has("cascade") => {
                for table in tables {
                    found.add(index, &statement.span, table);
                }
            }
            _ => {}
        }
    }
    for altered in script.old_alterations() {
        let name = match altered.what() {
            Alter::DropColumn { name, .. } | Alter::DropConstraint { name } => name,
            _ => continue,
        };
        if altered.cursor().has("cascade") {
            found.add(altered.index, altered.span(), altered.column(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("DROP TABLE a, b CASCADE", &["a", "b"]),
            ("DROP TYPE t CASCADE; DROP FUNCTION f(int) CASCADE", &["t", "f"]),
            ("ALTER TABLE a DROP COLUMN b CASCADE, DROP c", &["a.b"]),
            ("TRUNCATE a CASCADE", &["a"]),
        ]);
        RULE.spares(&[
            "DROP TABLE a",
            "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c ON DELETE CASCADE",
            "CREATE TABLE a (x int); DROP TABLE a CASCADE",
            "DROP VIEW a RESTRICT",
        ]);
    }
}
