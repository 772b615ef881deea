use std::collections::BTreeMap;

use super::Expr;
use crate::ident::Name;

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: Name,
    /// What is indexed, in order.
    pub parts: Vec<IndexPart>,
    /// Whether equal keys are refused.
    pub unique: bool,
    /// Whether two NULLs count as different in a unique index (the SQL default).
    pub nulls_distinct: bool,
    /// The access method; `None` is the dialect's default one, and normalize removes the default spelled out.
    pub method: Option<Name>,
    /// The rows that are indexed, where not all are.
    pub predicate: Option<Expr>,
    /// Columns kept in the index beside its key.
    pub include: Vec<Name>,
    /// Options that one engine has (`ignored`, `fillfactor`), by their name in lower case. The value is empty where the option
    /// is a mere word.
    pub options: BTreeMap<String, String>,
}

/// One part of an index key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexPart {
    /// The column or expression.
    pub key: IndexKey,
    /// Whether it is sorted from high to low.
    pub descending: bool,
    /// Whether NULLs come first; `None` is the engine's rule for the direction.
    pub nulls_first: Option<bool>,
    /// The operator class, where it is not the type's default.
    pub opclass: Option<Name>,
    /// The collation, where it is not the column's.
    pub collation: Option<Name>,
}

/// What one part of an index is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexKey {
    /// A column.
    Column(Name),
    /// An expression over columns.
    Expr(Expr),
}
