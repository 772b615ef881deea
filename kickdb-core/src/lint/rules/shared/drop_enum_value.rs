use crate::dialect::Types;
use crate::diff::Change;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_enum_value",
    level: Level::Deny,
    harm: Harm::DataLoss,
    engines: EVERY,
    title: "rows that still hold the value make the migration fail; change them first",
    why: "A value that is taken out of an enum must be in no row. The runner refuses the migration before it writes anything unless `--confirm-enum-drop` is given. Programs of the version before that still write the value fail.",
    instead: "release a version that no longer writes the value, change the rows, then take it out",
    bad: "",
    good: "",
    sources: &[Source {
        chapter: "PostgreSQL 15, 8.7.4 Implementation Details (of enumerated types)",
        url: "https://www.postgresql.org/docs/15/datatype-enum.html#DATATYPE-ENUM-IMPL",
    }],
    check,
    change: Some(change),
};

fn check(_: &Script<'_>, _: &mut Found) {
    // The SQL does not tell which values there were.
}

fn change(change: &Change, _: &dyn Types) -> Vec<Hazard> {
    let Change::AlterEnum { from, to, renamed } = change else {
        return Vec::new();
    };
    let kept = |value: &&String| to.values.contains(value) || renamed.contains_key(*value);
    let gone = from.values.iter().filter(|value| !kept(value));
    gone.map(|value| Hazard::new(RULE.code, RULE.level, format!("{}.{value}", to.name), RULE.title))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::RULE;
    use crate::dialect::ALL;
    use crate::diff::Change;
    use crate::ident::{Name, Qualified};
    use crate::ir::Enum;

    #[test]
    fn a_value_that_is_neither_kept_nor_renamed_is_found() {
        let values = |values: &[&str]| Enum {
            name: Qualified::local(Name::new("state").unwrap()),
            values: values.iter().map(ToString::to_string).collect(),
            comment: None,
        };
        let change = Change::AlterEnum {
            from: values(&["open", "old", "done"]),
            to: values(&["open", "closed"]),
            renamed: BTreeMap::from([("done".to_owned(), "closed".to_owned())]),
        };
        for dialect in ALL {
            let found = crate::lint::hazards(std::slice::from_ref(&change), *dialect);
            let found: Vec<_> = found
                .iter()
                .map(|hazard| (hazard.code.as_str(), hazard.object.as_str()))
                .collect();
            assert_eq!(found, [(RULE.code, "state.old")]);
        }
    }
}
