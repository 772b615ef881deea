//! MariaDB's normal form: what its catalog would say.
//!
//! An enum is part of each column's type, a primary key is called `PRIMARY`, a unique index is a unique constraint, an index
//! that a foreign key makes is part of it, engine and collation are said only where they are not the database's.

mod index;
mod options;
mod table;
mod value;
mod width;

use std::collections::BTreeMap;

pub(super) use self::options::{
    COLLATE, COMPRESSED, ENGINE, INVISIBLE, PARTITION_BY, PLAIN_OPTIONS, SRID, UNVERSIONED, VERSIONED,
    goes_with_engine, is_geometry, is_in_memory, period_option, periods, table_check,
};
pub(super) use self::table::{ROW_END, ROW_START, is_text};
pub(super) use self::value::{ON_UPDATE, call as now_call, fraction};
use super::{MAX_IDENTIFIER, Mysql, objects};
use crate::dialect::{Normalize, Refusal, characters, lacking};
use crate::ident::{Name, Qualified};
use crate::ir::{Enum, Schema, Table, Tables};

impl Normalize for Mysql {
    fn normalize(&self, schema: &mut Schema) -> Result<(), Vec<Refusal>> {
        let mut refusals = Refusals::default();
        characters::refuse(schema, &mut refusals.0);
        characters::refuse_each(schema, &BEYOND, &mut refusals.0);
        refuse_namespaces(schema, &mut refusals);
        let enums = std::mem::take(&mut schema.enums);
        for (name, e) in &enums {
            refuse_values(name, e, &mut refusals);
        }
        schema.tables = std::mem::take(&mut schema.tables)
            .into_values()
            .map(|mut table| {
                lacking::refuse(&mut table, "MySQL", &mut refusals.0);
                (table.name.clone(), table::normalize(table, &enums, &mut refusals))
            })
            .collect();
        for table in schema.tables.values() {
            refuse_names(table, &mut refusals);
            refuse_long_comments(table, &mut refusals);
            width::refuse_wide(table, &mut refusals);
        }
        refuse_shared_names(&schema.tables, &mut refusals);
        objects::number(&mut schema.objects);
        refusals.finish()
    }
}

/// MariaDB keeps its catalog in utf8mb3: rows would be right, and what is read back is `?`.
const BEYOND: characters::Wrong = characters::Wrong {
    is: |c| c > '\u{ffff}',
    what: "has a character beyond U+FFFF, such as an emoji, of which MySQL would tell `?`",
    help: "leave it out here; rows can hold it",
};

/// Everything that was refused so far.
#[derive(Default)]
struct Refusals(Vec<Refusal>);

impl Refusals {
    fn add(&mut self, object: &Qualified, part: Option<&Name>, message: impl Into<String>, help: &str) {
        self.0.push(Refusal {
            object: Some(object.clone()),
            part: part.cloned(),
            message: message.into(),
            help: (!help.is_empty()).then(|| help.to_owned()),
        });
    }

    fn finish(self) -> Result<(), Vec<Refusal>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

const NO_SCHEMAS: &str = "a schema there is a database of its own: leave it out, or put it in front of the table's name (`billing_invoices`)";

fn refuse_namespaces(schema: &mut Schema, refusals: &mut Refusals) {
    let used = schema.tables.keys().chain(schema.enums.keys());
    for name in used.filter(|name| name.schema.is_some()) {
        refusals.add(
            name,
            None,
            "MySQL has no named schemas inside of a database",
            NO_SCHEMAS,
        );
    }
    // A namespace that nothing lives in says nothing.
    schema.namespaces.clear();
}

/// Two values that differ in case or in spaces at their end are one value to the collations that columns have by default.
fn refuse_values(name: &Qualified, e: &Enum, refusals: &mut Refusals) {
    if e.values.is_empty() {
        refusals.add(name, None, "an enum without values", "MySQL needs at least one value");
    }
    let folded = |value: &str| value.trim_end_matches(' ').to_lowercase();
    for (at, value) in e.values.iter().enumerate() {
        let twin = e.values[..at].iter().find(|other| folded(other) == folded(value));
        if let Some(twin) = twin {
            let message = format!("MySQL takes the value `{value}` for `{twin}`");
            refusals.add(
                name,
                None,
                message,
                "letter case and spaces at the end do not tell values apart: rename one",
            );
        }
        if value.ends_with(' ') {
            let message = format!("MySQL takes the spaces from the end of the value `{value}`");
            refusals.add(name, None, message, "leave them out");
        }
    }
}

fn refuse_names(table: &Table, refusals: &mut Refusals) {
    if let Some(why) = wrong_name(&table.name.name).or_else(|| wrong_file(&table.name.name)) {
        refusals.add(&table.name, None, why, HELP);
    }
    let columns = table.columns.iter().map(|column| &column.name);
    let checks = table.checks.keys();
    for name in columns.chain(checks.clone()) {
        if let Some(why) = wrong_name(name) {
            refusals.add(&table.name, Some(name), why, HELP);
        }
    }
    // A foreign key makes an index of its name.
    let indexes = table
        .uniques
        .keys()
        .chain(table.foreign_keys.keys())
        .chain(table.indexes.keys());
    for name in indexes.clone() {
        if let Some(why) = wrong_name(name) {
            refusals.add(&table.name, Some(name), why, HELP);
        }
    }
    refuse_twins(table.uniques.keys().chain(table.indexes.keys()), table, refusals);
    refuse_twins(table.checks.keys(), table, refusals);
    for name in indexes.chain(checks) {
        if ["PRIMARY", "GEN_CLUST_INDEX"]
            .iter()
            .any(|taken| name.as_str().eq_ignore_ascii_case(taken))
        {
            refusals.add(&table.name, Some(name), "MySQL keeps this name for itself", HELP);
        }
    }
}

/// Letter case does not tell the indexes of a table apart, nor its checks.
fn refuse_twins<'a>(names: impl Iterator<Item = &'a Name>, table: &Table, refusals: &mut Refusals) {
    let mut seen: BTreeMap<String, &Name> = BTreeMap::new();
    for name in names {
        if let Some(other) = seen.insert(name.as_str().to_lowercase(), name) {
            refusals.add(
                &table.name,
                Some(name),
                format!("MySQL takes its name for `{other}`"),
                HELP,
            );
        }
    }
}

