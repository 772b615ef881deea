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

/// Before the name of a table: the order of its columns before any change.
const BEFORE: &str = "columns before of ";

/// The table whose columns stand in another order than a text goes by that cannot be said in that.
const OUT_OF_ORDER: &str = "goes by the columns of";

/// Says the texts of `to` in the order that the columns will have when the tables of `from` have become those of `to`: those
/// that stay where they are, and behind them those that come.
pub(in crate::dialect::postgres) fn meet(from: &mut Schema, to: &mut Schema) {
    say(from, |table| order(table, None));
    say(to, |table| order(table, from.tables.get(&table.name)));
    // Which of the tables and columns that come have only taken another name is not known yet.
    let (tables, objects) = (&to.tables, to.objects.values_mut());
    for object in objects {
        let told = &mut object.told.0;
        let said = |table: &Table| told.contains_key(&format!("{COLUMNS}{}", qualified(&table.name)));
        let may_be = |table: &&Table| said(table) || !tables.contains_key(&table.name);
        if told.keys().any(|key| key.starts_with(COLUMNS)) {
            let before = from.tables.values().filter(may_be);
            let before = before.map(|table| (format!("{BEFORE}{}", qualified(&table.name)), idents(&own(table))));
            let before = before.collect::<Vec<_>>();
            told.extend(before);
        }
    }
}

fn own(table: &Table) -> Vec<Name> {
    table.columns.iter().map(|column| column.name.clone()).collect()
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
    let own = own(table);
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
        let after = stand(&table, object, state, out).filter(|after| is_same_set(after, &before));
        let after = after.unwrap_or_else(|| self::after(&table, before.clone(), state, out));
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

fn is_same_set(one: &[Name], other: &[Name]) -> bool {
    one.len() == other.len() && one.iter().all(|name| other.contains(name))
}

/// How the columns of a table stand after the statements so far, where it is known how they stood before: under their new names
/// where they were, and those that have come behind them.
fn stand(table: &Qualified, object: &Object, state: &Schema, out: &Steps) -> Option<Vec<Name>> {
    let before = object.told.0.iter().filter_map(|(told, columns)| {
        let table = Head::new(told.strip_prefix(BEFORE)?, Lexis::POSTGRES, true).name()?;
        Some((table, names(columns)))
    });
    let mut orders = before.collect::<BTreeMap<Qualified, Vec<Name>>>();
    if orders.is_empty() {
        return None;
    }
    for sql in out.statements() {
        let mut head = Head::new(sql, Lexis::POSTGRES, true);
        if head.eat("create table") || head.eat("create unlogged table") {
            if head.name().map(local).as_ref() == Some(table) {
                orders.insert(table.clone(), own(state.tables.get(table)?));
            }
        } else if head.eat("alter table") {
            altered(&mut head, &mut orders, state);
        }
    }
    orders.remove(table)
}

/// Follows an `ALTER TABLE` from behind these words.
fn altered(head: &mut Head<'_>, orders: &mut BTreeMap<Qualified, Vec<Name>>, state: &Schema) -> Option<()> {
    head.eat("only");
    let table = local(head.name()?);
    let moves_to = match (head.eat("rename to"), head.eat("set schema")) {
        (true, _) => Some(table.sibling(head.name()?.name)),
        (_, true) => Some(local(Qualified {
            schema: Some(head.name()?.name),
            name: table.name.clone(),
        })),
        _ => None,
    };
    if let Some(name) = moves_to {
        let columns = orders.remove(&table)?;
        orders.insert(name, columns);
        return None;
    }
    let below = state.all_below(&table);
    let mut reached = orders
        .iter_mut()
        .filter(|(name, _)| **name == table || below.contains(*name))
        .map(|(_, columns)| columns)
        .collect::<Vec<_>>();
    while head.at < head.tokens.len() {
        if head.eat("rename column") {
            let from = head.name()?.name;
            head.eat("to");
            let to = head.name()?.name;
            let columns = reached.iter_mut().flat_map(|columns| columns.iter_mut());
            columns
                .filter(|name| **name == from)
                .for_each(|name| name.clone_from(&to));
        } else if head.eat("drop column") {
            head.eat("if exists");
            let gone = head.name()?.name;
            reached
                .iter_mut()
                .for_each(|columns| columns.retain(|name| *name != gone));
        } else if head.eat("add column") {
            let comes = head.name()?.name;
            reached.iter_mut().for_each(|columns| columns.push(comes.clone()));
        } else {
            head.at += 1;
        }
    }
    None
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
