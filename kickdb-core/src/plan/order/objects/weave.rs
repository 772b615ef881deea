//! Where each object stands between the changes of tables.
//!
//! The changes of tables keep their order. An object goes as soon as no table says it any more, and before what it is held
//! to changes; it comes as soon as everything that it says is there, and before the first table that says it.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::retyped;
use super::steps::Steps;
use super::through::Through;
use super::woken::Woken;
use super::{Task, Work, says};
use crate::dialect::{Dialect, Uses};
use crate::diff::Change;
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, ObjectKind, Schema};
use crate::lex::Said;

/// An object that goes, comes or is changed.
pub(super) struct Node {
    pub(super) id: ObjectId,
    change: Change,
    pub(super) uses: Uses,
    /// What it is held to through functions that it calls and that do not change, and through columns that it reads.
    pub(super) through: Said,
    /// The number of the change of a table that it stands before.
    slot: usize,
    /// It goes behind what comes or is changed there, not before.
    late: bool,
}

/// The objects by what is done.
#[derive(Default)]
struct Nodes {
    drops: Vec<Node>,
    /// What comes, or is changed where it is.
    makes: Vec<Node>,
    loosened: Vec<Change>,
}

impl Nodes {
    fn of(tasks: BTreeMap<ObjectId, Task>, slot: usize, dialect: &dyn Dialect) -> Self {
        let mut nodes = Self::default();
        for (id, task) in tasks {
            let node = |change, object: &Object| Node {
                uses: dialect.uses(&id, object),
                through: Said::default(),
                id: id.clone(),
                change,
                slot,
                late: false,
            };
            let own = || id.clone();
            if let Some(object) = task.drop {
                let change = Change::DropObject {
                    id: own(),
                    object: object.clone(),
                };
                nodes.drops.push(node(change, &object));
            }
            if let Some(object) = task.make {
                let change = Change::CreateObject {
                    id: own(),
                    object: object.clone(),
                };
                nodes.makes.push(node(change, &object));
            }
            if let Some((from, to)) = task.loosen {
                nodes.loosened.push(Change::AlterObject { id: own(), from, to });
            }
            if let Some((from, to)) = task.alter {
                let change = Change::AlterObject {
                    id: own(),
                    from,
                    to: to.clone(),
                };
                nodes.makes.push(node(change, &to));
            }
        }
        nodes
    }
}

