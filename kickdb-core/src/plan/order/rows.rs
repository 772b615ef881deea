//! Columns that hold rows of another table: the type of such a column is that table, which the server neither drops nor
//! rewrites while the column is there.
//!
//! See <https://www.postgresql.org/docs/18/rowtypes.html>: "Whenever you create a table, a composite type is also automatically
//! created".

mod own;
mod parked;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) use self::own::OverRows;
pub(super) use self::parked::{Parked, park};
use super::creation_order;
use super::reach::Reach;
use crate::dialect::Dialect;
use crate::ident::Qualified;
use crate::ir::{ObjectKind, Schema, SqlType, Table};
use crate::lex::Said;

/// The tables whose rows a type holds.
pub(super) struct Rows<'a> {
    tables: BTreeSet<&'a Qualified>,
    /// What is made of a table: a domain over its rows, a composite type with an attribute of them, and what is made of these.
    through: BTreeMap<&'a Qualified, BTreeSet<&'a Qualified>>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(schema: &'a Schema, dialect: &dyn Dialect) -> Self {
        let mut rows = Self {
            tables: schema.tables.keys().collect(),
            through: BTreeMap::new(),
        };
        let types = schema
            .objects
            .iter()
            .filter(|(id, _)| matches!(id.kind, ObjectKind::Domain | ObjectKind::Type));
        let types = types
            .map(|(id, object)| (&id.name, dialect.uses(id, object).held))
            .collect::<Vec<(&Qualified, Said)>>();
        if types.is_empty() {
            return rows;
        }
        let lower = |name: &Qualified| name.name.as_str().to_lowercase();
        let mut by_word = BTreeMap::<String, Vec<&Qualified>>::new();
        for name in rows.tables.iter().copied().chain(types.iter().map(|(name, _)| *name)) {
            by_word.entry(lower(name)).or_default().push(name);
        }
        let mut made_of = BTreeMap::<&Qualified, Vec<&Qualified>>::new();
        for (name, said) in &types {
            let parts = said.words().filter_map(|word| by_word.get(word)).flatten();
            for part in parts.filter(|part| *part != name && said.says(part)) {
                made_of.entry(part).or_default().push(name);
            }
        }
        for table in &rows.tables {
            let mut open = made_of.get(table).cloned().unwrap_or_default();
            while let Some(ty) = open.pop() {
                if rows.through.entry(ty).or_default().insert(table) {
                    open.extend(made_of.get(ty).into_iter().flatten());
                }
            }
        }
        rows
    }

    /// The tables whose rows are in values of the type.
    fn held<'s>(&'s self, ty: &SqlType) -> impl Iterator<Item = &'a Qualified> + use<'s, 'a> {
        let name = named(ty);
        let own = name.and_then(|name| self.tables.get(name));
        let through = name.and_then(|name| self.through.get(name));
        own.into_iter().chain(through.into_iter().flatten()).copied()
    }

    fn any(&self, ty: &SqlType, which: impl Fn(&Qualified) -> bool) -> bool {
        self.held(ty).any(which)
    }
}

impl Rows<'_> {
    /// The tables whose rows are in columns.
    pub(super) fn held_by(&self, schema: &Schema) -> BTreeSet<Qualified> {
        let columns = schema.tables.values().flat_map(|table| &table.columns);
        columns.flat_map(|column| self.held(&column.ty)).cloned().collect()
    }
}

/// The name of the type of a column, or of the items of its list, where it is no type of the engine's.
pub(super) fn named(ty: &SqlType) -> Option<&Qualified> {
    match ty {
        SqlType::Enum(name) => Some(name),
        SqlType::Array(items) => named(items),
        _ => None,
    }
}

/// Takes the tables out of those that go which hold rows of others, and those that point at them: they go first.
pub(super) fn take_holders(dropped: &mut Vec<Arc<Table>>, rows: &Rows<'_>, reach: &Reach<'_>) -> Vec<Arc<Table>> {
    let holds = |table: &Table| table.columns.iter().any(|column| rows.any(&column.ty, |_| true));
    let mut names = BTreeSet::new();
    for table in dropped.iter().filter(|table| holds(table)) {
        names.insert(table.name.clone());
    }
    if names.is_empty() {
        return Vec::new();
    }
    with_those_that_point(dropped, names, reach)
}

/// Takes these tables out of those that go, and those that point at them or are a part of them, in the order in which they go.
pub(super) fn with_those_that_point(
    dropped: &mut Vec<Arc<Table>>,
    mut names: BTreeSet<Qualified>,
    reach: &Reach<'_>,
) -> Vec<Arc<Table>> {
    let points = |table: &Table, names: &BTreeSet<Qualified>| {
        let keys = table.foreign_keys.values().map(|key| &key.references);
        keys.chain(table.parents()).any(|name| names.contains(name))
    };
    loop {
        let more = dropped
            .iter()
            .filter(|table| !names.contains(&table.name) && points(table, &names));
        let more = more.map(|table| table.name.clone()).collect::<Vec<_>>();
        if more.is_empty() {
            break;
        }
        names.extend(more);
    }
    let early = dropped
        .extract_if(.., |table| names.contains(&table.name))
        .collect::<Vec<_>>();
    let tables = early.iter().map(|table| &**table).collect::<Vec<_>>();
    let (ranked, _) = creation_order(&tables, reach);
    ranked.into_iter().rev().map(|at| early[at].clone()).collect()
}
