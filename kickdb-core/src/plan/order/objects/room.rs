//! Which objects make room for the changes.

use std::collections::{BTreeMap, BTreeSet};

use super::through::Through;
use super::woken::Woken;
use super::{Task, Work, says};
use crate::dialect::{Dialect, Uses};
use crate::diff::{Change, apply_one};
use crate::ir::{Object, ObjectId, Schema};

impl Work<'_> {
    /// What belongs to a table goes with it, without a statement of its own; unless something that it says goes or changes, too,
    /// and would find it in its way, or another table gets one of its name before.
    pub(super) fn leave_to_tables(&mut self, chain: &[Change], to: &Schema) {
        let dropped = chain.iter().filter_map(|change| match change {
            Change::DropTable(table) => Some(&table.name),
            _ => None,
        });
        let dropped = dropped.collect::<BTreeSet<_>>();
        let goes = |task: &Task| task.make.is_none() && task.alter.is_none();
        let others = self
            .tasks
            .iter()
            .filter(|(id, task)| goes(task) && id.kind.serves_objects());
        let others = others.map(|(id, _)| id.clone()).collect::<Vec<_>>();
        let comes = self
            .tasks
            .iter()
            .filter(|(id, task)| id.on.is_some() && task.make.is_some());
        let comes = comes.map(|(id, _)| (id.kind, id.name.clone())).collect::<BTreeSet<_>>();
        let dialect = self.dialect;
        self.tasks.retain(|id, task| {
            let (Some(object), true) = (&task.drop, id.on.as_ref().is_some_and(|on| dropped.contains(on))) else {
                return true;
            };
            let uses = dialect.uses(id, object);
            let is_own =
                |change: &Change| matches!(change, Change::DropTable(table) if id.on.as_ref() == Some(&table.name));
            let in_the_way = |(at, change): (usize, &Change)| {
                !is_own(change) && dialect.disturbs(change, &chain[at + 1..], to, id, &uses)
            };
            !goes(task)
                || comes.contains(&(id.kind, id.name.clone()))
                || others.iter().any(|other| says(&uses.held, other))
                || chain.iter().enumerate().any(in_the_way)
        });
    }

    /// Finds what is held to something that changes or goes, and what is held to that.
    pub(super) fn make_room(&mut self, from: &Schema, to: &Schema, chain: &[Change], named: usize) {
        let there = &carried(from, &chain[..named], self.dialect);
        self.go_on_from(there, from, to);
        let mut uses = there
            .iter()
            .map(|(id, object)| (id, self.dialect.uses(id, object)))
            .collect::<BTreeMap<&ObjectId, Uses>>();
        let through = Through::of(there.iter(), &from.tables, self.dialect);
        // A function looks at what it reads when it runs.
        for (_, uses) in uses.iter_mut().filter(|(id, _)| !id.kind.is_callable()) {
            let held = through.held_by(&uses.held);
            uses.held.extend(&held);
        }
        let mut by_word = BTreeMap::<&str, Vec<&ObjectId>>::new();
        for (id, uses) in &uses {
            for word in uses.held.words() {
                by_word.entry(word).or_default().push(id);
            }
        }
        let dropped = self.tasks.iter().filter(|(_, task)| task.drop.is_some());
        let mut gone = dropped.map(|(id, _)| id.clone()).collect::<Vec<_>>();
        let altered = self.tasks.iter().filter_map(|(id, task)| {
            let (from, to) = task.alter.clone()?;
            let id = id.clone();
            Some(Change::AlterObject { id, from, to })
        });
        let altered = altered.collect::<Vec<_>>();
        let dialect = self.dialect;
        let by_tables = chain.iter().enumerate();
        let by_tables = by_tables.filter_map(|(at, change)| dialect.disturbance(change, &chain[at + 1..], to));
        let by_objects = altered.iter().filter_map(|change| dialect.disturbance(change, &[], to));
        let disturbances = by_tables.chain(by_objects).collect::<Vec<_>>();
        for (id, object) in there {
            self.step_aside(id, object, to, chain);
        }
        let woken = Woken::of(chain, to, self.tables, self.dialect);
        let lexis = self.dialect.lexis();
        for (id, uses) in &uses {
            let starts = || there.get(*id).is_some_and(|object| woken.starts(id, object, lexis));
            let disturbed = disturbances.iter().any(|disturbs| disturbs(id, uses)) || starts();
            if disturbed && self.renew(id, there, to) {
                gone.push((*id).clone());
            }
        }
        self.woken = woken;
        while let Some(other) = gone.pop() {
            if !other.kind.serves_objects() {
                continue;
            }
            let word = other.name.name.as_str().to_lowercase();
            let unsaid = uses
                .iter()
                .filter(|(id, uses)| self.dialect.reaches(&other, id, uses, from))
                .map(|(id, _)| *id)
                .collect::<BTreeSet<_>>();
            let said = by_word.get(word.as_str()).into_iter().flatten().copied();
            for id in said.chain(unsaid.iter().copied()).collect::<Vec<_>>() {
                let held = unsaid.contains(id) || uses.get(id).is_some_and(|uses| says(&uses.held, &other));
                if *id == other || !held && id.on.as_ref() != Some(&other.name) {
                    continue;
                }
                if !self.loosen(id, &other, there, to) && !self.lets_go(id, &other) && self.renew(id, there, to) {
                    gone.push(id.clone());
                }
            }
        }
    }

    /// What the engine has made of objects with the new names is what they are changed from.
    fn go_on_from(&mut self, there: &BTreeMap<ObjectId, Object>, from: &Schema, to: &Schema) {
        for (id, now) in there {
            let (Some(old), Some(new)) = (from.objects.get(id), to.objects.get(id)) else {
                continue;
            };
            let stays = self.tasks.get(id).is_none_or(|task| task.drop.is_none());
            if old.facets == now.facets || !stays {
                continue;
            }
            self.tasks.remove(id);
            if now != new {
                let (id, from, to) = (id.clone(), now.clone(), new.clone());
                self.take(Change::AlterObject { id, from, to });
            }
        }
    }

    /// Whether a type that tables may hold in place changes to one that does not say what goes: that waits for it.
    fn lets_go(&self, id: &ObjectId, gone: &ObjectId) -> bool {
        let task = self.tasks.get(id).filter(|task| task.drop.is_none());
        let altered = task.and_then(|task| task.alter.as_ref());
        id.kind.serves_tables()
            && !id.kind.is_callable()
            && altered.is_some_and(|(_, new)| !says(&self.dialect.uses(id, new).held, gone))
    }

    /// Lets an object make room, where it is to be there afterwards. Says whether that is news.
    fn renew(&mut self, id: &ObjectId, there: &BTreeMap<ObjectId, Object>, to: &Schema) -> bool {
        let (Some(old), Some(new)) = (there.get(id), to.objects.get(id)) else {
            return false;
        };
        let task = self.tasks.entry(id.clone()).or_default();
        if task.drop.is_some() {
            return false;
        }
        *task = Task {
            drop: Some(old.clone()),
            make: Some(new.clone()),
            ..Task::default()
        };
        true
    }

    /// Takes off of an object what is in the way of changes of tables.
    fn step_aside(&mut self, id: &ObjectId, old: &Object, to: &Schema, chain: &[Change]) {
        let mut between = None::<Object>;
        for change in chain {
            let now = between.as_ref().unwrap_or(old);
            between = self.dialect.aside(id, now, change).or(between);
        }
        let (Some(between), Some(new)) = (between, to.objects.get(id)) else {
            return;
        };
        let task = self.tasks.entry(id.clone()).or_default();
        if task.drop.is_none() {
            task.loosen = Some((old.clone(), between.clone()));
            task.alter = Some((between, new.clone()));
        }
    }

    /// Takes off of an object what says something that goes, where the object itself stays. Says whether it is such an object.
    fn loosen(&mut self, id: &ObjectId, gone: &ObjectId, there: &BTreeMap<ObjectId, Object>, to: &Schema) -> bool {
        let (Some(old), Some(new)) = (there.get(id), to.objects.get(id)) else {
            return false;
        };
        let task = self.tasks.entry(id.clone()).or_default();
        if task.drop.is_some() {
            return false;
        }
        let now = task.loosen.as_ref().map_or(old, |(_, between)| between);
        let Some(between) = self.dialect.without(id, now, gone) else {
            return false;
        };
        task.loosen = Some((old.clone(), between.clone()));
        task.alter = Some((between, new.clone()));
        true
    }
}

/// The objects under the new names, as the engine has them then.
fn carried(from: &Schema, renames: &[Change], dialect: &dyn Dialect) -> BTreeMap<ObjectId, Object> {
    let mut only = Schema {
        objects: from.objects.clone(),
        ..Schema::default()
    };
    for change in renames {
        apply_one(change, &mut only);
        for (id, object) in &mut only.objects {
            if let Some(followed) = dialect.follows(id, object, change) {
                *object = followed;
            }
        }
    }
    only.objects
}
