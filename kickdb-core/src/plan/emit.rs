use std::collections::{BTreeMap, BTreeSet};

use super::order::{Ordered, Tables, order};
use super::{Joins, Plan, Script, Step, Steps, TxMode, keys_over_values, options_over_rows};
use crate::dialect::{Dialect, EmitError};
use crate::diff::{Change, Part, Renames, TableChange, apply, apply_one, diff};
use crate::ident::Qualified;
use crate::ir::{Column, ColumnValue, Expr, Index, Partition, Schema, SqlType, Table};
use crate::lex::{Kind, Lexis, tokens};

/// The SQL that turns `from` into `to`, and back.
///
/// Open questions are taken as "it really goes": whoever writes the plan down asks
/// [`diff`](crate::diff::diff) for them first.
///
/// # Errors
///
/// When the engine cannot carry out one of the changes.
pub fn plan(from: &Schema, to: &Schema, renames: &Renames, dialect: &dyn Dialect) -> Result<Plan, EmitError> {
    let mut renames = renames.clone();
    renames.own_values = dialect.caps().enums.into();
    plan_changes(from, &diff(from, to, &renames).changes, dialect)
}

/// The SQL for the changes that a [`diff`](crate::diff::diff) from `from` has found, and for their reverse.
///
/// # Errors
///
/// When the engine cannot carry out one of the changes.
pub fn plan_changes(from: &Schema, changes: &[Change], dialect: &dyn Dialect) -> Result<Plan, EmitError> {
    let to = apply(changes, from);
    let up = order(from, changes, Tables::Still, dialect);
    let back = diff(&to, from, &Renames::of(changes).inverse()).changes;
    let down = order(&to, &back, Tables::Still, dialect);
    Ok(Plan {
        up: script(from, &up, dialect)?,
        down: script(&to, &down, dialect)?,
        changes: up.changes,
        reverse: down.changes,
        notes: Vec::new(),
    })
}

/// The SQL for the changes that a [`diff`](crate::diff::diff) from `from` has found, one way only: the changes in their order,
/// and their statements.
///
/// # Errors
///
/// When the engine cannot carry out one of the changes.
pub fn one_way(from: &Schema, changes: &[Change], dialect: &dyn Dialect) -> Result<(Vec<Change>, Script), EmitError> {
    let ordered = order(from, changes, Tables::Still, dialect);
    let script = script(from, &ordered, dialect)?;
    Ok((ordered.changes, script))
}

/// Puts the statements that give rights again at the end of a script, for what finds them out as it runs.
///
/// `changes` are those of the script, and `statements` what [`Emit::rights_query`](crate::dialect::Emit::rights_query) finds for
/// them in the database; `from` is the schema before them.
pub fn say_rights(
    script: &mut Script,
    (from, changes): (&Schema, &[Change]),
    statements: Vec<String>,
    dialect: &dyn Dialect,
) {
    let Some((keep, give_back)) = dialect.keep_rights(changes, from) else {
        return;
    };
    let (Some(first), Some(last)) = (script.steps.first(), script.steps.last()) else {
        return;
    };
    if first.sql != keep || last.sql != give_back {
        return;
    }
    script.steps.remove(0);
    let cause = script.steps.pop().map_or(0, |last| last.cause);
    let mut note = Some("What was made again stays with its owner and with those who may use it.");
    script.steps.extend(statements.into_iter().map(|sql| Step {
        sql,
        tx: TxMode::Inside,
        cause,
        note: note.take(),
    }));
}

pub(super) fn script(from: &Schema, ordered: &Ordered, dialect: &dyn Dialect) -> Result<Script, EmitError> {
    script_by(Steps::default(), from, ordered, dialect)
}

/// The same for tables that are in use.
pub(super) fn online_script(from: &Schema, ordered: &Ordered, dialect: &dyn Dialect) -> Result<Script, EmitError> {
    script_by(Steps::online_if(touches_tables(ordered)), from, ordered, dialect)
}

/// Whether something that is there, and may be in use, changes.
fn touches_tables(ordered: &Ordered) -> bool {
    let makes = |change: &Change| {
        matches!(
            change,
            Change::CreateNamespace(_) | Change::CreateEnum(_) | Change::CreateTable(_) | Change::CreateObject { .. }
        )
    };
    !ordered.changes.iter().all(makes)
}

