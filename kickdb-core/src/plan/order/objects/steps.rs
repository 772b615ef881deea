//! What the changes of tables touch and say, step by step.

use std::collections::{BTreeMap, BTreeSet};

use super::classes::Classes;
use super::said::said_by;
use super::says;
use super::weave::Node;
use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange};
use crate::ident::Qualified;
use crate::ir::{ObjectId, ObjectKind, Schema, Table};
use crate::lex::Said;
use crate::plan::order::names::indexes::{dropped_key, keys_of};
use crate::plan::order::names::passed::{coming_counters, going_counters};
use crate::plan::order::parts::drops_part;
use crate::plan::order::rows::named as held;

/// What the changes of tables touch and say.
pub(super) struct Steps {
    pub(super) named: usize,
    /// The first behind those at the beginning that only take something off of tables.
    pub(super) taken_off: usize,
    /// The first of those at the end that drop schemas.
    pub(super) end: usize,
    /// The tables and types that a step touches, by their name in lower case.
    touched: BTreeMap<String, Vec<(usize, Qualified)>>,
    /// The names that an index, key or counter has no more behind a step, where tables and the like share them.
    freed: BTreeMap<Qualified, usize>,
    /// The first step behind the last partition that leaves a table, by that table.
    emptied: BTreeMap<Qualified, usize>,
    /// What the table of a step says before and after it; empty where no object is of a kind that a table can say.
    said: Vec<(usize, Qualified, Said, Said)>,
    /// Those that copy rows.
    copies: BTreeSet<usize>,
    /// The first behind the last column that leaves the type of a view's rows, by the view; where none stays of it.
    pub(super) left: BTreeMap<Qualified, usize>,
}

