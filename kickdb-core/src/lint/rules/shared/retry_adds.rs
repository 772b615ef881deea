use crate::lint::read::Cursor;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "retry_adds",
    level: Level::Warn,
    harm: Harm::Retry,
    engines: EVERY,
    title: "run again after it broke off, it changes the values a second time",
    why: "The new value is calculated from the old one. A script whose statements commit one by one and that broke off further down is run again from its beginning by most tools, and prices are raised twice. kickdb's own runner keeps each statement and its record together, so its migrations are not concerned.",
    instead: "write the new value into a new column, or mark in the same statement which rows are done and leave those out by the WHERE",
    bad: "UPDATE items SET price = price * 2;
ALTER TABLE items DROP COLUMN factor;",
    good: "BEGIN;
UPDATE items SET price = price * 2;
COMMIT;",
    sources: &[Source {
        chapter: "MySQL 8.4, 15.3.3 Statements That Cause an Implicit Commit",
        url: "https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    if script.input.runner || script.statements.len() < 2 {
        return;
    }
    for (index, statement) in script.numbered() {
        let Action::Update(update) = &statement.action else {
            continue;
        };
        if statement.transaction.is_some() {
            continue;
        }
        if let Some(column) = relative(statement.cursor()) {
            found.add(index, &statement.span, format!("{}.{column}", update.table));
        }
    }
}

/// The first column whose new value is calculated from its old one: `SET a = a + 1`.
fn relative(mut cursor: Cursor<'_>) -> Option<String> {
    cursor.until(&["set"]);
    cursor.eat("set");
    loop {
        let column = cursor.name()?.name;
        if !cursor.eat("=") {
            return None;
        }
        let value = cursor.until(&["where", "from", "order", "limit", "returning"]);
        let calculates = value
            .iter()
            .any(|token| ["+", "-", "*", "/", "|"].contains(&token.text));
        let own = value.iter().any(|token| token.text.eq_ignore_ascii_case(&column));
        let concat = value
            .first()
            .is_some_and(|token| token.text.eq_ignore_ascii_case("concat"));
        if own && (calculates || concat) {
            return Some(column);
        }
        if !cursor.eat(",") {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::Input;

    #[test]
    fn a_value_from_the_old_value_is_found() {
        RULE.finds(&[
            (
                "UPDATE items SET price = price * 2 WHERE kind = 1; SELECT 1",
                &["items.price"],
            ),
            ("SELECT 1; UPDATE items SET a = 1, b = concat(b, 'x')", &["items.b"]),
        ]);
        RULE.spares(&[
            "UPDATE items SET price = price * 2",
            "UPDATE items SET price = cost * 2; SELECT 1",
            "UPDATE items SET name = trim(name); SELECT 1",
            "BEGIN; UPDATE items SET price = price * 2; COMMIT",
        ]);
        for dialect in RULE.dialects() {
            let runner = Input {
                runner: true,
                ..Input::new(dialect)
            };
            RULE.spares_in(&runner, &["UPDATE items SET price = price * 2; SELECT 1"]);
        }
    }
}