fn script_by(mut out: Steps, from: &Schema, ordered: &Ordered, dialect: &dyn Dialect) -> Result<Script, EmitError> {
    let mut state = from.clone();
    out.comes_to(&ordered.changes);
    let rights = dialect.keep_rights(&ordered.changes, from);
    if let Some((keep, _)) = &rights {
        out.push_noted(
            keep.as_str(),
            "What is made again stays with its owner and with those who may use it.",
        );
    }
    let users = dialect.keep_users(&ordered.changes);
    if let Some((keep, _)) = &users {
        out.push_noted(keep.as_str(), "A server that is made again knows the same users.");
    }
    let tops = tops(from, &ordered.changes, dialect);
    let mut written = None;
    for (at, change) in ordered.changes.iter().enumerate() {
        if written.take() == Some(at) {
            step(change, &mut state, dialect);
            continue;
        }
        out.cause(at);
        out.stands_beside_objects(!state.objects.is_empty());
        out.stands_beside_doubtful(renames(change) && dialect.doubts(&state));
        out.joins_among(joins(&ordered.changes, at, &tops));
        let before = out.len();
        match ordered.changes.get(at + 1) {
            Some(next) if dialect.exchange(change, next, &state, &mut out)? => written = Some(at + 1),
            _ => emit(change, &ordered.changes[at + 1..], &state, dialect, &mut out)?,
        }
        out.rewrite_from(before, |steps| dialect.see_all_rows(change, &state, steps));
        step(change, &mut state, dialect);
    }
    if let Some((_, tell)) = users {
        out.push(tell);
    }
    if let Some((_, give_back)) = rights {
        out.push(give_back);
    }
    if ordered.foreign_keys_off {
        out.foreign_keys_off();
    }
    let online = out.online();
    let mut script = out.finish();
    look_first(&mut script, from, (&ordered.changes, online), dialect);
    Ok(script)
}

/// Puts ahead of all statements those that look for what later ones would fail for: tables that are not there, rows that
/// partitions have no place for, and values that foreign keys would not find at the end. A key that comes with the first
/// statement fails before anything is done by itself.
fn look_first(script: &mut Script, from: &Schema, (changes, online): (&[Change], bool), dialect: &dyn Dialect) {
    let first = script.steps.first().map_or(0, |step| step.cause);
    let mut out = Steps::default();
    dialect.look_for_tables(changes, &mut out);
    for found in options_over_rows(from, changes) {
        out.cause(found.at);
        dialect.look_for_places(&found, &mut out);
    }
    let keys = if online {
        Vec::new()
    } else {
        keys_over_values(from, changes)
    };
    for found in keys {
        if found.at > first {
            out.cause(found.at);
            dialect.look_for_values(&found, &mut out);
        }
    }
    script.steps.splice(0..0, out.finish().steps);
}

/// The tables that others become partitions of, each with the one above all that it is a part of at the end.
fn tops(from: &Schema, changes: &[Change], dialect: &dyn Dialect) -> BTreeMap<Qualified, Qualified> {
    let joined = changes.iter().filter_map(joined).collect::<BTreeSet<_>>();
    if joined.is_empty() {
        return BTreeMap::new();
    }
    let mut end = from.clone();
    changes.iter().for_each(|change| step(change, &mut end, dialect));
    let tops = joined.into_iter().map(|of| (of.clone(), end.top_of(of).clone()));
    tops.collect()
}

/// Which other partitions join the table that the one of this change joins, or one in the same tree.
fn joins(changes: &[Change], at: usize, tops: &BTreeMap<Qualified, Qualified>) -> Joins {
    let Some(top) = joined(&changes[at]).and_then(|of| tops.get(of)) else {
        return Joins {
            takers: takers(&changes[at], &changes[at + 1..]),
            ..Joins::default()
        };
    };
    let same = |change: &Change| joined(change).and_then(|of| tops.get(of)) == Some(top);
    Joins {
        earlier: changes[..at].iter().any(same),
        later: changes[at + 1..].iter().any(same),
        top: Some(top.clone()),
        takers: Vec::new(),
    }
}

/// Which partitions come into the place of one that leaves and is dropped.
fn takers(change: &Change, later: &[Change]) -> Vec<(Qualified, Partition)> {
    let Change::AlterTable { to: table, changes, .. } = change else {
        return Vec::new();
    };
    let left = changes.iter().find_map(|change| match change {
        TableChange::Leave { partition, .. } => partition.as_ref(),
        _ => None,
    });
    let goes = |change: &Change| matches!(change, Change::DropTable(gone) if gone.name == table.name);
    let Some(left) = left.filter(|_| later.iter().any(goes)) else {
        return Vec::new();
    };
    let joins = later.iter().filter_map(|change| match change {
        Change::AlterTable { to, changes, .. } => {
            Some((to.name.clone(), changes.iter().find_map(TableChange::joined)?))
        }
        _ => None,
    });
    let beside = joins.filter(|(_, place)| place.of == left.of);
    beside.map(|(name, place)| (name, place.clone())).collect()
}

/// The table that another becomes a partition of.
fn joined(change: &Change) -> Option<&Qualified> {
    let Change::AlterTable { changes, .. } = change else {
        return None;
    };
    changes.iter().find_map(TableChange::joined).map(|place| &place.of)
}

/// Whether a table or a column takes another name.
fn renames(change: &Change) -> bool {
    match change {
        Change::RenameTable { .. } => true,
        Change::AlterTable { changes, .. } => changes.iter().any(renames_column),
        _ => false,
    }
}

fn renames_column(change: &TableChange) -> bool {
    matches!(change, TableChange::RenameColumn { .. })
}

/// Brings a change of those in order into the state. They say what each table is afterwards; only a renamed column is said by
/// other tables, too.
fn step(change: &Change, state: &mut Schema, dialect: &dyn Dialect) {
    match change {
        Change::AlterTable { to, changes, .. } if !changes.iter().any(renames_column) => {
            state.tables.insert(to.name.clone(), to.clone());
        }
        _ => apply_one(change, state),
    }
    dialect.spread(change, state);
}

