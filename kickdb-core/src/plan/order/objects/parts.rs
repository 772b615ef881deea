//! The parts of tables that call a function which makes room: they step aside before it goes, and come when it is there.

use std::collections::{BTreeMap, BTreeSet};

use super::said::{said_by_expr, said_by_part};
use super::{Work, says};
use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange, apply_one};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, ObjectId, ObjectKind, Schema, SqlType, Table};
use crate::lex::Said;
use crate::plan::order::families;
use crate::plan::order::parts::{columns, parts};
use crate::plan::order::piece;

impl Work<'_> {
    /// Takes off the parts of tables that say what makes room, and puts them on again. Says whether there are any.
    pub(super) fn detach_parts(&self, from: &Schema, to: &Schema, chain: &mut Vec<Change>, named: usize) -> bool {
        // One with other arguments takes the calls of one that goes, too, and as long as both are there the server cannot tell
        // which of them a call means.
        let after = to.objects.keys().map(|id| (id.kind, &id.name)).collect::<BTreeSet<_>>();
        let gone = self.tasks.iter().filter(|(id, task)| {
            id.kind.serves_tables() && task.drop.is_some() && after.contains(&(id.kind, &id.name))
        });
        let gone = gone.map(|(id, _)| id).collect::<Vec<_>>();
        if gone.is_empty() {
            return false;
        }
        let mut middle = from.clone();
        for change in &chain[..named] {
            apply_one(change, &mut middle);
        }
        let (mut off, mut on) = (Vec::new(), Vec::new());
        for table in middle.tables.values() {
            let Some(after) = to.tables.get(&table.name) else {
                continue;
            };
            let mut aside = Aside {
                dialect: self.dialect,
                gone: &gone,
                table,
                after,
                off: Vec::new(),
                on: Vec::new(),
            };
            aside.step(chain);
            if !aside.off.is_empty() {
                off.push(piece(&table.name, aside.off));
                on.extend((!aside.on.is_empty()).then(|| piece(&table.name, aside.on)));
            }
        }
        let found = !off.is_empty();
        leave_to_those_above(&mut off, &mut middle, self.dialect);
        leave_to_those_above(&mut on, &mut middle, self.dialect);
        let is_table = |change: &Change| {
            matches!(
                change,
                Change::AlterTable { .. }
                    | Change::CreateTable(_)
                    | Change::DropTable(_)
                    | Change::Repartition { .. }
                    // A function of its values is there again behind it.
                    | Change::AlterEnum { .. }
            )
        };
        let end = chain.iter().rposition(is_table).map_or(named, |last| last + 1);
        chain.splice(end.max(named)..end.max(named), on);
        chain.splice(named..named, off);
        found
    }
}

/// From the top down, leaves out what comes about by what happens to a table above; `state` is the schema before them all, and
/// becomes that after.
fn leave_to_those_above(pieces: &mut Vec<Change>, state: &mut Schema, dialect: &dyn Dialect) {
    let names = families::from_the_top(state, &|_| None);
    let places = names.iter().enumerate().map(|(at, name)| (name, at));
    let places = places.collect::<BTreeMap<_, _>>();
    let name = |piece: &Change| match piece {
        Change::AlterTable { to, .. } => Some(to.name.clone()),
        _ => None,
    };
    pieces.sort_by_key(|piece| name(piece).and_then(|name| places.get(&name).copied()));
    for piece in pieces.iter_mut() {
        if let Change::AlterTable { to, changes, .. } = piece
            && let Some(now) = state.tables.get(&to.name)
        {
            changes.retain(|change| is_left(change, now));
        }
        apply_one(piece, state);
        dialect.spread(piece, state);
    }
    pieces.retain(|piece| !matches!(piece, Change::AlterTable { changes, .. } if changes.is_empty()));
}

/// Whether the change is still to be done to the table.
fn is_left(change: &TableChange, now: &Table) -> bool {
    let has = |part: &Part| parts(now).any(|other| other.is_like(part) && other.name() == part.name());
    match change {
        TableChange::DropPart(part) => has(part),
        TableChange::AddPart(part) => !has(part),
        TableChange::DropColumn(column) => now.column(&column.name).is_some(),
        TableChange::AddColumn(column) => now.column(&column.name).is_none(),
        _ => true,
    }
}

/// What one table takes off and puts on.
struct Aside<'a> {
    dialect: &'a dyn Dialect,
    gone: &'a [&'a ObjectId],
    table: &'a Table,
    after: &'a Table,
    off: Vec<TableChange>,
    on: Vec<TableChange>,
}

