use std::collections::{BTreeMap, BTreeSet};

use crate::decl::{ColumnDecl, Item, TableDecl};
use crate::ident::{Name, Qualified};

/// What a source has given names to already, so that what is raised fits in.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The module of what is new, as a path from the crate's name on. Named schemas are modules in it.
    pub root: String,
    /// The structs of tables.
    pub tables: BTreeMap<Qualified, KnownTable>,
    /// The module and name of the enums of types.
    pub enums: BTreeMap<Qualified, (String, String)>,
    /// The names that are taken, by module.
    pub taken: BTreeMap<String, BTreeSet<String>>,
}

/// A struct of a table.
#[derive(Clone, Debug, Default)]
pub struct KnownTable {
    /// The module.
    pub module: String,
    /// The struct's name.
    pub ident: String,
    /// The fields by the name of their column, for columns that the table still has.
    pub columns: BTreeMap<Name, ColumnDecl>,
    /// The columns whose type is what the field says.
    pub same_type: BTreeSet<Name>,
    /// The names of fields and relations.
    pub taken: BTreeSet<String>,
    /// Foreign keys that the struct does not have yet: their relations are to be added.
    pub new_keys: BTreeSet<Name>,
}

impl KnownTable {
    /// The struct as it is declared; nothing is said of the types yet.
    #[must_use]
    pub fn new(decl: &TableDecl) -> Self {
        let columns = decl.columns.iter().filter_map(|column| {
            let name = Name::new(column.name().as_str()).ok()?;
            Some((name, column.clone()))
        });
        let relations = decl.relations.iter().map(|relation| relation.name.value.clone());
        let fields = decl.columns.iter().map(|column| column.field.value.clone());
        Self {
            module: decl.module.clone(),
            ident: decl.ident.value.clone(),
            columns: columns.collect(),
            same_type: BTreeSet::new(),
            taken: fields.chain(relations).collect(),
            new_keys: BTreeSet::new(),
        }
    }
}

impl Known {
    /// Nothing but the names that these items take.
    #[must_use]
    pub fn new(root: impl Into<String>, items: &[Item]) -> Self {
        let mut known = Self {
            root: root.into(),
            ..Self::default()
        };
        for item in items {
            let taken = known.taken.entry(item.module().to_owned()).or_default();
            taken.insert(item.ident().value.clone());
        }
        known
    }
}
