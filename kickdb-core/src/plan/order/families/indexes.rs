//! Indexes of partitions that cease to be parts of those above.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Schema, Table};
use crate::plan::order::names::indexes::made_again;
use crate::plan::order::piece;

/// Indexes of partitions that cease to be parts of one above: the server does not let go of one, so the one above goes and
/// comes again, without them.
pub(super) fn loosen(alter: &mut Vec<Change>, middle: &Schema, end: &Schema) {
    let mut again = BTreeMap::<Qualified, BTreeMap<Name, Vec<TableChange>>>::new();
    for change in alter.iter() {
        let Change::AlterTable { from, to, changes } = change else {
            continue;
        };
        for index in changes.iter().filter_map(loosened) {
            let (mut table, mut index) = (&**from, index);
            // Up to the one that is a part of none.
            while let Some((above, part_of)) = table
                .partition
                .as_ref()
                .filter(|place| to.name != table.name || to.partition.as_ref() == Some(place))
                .and_then(|place| middle.tables.get(&place.of))
                .zip(part_of(table, index))
            {
                (table, index) = (above, part_of);
            }
            let Some(after) = end.tables.get(&table.name).filter(|_| table.name != from.name) else {
                continue;
            };
            let renamed = renamed(alter, &table.name, index).unwrap_or(index);
            if let Some(changes) = made_again(table, after, index, renamed) {
                again
                    .entry(table.name.clone())
                    .or_default()
                    .insert(index.clone(), changes);
            }
        }
    }
    for (table, indexes) in again {
        let names = indexes.keys().cloned().collect::<BTreeSet<_>>();
        let changes = indexes.into_values().flatten().collect::<Vec<_>>();
        let own = alter.iter_mut().find_map(|change| match change {
            Change::AlterTable { to, changes, .. } if to.name == table => Some(changes),
            _ => None,
        });
        match own {
            Some(own) => {
                own.retain(|change| renames(change).is_none_or(|[from, _]| !names.contains(from)));
                let news = changes.into_iter().filter(|change| !own.contains(change));
                let news = news.collect::<Vec<_>>();
                own.extend(news);
            }
            None => alter.push(piece(&table, changes)),
        }
    }
}

/// The index of a partition that a change takes from the one above.
fn loosened(change: &TableChange) -> Option<&Name> {
    let part_of = |part: &Part| match part {
        Part::Index(index) => index.part_of.clone(),
        Part::Unique(unique) => unique.part_of.clone(),
        Part::PrimaryKey(key) => key.part_of.clone(),
        _ => None,
    };
    match change {
        TableChange::DropPart(part) => part_of(part).map(|_| part.name()),
        TableChange::AlterPart { from, to } if part_of(to).is_none() => part_of(from).map(|_| from.name()),
        _ => None,
    }
}

/// The index of the table above that one is a part of.
fn part_of<'a>(table: &'a Table, index: &Name) -> Option<&'a Name> {
    let key = table.primary_key.as_ref().filter(|key| key.name == *index);
    let found = key.map(|key| &key.part_of);
    let found = found.or_else(|| table.uniques.get(index).map(|unique| &unique.part_of));
    let found = found.or_else(|| table.indexes.get(index).map(|index| &index.part_of));
    found?.as_ref()
}

/// The name before and after of an index, or of a constraint with one, that takes another.
fn renames(change: &TableChange) -> Option<[&Name; 2]> {
    match change {
        TableChange::RenameIndex { from, to } | TableChange::RenameConstraint { from, to } => Some([from, to]),
        _ => None,
    }
}

/// The name that an index of the table takes.
fn renamed<'a>(alter: &'a [Change], table: &Qualified, index: &Name) -> Option<&'a Name> {
    alter.iter().find_map(|change| match change {
        Change::AlterTable { to, changes, .. } if to.name == *table => {
            let [_, to] = changes.iter().filter_map(renames).find(|[from, _]| *from == index)?;
            Some(to)
        }
        _ => None,
    })
}
