//! Foreign keys whose names an engine changes along with that of their table.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Cleared;
use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange, apply, apply_one};
use crate::ident::{Name, Qualified};
use crate::ir::{ForeignKey, Index, Schema, Table};
use crate::plan::order::piece;

/// A key that has another name once all tables have theirs.
struct Followed {
    /// The table before and after.
    table: [Qualified; 2],
    before: Name,
    after: Name,
}

/// The schema with such keys under the names that they get, and the changes that are left then; `None` where there are none.
///
/// Nothing touches a key before its table has its new name, so that all that is planned may say the key's new one.
pub(super) fn follow(from: &Schema, changes: &[Change], dialect: &dyn Dialect) -> Option<Cleared<'static>> {
    let renames = Renames::of(changes);
    if renames.0.is_empty() {
        return None;
    }
    let followed = from
        .tables
        .values()
        .flat_map(|table| of_table(table, &renames, dialect));
    let followed = followed.collect::<Vec<_>>();
    if followed.is_empty() {
        return None;
    }
    let end = apply(changes, from);
    let mut from = from.clone();
    let mut changes = changes.to_vec();
    for one in &followed {
        let [before, after] = &one.table;
        let mut left = None;
        if let Some(table) = from.tables.get_mut(before) {
            left = dialect.index_after_rename(&one.before, table);
            rename(table, one);
            table
                .indexes
                .extend(left.clone().map(|index| (index.name.clone(), index)));
        }
        let mut known = false;
        for change in &mut changes {
            match change {
                Change::DropTable(table) if table.name == *after => rename(Arc::make_mut(table), one),
                Change::AlterTable { from, to, changes } if to.name == *after => {
                    rename(Arc::make_mut(from), one);
                    known |= retold(changes, one);
                }
                _ => {}
            }
        }
        let stays = end
            .tables
            .get(after)
            .is_some_and(|table| table.foreign_keys.contains_key(&one.before));
        if stays && !known {
            let back = TableChange::RenameConstraint {
                from: one.after.clone(),
                to: one.before.clone(),
            };
            let altered = changes.iter_mut().find_map(|change| match change {
                Change::AlterTable { to, changes, .. } if to.name == *after && !is_naming(changes) => Some(changes),
                _ => None,
            });
            match altered {
                Some(changes) => changes.insert(0, back),
                None => changes.push(piece(after, vec![back])),
            }
        }
        if let (Some(left), Some(table)) = (left, end.tables.get(after)) {
            take_off(left, table, &mut changes);
        }
    }
    changes.retain(|change| !matches!(change, Change::AlterTable { changes, .. } if changes.is_empty()));
    Some(Cleared::new(Vec::new(), from, changes))
}

/// Drops the index that a key has left behind, unless the table is to have one like it.
fn take_off(left: Index, end: &Table, changes: &mut Vec<Change>) {
    let altered = changes.iter_mut().find_map(|change| match change {
        Change::AlterTable { from, to, changes } if to.name == end.name && !is_naming(changes) => Some((from, changes)),
        _ => None,
    });
    let Some((from, altered)) = altered else {
        return changes.push(piece(&end.name, vec![TableChange::DropPart(Part::Index(left))]));
    };
    Arc::make_mut(from).indexes.insert(left.name.clone(), left.clone());
    let same = |change: &TableChange| matches!(change, TableChange::AddPart(Part::Index(index)) if *index == left);
    match altered.iter().position(same) {
        Some(at) => drop(altered.remove(at)),
        None => altered.insert(0, TableChange::DropPart(Part::Index(left))),
    }
}

/// The schema after changes that are in order, whatever follows a table's name.
pub(in crate::plan) fn applied(changes: &[Change], from: &Schema, dialect: &dyn Dialect) -> Schema {
    let mut state = from.clone();
    for change in changes {
        apply_one(change, &mut state);
        if matches!(change, Change::RenameTable { .. }) {
            dialect.spread(change, &mut state);
        }
    }
    state
}

/// What each name of a table becomes, and at which of the changes: a name may be another table's later.
struct Renames<'a>(BTreeMap<&'a Qualified, Vec<(usize, &'a Qualified)>>);

impl<'a> Renames<'a> {
    fn of(changes: &'a [Change]) -> Self {
        let mut found = BTreeMap::<_, Vec<_>>::new();
        for (at, change) in changes.iter().enumerate() {
            if let Change::RenameTable { from, to } = change {
                found.entry(from).or_default().push((at, to));
            }
        }
        Self(found)
    }

    /// The names that a table takes, one after the other.
    fn of_table(&self, name: &'a Qualified) -> impl Iterator<Item = &'a Qualified> {
        let (mut name, mut since) = (name, 0);
        std::iter::from_fn(move || {
            let (at, to) = *self.0.get(name)?.iter().find(|(at, _)| *at >= since)?;
            (name, since) = (to, at + 1);
            Some(to)
        })
    }
}

fn of_table(table: &Table, renames: &Renames<'_>, dialect: &dyn Dialect) -> Vec<Followed> {
    if table.foreign_keys.is_empty() {
        return Vec::new();
    }
    let mut name = &table.name;
    let mut keys = table
        .foreign_keys
        .keys()
        .map(|key| (key, key.clone()))
        .collect::<Vec<_>>();
    for to in renames.of_table(name) {
        for (_, key) in &mut keys {
            *key = dialect.key_after_rename(key, name, to).unwrap_or_else(|| key.clone());
        }
        name = to;
    }
    keys.retain(|(before, after)| *before != after && !table.foreign_keys.contains_key(after));
    let followed = keys.into_iter().map(|(before, after)| Followed {
        table: [table.name.clone(), name.clone()],
        before: before.clone(),
        after,
    });
    followed.collect()
}

fn rename(table: &mut Table, one: &Followed) {
    if let Some(key) = table.foreign_keys.remove(&one.before) {
        let key = named(&key, &one.after);
        table.foreign_keys.insert(key.name.clone(), key);
    }
}

fn named(key: &ForeignKey, name: &Name) -> ForeignKey {
    ForeignKey {
        name: name.clone(),
        ..key.clone()
    }
}

/// Says the key by its new name. Whether any of the changes says it.
fn retold(changes: &mut Vec<TableChange>, one: &Followed) -> bool {
    let mut known = false;
    let mut told = Vec::with_capacity(changes.len());
    for change in std::mem::take(changes) {
        match change {
            TableChange::RenameConstraint { from, to } if from == one.before => {
                known = true;
                if to != one.after {
                    let from = one.after.clone();
                    told.push(TableChange::RenameConstraint { from, to });
                }
            }
            TableChange::DropPart(Part::ForeignKey(key)) if key.name == one.before => {
                known = true;
                told.push(TableChange::DropPart(Part::ForeignKey(named(&key, &one.after))));
            }
            TableChange::AlterPart {
                from: Part::ForeignKey(from),
                to: Part::ForeignKey(to),
            } if from.name == one.before => {
                known = true;
                told.push(TableChange::DropPart(Part::ForeignKey(named(&from, &one.after))));
                told.push(TableChange::AddPart(Part::ForeignKey(to)));
            }
            other => told.push(other),
        }
    }
    *changes = told;
    known
}

/// Whether the columns get their names: such an alteration stands among the renames.
fn is_naming(changes: &[TableChange]) -> bool {
    changes
        .iter()
        .all(|change| matches!(change, TableChange::RenameColumn { .. }))
}
