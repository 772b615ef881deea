//! The part of a large schema that some migrations have to do with.

use std::collections::BTreeSet;

use crate::dialect::{Dialect, Uses};
use crate::ident::Qualified;
use crate::ir::{ObjectId, Schema, Table};

/// So many tables are made on a scratch database without a thought.
const FEW: usize = 40;

/// The tables and objects to keep; `None` is all of them.
pub(super) struct Concerned(Option<Kept>);

#[derive(Default)]
struct Kept {
    tables: BTreeSet<Qualified>,
    objects: BTreeSet<ObjectId>,
}

impl Concerned {
    /// What differs between the schemas, what rests on that, and what all of it needs.
    pub(super) fn of(schemas: &[Schema], dialect: &dyn Dialect) -> Self {
        if schemas.iter().all(|schema| schema.tables.len() <= FEW) {
            return Self(None);
        }
        let mut kept = Kept::default();
        for pair in schemas.windows(2) {
            let (from, to) = (&pair[0], &pair[1]);
            let names = from.tables.keys().chain(to.tables.keys());
            let differs = names.filter(|name| from.tables.get(name) != to.tables.get(name));
            kept.tables.extend(differs.cloned());
            let ids = from.objects.keys().chain(to.objects.keys());
            let differs = ids.filter(|id| from.objects.get(*id) != to.objects.get(*id));
            kept.objects.extend(differs.cloned());
        }
        // What points at a table that changes may have to let go of it; so may a part of it.
        let changed = kept.tables.clone();
        for table in schemas.iter().flat_map(|schema| schema.tables.values()) {
            if needs(table).any(|name| changed.contains(name)) {
                kept.tables.insert(table.name.clone());
            }
        }
        let uses: Vec<(&ObjectId, Uses)> = schemas
            .iter()
            .flat_map(|schema| &schema.objects)
            .map(|(id, object)| (id, dialect.uses(id, object)))
            .collect();
        for (id, uses) in &uses {
            let on = |name: &Qualified| id.on.as_ref() == Some(name) || uses.held.says(name);
            if kept.tables.iter().any(on) {
                kept.objects.insert((*id).clone());
            }
        }
        kept.close(schemas, &uses);
        Self(Some(kept))
    }

    /// Leaves nothing else in a schema.
    pub(super) fn cut(&self, schema: &mut Schema) {
        if let Some(kept) = &self.0 {
            schema.tables.retain(|name, _| kept.tables.contains(name));
            schema.objects.retain(|id, _| kept.objects.contains(id));
        }
    }
}

impl Kept {
    /// Adds what is needed, and what that needs.
    fn close(&mut self, schemas: &[Schema], uses: &[(&ObjectId, Uses)]) {
        loop {
            let before = (self.tables.len(), self.objects.len());
            for schema in schemas {
                let tables = schema.tables.values().filter(|table| self.tables.contains(&table.name));
                let needed = tables.flat_map(needs).cloned().collect::<Vec<_>>();
                self.tables.extend(needed);
            }
            for (id, uses) in uses {
                if !self.objects.contains(*id) {
                    continue;
                }
                let says = |name: &Qualified| uses.held.says(name) || uses.said.says(name);
                let tables = schemas.iter().flat_map(|schema| schema.tables.keys());
                self.tables.extend(
                    tables
                        .filter(|name| says(name) || id.on.as_ref() == Some(name))
                        .cloned(),
                );
                let others = schemas.iter().flat_map(|schema| schema.objects.keys());
                self.objects.extend(
                    others
                        .filter(|other| says(&other.name) || uses.held.calls(&other.name))
                        .cloned(),
                );
            }
            if before == (self.tables.len(), self.objects.len()) {
                break;
            }
        }
        // Types and functions that say no table that is left out can be named by any that is there.
        for (id, uses) in uses.iter().filter(|(id, _)| id.on.is_none()) {
            let mut tables = schemas.iter().flat_map(|schema| schema.tables.keys());
            let says = |name: &Qualified| uses.held.says(name) || uses.said.says(name);
            if !tables.any(|name| !self.tables.contains(name) && says(name)) {
                self.objects.insert((*id).clone());
            }
        }
    }
}

/// The tables that must be there before a table.
fn needs(table: &Table) -> impl Iterator<Item = &Qualified> {
    table
        .foreign_keys
        .values()
        .map(|key| &key.references)
        .chain(table.parents())
}
