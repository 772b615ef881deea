use std::collections::{BTreeMap, BTreeSet};

use super::{Conflict, Side};

/// Takes from each side what it changed, and collects what both did.
pub(super) struct Pick<'a> {
    taken: &'a BTreeMap<String, Side>,
    pub(super) conflicts: Vec<Conflict>,
}

impl<'a> Pick<'a> {
    pub(super) fn new(taken: &'a BTreeMap<String, Side>) -> Self {
        Self {
            taken,
            conflicts: Vec::new(),
        }
    }

    /// The answer to what both changed; where there is none, it is asked for, and the older side stands in.
    pub(super) fn side(&mut self, thing: &str, message: impl FnOnce() -> String) -> Side {
        if let Some(side) = self.taken.get(thing) {
            return *side;
        }
        self.conflicts.push(Conflict {
            thing: thing.to_owned(),
            message: message(),
            choice: true,
        });
        Side::Older
    }

    /// Something that no side can be taken for.
    pub(super) fn refuse(&mut self, thing: impl Into<String>, message: impl Into<String>) {
        self.conflicts.push(Conflict {
            thing: thing.into(),
            message: message.into(),
            choice: false,
        });
    }

    /// One thing of three states.
    pub(super) fn one<T: PartialEq + Clone>(
        &mut self,
        base: Option<&T>,
        older: Option<&T>,
        younger: Option<&T>,
        thing: impl FnOnce() -> String,
    ) -> Option<T> {
        if older == younger || younger == base {
            return older.cloned();
        }
        if older == base {
            return younger.cloned();
        }
        let thing = thing();
        match self.side(&thing, || both(base.is_some(), older.is_some(), younger.is_some())) {
            Side::Older => older.cloned(),
            Side::Younger => younger.cloned(),
        }
    }

    /// Things by their names.
    pub(super) fn map<K, T, M>(&mut self, base: &M, older: &M, younger: &M, thing: impl Fn(&K) -> String) -> M
    where
        K: Ord + Clone + 'static,
        T: PartialEq + Clone + 'static,
        M: FromIterator<(K, T)>,
        for<'m> &'m M: IntoIterator<Item = (&'m K, &'m T)>,
    {
        let [base, older, younger] = [base, older, younger].map(|side| side.into_iter().collect::<BTreeMap<_, _>>());
        let keys: BTreeSet<&K> = [&base, &older, &younger]
            .into_iter()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        let picked = keys.into_iter().filter_map(|key| {
            let [base, older, younger] = [&base, &older, &younger].map(|side| side.get(key).copied());
            let one = self.one(base, older, younger, || thing(key))?;
            Some((key.clone(), one))
        });
        picked.collect()
    }

    /// Names without anything behind them.
    pub(super) fn set<K: Ord + Clone>(base: &BTreeSet<K>, older: &BTreeSet<K>, younger: &BTreeSet<K>) -> BTreeSet<K> {
        let kept = |key: &&K| match base.contains(*key) {
            true => older.contains(*key) && younger.contains(*key),
            false => true,
        };
        older.union(younger).filter(kept).cloned().collect()
    }
}

/// What two sides did to one thing.
pub(super) fn both(base: bool, older: bool, younger: bool) -> String {
    match (base, older, younger) {
        (false, ..) => "both branches add it, and not the same",
        (_, false, _) => "the older branch drops it, the younger one changes it",
        (_, _, false) => "the younger branch drops it, the older one changes it",
        _ => "both branches change it, and not into the same",
    }
    .to_owned()
}
