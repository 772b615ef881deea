use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::apply::adopt_spelling;
use super::carry::Carry;
use super::question::{Question, closest};
use super::renames::{sequence, settle};
use super::values;
use super::{Change, Diff, Facets, Object, Part, PartFacets, Renames, Spares, TableChange, ends};
use crate::ident::{Name, Qualified};
use crate::ir::{
    ByName, Check, Column, ColumnValue, Exclusion, ForeignKey, Index, PrimaryKey, Schema, SqlType, Table, Unique,
};

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

/// How the named parts of one kind differ between two tables.
struct Parts<'a, T> {
    dropped: Vec<&'a T>,
    added: Vec<&'a T>,
    renamed: Vec<(&'a Name, &'a Name)>,
    altered: Vec<TableChange>,
}

impl<'a, T: Named> Parts<'a, T> {
    fn between(from: &'a ByName<T>, to: &'a ByName<T>, may_rename: impl Fn(&Name, &Name) -> bool) -> Self {
        let mut parts = Self {
            dropped: Vec::new(),
            added: Vec::new(),
            renamed: Vec::new(),
            altered: Vec::new(),
        };
        let mut gone = Vec::new();
        for (name, part) in from {
            match to.get(name) {
                Some(other) if other == part => {}
                Some(other) => match altered(part, other) {
                    Some(change) => parts.altered.push(change),
                    // The same name for another thing: engines cannot change one in place.
                    None => parts.dropped.push(part),
                },
                None => gone.push((name, part)),
            }
        }
        for (name, part) in to {
            match from.get(name) {
                Some(other) if other == part || altered(other, part).is_some() => {}
                Some(_) => parts.added.push(part),
                None => {
                    let same = gone
                        .iter()
                        .position(|(old, other)| may_rename(old, name) && other.named(name) == *part);
                    match same {
                        Some(at) => parts.renamed.push((gone.remove(at).0, name)),
                        None => parts.added.push(part),
                    }
                }
            }
        }
        parts.dropped.extend(gone.into_iter().map(|(_, part)| part));
        parts
    }
}

/// The change of a part that need not be made anew.
fn altered<T: Named>(from: &T, to: &T) -> Option<TableChange> {
    let (from, to) = (from.part(), to.part());
    let facets = PartFacets::between(&from, &to);
    // What is not known of the rows can be found out, but not forgotten; and a part cannot be taken out of its index.
    let forgets = facets.validated
        && match &to {
            Part::Check(check) => !check.validated,
            Part::ForeignKey(key) => !key.validated,
            _ => false,
        };
    let leaves = facets.part_of
        && match &from {
            Part::PrimaryKey(key) => key.part_of.is_some(),
            Part::Unique(unique) => unique.part_of.is_some(),
            Part::Index(index) => index.part_of.is_some(),
            _ => false,
        };
    (!facets.definition && !forgets && !leaves).then_some(TableChange::AlterPart { from, to })
}

/// A part of a table that has a name of its own.
trait Named: Clone + PartialEq {
    /// The same under another name.
    fn named(&self, name: &Name) -> Self;
    /// The same as one of all kinds.
    fn part(&self) -> Part;
}

macro_rules! named {
    ($($ty:ident),*) => { $(impl Named for $ty {
        fn named(&self, name: &Name) -> Self {
            Self { name: name.clone(), ..self.clone() }
        }

        fn part(&self) -> Part {
            Part::$ty(self.clone())
        }
    })* };
}
named!(PrimaryKey, Unique, ForeignKey, Check, Exclusion, Index);

/// The names of all constraints of a table. [`TableChange::RenameConstraint`] does not say which kind it means, so a name
/// that several bear (SQLite allows it) cannot be renamed.
struct ConstraintNames<'a>(BTreeMap<&'a Name, usize>);

impl<'a> ConstraintNames<'a> {
    fn of(table: &'a Table) -> Self {
        let mut names = BTreeMap::new();
        let key = table.primary_key.iter().map(|key| &key.name);
        let all = key
            .chain(table.uniques.keys())
            .chain(table.foreign_keys.keys())
            .chain(table.checks.keys())
            .chain(table.exclusions.keys());
        for name in all {
            *names.entry(name).or_insert(0) += 1;
        }
        Self(names)
    }

