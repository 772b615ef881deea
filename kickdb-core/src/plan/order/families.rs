//! Tables that are parts of others: what happens to one happens to those below it.
//!
//! The diff compares each table for itself. Where a statement on one table reaches into those below, their own changes are
//! what is still missing afterwards, so they are found anew each time.

//! * `leave`: what leaves what, before anything in either changes.
//! * `indexes`, `foreign_keys`: what is let go with it.
//! * `repartition`: tables that are made again, since their rows are to be spread another way.
//! * `regroup`: partitions that go while others come, which take their rows.
//! * `unfinished`: indexes that come when all partitions are there.
//! * `alter`: the alterations themselves, from the top down, and what joins what afterwards.

mod alter;
mod foreign_keys;
mod indexes;
mod leave;
pub(super) mod regroup;
pub(super) mod repartition;
mod unfinished;

pub(super) use self::alter::{alter, from_the_top, join};
use self::regroup::Regrouped;
pub(super) use self::unfinished::before as before_unfinished;
use super::Kinds;
use super::borrowed;
use crate::dialect::Dialect;
use crate::diff::{Change, apply_one};
use crate::ident::Qualified;
use crate::ir::{ForeignKey, Schema, Table};

/// Tables that have come apart.
pub(super) struct Apart {
    /// Whether any table is a part of another, before or after.
    pub(super) any: bool,
    /// The schema then.
    pub(super) middle: Schema,
    /// What makes tables again.
    pub(super) remade: Vec<Change>,
    /// Indexes that come when all partitions have joined.
    pub(super) unfinished: Vec<Change>,
    /// Foreign keys that have gone, and come back, each with its table.
    pub(super) freed: Vec<(Qualified, ForeignKey)>,
    /// Partitions that go while others come.
    pub(super) regrouped: Regrouped,
}

/// Lets tables leave those they are a part of, behind what is `done`. `named` is the schema so far, and `to` that at the end.
pub(super) fn come_apart(
    kinds: &mut Kinds,
    done: &mut Vec<Change>,
    named: Schema,
    (from, to): (&Schema, &Schema),
    dialect: &dyn Dialect,
) -> Apart {
    let any = any(&named) || any(to);
    let mut remade = repartition::take(kinds, &named, to, dialect);
    repartition::join_later(&mut remade, &kinds.alter);
    if !any {
        return Apart {
            any,
            middle: named,
            remade,
            unfinished: Vec::new(),
            freed: Vec::new(),
            regrouped: Regrouped::default(),
        };
    }
    let regrouped = regroup::take(kinds, &named, to);
    leave::several(&mut kinds.alter, &named);
    indexes::loosen(&mut kinds.alter, &named, to);
    leave::with_keys(&mut kinds.alter, &named, to);
    // A table leaves those it is a part of before anything changes in either, and what they count by with them.
    let left = leave::leave(&mut kinds.alter, &kinds.drop_tables, to);
    let (free, freed) = foreign_keys::free(&left, kinds, &named, to, (&remade, &regrouped));
    let let_go = borrowed::let_go(&left, &named, to, dialect);
    done.extend(free);
    done.extend(left);
    done.extend(let_go);
    let middle = replay(done, from, dialect);
    alter::look_again(&mut kinds.alter, &middle, to);
    let unfinished = unfinished::postpone(kinds, &mut remade, (&middle, to));
    Apart {
        any,
        middle,
        remade,
        unfinished,
        freed,
        regrouped,
    }
}

/// Whether any table is a part of another.
fn any(schema: &Schema) -> bool {
    schema.tables.values().any(|table| table.parents().next().is_some())
}

/// The schema after the changes, with what they do to tables below.
pub(super) fn replay(changes: &[Change], from: &Schema, dialect: &dyn Dialect) -> Schema {
    let mut state = from.clone();
    for change in changes {
        apply_one(change, &mut state);
        dialect.spread(change, &mut state);
    }
    state
}

/// Whether a partition of the table takes the rows that no other one takes.
pub(super) fn takes_the_rest(of: &Qualified, schema: &Schema) -> bool {
    let is_part = |table: &Table| table.partition.as_ref().is_some_and(|place| place.of == *of);
    schema
        .tables
        .saying(of)
        .any(|table| is_part(table) && is_the_rest(table))
}

/// Whether the table is such a partition.
pub(super) fn is_the_rest(table: &Table) -> bool {
    let place = table.partition.as_ref();
    place.is_some_and(|place| place.bound.eq_ignore_ascii_case("default"))
}
