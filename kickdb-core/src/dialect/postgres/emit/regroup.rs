//! Partitions that go while others come into the same table: the old ones step aside, the new ones take the rows that are
//! theirs, and the old ones go.

use std::collections::BTreeSet;

use super::column::push_actions;
use super::create;
use super::repartition::open_to_all;
use crate::dialect::postgres::options;
use crate::dialect::postgres::partition_rows::{catch_all, give_to, insert_all, own_columns};
use crate::dialect::postgres::syntax::{block, ident, literal, qualified};
use crate::dialect::postgres::unvalidated::Unvalidated;
use crate::diff::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Partition, Schema, Table};
use crate::plan::Steps;

pub(super) fn write(
    above: &Qualified,
    (from, to): (&[Table], &[Table]),
    (state, later): (&Schema, &[Change]),
    out: &mut Steps,
) {
    let mut beside = state.clone();
    from.iter().for_each(|table| drop(beside.tables.remove(&table.name)));
    let broken = Unvalidated::of(above, &beside);
    let (before, after) = (broken.drops(None), broken.adds(to));
    let open = |table: &Table| {
        let mut open = open_to_all(table);
        open.checks.retain(|_, check| !broken.holds(check));
        open
    };
    let new = to.iter().map(|table| (table, open(table))).collect::<Vec<_>>();
    let mut around = beside.clone();
    for name in broken.tables() {
        if let Some(table) = around.tables.get_mut(name) {
            table.checks.retain(|_, check| !broken.holds(check));
        }
    }
    before.into_iter().for_each(|sql| out.push(sql));
    let is_top = |table: &&Table| {
        let above = table.partition.as_ref().map(|place| &place.of);
        above.is_some_and(|above| !from.iter().any(|other| other.name == *above))
    };
    let tops = from.iter().filter(is_top).collect::<Vec<_>>();
    for table in &tops {
        let name = qualified(&table.name);
        if let Some(place) = &table.partition {
            let above = qualified(&place.of);
            out.push(format!("ALTER TABLE {above} DETACH PARTITION {name}"));
        }
    }
    give_names(&tops, to, out);
    for (table, open) in new {
        create::table(&open, &around, out);
        around.tables.insert(table.name.clone(), open);
    }
    for old in &tops {
        if catch_all(above, &around).is_some() {
            let (into, old_name) = (qualified(above), qualified(&old.name));
            out.push(insert_all(&into, &own_columns(old), &old_name));
            continue;
        }
        for new in to.iter().filter(|table| table.partition_by.is_none()) {
            out.push_noted(
                take_rows(&old.name, new),
                "a new partition takes the rows that are its own; those that none takes go",
            );
        }
        let place = old.partition.iter();
        let given = place.flat_map(|place| give_to(old, place, &around, &coming_back(above, later)));
        given.for_each(|sql| out.push(sql));
    }
    let names = tops.iter().map(|table| qualified(&table.name)).collect::<Vec<_>>();
    out.push(format!("DROP TABLE {}", names.join(", ")));
    after.into_iter().for_each(|sql| out.push(sql));
    for table in to {
        let all = options::changes(&open_to_all(table).options, &table.options);
        push_actions(&table.name, &all, out);
    }
}

/// The partitions that stand aside until they are back with other bounds.
fn coming_back(above: &Qualified, later: &[Change]) -> Vec<(Qualified, Partition)> {
    let joins = later.iter().filter_map(|change| match change {
        Change::AlterTable { to, changes, .. } => {
            let place = changes.iter().find_map(TableChange::joined)?;
            Some((to.name.clone(), place.clone()))
        }
        _ => None,
    });
    joins.filter(|(_, place)| place.of == *above).collect()
}

/// Indexes of the old ones go first whose names new ones take.
fn give_names(tops: &[&Table], to: &[Table], out: &mut Steps) {
    let keys = |table: &Table| {
        let primary = table.primary_key.iter().map(|key| key.name.clone());
        let uniques = table.uniques.keys().cloned();
        let names = primary.chain(uniques).chain(table.exclusions.keys().cloned());
        names.collect::<Vec<Name>>()
    };
    let taken = to.iter().flat_map(|table| {
        let names = keys(table).into_iter().chain(table.indexes.keys().cloned());
        names.map(|name| table.name.sibling(name)).collect::<Vec<_>>()
    });
    let taken = taken.collect::<BTreeSet<Qualified>>();
    for table in tops {
        let is_taken = |name: &Name| taken.contains(&table.name.sibling(name.clone()));
        for name in keys(table).iter().filter(|name| is_taken(name)) {
            let table = qualified(&table.name);
            out.push(format!("ALTER TABLE {table} DROP CONSTRAINT {}", ident(name)));
        }
        for name in table.indexes.keys().filter(|name| is_taken(name)) {
            out.push(format!("DROP INDEX {}", qualified(&table.name.sibling(name.clone()))));
        }
    }
}

/// The server tells which rows a partition takes.
fn take_rows(old: &Qualified, new: &Table) -> String {
    let (name, columns) = (qualified(&new.name), own_columns(new));
    let takes = format!(
        "INSERT INTO {name} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {} WHERE ",
        qualified(old)
    );
    block(&format!(
        "DECLARE\n  fits text := coalesce(pg_get_partition_constraintdef({}::regclass), 'true');\n\
         BEGIN\n  EXECUTE {} || fits;\nEND",
        literal(&name),
        literal(&takes)
    ))
}
