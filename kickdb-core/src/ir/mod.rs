//! The schema as plain data: what structs, snapshots and databases are turned into before they are compared.
//!
//! Everything here is owned, comparable and without behaviour of an engine. Two schemas are the same when they are equal
//! after [`normalize`](crate::dialect::Normalize::normalize).

mod by_name;
mod column;
mod constraint;
mod expr;
mod index;
mod object;
mod table;
mod tables;
mod types;

use std::collections::{BTreeMap, BTreeSet};

pub use self::by_name::ByName;
pub use self::column::{Column, ColumnValue, Counter, Identity};
pub use self::constraint::{Action, Check, Deferrable, Exclusion, ForeignKey, PrimaryKey, Unique};
pub use self::expr::Expr;
pub use self::index::{Index, IndexKey, IndexPart};
pub use self::object::{Object, ObjectId, ObjectKind, Told};
pub use self::table::{Partition, Table, Written};
pub use self::tables::Tables;
pub use self::types::{Enum, IntBits, SqlType};
use crate::ident::{Name, Qualified};

/// The whole declared or observed database. Maps are sorted, so iteration is stable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Named schemas that the tables and types live in, without the connection's default one.
    pub namespaces: BTreeSet<Name>,
    /// Enum types.
    pub enums: BTreeMap<Qualified, Enum>,
    /// Tables.
    pub tables: Tables,
    /// Views, functions, triggers and whatever else is defined by the engine's own SQL.
    pub objects: BTreeMap<ObjectId, Object>,
    /// Tables of somebody else, which are there as they are: never made, altered, dropped, or taken for drift.
    pub unmanaged: BTreeSet<Qualified>,
}

impl Schema {
    /// The tables that are a part of this one, or of one that is.
    #[must_use]
    pub fn all_below(&self, name: &Qualified) -> BTreeSet<Qualified> {
        let mut found = BTreeSet::new();
        let mut above = vec![name.clone()];
        while let Some(name) = above.pop() {
            let below = self.tables.saying(&name);
            for table in below.filter(|table| table.parents().any(|parent| *parent == name)) {
                if found.insert(table.name.clone()) {
                    above.push(table.name.clone());
                }
            }
        }
        found
    }

    /// The table above all that this one is a partition of, or the table itself.
    #[must_use]
    pub fn top_of<'a>(&'a self, name: &'a Qualified) -> &'a Qualified {
        let above = |name: &&Qualified| Some(&self.tables.get(name)?.partition.as_ref()?.of);
        let chain = std::iter::successors(Some(name), above).take(self.tables.len() + 1);
        chain.last().unwrap_or(name)
    }

    /// Takes out the tables that belong to somebody else from now on, or for all that is known, as another schema says; gives
    /// their names.
    pub fn release(&mut self, unmanaged: &BTreeSet<Qualified>) -> Vec<Qualified> {
        let theirs = unmanaged.iter().filter(|name| self.tables.contains_key(name));
        let theirs = theirs.cloned().collect::<Vec<_>>();
        for name in &theirs {
            self.tables.remove(name);
            self.objects.retain(|id, _| id.on.as_ref() != Some(name));
        }
        theirs
    }

    /// Whether nothing at all is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.namespaces.is_empty() && self.enums.is_empty() && self.tables.is_empty() && self.objects.is_empty()
    }
}
