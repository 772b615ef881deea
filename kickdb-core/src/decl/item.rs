use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::names::snake_case;
use super::{At, Place, RustType};
use crate::ir::{Action, Deferrable, Identity};

/// One item of source that has to do with the schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// A struct that is a table.
    Table(Box<TableDecl>),
    /// An enum whose values are kept in the database.
    Enum(EnumDecl),
    /// A type that is another type in the database.
    Newtype(NewtypeDecl),
    /// `type Ident = ty;`
    Alias(AliasDecl),
    /// One name that a `use` brings into a module.
    Use(UseDecl),
    /// Statements that make views, functions, triggers and the like.
    Object(ObjectDecl),
}

impl Item {
    /// The module it is in, as a path from the crate's name on.
    #[must_use]
    pub fn module(&self) -> &str {
        match self {
            Self::Table(decl) => &decl.module,
            Self::Enum(decl) => &decl.module,
            Self::Newtype(decl) => &decl.module,
            Self::Alias(decl) => &decl.module,
            Self::Use(decl) => &decl.module,
            Self::Object(decl) => &decl.module,
        }
    }

    /// Its Rust name and where that is written.
    #[must_use]
    pub fn ident(&self) -> &At<String> {
        match self {
            Self::Table(decl) => &decl.ident,
            Self::Enum(decl) => &decl.ident,
            Self::Newtype(decl) => &decl.ident,
            Self::Alias(decl) => &decl.ident,
            Self::Use(decl) => &decl.ident,
            Self::Object(decl) => &decl.ident,
        }
    }
}

/// A struct that is a table. Columns are named by their field everywhere, as in the source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableDecl {
    /// The struct's name.
    pub ident: At<String>,
    /// The module, as a path from the crate's name on.
    #[serde(skip)]
    pub module: String,
    /// The table's name, where it is not the struct's in snake case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The named schema it lives in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<At<String>>,
    /// The comment for the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The table's name before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<At<String>>,
    /// Why the table belongs to somebody else, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmanaged: Option<At<String>>,
    /// Options that one engine has, by their name in lower case; empty where the option is a mere word.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// The columns in order.
    pub columns: Vec<ColumnDecl>,
    /// The primary key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<KeyDecl>,
    /// Unique constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uniques: Vec<UniqueDecl>,
    /// Indexes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<IndexDecl>,
    /// Checks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckDecl>,
    /// Foreign keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKeyDecl>,
    /// Exclusion constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<ExclusionDecl>,
    /// The structs whose columns it has, too, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<At<Vec<String>>>,
    /// How its rows are spread over partitions, as the engine says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<At<String>>,
    /// The partitioned struct that it is a part of, and with which rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<PartitionDecl>,
    /// Relations: for queries only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<RelationDecl>,
}

impl TableDecl {
    /// The table's name as messages show it.
    #[must_use]
    pub fn shown(&self) -> String {
        let name = self
            .name
            .as_ref()
            .map_or_else(|| snake_case(&self.ident), |name| name.value.clone());
        match &self.schema {
            Some(schema) => format!("{}.{name}", schema.value),
            None => name,
        }
    }

    /// The column of that field.
    #[must_use]
    pub fn column(&self, field: &str) -> Option<&ColumnDecl> {
        self.columns.iter().find(|column| *column.field == field)
    }
}

/// A place among the partitions of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionDecl {
    /// The path of the partitioned struct.
    pub of: At<Vec<String>>,
    /// The rows that go there, as the engine says it.
    pub bound: At<String>,
}

/// A field that is a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnDecl {
    /// The field's name.
    pub field: At<String>,
    /// The column's name, where it is not the field's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The field's type.
    pub ty: At<RustType>,
    /// The column's type as the database spells it, where that is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_type: Option<At<String>>,
    /// Where its value comes from when an insert names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<At<ValueDecl>>,
    /// The collation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<At<String>>,
    /// The comment for the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Options that one engine has, by their name in lower case; empty where the option is a mere word.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// The options of its counter, where it counts by itself and not in the usual way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<CounterDecl>,
    /// The column's name before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<At<String>>,
    /// What queries do with it by themselves: for queries only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// What queries do with a column by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It says when the row was made.
    CreatedAt,
    /// It says when the row was last changed: each update sets it.
    UpdatedAt,
    /// It counts the changes of the row: each update adds one.
    Version,
    /// It says when the row was deleted: deleting sets it, and a row in which it is set is no longer seen.
    DeletedAt,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CreatedAt, Self::UpdatedAt, Self::Version, Self::DeletedAt];

    /// Its name as an attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
            Self::Version => "version",
            Self::DeletedAt => "deleted_at",
        }
    }
}

