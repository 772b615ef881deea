//! Partitions that go while others come into the same table: those take the rows that are theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::repartition::family_while;
use crate::diff::{Change, Part, TableChange, regrouped};
use crate::ident::Qualified;
use crate::ir::{Schema, Table};
use crate::plan::order::names::indexes::keys_of;
use crate::plan::order::{Kinds, piece};

/// What becomes of the partitions, and the foreign keys of the new ones: these come when every table is there.
#[derive(Default)]
pub(in crate::plan::order) struct Regrouped {
    pub(in crate::plan::order) changes: Vec<Change>,
    pub(in crate::plan::order) late: Vec<Change>,
}

impl Regrouped {
    /// The tables whose partitions they are.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Qualified> {
        self.changes.iter().filter_map(|change| match change {
            Change::Repartition { from, to } => regrouped(from, to),
            _ => None,
        })
    }
}

/// Takes such partitions, with those below them, out of the tables that go and come. `middle` has the new names, `end` is the
/// schema after all changes.
pub(super) fn take(kinds: &mut Kinds, middle: &Schema, end: &Schema) -> Regrouped {
    let mut regrouped = Regrouped::default();
    let names = |tables: &[Arc<Table>]| tables.iter().map(|table| table.name.clone()).collect::<BTreeSet<_>>();
    let (dropped, created) = (names(&kinds.drop_tables), names(&kinds.create_tables));
    let goes = below_their_tables(&dropped, middle, end);
    let comes = below_their_tables(&created, end, middle);
    for (above, going) in goes {
        let coming = comes.get(&above).map(Vec::as_slice).unwrap_or_default();
        match rest_of(&above, middle, end) {
            // It takes the rows of plain partitions that go, and gives those that come theirs.
            Some(_) if going.iter().all(|name| is_plain(name, middle)) => continue,
            None if coming.is_empty() => continue,
            _ => {}
        }
        let all = |tops: &[Qualified], schema: &Schema, within: &BTreeSet<Qualified>| {
            let names = tops.iter();
            let names = names.flat_map(|top| family_while(top, schema, |name| within.contains(name)));
            names
                .filter_map(|name| schema.tables.get(&name).cloned())
                .collect::<Vec<_>>()
        };
        let from = all(&going, middle, &dropped);
        let mut to = all(coming, end, &created);
        if is_held(&from, middle.tables.get(&above), &dropped) || gives_names(&from, kinds) {
            continue;
        }
        for table in &mut to {
            let keys = std::mem::take(&mut table.foreign_keys).into_values();
            let keys = keys.map(Part::ForeignKey).map(TableChange::AddPart).collect::<Vec<_>>();
            regrouped
                .late
                .extend((!keys.is_empty()).then(|| piece(&table.name, keys)));
        }
        let among = |tables: &[Table], table: &Table| tables.iter().any(|other| other.name == table.name);
        kinds.drop_tables.retain(|table| !among(&from, table));
        kinds.create_tables.retain(|table| !among(&to, table));
        regrouped.changes.push(Change::Repartition { from, to });
    }
    regrouped
}

/// The partitions among the tables of those that are partitioned before and after, by these.
fn below_their_tables(
    names: &BTreeSet<Qualified>,
    own: &Schema,
    other: &Schema,
) -> BTreeMap<Qualified, Vec<Qualified>> {
    let mut found = BTreeMap::<Qualified, Vec<Qualified>>::new();
    for table in names.iter().filter_map(|name| own.tables.get(name)) {
        let Some(place) = &table.partition else { continue };
        let key = |schema: &Schema| schema.tables.get(&place.of)?.partition_by.clone();
        if key(own).is_some() && key(own) == key(other) {
            found.entry(place.of.clone()).or_default().push(table.name.clone());
        }
    }
    found
}

/// The partition that takes all rows that no other one takes, before and after.
fn rest_of<'a>(above: &'a Qualified, middle: &'a Schema, end: &Schema) -> Option<&'a Table> {
    let takes_the_rest = |table: &Table| {
        let place = table.partition.as_ref().filter(|place| place.of == *above);
        place.is_some_and(|place| place.bound.eq_ignore_ascii_case("default"))
    };
    let mut below = middle.tables.saying(above);
    below.find(|table| takes_the_rest(table) && end.tables.get(&table.name).is_some_and(takes_the_rest))
}

fn is_plain(name: &Qualified, schema: &Schema) -> bool {
    schema
        .tables
        .get(name)
        .is_some_and(|table| table.partition_by.is_none())
}

/// Whether one of them has a foreign key of its own to a table that goes, which would wait for it.
fn is_held(from: &[Table], above: Option<&Table>, dropped: &BTreeSet<Qualified>) -> bool {
    let own = |table: &Table| {
        let keys = table.foreign_keys.values();
        let own = keys.filter(|key| above.is_none_or(|above| !above.foreign_keys.contains_key(&key.name)));
        own.filter(|key| key.references != table.name)
            .any(|key| dropped.contains(&key.references))
    };
    from.iter().any(own)
}

/// Whether another table gets an index by the name of one of theirs.
fn gives_names(from: &[Table], kinds: &Kinds) -> bool {
    let theirs = from.iter().flat_map(|table| {
        let keys = keys_of(table).map(|key| key.name().clone());
        let names = keys.chain(table.indexes.keys().cloned());
        names.map(|name| table.name.sibling(name)).collect::<Vec<_>>()
    });
    let theirs = theirs.collect::<BTreeSet<_>>();
    kinds.alter.iter().any(|change| {
        let Change::AlterTable { to, changes, .. } = change else {
            return false;
        };
        let mut names = changes.iter().filter_map(|change| match change {
            TableChange::AddPart(part) if !matches!(part, Part::ForeignKey(_) | Part::Check(_)) => Some(part.name()),
            TableChange::RenameIndex { to, .. } | TableChange::RenameConstraint { to, .. } => Some(to),
            _ => None,
        });
        names.any(|name| theirs.contains(&to.name.sibling(name.clone())))
    })
}

/// A new partition that is partitioned itself, where another one has its rows so far: it joins when those are there that take
/// them. Gives that.
pub(in crate::plan::order) fn joins_later(table: &mut Arc<Table>, middle: &Schema, end: &Schema) -> Option<Change> {
    let place = table.partition.clone().filter(|_| table.partition_by.is_some())?;
    rest_of(&place.of, middle, end)?;
    let own = Arc::make_mut(table);
    own.partition = None;
    let primary = own.primary_key.iter_mut().map(|key| &mut key.part_of);
    let uniques = own.uniques.values_mut().map(|unique| &mut unique.part_of);
    let indexes = own.indexes.values_mut().map(|index| &mut index.part_of);
    primary
        .chain(uniques)
        .chain(indexes)
        .for_each(|part_of| *part_of = None);
    let join = TableChange::Join {
        inherits: Vec::new(),
        partition: Some(place),
    };
    Some(piece(&table.name, vec![join]))
}
