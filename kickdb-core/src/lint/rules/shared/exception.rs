use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "exception",
    level: Level::Warn,
    harm: Harm::Failure,
    engines: EVERY,
    title: "the comment allows nothing",
    why: "A comment that begins with `kickdb:` and is not understood allows nothing, and somebody believes that it does.",
    instead: "write `-- kickdb: allow <code> because <reason>`, on the line before the statement or behind it",
    bad: "-- kickdb: allow drop_table\nDROP TABLE tasks;",
    good: "-- kickdb: allow drop_table because its rows were moved to cards in March\nDROP TABLE tasks;",
    sources: &[Source {
        chapter: "kickdb, Hazards",
        url: "https://github.com/kickdb/kickdb/blob/main/docs/hazards.md",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for unclear in &script.unclear {
        let message = format!("{}; {}", unclear.message, RULE.title);
        found.add(usize::MAX, &unclear.span, "kickdb:").says(message);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("-- kickdb: allow drop_table\nDROP TABLE a", &["kickdb:"]),
            ("DROP TABLE a; -- kickdb: allow dropping because I can", &["kickdb:"]),
            ("DROP /* kickdb: whatever */ TABLE a", &["kickdb:"]),
        ]);
        RULE.spares(&[
            "-- kickdb: allow drop_table because it is empty\nDROP TABLE a",
            "-- kickdb makes this\nSELECT 1",
            "SELECT '-- kickdb: allow x'",
        ]);
    }
}
