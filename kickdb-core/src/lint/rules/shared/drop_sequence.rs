use std::collections::BTreeSet;

use crate::dialect::Types;
use crate::diff::Change;
use crate::ir::ObjectKind;
use crate::lint::read::{ObjectName, Statement, is};
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_sequence",
    level: Level::Warn,
    harm: Harm::DataLoss,
    engines: &["postgres", "mysql"],
    title: "the counter goes; made again it starts from its beginning",
    why: "Numbers that were given once would be given again. Reversing the migration makes a sequence at its first value.",
    instead: "keep its last value, and start the one that replaces it behind that",
    bad: "DROP SEQUENCE invoice_numbers;",
    good: "ALTER SEQUENCE invoice_numbers RENAME TO old_invoice_numbers;",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, DROP SEQUENCE",
            url: "https://www.postgresql.org/docs/15/sql-dropsequence.html",
        },
        Source {
            chapter: "MariaDB, DROP SEQUENCE",
            url: "https://mariadb.com/kb/en/drop-sequence/",
        },
    ],
    check,
    change: Some(change),
};

fn check(script: &Script<'_>, found: &mut Found) {
    // Those that the script has made itself, and those that another one goes on behind.
    let mut spared = BTreeSet::new();
    for (index, statement) in script.numbered() {
        spared.extend(made_or_kept(statement).map(|name| name.key()));
        let Action::Drop(drop) = &statement.action else {
            continue;
        };
        let dropped = drop.names.iter().filter(|_| drop.kind == "sequence");
        for name in dropped.filter(|name| !spared.contains(&name.key())) {
            found.add(index, &statement.span, name);
        }
    }
}

/// The sequence that a statement makes, or the one whose last value it gives to another.
fn made_or_kept(statement: &Statement<'_>) -> Option<ObjectName> {
    let mut cursor = statement.cursor();
    if cursor.eat("create sequence") {
        return cursor.name();
    }
    let given = cursor.eat("select setval").then(|| cursor.parenthesized()).flatten()?;
    let is_kept = given.iter().any(|token| is(token, "last_value")) && cursor.eat("from");
    is_kept.then(|| cursor.name()).flatten()
}

fn change(change: &Change, _: &dyn Types) -> Vec<Hazard> {
    match change {
        Change::DropObject { id, .. } if id.kind == ObjectKind::Sequence => {
            vec![Hazard::new(RULE.code, RULE.level, &id.name, RULE.title)]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::dialect::ALL;
    use crate::diff::Change;
    use crate::ident::{Name, Qualified};
    use crate::ir::{Object, ObjectId, ObjectKind};
    use crate::lint::hazards;

    #[test]
    fn cases() {
        RULE.finds(&[("DROP SEQUENCE IF EXISTS a, b.c", &["a", "b.c"])]);
        RULE.spares(&["ALTER SEQUENCE a RESTART", "DROP VIEW a"]);
        RULE.spares(&["CREATE SEQUENCE a; DROP SEQUENCE a"]);
        RULE.spares(&["SELECT setval('b', last_value, is_called) FROM s.a; DROP SEQUENCE s.a"]);
        RULE.finds(&[(
            "SELECT setval('a', last_value) FROM b; SELECT last_value FROM a; DROP SEQUENCE a; CREATE SEQUENCE a",
            &["a"],
        )]);
    }

    #[test]
    fn a_counter_that_goes_is_a_hazard_and_a_view_is_none() {
        let drop = |kind| Change::DropObject {
            id: ObjectId::new(kind, Qualified::local(Name::new("numbers").unwrap())),
            object: Object::default(),
        };
        for dialect in ALL {
            let found = hazards(&[drop(ObjectKind::View), drop(ObjectKind::Sequence)], *dialect);
            let codes = found.iter().map(|hazard| hazard.code.as_str()).collect::<Vec<_>>();
            assert_eq!(codes, ["drop_sequence"]);
        }
    }
}
