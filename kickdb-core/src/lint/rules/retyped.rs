//! Columns whose values move to another type, for the rules about what becomes of them.

use crate::dialect::{Cast, Types};
use crate::diff::{Change, TableChange};
use crate::lint::rules::prelude::*;

/// What a rule says of each column of a changed table that takes another type; `message` tells what is wrong with the way there.
pub(super) fn hazards(
    rule: &Rule,
    change: &Change,
    types: &dyn Types,
    message: impl Fn(Cast) -> Option<&'static str>,
) -> Vec<Hazard> {
    let Change::AlterTable { to: table, changes, .. } = change else {
        return Vec::new();
    };
    let found = changes.iter().filter_map(|change| match change {
        TableChange::AlterColumn { from, to } if from.ty != to.ty => {
            let message = message(types.cast(&from.ty, &to.ty))?;
            let object = format!("{}.{}", table.name, to.name);
            Some(Hazard::new(rule.code, rule.level, object, message))
        }
        _ => None,
    });
    found.collect()
}

/// The rules that a change of a column from one type of PostgreSQL to another breaks.
#[cfg(test)]
pub(super) fn codes(from: &str, to: &str) -> Vec<String> {
    use crate::ident::{Name, Qualified};
    use crate::ir::{Column, Table};

    let dialect = crate::dialect::by_name("postgres").unwrap();
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
    let hazards = crate::lint::hazards(&[change], dialect);
    hazards.into_iter().map(|hazard| hazard.code).collect()
}
