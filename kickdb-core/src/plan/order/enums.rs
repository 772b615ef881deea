//! Enums whose values change, and what else changes a type for the columns that are of it.

use std::collections::BTreeMap;

use crate::dialect::Dialect;
use crate::diff::Change;
use crate::ir::{Enum, ObjectId};

/// An enum that gains and loses values gains first and loses last: in between every old and every new row is right.
pub(super) fn widen_then_narrow(change: Change) -> (Option<Change>, Option<Change>) {
    let Change::AlterEnum { from, to, renamed } = change else {
        return (Some(change), None);
    };
    let mut values = from
        .values
        .iter()
        .map(|value| renamed.get(value).unwrap_or(value).clone())
        .collect::<Vec<_>>();
    let kept = values.clone();
    for (at, value) in to.values.iter().enumerate() {
        if !values.contains(value) {
            let before = to.values[..at].iter().rev();
            let after = before
                .filter_map(|value| values.iter().position(|other| other == value))
                .next();
            values.insert(after.map_or(0, |at| at + 1), value.clone());
        }
    }
    if values == to.values {
        return (Some(Change::AlterEnum { from, to, renamed }), None);
    }
    if values == kept && renamed.is_empty() {
        return (None, Some(Change::AlterEnum { from, to, renamed }));
    }
    let between = Enum { values, ..to.clone() };
    let wide = Change::AlterEnum {
        from,
        to: between.clone(),
        renamed,
    };
    let narrow = Change::AlterEnum {
        from: between,
        to,
        renamed: BTreeMap::new(),
    };
    (Some(wide), Some(narrow))
}

/// The types and functions that change and are made again: what is spread by them is gathered meanwhile.
pub(super) fn made_again<'a>(objects: &'a [Change], dialect: &'a dyn Dialect) -> impl Iterator<Item = &'a Change> {
    let comes = |id: &ObjectId| {
        let like = |change: &Change| matches!(change, Change::CreateObject { id: other, .. } if other.kind == id.kind && other.name == id.name);
        objects.iter().any(like)
    };
    objects.iter().filter(move |change| match change {
        Change::AlterObject { id, from, to } => !id.kind.is_callable() || !dialect.alters_in_place(id, from, to),
        Change::DropObject { id, .. } => id.kind.is_callable() && comes(id),
        _ => false,
    })
}
