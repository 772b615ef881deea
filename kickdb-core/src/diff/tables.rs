mod ask;
mod parts;

use std::borrow::Cow;
use std::collections::BTreeMap;

use self::ask::{ask_columns, ask_tables};
use self::parts::{ConstraintNames, Named as _, Parts, altered};
use super::apply::adopt_spelling;
use super::carry::Carry;
use super::renames::{sequence, settle};
use super::values;
use super::{Change, Diff, Facets, Object, Part, Renames, Spares, TableChange, ends};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Schema, Table};

/// Adds the changes of tables to `found`. `carry` knows the new names of tables, enums and values.
pub(super) fn diff(from: &Schema, to: &Schema, renames: &Renames, mut carry: Carry, found: &mut Diff) {
    let renamed_columns = column_renames(from, to, renames, &carry);
    let named = carried(from, &carry);
    for (table, steps) in &renamed_columns {
        carry.columns.insert(table.clone(), ends(steps));
    }
    let mut before = carried(from, &carry);
    if let Cow::Owned(schema) = &mut before {
        let differs = |(name, table): &(&Qualified, &Table)| to.tables.get(name).is_some_and(|to| to != *table);
        let differing = schema.tables.iter().filter(differs);
        let differing = differing.map(|(name, _)| name.clone()).collect::<Vec<_>>();
        for name in differing {
            if let (Some(table), Some(to)) = (schema.tables.get_mut(&name), to.tables.get(&name)) {
                adopt_spelling(table, to);
            }
        }
    }

    // Columns take their new names before anything else changes, in all tables: whatever is dropped or added afterwards can
    // then say the new names, its reverse too.
    for (name, steps) in renamed_columns {
        if let (Some(from), Some(to)) = (named.tables.share(&name), before.tables.share(&name)) {
            found.changes.push(Change::AlterTable {
                from,
                to,
                changes: steps
                    .into_iter()
                    .map(|(from, to)| TableChange::RenameColumn { from, to })
                    .collect(),
            });
        }
    }
    let mut created = Vec::new();
    for (name, table) in to.tables.shared() {
        match before.tables.share(name) {
            None => created.push(table),
            Some(old) if old == *table => {}
            Some(old) => {
                ask_columns(&old, table, renames, found);
                let mut changes = values::diff(&old, table, renames, found);
                changes.extend(table_changes(&old, table));
                // Most tables have one change or two, and a large schema has many tables.
                changes.shrink_to_fit();
                if !changes.is_empty() {
                    found.changes.push(Change::AlterTable {
                        from: old,
                        to: table.clone(),
                        changes,
                    });
                }
            }
        }
    }
    let dropped = before.tables.shared().filter(|(name, _)| !to.tables.contains_key(name));
    let dropped = dropped.map(|(_, table)| table).collect::<Vec<_>>();
    ask_tables(&dropped, &created, renames, found);
    let created = created.into_iter().cloned().map(Change::CreateTable);
    found.changes.extend(created);
    let dropped = dropped.into_iter().cloned().map(Change::DropTable);
    found.changes.extend(dropped);
}

fn carried<'a>(schema: &'a Schema, carry: &Carry) -> Cow<'a, Schema> {
    if carry.is_empty() {
        return Cow::Borrowed(schema);
    }
    let mut schema = schema.clone();
    carry.schema(&mut schema);
    Cow::Owned(schema)
}

/// The column renames that hold, in order, by the new name of their table.
fn column_renames(
    from: &Schema,
    to: &Schema,
    renames: &Renames,
    carry: &Carry,
) -> BTreeMap<Qualified, Vec<(Name, Name)>> {
    let old_names = carry
        .tables
        .iter()
        .map(|(old, new)| (new, old))
        .collect::<BTreeMap<_, _>>();
    let mut by_table = BTreeMap::<&Qualified, BTreeMap<Name, Name>>::new();
    for ((table, old), new) in &renames.columns {
        by_table.entry(table).or_default().insert(old.clone(), new.clone());
    }
    if !renames.complete {
        for (name, new) in &to.tables {
            let old = old_names.get(name).map_or(name, |old| *old);
            if let Some(old) = from.tables.get(old).filter(|_| !carry.tables.contains_key(name)) {
                let pairs = respelled(old, new);
                let known = |pair: &(Name, Name)| {
                    let dropped = Object::Column(name.clone(), pair.0.clone());
                    let said = by_table.get(name);
                    let said =
                        said.is_some_and(|said| said.contains_key(&pair.0) || said.values().any(|new| *new == pair.1));
                    said || renames.dropped.contains(&dropped)
                };
                let pairs: Vec<_> = pairs.into_iter().filter(|pair| !known(pair)).collect();
                if !pairs.is_empty() {
                    by_table.entry(name).or_default().extend(pairs);
                }
            }
        }
    }
    let mut result = BTreeMap::new();
    for (name, pairs) in by_table {
        // A table whose old name another one took over is not the table of that name before.
        let old = match old_names.get(name) {
            Some(old) => *old,
            None if carry.tables.contains_key(name) => continue,
            None => name,
        };
        let (Some(old), Some(new)) = (from.tables.get(old), to.tables.get(name)) else {
            continue;
        };
        let before = |name: &Name| old.column(name).is_some();
        let once = |old: &Name| renames.once.contains(&Object::Column(name.clone(), old.clone()));
        let pairs = settle(&pairs, renames.complete, once, before, |name| {
            new.column(name).is_some()
        });
        let mut spares = Spares::default();
        let steps = sequence(&pairs, before, |_| {
            spares.next(|spare| before(spare) || new.column(spare).is_some())
        });
        if !steps.is_empty() {
            result.insert(name.clone(), steps);
        }
    }
    result
}

