//! Checks that rows may break stand aside while these rows go to other tables: to the server each row that comes is a new one.

use super::emit::check_definition;
use super::syntax::{ident, literal, qualified};
use crate::ident::Qualified;
use crate::ir::{Check, Schema, Table};

/// The checks of a partitioned table, and of those above it, that are `NOT VALID` for all that have them.
#[derive(Default)]
pub(super) struct Unvalidated<'a> {
    checks: Vec<(&'a Table, &'a Check)>,
    below: Vec<&'a Table>,
}

impl<'a> Unvalidated<'a> {
    pub(super) fn of(above: &Qualified, state: &'a Schema) -> Self {
        let mut chain = Vec::new();
        let mut at = state.tables.get(above);
        while let Some(table) = at {
            chain.push(table);
            at = table.partition.as_ref().and_then(|place| state.tables.get(&place.of));
        }
        let mut below = chain.clone();
        let mut all = chain.iter().flat_map(|table| table.checks.values());
        if all.all(|check| check.validated) {
            return Self::default();
        }
        if let Some(top) = chain.last() {
            let names = state.all_below(&top.name);
            below = names.iter().filter_map(|name| state.tables.get(name)).collect();
            below.push(top);
        }
        // One that some of them obey would not be obeyed any more when it is back.
        let broken = |check: &Check| {
            let mut all = below.iter().filter_map(|table| same(table, check));
            check.inherited && all.all(|own| !own.validated)
        };
        let from_above = |table: &Table, check: &Check| {
            let above = table.partition.as_ref().and_then(|place| state.tables.get(&place.of));
            above
                .and_then(|above| same(above, check))
                .is_some_and(|above| above.inherited)
        };
        let all = chain
            .iter()
            .flat_map(|table| table.checks.values().map(|check| (*table, check)));
        let own = all.filter(|(table, check)| broken(check) && !from_above(table, check));
        let checks = own.collect();
        Self { checks, below }
    }

    /// Whether a table that joins has the check only as one of those.
    pub(super) fn holds(&self, check: &Check) -> bool {
        let like = |own: &Check| own.name == check.name && own.expr == check.expr;
        !check.validated && self.checks.iter().any(|(_, own)| like(own))
    }

    /// The tables that have them.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Qualified> {
        self.below.iter().map(|table| &table.name)
    }

    /// Takes them off, with those of a table that is about to join.
    pub(super) fn drops(&self, joining: Option<&Table>) -> Vec<String> {
        // One that has partitions of its own keeps them: some of these may obey it.
        let joining = joining.filter(|table| table.partition_by.is_none());
        let own = joining.iter().flat_map(|table| {
            let checks = table.checks.values().filter(|check| self.holds(check));
            checks.map(move |check| (*table, check))
        });
        let all = self.checks.iter().copied().chain(own);
        all.map(|(table, check)| {
            format!(
                "ALTER TABLE {} DROP CONSTRAINT {}",
                qualified(&table.name),
                ident(&check.name)
            )
        })
        .collect()
    }

    /// The same when a partition has left.
    pub(super) fn without(mut self, left: &Qualified) -> Self {
        self.below.retain(|table| table.name != *left);
        self
    }

    /// Brings them back, to the tables below as well.
    pub(super) fn adds(&self, joined: &[Table]) -> Vec<String> {
        let mut all = Vec::new();
        for (table, check) in &self.checks {
            all.push(format!(
                "ALTER TABLE {} ADD {}",
                qualified(&table.name),
                check_definition(check)
            ));
        }
        let mut tables = self.below.clone();
        tables.retain(|table| joined.iter().all(|other| other.name != table.name));
        tables.extend(joined);
        for table in tables {
            let checks = table.checks.values().filter(|check| self.holds(check));
            all.extend(checks.filter_map(|check| commented(table, check)));
        }
        all
    }
}

fn same<'a>(table: &'a Table, check: &Check) -> Option<&'a Check> {
    table.checks.get(&check.name).filter(|own| own.expr == check.expr)
}

fn commented(table: &Table, check: &Check) -> Option<String> {
    let text = literal(check.comment.as_deref()?);
    let (name, table) = (ident(&check.name), qualified(&table.name));
    Some(format!("COMMENT ON CONSTRAINT {name} ON {table} IS {text}"))
}
