//! The constraints and indexes of a table.

use crate::diff::{Part, TableChange};
use crate::ident::Name;
use crate::ir::{IndexKey, IndexPart, Table};

/// The part that a change makes, drops or alters.
pub(super) fn touched(change: &TableChange) -> Option<Part> {
    Some(match change {
        TableChange::DropCheck(check) | TableChange::AddCheck(check) => Part::Check(check.clone()),
        TableChange::DropIndex(index) | TableChange::AddIndex(index) => Part::Index(index.clone()),
        TableChange::DropUnique(unique) | TableChange::AddUnique(unique) => Part::Unique(unique.clone()),
        TableChange::DropPrimaryKey(key) | TableChange::AddPrimaryKey(key) => Part::PrimaryKey(key.clone()),
        TableChange::DropExclusion(exclusion) | TableChange::AddExclusion(exclusion) => {
            Part::Exclusion(exclusion.clone())
        }
        TableChange::DropForeignKey(key) | TableChange::AddForeignKey(key) => Part::ForeignKey(key.clone()),
        TableChange::AlterPart { to, .. } => to.clone(),
        _ => return None,
    })
}

/// Whether a constraint or an index goes. Foreign keys are told apart: other tables need what they hold on to.
pub(super) fn drops_part(change: &TableChange) -> bool {
    matches!(
        change,
        TableChange::DropIndex(_)
            | TableChange::DropCheck(_)
            | TableChange::DropUnique(_)
            | TableChange::DropPrimaryKey(_)
            | TableChange::DropExclusion(_)
    )
}

/// Whether a constraint or an index comes, other than a foreign key.
pub(super) fn adds_part(change: &TableChange) -> bool {
    matches!(
        change,
        TableChange::AddPrimaryKey(_)
            | TableChange::AddUnique(_)
            | TableChange::AddCheck(_)
            | TableChange::AddExclusion(_)
            | TableChange::AddIndex(_)
    )
}

/// The constraints and indexes of a table; foreign keys first, since others are needed by them.
pub(super) fn parts(table: &Table) -> impl Iterator<Item = Part> {
    let keys = table.foreign_keys.values().cloned().map(Part::ForeignKey);
    let checks = table.checks.values().cloned().map(Part::Check);
    let exclusions = table.exclusions.values().cloned().map(Part::Exclusion);
    let indexes = table.indexes.values().cloned().map(Part::Index);
    let uniques = table.uniques.values().cloned().map(Part::Unique);
    let primary = table.primary_key.iter().cloned().map(Part::PrimaryKey);
    keys.chain(checks)
        .chain(exclusions)
        .chain(indexes)
        .chain(uniques)
        .chain(primary)
}

pub(super) fn add(part: Part) -> TableChange {
    match part {
        Part::PrimaryKey(key) => TableChange::AddPrimaryKey(key),
        Part::Unique(unique) => TableChange::AddUnique(unique),
        Part::Exclusion(exclusion) => TableChange::AddExclusion(exclusion),
        Part::Index(index) => TableChange::AddIndex(index),
        Part::ForeignKey(key) => TableChange::AddForeignKey(key),
        Part::Check(check) => TableChange::AddCheck(check),
    }
}

pub(super) fn drop(part: Part) -> TableChange {
    match part {
        Part::PrimaryKey(key) => TableChange::DropPrimaryKey(key),
        Part::Unique(unique) => TableChange::DropUnique(unique),
        Part::Exclusion(exclusion) => TableChange::DropExclusion(exclusion),
        Part::Index(index) => TableChange::DropIndex(index),
        Part::ForeignKey(key) => TableChange::DropForeignKey(key),
        Part::Check(check) => TableChange::DropCheck(check),
    }
}

/// The plain columns of a part.
pub(super) fn columns(part: &Part) -> Vec<&Name> {
    match part {
        Part::PrimaryKey(key) => key.columns.iter().chain(&key.include).collect(),
        Part::Unique(unique) => unique.columns.iter().chain(&unique.include).collect(),
        Part::ForeignKey(key) => key.columns.iter().collect(),
        Part::Check(_) => Vec::new(),
        Part::Exclusion(exclusion) => {
            let keys = exclusion.parts.iter().map(|(part, _)| part);
            keys.filter_map(column_of).chain(&exclusion.include).collect()
        }
        Part::Index(index) => index.parts.iter().filter_map(column_of).chain(&index.include).collect(),
    }
}

fn column_of(part: &IndexPart) -> Option<&Name> {
    match &part.key {
        IndexKey::Column(name) => Some(name),
        IndexKey::Expr(_) => None,
    }
}