impl Steps {
    pub(super) fn of<'a>(
        chain: &[Change],
        named: usize,
        to: &Schema,
        dialect: &dyn Dialect,
        nodes: impl Iterator<Item = &'a Node>,
    ) -> Self {
        let nodes = nodes.collect::<Vec<_>>();
        let mut steps = Self {
            named,
            taken_off: named + chain[named..].iter().take_while(|change| takes_off(change)).count(),
            end: chain.len(),
            touched: BTreeMap::new(),
            freed: BTreeMap::new(),
            emptied: BTreeMap::new(),
            said: Vec::new(),
            copies: BTreeSet::new(),
            left: left(&chain[named..], &nodes, to)
                .map(|(name, at)| (name, named + at + 1))
                .collect(),
        };
        while steps.end > named && matches!(chain[steps.end - 1], Change::DropNamespace(_)) {
            steps.end -= 1;
        }
        let tables = nodes.iter().any(|node| node.id.kind.serves_tables());
        let classes = Classes::of(&nodes, dialect);
        let said_by = |table: &Table| classes.with_those_of_keys(said_by(table, dialect), table);
        for (at, change) in chain.iter().enumerate().skip(named) {
            for name in subjects(change, to, dialect) {
                let word = name.name.as_str().to_lowercase();
                steps.touched.entry(word).or_default().push((at, name));
            }
            if dialect.caps().shared_index_names {
                let names = freed(change).into_iter().chain(going_counters(change, dialect));
                steps.freed.extend(names.map(|name| (name, at + 1)));
            }
            steps
                .emptied
                .extend(left_by_partitions(change).map(|name| (name.clone(), at + 1)));
            let (name, before, after) = match change {
                _ if !tables => continue,
                Change::CreateTable(table) => (&table.name, Said::default(), said_by(table)),
                Change::DropTable(table) => (&table.name, said_by(table), Said::default()),
                Change::Repartition { from, to } => {
                    let Some(first) = to.first().or(from.first()) else {
                        continue;
                    };
                    steps.copies.insert(at);
                    let all = |tables: &[Table]| {
                        let mut said = Said::default();
                        tables.iter().for_each(|table| said.extend(&said_by(table)));
                        said
                    };
                    (&first.name, all(from), all(to))
                }
                Change::AlterTable { from, to, .. } => (&to.name, said_by(from), said_by(to)),
                _ => continue,
            };
            steps.said.push((at, name.clone(), before, after));
        }
        steps
    }

    /// The first place after everything that touches what the node says.
    pub(super) fn after_what_it_says(&self, node: &Node) -> usize {
        let said = [&node.uses.held, &node.uses.said, &node.through];
        let words = said.iter().flat_map(|said| said.words());
        let touched = words.filter_map(|word| self.touched.get(word)).flatten();
        let said = touched.filter(|(_, name)| said.iter().any(|said| said.says(name)));
        let own = [Some(&node.id.name), node.id.on.as_ref()];
        let own = own.into_iter().flatten().flat_map(|name| {
            let word = name.name.as_str().to_lowercase();
            let steps = self.touched.get(&word).into_iter().flatten();
            steps.filter(move |(_, touched)| touched == name)
        });
        let named = said.chain(own).map(|(at, _)| at + 1).max().unwrap_or(0).max(self.named);
        let freed = self.freed.get(&node.id.name).filter(|_| !node.id.kind.is_callable());
        let named = named.max(freed.copied().unwrap_or_default());
        // A foreign table may be a partition for the values of one that leaves.
        let emptied = self.emptied.iter().filter(|_| node.id.kind == ObjectKind::VirtualTable);
        let emptied = emptied.filter(|(table, _)| node.uses.held.says(table));
        emptied.map(|(_, at)| *at).fold(named, usize::max)
    }

    /// The first place where no table says it. Some may say it again later, and mean what is made of its name then.
    pub(super) fn after_those_that_said(&self, id: &ObjectId) -> usize {
        let mut saying = BTreeSet::new();
        let mut met = BTreeSet::new();
        for (_, name, before, _) in &self.said {
            if met.insert(name) && says(before, id) {
                saying.insert(name);
            }
        }
        if saying.is_empty() {
            return self.named;
        }
        for (at, name, _, after) in &self.said {
            match says(after, id) {
                true => saying.insert(name),
                false => saying.remove(name),
            };
            if saying.is_empty() {
                return at + 1;
            }
        }
        let last = self.said.iter().rev().find(|(_, _, before, _)| says(before, id));
        last.map_or(self.named, |(at, ..)| at + 1)
    }

    /// The first place where the rows of tables that are spread by it are in others that do not say it.
    pub(super) fn after_those_that_gather(&self, id: &ObjectId) -> usize {
        let mut gather = self
            .said
            .iter()
            .filter(|(at, _, before, after)| self.copies.contains(at) && says(before, id) && !says(after, id));
        gather.next_back().map_or(self.named, |(at, ..)| at + 1)
    }

    /// The last place before a table says it for the first time; before any that says it at all where it stands `beside`
    /// another of its name.
    pub(super) fn before_those_that_say(&self, id: &ObjectId, beside: bool) -> usize {
        let first = self
            .said
            .iter()
            .find(|(_, _, before, after)| says(after, id) && (beside || !says(before, id)));
        first.map_or(self.end, |(at, ..)| *at)
    }
}

/// Where a column leaves the type of a view's rows for the last time, by the view; where none stays of it.
fn left<'a>(chain: &[Change], nodes: &[&'a Node], to: &'a Schema) -> impl Iterator<Item = (Qualified, usize)> {
    let views = nodes
        .iter()
        .filter(|node| matches!(node.id.kind, ObjectKind::View | ObjectKind::MaterializedView));
    let views = views.map(|node| node.id.name.clone()).collect::<BTreeSet<_>>();
    let holds = |table: &Table, view: &Qualified| table.columns.iter().any(|column| held(&column.ty) == Some(view));
    views.into_iter().filter_map(move |view| {
        let leaves = |change: &Change| match change {
            Change::DropTable(table) => holds(table, &view),
            Change::AlterTable { from, to, .. } => holds(from, &view) && !holds(to, &view),
            _ => false,
        };
        let stays = to.tables.values().any(|table| holds(table, &view));
        let at = chain.iter().rposition(leaves).filter(|_| !stays)?;
        Some((view, at))
    })
}

