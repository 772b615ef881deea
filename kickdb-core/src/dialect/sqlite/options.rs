//! What SQLite can say of a table beyond what engines share, as named options of the schema.

use std::collections::BTreeMap;

use super::catalog::key_columns;
use super::expr::same;
use crate::ident::Name;
use crate::ir::{PrimaryKey, Table};

/// The table's values are of the types that its columns say.
pub(super) const STRICT: &str = "strict";
/// The rows are kept in the order of the primary key.
pub(super) const WITHOUT_ROWID: &str = "without rowid";
/// Of a column that is NOT NULL: what happens to a row that holds NULL.
pub(super) const ON_CONFLICT: &str = "on conflict";

/// Starts the option that says what happens to a row whose key is there already.
const CONFLICT_OF: &str = "on conflict of ";
/// Starts the option that keeps a key which says more than its columns: a direction, a collation.
const KEY_OF: &str = "key of ";

/// A constraint with a key.
#[derive(Clone, Copy)]
pub(super) enum Of<'a> {
    Primary,
    Unique(&'a Name),
}

impl Of<'_> {
    /// The option with what the key says beyond its columns.
    pub(super) fn key(self) -> String {
        self.option(KEY_OF)
    }

    /// The option with the `ON CONFLICT` clause.
    pub(super) fn conflict(self) -> String {
        self.option(CONFLICT_OF)
    }

    fn option(self, start: &str) -> String {
        match self {
            Self::Primary => format!("{start}primary key"),
            Self::Unique(name) => format!("{start}unique {name}"),
        }
    }
}

/// Whether the option keeps a key.
pub(super) fn is_key(option: &str) -> bool {
    option.starts_with(KEY_OF)
}

/// Whether a constraint does anything but refuse what breaks it.
pub(super) fn has_conflicts(table: &Table) -> bool {
    table.options.keys().any(|option| option.starts_with(CONFLICT_OF))
        || table
            .columns
            .iter()
            .any(|column| column.options.contains_key(ON_CONFLICT))
}

/// Whether the primary key is the row's own number: a lone `INTEGER`, in a table with such numbers. `PRIMARY KEY DESC` at
/// the column makes it an ordinary one (<https://www.sqlite.org/lang_createtable.html#rowid>).
pub(super) fn is_row_number(table: &Table) -> bool {
    is_lone_integer(table) && !table.options.contains_key(&Of::Primary.key())
}

/// Whether the primary key would be the row's own number if it were said of the table, whatever its direction.
pub(super) fn is_lone_integer(table: &Table) -> bool {
    let lone = |key: &PrimaryKey| match key.columns.as_slice() {
        [name] => {
            let mut named = table.columns.iter();
            let column = named.find(|column| same(column.name.as_str(), name.as_str()));
            column.is_some_and(|column| column.ty == super::types::INTEGER)
        }
        _ => false,
    };
    !table.options.contains_key(WITHOUT_ROWID) && table.primary_key.as_ref().is_some_and(lone)
}

/// The options that SQLite knows and that say something; those of other engines say nothing here. Complaints are about what
/// SQLite would not understand.
pub(super) fn normal(table: &Table) -> (BTreeMap<String, String>, Vec<String>) {
    let mut options = BTreeMap::new();
    let mut complaints = Vec::new();
    for (name, value) in &table.options {
        let spelled = name.to_ascii_lowercase().replace('_', " ");
        if [STRICT, WITHOUT_ROWID].contains(&spelled.as_str()) && !value.eq_ignore_ascii_case("false") {
            options.insert(spelled, String::new());
        }
    }
    let primary = table.primary_key.as_ref().map(|key| (Of::Primary, &key.columns));
    let uniques = table.uniques.values();
    let uniques = uniques.map(|unique| (Of::Unique(&unique.name), &unique.columns));
    for (of, columns) in primary.into_iter().chain(uniques) {
        if let Some(what) = table.options.get(&of.conflict()) {
            take(conflict(what), of.conflict(), &mut options, &mut complaints);
        }
        if let Some(detail) = table.options.get(&of.key()) {
            take(key(detail, columns), of.key(), &mut options, &mut complaints);
        }
    }
    (options, complaints)
}

/// The options of a column that SQLite knows.
pub(super) fn of_column(options: &BTreeMap<String, String>) -> (BTreeMap<String, String>, Vec<String>) {
    let mut kept = BTreeMap::new();
    let mut complaints = Vec::new();
    if let Some(what) = options.get(ON_CONFLICT) {
        take(conflict(what), ON_CONFLICT.to_owned(), &mut kept, &mut complaints);
    }
    (kept, complaints)
}

fn take(
    value: Result<Option<String>, String>,
    option: String,
    options: &mut BTreeMap<String, String>,
    complaints: &mut Vec<String>,
) {
    match value {
        Ok(Some(value)) => drop(options.insert(option, value)),
        Ok(None) => {}
        Err(why) => complaints.push(format!("the option `{option}`: {why}")),
    }
}

/// The word of an `ON CONFLICT` clause; none for what holds without one.
pub(super) fn conflict(what: &str) -> Result<Option<String>, String> {
    let what = what.to_ascii_lowercase();
    match what.as_str() {
        "abort" => Ok(None),
        "rollback" | "fail" | "ignore" | "replace" => Ok(Some(what)),
        _ => Err(format!("`{what}` is none of rollback, abort, fail, ignore and replace")),
    }
}

fn key(detail: &str, columns: &[Name]) -> Result<Option<String>, String> {
    let (said, detail) = key_columns(detail)?;
    let named = said.iter().map(Name::as_str);
    if !(said.len() == columns.len() && named.zip(columns).all(|(one, other)| same(one, other.as_str()))) {
        return Err("it has other columns than the constraint".to_owned());
    }
    Ok(detail)
}
