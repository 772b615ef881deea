use std::collections::BTreeMap;

use super::{Check, Column, ForeignKey, Index, PrimaryKey, Unique};
use crate::ident::{Name, Qualified};

/// One table with everything that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: Qualified,
    /// The columns in declaration order. Diff matches them by name; a position alone is never a change.
    pub columns: Vec<Column>,
    /// The primary key, where there is one.
    pub primary_key: Option<PrimaryKey>,
    /// Unique constraints by name.
    pub uniques: BTreeMap<Name, Unique>,
    /// Foreign keys by name.
    pub foreign_keys: BTreeMap<Name, ForeignKey>,
    /// Check constraints by name.
    pub checks: BTreeMap<Name, Check>,
    /// Indexes by name, without those that a constraint makes by itself.
    pub indexes: BTreeMap<Name, Index>,
    /// The comment kept in the database.
    pub comment: Option<String>,
    /// Options that one engine has (`strict`, `without rowid`, `engine`), by their name in lower case. The value is empty
    /// where the option is a mere word.
    pub options: BTreeMap<String, String>,
}

impl Table {
    /// A table without columns.
    #[must_use]
    pub fn new(name: Qualified) -> Self {
        Self {
            name,
            columns: Vec::new(),
            primary_key: None,
            uniques: BTreeMap::new(),
            foreign_keys: BTreeMap::new(),
            checks: BTreeMap::new(),
            indexes: BTreeMap::new(),
            comment: None,
            options: BTreeMap::new(),
        }
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &Name) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }
}
