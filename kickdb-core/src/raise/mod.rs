//! Schema to declarations, and declarations to source: the way back of [`decl::resolve`](crate::decl::resolve()) and `lower`.
//!
//! What is raised and resolved again is the schema that it came from, save for what [`Raised::unsaid`] lists. Names that Rust
//! cannot have are bent until it can, and then say the name in the database by an attribute.

mod columns;
mod constraints;
mod enums;
mod foreign_keys;
mod known;
mod names;
mod objects;
pub mod print;
mod relations;
mod tables;
mod types;

use std::collections::BTreeMap;
use std::fmt;

use self::enums::Enums;
pub use self::enums::variant_names;
pub use self::known::{Known, KnownTable};
pub use self::names::{rust_ident, singular};
use self::tables::Named;
use crate::decl::{At, Item};
use crate::dialect::Dialect;
use crate::ident::Qualified;
use crate::ir::Schema;

/// Declarations of a schema.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Raised {
    /// Enums, tables and objects; tables in the order of their names.
    pub items: Vec<Item>,
    /// What the declarations do not say.
    pub unsaid: Vec<Unsaid>,
}

/// Something in a schema that declarations have no words for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsaid {
    /// What it is, as `foreign key tasks.tasks_owner_fkey`.
    pub what: String,
    /// Why it is left out.
    pub why: String,
}

impl Unsaid {
    /// Something that is left out, and why.
    #[must_use]
    pub fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            why: why.into(),
        }
    }
}

impl fmt::Display for Unsaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

/// Raises a schema in the dialect's normal form. `known` are the names that a source gives things already.
///
/// ```
/// use kickdb_core::decl::{Item, resolve};
/// use kickdb_core::dialect;
/// use kickdb_core::ident::{Name, Qualified};
/// use kickdb_core::ir::{Column, PrimaryKey, Schema, SqlType, Table};
/// use kickdb_core::raise::{Known, raise};
///
/// let sqlite = dialect::by_name("sqlite").unwrap();
/// let mut tasks = Table::new(Qualified::local(Name::new("tasks")?));
/// tasks.columns.push(Column::new(Name::new("title")?, SqlType::Text));
/// tasks.primary_key = Some(PrimaryKey::new(Name::new("tasks_pkey")?, vec![Name::new("title")?]));
/// let mut schema = Schema::default();
/// schema.tables.insert(tasks.name.clone(), tasks);
///
/// let raised = raise(&schema, sqlite, &Known::default());
/// assert_eq!(raised.items[0].ident().value, "Task");
/// assert_eq!(resolve(&raised.items, sqlite).unwrap().schema, schema);
/// # Ok::<(), kickdb_core::ident::NameError>(())
/// ```
#[must_use]
pub fn raise(schema: &Schema, dialect: &dyn Dialect, known: &Known) -> Raised {
    let mut raiser = Raiser::new(schema, dialect, known);
    let mut items: Vec<Item> = raiser.enum_items();
    for table in schema.tables.values() {
        items.extend(raiser.table(table).map(|decl| Item::Table(Box::new(decl))));
    }
    raiser.relations(&mut items);
    items.extend(raiser.objects());
    raiser.unsaid.sort();
    raiser.unsaid.dedup();
    Raised {
        items,
        unsaid: raiser.unsaid,
    }
}

/// The work of [`raise`]: names first, then types, then everything that needs both.
struct Raiser<'a> {
    schema: &'a Schema,
    dialect: &'a dyn Dialect,
    known: &'a Known,
    names: names::Scopes,
    enums: Enums,
    tables: BTreeMap<&'a Qualified, Named>,
    /// What the name of a Rust type is in the normal form, by that name.
    types: BTreeMap<String, Option<crate::ir::SqlType>>,
    /// Whether the name of a primary key says anything.
    names_keys: bool,
    unsaid: Vec<Unsaid>,
}

impl<'a> Raiser<'a> {
    fn new(schema: &'a Schema, dialect: &'a dyn Dialect, known: &'a Known) -> Self {
        let mut raiser = Self {
            schema,
            dialect,
            known,
            names: names::Scopes::new(known),
            enums: Enums::default(),
            tables: BTreeMap::new(),
            types: BTreeMap::new(),
            names_keys: constraints::names_keys(dialect),
            unsaid: Vec::new(),
        };
        raiser.name_enums();
        raiser.name_tables();
        raiser.type_fields();
        raiser
    }

    fn leave(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.unsaid.push(Unsaid::new(what, why));
    }
}

/// A value of no place.
fn at<T>(value: T) -> At<T> {
    At::new(value, crate::decl::Place::default())
}