impl ColumnDecl {
    /// The column's name in the database.
    #[must_use]
    pub fn name(&self) -> &At<String> {
        self.name.as_ref().unwrap_or(&self.field)
    }
}

/// The options of a column's counter, each where it is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CounterDecl {
    /// The name of its sequence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The named schema of its sequence, where it is not the table's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<At<String>>,
    /// The type that it counts in, as the database spells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ty: Option<At<String>>,
    /// The first value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// What is added each time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub increment: Option<i64>,
    /// The lowest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The highest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// How many values a session takes at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<i64>,
    /// Whether it starts again after the last value.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cycle: bool,
}

/// Where a column's value comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueDecl {
    /// A default written as a Rust literal.
    Literal(Literal),
    /// A default written as a Rust path.
    Constant(Vec<String>),
    /// A default written as SQL.
    Sql(String),
    /// The current time.
    Now,
    /// A random UUID.
    Uuid,
    /// An array without elements.
    EmptyArray,
    /// The table's own counter.
    Identity(Identity),
    /// Computed from other columns.
    Generated {
        /// The SQL.
        expr: String,
        /// Whether it is kept on disk.
        stored: bool,
    },
}

/// A Rust literal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a point or an exponent, as it is written.
    Float(String),
    /// A text.
    Text(String),
}

/// What is said of the index that a key has, or is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StorageDecl {
    /// Fields kept beside the key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<At<String>>,
    /// The index of the partitioned table that it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<At<String>>,
    /// Options that one engine has, by their name in lower case; empty where the option is a mere word.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// The comment for the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A primary key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyDecl {
    /// Its name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// Its fields in order.
    pub columns: Vec<At<String>>,
    /// When it is checked.
    #[serde(default = "at_once", skip_serializing_if = "is_at_once")]
    pub deferrable: Deferrable,
    /// What is said of its index.
    #[serde(flatten)]
    pub storage: StorageDecl,
}

impl Default for KeyDecl {
    fn default() -> Self {
        Self {
            name: None,
            columns: Vec::new(),
            deferrable: Deferrable::No,
            storage: StorageDecl::default(),
        }
    }
}

fn at_once() -> Deferrable {
    Deferrable::No
}

