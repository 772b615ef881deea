//! MariaDB from 10.6 on, and MySQL 8 where its rules are the same.
//!
//! What is written here was tried on MariaDB 10.11; where MySQL 8 is known to differ, a comment says so.

pub(in crate::dialect) mod bytes;
mod catalog;
mod emit;
mod expr;
mod function;
mod keys;
#[cfg(feature = "mysql")]
pub(in crate::dialect) mod misfit;
mod normalize;
mod objects;
mod online;
mod partition;
mod search;
mod syntax;
mod trial;
mod types;
#[cfg(feature = "mysql")]
pub(in crate::dialect) mod violation;

use super::online::Online;
use super::{Caps, Dialect, DialectId, EnumStorage, IdentifierLimit, Returning, Versions};
use crate::lex::Lexis;

/// MySQL and MariaDB.
#[derive(Clone, Copy, Debug)]
pub struct Mysql;

const ID: DialectId = DialectId::new("mysql");

/// <https://mariadb.com/kb/en/identifier-names/>: 64 characters for tables, columns, indexes and constraints.
const MAX_IDENTIFIER: usize = 64;

static CAPS: Caps = Caps {
    transactional_ddl: false,
    max_identifier: IdentifierLimit::Chars(MAX_IDENTIFIER),
    enums: EnumStorage::Inline,
    // MariaDB returns rows of INSERT (10.5) and DELETE but not of UPDATE, MySQL of none.
    returning: Returning {
        insert: true,
        update: false,
        delete: true,
    },
    schemas: false,
    add_foreign_key: true,
    // The protocol counts parameters in 16 bits.
    max_binds: 65_535,
    shared_index_names: false,
    shared_foreign_key_names: true,
    // InnoDB's own (https://mariadb.com/kb/en/foreign-keys/); MySQL 8.4 allows it again without
    // `restrict_fk_on_non_standard_key`.
    foreign_key_to_index: true,
    sets_required_to_null: false,
    counts_over_key: true,
};

impl Versions for Mysql {}

impl Dialect for Mysql {
    fn id(&self) -> DialectId {
        ID
    }

    fn title(&self) -> &'static str {
        "MySQL / MariaDB"
    }

    fn url_schemes(&self) -> &'static [&'static str] {
        &["mysql", "mariadb"]
    }

    fn sample_url(&self) -> &'static str {
        "mysql://root@localhost/app"
    }

    fn caps(&self) -> &'static Caps {
        &CAPS
    }

    fn online(&self) -> Option<&'static dyn Online> {
        Some(&Self)
    }

    fn telemetry_name(&self) -> &'static str {
        "mysql"
    }

    fn lexis(&self) -> Lexis {
        Lexis::MYSQL
    }
}
