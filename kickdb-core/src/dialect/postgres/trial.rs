//! Both texts of what is in doubt, made in schemas of their own inside of a transaction that is rolled back.
//!
//! Under the same names as the originals, since a policy or a check may say the name of its table, but in a schema that is
//! not in the search path, so that everything else that they name is found where it always is. A policy, a trigger or a
//! rule is made on a copy of its table: on the table itself it would wait for every transaction that works with it, and
//! make all others wait.

mod own;

use std::collections::BTreeSet;

use super::Postgres;
use super::objects::create;
use super::syntax::{ident, literal, qualified};
use crate::dialect::{Catalog, Doubts, Emit, Trial, Trials};
use crate::diff::{Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Check, Object, ObjectId, ObjectKind, Schema, Table};
use crate::plan::Steps;

/// What was refused, from the setting that the trial's block leaves behind.
const REFUSED: &str = "SELECT r->>0, r->>1, r->>2, r->>3
    FROM pg_catalog.jsonb_array_elements(pg_catalog.current_setting('kick.refused')::jsonb) r";

impl Trials for Postgres {
    fn trial(&self, doubts: &Doubts) -> Option<Trial> {
        let places = Places::of(doubts);
        let mut settings = String::from(
            // Whoever alters one of the tables at this moment would hold up the trial, and the trial all that follow.
            "SET LOCAL lock_timeout = '2s'; SET LOCAL check_function_bodies = off; SET LOCAL client_min_messages = error; \
             SET LOCAL jit = off",
        );
        for side in SIDES {
            for at in 0..places.schemas.len() {
                settings.push_str(&format!("; CREATE SCHEMA {}", ident(&place(side, at))));
            }
        }
        let mut block = Block::default();
        for (side, schema) in SIDES.into_iter().zip([&doubts.expected, &doubts.live]) {
            for table in schema.tables.values() {
                let mut columns = table.clone();
                let checks = std::mem::take(&mut columns.checks);
                block.push(side, &format!("table {}", table.name), &places.table(side, &columns));
                // Each by itself, so that one which is refused takes no other along.
                for check in checks.into_values() {
                    let thing = format!("check {}.{}", table.name, check.name);
                    block.push(side, &thing, &places.check(side, table, check));
                }
            }
            let owners = doubts.owners.tables.keys().map(|name| (name, None));
            let owners = owners.chain(doubts.owners.objects.keys().map(|id| (&id.name, Some(id.kind))));
            for (name, kind) in owners {
                block.push(side, &format!("table {name}"), &[places.owner(side, name, kind)]);
            }
            for (id, object) in &schema.objects {
                block.push(side, &id.to_string(), &places.object(side, id, object));
            }
        }
        Some(Trial {
            statements: vec![settings, block.finish()],
            refused: REFUSED,
            catalog: Postgres.catalog_queries().iter().map(|sql| (*sql).to_owned()).collect(),
            undo: Vec::new(),
        })
    }

    fn told(&self, doubts: &Doubts, read: &Schema) -> [Schema; 2] {
        let places = Places::of(doubts);
        SIDES.map(|side| places.back(side, read, &doubts.live))
    }
}

const SIDES: [usize; 2] = [1, 2];

/// The schema in which one side has what is in the schema number `at`.
fn place(side: usize, at: usize) -> Name {
    Name::new(format!("kick_trial_{side}_{at}")).expect("it is neither empty nor holds a NUL")
}

/// The schemas of what is in doubt: each has one place on each side.
struct Places {
    schemas: Vec<Option<Name>>,
}

impl Places {
    fn of(doubts: &Doubts) -> Self {
        let mut schemas = BTreeSet::new();
        for schema in [&doubts.expected, &doubts.owners] {
            schemas.extend(schema.tables.keys().map(|name| name.schema.clone()));
            for id in schema.objects.keys() {
                schemas.insert(id.name.schema.clone());
                schemas.extend(id.on.iter().map(|on| on.schema.clone()));
            }
        }
        Self {
            schemas: schemas.into_iter().collect(),
        }
    }

    fn there(&self, side: usize, name: &Qualified) -> Qualified {
        let at = self.schemas.binary_search(&name.schema).unwrap_or_default();
        Qualified {
            schema: Some(place(side, at)),
            name: name.name.clone(),
        }
    }

    /// The name that something in a place stands for.
    fn here(&self, side: usize, name: &Qualified) -> Option<Qualified> {
        let at = (0..self.schemas.len()).find(|at| name.schema.as_ref() == Some(&place(side, *at)))?;
        Some(Qualified {
            schema: self.schemas[at].clone(),
            name: name.name.clone(),
        })
    }

