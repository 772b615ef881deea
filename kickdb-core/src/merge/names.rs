//! What is renamed: before two schemas are compared by name, all three have to call everything by the same names.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::pick::Pick;
use super::{Branches, Side};
use crate::diff::{Change, Renames, TableChange, apply, diff};
use crate::ident::{Name, Qualified};
use crate::ir::Schema;

/// The three schemas under the names that both branches together give.
pub(super) struct Named {
    pub(super) base: Schema,
    pub(super) older: Schema,
    pub(super) younger: Schema,
    /// From the older schema, as it is, to what comes of both.
    pub(super) renames: Renames,
    /// From the younger schema.
    pub(super) lift: Renames,
}

/// New names of one kind of thing, from a branch's own names to those of both together.
type Pairs<N> = BTreeMap<N, N>;

/// Where each thing of the base has gone.
struct Gone<N> {
    /// The base's names to the final ones.
    base: Pairs<N>,
    older: Pairs<N>,
    younger: Pairs<N>,
}

pub(super) fn align(branches: &Branches<'_>, pick: &mut Pick<'_>) -> Named {
    let (base, older, younger) = (branches.base, branches.older, branches.younger);
    let (old, new) = (branches.older_renames, branches.younger_renames);
    let tables = settle(
        &Kind {
            title: "table",
            base: &|name| base.tables.contains_key(name),
            older: &|name| older.tables.contains_key(name),
            younger: &|name| younger.tables.contains_key(name),
            all: base.tables.keys().cloned().collect(),
        },
        &old.tables,
        &new.tables,
        pick,
    );
    let enums = settle(
        &Kind {
            title: "enum",
            base: &|name| base.enums.contains_key(name),
            older: &|name| older.enums.contains_key(name),
            younger: &|name| younger.enums.contains_key(name),
            all: base.enums.keys().cloned().collect(),
        },
        &old.enums,
        &new.enums,
        pick,
    );
    let mut named = Named {
        base: renamed(base, &tables.base, &enums.base),
        older: renamed(older, &tables.older, &enums.older),
        younger: renamed(younger, &tables.younger, &enums.younger),
        renames: pairs(&tables.older, &enums.older),
        lift: pairs(&tables.younger, &enums.younger),
    };
    // From here on the tables have their final names; the renames of columns know them by those of their own branch.
    let of = |renames: &Renames, tables: &Pairs<Qualified>, table: &Qualified| -> Pairs<Name> {
        let own = tables
            .iter()
            .find(|(_, last)| *last == table)
            .map_or(table, |(own, _)| own);
        let pairs = renames.columns.iter().filter(|((of, _), _)| of == own);
        pairs.map(|((_, old), new)| (old.clone(), new.clone())).collect()
    };
    let names: Vec<Qualified> = named.base.tables.keys().cloned().collect();
    for table in names {
        let (old, new) = (of(old, &tables.older, &table), of(new, &tables.younger, &table));
        if old.is_empty() && new.is_empty() {
            continue;
        }
        let has = |schema: &Schema, name: &Name| {
            let table = schema.tables.get(&table);
            table.is_some_and(|table| table.column(name).is_some())
        };
        if !named.older.tables.contains_key(&table) || !named.younger.tables.contains_key(&table) {
            // Dropped by one side: told with the table.
            continue;
        }
        let all = named.base.tables.get(&table).into_iter();
        let all = all
            .flat_map(|table| &table.columns)
            .map(|column| column.name.clone())
            .collect();
        let columns = settle(
            &Kind {
                title: &format!("column {table}."),
                base: &|name| has(&named.base, name),
                older: &|name| has(&named.older, name),
                younger: &|name| has(&named.younger, name),
                all,
            },
            &old,
            &new,
            pick,
        );
        named.base = columns_renamed(&named.base, &table, &columns.base);
        named.older = columns_renamed(&named.older, &table, &columns.older);
        named.younger = columns_renamed(&named.younger, &table, &columns.younger);
        for (pairs, renames) in [
            (&columns.older, &mut named.renames),
            (&columns.younger, &mut named.lift),
        ] {
            let pairs = moved(pairs).into_iter();
            renames
                .columns
                .extend(pairs.map(|(old, new)| ((table.clone(), old), new)));
        }
    }
    parts(&mut named);
    named
}

