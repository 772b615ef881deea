//! Where each object stands between the changes of tables.
//!
//! The changes of tables keep their order. An object goes as soon as no table says it any more, and before what it is held
//! to changes; it comes as soon as everything that it says is there, and before the first table that says it.

use std::collections::{BTreeMap, BTreeSet};

use super::parts::drops_part;
use super::retyped;
use super::woken::Woken;
use super::{Work, said_by, says};
use crate::dialect::{Dialect, Uses};
use crate::diff::{Change, TableChange};
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, ObjectKind, Schema, Table};
use crate::lex::Said;
use crate::plan::order::names::indexes::{dropped_key, keys_of};

/// An object that goes, comes or is changed.
struct Node {
    id: ObjectId,
    change: Change,
    uses: Uses,
    /// What the functions are held to that it calls and that do not change: `SELECT * FROM f()` knows the columns of the table
    /// whose rows `f` gives.
    through: Said,
    /// The number of the change of a table that it stands before.
    slot: usize,
}

impl Work<'_> {
    /// The whole list of changes; `named` is where things have their new names.
    pub(in crate::plan::order) fn weave(self, chain: Vec<Change>, named: usize, to: &Schema) -> Vec<Change> {
        let dialect = self.dialect;
        let woken = Woken::of(&chain, to, self.tables, dialect);
        let (mut drops, mut makes, mut loosened) = (Vec::new(), Vec::new(), Vec::new());
        let kept = to
            .objects
            .iter()
            .filter(|(id, _)| id.kind.is_callable() && !self.tasks.contains_key(id));
        let mut callable = BTreeMap::<String, Vec<(&ObjectId, Said)>>::new();
        for (id, object) in kept {
            let word = id.name.name.as_str().to_lowercase();
            callable
                .entry(word)
                .or_default()
                .push((id, dialect.uses(id, object).held));
        }
        for (id, task) in self.tasks {
            let node = |change, object: &Object| Node {
                uses: dialect.uses(&id, object),
                through: Said::default(),
                id: id.clone(),
                change,
                slot: named,
            };
            if let Some(object) = task.drop {
                let id = id.clone();
                drops.push(node(
                    Change::DropObject {
                        id,
                        object: object.clone(),
                    },
                    &object,
                ));
            }
            if let Some(object) = task.make {
                let id = id.clone();
                makes.push(node(
                    Change::CreateObject {
                        id,
                        object: object.clone(),
                    },
                    &object,
                ));
            }
            if let Some((from, to)) = task.loosen {
                let id = id.clone();
                loosened.push(Change::AlterObject { id, from, to });
            }
            if let Some((from, to)) = task.alter {
                let id = id.clone();
                makes.push(node(
                    Change::AlterObject {
                        id,
                        from,
                        to: to.clone(),
                    },
                    &to,
                ));
            }
        }
        for node in &mut makes {
            let called = node.uses.held.words().filter_map(|word| callable.get(word)).flatten();
            let called = called.filter(|(id, _)| says(&node.uses.held, id));
            let mut through = Said::default();
            called.for_each(|(_, held)| through.extend(held));
            node.through = through;
        }
        // What made room comes behind all that it made room for.
        let aside = drops.iter().map(|node| &node.id).collect::<BTreeSet<_>>();
        let mut behind = makes
            .iter_mut()
            .filter(|node| aside.contains(&node.id))
            .collect::<Vec<_>>();
        if !behind.is_empty() {
            let disturbances = chain.iter().enumerate().skip(named).rev();
            let disturbances = disturbances
                .filter_map(|(at, change)| Some((at, dialect.disturbance(change, &chain[at + 1..], to)?)))
                .collect::<Vec<_>>();
            for node in &mut behind {
                let last = disturbances.iter().find(|(_, disturbs)| disturbs(&node.id, &node.uses));
                let last = last.map(|(at, _)| *at).max(woken.last(&node.id));
                node.slot = last.map_or(named, |at| at + 1);
            }
        }
        // A type changes when the columns that leave it are gone.
        for node in &mut makes {
            let own = retyped::changing(std::slice::from_ref(&node.change), to, dialect);
            for (_, names) in own {
                node.slot = node
                    .slot
                    .max(retyped::after_those_that_left(&chain, named, &names, dialect));
            }
        }
        let steps = Steps::of(&chain, named, to, dialect, drops.iter().chain(&makes));
        let drops = place_drops(drops, &steps);
        // What is made again where it is waits for what would be in its way.
        let makes = place_makes(makes, &drops, &steps, (to, dialect));
        let drops = wait_for_those_that_let_go(drops, &makes, dialect);
        let mut out = merge(chain, drops, makes);
        out.splice(named..named, loosened);
        out
    }
}

