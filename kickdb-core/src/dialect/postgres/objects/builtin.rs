//! What is in `pg_catalog`, PostgreSQL 13 to 18. The server looks there first, so an object of the default schema that is named like
//! something there is reached by its schema alone: its bare name is the server's own.

use super::DEFAULT_SCHEMA;
use crate::dialect::postgres::syntax::{ident, qualified};
use crate::ir::{ObjectId, ObjectKind};

/// Functions and aggregates that people call.
const FUNCTIONS: &str = include_str!("builtin/functions.txt");
/// Configurations, dictionaries, templates and parsers.
const TEXT_SEARCH: &str = include_str!("builtin/text_search.txt");
const OPERATORS: &str = include_str!("builtin/operators.txt");
/// Operator classes and their families.
const OPERATOR_CLASSES: &str = include_str!("builtin/operator_classes.txt");
const CONVERSIONS: &str = include_str!("builtin/conversions.txt");

/// The name of an object in statements, with its schema where it needs one.
pub(super) fn reached(id: &ObjectId) -> String {
    match id.name.schema {
        None if hides(id) => format!("\"{DEFAULT_SCHEMA}\".{}", ident(&id.name.name)),
        _ => qualified(&id.name),
    }
}

/// Whether the server has an object of this kind and name, which it would take instead.
pub(super) fn hides(id: &ObjectId) -> bool {
    let names = match id.kind {
        kind if kind.is_callable() => FUNCTIONS,
        ObjectKind::TextSearchConfiguration
        | ObjectKind::TextSearchDictionary
        | ObjectKind::TextSearchTemplate
        | ObjectKind::TextSearchParser => TEXT_SEARCH,
        ObjectKind::Operator => OPERATORS,
        ObjectKind::OperatorClass | ObjectKind::OperatorFamily => OPERATOR_CLASSES,
        ObjectKind::Conversion => CONVERSIONS,
        _ => return false,
    };
    names.split_whitespace().any(|name| name == id.name.name.as_str())
}
