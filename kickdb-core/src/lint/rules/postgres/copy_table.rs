use crate::dialect::Types;
use crate::diff::Change;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "copy_table",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: POSTGRES,
    title: "all rows are copied into a new table, and nobody reads or writes it meanwhile",
    why: "A partitioned table whose columns or key change in a way that its partitions do not allow is made anew, partitions and all, under an ACCESS EXCLUSIVE lock on the old one.",
    instead: "make the new table beside the old one, keep it in step by a trigger, copy in batches, and change the names over",
    bad: "",
    good: "",
    sources: &[Source {
        chapter: "PostgreSQL 15, 5.11.2 Declarative Partitioning",
        url: "https://www.postgresql.org/docs/15/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE",
    }],
    check,
    change: Some(change),
};

fn check(_: &Script<'_>, _: &mut Found) {
    // The statements do not tell which table is the old one.
}

fn change(change: &Change, _: &dyn Types) -> Vec<Hazard> {
    match change {
        Change::Repartition { to, .. } => {
            let root = to
                .first()
                .map(|table| Hazard::new(RULE.code, RULE.level, &table.name, RULE.title));
            root.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::dialect::by_name;
    use crate::diff::Change;
    use crate::ident::{Name, Qualified};
    use crate::ir::Table;
    use crate::lint::hazards;

    #[test]
    fn a_table_that_is_made_anew_is_found() {
        let table = Table::new(Qualified::local(Name::new("events").unwrap()));
        let change = Change::Repartition {
            from: vec![table.clone()],
            to: vec![table],
        };
        let found = hazards(&[change], by_name("postgres").unwrap());
        let found: Vec<_> = found
            .iter()
            .map(|hazard| (hazard.code.as_str(), hazard.object.as_str()))
            .collect();
        assert_eq!(found, [(RULE.code, "events")]);
    }
}