/// Columns whose name changes in the case of its letters alone: to most engines that is the same name, and what has the same
/// name is the same column.
fn respelled(from: &Table, to: &Table) -> Vec<(Name, Name)> {
    fn missing<'a>(one: &'a Table, other: &Table) -> BTreeMap<String, Vec<&'a Name>> {
        let mut folded = BTreeMap::<String, Vec<&Name>>::new();
        for column in one.columns.iter().filter(|column| other.column(&column.name).is_none()) {
            folded
                .entry(column.name.as_str().to_lowercase())
                .or_default()
                .push(&column.name);
        }
        folded
    }
    let comes = missing(to, from);
    let pairs = missing(from, to).into_iter().filter_map(|(folded, gone)| {
        match (gone.as_slice(), comes.get(&folded).map(Vec::as_slice)) {
            ([old], Some([new])) => Some(((*old).clone(), (*new).clone())),
            _ => None,
        }
    });
    pairs.collect()
}

/// What changes inside a table, in the order of [`TableChange`]'s variants. Both have their columns under the same names.
pub(crate) fn table_changes(from: &Table, to: &Table) -> Vec<TableChange> {
    let mut changes = Vec::new();
    if from == to {
        return changes;
    }
    let constraints = ConstraintNames::of(from);
    let may_rename = |from: &Name, to: &Name| constraints.may_rename(from, to);
    let uniques = Parts::between(&from.uniques, &to.uniques, may_rename);
    let keys = Parts::between(&from.foreign_keys, &to.foreign_keys, may_rename);
    let checks = Parts::between(&from.checks, &to.checks, may_rename);
    // A constraint that keeps an index shares the namespace of indexes.
    let indexes = Parts::between(&from.indexes, &to.indexes, |_, to| !constraints.0.contains_key(to));
    let key_renamed = match (&from.primary_key, &to.primary_key) {
        (Some(from), Some(to)) if from.name != to.name && from.named(&to.name) == *to => {
            may_rename(&from.name, &to.name).then_some((&from.name, &to.name))
        }
        _ => None,
    };

    let exclusions = Parts::between(&from.exclusions, &to.exclusions, may_rename);
    let (left, joined) = families(from, to);

    let renamed = key_renamed
        .into_iter()
        .chain(uniques.renamed)
        .chain(keys.renamed)
        .chain(checks.renamed)
        .chain(exclusions.renamed);
    changes.extend(renamed.map(|(from, to)| TableChange::RenameConstraint {
        from: from.clone(),
        to: to.clone(),
    }));
    changes.extend(indexes.renamed.into_iter().map(|(from, to)| TableChange::RenameIndex {
        from: from.clone(),
        to: to.clone(),
    }));
    changes.extend(left);
    let dropped = keys.dropped.into_iter().cloned().map(Part::ForeignKey);
    let dropped = dropped
        .chain(checks.dropped.into_iter().cloned().map(Part::Check))
        .chain(exclusions.dropped.into_iter().cloned().map(Part::Exclusion))
        .chain(indexes.dropped.into_iter().cloned().map(Part::Index))
        .chain(uniques.dropped.into_iter().cloned().map(Part::Unique));
    changes.extend(dropped.map(TableChange::DropPart));
    let key_altered = match (&from.primary_key, &to.primary_key) {
        (Some(from), Some(to)) if from != to && key_renamed.is_none() => altered(from, to),
        _ => None,
    };
    let key_changed = from.primary_key != to.primary_key && key_renamed.is_none() && key_altered.is_none();
    let key = |of: &Table| of.primary_key.clone().filter(|_| key_changed);
    changes.extend(key(from).map(Part::PrimaryKey).map(TableChange::DropPart));
    column_changes(from, to, &mut changes);
    let added = key(to).map(Part::PrimaryKey).into_iter();
    let added = added
        .chain(uniques.added.into_iter().cloned().map(Part::Unique))
        .chain(checks.added.into_iter().cloned().map(Part::Check))
        .chain(exclusions.added.into_iter().cloned().map(Part::Exclusion))
        .chain(indexes.added.into_iter().cloned().map(Part::Index))
        .chain(keys.added.into_iter().cloned().map(Part::ForeignKey));
    changes.extend(added.map(TableChange::AddPart));
    let altered = key_altered
        .into_iter()
        .chain(uniques.altered)
        .chain(checks.altered)
        .chain(exclusions.altered)
        .chain(indexes.altered)
        .chain(keys.altered);
    changes.extend(altered);
    changes.extend(joined);
    if from.partition_by != to.partition_by {
        changes.push(TableChange::Repartition {
            from: from.partition_by.clone(),
            to: to.partition_by.clone(),
        });
    }
    if from.comment != to.comment {
        changes.push(TableChange::SetComment {
            from: from.comment.clone(),
            to: to.comment.clone(),
        });
    }
    if from.options != to.options {
        changes.push(TableChange::SetOptions {
            from: from.options.clone(),
            to: to.options.clone(),
        });
    }
    changes
}