/// Objects between the changes of tables: where both stand, first what goes.
fn merge(chain: Vec<Change>, drops: Vec<Node>, makes: Vec<Node>) -> Vec<Change> {
    let mut slots = BTreeMap::<usize, Vec<Change>>::new();
    for node in drops.into_iter().chain(makes) {
        slots.entry(node.slot).or_default().push(node.change);
    }
    let mut out = Vec::with_capacity(chain.len() + slots.len());
    for (at, change) in chain.into_iter().enumerate() {
        out.extend(slots.remove(&at).into_iter().flatten());
        out.push(change);
    }
    out.extend(slots.into_values().flatten());
    out
}

/// What the changes of tables touch and say.
struct Steps {
    named: usize,
    /// The first behind those at the beginning that only take something off of tables.
    taken_off: usize,
    /// The first of those at the end that drop schemas.
    end: usize,
    /// The tables and types that a step touches, by their name in lower case.
    touched: BTreeMap<String, Vec<(usize, Qualified)>>,
    /// The names that an index or key has no more behind a step, where tables and the like share them.
    freed: BTreeMap<Qualified, usize>,
    /// What the table of a step says before and after it; empty where no object is of a kind that a table can say.
    said: Vec<(usize, Qualified, Said, Said)>,
    /// Those that copy rows.
    copies: BTreeSet<usize>,
}

