//! Parts of tables that call a function over rows of the same table: neither is there before the other, nor goes before it.
//!
//! Such a part comes behind both, and goes before both.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange};
use crate::ident::Qualified;
use crate::ir::{ObjectId, Table};
use crate::plan::order::objects::{said_by_part, says};
use crate::plan::order::parts::parts;
use crate::plan::order::piece;

/// The functions that come or go, by the tables whose rows their signatures say.
pub(in crate::plan::order) struct OverRows<'a>(BTreeMap<&'a Qualified, BTreeSet<&'a ObjectId>>);

impl<'a> OverRows<'a> {
    pub(in crate::plan::order) fn of(objects: &'a [Change], tables: &'a [Arc<Table>], dialect: &dyn Dialect) -> Self {
        let mut found = BTreeMap::<&Qualified, BTreeSet<&ObjectId>>::new();
        let mut by_word = BTreeMap::<String, Vec<&Qualified>>::new();
        for table in tables {
            let word = table.name.name.as_str().to_lowercase();
            by_word.entry(word).or_default().push(&table.name);
        }
        for change in objects {
            let (Change::CreateObject { id, object } | Change::DropObject { id, object }) = change else {
                continue;
            };
            if !id.kind.is_callable() {
                continue;
            }
            let held = dialect.uses(id, object).held;
            let tables = held.words().filter_map(|word| by_word.get(word)).flatten();
            for table in tables.filter(|table| held.says(table)) {
                found.entry(*table).or_default().insert(id);
            }
        }
        Self(found)
    }

    /// The parts of a table that call one over its own rows.
    fn parts(&self, table: &Table, dialect: &dyn Dialect) -> Vec<Part> {
        // What is a part of another table has such parts from that.
        let functions = self.0.get(&table.name).filter(|_| table.parents().next().is_none());
        let Some(functions) = functions else {
            return Vec::new();
        };
        let calls = |part: &Part| {
            let said = said_by_part(part, dialect);
            functions.iter().any(|id| says(&said, id))
        };
        parts(table).filter(calls).collect()
    }

    /// Takes such parts from a new table. Gives what adds them.
    pub(in crate::plan::order) fn come_later(&self, table: &mut Arc<Table>, dialect: &dyn Dialect) -> Option<Change> {
        let parts = self.parts(table, dialect);
        if parts.is_empty() {
            return None;
        }
        let now = Arc::make_mut(table);
        for part in &parts {
            let name = part.name();
            now.checks.remove(name);
            now.indexes.remove(name);
            now.exclusions.remove(name);
        }
        Some(piece(
            &table.name,
            parts.into_iter().map(TableChange::AddPart).collect(),
        ))
    }

    /// What takes such parts from a table that goes.
    pub(in crate::plan::order) fn go_first(&self, table: &Table, dialect: &dyn Dialect) -> Option<Change> {
        let parts = self.parts(table, dialect).into_iter().map(TableChange::DropPart);
        let parts = parts.collect::<Vec<_>>();
        (!parts.is_empty()).then(|| piece(&table.name, parts))
    }
}
