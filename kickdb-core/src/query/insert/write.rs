//! The statement for new rows: their values as a list for each column, or each by itself, and what a row that is there already gets.

use super::Conflict;
use crate::dialect::Upsert;
use crate::query::node::Node;
use crate::query::render::Writer;
use crate::query::table::{Table, TableMeta};
use crate::query::{rows, update};
use crate::value::Value;

/// From so many rows on, a list for each column is faster than a placeholder for each value: there is less to parse.
pub(super) const ARRAYS_FROM: usize = 32;

/// The values of rows as a statement gives them.
pub(super) enum Rows {
    /// Each by itself, row after row; `None` is a column's default.
    Values(Vec<Option<Value>>),
    /// One list for each column.
    Lists(Vec<Value>),
}

/// The values as one list for each column, or as they are where that cannot be.
pub(super) fn lists(values: Vec<Option<Value>>, width: usize) -> Rows {
    let column = |at: usize| values.iter().skip(at).step_by(width);
    let kinds: Option<Vec<_>> = (0..width)
        .map(|at| {
            let given = column(at).all(Option::is_some);
            given.then(|| rows::list_of(column(at).flatten())).flatten()
        })
        .collect();
    let Some(kinds) = kinds else {
        return Rows::Values(values);
    };
    let mut lists: Vec<Vec<Value>> = vec![Vec::with_capacity(values.len() / width); width];
    for (at, value) in values.into_iter().enumerate() {
        lists[at % width].extend(value);
    }
    let lists = kinds.into_iter().zip(lists);
    Rows::Lists(
        lists
            .map(|((kind, of), items)| Value::List { kind, of, items })
            .collect(),
    )
}

pub(super) fn insert<T: Table>(
    writer: &mut Writer<'_>,
    columns: &[&'static str],
    rows: Rows,
    conflict: Option<&Conflict>,
) {
    let ignoring = conflict.is_some_and(|conflict| conflict.ignores(writer.dialect()));
    writer.push(if ignoring {
        "INSERT IGNORE INTO "
    } else {
        "INSERT INTO "
    });
    writer.table(T::META);
    if columns.is_empty() {
        writer.push(writer.dialect().no_values());
    } else {
        writer.push(" (");
        writer.names(columns);
        match rows {
            Rows::Lists(lists) => lists_of(writer, T::META, columns, lists),
            Rows::Values(values) => values_of(writer, T::META, columns, values),
        }
    }
    let Some(conflict) = conflict else { return };
    if ignoring {
        return;
    }
    if writer.dialect().upsert() == Upsert::OnDuplicateKey {
        // MySQL has no way to name the key: what is said holds for all of them.
        writer.push(" ON DUPLICATE KEY UPDATE ");
        writer.met(|writer| kept::<T>(writer, conflict));
        return;
    }
    writer.push(" ON CONFLICT (");
    writer.names(&conflict.columns);
    if conflict.changes_nothing() {
        writer.push(") DO NOTHING");
        return;
    }
    writer.push(") DO UPDATE SET ");
    writer.met(|writer| kept::<T>(writer, conflict));
}

/// What is changed in the row that is there, with what a change of a row makes by itself.
fn kept<T: Table>(writer: &mut Writer<'_>, conflict: &Conflict) {
    let given: Vec<_> = conflict
        .update
        .iter()
        .map(|column| (*column, Node::Incoming(column)))
        .chain(conflict.sets.clone())
        .collect();
    // The columns of the row that is there have the name of its table.
    let qualified = writer.set_qualified(true);
    for (at, (column, value)) in update::kept::<T>(given).into_iter().enumerate() {
        writer.push(if at == 0 { "" } else { ", " });
        writer.name(column);
        writer.push(" = ");
        writer.stored(T::META, column, value);
    }
    writer.set_qualified(qualified);
}

fn values_of(writer: &mut Writer<'_>, table: &TableMeta, columns: &[&str], values: Vec<Option<Value>>) {
    let casts: Vec<_> = columns.iter().map(|column| writer.cast_of(table, column)).collect();
    let width = columns.len();
    writer.expect_binds(values.len());
    writer.push(") VALUES ");
    for (at, value) in values.into_iter().enumerate() {
        writer.push(match (at, at % width) {
            (0, _) => "(",
            (_, 0) => "), (",
            _ => ", ",
        });
        match value {
            Some(value) => writer.bind_as(value, true, casts[at % width]),
            None => writer.push("DEFAULT"),
        }
    }
    writer.push(")");
}

fn lists_of(writer: &mut Writer<'_>, table: &TableMeta, columns: &[&str], lists: Vec<Value>) {
    writer.push(") SELECT * FROM unnest(");
    for (at, list) in lists.into_iter().enumerate() {
        writer.push(if at == 0 { "" } else { ", " });
        let cast = writer.cast_of(table, columns[at]);
        writer.bind_as(list, true, cast);
    }
    writer.push(")");
}
