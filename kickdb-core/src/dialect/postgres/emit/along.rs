//! What goes along with a column, and comes anew with it.

use super::alter::choose;
use super::column::{push_actions, push_actions_on};
use super::create::part_comment;
use super::{define, mention};
use crate::dialect::postgres::syntax::ident;
use crate::diff::Part;
use crate::ident::Name;
use crate::ir::{Column, Table};
use crate::plan::Steps;

/// The constraints and indexes that a table loses with some of its columns: keys first, since others point at them.
pub(super) fn parts(table: &Table, columns: &[&Name]) -> Vec<Part> {
    let primary = table.primary_key.iter().cloned().map(Part::PrimaryKey);
    let uniques = table.uniques.values().cloned().map(Part::Unique);
    let checks = table.checks.values().cloned().map(Part::Check);
    let exclusions = table.exclusions.values().cloned().map(Part::Exclusion);
    let keys = table.foreign_keys.values().cloned().map(Part::ForeignKey);
    let indexes = table.indexes.values().cloned().map(Part::Index);
    let all = primary
        .chain(uniques)
        .chain(checks)
        .chain(exclusions)
        .chain(keys)
        .chain(indexes);
    all.filter(|part| columns.iter().any(|column| mention::part_uses(part, column)))
        .collect()
}

/// Makes them again.
pub(super) fn push(table: &Table, parts: &[Part], out: &mut Steps) {
    let definitions = |part: &Part| {
        Some(match part {
            Part::PrimaryKey(key) => define::primary_key(key),
            Part::Unique(unique) => define::unique(unique),
            Part::Check(check) => define::check(check),
            Part::Exclusion(exclusion) => define::exclusion(exclusion),
            Part::ForeignKey(key) => define::foreign_key(key),
            Part::Index(_) => return None,
        })
    };
    let (given, own): (Vec<&Part>, Vec<&Part>) = parts
        .iter()
        .partition(|part| matches!(part, Part::Check(_) | Part::ForeignKey(_)));
    let actions = |parts: Vec<&Part>| {
        let actions = parts.into_iter().filter_map(definitions);
        actions
            .map(|definition| format!("ADD {definition}"))
            .collect::<Vec<_>>()
    };
    // Partitions have their keys by name.
    push_actions_on(&table.name, table.partition_by.is_some(), &actions(own), out);
    push_actions(&table.name, &actions(given), out);
    for part in parts {
        if let Part::Index(index) = part {
            define::push_index(table, index, out);
        }
        part_comment(table, part, None, out);
    }
    for part in parts {
        choose(table, part.name(), &table.options, out);
    }
}

/// The comment of a column that was made again.
pub(super) fn comment(table: &Table, column: &Column, out: &mut Steps) {
    let path = super::column::path(&table.name, column);
    super::comment("COLUMN", &path, column.comment.as_deref(), out);
}

/// The actions that take columns off of a table.
pub(super) fn drops<'a>(columns: impl Iterator<Item = &'a Column>) -> Vec<String> {
    columns
        .map(|column| format!("DROP COLUMN {}", ident(&column.name)))
        .collect()
}
