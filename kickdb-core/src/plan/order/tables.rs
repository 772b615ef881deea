//! Which table comes, or goes, before which.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::reach::Reach;
use crate::ident::{Name, Qualified};
use crate::ir::{Action, Schema, Table};

/// The tables, by index, each after those of them that its foreign keys point at, and those that it reaches otherwise; and the
/// keys that would close a circle, by the index of their table.
///
/// Linear in tables and keys; among tables that are equally ready the order is the one given.
pub(super) fn creation_order(tables: &[&Table], reach: &Reach<'_>) -> (Vec<usize>, BTreeMap<usize, Vec<Name>>) {
    let position = tables
        .iter()
        .enumerate()
        .map(|(at, table)| (&table.name, at))
        .collect::<BTreeMap<&Qualified, usize>>();
    // A table that is a part of others cannot do without them: of a circle, a key is cut.
    let mut bound = BTreeSet::new();
    let mut waits_for = vec![BTreeMap::<usize, Vec<&Name>>::new(); tables.len()];
    let mut waited_for = vec![BTreeSet::new(); tables.len()];
    for (at, table) in tables.iter().enumerate() {
        for key in table.foreign_keys.values() {
            // A table may point at itself in its own definition.
            if let Some(target) = position.get(&key.references).filter(|target| **target != at) {
                waits_for[at].entry(*target).or_default().push(&key.name);
                waited_for[*target].insert(at);
            }
        }
    }
    let mut below = BTreeMap::<usize, Vec<usize>>::new();
    for (at, table) in tables.iter().enumerate() {
        for parent in table.parents() {
            if let Some(target) = position.get(parent).filter(|target| **target != at) {
                waits_for[at].entry(*target).or_default();
                waited_for[*target].insert(at);
                bound.insert((at, *target));
                below.entry(*target).or_default().push(at);
            }
        }
    }
    // So cannot one whose columns hold rows of others, or whose functions read them.
    for (at, table) in tables.iter().enumerate() {
        let reached = reach.from(table).into_iter().filter_map(|name| position.get(name));
        for target in reached.filter(|target| **target != at) {
            waits_for[at].entry(*target).or_default();
            waited_for[*target].insert(at);
            bound.insert((at, *target));
        }
    }
    // A key to a partitioned table is one to each of its partitions.
    for (at, table) in tables.iter().enumerate() {
        for key in table.foreign_keys.values() {
            let mut parts = position.get(&key.references).map(|at| vec![*at]).unwrap_or_default();
            while let Some(part) = parts.pop() {
                let more = below.get(&part).map(Vec::as_slice).unwrap_or_default();
                parts.extend(more);
                for target in more.iter().filter(|target| **target != at) {
                    waits_for[at].entry(*target).or_default().push(&key.name);
                    waited_for[*target].insert(at);
                }
            }
        }
    }
    let mut ready = (0..tables.len())
        .filter(|at| waits_for[*at].is_empty())
        .collect::<BTreeSet<_>>();
    let mut pending = (0..tables.len())
        .filter(|at| !waits_for[*at].is_empty())
        .collect::<BTreeSet<_>>();
    let mut order = Vec::with_capacity(tables.len());
    let mut cut = BTreeMap::new();
    loop {
        let next = match ready.pop_first() {
            Some(next) => next,
            None => match stuck(&pending, &waits_for, &bound) {
                Some(stuck) => {
                    let names = std::mem::take(&mut waits_for[stuck]).into_values().flatten();
                    cut.insert(stuck, names.cloned().collect());
                    stuck
                }
                None => return (order, cut),
            },
        };
        pending.remove(&next);
        order.push(next);
        for at in std::mem::take(&mut waited_for[next]) {
            waits_for[at].remove(&next);
            if waits_for[at].is_empty() && pending.remove(&at) {
                ready.insert(at);
            }
        }
    }
}

