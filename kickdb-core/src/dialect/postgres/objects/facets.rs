//! The names of facets, as `catalog/objects/` gives them.

use super::DEFAULT_SCHEMA;
use crate::ir::{Object, ObjectId};
use crate::lex::{Lexis, Said};

/// The column that a sequence goes with.
pub(super) const OWNED_BY: &str = "owned by";
/// That a sequence is not written to the log.
pub(super) const UNLOGGED: &str = "unlogged";
/// Whether a trigger or rule fires.
pub(super) const ENABLED: &str = "enabled";
/// Before the name of a partition on which a trigger fires otherwise; the text has it, too, with the words for that.
pub(super) const ENABLED_ON: &str = "enabled on ";
/// Before the name of a view's column.
pub(super) const COMMENT: &str = "comment ";
/// Before the name of a view's column.
pub(super) const DEFAULT: &str = "default ";
/// Before the name of a column of a foreign table that is a partition: its options for the wrapper.
pub(super) const COLUMN_OPTIONS: &str = "column options ";
/// Before the name of a domain's constraint.
pub(super) const CONSTRAINT: &str = "constraint ";
/// Before the name of a domain's constraint that has a comment.
pub(super) const NOTE: &str = "note ";
/// How closely the planner looks.
pub(super) const STATISTICS: &str = "statistics";

/// Before the name of a materialized view's column, or the number of an index's: how closely the planner looks at it.
pub(super) const PART_STATISTICS: &str = "statistics ";
/// Before the name of a materialized view's column: what the planner is told of its values.
pub(super) const PART_OPTIONS: &str = "options ";
/// Before the name of a materialized view's column. What it has by itself cannot be said, so the view is made again without.
pub(super) const STORAGE: &str = "storage ";
/// Before the name of a materialized view's column, like its storage.
pub(super) const COMPRESSION: &str = "compression ";
/// That `CLUSTER` goes by the index.
pub(super) const CLUSTERED: &str = "clustered";

/// The facets that cannot be changed where they are.
pub(super) fn fixed(object: &Object) -> impl Iterator<Item = (&String, &String)> {
    object.facets.iter().filter(|(name, _)| {
        !(*name == ENABLED
            || name.starts_with(ENABLED_ON)
            || *name == STATISTICS
            || *name == CLUSTERED
            || name.starts_with(PART_STATISTICS)
            || name.starts_with(PART_OPTIONS)
            || name.starts_with(COMMENT)
            || name.starts_with(DEFAULT))
    })
}

/// The facet, or nothing.
pub(super) fn get<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.facets.get(name).map(String::as_str)
}

/// Facets whose name starts with a word, by what follows it.
pub(super) fn starting<'a>(object: &'a Object, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let named = object.facets.iter();
    named.filter_map(move |(name, text)| Some((name.strip_prefix(prefix)?, text.as_str())))
}

/// A domain on its way to another one: without a default that changes, and with nothing checked by the constraints that do.
pub(in crate::dialect::postgres) fn in_between(from: &Object, to: &Object) -> Object {
    let mut between = from.clone();
    if from.facets.get("default") != to.facets.get("default") {
        between.facets.remove("default");
    }
    for (name, text) in &mut between.facets {
        if name.starts_with(CONSTRAINT) && to.facets.get(name) != Some(text) {
            *text = "CHECK (true)".to_owned();
        }
    }
    between
}

/// A domain without the constraints that old values need not meet, and their comments.
pub(in crate::dialect::postgres) fn without_unchecked(object: &Object) -> Object {
    let late = unchecked(object).map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    let mut without = object.clone();
    without.facets.retain(|facet, _| {
        let of = facet.strip_prefix(CONSTRAINT).or_else(|| facet.strip_prefix(NOTE));
        of.is_none_or(|of| !late.iter().any(|name| name == of))
    });
    without
}

/// The constraints of a domain that old values need not meet.
pub(super) fn unchecked(object: &Object) -> impl Iterator<Item = (&str, &str)> {
    starting(object, CONSTRAINT).filter(|(_, text)| is_unchecked(text))
}

/// Only ALTER DOMAIN takes such a constraint, and looks at no value for it.
pub(super) fn is_unchecked(text: &str) -> bool {
    text.ends_with(" NOT VALID")
}

/// A domain without the constraints and the default that say something.
pub(super) fn without(object: &Object, gone: &ObjectId) -> Object {
    let says = |text: &str| {
        let said = Said::of(text, Lexis::POSTGRES, DEFAULT_SCHEMA);
        match gone.kind.is_callable() {
            true => said.calls(&gone.name),
            false => said.says(&gone.name),
        }
    };
    let mut without = object.clone();
    without
        .facets
        .retain(|name, text| !(name == "default" || name.starts_with(CONSTRAINT)) || !says(text));
    let there = starting(&without, CONSTRAINT).map(|(name, _)| name.to_owned());
    let there = there.collect::<std::collections::BTreeSet<_>>();
    without
        .facets
        .retain(|name, _| name.strip_prefix(NOTE).is_none_or(|of| there.contains(of)));
    without
}
