//! The parts of a table by their names, and where a struct says them.

use kickdb_core::decl::Place;
use kickdb_core::ident::Name;
use kickdb_core::ir::{IndexKey, Table};
use syn::spanned::Spanned;

use super::super::text::holds;

/// Where a part of a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// At the field of this number.
    Field(usize),
    /// In the attribute of this number.
    Attr(usize),
    /// Nowhere: another thing makes it, such as an enum that is kept as text with a check.
    Implied,
}

/// What kind of part a name is of: constraints of two kinds may share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Key,
    Unique,
    Check,
    Exclusion,
    Index,
    ForeignKey,
}

const KINDS: [Kind; 6] = [
    Kind::Key,
    Kind::Unique,
    Kind::Check,
    Kind::Exclusion,
    Kind::Index,
    Kind::ForeignKey,
];

pub(super) type Part = (Kind, Name);

/// The names of a table's parts.
pub(super) fn parts(table: &Table) -> Vec<Part> {
    let names = |kind: Kind| -> Vec<Name> {
        match kind {
            Kind::Key => table.primary_key.iter().map(|key| key.name.clone()).collect(),
            Kind::Unique => table.uniques.keys().cloned().collect(),
            Kind::Check => table.checks.keys().cloned().collect(),
            Kind::Exclusion => table.exclusions.keys().cloned().collect(),
            Kind::Index => table.indexes.keys().cloned().collect(),
            Kind::ForeignKey => table.foreign_keys.keys().cloned().collect(),
        }
    };
    KINDS
        .into_iter()
        .flat_map(|kind| names(kind).into_iter().map(move |name| (kind, name)))
        .collect()
}

/// Whether both tables have the same part of that name, or neither has one.
pub(super) fn same(before: &Table, after: &Table, (kind, name): &Part) -> bool {
    match kind {
        Kind::Key => before.primary_key == after.primary_key,
        Kind::Unique => before.uniques.get(name) == after.uniques.get(name),
        Kind::Check => before.checks.get(name) == after.checks.get(name),
        Kind::Exclusion => before.exclusions.get(name) == after.exclusions.get(name),
        Kind::Index => before.indexes.get(name) == after.indexes.get(name),
        Kind::ForeignKey => before.foreign_keys.get(name) == after.foreign_keys.get(name),
    }
}

/// The table with these parts alone.
pub(super) fn with_parts(table: &Table, kept: &[Part]) -> Table {
    let keeps = |kind: Kind, name: &Name| kept.iter().any(|(other, of)| *other == kind && of == name);
    let mut table = table.clone();
    table.primary_key = table.primary_key.filter(|key| keeps(Kind::Key, &key.name));
    table.uniques.retain(|name, _| keeps(Kind::Unique, name));
    table.checks.retain(|name, _| keeps(Kind::Check, name));
    table.exclusions.retain(|name, _| keeps(Kind::Exclusion, name));
    table.indexes.retain(|name, _| keeps(Kind::Index, name));
    table.foreign_keys.retain(|name, _| keeps(Kind::ForeignKey, name));
    table
}

/// The columns of a part; of a check, that of the field whose it is.
pub(super) fn columns_of(table: &Table, (kind, name): &Part) -> Vec<Name> {
    let columns = match kind {
        Kind::Key => table.primary_key.as_ref().map(|key| key.columns.clone()),
        Kind::Unique => table.uniques.get(name).map(|unique| unique.columns.clone()),
        Kind::ForeignKey => table.foreign_keys.get(name).map(|key| key.columns.clone()),
        Kind::Index => table.indexes.get(name).map(|index| {
            let columns = index.parts.iter().filter_map(|part| match &part.key {
                IndexKey::Column(name) => Some(name.clone()),
                IndexKey::Expr(_) => None,
            });
            columns.collect()
        }),
        // A check of a field has a name made of that of the column.
        Kind::Check => Some(
            table
                .columns
                .iter()
                .map(|column| column.name.clone())
                .filter(|column| name.as_str() == format!("{}_{column}_check", table.name.name))
                .collect(),
        ),
        Kind::Exclusion => None,
    };
    columns.unwrap_or_default()
}

/// Which part of a struct stands at a place.
pub(super) fn home_of(item: &syn::ItemStruct, fields: &[&syn::Field], place: &Place) -> Home {
    if let Some(index) = fields.iter().position(|field| holds(field.span(), place)) {
        return Home::Field(index);
    }
    let attr = item.attrs.iter().position(|attr| holds(attr.span(), place));
    attr.map_or(Home::Implied, Home::Attr)
}
