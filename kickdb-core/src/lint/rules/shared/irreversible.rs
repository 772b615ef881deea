use crate::lint::rules::prelude::*;
use crate::plan::statements;

pub(super) static RULE: Rule = Rule {
    code: "irreversible",
    level: Level::Note,
    harm: Harm::OneWay,
    engines: EVERY,
    title: "there is nothing that reverses it",
    why: "A migration whose down.sql has no statements, or says in its second line that it cannot restore everything, does not lead back. If the release has to be taken back, the schema stays ahead of the program.",
    instead: "write the reverse into down.sql, or keep the program of the version before running with the new schema",
    bad: "",
    good: "",
    sources: &[Source {
        chapter: "kickdb, Files, tables and errors, The migrations folder",
        url: "https://github.com/kickdb/kickdb/blob/main/docs/formats.md",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let (Some(down), Some(first)) = (script.input.down, script.statements.first()) else {
        return;
    };
    let draft = down.lines().nth(1).is_some_and(|line| line.starts_with("-- DRAFT"));
    if statements(down, script.input.dialect.lexis()).is_empty() {
        found.add(0, &first.span, "down.sql");
    } else if draft {
        found
            .add(0, &first.span, "down.sql")
            .says("what reverses it cannot bring back everything; the second line of down.sql says what");
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::Input;

    #[test]
    fn a_reverse_without_statements_is_none() {
        for dialect in RULE.dialects() {
            let input = |down| Input {
                down: Some(down),
                ..Input::new(dialect)
            };
            let up: &[(&str, &[&str])] = &[("CREATE INDEX i ON tasks (state)", &["down.sql"])];
            RULE.finds_in(&input("-- nothing\n"), up);
            RULE.finds_in(&input("-- by kickdb\n-- DRAFT: ambiguous (x).\nDROP INDEX i;\n"), up);
            RULE.spares_in(&input("DROP INDEX i;"), &["CREATE INDEX i ON tasks (state)"]);
            RULE.spares_in(&input(""), &["-- nothing to do"]);
            RULE.spares_in(&Input::new(dialect), &["CREATE INDEX i ON tasks (state)"]);
        }
    }
}
