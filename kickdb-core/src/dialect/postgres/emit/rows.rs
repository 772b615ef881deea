//! Rows that get values where they are, and what the server asks of a table for that.

use crate::dialect::postgres::counter::full;
use crate::dialect::postgres::objects::gives_updates;
use crate::dialect::postgres::options::{self, Options, REPLICA_IDENTITY};
use crate::dialect::postgres::syntax::{ident, qualified};
use crate::ir::{Column, ColumnValue, Deferrable, Schema, Table};

/// A statement with a line for the reader of the file.
type Said = (String, Option<&'static str>);

const WHOLE_ROWS: &str = "The server updates no row of a published table that has nothing to tell it by; \
                          as long as whole rows tell, subscribers follow.";

/// The statements that write rows of the table, with those around them.
///
/// See <https://www.postgresql.org/docs/18/logical-replication-publication.html>: without a replica identity updates are refused,
/// and FULL is what a table without a key is given. Taken out of the publication, subscribers would never get the values.
pub(super) fn written(table: &Table, statements: Vec<Said>, state: &Schema) -> Vec<Said> {
    let mut tables = vec![table];
    let below = state.all_below(&table.name);
    tables.extend(below.iter().filter_map(|name| state.tables.get(name)));
    tables.retain(|table| table.partition_by.is_none() && is_told_by_nothing(table, state));
    let whole = Options::from([(REPLICA_IDENTITY.to_owned(), "full".to_owned())]);
    let own = |table: &Table| -> Options {
        let own = table.options.get_key_value(REPLICA_IDENTITY);
        own.map(|(key, value)| (key.clone(), value.clone()))
            .into_iter()
            .collect()
    };
    let alter = |table: &Table, from: &Options, to: &Options| {
        let actions = options::changes(from, to).into_iter();
        let name = qualified(&table.name);
        actions
            .map(move |action| format!("ALTER TABLE {name} {action}"))
            .collect::<Vec<_>>()
    };
    let before = tables.iter().flat_map(|table| alter(table, &own(table), &whole));
    let mut all: Vec<Said> = before.map(|sql| (sql, Some(WHOLE_ROWS))).collect();
    all.extend(statements);
    let parts = table.foreign_keys.values().map(|key| key.deferrable);
    let uniques = table.uniques.values().map(|unique| unique.deferrable);
    let primary = table.primary_key.iter().map(|key| key.deferrable);
    if parts
        .chain(uniques)
        .chain(primary)
        .any(|deferrable| deferrable == Deferrable::Deferred)
    {
        // A table whose rows wait for a check at the end of the transaction cannot be altered.
        all.push(("SET CONSTRAINTS ALL IMMEDIATE".to_owned(), None));
    }
    let after = tables.iter().flat_map(|table| alter(table, &whole, &own(table)));
    all.extend(after.map(|sql| (sql, None)));
    all
}

/// Whether updates of the table are given to subscribers, and nothing tells its rows apart for them.
fn is_told_by_nothing(table: &Table, state: &Schema) -> bool {
    let Some(filtered) = gives_updates(table, state) else {
        return false;
    };
    match table.options.get(REPLICA_IDENTITY).map(String::as_str) {
        Some("full") => false,
        Some("nothing") => true,
        // Whatever a condition on the rows says must be told of them, too.
        Some(_) => filtered,
        None => {
            filtered
                || table
                    .primary_key
                    .as_ref()
                    .is_none_or(|key| key.deferrable != Deferrable::No)
        }
    }
}

/// Whether rows that hold NULL in the column get numbers, since it counts from now on.
pub(in crate::dialect::postgres) fn is_numbered(from: &Column, to: &Column) -> bool {
    from.nullable && !to.nullable && matches!(to.value, ColumnValue::Identity(..))
}

/// Numbers the rows that hold NULL in a column, as its counter would: from its start on, and behind the numbers that are there.
pub(super) fn numbered(table: &Table, column: &Column) -> Said {
    let counter = full(column);
    let (name, place) = (ident(&column.name), qualified(&table.name));
    let (last, further) = match counter.increment > 0 {
        true => ("max", "greatest"),
        false => ("min", "least"),
    };
    let (start, step) = (counter.start, counter.increment);
    let sql = format!(
        "UPDATE {place} AS kick_table SET {name} = kick_number FROM (\n  \
         SELECT tableoid AS kick_of, ctid AS kick_at,\n    \
         (SELECT {further}({last}({name}) + ({step}), {start}) FROM {place}) + ({step}) * (row_number() OVER (ORDER BY tableoid, ctid) - 1) AS kick_number\n  \
         FROM {place} WHERE {name} IS NULL) AS kick_rows\n\
         WHERE kick_table.tableoid = kick_of AND kick_table.ctid = kick_at"
    );
    (sql, Some("rows without a number get the next ones"))
}
