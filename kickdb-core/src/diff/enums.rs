use std::collections::{BTreeMap, BTreeSet};

use super::carry::{Carry, renamed};
use super::question::{Question, closest};
use super::{Change, Diff, Object, Renames};
use crate::ident::Qualified;
use crate::ir::{Enum, Schema};

/// Adds the changes of enums to `found` and their renamed values to `carry`; gives back the enums that go, since those go last.
pub(super) fn diff(from: &Schema, to: &Schema, renames: &Renames, carry: &mut Carry, found: &mut Diff) -> Vec<Change> {
    let before = from
        .enums
        .values()
        .map(|e| {
            let name = renamed(&carry.enums, &e.name).clone();
            (name.clone(), Enum { name, ..e.clone() })
        })
        .collect::<BTreeMap<Qualified, Enum>>();

    let mut altered = Vec::new();
    let mut created = Vec::new();
    for (name, e) in &to.enums {
        let Some(old) = before.get(name) else {
            created.push(e);
            continue;
        };
        if old == e {
            continue;
        }
        let values = renamed_values(old, e, renames);
        ask_values(old, e, &values, renames, found);
        if !values.is_empty() {
            carry.values.insert(name.clone(), values.clone());
        }
        altered.push(Change::AlterEnum {
            from: old.clone(),
            to: e.clone(),
            renamed: values,
        });
    }
    let dropped = before
        .values()
        .filter(|e| !to.enums.contains_key(&e.name))
        .collect::<Vec<_>>();
    ask_enums(&dropped, &created, renames, found);

    found
        .changes
        .extend(created.into_iter().cloned().map(Change::CreateEnum));
    found.changes.extend(altered);
    dropped.into_iter().cloned().map(Change::DropEnum).collect()
}

pub(super) fn renamed_values(from: &Enum, to: &Enum, renames: &Renames) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    from.values
        .iter()
        .filter_map(|old| {
            let new = renames.values.get(&(to.name.clone(), old.clone()))?;
            let holds = !to.values.contains(old) && to.values.contains(new) && !from.values.contains(new);
            (holds && taken.insert(new)).then(|| (old.clone(), new.clone()))
        })
        .collect()
}

pub(super) fn ask_values(
    from: &Enum,
    to: &Enum,
    values: &BTreeMap<String, String>,
    renames: &Renames,
    found: &mut Diff,
) {
    if renames.complete {
        return;
    }
    let object = |value: &String| Object::Value(to.name.clone(), value.clone());
    let added = to
        .values
        .iter()
        .filter(|value| !from.values.contains(value) && !values.values().any(|new| new == *value))
        .map(object)
        .collect::<Vec<_>>();
    let removed = from
        .values
        .iter()
        .filter(|value| !to.values.contains(value) && !values.contains_key(*value))
        .map(object);
    for object in removed {
        if !added.is_empty() && !renames.dropped.contains(&object) {
            found.questions.push(Question {
                candidates: closest(&object, added.clone()),
                dropped: object,
            });
        }
    }
}

fn ask_enums(dropped: &[&Enum], created: &[&Enum], renames: &Renames, found: &mut Diff) {
    if renames.complete {
        return;
    }
    for old in dropped {
        let object = Object::Enum(old.name.clone());
        if renames.dropped.contains(&object) {
            continue;
        }
        let candidates = created
            .iter()
            .filter(|new| alike(&old.values, &new.values))
            .map(|new| Object::Enum(new.name.clone()))
            .collect::<Vec<_>>();
        if !candidates.is_empty() {
            found.questions.push(Question {
                candidates: closest(&object, candidates),
                dropped: object,
            });
        }
    }
}

/// Whether at least half of the values of the smaller list are in both.
fn alike(one: &[String], other: &[String]) -> bool {
    let shared = one.iter().filter(|value| other.contains(value)).count();
    shared > 0 && shared * 2 >= one.len().min(other.len())
}