const HELP: &str = "choose another one by `name = \"…\"`";

/// What the manual says of identifiers (MariaDB, "Identifier Names"), and no more than that.
fn wrong_name(name: &Name) -> Option<String> {
    let length = name.as_str().chars().count();
    if length > MAX_IDENTIFIER {
        return Some(format!(
            "the name `{name}` has {length} characters, MySQL allows {MAX_IDENTIFIER}"
        ));
    }
    // `my_isspace` of utf8mb3, which names are kept in.
    if name.as_str().ends_with([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']) {
        return Some(format!("the name `{name}` ends with a space, which MySQL refuses"));
    }
    let beyond = name.as_str().chars().find(|c| *c > '\u{ffff}')?;
    Some(format!(
        "the name `{name}` has the character `{beyond}`, and MySQL's names have none beyond U+FFFF"
    ))
}

/// A table is a file (MariaDB, "Identifier to File Name Mapping"), whose name has 255 bytes at most with its ending.
fn wrong_file(name: &Name) -> Option<String> {
    const LONGEST: usize = 255 - ".frm".len();
    let bytes = |c: char| match c {
        '_' | '0'..='9' | 'a'..='z' | 'A'..='Z' => 1,
        '\u{c0}'..='\u{58f}' | '\u{1e00}'..='\u{1fff}' => 3,
        _ => 5,
    };
    let length: usize = name.as_str().chars().map(bytes).sum();
    match length > LONGEST {
        true => Some(format!(
            "the name `{name}` is too long for the table's file, where it takes {length} of {LONGEST} bytes"
        )),
        false if name.as_str().starts_with("#mysql50#") => {
            Some("MySQL reads `#mysql50#` as a mark, and not as a name".to_owned())
        }
        false => None,
    }
}

/// The server cuts nothing: in its strict mode it refuses the statement (MariaDB, "CREATE TABLE").
fn refuse_long_comments(table: &Table, refusals: &mut Refusals) {
    let mut look = |comment: Option<&String>, limit: usize, part: Option<&Name>| {
        let length = comment.map_or(0, |comment| comment.chars().count());
        if length > limit {
            let message = format!("the comment has {length} characters, MySQL keeps {limit}");
            refusals.add(&table.name, part, message, "make it shorter");
        }
    };
    look(table.comment.as_ref(), 2048, None);
    for column in &table.columns {
        look(column.comment.as_ref(), 1024, Some(&column.name));
    }
    for index in table.indexes.values() {
        look(index.comment.as_ref(), 1024, Some(&index.name));
    }
    for unique in table.uniques.values() {
        look(unique.comment.as_ref(), 1024, Some(&unique.name));
    }
}

/// The names of foreign keys share one space in the whole database.
fn refuse_shared_names(tables: &Tables, refusals: &mut Refusals) {
    let mut seen: BTreeMap<String, &Qualified> = BTreeMap::new();
    for table in tables.values() {
        for key in table.foreign_keys.keys() {
            if let Some(other) = seen.insert(key.as_str().to_lowercase(), &table.name) {
                refusals.add(
                    &table.name,
                    Some(key),
                    format!("`{other}` has a foreign key of that name, too"),
                    "a foreign key's name is unique in the whole database there: give it another one",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests;
