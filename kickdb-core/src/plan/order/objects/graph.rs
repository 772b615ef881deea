//! Which object needs which others.

use std::collections::{BTreeMap, BTreeSet};

use super::says;
use super::weave::Node;
use crate::dialect::Uses;
use crate::ir::ObjectKind;
use crate::lex::Said;

/// Which node needs which others.
pub(super) struct Graph {
    pub(super) held: Vec<BTreeSet<usize>>,
    pub(super) said: Vec<BTreeSet<usize>>,
}

impl Graph {
    pub(super) fn of(nodes: &[Node], names: impl Fn(&Uses) -> Vec<&Said>) -> Self {
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
        graph.types_after_their_functions(nodes);
        graph.functions_after_transforms(nodes);
        graph
    }

    /// A type that is made of functions over it comes after them.
    fn types_after_their_functions(&mut self, nodes: &[Node]) {
        for at in (0..nodes.len()).filter(|at| nodes[*at].id.kind == ObjectKind::Type) {
            let functions = self.held[at].iter().copied();
            let functions = functions.filter(|below| nodes[*below].id.kind.is_callable());
            for below in functions.collect::<Vec<_>>() {
                self.held[below].remove(&at);
                self.said[below].remove(&at);
            }
        }
    }

    /// A transform has no name that a function could say.
    fn functions_after_transforms(&mut self, nodes: &[Node]) {
        let is_transform = |at: &usize| nodes[*at].id.kind == ObjectKind::Transform;
        let transforms = (0..nodes.len()).filter(is_transform).collect::<Vec<_>>();
        if transforms.is_empty() {
            return;
        }
        for (at, node) in nodes.iter().enumerate() {
            if node.id.kind.is_callable() && node.uses.held.words().any(|word| word == "transform") {
                self.held[at].extend(&transforms);
            }
        }
    }

    pub(super) fn all(&self, at: usize) -> impl Iterator<Item = usize> {
        self.held[at].union(&self.said[at]).copied()
    }

    /// Each after those that it needs; among equals by kind and name. Where they need each other in a circle, what only a
    /// body says counts least.
    pub(super) fn order(&self) -> Vec<usize> {
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
