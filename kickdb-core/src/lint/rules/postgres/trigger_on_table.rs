use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "trigger_on_table",
    level: Level::Note,
    harm: Harm::Lock,
    engines: POSTGRES,
    title: "it waits for everything that writes to the table, and everything that writes after it waits behind it",
    why: "CREATE TRIGGER takes a SHARE ROW EXCLUSIVE lock. It is short, but it stands in the queue behind long transactions. From then on each statement that fires it takes longer.",
    instead: "do it while no long transaction runs; kickdb's runner gives up and tries again when the lock does not come (`lock_timeout`)",
    bad: "CREATE TRIGGER stamp BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION stamp();",
    good: "CREATE TABLE notes (id int);\nCREATE TRIGGER stamp BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION stamp();",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, 13.3.1 Table-Level Locks, SHARE ROW EXCLUSIVE",
            url: "https://www.postgresql.org/docs/15/explicit-locking.html#LOCKING-TABLES",
        },
        Source {
            chapter: "PostgreSQL 15, SQL Commands, CREATE TRIGGER",
            url: "https://www.postgresql.org/docs/15/sql-createtrigger.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    // The runner waits for locks with a limit.
    if script.input.runner {
        return;
    }
    for (index, statement) in script.numbered() {
        let mut cursor = statement.cursor();
        if !cursor.eat("create") {
            continue;
        }
        cursor.eat("or replace");
        cursor.eat("constraint");
        if !cursor.eat("trigger") {
            continue;
        }
        let name = cursor.word().unwrap_or_default();
        cursor.until(&["on"]);
        while cursor.eat(",") {
            cursor.until(&["on"]);
        }
        cursor.eat("on");
        if let Some(table) = cursor.name().filter(|table| !script.makes(table, index)) {
            found.add(index, &statement.span, format!("{table}.{name}")).on(&table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[(
            "CREATE TRIGGER t AFTER INSERT OR UPDATE OF x, y ON a EXECUTE FUNCTION f()",
            &["a.t"],
        )]);
        RULE.spares(&[
            "CREATE TABLE a (x int); CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f()",
            "CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION f()",
        ]);
    }
}