    fn may_rename(&self, from: &Name, to: &Name) -> bool {
        self.0.get(from) == Some(&1) && !self.0.contains_key(to)
    }
}

fn ask_columns(from: &Table, to: &Table, renames: &Renames, found: &mut Diff) {
    if renames.complete {
        return;
    }
    let dropped = from.columns.iter().filter(|column| to.column(&column.name).is_none());
    let mut added = None;
    for column in dropped {
        let object = Object::Column(to.name.clone(), column.name.clone());
        if renames.dropped.contains(&object) {
            continue;
        }
        let added = added.get_or_insert_with(|| {
            let new = to.columns.iter().filter(|column| from.column(&column.name).is_none());
            new.collect::<Vec<_>>()
        });
        let candidates = added
            .iter()
            .filter(|new| could_become(&column.ty, &new.ty))
            .map(|new| Object::Column(to.name.clone(), new.name.clone()))
            .collect::<Vec<_>>();
        if !candidates.is_empty() {
            found.questions.push(Question {
                candidates: closest(&object, candidates),
                dropped: object,
            });
        }
    }
}

/// Whether values of one type are commonly kept when they become values of the other.
fn could_become(from: &SqlType, to: &SqlType) -> bool {
    use SqlType as T;
    from == to
        || matches!(
            (from, to),
            (
                T::Int { .. } | T::Float { .. } | T::Decimal(_),
                T::Int { .. } | T::Float { .. } | T::Decimal(_)
            ) | (
                T::Text | T::Varchar(_) | T::Char(_) | T::Enum(_) | T::Uuid,
                T::Text | T::Varchar(_) | T::Char(_) | T::Enum(_) | T::Uuid
            ) | (T::Date | T::Timestamp { .. }, T::Date | T::Timestamp { .. })
                | (T::Time { .. }, T::Time { .. })
                | (T::Json { .. }, T::Json { .. })
                | (T::Bool, T::Int { .. })
                | (T::Int { .. }, T::Bool)
                | (T::Array(_), T::Array(_))
        )
}

fn ask_tables(dropped: &[&Arc<Table>], created: &[&Arc<Table>], renames: &Renames, found: &mut Diff) {
    if renames.complete || created.is_empty() {
        return;
    }
    let mut with_column = BTreeMap::<&Name, Vec<usize>>::new();
    for (at, table) in created.iter().enumerate() {
        for column in &table.columns {
            with_column.entry(&column.name).or_default().push(at);
        }
    }
    for table in dropped {
        let object = Object::Table(table.name.clone());
        if renames.dropped.contains(&object) {
            continue;
        }
        let candidates = similar(table, created, &with_column)
            .into_iter()
            .map(|at| Object::Table(created[at].name.clone()))
            .collect::<Vec<_>>();
        if !candidates.is_empty() {
            found.questions.push(Question {
                candidates: closest(&object, candidates),
                dropped: object,
            });
        }
    }
}

/// The created tables with at least half of the columns in common, counted on the smaller side.
fn similar(table: &Table, created: &[&Arc<Table>], with_column: &BTreeMap<&Name, Vec<usize>>) -> BTreeSet<usize> {
    // A column that very many new tables have (`id`, `created_at`) would make this quadratic and says little.
    const COMMON: usize = 64;
    let mut shared = BTreeMap::<usize, usize>::new();
    let mut common = 0;
    for column in &table.columns {
        match with_column.get(&column.name) {
            Some(tables) if tables.len() <= COMMON => {
                for at in tables {
                    *shared.entry(*at).or_default() += 1;
                }
            }
            Some(_) => common += 1,
            None => {}
        }
    }
    shared
        .into_iter()
        .filter(|(at, count)| (count + common) * 2 >= table.columns.len().min(created[*at].columns.len()))
        .map(|(at, _)| at)
        .collect()
}