fn is_at_once(deferrable: &Deferrable) -> bool {
    *deferrable == Deferrable::No
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExclusionDecl {
    /// Its name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The access method of its index, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<At<String>>,
    /// What is compared, and by which operator.
    pub parts: Vec<(PartDecl, String)>,
    /// The rows that are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<At<String>>,
    /// When it is checked.
    #[serde(default = "at_once", skip_serializing_if = "is_at_once")]
    pub deferrable: Deferrable,
    /// What is said of its index.
    #[serde(flatten)]
    pub storage: StorageDecl,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

/// A unique constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UniqueDecl {
    /// Its name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// Its fields in order.
    pub columns: Vec<At<String>>,
    /// Whether two NULLs count as the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// What is said of its index.
    #[serde(flatten)]
    pub storage: StorageDecl,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IndexDecl {
    /// Its name, where it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// What is indexed, in order.
    pub parts: Vec<PartDecl>,
    /// Whether equal keys are refused.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// Whether two NULLs count as the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
    /// The access method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<At<String>>,
    /// The rows that are indexed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate: Option<At<String>>,
    /// What else is said of it.
    #[serde(flatten)]
    pub storage: StorageDecl,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

/// One part of an index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartDecl {
    /// A field or SQL.
    pub key: PartKey,
    /// Whether it is sorted from high to low.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
    /// Whether NULLs come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nulls_first: Option<bool>,
    /// The operator class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opclass: Option<At<String>>,
    /// The parameters of the operator class, by their name in lower case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// The collation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<At<String>>,
}

impl PartDecl {
    /// A part in the engine's own order.
    #[must_use]
    pub fn new(key: PartKey) -> Self {
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKey {
    /// A field.
    Column(At<String>),
    /// SQL.
    Expr(At<String>),
}

/// A check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckDecl {
    /// Its name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The field it is written at, where it is written at one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The SQL.
    pub expr: At<String>,
    /// Whether rows that were there before it need not obey it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// Whether tables that inherit from this one do without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_inherit: bool,
    /// The comment for the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl CheckDecl {
    /// A check of the struct that every row obeys.
    #[must_use]
    pub fn new(expr: At<String>) -> Self {
        Self {
            name: None,
            column: None,
            expr,
            not_valid: false,
            no_inherit: false,
            comment: None,
        }
    }
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignKeyDecl {
    /// Its name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The referencing fields.
    pub columns: Vec<At<String>>,
    /// The path of the referenced struct; `Self` is the struct itself.
    pub table: At<Vec<String>>,
    /// The referenced fields.
    pub referenced: Vec<At<String>>,
    /// What a delete of the referenced row does.
    pub on_delete: Action,
    /// What an update of the referenced key does.
    pub on_update: Action,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// The fields that `on_delete` sets, where not all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_columns: Vec<At<String>>,
    /// Whether a key of several columns is NULL as a whole or not at all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub match_full: bool,
    /// Whether rows that were there before it need not obey it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// The comment for the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl ForeignKeyDecl {
    /// A key that refuses changes of what it points at, is checked at once, and that every row obeys.
    #[must_use]
    pub fn new(columns: Vec<At<String>>, table: At<Vec<String>>, referenced: Vec<At<String>>) -> Self {
        Self {
            name: None,
            columns,
            table,
            referenced,
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferrable: Deferrable::No,
            set_columns: Vec::new(),
            match_full: false,
            not_valid: false,
            comment: None,
        }
    }
}

/// A relation to another table, for queries only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelationDecl {
    /// Which way it goes.
    pub kind: RelationKind,
    /// Its name in snake case.
    pub name: At<String>,
    /// The path of the other struct; `Self` is the struct itself.
    pub target: At<Vec<String>>,
    /// The fields that hold the key: of this struct in `belongs_to`, of the other one in `has_one` and `has_many`, of the
    /// struct between, pointing here, in `many_to_many`.
    pub key: Vec<At<String>>,
    /// The fields that the key points to; empty is the primary key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<At<String>>,
    /// The path of the struct between, in `many_to_many`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<At<Vec<String>>>,
    /// The fields of the struct between that point to the other one, in `many_to_many`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target_key: Vec<At<String>>,
}

/// Which way a relation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// This row points to one other.
    BelongsTo,
    /// At most one other row points here.
    HasOne,
    /// Any number of other rows point here.
    HasMany,
    /// A table between points to both.
    ManyToMany,
}

impl RelationKind {
    /// Its name as an attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BelongsTo => "belongs_to",
            Self::HasOne => "has_one",
            Self::HasMany => "has_many",
            Self::ManyToMany => "many_to_many",
        }
    }
}

/// An enum whose values are kept in the database.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnumDecl {
    /// The enum's name in Rust.
    pub ident: At<String>,
    /// The module, as a path from the crate's name on.
    #[serde(skip)]
    pub module: String,
    /// Its name in the database, where it is not the Rust name in snake case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<At<String>>,
    /// The named schema it lives in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<At<String>>,
    /// The comment for the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Its name in the database before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<At<String>>,
    /// Whether it is in the schema although no table may use it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub always: bool,
    /// The values in order.
    pub values: Vec<EnumValueDecl>,
}

/// A variant of an enum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnumValueDecl {
    /// The variant's name.
    pub ident: At<String>,
    /// The text in the database.
    pub value: String,
    /// The text before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<At<String>>,
}

/// A type that is another type in the database.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewtypeDecl {
    /// The type's name.
    pub ident: At<String>,
    /// The module, as a path from the crate's name on.
    #[serde(skip)]
    pub module: String,
    /// What it is in the database.
    pub ty: At<RustType>,
    /// Its columns' type as the database spells it, where that is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_type: Option<At<String>>,
}

/// `type Ident = ty;`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AliasDecl {
    /// The alias.
    pub ident: At<String>,
    /// The module, as a path from the crate's name on.
    #[serde(skip)]
    pub module: String,
    /// What it stands for.
    pub ty: At<RustType>,
}

/// One name that a `use` brings into a module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UseDecl {
    /// The name in the module.
    pub ident: At<String>,
    /// The module, as a path from the crate's name on.
    #[serde(skip)]
    pub module: String,
    /// What it stands for.
    pub path: Vec<String>,
}

/// A constant that holds the statements of views, functions, triggers and the like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectDecl {
    /// The constant's name.
    pub ident: At<String>,
    /// The module, as a path from the crate's name on.
    #[serde(skip)]
    pub module: String,
    /// The engines that it is for; none are all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dialects: Vec<At<String>>,
    /// The statements.
    pub sql: At<SqlText>,
}

/// SQL as a source says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SqlText {
    /// The text itself.
    Text(String),
    /// The text of a file, by its path as `include_str!` takes it.
    File(String),
}

impl Default for SqlText {
    fn default() -> Self {
        Self::Text(String::new())
    }
}
