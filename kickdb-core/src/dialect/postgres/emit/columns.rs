//! The columns of one table that go, come or change.

use std::collections::BTreeSet;

use super::column::{self, Alteration, push_actions, push_actions_noted, push_actions_on, push_all};
use super::{along, mention, online};
use crate::dialect::emit::COMPUTED;
use crate::dialect::online::Online as _;
use crate::dialect::postgres::options::{self, Options};
use crate::dialect::postgres::syntax::ident;
use crate::dialect::postgres::{Postgres, expr};
use crate::diff::{Part, TableChange};
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, Exclusion, PrimaryKey, Schema, Table};
use crate::plan::Steps;

/// Whether a column must be dropped and added again: before PostgreSQL 17 a generated column's expression cannot be changed,
/// and no version turns a plain column into a generated one or a virtual one into a plain one. What it holds is computed, so
/// nothing is lost that was not going to be.
pub(in crate::dialect::postgres) fn is_remade(from: &Column, to: &Column) -> bool {
    match (&from.value, &to.value) {
        (ColumnValue::Generated { stored: false, .. }, ColumnValue::Generated { .. })
        | (_, ColumnValue::Generated { .. }) => {
            from.value != to.value || from.ty != to.ty || from.collation != to.collation
        }
        (ColumnValue::Generated { stored, .. }, _) => !stored,
        _ => false,
    }
}

