//! The names of facets, as `catalog/objects.sql` gives them.

use crate::ir::Object;

/// The column that a sequence goes with.
pub(super) const OWNED_BY: &str = "owned by";
/// Whether a trigger or rule fires.
pub(super) const ENABLED: &str = "enabled";
/// Before the name of a view's column.
pub(super) const COMMENT: &str = "comment ";
/// Before the name of a view's column.
pub(super) const DEFAULT: &str = "default ";
/// Before the name of a domain's constraint.
pub(super) const CONSTRAINT: &str = "constraint ";

/// The facets that cannot be changed where they are.
pub(super) fn fixed(object: &Object) -> impl Iterator<Item = (&String, &String)> {
    object
        .facets
        .iter()
        .filter(|(name, _)| !(*name == ENABLED || name.starts_with(COMMENT) || name.starts_with(DEFAULT)))
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
