//! Views under a name that a table takes by being renamed: they go before any rename, and with them what is held to them.
//!
//! A table that got another name often leaves a view under the old one, for programs that still say it. Taken back, the view
//! is in the way.

use std::collections::{BTreeMap, BTreeSet};

use super::Cleared;
use crate::dialect::Dialect;
use crate::diff::{Change, apply, apply_one};
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, ObjectKind, Schema};
use crate::plan::order::objects::{said_by, says};

/// `None` where no view is in the way.
pub(super) fn vacate(from: &Schema, changes: &[Change], dialect: &dyn Dialect) -> Option<Cleared<'static>> {
    let taken = changes.iter().filter_map(|change| match change {
        Change::RenameTable { to, .. } => Some(folded(to)),
        _ => None,
    });
    let taken = taken.collect::<BTreeSet<_>>();
    let in_the_way = |id: &ObjectId| is_relation(id.kind) && taken.contains(&folded(&id.name));
    let mut pending = changes
        .iter()
        .filter_map(|change| match change {
            Change::DropObject { id, .. } if !taken.is_empty() && in_the_way(id) => Some(id.clone()),
            _ => None,
        })
        .filter(|id| from.objects.contains_key(id))
        .collect::<Vec<_>>();
    if pending.is_empty() {
        return None;
    }
    let uses = from
        .objects
        .iter()
        .map(|(id, object)| (id, dialect.uses(id, object).held))
        .collect::<BTreeMap<_, _>>();
    let held_to = |id: &ObjectId, other: &ObjectId| {
        id != other && (uses.get(id).is_some_and(|held| says(held, other)) || id.on.as_ref() == Some(&other.name))
    };
    let mut gone = BTreeSet::new();
    while let Some(id) = pending.pop() {
        let others = from.objects.keys().filter(|other| held_to(other, &id));
        pending.extend(others.filter(|other| !gone.contains(*other)).cloned());
        gone.insert(id);
    }
    // What tables may say cannot go before they let go of it.
    let said = |id: &ObjectId| from.tables.values().any(|table| says(&said_by(table, dialect), id));
    if gone.iter().any(|id| id.kind.serves_tables() && said(id)) {
        return None;
    }
    let to = apply(changes, from);
    let mut rest = changes.to_vec();
    let mut left = from.clone();
    let mut first = Vec::new();
    // What nothing that is left is held to goes next.
    while let Some(id) = gone
        .iter()
        .find(|id| !gone.iter().any(|other| held_to(other, id)))
        .or(gone.first())
        .cloned()
    {
        gone.remove(&id);
        let object = left.objects.remove(&id).expect("it was found there");
        let later = renamed(&id, &object, changes);
        rest.retain(|change| !matches!(change, Change::DropObject { id, .. } if *id == later));
        let altered = rest
            .iter_mut()
            .find(|change| matches!(change, Change::AlterObject { id, .. } if *id == later));
        if let Some(object) = to.objects.get(&later).cloned() {
            let comes = Change::CreateObject { id: later, object };
            match altered {
                Some(change) => *change = comes,
                None => rest.push(comes),
            }
        }
        first.push(Change::DropObject { id, object });
    }
    Some(Cleared::new(first, left, rest))
}

/// Whether it shares its name with tables, and no table says it.
fn is_relation(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::VirtualTable
    )
}

/// To some engines the case of letters makes no other name; what goes anyway may go first on all of them.
fn folded(name: &Qualified) -> String {
    name.to_string().to_lowercase()
}

/// What the object is called when all tables have their new names.
fn renamed(id: &ObjectId, object: &Object, changes: &[Change]) -> ObjectId {
    let mut only = Schema::default();
    only.objects.insert(id.clone(), object.clone());
    let renames = changes
        .iter()
        .filter(|change| matches!(change, Change::RenameTable { .. }));
    renames.for_each(|change| apply_one(change, &mut only));
    only.objects.into_keys().next().unwrap_or_else(|| id.clone())
}