/// What changes in each of the tables whose rows [`Change::Repartition`] copies.
pub(crate) fn copied<'a>(from: &[Table], to: &'a [Table]) -> impl Iterator<Item = (&'a Table, Vec<TableChange>)> {
    to.iter().filter_map(|table| {
        let old = from.iter().find(|old| old.name == table.name)?;
        Some((table, table_changes(old, table)))
    })
}

/// The table that [`Change::Repartition`] is about where its partitions go while others come, and it stays itself.
pub(crate) fn regrouped<'a>(from: &'a [Table], to: &[Table]) -> Option<&'a Qualified> {
    let stays = |table: &Table| to.iter().any(|other| other.name == table.name);
    if from.iter().any(stays) {
        return None;
    }
    let mut above = from.iter().filter_map(|table| Some(&table.partition.as_ref()?.of));
    above.find(|name| from.iter().all(|table| table.name != **name))
}

/// The families of tables that the table leaves and joins. A place among partitions that changes is left and taken again.
fn families(from: &Table, to: &Table) -> (Option<TableChange>, Option<TableChange>) {
    let only = |one: &Table, other: &Table| {
        let parents = one.inherits.iter().filter(|parent| !other.inherits.contains(parent));
        let inherits = parents.cloned().collect::<Vec<_>>();
        let partition = one.partition.clone().filter(|_| one.partition != other.partition);
        (!inherits.is_empty() || partition.is_some()).then_some((inherits, partition))
    };
    let left = only(from, to).map(|(inherits, partition)| TableChange::Leave { inherits, partition });
    let joined = only(to, from).map(|(inherits, partition)| TableChange::Join { inherits, partition });
    (left, joined)
}

fn column_changes(from: &Table, to: &Table, changes: &mut Vec<TableChange>) {
    let generated = |column: &&Column| matches!(column.value, ColumnValue::Generated { .. });
    let before = from
        .columns
        .iter()
        .map(|column| (&column.name, column))
        .collect::<BTreeMap<_, _>>();
    let after = to
        .columns
        .iter()
        .map(|column| (&column.name, column))
        .collect::<BTreeMap<_, _>>();
    // What is computed from a column goes before it and comes after it.
    let dropped = from.columns.iter().filter(|column| !after.contains_key(&column.name));
    let (computed, plain) = dropped.partition::<Vec<_>, _>(generated);
    let dropped = computed.into_iter().chain(plain);
    changes.extend(dropped.cloned().map(TableChange::DropColumn));
    let added = to.columns.iter().filter(|column| !before.contains_key(&column.name));
    let (computed, plain) = added.partition::<Vec<_>, _>(generated);
    let added = plain.into_iter().chain(computed);
    changes.extend(added.cloned().map(TableChange::AddColumn));
    let both = to
        .columns
        .iter()
        .filter_map(|column| Some((*before.get(&column.name)?, column)));
    changes.extend(
        both.filter(|(from, to)| !Facets::between(from, to).is_empty())
            .map(|(from, to)| TableChange::AlterColumn {
                from: from.clone(),
                to: to.clone(),
            }),
    );
}
