//! What is made of a type or a collation: domains over it, composite types with an attribute of it, ranges of it, and so on.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::retype::multirange;
use super::uses;
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, ObjectKind, Schema};
use crate::lex::Said;

/// A type that is made of another one.
#[derive(Clone, Copy)]
pub(in crate::dialect::postgres) struct Kin<'a> {
    /// Its name.
    pub(in crate::dialect::postgres) id: &'a ObjectId,
    /// What it is.
    pub(in crate::dialect::postgres) object: &'a Object,
}

/// All of them, each after those that it is made of.
pub(in crate::dialect::postgres) fn kin<'a>(name: &Qualified, schema: &'a Schema) -> Vec<Kin<'a>> {
    made_of(&[name], schema)
}

/// What is made of any of several.
pub(in crate::dialect::postgres) fn made_of<'a>(names: &[&Qualified], schema: &'a Schema) -> Vec<Kin<'a>> {
    let types = Types::of(names, schema);
    // What is found through another one is made of that, and comes behind it.
    let (mut above, mut open) = (BTreeMap::<usize, Vec<usize>>::new(), Vec::new());
    for name in names {
        open.extend(types.saying(name).map(|at| (None, at)));
    }
    while let Some((below, at)) = open.pop() {
        if let Some(below) = below {
            above.entry(below).or_default().push(at);
        }
        if let Entry::Vacant(entry) = above.entry(at) {
            entry.insert(Vec::new());
            let Kin { id, object } = types.all[at].0;
            let other = multirange(id, object).map(|(name, _)| name);
            let own = std::iter::once(&id.name).chain(&other);
            open.extend(own.flat_map(|name| types.saying(name)).map(|next| (Some(at), next)));
        }
    }
    in_order(&above).into_iter().map(|at| types.all[at].0).collect()
}

/// The keys, each before its values; where they are in a circle, one of them first.
fn in_order(above: &BTreeMap<usize, Vec<usize>>) -> Vec<usize> {
    let mut waits = above.keys().map(|at| (*at, 0_usize)).collect::<BTreeMap<_, _>>();
    for next in above.values().flatten() {
        *waits.entry(*next).or_default() += 1;
    }
    let mut ready = waits
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(at, _)| *at)
        .collect::<BTreeSet<_>>();
    let (mut found, mut last) = (Vec::new(), 0);
    while !waits.is_empty() {
        let next = ready.range(last..).next().or_else(|| ready.first()).copied();
        let Some(next) = next.or_else(|| waits.keys().next().copied()) else {
            break;
        };
        ready.remove(&next);
        waits.remove(&next);
        for other in above.get(&next).into_iter().flatten() {
            if let Some(count) = waits.get_mut(other) {
                *count -= 1;
                if *count == 0 {
                    ready.insert(*other);
                }
            }
        }
        found.push(next);
        last = next;
    }
    found
}

/// The types of a schema, and which of them say a word.
struct Types<'a> {
    all: Vec<(Kin<'a>, Said)>,
    by_word: BTreeMap<String, Vec<usize>>,
}

impl<'a> Types<'a> {
    /// All but those of these names.
    fn of(but: &[&Qualified], schema: &'a Schema) -> Self {
        let types = schema
            .objects
            .iter()
            .filter(|(id, _)| matches!(id.kind, ObjectKind::Domain | ObjectKind::Type) && !but.contains(&&id.name));
        let all = types
            .map(|(id, object)| (Kin { id, object }, uses::of(id, object).held))
            .collect::<Vec<_>>();
        let mut by_word = BTreeMap::<String, Vec<usize>>::new();
        for (at, (_, said)) in all.iter().enumerate() {
            for word in said.words() {
                by_word.entry(word.to_owned()).or_default().push(at);
            }
        }
        Self { all, by_word }
    }

    /// Those that say the name, but for the type of that name.
    fn saying(&self, name: &Qualified) -> impl Iterator<Item = usize> {
        let found = self.by_word.get(&name.name.as_str().to_lowercase());
        let said = |at: &usize| {
            let (kin, said) = &self.all[*at];
            kin.id.name != *name && said.says(name)
        };
        found.into_iter().flatten().copied().filter(said)
    }
}

#[cfg(test)]
mod tests {
    use super::kin;
    use crate::dialect::by_name;
    use crate::ident::{Name, Qualified};
    use crate::ir::Schema;

    #[test]
    fn each_comes_behind_what_it_is_made_of() {
        let postgres = by_name("postgres").unwrap();
        let mut schema = Schema::default();
        for sql in [
            "create domain a as z[]",
            "create type b as (mood integer)",
            "create type c as range (subtype = a)",
            "create type y as (x integer, m public.mood)",
            "create domain z as y",
            "create domain other as text",
        ] {
            let (id, object) = postgres.read_object(sql).unwrap();
            schema.objects.insert(id, object);
        }
        let mood = Qualified::local(Name::new("mood").unwrap());
        let found = kin(&mood, &schema)
            .iter()
            .map(|kin| kin.id.name.to_string())
            .collect::<Vec<_>>();
        assert_eq!(found, ["y", "z", "a", "c"]);
    }
}
