use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "rename_enum_value",
    level: Level::Warn,
    harm: Harm::Compatibility,
    engines: POSTGRES,
    title: "programs that run while it happens still write and expect the old value",
    why: "From the moment of the rename, every statement of the version before that names the value fails, and what it reads it does not know.",
    instead: "add the new value, release a version that knows both, change the rows, and take the old one out later",
    bad: "ALTER TYPE state RENAME VALUE 'open' TO 'todo';",
    good: "ALTER TYPE state ADD VALUE 'todo';",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, ALTER TYPE, RENAME VALUE",
        url: "https://www.postgresql.org/docs/15/sql-altertype.html",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        let mut cursor = statement.cursor();
        if cursor.eat("alter type")
            && let Some(name) = cursor.name()
            && cursor.eat("rename value")
        {
            let value = cursor.next().map_or("", |token| token.text.trim_matches('\''));
            found.add(index, &statement.span, format!("{name}.{value}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("ALTER TYPE app.state RENAME VALUE 'a' TO 'b'", &["app.state.a"])]);
        RULE.spares(&[
            "ALTER TYPE state ADD VALUE 'a'",
            "ALTER TYPE state RENAME TO other",
            "ALTER TYPE pair RENAME ATTRIBUTE a TO b",
        ]);
    }
}