/// Constraints and indexes whose names one side changed, most often because they follow from another name. Nothing hangs on such
/// a name: where both changed one, the older side's stays.
fn parts(named: &mut Named) {
    let (old, new) = (
        part_names(&named.base, &named.older),
        part_names(&named.base, &named.younger),
    );
    let tables: Vec<Qualified> = named.base.tables.keys().cloned().collect();
    for table in tables {
        let none = PartNames::default();
        let (old, new) = (old.get(&table).unwrap_or(&none), new.get(&table).unwrap_or(&none));
        for kind in [false, true] {
            let (old, new) = (old.of(kind), new.of(kind));
            let all: std::collections::BTreeSet<&Name> = old.keys().chain(new.keys()).collect();
            for name in all {
                let last = old.get(name).or(new.get(name)).unwrap_or(name);
                let (in_old, in_new) = (old.get(name).unwrap_or(name), new.get(name).unwrap_or(name));
                named.base = part_renamed(&named.base, &table, kind, name, last);
                named.older = part_renamed(&named.older, &table, kind, in_old, last);
                named.younger = part_renamed(&named.younger, &table, kind, in_new, last);
            }
        }
    }
}

/// What a branch renamed in a table: constraints and indexes, old to new.
#[derive(Default)]
struct PartNames {
    constraints: Pairs<Name>,
    indexes: Pairs<Name>,
}

impl PartNames {
    fn of(&self, indexes: bool) -> &Pairs<Name> {
        if indexes { &self.indexes } else { &self.constraints }
    }
}

fn part_names(from: &Schema, to: &Schema) -> BTreeMap<Qualified, PartNames> {
    let mut found: BTreeMap<Qualified, PartNames> = BTreeMap::new();
    for change in diff(from, to, &Renames::default()).changes {
        let Change::AlterTable { to, changes, .. } = change else {
            continue;
        };
        for change in changes {
            let names = found.entry(to.name.clone()).or_default();
            match change {
                TableChange::RenameConstraint { from, to } => drop(names.constraints.insert(from, to)),
                TableChange::RenameIndex { from, to } => drop(names.indexes.insert(from, to)),
                _ => {}
            }
        }
    }
    found
}

fn part_renamed(schema: &Schema, table: &Qualified, index: bool, from: &Name, to: &Name) -> Schema {
    let Some(found) = schema.tables.get(table).filter(|_| from != to) else {
        return schema.clone();
    };
    let found = Arc::new(found.clone());
    let (from, to) = (from.clone(), to.clone());
    let change = match index {
        true => TableChange::RenameIndex { from, to },
        false => TableChange::RenameConstraint { from, to },
    };
    let change = Change::AlterTable {
        from: Arc::clone(&found),
        to: found,
        changes: vec![change],
    };
    apply(&[change], schema)
}

fn pairs(tables: &Pairs<Qualified>, enums: &Pairs<Qualified>) -> Renames {
    let mut renames = Renames::default();
    renames.tables = moved(tables);
    renames.enums = moved(enums);
    renames
}

/// One kind of thing that can be renamed, and where a name is to be found.
struct Kind<'a, N> {
    /// What it is called before its name; where it ends in a dot, without a space.
    title: &'a str,
    base: &'a dyn Fn(&N) -> bool,
    older: &'a dyn Fn(&N) -> bool,
    younger: &'a dyn Fn(&N) -> bool,
    all: Vec<N>,
}