/// Whether the change only drops parts of a table, or defaults.
fn takes_off(change: &Change) -> bool {
    let Change::AlterTable { changes, .. } = change else {
        return false;
    };
    changes.iter().all(|change| {
        drops_part(change)
            || matches!(
                change,
                TableChange::DropPart(Part::ForeignKey(_))
                    | TableChange::DropColumn(_)
                    | TableChange::AlterColumn { .. }
            )
    })
}

/// The tables and types that a change makes, touches or drops.
fn subjects(change: &Change, to: &Schema, dialect: &dyn Dialect) -> Vec<Qualified> {
    match change {
        Change::CreateTable(table) | Change::DropTable(table) => vec![table.name.clone()],
        // What happens to it happens to those below it.
        Change::AlterTable { to: table, .. } => {
            let mut names = vec![table.name.clone()];
            names.extend(to.all_below(&table.name));
            names.extend(coming_counters(change, dialect));
            names
        }
        Change::Fill { table, .. } => vec![table.clone()],
        Change::Repartition { from, to } => from.iter().chain(to).map(|table| table.name.clone()).collect(),
        Change::CreateEnum(e) => vec![e.name.clone()],
        // A type whose values change can take all of its columns along, and those of the types that are made of it.
        Change::AlterEnum { to: e, .. } => {
            let types = made_of(&e.name, to, dialect);
            let users = types.iter().flat_map(|name| to.tables.saying(name));
            let users = users.map(|table| table.name.clone()).collect::<Vec<_>>();
            types.into_iter().chain(users).collect()
        }
        _ => Vec::new(),
    }
}

/// The tables that a change takes partitions from.
fn left_by_partitions(change: &Change) -> impl Iterator<Item = &Qualified> {
    let (gone, changes) = match change {
        Change::DropTable(table) => (table.partition.as_ref(), &[][..]),
        Change::AlterTable { changes, .. } => (None, &changes[..]),
        _ => (None, &[][..]),
    };
    let leaving = changes.iter().filter_map(|change| match change {
        TableChange::Leave { partition, .. } => partition.as_ref(),
        _ => None,
    });
    gone.into_iter().chain(leaving).map(|partition| &partition.of)
}

/// The names of indexes and keys that a change takes from a table.
fn freed(change: &Change) -> Vec<Qualified> {
    let (table, changes) = match change {
        Change::AlterTable { to, changes, .. } => (&to.name, changes),
        Change::DropTable(table) => {
            let keys = keys_of(table).map(|key| key.name().clone());
            let names = table.indexes.keys().cloned().chain(keys);
            return names.map(|name| table.name.sibling(name)).collect();
        }
        _ => return Vec::new(),
    };
    let names = changes.iter().filter_map(|change| match change {
        TableChange::DropPart(Part::Index(index)) => Some(&index.name),
        TableChange::RenameIndex { from, .. } | TableChange::RenameConstraint { from, .. } => Some(from),
        other => dropped_key(other),
    });
    names.map(|name| table.sibling(name.clone())).collect()
}

/// A type and all types that are made of it.
pub(super) fn made_of(name: &Qualified, schema: &Schema, dialect: &dyn Dialect) -> Vec<Qualified> {
    let types = schema
        .objects
        .iter()
        .filter(|(id, _)| matches!(id.kind, ObjectKind::Type | ObjectKind::Domain));
    let mut types = types
        .map(|(id, object)| (&id.name, dialect.uses(id, object).held))
        .collect::<Vec<_>>();
    let (mut found, mut at) = (vec![name.clone()], 0);
    while at < found.len() {
        let (more, rest) = types.into_iter().partition(|(_, said)| said.says(&found[at]));
        types = rest;
        found.extend(more.into_iter().map(|(name, _): (&Qualified, Said)| name.clone()));
        at += 1;
    }
    found
}
