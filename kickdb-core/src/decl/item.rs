use serde::{Deserialize, Serialize};

use super::{At, RustType, TableDecl};

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