    fn table(&self, side: usize, table: &Table) -> Vec<String> {
        let mut steps = Steps::default();
        let mut there = table.clone();
        there.name = self.there(side, &table.name);
        // By itself: it is a part of nothing there.
        there.inherits.clear();
        there.partition = None;
        match Postgres.create_table(&there, &Schema::default(), &mut steps) {
            Ok(()) => sql(steps),
            // What cannot be written cannot be asked either: refused like anything that the server does not take.
            Err(error) => vec![error.to_string()],
        }
    }

    fn check(&self, side: usize, table: &Table, check: Check) -> Vec<String> {
        let there = Table::new(self.there(side, &table.name));
        let mut steps = Steps::default();
        match Postgres.alter_table(
            &there,
            &there,
            &[TableChange::AddPart(Part::Check(check))],
            &Schema::default(),
            &mut steps,
        ) {
            Ok(()) => sql(steps),
            Err(error) => vec![error.to_string()],
        }
    }

    /// A copy of what an object belongs to, of the same columns.
    fn owner(&self, side: usize, name: &Qualified, kind: Option<ObjectKind>) -> String {
        let (there, here) = (qualified(&self.there(side, name)), qualified(name));
        match kind {
            Some(ObjectKind::View) => format!("CREATE VIEW {there} AS SELECT * FROM {here}"),
            Some(ObjectKind::MaterializedView) => {
                format!("CREATE MATERIALIZED VIEW {there} AS SELECT * FROM {here} WITH NO DATA")
            }
            _ => format!("CREATE TABLE {there} (LIKE {here})"),
        }
    }

    fn object(&self, side: usize, id: &ObjectId, object: &Object) -> Vec<String> {
        let there = ObjectId {
            name: self.there(side, &id.name),
            on: id.on.as_ref().map(|on| self.there(side, on)),
            ..id.clone()
        };
        let mut moved = object.clone();
        if !object.sql.is_empty() {
            let names = own::Names {
                name: qualified(&there.name),
                on: there.on.as_ref().map(qualified),
            };
            moved.sql = own::respelled(id.kind, &object.sql, &names);
        }
        if id.kind == ObjectKind::MaterializedView {
            // Filling it would run its query.
            moved.sql = format!("{} WITH NO DATA", own::without_data(&moved.sql));
        }
        let mut steps = Steps::default();
        create(&there, &moved, &[], &mut steps);
        sql(steps)
    }

    fn back(&self, side: usize, read: &Schema, live: &Schema) -> Schema {
        let mut told = Schema::default();
        for table in read.tables.values() {
            if let Some(here) = self.here(side, &table.name) {
                let mut table = table.clone();
                table.name = here.clone();
                told.tables.insert(here, table);
            }
        }
        for (id, object) in &read.objects {
            let Some(here) = self.here(side, &id.name) else {
                continue;
            };
            let id = ObjectId {
                name: here,
                on: id
                    .on
                    .as_ref()
                    .map(|on| self.here(side, on).unwrap_or_else(|| on.clone())),
                ..id.clone()
            };
            let mut object = object.clone();
            if let Some(names) = live.objects.get(&id).and_then(|live| own::names(id.kind, &live.sql)) {
                object.sql = own::respelled(id.kind, &object.sql, &names);
            }
            told.objects.insert(id, object);
        }
        told
    }
}

fn sql(steps: Steps) -> Vec<String> {
    steps.finish().steps.into_iter().map(|step| step.sql).collect()
}

/// One block that makes everything, whatever is refused in between: one round trip.
#[derive(Default)]
struct Block {
    body: String,
}

impl Block {
    fn push(&mut self, side: usize, thing: &str, statements: &[String]) {
        self.body.push_str("BEGIN ");
        for sql in statements {
            self.body.push_str(&format!("EXECUTE {}; ", literal(sql)));
        }
        self.body.push_str(&format!(
            "EXCEPTION WHEN OTHERS THEN refused := refused || pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_array(\
             '{side}'::text, {}::text, SQLSTATE, SQLERRM)); END;\n",
            literal(thing)
        ));
    }

    fn finish(self) -> String {
        let body = format!(
            "DECLARE refused jsonb := '[]';\nBEGIN\n{}PERFORM pg_catalog.set_config('kick.refused', refused::text, true);\nEND",
            self.body
        );
        format!("DO {}", literal(&body))
    }
}
