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
    /// The index of the partitioned table that this one is a part of.
    pub part_of: Option<Name>,
    /// Options that one engine has (`ignored`, `fillfactor`), by their name in lower case. The value is empty where the option
    /// is a mere word.
    pub options: BTreeMap<String, String>,
    /// The comment kept in the database.
    pub comment: Option<String>,
}

impl Index {
    /// An index of the default kind over all rows.
    #[must_use]
    pub fn new(name: Name, parts: Vec<IndexPart>) -> Self {
        Self {
            name,
            parts,
            unique: false,
            nulls_distinct: true,
            method: None,
            predicate: None,
            include: Vec::new(),
            part_of: None,
            options: BTreeMap::new(),
            comment: None,
        }
    }

    /// What it computes, and what its rows are chosen by.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.parts.iter().filter_map(IndexPart::expr).chain(&self.predicate)
    }
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
    /// The operator class, where it is not the type's default; with its schema before a dot where that is not in the search path.
    pub opclass: Option<Name>,
    /// The parameters of the operator class, by their name in lower case.
    pub parameters: BTreeMap<String, String>,
    /// The collation, where it is not the column's.
    pub collation: Option<Name>,
}

impl IndexPart {
    /// What it computes; `None` for a column.
    #[must_use]
    pub fn expr(&self) -> Option<&Expr> {
        match &self.key {
            IndexKey::Expr(expr) => Some(expr),
            IndexKey::Column(_) => None,
        }
    }

    /// A part sorted from low to high, by the type's own rules.
    #[must_use]
    pub fn new(key: IndexKey) -> Self {
        Self {
            key,
            descending: false,
            nulls_first: None,
            opclass: None,
            parameters: BTreeMap::new(),
            collation: None,
        }
    }
}

/// What one part of an index is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexKey {
    /// A column.
    Column(Name),
    /// An expression over columns.
    Expr(Expr),
}