fn settle<N: Ord + Clone + std::fmt::Display>(
    kind: &Kind<'_, N>,
    old: &Pairs<N>,
    new: &Pairs<N>,
    pick: &mut Pick<'_>,
) -> Gone<N> {
    let call = |name: &N| match kind.title.ends_with('.') {
        true => format!("{}{name}", kind.title),
        false => format!("{} {name}", kind.title),
    };
    let mut gone = Gone {
        base: Pairs::new(),
        older: Pairs::new(),
        younger: Pairs::new(),
    };
    for name in &kind.all {
        let (by_old, by_new) = (old.get(name), new.get(name));
        let (in_old, in_new) = (by_old.unwrap_or(name), by_new.unwrap_or(name));
        let (has_old, has_new) = ((kind.older)(in_old), (kind.younger)(in_new));
        let last = match (by_old, by_new) {
            (None, None) => name,
            (Some(a), Some(b)) if a == b => a,
            (Some(a), Some(b)) => {
                let message = || format!("the older branch renames it to `{a}`, the younger one to `{b}`");
                match pick.side(&call(name), message) {
                    Side::Older => a,
                    Side::Younger => b,
                }
            }
            (Some(a), None) if !has_new => {
                pick.refuse(
                    call(name),
                    format!("the older branch renames it to `{a}`, the younger one drops it"),
                );
                a
            }
            (None, Some(b)) if !has_old => {
                pick.refuse(
                    call(name),
                    format!("the younger branch renames it to `{b}`, the older one drops it"),
                );
                b
            }
            (Some(a), None) => a,
            (None, Some(b)) => b,
        };
        gone.base.insert(name.clone(), last.clone());
        if has_old {
            gone.older.insert(in_old.clone(), last.clone());
        }
        if has_new {
            gone.younger.insert(in_new.clone(), last.clone());
        }
    }
    // A final name that somebody else has, on any side.
    for (pairs, has, side) in [
        (&gone.base, kind.base, "both branches start from"),
        (&gone.older, kind.older, "the older branch has"),
        (&gone.younger, kind.younger, "the younger branch has"),
    ] {
        let mut ends = std::collections::BTreeSet::new();
        for (own, last) in pairs {
            let occupied = own != last && has(last) && pairs.get(last).is_none_or(|next| next == last);
            if occupied || !ends.insert(last) {
                pick.refuse(
                    call(last),
                    format!("one branch renames `{own}` to it, and {side} another of that name"),
                );
            }
        }
    }
    gone
}

/// Only what really moves.
fn moved<N: Ord + Clone>(pairs: &Pairs<N>) -> Pairs<N> {
    let pairs = pairs.iter().filter(|(own, last)| own != last);
    pairs.map(|(own, last)| (own.clone(), last.clone())).collect()
}

/// In an order in which each name is free; a circle is left out, and was refused.
fn steps<N: Ord + Clone>(pairs: &Pairs<N>) -> Vec<(N, N)> {
    let mut open = moved(pairs);
    let mut steps = Vec::new();
    while let Some(own) = open
        .iter()
        .find(|(_, last)| !open.contains_key(*last))
        .map(|(own, _)| own.clone())
    {
        if let Some(last) = open.remove(&own) {
            steps.push((own, last));
        }
    }
    steps
}

fn renamed(schema: &Schema, tables: &Pairs<Qualified>, enums: &Pairs<Qualified>) -> Schema {
    let tables = steps(tables)
        .into_iter()
        .map(|(from, to)| Change::RenameTable { from, to });
    let enums = steps(enums)
        .into_iter()
        .map(|(from, to)| Change::RenameEnum { from, to });
    apply(&tables.chain(enums).collect::<Vec<_>>(), schema)
}

fn columns_renamed(schema: &Schema, table: &Qualified, columns: &Pairs<Name>) -> Schema {
    let changes: Vec<TableChange> = steps(columns)
        .into_iter()
        .map(|(from, to)| TableChange::RenameColumn { from, to })
        .collect();
    let Some(found) = schema.tables.get(table).filter(|_| !changes.is_empty()) else {
        return schema.clone();
    };
    let found = Arc::new(found.clone());
    let change = Change::AlterTable {
        from: Arc::clone(&found),
        to: found,
        changes,
    };
    apply(&[change], schema)
}
