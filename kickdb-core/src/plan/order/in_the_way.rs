//! Tables that go before anything is altered, since they would be in the way of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Kinds;
use super::families::takes_the_rest;
use super::names::passed::wanted_by_alterations;
use super::objects::{changing, says_any};
use super::reach::Reach;
use super::rows::{self, Rows};
use super::tables::drop_order;
use crate::dialect::Dialect;
use crate::diff::Change;
use crate::ident::Qualified;
use crate::ir::{Column, Schema, Table};

/// Takes them out of the tables that go, in the order in which they do.
pub(super) fn take(
    kinds: &mut Kinds,
    (middle, to): (&Schema, &Schema),
    families: bool,
    (rows, reach): (Option<&Rows<'_>>, &Reach<'_>),
    dialect: &dyn Dialect,
) -> Vec<Arc<Table>> {
    let made = made(&kinds.create_enums, &kinds.objects);
    let mut made = made.into_iter().cloned().collect::<BTreeSet<_>>();
    if dialect.caps().shared_index_names {
        made.extend(wanted_by_alterations(kinds, dialect));
    }
    let bearing = with_those_below(&made, &kinds.drop_tables);
    let holding = holding(&kinds.drop_tables, middle, to);
    let early = kinds.drop_tables.extract_if(.., |table| {
        bearing.contains(&table.name) || families && (gives_rows(table, middle, to) || holding.contains(&table.name))
    });
    let (mut early, _) = drop_order(&early.collect::<Vec<_>>(), reach);
    // What holds rows of another table, which then may be altered, or go.
    early.extend(
        rows.into_iter()
            .flat_map(|rows| rows::take_holders(&mut kinds.drop_tables, rows, reach)),
    );
    let types = changing(&kinds.objects, middle, dialect);
    let types = types.into_iter().flat_map(|(_, names)| names).collect::<BTreeSet<_>>();
    if !types.is_empty() {
        // What such a table holds need be no value of the type as it will be.
        let of = |column: &Column| says_any(&column.ty, &types, dialect);
        let holding = kinds.drop_tables.iter().filter(|table| table.columns.iter().any(of));
        let holding = holding.map(|table| table.name.clone()).collect();
        early.extend(rows::with_those_that_point(&mut kinds.drop_tables, holding, reach));
    }
    early
}

/// The tables that go and have one of the names, and those below them: they go along.
fn with_those_below(names: &BTreeSet<Qualified>, drop_tables: &[Arc<Table>]) -> BTreeSet<Qualified> {
    let bear = drop_tables.iter().filter(|table| names.contains(&table.name));
    let mut found = bear.map(|table| table.name.clone()).collect::<BTreeSet<_>>();
    let mut known = 0;
    while found.len() > known {
        known = found.len();
        let below = drop_tables
            .iter()
            .filter(|table| table.parents().any(|parent| found.contains(parent)));
        found.extend(below.map(|table| table.name.clone()).collect::<Vec<_>>());
    }
    found
}

/// What comes under a name that a table may have so far.
fn made<'a>(enums: &'a [Change], objects: &'a [Change]) -> BTreeSet<&'a Qualified> {
    let made = enums.iter().chain(objects).filter_map(|change| match change {
        Change::CreateEnum(e) => Some(&e.name),
        Change::CreateObject { id, .. } if id.kind.serves_tables() && !id.kind.is_callable() => Some(&id.name),
        _ => None,
    });
    made.collect()
}

/// Whether it is a partition whose rows another one takes: they change along with all others then.
fn gives_rows(table: &Table, middle: &Schema, to: &Schema) -> bool {
    let place = table.partition.as_ref().filter(|_| table.partition_by.is_none());
    place.is_some_and(|place| takes_the_rest(&place.of, middle) && takes_the_rest(&place.of, to))
}

/// The tables that go and would hold what they are a part of, with those below them: no statement reaches a column that several
/// tables give them.
fn holding(drop_tables: &[Arc<Table>], middle: &Schema, end: &Schema) -> BTreeSet<Qualified> {
    let now = |table: &Arc<Table>| middle.tables.share(&table.name).unwrap_or_else(|| table.clone());
    let goes = drop_tables.iter().map(now).collect::<Vec<_>>();
    let stays = |parent: &Qualified| end.tables.contains_key(parent);
    let several = goes
        .iter()
        .filter(|table| table.inherits.len() > 1 && table.inherits.iter().any(stays));
    let mut found = several.map(|table| table.name.clone()).collect::<BTreeSet<_>>();
    let mut known = 0;
    while found.len() > known {
        known = found.len();
        let below = goes
            .iter()
            .filter(|table| table.inherits.iter().any(|parent| found.contains(parent)));
        let below = below.map(|table| table.name.clone()).collect::<Vec<_>>();
        found.extend(below);
    }
    found
}
