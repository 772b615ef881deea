use std::collections::BTreeSet;

use crate::lex::Kind;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "enum_value_at_once",
    level: Level::Deny,
    harm: Harm::Failure,
    engines: POSTGRES,
    title: "the new value is used in the transaction that adds it, which fails",
    why: "A value that ALTER TYPE … ADD VALUE adds to a type that was there can be used only after the commit.",
    instead: "put what uses the value into the next migration; `generate` does so by itself",
    bad: "BEGIN;\nALTER TYPE state ADD VALUE 'archived';\nUPDATE tasks SET state = 'archived' WHERE done;\nCOMMIT;",
    good: "ALTER TYPE state ADD VALUE 'archived';\nUPDATE tasks SET state = 'archived' WHERE done;",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, ALTER TYPE, Notes",
        url: "https://www.postgresql.org/docs/15/sql-altertype.html",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let mut added: BTreeSet<(Option<usize>, &str)> = BTreeSet::new();
    let mut made = BTreeSet::new();
    for (index, statement) in script.numbered() {
        let mut cursor = statement.cursor();
        if cursor.eat("create type") {
            made.extend(cursor.name().map(|name| name.key()));
        } else if cursor.eat("alter type") {
            let own = cursor.name().is_some_and(|name| made.contains(&name.key()));
            if cursor.eat("add value") && !own && statement.transaction.is_some() {
                cursor.eat("if not exists");
                added.extend(cursor.next().map(|value| (statement.transaction, value.text)));
            }
        } else if !added.is_empty() {
            let used = statement
                .tokens
                .iter()
                .find(|token| token.kind == Kind::Text && added.contains(&(statement.transaction, token.text)));
            if let Some(used) = used {
                let span = used.start..used.start + used.text.len();
                found.add(index, &span, used.text.trim_matches('\''));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            (
                "BEGIN; ALTER TYPE t ADD VALUE IF NOT EXISTS 'x'; UPDATE a SET b = 'x' WHERE c; COMMIT",
                &["x"],
            ),
            (
                "BEGIN; ALTER TYPE t ADD VALUE 'x' BEFORE 'y'; ALTER TABLE a ALTER b SET DEFAULT 'x'; COMMIT",
                &["x"],
            ),
        ]);
        RULE.spares(&[
            "ALTER TYPE t ADD VALUE 'x'; UPDATE a SET b = 'x' WHERE c",
            "BEGIN; ALTER TYPE t ADD VALUE 'x'; COMMIT; UPDATE a SET b = 'x' WHERE c",
            "BEGIN; CREATE TYPE t AS ENUM ('y'); ALTER TYPE t ADD VALUE 'x'; SELECT 'x'::t; COMMIT",
            "BEGIN; ALTER TYPE t ADD VALUE 'x'; UPDATE a SET b = 'y' WHERE c; COMMIT",
        ]);
    }
}
