//! What only some engines have: the others refuse it where it would be missed, and forget it where it would not.

use super::Refusal;
use crate::ident::Name;
use crate::ir::{ColumnValue, Table};

/// Takes out of a table what an engine without inheritance, exclusion constraints and sequences has no place for.
pub(super) fn refuse(table: &mut Table, engine: &str, refusals: &mut Vec<Refusal>) {
    let object = table.name.clone();
    let mut lacks = |part: Option<&Name>, what: &str, help: &str| {
        refusals.push(Refusal {
            object: Some(object.clone()),
            part: part.cloned(),
            message: format!("{engine} has no {what}"),
            help: Some(help.to_owned()),
        });
    };
    for name in std::mem::take(&mut table.exclusions).keys() {
        lacks(
            Some(name),
            "exclusion constraints",
            "check it in the application, or use a unique constraint where equality is all",
        );
    }
    if !table.inherits.is_empty() || table.partition.is_some() {
        lacks(
            None,
            "tables that are a part of another",
            "declare the columns in each of them",
        );
    }
    for column in &mut table.columns {
        if let ColumnValue::Identity(_, counter) = &mut column.value
            && counter.take().is_some()
        {
            lacks(
                Some(&column.name),
                "options for the counter of a column",
                "leave them out",
            );
        }
    }
    for key in table.foreign_keys.values_mut() {
        if std::mem::take(&mut key.match_full) {
            lacks(
                Some(&key.name),
                "MATCH FULL",
                "add a check that all columns of the key are NULL or none is",
            );
        }
        if !std::mem::take(&mut key.set_columns).is_empty() {
            lacks(
                Some(&key.name),
                "ON DELETE SET NULL for some of the columns",
                "leave the list of columns out",
            );
        }
        // Every row obeys a constraint there, and nothing but the schema itself can carry a comment on one.
        key.validated = true;
        key.comment = None;
    }
    for check in table.checks.values_mut() {
        check.validated = true;
        check.inherited = true;
        check.comment = None;
    }
    let keys = table.primary_key.iter_mut();
    let keys = keys.map(|key| (&key.name, &mut key.include, &mut key.comment));
    let uniques = table.uniques.values_mut();
    let uniques = uniques.map(|key| (&key.name, &mut key.include, &mut key.comment));
    for (name, include, comment) in keys.chain(uniques) {
        if !std::mem::take(include).is_empty() {
            lacks(
                Some(name),
                "INCLUDE columns in keys",
                "add an index over all of the columns",
            );
        }
        *comment = None;
    }
}