impl Aside<'_> {
    fn step(&mut self, chain: &mut [Change]) {
        let computed = self.computed();
        for part in parts(self.table) {
            let said = said_by_part(&part, self.dialect);
            let uses = columns(&part).into_iter().any(|column| computed.contains(column))
                || computed.iter().any(|column| said.says_word(column));
            if uses || self.gone.iter().any(|id| self.reaches(&said, id)) {
                self.part(part, chain);
            }
        }
        for column in &self.table.columns {
            let Some(after) = self.after.column(&column.name) else {
                continue;
            };
            if computed.contains(&column.name) {
                self.off.push(TableChange::DropColumn(column.clone()));
                self.on.insert(0, TableChange::AddColumn(after.clone()));
                take(
                    chain,
                    &self.table.name,
                    |change| matches!(change, TableChange::AlterColumn { from, .. } if from.name == column.name),
                );
            } else if let ColumnValue::Default(expr) = &column.value
                && self.calls(expr)
            {
                self.default(column, after, chain);
            }
        }
    }

    /// The computed columns that call one of them and stay computed. What one that becomes plain holds must not go.
    fn computed(&self) -> BTreeSet<Name> {
        let value = |column: Option<&Column>| match column.map(|column| &column.value) {
            Some(ColumnValue::Generated { expr, .. }) => Some(expr.clone()),
            _ => None,
        };
        let columns = self.table.columns.iter().filter(|column| {
            let (before, after) = (value(Some(column)), value(self.after.column(&column.name)));
            after.is_some() && before.is_some_and(|expr| self.calls(&expr))
        });
        columns.map(|column| column.name.clone()).collect()
    }

    fn default(&mut self, column: &Column, after: &Column, chain: &mut [Change]) {
        let without = Column {
            value: ColumnValue::Required,
            ..column.clone()
        };
        let mut changes = false;
        for change in changes_of(chain, &self.table.name).flatten() {
            if let TableChange::AlterColumn { from, .. } = change
                && from.name == column.name
            {
                from.value = ColumnValue::Required;
                changes = true;
            }
        }
        if !changes {
            self.on.push(TableChange::AlterColumn {
                from: without.clone(),
                to: after.clone(),
            });
        }
        self.off.push(TableChange::AlterColumn {
            from: column.clone(),
            to: without,
        });
    }

    /// All that is to be done with the part is done here.
    fn part(&mut self, part: Part, chain: &mut [Change]) {
        let mut name = part.name().clone();
        let renamed = |change: &TableChange| match change {
            TableChange::RenameConstraint { from, to } | TableChange::RenameIndex { from, to } if *from == name => {
                Some(to.clone())
            }
            _ => None,
        };
        let new = changes_of(chain, &self.table.name)
            .flatten()
            .find_map(|change| renamed(change));
        let old = name.clone();
        name = new.unwrap_or(name);
        take(chain, &self.table.name, |change| match change {
            TableChange::RenameConstraint { from, .. } | TableChange::RenameIndex { from, .. } => *from == old,
            other => other
                .part()
                .is_some_and(|other| other.is_like(&part) && (*other.name() == old || *other.name() == name)),
        });
        let next = parts(self.after).find(|other| other.is_like(&part) && *other.name() == name);
        self.on.extend(next.map(TableChange::AddPart));
        self.off.push(TableChange::DropPart(part));
    }

    fn calls(&self, expr: &Expr) -> bool {
        let mut said = Said::default();
        said_by_expr(expr, self.dialect, &mut said);
        self.gone.iter().any(|id| self.reaches(&said, id))
    }

    /// Whether what is said can need the object. A cast has no name: it is of the type of a column.
    fn reaches(&self, said: &Said, id: &ObjectId) -> bool {
        if id.kind != ObjectKind::Cast {
            return says(said, id);
        }
        let types = self.dialect.said(id.name.name.as_str());
        self.table.columns.iter().any(|column| {
            let ty = match &column.ty {
                SqlType::Array(inner) => inner,
                other => other,
            };
            said.says_word(&column.name) && matches!(ty, SqlType::Enum(name) if types.says(name))
        })
    }
}

/// The lists of changes of one table.
fn changes_of<'a>(chain: &'a mut [Change], table: &'a Qualified) -> impl Iterator<Item = &'a mut Vec<TableChange>> {
    chain.iter_mut().filter_map(move |change| match change {
        Change::AlterTable { to, changes, .. } if to.name == *table => Some(changes),
        _ => None,
    })
}

fn take(chain: &mut [Change], table: &Qualified, which: impl Fn(&TableChange) -> bool) {
    for changes in changes_of(chain, table) {
        changes.retain(|change| !which(change));
    }
}
