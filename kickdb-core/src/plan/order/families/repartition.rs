//! Tables whose rows are to be spread another way: no engine changes that in place, so they are made again, with the
//! partitions that they have before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::unfinished::postpone;
use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{ByName, Column, ColumnValue, Schema, Table};
use crate::plan::order::objects::said_by_part;
use crate::plan::order::parts::{columns, drops_part, parts};
use crate::plan::order::rows::Rows;
use crate::plan::order::{Kinds, piece};

/// Takes the tables that are made again out of the other changes. `middle` has the new names, `to` is the end.
///
/// First those of them leave that are partitions of a table that stays.
pub(super) fn take(kinds: &mut Kinds, middle: &Schema, to: &Schema, dialect: &dyn Dialect) -> Vec<Change> {
    let roots = roots(kinds, (middle, to), dialect);
    if roots.is_empty() {
        return Vec::new();
    }
    let held = Rows::of(middle, dialect).held_by(middle);
    let (mut leaves, mut remade, mut done) = (Vec::new(), Vec::new(), BTreeSet::new());
    for root in &roots {
        let above = |other: &Table| other.name != root.name && family(&other.name, to).contains(&root.name);
        if roots.iter().map(|other| &**other).any(above) {
            continue;
        }
        let after = family(&root.name, to);
        // A partition that is to be a table of its own keeps its rows.
        let goes = |name: &Qualified| !to.tables.contains_key(name);
        let before = middle.tables.keys().filter(|name| after.contains(*name));
        let below = family_while(&root.name, middle, |name| goes(name) || after.contains(name));
        let before = before.cloned().chain(below).collect::<BTreeSet<_>>();
        let from = before.iter().filter_map(|name| middle.tables.get(name));
        let from = from.cloned().collect::<Vec<_>>();
        leaves.extend(from.iter().filter_map(|table| leave(table, &before)));
        leaves.extend(filled(root, middle, kinds, dialect));
        let as_said = |name: &Qualified| match *name == root.name {
            // With the defaults that fill its new columns.
            true => Some(&**root),
            false => to.tables.get(name),
        };
        let kept = kept(&root.name, &from, |table| held.contains(&table.name), (to, dialect));
        let made = after.iter().filter_map(as_said).map(|table| {
            let mut made = Table {
                // Foreign keys come when every table and key is as it will be.
                foreign_keys: Default::default(),
                ..table.clone()
            };
            made.columns.extend(kept.iter().cloned());
            if let Some(now) = middle.tables.get(&table.name).filter(|now| held.contains(&now.name)) {
                made.columns = appended(now, &made);
                made.written.in_order = true;
            }
            made
        });
        remade.push(Change::Repartition {
            from,
            to: made.collect(),
        });
        done.extend(before);
        done.extend(after);
    }
    kinds.fills.retain(|table, _| !done.contains(table));
    kinds.create_tables.retain(|table| !done.contains(&table.name));
    kinds.drop_tables.retain(|table| !done.contains(&table.name));
    let mut altered = BTreeSet::new();
    kinds.alter.retain(|change| match change {
        // A second one takes away what only filled the rows.
        Change::AlterTable { to, .. } => !done.contains(&to.name) || !altered.insert(to.name.clone()),
        _ => true,
    });
    leaves.extend(remade);
    leaves
}

/// Takes out of the alterations what goes, or takes another name, of the checks of tables that stay above those that are made
/// again: the server attaches none without all checks of what it is a part of.
pub(in crate::plan::order) fn make_way(alter: &mut [Change], remade: &[Change], middle: &Schema) -> Vec<Change> {
    let made = remade.iter().filter_map(|change| match change {
        Change::Repartition { to, .. } => Some(to),
        _ => None,
    });
    let made = made.flatten().collect::<Vec<_>>();
    let mut above = BTreeSet::new();
    for table in &made {
        let mut place = table.partition.as_ref();
        while let Some(of) = place.map(|place| &place.of) {
            if !made.iter().any(|made| made.name == *of) && !above.insert(of) {
                break;
            }
            place = middle.tables.get(of).and_then(|table| table.partition.as_ref());
        }
    }
    let mut out = Vec::new();
    for change in alter {
        let Change::AlterTable { to, changes, .. } = change else {
            continue;
        };
        let Some(now) = middle.tables.get(&to.name).filter(|_| above.contains(&to.name)) else {
            continue;
        };
        // What a table has from above goes there.
        let from_above = now.partition.as_ref().and_then(|place| middle.tables.get(&place.of));
        let own = |name: &Name| {
            now.checks.contains_key(name) && from_above.is_none_or(|above| !above.checks.contains_key(name))
        };
        let in_the_way = |change: &mut TableChange| match change {
            TableChange::DropPart(Part::Check(check)) => own(&check.name),
            TableChange::RenameConstraint { from, .. } => own(from),
            _ => false,
        };
        let found = changes.extract_if(.., in_the_way).collect::<Vec<_>>();
        out.extend((!found.is_empty()).then(|| piece(&to.name, found)));
    }
    out
}