/// One of the tables that wait in a circle, and for keys alone.
fn stuck(
    pending: &BTreeSet<usize>,
    waits_for: &[BTreeMap<usize, Vec<&Name>>],
    bound: &BTreeSet<(usize, usize)>,
) -> Option<usize> {
    let free = |at: &&usize| !waits_for[**at].keys().any(|target| bound.contains(&(**at, *target)));
    pending.iter().find(free).or_else(|| pending.first()).copied()
}

/// The tables, each before those that it points at; and whether some of them point at each other.
pub(super) fn drop_order(tables: &[Arc<Table>], reach: &Reach<'_>) -> (Vec<Arc<Table>>, bool) {
    let (ranked, cut) = creation_order(&tables.iter().map(|table| &**table).collect::<Vec<_>>(), reach);
    let ordered = ranked.into_iter().rev().map(|at| tables[at].clone());
    (ordered.collect(), !cut.is_empty())
}

/// Whether dropping the tables in order could still delete rows elsewhere, or be refused for their own rows, on an engine
/// that deletes the rows of a table before it drops it: a table that stays points at one that goes (SQLite allows that),
/// or one that goes restricts deletes of its own rows or acts on them, which triggers see.
pub(super) fn drop_touches_rows(dropped: &[Arc<Table>], to: &Schema) -> bool {
    let folded = |name: &Qualified| name.name.as_str().to_ascii_lowercase();
    let gone = dropped.iter().map(|table| folded(&table.name)).collect::<BTreeSet<_>>();
    let left_pointing = to
        .tables
        .values()
        .flat_map(|table| table.foreign_keys.values())
        .any(|key| gone.contains(&folded(&key.references)));
    let acts_on_itself = dropped.iter().any(|table| {
        let mut own = table
            .foreign_keys
            .values()
            .filter(|key| folded(&key.references) == folded(&table.name));
        own.any(|key| key.on_delete != Action::NoAction)
    });
    left_pointing || acts_on_itself
}

#[cfg(test)]
mod tests {
    use super::{Reach, creation_order};
    use crate::dialect::ALL;
    use crate::ident::{Name, Qualified};
    use crate::ir::{ForeignKey, Schema, Table};

    fn table(name: &str, targets: &[&str]) -> Table {
        let local = |name: &str| Qualified::local(Name::new(name).unwrap());
        let mut table = Table::new(local(name));
        for target in targets {
            let key = Name::new(format!("{name}_{target}")).unwrap();
            table.foreign_keys.insert(
                key.clone(),
                ForeignKey::new(
                    key,
                    vec![Name::new("a").unwrap()],
                    local(target),
                    vec![Name::new("id").unwrap()],
                ),
            );
        }
        table
    }

    fn ordered(tables: &[Table]) -> (Vec<&str>, Vec<String>) {
        let tables = tables.iter().collect::<Vec<_>>();
        let nothing = Schema::default();
        let (order, cut) = creation_order(&tables, &Reach::of(&nothing, ALL[0]));
        let names = order.iter().map(|at| tables[*at].name.name.as_str()).collect();
        (names, cut.into_values().flatten().map(String::from).collect())
    }

    #[test]
    fn a_table_comes_after_those_it_points_at() {
        let tables = [
            table("a", &["c", "a"]),
            table("b", &[]),
            table("c", &["b"]),
            table("d", &["elsewhere"]),
        ];
        assert_eq!(ordered(&tables), (vec!["b", "c", "a", "d"], vec![]));
    }

    #[test]
    fn a_circle_is_cut_once() {
        let tables = [
            table("a", &["b"]),
            table("b", &["c"]),
            table("c", &["a"]),
            table("d", &["c"]),
        ];
        assert_eq!(ordered(&tables), (vec!["a", "c", "b", "d"], vec!["a_b".to_owned()]));
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let tables = (0..20_000)
            .map(|n| table(&format!("t{n:05}"), &[&format!("t{:05}", n + 1)]))
            .collect::<Vec<_>>();
        let (names, cut) = ordered(&tables);
        assert_eq!((names[0], names.len(), cut.len()), ("t19999", 20_000, 0));
    }
}
