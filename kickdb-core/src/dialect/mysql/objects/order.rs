//! The order of the triggers of one table and moment.
//!
//! The server keeps it as numbers; a statement says it by `FOLLOWS` and `PRECEDES`, and stands behind all others where it says
//! neither (<https://mariadb.com/kb/en/create-trigger/>).

use std::collections::BTreeMap;

use super::define::FOR_EACH_ROW;
use super::read::moment;
use crate::dialect::mysql::syntax::ident;
use crate::ident::Name;
use crate::ir::{Object, ObjectId, ObjectKind, Schema};

/// The place of a trigger among those of the same table and moment, where it is not the first.
pub(in crate::dialect::mysql) const ORDER: &str = "order";
/// The trigger that it is declared to stand behind, or before; in normal form it has its place instead.
pub(super) const FOLLOWS: &str = "follows";
pub(super) const PRECEDES: &str = "precedes";

type Objects = BTreeMap<ObjectId, Object>;

/// Gives triggers that are declared their places: as if they were made by name, each after the one that it names.
pub(in crate::dialect::mysql) fn number(objects: &mut Objects) {
    for group in groups(objects) {
        let facet = |id: &ObjectId, facet: &str| objects.get(id).and_then(|object| object.facets.get(facet).cloned());
        // What comes from a server has its places already.
        let told = group.iter().any(|id| facet(id, ORDER).is_some());
        let placed = if told { Vec::new() } else { in_order(&group, &facet) };
        for id in &group {
            if let Some(object) = objects.get_mut(id) {
                object.facets.remove(FOLLOWS);
                object.facets.remove(PRECEDES);
            }
        }
        for (at, id) in placed.iter().enumerate().skip(1) {
            if let Some(object) = objects.get_mut(id) {
                object.facets.insert(ORDER.to_owned(), (at + 1).to_string());
            }
        }
    }
}

/// The triggers that share a table and a moment, by name.
fn groups(objects: &Objects) -> Vec<Vec<ObjectId>> {
    let mut groups = BTreeMap::<_, Vec<ObjectId>>::new();
    for (id, object) in objects.iter().filter(|(id, _)| id.kind == ObjectKind::Trigger) {
        let of = (id.on.clone(), moment(&object.sql));
        groups.entry(of).or_default().push(id.clone());
    }
    groups.into_values().collect()
}

fn in_order(group: &[ObjectId], facet: &dyn Fn(&ObjectId, &str) -> Option<String>) -> Vec<ObjectId> {
    let beside = |id: &ObjectId| {
        let follows = facet(id, FOLLOWS).map(|name| (name, 1));
        follows.or_else(|| facet(id, PRECEDES).map(|name| (name, 0)))
    };
    let same = |id: &ObjectId, name: &str| id.name.name.as_str().eq_ignore_ascii_case(name);
    let mut placed = Vec::<ObjectId>::new();
    let mut waiting = group.to_vec();
    while !waiting.is_empty() {
        let place = |id: &ObjectId| match beside(id) {
            None => Some(placed.len()),
            Some((name, behind)) => Some(placed.iter().position(|other| same(other, &name))? + behind),
        };
        // Those that name each other in a circle, or one that is not there, begin with the first by name.
        let next = waiting.iter().position(|id| place(id).is_some()).unwrap_or(0);
        let id = waiting.remove(next);
        let at = place(&id).unwrap_or(placed.len());
        placed.insert(at, id);
    }
    placed
}

fn place(object: &Object) -> usize {
    let place = object.facets.get(ORDER).and_then(|place| place.parse().ok());
    place.unwrap_or(1)
}

/// The others of the same table and moment, in order.
fn others<'a>(id: &ObjectId, object: &Object, schema: &'a Schema) -> Vec<(usize, &'a ObjectId)> {
    let own = moment(&object.sql);
    let others = schema.objects.iter().filter(|(other, object)| {
        other.kind == ObjectKind::Trigger && other.on == id.on && *other != id && moment(&object.sql) == own
    });
    let mut others: Vec<(usize, &ObjectId)> = others.map(|(other, object)| (place(object), other)).collect();
    others.sort();
    others
}

/// The statement that makes a trigger in its place among those of the same table and moment that are there.
pub(super) fn placed(id: &ObjectId, object: &Object, state: &Schema) -> String {
    let others = others(id, object, state);
    let own = place(object);
    let before = others.iter().rev().find(|(place, _)| *place < own);
    let after = others.iter().find(|(place, _)| *place >= own);
    match (before, after) {
        // What comes is the last one anyway.
        (_, None) => object.sql.clone(),
        (Some((_, other)), _) => beside(object, "FOLLOWS", &other.name.name),
        (None, Some((_, other))) => beside(object, "PRECEDES", &other.name.name),
    }
}

/// The statement from which, among those of the schema, the trigger gets its place: it says none where the names do.
pub(super) fn declared(id: &ObjectId, object: &Object, schema: &Schema) -> String {
    let others = others(id, object, schema);
    let own = place(object);
    let by_name = |(place, other): &(usize, &ObjectId)| (*place < own) == (other.name < id.name);
    let sorted = others.is_sorted_by_key(|(_, other)| &other.name) && others.iter().all(by_name);
    match others.iter().rev().find(|(place, _)| *place < own) {
        Some((_, other)) if !sorted => beside(object, "FOLLOWS", &other.name.name),
        _ => object.sql.clone(),
    }
}

fn beside(object: &Object, word: &str, other: &Name) -> String {
    let said = format!("{FOR_EACH_ROW} {word} {}", ident(other));
    object.sql.replacen(FOR_EACH_ROW, &said, 1)
}
