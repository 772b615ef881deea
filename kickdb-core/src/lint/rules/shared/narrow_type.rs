use crate::dialect::{Cast, Types};
use crate::diff::{Change, TableChange};
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "narrow_type",
    level: Level::Warn,
    harm: Harm::Failure,
    engines: EVERY,
    title: "not every value of the old type fits into the new one",
    why: "A value that does not fit makes the statement fail as a whole, or, where the engine converts by rounding and cutting, loses a part of itself. The message says which of the two.",
    instead: "look for such values first, and change them or keep the wider type",
    bad: "",
    good: "",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, ALTER TABLE, SET DATA TYPE",
            url: "https://www.postgresql.org/docs/15/sql-altertable.html",
        },
        Source {
            chapter: "MySQL 8.4, 15.1.9 ALTER TABLE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html",
        },
    ],
    check,
    change: Some(change),
};

fn check(_: &Script<'_>, _: &mut Found) {
    // The SQL does not tell which type the column has.
}

fn change(change: &Change, types: &dyn Types) -> Vec<Hazard> {
    let Change::AlterTable { to: table, changes, .. } = change else {
        return Vec::new();
    };
    let changed = changes.iter().filter_map(|change| match change {
        TableChange::AlterColumn { from, to } if from.ty != to.ty => {
            let message = match types.cast(&from.ty, &to.ty) {
                Cast::Risky(why) => Some(why),
                _ => None,
            };
            Some((format!("{}.{}", table.name, to.name), message?))
        }
        _ => None,
    });
    changed
        .map(|(object, message)| Hazard::new(RULE.code, RULE.level, object, message))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::dialect::by_name;
    use crate::diff::{Change, TableChange};
    use crate::ident::{Name, Qualified};
    use crate::ir::{Column, Table};
    use crate::lint::hazards;

    fn codes(from: &str, to: &str) -> Vec<String> {
        let dialect = by_name("postgres").unwrap();
        let column = |ty: &str| Column::new(Name::new("size").unwrap(), dialect.parse(ty).unwrap());
        let table = Table::new(Qualified::local(Name::new("tasks").unwrap()));
        let change = Change::AlterTable {
            from: table.clone().into(),
            to: table.into(),
            changes: vec![TableChange::AlterColumn {
                from: column(from),
                to: column(to),
            }],
        };
        hazards(&[change], dialect)
            .into_iter()
            .map(|hazard| hazard.code)
            .collect()
    }

    #[test]
    fn only_what_can_lose_something_is_found() {
        assert_eq!(codes("bigint", "integer"), [RULE.code]);
        assert!(codes("integer", "bigint").is_empty());
    }
}