/// Writes one change; `state` is the schema just before it, `later` what follows it.
pub(super) fn emit(
    change: &Change,
    later: &[Change],
    state: &Schema,
    dialect: &dyn Dialect,
    out: &mut Steps,
) -> Result<(), EmitError> {
    match change {
        Change::CreateNamespace(name) => dialect.create_namespace(name, out),
        Change::DropNamespace(name) => dialect.drop_namespace(name, out),
        Change::CreateEnum(e) => dialect.create_enum(e, out),
        Change::DropEnum(e) => dialect.drop_enum(e, out),
        Change::RenameEnum { from, to } => dialect.rename_enum(from, to, out),
        Change::AlterEnum { from, to, renamed } => {
            let mentioned = mentioned(&to.name, &to.values, later);
            dialect.alter_enum(from, to, renamed, &mentioned, (state, later), out)
        }
        Change::CreateTable(table) => dialect.create_table(table, state, out),
        Change::DropTable(table) => dialect.drop_table(table, (state, later), out),
        Change::RenameTable { from, to } => dialect.rename_table(from, to, out),
        Change::AlterTable { from, to, changes } => dialect.alter_table(from, to, changes, state, out),
        Change::Fill { table, column, value } => {
            let found = state.tables.get(table).ok_or_else(|| EmitError {
                object: table.to_string(),
                message: "there is no such table whose rows could get a value".to_owned(),
            })?;
            dialect.fill(found, column, value, state, out);
            Ok(())
        }
        Change::Repartition { from, to } => dialect.repartition(from, to, (state, later), out),
        Change::CreateObject { id, object } => dialect.create_object(id, object, later, state, out),
        Change::DropObject { id, object } => dialect.drop_object(id, object, state, out),
        Change::AlterObject { id, from, to } => dialect.alter_object(id, from, to, (state, later), out),
        Change::RenameAttributes { id, steps, .. } => dialect.rename_attributes(id, steps, state, out),
    }
}

fn is_of(ty: &SqlType, name: &Qualified) -> bool {
    match ty {
        SqlType::Enum(other) => other == name,
        SqlType::Array(inner) => is_of(inner, name),
        _ => false,
    }
}

/// The values of an enum that later changes say: as the default of a column of that type, or as a text in raw SQL.
pub(crate) fn mentioned(name: &Qualified, values: &[String], later: &[Change]) -> BTreeSet<String> {
    let mut said = Said {
        name,
        values,
        found: BTreeSet::new(),
    };
    for change in later {
        match change {
            Change::CreateTable(table) => said.table(table),
            Change::Repartition { to, .. } => to.iter().for_each(|table| said.table(table)),
            Change::AlterTable { changes, .. } => {
                for change in changes {
                    match change {
                        TableChange::AddColumn(column) | TableChange::AlterColumn { to: column, .. } => {
                            said.column(column)
                        }
                        TableChange::AddPart(Part::Check(check)) => said.expr(&check.expr),
                        TableChange::AddPart(Part::Index(index)) => said.index(index),
                        TableChange::Join { partition, .. } => said.place(partition.as_ref()),
                        _ => {}
                    }
                }
            }
            Change::Fill { value, .. } => said.expr(&Expr::Sql(value.clone())),
            _ => {}
        }
    }
    said.found
}

struct Said<'a> {
    name: &'a Qualified,
    values: &'a [String],
    found: BTreeSet<String>,
}

impl Said<'_> {
    fn table(&mut self, table: &Table) {
        table.columns.iter().for_each(|column| self.column(column));
        table.checks.values().for_each(|check| self.expr(&check.expr));
        table.indexes.values().for_each(|index| self.index(index));
        self.place(table.partition.as_ref());
    }

    /// The rows that a partition takes.
    fn place(&mut self, place: Option<&Partition>) {
        if let Some(place) = place {
            self.sql(&place.bound);
        }
    }

    fn column(&mut self, column: &Column) {
        match &column.value {
            ColumnValue::Default(Expr::Text(text)) if is_of(&column.ty, self.name) => self.text(text),
            ColumnValue::Default(expr) | ColumnValue::Generated { expr, .. } => self.expr(expr),
            _ => {}
        }
    }

    fn index(&mut self, index: &Index) {
        index.exprs().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        if let Expr::Sql(sql) = expr {
            self.sql(sql);
        }
    }

    fn sql(&mut self, sql: &str) {
        for token in tokens(sql, Lexis::EXPRESSION).filter(|token| token.kind == Kind::Text) {
            // `'{todo,done}'` says values, too: a list in text form. One word too many does no harm.
            let inner = token.text.trim_matches('\'').replace("''", "'");
            for word in inner.trim_matches(['{', '}']).split(',') {
                self.text(word.trim_matches('"'));
            }
            self.text(&inner);
        }
    }

    fn text(&mut self, text: &str) {
        if self.values.iter().any(|value| value == text) {
            self.found.insert(text.to_owned());
        }
    }
}
