//! Names that change hands.
//!
//! In each case one thing goes, or takes another name, and another one takes its name; what frees the name must come first,
//! whatever phase it belongs to. Which file is about which names, with an example:
//!
//! * [`foreign_keys`]: table `a` becomes `b`, and MySQL makes `b_ibfk_1` of its key `a_ibfk_1`. All that is planned says the
//!   key's new name. Before the others, which copy what the changes say.
//! * [`sequences`]: the sequence of a serial column becomes that of another table's, or nobody's. It is nobody's while the rest is
//!   done, and is given to its new owner behind all others.
//! * [`drawing`]: a column counts by itself no more, and a column of another table draws from its counter. Nobody does until the
//!   rest is done. Before the sequences, which look for who draws.
//! * [`counters`]: the columns of two tables exchange the names of their counters, or a sequence of nobody's takes one. Those
//!   in the way get spare names first of all.
//! * [`views`]: table `people` becomes `persons` while a view of that name is there. It goes before any table is renamed.
//! * [`types`]: enum `mood` goes and a domain `mood` comes. To whoever says it both are one type, so it is one change; made
//!   when tables have their new names, and before anything looks at the types of columns.
//! * [`passed`]: enum `mood` goes and a view `mood` comes. What says the old one lets go of it first.
//! * [`plain`]: tables with other columns for a while, for those above.
//! * [`indexes`]: table `a` loses index `by_name`, and `b` gets one of that name. It goes before any table is altered, since
//!   those are altered one after the other.
//! * [`from_above`]: a key of a partition has another name than the one above has. Before and after all others.
//! * [`tables`]: table `t` goes and a view `t` comes. Last, when everything has its place: one is moved beside the other, and
//!   both are written as one.

mod counters;
mod drawing;
mod foreign_keys;
pub(super) mod from_above;
pub(super) mod indexes;
pub(super) mod passed;
mod plain;
mod sequences;
pub(super) mod tables;
mod types;
mod views;

use std::borrow::Cow;

pub(in crate::plan) use self::foreign_keys::applied;
use super::Kinds;
use crate::dialect::Dialect;
use crate::diff::{Change, apply};
use crate::ir::Schema;

/// Changes that begin when names are out of the way.
pub(super) struct Cleared<'a> {
    /// What is done first.
    pub(super) first: Vec<Change>,
    /// The schema then.
    pub(super) from: Cow<'a, Schema>,
    /// The changes that are left.
    pub(super) rest: Cow<'a, [Change]>,
    /// What is done when all others are.
    pub(super) last: Vec<Change>,
}

/// Brings out of the way what would be in that of the first phase already.
pub(super) fn clear<'a>(from: &'a Schema, changes: &'a [Change], dialect: &dyn Dialect) -> Cleared<'a> {
    let mut cleared = Cleared {
        first: Vec::new(),
        from: Cow::Borrowed(from),
        rest: Cow::Borrowed(changes),
        last: Vec::new(),
    };
    if let Some(next) = foreign_keys::follow(&cleared.from, &cleared.rest, dialect) {
        cleared.goes_on(next);
    }
    if let Some(next) = drawing::stop(&cleared.from, &cleared.rest, dialect) {
        cleared.goes_on(next);
    }
    if let Some(next) = sequences::release(&cleared.from, &cleared.rest, dialect) {
        cleared.goes_on(next);
    }
    if let Some(next) = counters::uncross(&cleared.from, &cleared.rest, dialect) {
        cleared.goes_on(next);
    }
    if let Some(next) = views::vacate(&cleared.from, &cleared.rest, dialect) {
        cleared.goes_on(next);
    }
    cleared
}

impl Cleared<'static> {
    fn new(first: Vec<Change>, from: Schema, rest: Vec<Change>) -> Self {
        Self {
            first,
            from: Cow::Owned(from),
            rest: Cow::Owned(rest),
            last: Vec::new(),
        }
    }
}

impl Cleared<'_> {
    fn goes_on(&mut self, next: Cleared<'static>) {
        self.first.extend(next.first);
        self.from = next.from;
        self.rest = next.rest;
        self.last.splice(0..0, next.last);
    }
}

/// Gives everything its new name.
pub(super) fn give(kinds: &mut Kinds, from: &Schema, dialect: &dyn Dialect) -> Vec<Change> {
    // Schemas before anything that is made in them or moved to them.
    let mut done = std::mem::take(&mut kinds.create_namespaces);
    // A name that is taken is free after the rename of its holder, which the diff has put before; what replaces a thing in
    // place waits under a spare name (see diff).
    done.append(&mut kinds.renames);
    // A type that takes the name of one of another kind changes with all that is made of it, and first of all.
    let so_far = apply(&done, from);
    done.extend(types::take(kinds, &so_far, dialect));
    if dialect.caps().shared_index_names {
        passed::take(kinds, dialect);
    }
    done
}
