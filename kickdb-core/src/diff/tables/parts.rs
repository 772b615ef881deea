//! Constraints and indexes that come, go, change or take another name.

use std::collections::BTreeMap;

use crate::diff::{Part, PartFacets, TableChange};
use crate::ident::Name;
use crate::ir::{ByName, Check, Exclusion, ForeignKey, Index, PrimaryKey, Table, Unique};

/// How the named parts of one kind differ between two tables.
pub(super) struct Parts<'a, T> {
    pub(super) dropped: Vec<&'a T>,
    pub(super) added: Vec<&'a T>,
    pub(super) renamed: Vec<(&'a Name, &'a Name)>,
    pub(super) altered: Vec<TableChange>,
}

impl<'a, T: Named> Parts<'a, T> {
    pub(super) fn between(from: &'a ByName<T>, to: &'a ByName<T>, may_rename: impl Fn(&Name, &Name) -> bool) -> Self {
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
pub(super) fn altered<T: Named>(from: &T, to: &T) -> Option<TableChange> {
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
pub(super) trait Named: Clone + PartialEq {
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
pub(super) struct ConstraintNames<'a>(pub(super) BTreeMap<&'a Name, usize>);

impl<'a> ConstraintNames<'a> {
    pub(super) fn of(table: &'a Table) -> Self {
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

    pub(super) fn may_rename(&self, from: &Name, to: &Name) -> bool {
        self.0.get(from) == Some(&1) && !self.0.contains_key(to)
    }
}