/// Keys and indexes of partitions that are made again become parts of those above when these are there.
pub(super) fn join_later(remade: &mut [Change], alter: &[Change]) {
    let mut coming = BTreeSet::new();
    for change in alter {
        let Change::AlterTable { to, changes, .. } = change else {
            continue;
        };
        let names = changes.iter().filter_map(|change| match change {
            TableChange::AddPart(part @ (Part::PrimaryKey(_) | Part::Unique(_) | Part::Index(_))) => Some(part.name()),
            _ => None,
        });
        coming.extend(names.map(|name| (to.name.clone(), name.clone())));
    }
    if coming.is_empty() {
        return;
    }
    for change in remade {
        let Change::Repartition { to, .. } = change else {
            continue;
        };
        for table in to {
            let Some(place) = &table.partition else { continue };
            let primary = table.primary_key.iter_mut().map(|key| &mut key.part_of);
            let uniques = table.uniques.values_mut().map(|unique| &mut unique.part_of);
            let indexes = table.indexes.values_mut().map(|index| &mut index.part_of);
            for part_of in primary.chain(uniques).chain(indexes) {
                part_of.take_if(|above| coming.contains(&(place.of.clone(), above.clone())));
            }
        }
    }
}

/// The tables that are made again, each once.
fn roots(kinds: &Kinds, (middle, to): (&Schema, &Schema), dialect: &dyn Dialect) -> Vec<Arc<Table>> {
    let repartitions = |change: &TableChange| matches!(change, TableChange::Repartition { .. });
    let mut roots = BTreeMap::<Qualified, Arc<Table>>::new();
    for change in &kinds.alter {
        let Change::AlterTable {
            from,
            to: table,
            changes,
        } = change
        else {
            continue;
        };
        let top = top(table, to);
        // A column that comes, goes or changes in the tables above does so in all of the family.
        let is_reshaped = top != table.name && kinds.alter.iter().any(|change| reshapes(change, &top));
        if changes.iter().any(repartitions) && !is_reshaped {
            roots.entry(table.name.clone()).or_insert_with(|| table.clone());
        } else if changes
            .iter()
            .any(|change| repartitions(change) || dialect.respreads(from, change))
        {
            // A column has one type in all of the family.
            let altered = kinds.alter.iter().find_map(|change| match change {
                Change::AlterTable { to, .. } if to.name == top => Some(to.clone()),
                _ => None,
            });
            if let Some(table) = altered.or_else(|| to.tables.share(&top)) {
                roots.entry(top).or_insert(table);
            }
        }
    }
    for table in reordered(kinds, (middle, to), dialect) {
        roots.entry(table.name.clone()).or_insert(table);
    }
    roots.into_values().collect()
}

/// The tables whose columns are to stand in an order that no alteration brings about.
fn reordered(kinds: &Kinds, (middle, to): (&Schema, &Schema), dialect: &dyn Dialect) -> Vec<Arc<Table>> {
    let mut altered = BTreeMap::new();
    for change in &kinds.alter {
        if let Change::AlterTable { to, changes, .. } = change {
            altered.entry(&to.name).or_insert((to, changes.as_slice()));
        }
    }
    let mut found = Vec::new();
    for (name, last) in to.tables.shared() {
        let Some(now) = middle.tables.get(name) else { continue };
        let (end, changes) = altered.get(name).copied().unwrap_or((last, &[]));
        let Some(order) = dialect.column_order(end, to) else {
            continue;
        };
        let goes = |name: &Name| {
            let drops =
                |change: &TableChange| matches!(change, TableChange::DropColumn(column) if column.name == *name);
            changes.iter().any(drops)
        };
        let stay = now.columns.iter().map(|column| &column.name).filter(|name| !goes(name));
        let added = changes.iter().filter_map(|change| match change {
            TableChange::AddColumn(column) => Some(&column.name),
            _ => None,
        });
        let columns = order
            .iter()
            .filter_map(|name| end.column(name))
            .cloned()
            .collect::<Vec<_>>();
        if columns.len() == end.columns.len() && !stay.chain(added).eq(&order) {
            found.push(Arc::new(Table {
                columns,
                ..Table::clone(end)
            }));
        }
    }
    if !found.is_empty() {
        // Rows that columns hold as texts meanwhile have their values in the order so far.
        let held = Rows::of(middle, dialect).held_by(middle);
        found.retain(|table| !held.contains(&table.name));
    }
    found
}

