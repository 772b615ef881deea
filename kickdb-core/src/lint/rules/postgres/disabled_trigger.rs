use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "disabled_trigger",
    level: Level::Warn,
    harm: Harm::Integrity,
    engines: POSTGRES,
    title: "what the triggers keep, foreign keys among it, is not kept for these rows, and nothing checks it later",
    why: "DISABLE TRIGGER ALL and session_replication_role = replica switch off the triggers that keep foreign keys as well. Rows that point at nothing stay when the triggers are on again.",
    instead: "leave the triggers on, or name the one that is in the way (DISABLE TRIGGER name), and look for broken rows afterwards",
    bad: "ALTER TABLE notes DISABLE TRIGGER ALL;",
    good: "ALTER TABLE notes DISABLE TRIGGER notes_changed;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, DISABLE TRIGGER",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
        },
        Source {
            chapter: "PostgreSQL 15, 20.11.1 Statement Behavior, session_replication_role",
            url: "https://www.postgresql.org/docs/15/runtime-config-client.html#GUC-SESSION-REPLICATION-ROLE",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations() {
        if altered.cursor().is("disable trigger all") {
            found.add(altered.index, altered.span(), altered.table);
        }
    }
    for (index, statement) in script.numbered() {
        if let Action::Set { name, value } = &statement.action
            && name == "session_replication_role"
            && value.contains("replica")
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
            ("ALTER TABLE a DISABLE TRIGGER ALL", &["a"]),
            (
                "SET session_replication_role = 'replica'",
                &["session_replication_role"],
            ),
            (
                "SET LOCAL session_replication_role TO replica",
                &["session_replication_role"],
            ),
        ]);
        RULE.spares(&[
            "ALTER TABLE a DISABLE TRIGGER t",
            "ALTER TABLE a ENABLE TRIGGER ALL",
            "SET session_replication_role = origin",
            "CREATE TABLE a (b int); ALTER TABLE a DISABLE TRIGGER ALL",
        ]);
    }
}
