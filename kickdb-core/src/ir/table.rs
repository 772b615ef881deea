use std::collections::BTreeMap;

use super::{ByName, Check, Column, ColumnValue, Exclusion, Expr, ForeignKey, Index, PrimaryKey, Told, Unique};
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
    pub uniques: ByName<Unique>,
    /// Foreign keys by name.
    pub foreign_keys: ByName<ForeignKey>,
    /// Check constraints by name.
    pub checks: ByName<Check>,
    /// Exclusion constraints by name.
    pub exclusions: ByName<Exclusion>,
    /// Indexes by name, without those that a constraint makes by itself.
    pub indexes: ByName<Index>,
    /// The comment kept in the database.
    pub comment: Option<String>,
    /// Options that one engine has (`strict`, `without rowid`, `engine`), by their name in lower case. The value is empty
    /// where the option is a mere word.
    pub options: BTreeMap<String, String>,
    /// How it is written down, where the engine keeps its statements.
    pub written: Written,
    /// The tables whose columns and checks it has, too, in the order in which they give them.
    pub inherits: Vec<Qualified>,
    /// How its rows are spread over partitions, as the engine says it (`RANGE (created_at)`).
    pub partition_by: Option<String>,
    /// The partitioned table that it is a part of.
    pub partition: Option<Partition>,
}

/// A place among the partitions of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The partitioned table.
    pub of: Qualified,
    /// The rows that go there, as the engine says it (`FOR VALUES IN ('a')`, `DEFAULT`).
    pub bound: String,
}

/// The statements of a table as the engine keeps them word for word, where it does.
///
/// They say nothing that the table does not say, only how: with these spaces, comments and quotes. So two are always equal,
/// and whoever uses one makes sure first that it says the table as it is now.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The statement that makes the table.
    pub table: Option<Box<str>>,
    /// The statements that make its indexes.
    pub indexes: BTreeMap<Name, Box<str>>,
    /// Foreign keys that do not say which columns they reference, with those that they mean.
    pub implied: BTreeMap<Name, Vec<Name>>,
    /// The name under which it is made anew, where the database has the usual one already.
    pub spare: Option<Name>,
    /// Words that change nothing of what the table is.
    pub told: Told,
    /// Where it is made again, its columns stand as they did in the database: columns hold rows of it meanwhile, which go by that.
    pub in_order: bool,
}

impl PartialEq for Written {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Written {}

impl Table {
    /// A table without columns.
    #[must_use]
    pub fn new(name: Qualified) -> Self {
        Self {
            name,
            columns: Vec::new(),
            primary_key: None,
            uniques: ByName::new(),
            foreign_keys: ByName::new(),
            checks: ByName::new(),
            exclusions: ByName::new(),
            indexes: ByName::new(),
            comment: None,
            options: BTreeMap::new(),
            written: Written::default(),
            inherits: Vec::new(),
            partition_by: None,
            partition: None,
        }
    }

    /// Whether both say the same, whatever the order of their columns.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let by_name = |table: &Self| {
            let mut columns = table.columns.clone();
            columns.sort_by(|a, b| a.name.cmp(&b.name));
            columns
        };
        self.columns.len() == other.columns.len()
            && self.name == other.name
            && self.primary_key == other.primary_key
            && self.uniques == other.uniques
            && self.foreign_keys == other.foreign_keys
            && self.checks == other.checks
            && self.exclusions == other.exclusions
            && self.indexes == other.indexes
            && self.comment == other.comment
            && self.options == other.options
            && self.inherits == other.inherits
            && self.partition_by == other.partition_by
            && self.partition == other.partition
            && (self.columns == other.columns || by_name(self) == by_name(other))
    }

    /// The tables that it is a part of.
    pub fn parents(&self) -> impl Iterator<Item = &Qualified> {
        self.inherits
            .iter()
            .chain(self.partition.iter().map(|partition| &partition.of))
    }

    /// Everything in it that is an expression: defaults, computed columns, checks, exclusion constraints and indexes.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let columns = self.columns.iter().filter_map(|column| match &column.value {
            ColumnValue::Default(expr) | ColumnValue::Generated { expr, .. } => Some(expr),
            ColumnValue::Required | ColumnValue::Identity(..) => None,
        });
        columns
            .chain(self.checks.values().map(|check| &check.expr))
            .chain(self.exclusions.values().flat_map(Exclusion::exprs))
            .chain(self.indexes.values().flat_map(Index::exprs))
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &Name) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }
}