/// The columns that go with how the rows of a table were spread, where others hold its rows as texts meanwhile: they are in these
/// texts, and the server drops no such column while rows are spread by it. They go when the texts are read.
fn kept(
    top: &Qualified,
    from: &[Table],
    held: impl Fn(&Table) -> bool,
    (to, dialect): (&Schema, &dyn Dialect),
) -> Vec<Column> {
    let ends = from.iter().find(|table| table.name == *top).zip(to.tables.get(top));
    let Some((now, end)) = ends.filter(|_| from.iter().any(held)) else {
        return Vec::new();
    };
    let keys = from.iter().filter_map(|table| table.partition_by.as_deref());
    let said = keys.map(|key| dialect.said(key)).collect::<Vec<_>>();
    let goes = now
        .columns
        .iter()
        .filter(|column| end.column(&column.name).is_none() && said.iter().any(|said| said.says_word(&column.name)));
    let plain = goes.map(|column| Column {
        nullable: true,
        value: ColumnValue::Required,
        comment: None,
        ..column.clone()
    });
    plain.collect()
}

/// The columns of a table in the order that alterations would leave them in: texts of its rows have their values in that order.
fn appended(now: &Table, end: &Table) -> Vec<Column> {
    let stay = now.columns.iter().filter_map(|column| end.column(&column.name));
    let come = end.columns.iter().filter(|column| now.column(&column.name).is_none());
    let computed = |column: &&Column| matches!(column.value, ColumnValue::Generated { .. });
    let (last, come) = come.partition::<Vec<_>, _>(computed);
    stay.chain(come).chain(last).cloned().collect()
}

/// Whether the change is one of the columns of that table.
fn reshapes(change: &Change, name: &Qualified) -> bool {
    let Change::AlterTable { to, changes, .. } = change else {
        return false;
    };
    to.name == *name
        && changes.iter().any(|change| {
            matches!(
                change,
                TableChange::AddColumn(_) | TableChange::DropColumn(_) | TableChange::AlterColumn { .. }
            )
        })
}

/// The table that a partition is a part of in the end, or itself.
fn top(table: &Table, schema: &Schema) -> Qualified {
    let mut now = table;
    while let Some(above) = now.partition.as_ref().and_then(|place| schema.tables.get(&place.of)) {
        now = above;
    }
    now.name.clone()
}

/// What gathers the rows of tables that are spread by a type before that is made again, and what spreads them afterwards.
pub(in crate::plan::order) fn gather(
    change: &Change,
    schema: &Schema,
    dialect: &dyn Dialect,
) -> (Vec<Change>, Vec<Change>) {
    let (mut before, mut copies, mut after) = (Vec::new(), Vec::new(), Vec::new());
    let spread = |table: &&Table| table.partition.is_none() && table.partition_by.is_some();
    for top in schema.tables.values().filter(spread) {
        let names = family(&top.name, schema);
        let tables = names.iter().filter_map(|name| schema.tables.get(name));
        let tables = tables.collect::<Vec<_>>();
        let Some(plain) = dialect.gathered(&tables, change, schema) else {
            continue;
        };
        for table in schema.tables.values() {
            let own = names.contains(&table.name);
            let keys = table.foreign_keys.values();
            let keys = keys.filter(|key| own || names.contains(&key.references));
            for key in keys {
                if !own {
                    before.push(piece(
                        &table.name,
                        vec![TableChange::DropPart(Part::ForeignKey(key.clone()))],
                    ));
                }
                after.push(piece(
                    &table.name,
                    vec![TableChange::AddPart(Part::ForeignKey(key.clone()))],
                ));
            }
        }
        let tables = tables.into_iter().cloned().collect::<Vec<_>>();
        let without_keys = tables.iter().map(|table| Table {
            foreign_keys: ByName::new(),
            ..table.clone()
        });
        copies.push(Change::Repartition {
            from: vec![plain.clone()],
            to: without_keys.collect(),
        });
        before.push(Change::Repartition {
            from: tables,
            to: vec![plain],
        });
    }
    let unfinished = postpone(&mut Kinds::default(), &mut copies, (schema, schema));
    copies.extend(unfinished);
    copies.extend(after);
    (before, copies)
}

