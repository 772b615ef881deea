//! What holds on to the old type and steps aside for as long as there are two: checks, indexes, exclusion constraints,
//! defaults and computed columns.

use std::collections::BTreeSet;

use super::super::column::{define as define_column, push_actions, push_actions_on};
use super::super::create::part_comment;
use super::super::{along, define, mention};
use super::Remake;
use crate::dialect::postgres::syntax::{ident, qualified};
use crate::dialect::postgres::{objects, options};
use crate::diff::Part;
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, Exclusion, Expr, Table};
use crate::plan::Steps;

impl Remake<'_> {
    /// The computed columns that step aside, since the server converts none: those of the type, those that are computed from
    /// any of it, and those that make a value of it in between.
    fn lost<'t>(&self, table: &'t Table, columns: &[&'t Column]) -> BTreeSet<&'t Name> {
        let own = columns
            .iter()
            .filter(|column| matches!(column.value, ColumnValue::Generated { .. }))
            .map(|column| &column.name);
        let computed = dependents(columns, |column| {
            mention::generated_from(table, column)
                .map(|other| &other.name)
                .collect()
        });
        let casts = table.columns.iter().filter(|column| match &column.value {
            ColumnValue::Generated { expr, .. } => self.casts(expr),
            _ => false,
        });
        own.chain(computed).chain(casts.map(|column| &column.name)).collect()
    }

    /// The checks that name a column of the type, or one that steps aside, or that make a value of the type.
    fn checks<'t>(&self, table: &'t Table, columns: &[&'t Column]) -> BTreeSet<&'t Name> {
        let lost = self.lost(table, columns);
        let names = columns.iter().map(|column| &column.name).chain(lost);
        let casts = table.checks.values().filter(|check| self.casts(&check.expr));
        names
            .flat_map(|column| mention::checks_on(table, column))
            .chain(casts)
            .map(|check| &check.name)
            .collect()
    }

    /// What compares a column with a value of the type holds on to the old type, so it steps aside.
    pub(super) fn push_aside(&self, table: &Table, columns: &[&Column], out: &mut Steps) {
        let checks = self.checks(table, columns);
        let lost = self.lost(table, columns);
        for index in self.indexes(table, columns, &lost) {
            // What is a part of another index goes with that.
            if table.indexes.get(index).is_some_and(|index| index.part_of.is_none()) {
                out.push(format!("DROP INDEX {}", qualified(&table.name.sibling(index.clone()))));
            }
        }
        let checks = checks.iter().map(|name| match self.is_given(table, name) {
            true => format!("DROP CONSTRAINT IF EXISTS {}", ident(name)),
            false => format!("DROP CONSTRAINT {}", ident(name)),
        });
        let exclusions = self.exclusions(table, columns, &lost);
        let exclusions = exclusions.map(|exclusion| format!("DROP CONSTRAINT {}", ident(&exclusion.name)));
        let checks = checks.chain(exclusions);
        let own = columns.iter().filter(|column| self.is_from_above(table, &column.name));
        let own = own.filter(|column| matches!(column.value, ColumnValue::Default(_)));
        let defaults = own.map(|column| format!("ALTER COLUMN {} DROP DEFAULT", ident(&column.name)));
        let lost = lost.iter().filter(|name| !self.is_from_above(table, name));
        let columns = along::drops(lost.filter_map(|name| table.column(name)));
        push_actions(
            &table.name,
            &checks.chain(defaults).chain(columns).collect::<Vec<_>>(),
            out,
        );
        let casting = self.casting_defaults(table);
        let drop = |(column, _): &(&Column, _)| format!("ALTER COLUMN {} DROP DEFAULT", ident(&column.name));
        push_actions_on(
            &table.name,
            self.is_above_others(table),
            &casting.iter().map(drop).collect::<Vec<_>>(),
            out,
        );
    }

    /// The defaults of columns of other types that make a value of this one in between. Each table has its own.
    fn casting_defaults<'t>(&self, table: &'t Table) -> Vec<(&'t Column, &'t Expr)> {
        let names = self.names();
        let own = |column: &Column| names.iter().any(|name| objects::is_of(&column.ty, name)) || self.is_holder(column);
        let columns = table.columns.iter().filter(|column| !own(column));
        let defaults = columns.filter_map(|column| match &column.value {
            ColumnValue::Default(default) => Some((column, default)),
            _ => None,
        });
        defaults.filter(|(_, default)| self.casts(default)).collect()
    }

    fn is_above_others(&self, table: &Table) -> bool {
        !self.state.all_below(&table.name).is_empty()
    }

    /// Whether a table above gives the check to this one.
    fn is_given(&self, table: &Table, check: &Name) -> bool {
        self.above(table)
            .any(|above| above.checks.get(check).is_some_and(|check| check.inherited))
    }

    /// A new type takes back how the values of a column are stored, in the tables below, too.
    pub(super) fn store_again(&self, table: &Table, columns: &[&Column], out: &mut Steps) {
        let plain = columns
            .iter()
            .filter(|column| !matches!(column.value, ColumnValue::Generated { .. }));
        let actions = plain.flat_map(|column| options::column_changes(column, &options::retyped(&column.options)));
        let actions = actions.collect::<Vec<_>>();
        push_actions_on(&table.name, self.is_above_others(table), &actions, out);
    }

    pub(super) fn push_back(&self, table: &Table, columns: &[&Column], out: &mut Steps) {
        let defaults = self.casting_defaults(table);
        let defaults = defaults
            .into_iter()
            .filter_map(|(column, default)| self.default(table, column, default));
        push_actions_on(
            &table.name,
            self.is_above_others(table),
            &defaults.collect::<Vec<_>>(),
            out,
        );
        let checks = self.checks(table, columns);
        let lost = self.lost(table, columns);
        let again = lost.iter().filter(|name| !self.is_from_above(table, name));
        let again = again.filter_map(|name| table.column(name)).collect::<Vec<_>>();
        let mut actions = Vec::new();
        for column in &again {
            let mut column = Column {
                value: self.value_renamed(&column.value),
                ..(*column).clone()
            };
            self.column_until_then(table, &mut column);
            actions.push(format!("ADD COLUMN {}", define_column(&table.name, &column)));
            actions.extend(options::column_changes(&column, &options::Options::new()));
        }
        let checks = checks.iter().filter(|name| !self.is_given(table, name));
        let mut parts = Vec::new();
        for check in checks.filter_map(|name| table.checks.get(*name)) {
            let mut check = check.clone();
            check.expr = self.expr_renamed(&check.expr);
            self.check_until_then(table, &mut check);
            actions.push(format!("ADD {}", define::check(&check)));
            parts.push(Part::Check(check));
        }
        for exclusion in self.exclusions(table, columns, &lost) {
            let mut exclusion = exclusion.clone();
            exclusion.predicate = exclusion
                .predicate
                .as_ref()
                .map(|predicate| self.expr_renamed(predicate));
            self.exclusion_until_then(table, &mut exclusion);
            actions.push(format!("ADD {}", define::exclusion(&exclusion)));
            parts.push(Part::Exclusion(exclusion));
        }
        push_actions(&table.name, &actions, out);
        parts.iter().for_each(|part| part_comment(table, part, None, out));
        let again = again.into_iter().map(|column| {
            along::comment(table, column, out);
            &column.name
        });
        let mut keys = along::parts(table, &again.collect::<Vec<_>>());
        // The others come here and at the end.
        keys.retain(|part| match part {
            Part::PrimaryKey(_) | Part::Unique(_) => true,
            Part::ForeignKey(key) => !columns.iter().any(|column| key.columns.contains(&column.name)),
            Part::Check(_) | Part::Exclusion(_) | Part::Index(_) => false,
        });
        along::push(table, &keys, out);
        for index in self.indexes(table, columns, &lost) {
            if let Some(index) = table.indexes.get(index) {
                let mut index = index.clone();
                index.predicate = index.predicate.as_ref().map(|predicate| self.expr_renamed(predicate));
                self.index_until_then(table, &mut index);
                define::push_index(table, &index, out);
                part_comment(table, &Part::Index(index), None, out);
            }
        }
    }

    /// Those that compute something from one of the columns.
    fn exclusions<'t>(
        &self,
        table: &'t Table,
        columns: &[&'t Column],
        lost: &BTreeSet<&'t Name>,
    ) -> impl Iterator<Item = &'t Exclusion> {
        let (columns, lost, names) = (columns.to_vec(), lost.clone(), self.names());
        let hit = move |exclusion: &&Exclusion| {
            let says = |expr: &Expr| {
                columns.iter().any(|column| mention::mentions(expr, &column.name))
                    || names.iter().any(|name| mention::casts(expr, name))
            };
            exclusion.exprs().any(says) || lost.iter().any(|column| mention::exclusion_uses(exclusion, column))
        };
        table.exclusions.values().filter(hit)
    }

    fn indexes<'t>(&self, table: &'t Table, columns: &[&Column], computed: &BTreeSet<&Name>) -> Vec<&'t Name> {
        let hit = |index: &&crate::ir::Index| {
            columns
                .iter()
                .any(|column| mention::index_computes(index, &column.name))
                || computed.iter().any(|column| mention::index_uses(index, column))
                || index.exprs().any(|expr| self.casts(expr))
                || index
                    .parts
                    .iter()
                    .any(|part| part.collation.as_ref().is_some_and(|name| self.is_collation(name)))
        };
        table.indexes.values().filter(hit).map(|index| &index.name).collect()
    }
}

fn dependents<'a>(columns: &[&'a Column], of: impl Fn(&'a Name) -> Vec<&'a Name>) -> BTreeSet<&'a Name> {
    columns.iter().flat_map(|column| of(&column.name)).collect()
}
