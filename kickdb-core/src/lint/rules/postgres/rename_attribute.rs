use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "rename_attribute",
    level: Level::Warn,
    harm: Harm::Compatibility,
    engines: POSTGRES,
    title: "programs that run while it happens still use the old name",
    why: "From the moment of the rename, every statement of the version before that names the attribute fails, and so does every \
          function whose body still says it.",
    instead: "rename while nothing runs, with the functions that say it in the same migration",
    bad: "ALTER TYPE address RENAME ATTRIBUTE street TO road;",
    good: "ALTER TYPE address ADD ATTRIBUTE road text;",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, ALTER TYPE, RENAME ATTRIBUTE",
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
            && cursor.eat("rename attribute")
            && let Some(attribute) = cursor.name()
        {
            found.add(index, &statement.span, format!("{name}.{attribute}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("ALTER TYPE app.pair RENAME ATTRIBUTE a TO b CASCADE", &["app.pair.a"])]);
        RULE.spares(&["ALTER TYPE pair RENAME TO other", "ALTER TYPE pair DROP ATTRIBUTE a"]);
    }
}
