//! What a text says by the place of a table's columns: `FROM t x(a, b)`, the rows that a function gives, `ROW(1, 2)::t`.
//!
//! The server writes such lists where it must tell columns apart, in the order of the database that it is asked in. In another
//! database the columns may stand in another order, and the same text would read other ones there.

mod find;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use self::find::{Place, Rows, may_say, places};
use super::read::local;
use crate::dialect::EmitError;
use crate::dialect::head::Head;
use crate::dialect::postgres::syntax::{bare, idents, qualified};
use crate::ident::{Name, Qualified};
use crate::ir::{Object, ObjectId, Schema, Table};
use crate::lex::Lexis;
use crate::plan::Steps;

/// Before the name of a table: the order of its columns that the text goes by.
const COLUMNS: &str = "columns of ";

/// The table whose columns stand in another order than a text goes by that cannot be said in that.
const OUT_OF_ORDER: &str = "goes by the columns of";

/// Says the texts of `to` in the order that the columns will have when the tables of `from` have become those of `to`: those
/// that stay where they are, and behind them those that come.
pub(in crate::dialect::postgres) fn meet(from: &mut Schema, to: &mut Schema) {
    say(from, |table| order(table, None));
    say(to, |table| order(table, from.tables.get(&table.name)));
}

/// The columns of a table, as its own database has them and as they will be.
type Order = (Vec<Name>, Vec<Name>);

type Orders = BTreeMap<Qualified, Order>;

fn say(schema: &mut Schema, order: impl Fn(&Table) -> Order) {
    let rows = Rows::of(&schema.tables, &schema.objects);
    for (_, object) in schema.objects.iter_mut().filter(|(id, object)| may_say(id, object)) {
        let places = places(&object.sql, &rows);
        let tables = places.iter().filter_map(|place| schema.tables.get(&place.table));
        let orders = tables
            .map(|table| (table.name.clone(), order(table)))
            .collect::<Orders>();
        for (table, (own, after)) in &orders {
            object
                .told
                .0
                .insert(format!("{COLUMNS}{}", qualified(table)), idents(after));
            let mut mixed = places
                .iter()
                .filter(|place| place.table == *table && place.items.is_empty());
            if own != after && mixed.next().is_some() {
                object.facets.insert(OUT_OF_ORDER.to_owned(), table.to_string());
            }
        }
        if let Cow::Owned(sql) = moved(&object.sql, &places, &orders) {
            object.sql = sql;
        }
    }
}

fn order(table: &Table, before: Option<&Table>) -> Order {
    let own: Vec<Name> = table.columns.iter().map(|column| column.name.clone()).collect();
    let before = before.map_or(&[][..], |before| &before.columns);
    let stays = before
        .iter()
        .map(|column| &column.name)
        .filter(|name| own.contains(name));
    let comes = own
        .iter()
        .filter(|name| before.iter().all(|column| column.name != **name));
    let after = stays.chain(comes).cloned().collect();
    (own, after)
}

/// The object in the order that the columns have after the statements so far.
///
/// # Errors
///
/// Where its text cannot be said in that order.
pub(super) fn placed<'a>(
    id: &ObjectId,
    object: &'a Object,
    state: &Schema,
    out: &Steps,
) -> Result<Cow<'a, Object>, EmitError> {
    let refused = |table: &dyn std::fmt::Display| EmitError {
        object: id.name.to_string(),
        message: format!(
            "the {} names columns by their place, and those of `{table}` stand in another order in this database; \
             say it in other words, or give `{table}` the same order of columns",
            id.kind.title()
        ),
    };
    if let Some(table) = object.facets.get(OUT_OF_ORDER) {
        return Err(refused(table));
    }
    let mut orders = Orders::new();
    for (told, columns) in &object.told.0 {
        let Some(table) = told.strip_prefix(COLUMNS) else {
            continue;
        };
        let Some(table) = Head::new(table, Lexis::POSTGRES, true).name() else {
            continue;
        };
        let before = names(columns);
        let after = after(&table, before.clone(), state, out);
        if before != after {
            orders.insert(table, (before, after));
        }
    }
    if orders.is_empty() {
        return Ok(Cow::Borrowed(object));
    }
    let places = places(&object.sql, &Rows::of(&state.tables, &state.objects));
    let mut mixed = places
        .iter()
        .filter(|place| place.items.is_empty() && orders.contains_key(&place.table));
    if let Some(place) = mixed.next() {
        return Err(refused(&place.table));
    }
    let sql = moved(&object.sql, &places, &orders).into_owned();
    Ok(Cow::Owned(Object { sql, ..object.clone() }))
}

fn names(list: &str) -> Vec<Name> {
    let mut head = Head::new(list, Lexis::POSTGRES, true);
    let mut names = Vec::new();
    while let Some(name) = head.name() {
        names.push(name.name);
        head.eat(",");
    }
    names
}

/// What a script makes of the order of columns: one that is added stands last, whether it was there before or not.
fn after(table: &Qualified, mut columns: Vec<Name>, state: &Schema, out: &Steps) -> Vec<Name> {
    for sql in out.statements() {
        let mut head = Head::new(sql, Lexis::POSTGRES, true);
        let made = head.eat("create table") || head.eat("create unlogged table");
        if !made && !head.eat("alter table") {
            continue;
        }
        head.eat("only");
        let Some(name) = head.name().map(local) else { continue };
        if made && name == *table {
            let own = state.tables.get(table).map(|table| &table.columns);
            columns = own.into_iter().flatten().map(|column| column.name.clone()).collect();
        }
        if made || name != *table && !state.all_below(&name).contains(table) {
            continue;
        }
        while head.skip_past("add") {
            if head.eat("column")
                && let Some(Qualified { name, .. }) = head.name()
                && columns.contains(&name)
            {
                columns.retain(|other| *other != name);
                columns.push(name);
            }
        }
    }
    columns
}

/// The text with what goes by the first order of its table said in the second one.
fn moved<'a>(sql: &'a str, places: &[Place<'_>], orders: &Orders) -> Cow<'a, str> {
    let mut edits = Vec::new();
    for place in places {
        let Some((before, after)) = orders.get(&place.table) else {
            continue;
        };
        let Some(((first, _), (last, text))) = place.items.first().zip(place.items.last()) else {
            continue;
        };
        if before == after || !place.open && place.items.len() != before.len() {
            continue;
        }
        let said = |name: &Name| {
            let at = before.iter().position(|other| other == name);
            let item = at.and_then(|at| place.items.get(at));
            item.map_or_else(|| bare(name.as_str()), |(_, item)| (*item).to_owned())
        };
        let more = place
            .items
            .iter()
            .skip(before.len())
            .map(|(_, item)| (*item).to_owned());
        let list = after.iter().map(said).chain(more).collect::<Vec<_>>();
        edits.push((*first..last + text.len(), list.join(", ")));
    }
    if edits.is_empty() {
        return Cow::Borrowed(sql);
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut moved = sql.to_owned();
    for (range, list) in edits {
        moved.replace_range(range, &list);
    }
    Cow::Owned(moved)
}
