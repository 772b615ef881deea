//! Values of enums that are no types of their own: a list in the type of a column, or a check of it.

use std::collections::BTreeMap;

use super::enums::{ask_values, renamed_values};
use super::removed::{check_values, type_values};
use super::{Diff, Renames, TableChange};
use crate::ident::Name;
use crate::ir::{Enum, Table};

/// Where an engine keeps the values of an enum that is no type of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnValues {
    /// Nowhere: its enums are types.
    #[default]
    None,
    /// In the type of each column (`enum('a','b')`).
    InType,
    /// In a check of each column (`"c" IN ('a', 'b')`).
    InCheck,
}

/// The columns with values of their own.
pub(super) fn of(table: &Table, own: OwnValues) -> BTreeMap<Name, Vec<String>> {
    match own {
        OwnValues::None => BTreeMap::new(),
        OwnValues::InType => type_values(table).collect(),
        OwnValues::InCheck => check_values(table).collect(),
    }
}

/// The values that take other names, each a change; asks where one is gone and another is new.
pub(super) fn diff(from: &Table, to: &Table, renames: &Renames, found: &mut Diff) -> Vec<TableChange> {
    let after = of(to, renames.own_values);
    let both = of(from, renames.own_values).into_iter().filter_map(|(column, values)| {
        let enum_of = |values: Vec<String>| Enum {
            name: Enum::of_column(&to.name, &column),
            values,
            comment: None,
        };
        let (from, to) = (enum_of(values), enum_of(after.get(&column)?.clone()));
        (from != to).then_some((column, from, to))
    });
    let mut changes = Vec::new();
    for (column, from, to) in both {
        let renamed = renamed_values(&from, &to, renames);
        ask_values(&from, &to, &renamed, renames, found);
        if !renamed.is_empty() {
            changes.push(TableChange::RenameValues { column, renamed });
        }
    }
    changes
}