/// The columns of one table that go, come or change.
pub(super) struct Columns<'a> {
    table: &'a Table,
    /// What tells its rows apart before and after.
    key: Option<&'a PrimaryKey>,
    dropped: Vec<&'a Column>,
    added: Vec<&'a Column>,
    altered: Vec<(&'a Column, &'a Column)>,
    /// As they were and as they will be.
    remade: Vec<&'a Column>,
    /// Those that stay as plain ones, and are computed from one that goes.
    freed: Vec<&'a Name>,
    /// Those that are computed as it is before.
    computed: BTreeSet<&'a Name>,
    /// Exclusion constraints that hold one that is made again.
    holding: Vec<&'a Name>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(from: &'a Table, to: &'a Table, changes: &'a [TableChange]) -> Self {
        let stays = |key: &&PrimaryKey| key.columns.iter().all(|column| to.column(column).is_some());
        let mut this = Self {
            table: to,
            key: from.primary_key.as_ref().filter(stays),
            dropped: Vec::new(),
            added: Vec::new(),
            altered: Vec::new(),
            remade: Vec::new(),
            freed: Vec::new(),
            computed: from
                .columns
                .iter()
                .filter(|column| is_generated(column))
                .map(|column| &column.name)
                .collect(),
            holding: Vec::new(),
        };
        for change in changes {
            match change {
                TableChange::DropColumn(column) => this.dropped.push(column),
                TableChange::AddColumn(column) => this.added.push(column),
                TableChange::AlterColumn { from, to } if is_remade(from, to) => this.remade.push(to),
                TableChange::AlterColumn { from, to } => this.altered.push((from, to)),
                _ => {}
            }
        }
        this.remake_computed(from);
        this.free_computed(from);
        this.find_holding(changes);
        this
    }

    /// An exclusion constraint does not go with a column that it computes something from.
    fn find_holding(&mut self, changes: &[TableChange]) {
        let comes = |name: &Name| {
            let mut changes = changes.iter();
            changes.any(|change| matches!(change, TableChange::AddPart(Part::Exclusion(new)) if new.name == *name))
        };
        let holds = |exclusion: &&Exclusion| {
            let mut columns = self.remade.iter();
            columns.any(|column| mention::exclusion_computes(exclusion, &column.name)) && !comes(&exclusion.name)
        };
        let exclusions = self.table.exclusions.values().filter(holds);
        self.holding = exclusions.map(|exclusion| &exclusion.name).collect();
    }

    /// A column that is computed from one that goes, or steps aside, holds that as long as it is computed.
    fn free_computed(&mut self, from: &Table) {
        let going = self.dropped.iter().chain(&self.remade);
        let holding: BTreeSet<&Name> = going
            .flat_map(|column| mention::generated_from(from, &column.name))
            .map(|column| &column.name)
            .collect();
        let freed = self.altered.iter().map(|(_, to)| &to.name);
        self.freed = freed.filter(|name| holding.contains(name)).collect();
    }

    /// A column that others are computed from cannot change its type or collation, so they step aside.
    fn remake_computed(&mut self, from: &Table) {
        let computed: BTreeSet<&Name> = self
            .retyped()
            .flat_map(|name| mention::generated_from(self.table, name))
            .map(|column| &column.name)
            .filter(|name| from.column(name).is_some() && !self.remade.iter().any(|column| column.name == **name))
            .filter(|name| !self.altered.iter().any(|(_, to)| to.name == **name))
            .collect();
        self.remade.extend(
            self.table
                .columns
                .iter()
                .filter(|column| computed.contains(&column.name)),
        );
    }

    /// Those that get another type or collation.
    fn retyped(&self) -> impl Iterator<Item = &'a Name> {
        let changes = |(from, to): &&(&Column, &Column)| from.ty != to.ty || from.collation != to.collation;
        self.altered.iter().filter(changes).map(|(_, to)| &to.name)
    }

    /// The columns that tables below have beside those of this one and compute from what changes: they step aside, too.
    fn computed_below<'s>(&self, state: &'s Schema) -> Vec<(&'s Table, Vec<&'s Column>)> {
        if self.retyped().next().is_none() {
            return Vec::new();
        }
        let below = state.all_below(&self.table.name);
        let computed = below.iter().filter_map(|name| state.tables.get(name)).map(|table| {
            let own = |column: &&Column| {
                let mut retyped = self.retyped();
                self.table.column(&column.name).is_none()
                    && retyped.any(|name| mention::generated_from(table, name).any(|other| other.name == column.name))
            };
            (table, table.columns.iter().filter(own).collect::<Vec<_>>())
        });
        computed.filter(|(_, columns)| !columns.is_empty()).collect()
    }

    /// Makes them again, each table what it does not have from one above.
    fn push_back_below(below: &[(&Table, Vec<&Column>)], out: &mut Steps) {
        for (table, columns) in below {
            let added = Self::of_their_own(below, table, columns).flat_map(|column| {
                let added = format!("ADD COLUMN {}", column::define(&table.name, column));
                std::iter::once(added).chain(options::column_changes(column, &Options::new()))
            });
            push_actions(&table.name, &added.collect::<Vec<_>>(), out);
        }
        for (table, columns) in below {
            // What stands on those from above is found to be missing when it is that table's turn.
            let own = Self::of_their_own(below, table, columns).map(|column| &column.name);
            along::push(table, &along::parts(table, &own.collect::<Vec<_>>()), out);
            columns.iter().for_each(|column| along::comment(table, column, out));
        }
    }

    fn of_their_own<'s>(
        below: &'s [(&Table, Vec<&'s Column>)],
        table: &'s Table,
        columns: &'s [&'s Column],
    ) -> impl Iterator<Item = &'s Column> {
        let above = below
            .iter()
            .filter(|(other, _)| table.parents().any(|parent| *parent == other.name));
        let given = above.flat_map(|(_, columns)| columns).map(|column| &column.name);
        let given = given.collect::<BTreeSet<_>>();
        columns
            .iter()
            .copied()
            .filter(move |column| !given.contains(&column.name))
    }

    pub(super) fn push(&self, only: bool, state: &Schema, out: &mut Steps) {
        let below = self.computed_below(state);
        for (table, columns) in &below {
            push_actions(
                &table.name,
                &along::drops(Self::of_their_own(&below, table, columns)),
                out,
            );
        }
        self.push_drops(only, state, out);
        let alterations: Vec<Alteration> = self
            .altered
            .iter()
            .map(|(from, to)| self.alteration(state, from, to))
            .collect();
        let plain: Vec<&Column> = self
            .added
            .iter()
            .copied()
            .filter(|column| !is_generated(column))
            .collect();
        let table = &self.table.name;
        for column in &plain {
            column::push_sequence(table, column, out);
        }
        let (mut after, mut late, mut own) = (Vec::new(), Vec::new(), Vec::new());
        let online = online::is_open(self.table, out);
        let mut actions: Vec<String> = plain
            .iter()
            .map(|column| match &column.value {
                // The rows that are there get theirs in batches.
                ColumnValue::Default(value)
                    if online && column.nullable && Postgres.own_for_each_row(value).is_some() =>
                {
                    late.push(format!(
                        "ALTER COLUMN {} SET DEFAULT {}",
                        ident(&column.name),
                        expr::operand(value)
                    ));
                    let without = Column {
                        value: ColumnValue::Required,
                        ..(*column).clone()
                    };
                    format!("ADD COLUMN {}", column::define(table, &without))
                }
                _ => format!("ADD COLUMN {}", column::define(table, column)),
            })
            .collect();
        for alteration in alterations {
            push_all(alteration.before, out);
            actions.extend(alteration.actions);
            after.extend(alteration.after);
            late.extend(alteration.late);
            own.extend(alteration.own);
        }
        let proofs = match online::is_open(self.table, out) {
            true => online::prove_no_null(self.table, self.altered.iter().copied(), out),
            false => Vec::new(),
        };
        push_actions(table, &actions, out);
        for proof in proofs {
            out.push(proof);
        }
        push_all(after, out);
        for column in &plain {
            column::push_ownership(table, column, false, out);
            if column::is_nullable_serial(table, column) {
                late.push(format!("ALTER COLUMN {} DROP NOT NULL", ident(&column.name)));
            }
            late.extend(options::column_changes(column, &Options::new()));
        }
        push_actions(table, &late, out);
        push_actions_on(table, true, &own, out);
        // Behind the plain columns, which they are computed from.
        let generated = self
            .added
            .iter()
            .filter(|column| is_generated(column))
            .chain(&self.remade);
        let generated: Vec<String> = generated
            .flat_map(|column| {
                let added = format!("ADD COLUMN {}", column::define(table, column));
                std::iter::once(added).chain(options::column_changes(column, &Options::new()))
            })
            .collect();
        push_actions(table, &generated, out);
        Self::push_back_below(&below, out);
    }

    fn alteration(&self, state: &Schema, from: &Column, to: &Column) -> Alteration {
        let place = (self.table, state);
        if self.freed.contains(&&to.name) {
            let value = ColumnValue::Required;
            let plain = Column { value, ..from.clone() };
            return Alteration::new(place, self.key, &plain, to);
        }
        Alteration::new(place, self.key, from, to)
    }

    /// Generated columns go first: the server refuses to drop a column that another one is computed from.
    fn push_drops(&self, only: bool, state: &Schema, out: &mut Steps) {
        let table = &self.table.name;
        let freed = self.freed.iter();
        let freed = freed.map(|name| format!("ALTER COLUMN {} DROP EXPRESSION", ident(name)));
        let held = self.holding.iter();
        let held = held.map(|name| format!("DROP CONSTRAINT {}", ident(name)));
        push_actions(table, &freed.chain(held).collect::<Vec<_>>(), out);
        let computed = |column: &&Column| self.computed.contains(&column.name);
        let lost = self.remade.iter().any(|column| !computed(column)).then_some(COMPUTED);
        // Those that are made again go from the tables below, too.
        let remade = |out: &mut Steps, which: &dyn Fn(&&Column) -> bool| {
            let columns = self.remade.iter().copied().filter(which);
            push_actions_noted(table, false, &along::drops(columns.clone()), lost, out);
            self.push_drops_below(columns.collect(), state, out);
        };
        let dropped = self.dropped.iter().copied();
        if only && !self.remade.is_empty() {
            remade(out, &computed);
            push_actions_on(table, only, &along::drops(dropped.clone().filter(computed)), out);
            remade(out, &|column| !computed(column));
            push_actions_on(
                table,
                only,
                &along::drops(dropped.filter(|column| !computed(column))),
                out,
            );
        } else {
            let all = self.remade.iter().copied().chain(dropped);
            let (first, rest): (Vec<&Column>, Vec<&Column>) = all.partition(computed);
            push_actions_noted(table, only, &along::drops(first.into_iter().chain(rest)), lost, out);
        }
    }

    /// What is made again is made again in the tables that inherit it, too. They keep a column that they have of themselves as
    /// well.
    fn push_drops_below(&self, columns: Vec<&Column>, state: &Schema, out: &mut Steps) {
        let below = state.all_below(&self.table.name);
        for table in below.iter().filter_map(|name| state.tables.get(name)) {
            let columns = columns.iter().filter(|column| table.column(&column.name).is_some());
            let drops = columns.map(|column| format!("DROP COLUMN IF EXISTS {}", ident(&column.name)));
            push_actions(&table.name, &drops.collect::<Vec<_>>(), out);
        }
    }

    /// Whether the part that changes goes with a column that is made again, and comes anew with it.
    pub(super) fn takes_along(&self, change: &TableChange) -> bool {
        matches!(change, TableChange::AlterPart { to, .. }
            if self.remade.iter().any(|column| mention::part_uses(to, &column.name)))
    }

    /// What went along with a column that was made again, and is not in the list of what comes.
    pub(super) fn push_dependents(&self, changes: &[TableChange], out: &mut Steps) {
        let names = self.remade.iter().map(|column| &column.name).collect::<Vec<_>>();
        let is_same = |added: &Part, part: &Part| {
            added.is_like(part) && (matches!(part, Part::PrimaryKey(_)) || added.name() == part.name())
        };
        let comes = |part: &Part| {
            let mut changes = changes.iter();
            changes.any(|change| matches!(change, TableChange::AddPart(added) if is_same(added, part)))
        };
        let mut parts = along::parts(self.table, &names);
        parts.retain(|part| !comes(part));
        along::push(self.table, &parts, out);
        self.push_lost_comments(changes, out);
    }

    /// Comments of columns that stepped aside for another one's new type.
    fn push_lost_comments(&self, changes: &[TableChange], out: &mut Steps) {
        for column in &self.remade {
            let altered =
                |change: &TableChange| matches!(change, TableChange::AlterColumn { to, .. } if to.name == column.name);
            if !changes.iter().any(altered) {
                along::comment(self.table, column, out);
            }
        }
    }
}

fn is_generated(column: &Column) -> bool {
    matches!(column.value, ColumnValue::Generated { .. })
}
