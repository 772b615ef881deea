//! What counts between two databases of which one is to become just what the other is.

use std::collections::{BTreeMap, BTreeSet};

use super::objects::BROKEN;
use super::shown::{BLOCK, USING};
use crate::dialect::mysql::keys;
use crate::dialect::mysql::normalize::{COLLATE, PLAIN_OPTIONS};
use crate::dialect::mysql::objects::{CLIENT, CONNECTION, SQL_MODE, TIME_ZONE, WHOLE_SQL_MODE, WHOLE_TYPES};
use crate::ident::{Name, Qualified};
use crate::ir::{Index, IndexKey, IndexPart, Object, Schema, Table};

/// What a database has where nothing is said: its collation, and the modes and the time zone of a new connection.
struct Usual<'a> {
    collation: &'a str,
    sql_mode: &'a str,
    time_zone: &'a str,
}

impl<'a> Usual<'a> {
    fn of(answer: &'a str) -> Self {
        let mut lines = answer.lines();
        let mut next = || lines.next().unwrap_or_default();
        Self {
            collation: next(),
            sql_mode: next(),
            time_zone: next(),
        }
    }
}

/// Brings both into the words that hold in the first one, which will be changed.
pub(super) fn both(from: &mut Schema, to: &mut Schema, usual: [&str; 2]) {
    let [there, own] = usual.map(Usual::of);
    collations(from, to, [&there, &own]);
    // Words that change nothing are no reason to touch a table: they go along where it is touched anyway.
    let same = |(name, table): &(&Qualified, &Table)| to.tables.get(name).is_some_and(|to| table.is_same(to));
    let same = from.tables.iter().filter(same).map(|(name, _)| name.clone());
    let same = same.collect::<BTreeSet<_>>();
    for schema in [from, to] {
        let touched = schema.tables.values_mut().filter(|table| !same.contains(&table.name));
        touched.for_each(say);
        for object in schema.objects.values_mut() {
            say_rules(object, &there);
            // What a routine takes and gives has the collation of the database where it says none.
            if there.collation != own.collation
                && let Some(sql) = object.told.0.get(WHOLE_TYPES)
            {
                object.sql.clone_from(sql);
            }
        }
    }
}

/// A view that reads what is gone is kept by the server, and made by no statement.
pub(super) fn set_broken_aside(from: &Schema, to: &mut Schema) -> Vec<String> {
    let is_broken = |object: &Object| object.told.0.contains_key(BROKEN);
    let broken = to.objects.iter().filter(|(_, object)| is_broken(object));
    let broken = broken.map(|(id, _)| id.clone()).collect::<Vec<_>>();
    for id in &broken {
        match from.objects.get(id) {
            Some(object) => to.objects.insert(id.clone(), object.clone()),
            None => to.objects.remove(id),
        };
    }
    broken
        .iter()
        .map(|id| format!("{id}, which reads what is not there"))
        .collect()
}

fn collations(from: &mut Schema, to: &mut Schema, [there, own]: [&Usual<'_>; 2]) {
    let meant = |schema: &Schema, usual: &Usual<'_>| -> BTreeMap<Qualified, String> {
        let collation = |table: &Table| {
            let own = table.options.get(COLLATE).map(String::as_str);
            own.unwrap_or(usual.collation).to_owned()
        };
        let tables = schema.tables.iter();
        tables.map(|(name, table)| (name.clone(), collation(table))).collect()
    };
    let (before, after) = (meant(from, there), meant(to, own));
    for (schema, meant) in [(from, &before), (to, &after)] {
        for table in schema.tables.values_mut() {
            let Some(collation) = meant.get(&table.name) else {
                continue;
            };
            let mut others = [&before, &after].into_iter().filter_map(|side| side.get(&table.name));
            // `DEFAULT` would be that of the character set, not that of the database (10.11), so what changes is said.
            if collation == there.collation && others.all(|other| other == collation) {
                table.options.remove(COLLATE);
            } else {
                table.options.insert(COLLATE.to_owned(), collation.clone());
            }
        }
    }
}

/// Takes over the options of a table and its keys in the words of the server.
fn say(table: &mut Table) {
    let told = std::mem::take(&mut table.written.told.0);
    for (option, ..) in PLAIN_OPTIONS {
        match told.get(*option) {
            Some(value) => table.options.insert((*option).to_owned(), value.clone()),
            None => table.options.remove(*option),
        };
    }
    let names: Vec<Name> = table.uniques.keys().chain(table.indexes.keys()).cloned().collect();
    for name in names {
        let said = |what: &str| told.get(&format!("{what}{name}")).cloned();
        let (using, block) = (said(USING), said(BLOCK));
        if using.is_none() && block.is_none() {
            continue;
        }
        let unique = table.uniques.remove(&name).map(|unique| {
            let parts = unique.columns.iter().cloned().map(IndexKey::Column).map(IndexPart::new);
            let parts = parts.collect();
            Index {
                unique: true,
                ..Index::new(name.clone(), parts)
            }
        });
        let Some(mut index) = unique.or_else(|| table.indexes.remove(&name)) else {
            continue;
        };
        if index.method.is_none() {
            index.method = using.and_then(|using| Name::new(using).ok());
        }
        if let Some(size) = block {
            index.options.insert(keys::KEY_BLOCK_SIZE.to_owned(), size);
        }
        table.indexes.insert(name, index);
    }
    if let Some(key) = &table.primary_key {
        let said = |what: &str| told.get(&format!("{what}{}", key.name));
        let using = said(USING).map(|using| format!(" USING {}", using.to_ascii_uppercase()));
        let block = said(BLOCK).map(|size| format!(" KEY_BLOCK_SIZE = {size}"));
        if using.is_some() || block.is_some() {
            let parts = table.options.get(keys::PRIMARY_KEY).cloned();
            let mut parts = parts.unwrap_or_else(|| keys::list(&key.columns));
            // In memory it is told already.
            parts.extend(using.filter(|using| !parts.ends_with(using)).into_iter().chain(block));
            table.options.insert(keys::PRIMARY_KEY.to_owned(), parts);
        }
    }
}

/// The rules under which an object was made, where a new connection has others.
fn say_rules(object: &mut Object, usual: &Usual<'_>) {
    if let Some(mode) = object.told.0.get(WHOLE_SQL_MODE) {
        let meaningful = object.facets.remove(SQL_MODE).is_some();
        if meaningful || mode != usual.sql_mode {
            object.facets.insert(WHOLE_SQL_MODE.to_owned(), mode.clone());
        }
    }
    if let Some(zone) = object.told.0.get(TIME_ZONE).filter(|zone| *zone != usual.time_zone) {
        object.facets.insert(TIME_ZONE.to_owned(), zone.clone());
    }
    for rule in [CLIENT, CONNECTION] {
        if let Some(value) = object.told.0.get(rule) {
            object.facets.insert(rule.to_owned(), value.clone());
        }
    }
}
