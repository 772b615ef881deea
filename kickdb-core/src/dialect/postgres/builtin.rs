//! What is in `pg_catalog`, PostgreSQL 13 to 18. The server looks there first, so an object of the default schema that is named like
//! something there is reached by its schema alone: its bare name is the server's own.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::objects::DEFAULT_SCHEMA;
use super::syntax::{ident, qualified};
use crate::ident::Name;
use crate::ir::{ObjectId, ObjectKind};

type Names = LazyLock<BTreeSet<&'static str>>;

/// Functions and aggregates.
static FUNCTIONS: Names = LazyLock::new(|| words(include_str!("builtin/functions.txt")));
/// Configurations, dictionaries, templates and parsers.
static TEXT_SEARCH: Names = LazyLock::new(|| words(include_str!("builtin/text_search.txt")));
static OPERATORS: Names = LazyLock::new(|| words(include_str!("builtin/operators.txt")));
/// Operator classes and their families.
static OPERATOR_CLASSES: Names = LazyLock::new(|| words(include_str!("builtin/operator_classes.txt")));
static CONVERSIONS: Names = LazyLock::new(|| words(include_str!("builtin/conversions.txt")));
/// All but those that start with `pg_`.
static TYPES: Names = LazyLock::new(|| words(include_str!("builtin/types.txt")));
/// Those that are on every system.
static COLLATIONS: Names = LazyLock::new(|| words(include_str!("builtin/collations.txt")));

fn words(list: &'static str) -> BTreeSet<&'static str> {
    list.split_whitespace().collect()
}

/// Whether the server has something of this kind and name.
pub(super) fn has(kind: ObjectKind, name: &Name) -> bool {
    let names = match kind {
        kind if kind.is_callable() => &FUNCTIONS,
        ObjectKind::TextSearchConfiguration
        | ObjectKind::TextSearchDictionary
        | ObjectKind::TextSearchTemplate
        | ObjectKind::TextSearchParser => &TEXT_SEARCH,
        ObjectKind::Operator => &OPERATORS,
        ObjectKind::OperatorClass | ObjectKind::OperatorFamily => &OPERATOR_CLASSES,
        ObjectKind::Conversion => &CONVERSIONS,
        ObjectKind::Type | ObjectKind::Domain => &TYPES,
        ObjectKind::Collation => &COLLATIONS,
        _ => return false,
    };
    names.contains(name.as_str())
}

/// Whether the server takes a type of its own where statements say the name.
pub(super) fn is_own_type(name: &Name) -> bool {
    has(ObjectKind::Type, name)
}

/// The name of an object in statements, with its schema where it needs one.
pub(super) fn reached(id: &ObjectId) -> String {
    match id.name.schema {
        None if has(id.kind, &id.name.name) => format!("\"{DEFAULT_SCHEMA}\".{}", ident(&id.name.name)),
        _ => qualified(&id.name),
    }
}