/// Values for rows, in the table as it was: with those columns that are still to come, and of the types that the values are of.
fn filled(root: &Table, middle: &Schema, kinds: &Kinds, dialect: &dyn Dialect) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, value) in kinds.fills.get(&root.name).into_iter().flatten() {
        let there = middle.tables.get(&root.name).and_then(|table| table.column(name));
        let column = root.column(name).map(|column| Column {
            nullable: true,
            ..column.clone()
        });
        match (there, column) {
            (None, Some(column)) => changes.push(piece(&root.name, vec![TableChange::AddColumn(column)])),
            (Some(there), Some(column)) if there.ty != column.ty => {
                let retyped = retyped(&root.name, (there, column), (middle, &changes), dialect);
                changes.extend(retyped);
            }
            _ => {}
        }
        changes.push(Change::Fill {
            table: root.name.clone(),
            column: name.clone(),
            value: value.clone(),
        });
    }
    changes
}

/// What gives a column its new type while the table is as it was, without the parts that say it: a value of that type need be none
/// of the old one. `None` where rows are spread by the column.
fn retyped(
    table: &Qualified,
    (from, to): (&Column, Column),
    (middle, done): (&Schema, &[Change]),
    dialect: &dyn Dialect,
) -> Option<Change> {
    let change = TableChange::AlterColumn {
        from: from.clone(),
        to: Column {
            // It counts in the new table.
            value: match to.value {
                ColumnValue::Identity(..) => ColumnValue::Required,
                value => value,
            },
            ..to
        },
    };
    let family = family(table, middle);
    let mut family = family.iter().filter_map(|name| middle.tables.get(name));
    if family.any(|table| dialect.respreads(table, &change)) {
        return None;
    }
    // The new table comes with its own.
    let says = |part: &Part| columns(part).contains(&&from.name) || said_by_part(part, dialect).says_word(&from.name);
    let parts = middle.tables.get(table).into_iter().flat_map(parts);
    let parts = parts.map(TableChange::DropPart).filter(drops_part);
    let is_gone = |part: &TableChange| {
        let has = |done: &Change| matches!(done, Change::AlterTable { changes, .. } if changes.contains(part));
        done.iter().any(has)
    };
    let parts = parts.filter(|change| change.part().is_some_and(says) && !is_gone(change));
    let mut changes = parts.collect::<Vec<_>>();
    changes.push(change);
    Some(piece(table, changes))
}

/// A table with all partitions below it, each after the one it is a part of.
fn family(top: &Qualified, schema: &Schema) -> Vec<Qualified> {
    family_while(top, schema, |_| true)
}

pub(super) fn family_while(top: &Qualified, schema: &Schema, belongs: impl Fn(&Qualified) -> bool) -> Vec<Qualified> {
    let mut names = vec![top.clone()];
    let mut at = 0;
    while at < names.len() {
        let is_below = |table: &&Table| table.partition.as_ref().is_some_and(|place| place.of == names[at]);
        let below = schema.tables.values().filter(is_below);
        let below = below.map(|table| table.name.clone()).filter(&belongs);
        let below = below.collect::<Vec<_>>();
        names.extend(below);
        at += 1;
    }
    names
}

/// What takes a table out of those that are not made again with it.
fn leave(table: &Table, remade: &BTreeSet<Qualified>) -> Option<Change> {
    let partition = table.partition.clone().filter(|place| !remade.contains(&place.of));
    let inherits = table.inherits.clone();
    let leaves = partition.is_some() || !inherits.is_empty();
    leaves.then(|| piece(&table.name, vec![TableChange::Leave { inherits, partition }]))
}
