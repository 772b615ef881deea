//! What an object is held to without saying it: `SELECT * FROM f()` knows the columns of the table whose rows `f` gives, and
//! `unnest(t.rows)` those of the table whose rows are in that column.

use std::collections::BTreeMap;

use super::says;
use crate::dialect::Dialect;
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, Tables};
use crate::lex::Said;
use crate::plan::order::rows::named;

/// What leads on, by its name in lower case, with what it is held to.
#[derive(Default)]
pub(super) struct Through<'a> {
    functions: BTreeMap<String, Vec<(&'a ObjectId, Said)>>,
    /// Tables with columns whose values are rows of another one.
    tables: BTreeMap<String, Vec<(&'a Qualified, Said)>>,
}

impl<'a> Through<'a> {
    pub(super) fn of(
        objects: impl Iterator<Item = (&'a ObjectId, &'a Object)>,
        tables: &'a Tables,
        dialect: &dyn Dialect,
    ) -> Self {
        let mut found = Self::default();
        for (id, object) in objects.filter(|(id, _)| id.kind.is_callable()) {
            let held = dialect.uses(id, object).held;
            found.functions.entry(lower(&id.name)).or_default().push((id, held));
        }
        for table in tables.values() {
            let mut held = Said::default();
            let types = table.columns.iter().filter_map(|column| named(&column.ty));
            types.filter(|ty| tables.contains_key(ty)).for_each(|ty| held.add(ty));
            if held != Said::default() {
                found
                    .tables
                    .entry(lower(&table.name))
                    .or_default()
                    .push((&table.name, held));
            }
        }
        found
    }

    /// What those are held to that are said.
    pub(super) fn held_by(&self, said: &Said) -> Said {
        let mut through = Said::default();
        for word in said.words() {
            let functions = self.functions.get(word).into_iter().flatten();
            let called = functions.filter(|(id, _)| says(said, id)).map(|(_, held)| held);
            let tables = self.tables.get(word).into_iter().flatten();
            let read = tables.filter(|(name, _)| said.says(name)).map(|(_, held)| held);
            called.chain(read).for_each(|held| through.extend(held));
        }
        through
    }
}

fn lower(name: &Qualified) -> String {
    name.name.as_str().to_lowercase()
}
