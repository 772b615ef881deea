//! Values for rows, between what makes room for a column and what asks for its values.

use std::collections::BTreeMap;

use super::piece;
use crate::diff::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::Column;

/// The values for rows, by table and column.
pub(super) type Fills = BTreeMap<Qualified, BTreeMap<Name, String>>;

/// An alteration with the values for rows in its midst.
pub(super) fn around(change: Change, fills: &Fills) -> Vec<Change> {
    match split(&change, fills) {
        Some([first, rest]) => first.into_iter().chain(rest).collect(),
        None => vec![change],
    }
}

/// The alterations without what comes ahead of them all, and that: tables with room for the values, and the values.
pub(super) fn ahead(alter: &[Change], fills: &Fills) -> (Vec<Change>, Vec<Change>) {
    let mut ahead = Vec::new();
    let left = alter.iter().map(|change| match split(change, fills) {
        Some([first, rest]) => {
            ahead.extend(first);
            rest.into_iter().next().unwrap_or_else(|| change.clone())
        }
        None => change.clone(),
    });
    (left.collect(), ahead)
}

/// What comes first, with the values, and what comes after it.
fn split(change: &Change, fills: &Fills) -> Option<[Vec<Change>; 2]> {
    let Change::AlterTable { to, changes, .. } = change else {
        return None;
    };
    let fills = fills.get(&to.name)?;
    let nullable = |column: &Column| Column {
        nullable: true,
        ..column.clone()
    };
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for change in changes {
        match change {
            TableChange::AddColumn(column) if fills.contains_key(&column.name) => {
                first.push(TableChange::AddColumn(nullable(column)));
                rest.push(TableChange::AlterColumn {
                    from: nullable(column),
                    to: column.clone(),
                });
            }
            TableChange::AlterColumn { from, to } if fills.contains_key(&to.name) => {
                let between = nullable(to);
                if *from != between {
                    first.push(TableChange::AlterColumn {
                        from: from.clone(),
                        to: between.clone(),
                    });
                }
                rest.push(TableChange::AlterColumn {
                    from: between,
                    to: to.clone(),
                });
            }
            // Keys, checks and indexes see the values; and what was there before is out of their way.
            TableChange::AddPrimaryKey(_)
            | TableChange::AddUnique(_)
            | TableChange::AddCheck(_)
            | TableChange::AddExclusion(_)
            | TableChange::AddIndex(_)
            | TableChange::AddForeignKey(_) => rest.push(change.clone()),
            other => first.push(other.clone()),
        }
    }
    let values = fills.iter().map(|(column, value)| Change::Fill {
        table: to.name.clone(),
        column: column.clone(),
        value: value.clone(),
    });
    let first = std::iter::once(piece(&to.name, first)).chain(values).collect();
    Some([first, vec![piece(&to.name, rest)]])
}
