//! Defaults that draw from the counter of an identity that goes, comes, or is made again with its table.
//!
//! Such a counter is a part of its column: it goes at once, whoever draws from it. So nobody does until all is done.

use std::collections::BTreeSet;

use super::Cleared;
use super::passed::counter_of;
use super::plain::Plain;
use crate::dialect::Dialect;
use crate::diff::{Change, TableChange, apply};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, Identity, Schema, Table};
use crate::plan::order::borrowed::{draws, without};

/// `None` where nobody draws from one.
pub(super) fn stop(from: &Schema, changes: &[Change], dialect: &dyn Dialect) -> Option<Cleared<'static>> {
    let mut counters = Counters::default();
    changes.iter().for_each(|change| counters.read(change, dialect));
    if counters.is_empty() {
        return None;
    }
    let to = apply(changes, from);
    let names = counters.drawn(&Drawers::of(from, dialect), &Drawers::of(&to, dialect));
    if names.is_empty() {
        return None;
    }
    let column = |table: &Table, column: &Column| {
        // Rows get their values from the default of a new column.
        let is_new = counters.columns.contains(&(&table.name, &column.name));
        (!is_new && draws(column, &names, dialect)).then(|| without(column))
    };
    let plain = Plain { column: &column };
    let first = plain.first(from);
    let from = apply(&first, from);
    let rest = plain.rest(changes.iter().cloned());
    let last = plain.last(&apply(&rest, &from), &to);
    Some(Cleared {
        last,
        ..Cleared::new(first, from, rest)
    })
}

/// Counters by what becomes of them.
#[derive(Default)]
struct Counters<'a> {
    going: BTreeSet<Qualified>,
    coming: BTreeSet<Qualified>,
    again: BTreeSet<Qualified>,
    /// The columns that come to tables that are there.
    columns: BTreeSet<(&'a Qualified, &'a Name)>,
}

impl<'a> Counters<'a> {
    fn is_empty(&self) -> bool {
        self.going.is_empty() && self.coming.is_empty() && self.again.is_empty()
    }

    fn read(&mut self, change: &'a Change, dialect: &dyn Dialect) {
        let identity = |table: &Table, column: &Column| counter_of(table, column, dialect).filter(|_| is_part(column));
        let all = |table: &Table| {
            let counters = table.columns.iter().filter_map(|column| identity(table, column));
            counters.collect::<Vec<_>>()
        };
        match change {
            Change::CreateTable(table) => self.coming.extend(all(table)),
            Change::DropTable(table) => self.going.extend(all(table)),
            Change::AlterTable { from, to, changes } => {
                for change in changes {
                    match change {
                        TableChange::AddColumn(column) => {
                            self.coming.extend(identity(to, column));
                            self.columns.insert((&to.name, &column.name));
                        }
                        TableChange::DropColumn(column) => self.going.extend(identity(from, column)),
                        TableChange::AlterColumn { from: was, to: is } if is_part(was) != is_part(is) => {
                            self.going.extend(identity(from, was));
                            self.coming.extend(identity(to, is));
                        }
                        // Rows without a number get one along with the counter.
                        TableChange::AlterColumn { from: was, to: is } if was.nullable && !is.nullable => {
                            let new = counter_of(to, is, dialect);
                            self.coming
                                .extend(new.filter(|_| counter_of(from, was, dialect).is_none()));
                        }
                        _ => {}
                    }
                    if matches!(change, TableChange::Repartition { .. }) || dialect.respreads(from, change) {
                        let (before, after) = (all(from), all(to));
                        self.again
                            .extend(before.into_iter().filter(|name| after.contains(name)));
                    }
                }
            }
            _ => {}
        }
    }

    /// Those from which nobody may draw meanwhile. Another counter of the same name would begin anew for who draws on; one that
    /// is made again with its table goes on where it was.
    fn drawn(&self, before: &Drawers, after: &Drawers) -> Vec<Qualified> {
        let passing = self.going.iter().chain(&self.coming);
        let passing = passing.filter(|name| before.draw(name) != after.draw(name));
        let again = self.again.iter().filter(|name| before.draw(name) || after.draw(name));
        passing.chain(again).cloned().collect()
    }
}

/// Whether the counter is a part of its column.
fn is_part(column: &Column) -> bool {
    matches!(
        column.value,
        ColumnValue::Identity(Identity::Always | Identity::ByDefault, _)
    )
}

/// What defaults draw from.
struct Drawers(Vec<crate::lex::Said>);

impl Drawers {
    fn of(schema: &Schema, dialect: &dyn Dialect) -> Self {
        let columns = schema.tables.values().flat_map(|table| &table.columns);
        let defaults = columns.filter_map(|column| match &column.value {
            ColumnValue::Default(Expr::Sql(sql)) if sql.contains("nextval") => Some(dialect.said(sql)),
            _ => None,
        });
        Self(defaults.collect())
    }

    fn draw(&self, counter: &Qualified) -> bool {
        self.0.iter().any(|said| said.says(counter))
    }
}
