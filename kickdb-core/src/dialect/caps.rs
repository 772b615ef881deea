//! What an engine can do, where shared code must know.

use crate::diff::OwnValues;

/// What an engine can do, where shared code must know.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Whether DDL can be rolled back.
    pub transactional_ddl: bool,
    /// The longest identifier it keeps whole.
    pub max_identifier: IdentifierLimit,
    /// How an enum is kept.
    pub enums: EnumStorage,
    /// Which statements can return the rows that they write.
    pub returning: Returning,
    /// Whether it has named schemas.
    pub schemas: bool,
    /// Whether a foreign key can be added to a table that exists. Where not, tables may name tables that do not exist yet.
    pub add_foreign_key: bool,
    /// The most values one statement can bind.
    pub max_binds: usize,
    /// Whether the tables and indexes of a schema share their names, so that no two tables can have an index of one name.
    pub shared_index_names: bool,
    /// Whether all foreign keys of a database share their names, and not only those of one table.
    pub shared_foreign_key_names: bool,
    /// Whether a foreign key may point at columns that any index begins with, be they the same in many rows.
    pub foreign_key_to_index: bool,
    /// Whether a foreign key may set a column to NULL that is required: what would do so is refused then.
    pub sets_required_to_null: bool,
    /// Whether a column that counts by itself must be one of a key at all times.
    pub counts_over_key: bool,
}

/// Which statements of an engine can return the rows that they write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returning {
    /// INSERT.
    pub insert: bool,
    /// UPDATE.
    pub update: bool,
    /// DELETE.
    pub delete: bool,
}

impl Returning {
    /// All of them.
    pub(crate) const ALL: Self = Self {
        insert: true,
        update: true,
        delete: true,
    };
}

/// The longest identifier an engine keeps whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentifierLimit {
    /// So many bytes.
    Bytes(usize),
    /// So many characters.
    Chars(usize),
    /// No limit that a name reaches.
    None,
}

impl From<EnumStorage> for OwnValues {
    fn from(storage: EnumStorage) -> Self {
        match storage {
            EnumStorage::Type => Self::None,
            EnumStorage::Inline => Self::InType,
            EnumStorage::Check => Self::InCheck,
        }
    }
}

/// How an engine keeps an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnumStorage {
    /// As a type of its own.
    Type,
    /// As part of each column's type.
    Inline,
    /// As text with a check.
    Check,
}
