//! Schema × schema → changes.
//!
//! ```
//! use kickdb_core::diff::{Renames, apply, diff};
//! use kickdb_core::ir::Schema;
//!
//! let schema = Schema::default();
//! let found = diff(&schema, &schema, &Renames::default());
//! assert!(found.changes.is_empty() && found.questions.is_empty());
//! assert_eq!(apply(&found.changes, &schema), schema);
//! ```

mod alike;
mod apply;
mod attributes;
mod backfill;
mod carry;
mod change;
mod enums;
mod facets;
mod fill;
mod flags;
mod invert;
mod obeyed;
mod objects;
mod question;
mod removed;
mod renames;
mod show;
mod sql;
mod tables;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;

pub use self::apply::apply;
pub(crate) use self::apply::{apply_one, settle};
pub(crate) use self::attributes::{attribute_name, attributes, lost_attributes};
pub use self::backfill::{Backfills, NeededValue};
use self::carry::Carry;
pub use self::change::{Change, Part, TableChange};
pub use self::facets::{Facets, PartFacets};
pub use self::fill::{FillValues, Filled, fill};
pub use self::invert::invert;
pub use self::question::{Question, Reading};
pub use self::removed::{RemovedValues, removed_enum_values};
pub use self::renames::{Object, Renames};
pub(crate) use self::tables::{copied, regrouped, table_changes};
pub use self::values::OwnValues;
use crate::ident::{Name, Qualified};
use crate::ir::Schema;

/// What turns one schema into another, and what could be read in two ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// The changes, where every question is answered with "it really goes". They can be applied in this order; the order in
    /// which an engine accepts them is for [`plan`](crate::plan::plan) to find.
    pub changes: Vec<Change>,
    /// What was dropped but could have been renamed. Nothing may be written while one is open.
    pub questions: Vec<Question>,
}

/// The changes that turn `from` into `to`. Both are in the normal form of one dialect.
///
/// Things are matched by name, and by `renames`; nothing is ever guessed. What is the same under another name in the same
/// table (an index, a constraint) is a rename, since nothing can be lost by it.
#[must_use]
pub fn diff(from: &Schema, to: &Schema, renames: &Renames) -> Diff {
    let mut found = Diff::default();
    let mut carry = Carry::default();

    let created = to.namespaces.difference(&from.namespaces).cloned();
    found.changes.extend(created.map(Change::CreateNamespace));

    let names = |old: &BTreeMap<Qualified, Qualified>,
                 object: fn(Qualified) -> Object,
                 before: &dyn Fn(&Qualified) -> bool,
                 after: &dyn Fn(&Qualified) -> bool| {
        let pairs = renames::settle(
            old,
            renames.complete,
            |name| renames.once.contains(&object(name.clone())),
            before,
            after,
        );
        let mut spares = Spares::default();
        let steps = renames::sequence(&pairs, before, |name| {
            name.sibling(spares.next(|spare| before(&name.sibling(spare.clone()))))
        });
        (ends(&steps), steps)
    };
    let (ends_of_enums, steps) = names(
        &renames.enums,
        Object::Enum,
        &|name| from.enums.contains_key(name),
        &|name| to.enums.contains_key(name),
    );
    carry.enums = ends_of_enums;
    found
        .changes
        .extend(steps.into_iter().map(|(from, to)| Change::RenameEnum { from, to }));
    let (ends_of_tables, steps) = names(
        &renames.tables,
        Object::Table,
        &|name| from.tables.contains_key(name),
        &|name| to.tables.contains_key(name),
    );
    carry.tables = ends_of_tables;
    found
        .changes
        .extend(steps.into_iter().map(|(from, to)| Change::RenameTable { from, to }));

    let dropped_enums = enums::diff(from, to, renames, &mut carry, &mut found);
    // Objects that go do so before what they rest on, and what comes or changes does so after it.
    let from_types = carry.types(from);
    let named = attributes::rename(&from_types, to, renames, &mut found);
    let objects = objects::Objects::between(&named, to, &carry);
    found.changes.extend(objects.dropped);
    tables::diff(from, to, renames, carry, &mut found);
    found.changes.extend(objects.made);

    found.changes.extend(dropped_enums);
    let dropped = from.namespaces.difference(&to.namespaces).cloned();
    found.changes.extend(dropped.map(Change::DropNamespace));
    found
}

/// Where each name ends up after the steps.
fn ends<N: Ord + Clone>(steps: &[(N, N)]) -> BTreeMap<N, N> {
    let mut origin = BTreeMap::new();
    for (old, new) in steps {
        let first = origin.remove(old).unwrap_or_else(|| old.clone());
        origin.insert(new.clone(), first);
    }
    origin.into_iter().map(|(end, first)| (first, end)).collect()
}

/// Names for what must make room before it goes. They start with `kick_`, so nothing that is left behind by a migration
/// that failed halfway is taken for a table of the user.
#[derive(Debug, Default)]
struct Spares {
    used: usize,
}

impl Spares {
    fn next(&mut self, taken: impl Fn(&Name) -> bool) -> Name {
        loop {
            self.used += 1;
            let name = Name::new(format!("kick_spare_{}", self.used)).expect("it is neither empty nor holds a NUL");
            if !taken(&name) {
                return name;
            }
        }
    }
}