impl Work<'_> {
    /// The whole list of changes; `named` is where things have their new names.
    pub(super) fn weave(self, chain: Vec<Change>, named: usize, to: &Schema) -> Vec<Change> {
        let Self {
            dialect, tasks, woken, ..
        } = self;
        let staying = to.objects.iter().filter(|(id, _)| !tasks.contains_key(id));
        let through = Through::of(staying, &to.tables, dialect);
        let Nodes {
            drops,
            mut makes,
            loosened,
        } = Nodes::of(tasks, named, dialect);
        for node in &mut makes {
            node.through = through.held_by(&node.uses.held);
        }
        stand_behind_what_they_made_room_for(&mut makes, &drops, (&chain, named, to), &woken, dialect);
        // A type changes when the columns that leave it are gone.
        for node in &mut makes {
            for (_, names) in retyped::changing(std::slice::from_ref(&node.change), to, dialect) {
                let left = retyped::after_those_that_left(&chain, named, &names, dialect);
                node.slot = node.slot.max(left);
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

/// What made room comes behind all that it made room for, and a trigger that is new behind rows that move without anybody having
/// asked for it.
fn stand_behind_what_they_made_room_for(
    makes: &mut [Node],
    drops: &[Node],
    (chain, named, to): (&[Change], usize, &Schema),
    woken: &Woken,
    dialect: &dyn Dialect,
) {
    let aside = drops.iter().map(|node| &node.id).collect::<BTreeSet<_>>();
    let is_behind = |id: &ObjectId| aside.contains(id) || woken.last(id).is_some();
    let behind = makes.iter_mut().filter(|node| is_behind(&node.id));
    let mut behind = behind.peekable();
    if behind.peek().is_none() {
        return;
    }
    let disturbances = chain.iter().enumerate().skip(named).rev();
    let disturbances = disturbances
        .filter_map(|(at, change)| Some((at, dialect.disturbance(change, &chain[at + 1..], to)?)))
        .collect::<Vec<_>>();
    for node in behind {
        let last = disturbances.iter().find(|(_, disturbs)| disturbs(&node.id, &node.uses));
        let last = last.map(|(at, _)| *at).max(woken.last(&node.id));
        node.slot = last.map_or(named, |at| at + 1);
    }
}

/// Objects between the changes of tables: where both stand, first what goes, unless it goes late.
fn merge(chain: Vec<Change>, drops: Vec<Node>, makes: Vec<Node>) -> Vec<Change> {
    let mut slots = BTreeMap::<usize, Vec<Change>>::new();
    let (late, drops) = drops.into_iter().partition::<Vec<_>, _>(|node| node.late);
    for node in drops.into_iter().chain(makes) {
        slots.entry(node.slot).or_default().push(node.change);
    }
    for late in late.chunk_by(|a, b| a.slot == b.slot) {
        let Some(first) = late.first() else { continue };
        let slot = slots.entry(first.slot).or_default();
        // What takes one of their names is behind them.
        let takes = |change: &Change| matches!(change, Change::CreateObject { id, .. } if late.iter().any(|node| node.id.name == id.name));
        let at = slot.iter().position(takes).unwrap_or(slot.len());
        slot.splice(at..at, late.iter().map(|node| node.change.clone()));
    }
    let mut out = Vec::with_capacity(chain.len() + slots.len());
    for (at, change) in chain.into_iter().enumerate() {
        out.extend(slots.remove(&at).into_iter().flatten());
        out.push(change);
    }
    out.extend(slots.into_values().flatten());
    out
}

fn place_drops(mut nodes: Vec<Node>, steps: &Steps) -> Vec<Node> {
    for node in &mut nodes {
        node.slot = match node.id.kind {
            // Nobody can tell by the words what an extension gave, so it stays as long as anything could need it.
            ObjectKind::Extension => steps.end,
            // Nor a cast: what could need it has been taken off first of all.
            ObjectKind::Cast => steps.taken_off,
            kind if kind.serves_tables() => steps.after_those_that_said(&node.id),
            ObjectKind::View | ObjectKind::MaterializedView => {
                let left = steps.left.get(&node.id.name).copied();
                left.unwrap_or(steps.named)
            }
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

/// A type goes when those that were made of it are made of something else, and a function when no type has it any more.
fn wait_for_those_that_let_go(mut drops: Vec<Node>, makes: &[Node], dialect: &dyn Dialect) -> Vec<Node> {
    let held = |node: &Node| match &node.change {
        Change::AlterObject { id, from, .. } if id.kind.serves_tables() && !id.kind.is_callable() => {
            Some((node.slot, id.kind, dialect.uses(id, from).held))
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
        if id.kind.serves_tables() {
            // A function stays for the sake of a range type; a domain is without what calls it by then.
            let holds = |kind: ObjectKind| !id.kind.is_callable() || kind == ObjectKind::Type;
            let last = held.iter().filter(|(_, kind, said)| holds(*kind) && says(said, id));
            let last = last.map(|(slot, ..)| *slot).max();
            // At once, since something may take its name.
            if let Some(last) = last.filter(|last| *last >= drops[at].slot) {
                (drops[at].slot, drops[at].late) = (last, true);
            }
        }
        let place = (drops[at].slot, drops[at].late);
        for &below in &graph.held[at] {
            if (drops[below].slot, drops[below].late) < place {
                (drops[below].slot, drops[below].late) = place;
            }
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
    stand_behind_types_made_again(&mut nodes, &graph, &order, to, dialect);
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

/// What is new and would be in the way of a type that is made again comes behind it.
fn stand_behind_types_made_again(
    nodes: &mut [Node],
    graph: &Graph,
    order: &[usize],
    to: &Schema,
    dialect: &dyn Dialect,
) {
    let altered = nodes
        .iter()
        .filter(|node| matches!(node.change, Change::AlterObject { .. }));
    let again = altered.filter_map(|node| Some((node.slot, dialect.disturbance(&node.change, &[], to)?)));
    let again = again.collect::<Vec<_>>();
    if again.is_empty() {
        return;
    }
    let behind = |node: &Node| {
        let last = again.iter().filter(|(_, disturbs)| disturbs(&node.id, &node.uses));
        match node.change {
            Change::CreateObject { .. } => last.map(|(slot, _)| *slot).max().unwrap_or_default(),
            _ => 0,
        }
    };
    let behind = nodes.iter().map(behind).collect::<Vec<_>>();
    drop(again);
    for &at in order {
        let below = graph.all(at).map(|below| nodes[below].slot).max().unwrap_or_default();
        nodes[at].slot = nodes[at].slot.max(behind[at]).max(below);
    }
}

fn arrange(nodes: Vec<Node>, order: impl Iterator<Item = usize>) -> Vec<Node> {
    let mut nodes = nodes.into_iter().map(Some).collect::<Vec<_>>();
    let mut placed = order.filter_map(|at| nodes[at].take()).collect::<Vec<_>>();
    placed.sort_by_key(|node| (node.slot, node.late));
    placed
}
