use std::collections::{BTreeMap, BTreeSet};

use super::Side;
use super::names::Named;
use super::pick::{Pick, both};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, Enum, Schema, Table, Tables};

/// The three, each thing from the side that changed it.
pub(super) fn together(named: &Named, pick: &mut Pick<'_>) -> Schema {
    let (base, older, younger) = (&named.base, &named.older, &named.younger);
    Schema {
        namespaces: Pick::set(&base.namespaces, &older.namespaces, &younger.namespaces),
        enums: enums(named, pick),
        tables: tables(named, pick),
        objects: pick.map(&base.objects, &older.objects, &younger.objects, ToString::to_string),
        unmanaged: Pick::set(&base.unmanaged, &older.unmanaged, &younger.unmanaged),
    }
}

fn enums(named: &Named, pick: &mut Pick<'_>) -> BTreeMap<Qualified, Enum> {
    let (base, older, younger) = (&named.base.enums, &named.older.enums, &named.younger.enums);
    let names: BTreeSet<&Qualified> = base.keys().chain(older.keys()).chain(younger.keys()).collect();
    let mut out = BTreeMap::new();
    for name in names {
        let all = (base.get(name), older.get(name), younger.get(name));
        let grown = match all {
            (Some(base), Some(older), Some(younger)) if older != younger => grown(base, older, younger),
            _ => None,
        };
        let one = match grown {
            Some(grown) => Some(grown),
            None => pick.one(all.0, all.1, all.2, || format!("enum {name}")),
        };
        out.extend(one.map(|one| (name.clone(), one)));
    }
    out
}

/// Both sides only add values, none of them the same: each stands behind the one that it stood behind.
fn grown(base: &Enum, older: &Enum, younger: &Enum) -> Option<Enum> {
    let keeps = |side: &Enum| {
        let kept = side.values.iter().filter(|value| base.values.contains(value));
        kept.eq(base.values.iter()) && side.comment == base.comment
    };
    let added: Vec<&String> = younger
        .values
        .iter()
        .filter(|value| !base.values.contains(value))
        .collect();
    if !keeps(older) || !keeps(younger) || added.iter().any(|value| older.values.contains(value)) {
        return None;
    }
    let mut values = older.values.clone();
    for (at, value) in younger.values.iter().enumerate() {
        if base.values.contains(value) {
            continue;
        }
        let before = at.checked_sub(1).map(|at| &younger.values[at]);
        let mut place = match before {
            Some(before) => 1 + values.iter().position(|value| value == before)?,
            None => 0,
        };
        // What the older side added at this place stays next to its neighbour.
        while before.is_some()
            && values
                .get(place)
                .is_some_and(|next| !base.values.contains(next) && !added.contains(&next))
        {
            place += 1;
        }
        values.insert(place, value.clone());
    }
    Some(Enum {
        values,
        ..older.clone()
    })
}

fn tables(named: &Named, pick: &mut Pick<'_>) -> Tables {
    let (base, older, younger) = (&named.base.tables, &named.older.tables, &named.younger.tables);
    let names: BTreeSet<&Qualified> = base.keys().chain(older.keys()).chain(younger.keys()).collect();
    let mut out = Tables::default();
    for name in names {
        let same = |a: Option<&Table>, b: Option<&Table>| match (a, b) {
            (Some(a), Some(b)) => a.is_same(b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let (before, old, new) = (base.get(name), older.get(name), younger.get(name));
        let one = match (before, old, new) {
            _ if same(old, new) || same(new, before) => old.cloned(),
            _ if same(old, before) => new.cloned(),
            (Some(before), Some(old), Some(new)) => Some(table(before, old, new, pick)),
            _ => {
                let thing = format!("table {name}");
                match pick.side(&thing, || both(before.is_some(), old.is_some(), new.is_some())) {
                    Side::Older => old.cloned(),
                    Side::Younger => new.cloned(),
                }
            }
        };
        if let Some(one) = one {
            out.insert(name.clone(), one);
        }
    }
    out
}

fn table(base: &Table, older: &Table, younger: &Table, pick: &mut Pick<'_>) -> Table {
    let name = &older.name;
    let part = |kind: &'static str| move |part: &Name| format!("{kind} {name}.{part}");
    let whole = |what: &'static str| move || format!("{what} of table {name}");
    let columns = columns(base, older, younger, pick);
    Table {
        columns,
        primary_key: pick.one(
            base.primary_key.as_ref(),
            older.primary_key.as_ref(),
            younger.primary_key.as_ref(),
            whole("primary key"),
        ),
        uniques: pick.map(&base.uniques, &older.uniques, &younger.uniques, part("unique")),
        foreign_keys: pick.map(
            &base.foreign_keys,
            &older.foreign_keys,
            &younger.foreign_keys,
            part("foreign key"),
        ),
        checks: pick.map(&base.checks, &older.checks, &younger.checks, part("check")),
        exclusions: pick.map(
            &base.exclusions,
            &older.exclusions,
            &younger.exclusions,
            part("exclusion"),
        ),
        indexes: pick.map(&base.indexes, &older.indexes, &younger.indexes, part("index")),
        comment: pick.one(
            base.comment.as_ref(),
            older.comment.as_ref(),
            younger.comment.as_ref(),
            whole("comment"),
        ),
        options: pick.map(&base.options, &older.options, &younger.options, |option| {
            format!("option {option} of table {name}")
        }),
        inherits: pick
            .one(
                Some(&base.inherits),
                Some(&older.inherits),
                Some(&younger.inherits),
                whole("parents"),
            )
            .unwrap_or_default(),
        partition_by: pick.one(
            base.partition_by.as_ref(),
            older.partition_by.as_ref(),
            younger.partition_by.as_ref(),
            whole("partitioning"),
        ),
        partition: pick.one(
            base.partition.as_ref(),
            older.partition.as_ref(),
            younger.partition.as_ref(),
            whole("place"),
        ),
        ..Table::new(name.clone())
    }
}

/// In the order of the older side; what the younger one adds comes last.
fn columns(base: &Table, older: &Table, younger: &Table, pick: &mut Pick<'_>) -> Vec<Column> {
    let added = younger
        .columns
        .iter()
        .filter(|column| older.column(&column.name).is_none());
    let names = older.columns.iter().chain(added).map(|column| &column.name);
    let mut out = Vec::new();
    for name in names {
        let (before, old, new) = (base.column(name), older.column(name), younger.column(name));
        let thing = || format!("column {}.{name}", older.name);
        // A comment stands for itself.
        let comment = |column: Option<&Column>| column.and_then(|column| column.comment.clone());
        let silent = |column: Option<&Column>| {
            column.map(|column| Column {
                comment: None,
                ..column.clone()
            })
        };
        let (silent_before, silent_old, silent_new) = (silent(before), silent(old), silent(new));
        let one = pick.one(silent_before.as_ref(), silent_old.as_ref(), silent_new.as_ref(), thing);
        let Some(mut one) = one else { continue };
        one.comment = match (old, new) {
            (Some(_), Some(_)) => {
                let (before, old, new) = (comment(before), comment(old), comment(new));
                pick.one(before.as_ref(), old.as_ref(), new.as_ref(), || {
                    format!("comment of {}", thing())
                })
            }
            (old, new) => comment(old.or(new)),
        };
        out.push(one);
    }
    out
}