impl Steps {
    fn of<'a>(
        chain: &[Change],
        named: usize,
        to: &Schema,
        dialect: &dyn Dialect,
        mut nodes: impl Iterator<Item = &'a Node>,
    ) -> Self {
        let mut steps = Self {
            named,
            taken_off: named + chain[named..].iter().take_while(|change| takes_off(change)).count(),
            end: chain.len(),
            touched: BTreeMap::new(),
            freed: BTreeMap::new(),
            said: Vec::new(),
            copies: BTreeSet::new(),
        };
        while steps.end > named && matches!(chain[steps.end - 1], Change::DropNamespace(_)) {
            steps.end -= 1;
        }
        let tables = nodes.any(|node| node.id.kind.serves_tables());
        for (at, change) in chain.iter().enumerate().skip(named) {
            for name in subjects(change, to, dialect) {
                let word = name.name.as_str().to_lowercase();
                steps.touched.entry(word).or_default().push((at, name));
            }
            if dialect.caps().shared_index_names {
                steps.freed.extend(freed(change).into_iter().map(|name| (name, at + 1)));
            }
            let (name, before, after) = match change {
                _ if !tables => continue,
                Change::CreateTable(table) => (&table.name, Said::default(), said_by(table, dialect)),
                Change::DropTable(table) => (&table.name, said_by(table, dialect), Said::default()),
                Change::Repartition { from, to } => {
                    let Some(first) = to.first() else { continue };
                    steps.copies.insert(at);
                    let all = |tables: &[Table]| {
                        let mut said = Said::default();
                        tables.iter().for_each(|table| said.extend(&said_by(table, dialect)));
                        said
                    };
                    (&first.name, all(from), all(to))
                }
                Change::AlterTable { from, to, .. } => (&to.name, said_by(from, dialect), said_by(to, dialect)),
                _ => continue,
            };
            steps.said.push((at, name.clone(), before, after));
        }
        steps
    }

    /// The first place after everything that touches what the node says.
    fn after_what_it_says(&self, node: &Node) -> usize {
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
        named.max(freed.copied().unwrap_or_default())
    }

    /// The first place where no table says it. Some may say it again later, and mean what is made of its name then.
    fn after_those_that_said(&self, id: &ObjectId) -> usize {
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
    fn after_those_that_gather(&self, id: &ObjectId) -> usize {
        let mut gather = self
            .said
            .iter()
            .filter(|(at, _, before, after)| self.copies.contains(at) && says(before, id) && !says(after, id));
        gather.next_back().map_or(self.named, |(at, ..)| at + 1)
    }

    /// The last place before a table says it for the first time; before any that says it at all where it stands `beside`
    /// another of its name.
    fn before_those_that_say(&self, id: &ObjectId, beside: bool) -> usize {
        let first = self
            .said
            .iter()
            .find(|(_, _, before, after)| says(after, id) && (beside || !says(before, id)));
        first.map_or(self.end, |(at, ..)| *at)
    }
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
                TableChange::DropForeignKey(_) | TableChange::DropColumn(_) | TableChange::AlterColumn { .. }
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

/// The names of indexes and keys that a change takes from a table.
fn freed(change: &Change) -> Vec<Qualified> {
    let (table, changes) = match change {
        Change::AlterTable { to, changes, .. } => (&to.name, changes),
        Change::DropTable(table) => {
            let keys = keys_of(table).filter_map(|change| dropped_key(&change).cloned());
            let names = table.indexes.keys().cloned().chain(keys);
            return names.map(|name| table.name.sibling(name)).collect();
        }
        _ => return Vec::new(),
    };
    let names = changes.iter().filter_map(|change| match change {
        TableChange::DropIndex(index) => Some(&index.name),
        TableChange::RenameIndex { from, .. } | TableChange::RenameConstraint { from, .. } => Some(from),
        other => dropped_key(other),
    });
    names.map(|name| table.sibling(name.clone())).collect()
}

/// A type and all types that are made of it.
pub(in crate::plan::order) fn made_of(name: &Qualified, schema: &Schema, dialect: &dyn Dialect) -> Vec<Qualified> {
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

fn place_drops(mut nodes: Vec<Node>, steps: &Steps) -> Vec<Node> {
    for node in &mut nodes {
        node.slot = match node.id.kind {
            // Nobody can tell by the words what an extension gave, so it stays as long as anything could need it.
            ObjectKind::Extension => steps.end,
            // Nor a cast: what could need it has been taken off first of all.
            ObjectKind::Cast => steps.taken_off,
            kind if kind.serves_tables() => steps.after_those_that_said(&node.id),
            _ => steps.named,
        };
    }
    let graph = Graph::of(&nodes, |uses| vec![&uses.held]);
    let order = graph.order();
    // Backwards: what is held to another one goes before it.
    for &at in order.iter().rev() {
        let slot = nodes[at].slot;
        for &below in &graph.held[at] {
            nodes[below].slot = nodes[below].slot.max(slot);
        }
    }
    arrange(nodes, order.into_iter().rev())
}

/// A type goes when those that were made of it are made of something else.
fn wait_for_those_that_let_go(mut drops: Vec<Node>, makes: &[Node], dialect: &dyn Dialect) -> Vec<Node> {
    let held = |node: &Node| match &node.change {
        Change::AlterObject { id, from, .. } if id.kind.serves_tables() && !id.kind.is_callable() => {
            Some((node.slot, dialect.uses(id, from).held))
        }
        _ => None,
    };
    let held = makes.iter().filter_map(held).collect::<Vec<_>>();
    if held.is_empty() {
        return drops;
    }
    let graph = Graph::of(&drops, |uses| vec![&uses.held]);
    let order = graph.order();
    for &at in order.iter().rev() {
        let id = &drops[at].id;
        if id.kind.serves_tables() && !id.kind.is_callable() {
            let last = held.iter().filter(|(_, said)| says(said, id)).map(|(slot, _)| slot + 1);
            drops[at].slot = drops[at].slot.max(last.max().unwrap_or_default());
        }
        let slot = drops[at].slot;
        for &below in &graph.held[at] {
            drops[below].slot = drops[below].slot.max(slot);
        }
    }
    arrange(drops, order.into_iter().rev())
}

fn place_makes(
    mut nodes: Vec<Node>,
    drops: &[Node],
    steps: &Steps,
    (to, dialect): (&Schema, &dyn Dialect),
) -> Vec<Node> {
    let mut freed = BTreeMap::<&Qualified, usize>::new();
    for node in drops {
        let slot = freed.entry(&node.id.name).or_default();
        *slot = node.slot.max(*slot);
    }
    let graph = Graph::of(&nodes, |uses| vec![&uses.held, &uses.said]);
    let order = graph.order();
    for &at in &order {
        let mut own = steps.after_what_it_says(&nodes[at]);
        if matches!(nodes[at].change, Change::AlterObject { .. }) {
            own = own.max(steps.after_those_that_gather(&nodes[at].id));
            if let Some(disturbs) = dialect.disturbance(&nodes[at].change, &[], to) {
                let in_the_way = drops.iter().filter(|gone| disturbs(&gone.id, &gone.uses));
                own = own.max(in_the_way.map(|gone| gone.slot).max().unwrap_or_default());
            }
        }
        let free = freed.get(&nodes[at].id.name).copied().unwrap_or_default();
        let below = graph.all(at).map(|below| nodes[below].slot).max().unwrap_or_default();
        nodes[at].slot = nodes[at].slot.max(own).max(free).max(below);
        // It is told of each change that comes after it.
        if nodes[at].id.kind == ObjectKind::EventTrigger {
            nodes[at].slot = steps.end;
        }
    }
    // What a table needs comes before it, and with it whatever that needs: rather too early for something in the body of a
    // function, which the engine can be told not to look at, than too late.
    let mut latest = vec![steps.end; nodes.len()];
    for &at in order.iter().rev() {
        if nodes[at].id.kind.serves_tables() {
            let id = &nodes[at].id;
            let beside = id.kind.is_callable()
                && drops.iter().any(|gone| gone.id.name == id.name && gone.id != *id)
                && !drops.iter().any(|gone| gone.id == *id);
            latest[at] = latest[at].min(steps.before_those_that_say(id, beside));
        }
        nodes[at].slot = nodes[at].slot.min(latest[at]);
        let wanted = latest[at].max(nodes[at].slot);
        for &below in &graph.held[at] {
            latest[below] = latest[below].min(wanted);
        }
        for &below in graph.said[at].difference(&graph.held[at]) {
            // What only a body says need not come before what it is held to itself.
            latest[below] = latest[below].min(wanted.max(nodes[below].slot));
        }
    }
    arrange(nodes, order.into_iter())
}

fn arrange(nodes: Vec<Node>, order: impl Iterator<Item = usize>) -> Vec<Node> {
    let mut nodes = nodes.into_iter().map(Some).collect::<Vec<_>>();
    let mut placed = order.filter_map(|at| nodes[at].take()).collect::<Vec<_>>();
    placed.sort_by_key(|node| node.slot);
    placed
}

/// Which node needs which others.
struct Graph {
    held: Vec<BTreeSet<usize>>,
    said: Vec<BTreeSet<usize>>,
}

impl Graph {
    fn of(nodes: &[Node], names: impl Fn(&Uses) -> Vec<&Said>) -> Self {
        let mut by_name = BTreeMap::<String, Vec<usize>>::new();
        for (at, node) in nodes.iter().enumerate() {
            if node.id.kind.serves_objects() {
                let word = node.id.name.name.as_str().to_lowercase();
                by_name.entry(word).or_default().push(at);
            }
        }
        let mut graph = Self {
            held: vec![BTreeSet::new(); nodes.len()],
            said: vec![BTreeSet::new(); nodes.len()],
        };
        for (at, node) in nodes.iter().enumerate() {
            for (number, said) in names(&node.uses).into_iter().enumerate() {
                let others = said.words().filter_map(|word| by_name.get(word)).flatten();
                let others = others.filter(|other| **other != at && says(said, &nodes[**other].id));
                let into = if number == 0 { &mut graph.held } else { &mut graph.said };
                into[at].extend(others);
            }
            if let Some(on) = &node.id.on {
                let word = on.name.as_str().to_lowercase();
                let others = by_name.get(&word).into_iter().flatten();
                graph.held[at].extend(others.filter(|other| **other != at && nodes[**other].id.name == *on));
            }
        }
        graph
    }

    fn all(&self, at: usize) -> impl Iterator<Item = usize> {
        self.held[at].union(&self.said[at]).copied()
    }

    /// Each after those that it needs; among equals by kind and name. Where they need each other in a circle, what only a
    /// body says counts least.
    fn order(&self) -> Vec<usize> {
        let mut needed_by = vec![Vec::new(); self.held.len()];
        let mut waits = Vec::with_capacity(self.held.len());
        for at in 0..self.held.len() {
            let all = self.all(at).collect::<BTreeSet<_>>();
            for &below in &all {
                needed_by[below].push(at);
            }
            waits.push(all);
        }
        let mut pending = (0..waits.len()).collect::<BTreeSet<_>>();
        let mut ready = pending
            .iter()
            .copied()
            .filter(|at| waits[*at].is_empty())
            .collect::<BTreeSet<_>>();
        let mut order = Vec::with_capacity(waits.len());
        while !pending.is_empty() {
            let next = ready.pop_first().or_else(|| {
                let free = |at: &&usize| self.held[**at].is_disjoint(&pending);
                pending.iter().find(free).or_else(|| pending.first()).copied()
            });
            let Some(next) = next else { break };
            ready.remove(&next);
            pending.remove(&next);
            order.push(next);
            for &above in &needed_by[next] {
                waits[above].remove(&next);
                if waits[above].is_empty() && pending.contains(&above) {
                    ready.insert(above);
                }
            }
        }
        order
    }
}
