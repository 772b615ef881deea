//! The constraints and indexes of a table.

use crate::diff::{Part, TableChange};
use crate::ident::Name;
use crate::ir::{IndexKey, IndexPart, Table};

/// Whether a constraint or an index goes. Foreign keys are told apart: other tables need what they hold on to.
pub(super) fn drops_part(change: &TableChange) -> bool {
    matches!(change, TableChange::DropPart(part) if !is_foreign_key(part))
}

/// Whether a constraint or an index comes, other than a foreign key.
pub(super) fn adds_part(change: &TableChange) -> bool {
    matches!(change, TableChange::AddPart(part) if !is_foreign_key(part))
}

fn is_foreign_key(part: &Part) -> bool {
    matches!(part, Part::ForeignKey(_))
}

/// Whether it is a constraint with an index behind it.
pub(super) fn is_key(part: &Part) -> bool {
    matches!(part, Part::PrimaryKey(_) | Part::Unique(_) | Part::Exclusion(_))
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
