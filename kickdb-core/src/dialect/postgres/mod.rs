//! PostgreSQL, versions 13 to 18.

mod builtin;
mod catalog;
mod counter;
#[cfg(feature = "postgres")]
pub(in crate::dialect) mod culprits;
mod emit;
mod expr;
mod extension;
mod family;
mod function;
mod guard;
mod normalize;
mod objects;
mod online;
mod opclass;
mod options;
mod partition_rows;
mod syntax;
mod tokens;
mod trial;
mod types;
mod unvalidated;
mod versions;

use super::online::Online;
use super::{Caps, Dialect, DialectId, EnumStorage, IdentifierLimit, Returning};
use crate::ident::{Name, Qualified};
use crate::lex::Lexis;

/// PostgreSQL.
#[derive(Clone, Copy, Debug)]
pub struct Postgres;

const ID: DialectId = DialectId::new("postgres");

/// `NAMEDATALEN - 1`; the server cuts longer names.
const MAX_IDENTIFIER: usize = 63;

static CAPS: Caps = Caps {
    transactional_ddl: true,
    max_identifier: IdentifierLimit::Bytes(MAX_IDENTIFIER),
    enums: EnumStorage::Type,
    returning: Returning::ALL,
    schemas: true,
    add_foreign_key: true,
    // The protocol counts parameters in 16 bits.
    max_binds: 65_535,
    shared_index_names: true,
    shared_foreign_key_names: false,
    foreign_key_to_index: false,
    sets_required_to_null: true,
    counts_over_key: false,
};

impl Dialect for Postgres {
    fn id(&self) -> DialectId {
        ID
    }

    fn title(&self) -> &'static str {
        "PostgreSQL"
    }

    fn url_schemes(&self) -> &'static [&'static str] {
        &["postgres", "postgresql"]
    }

    fn sample_url(&self) -> &'static str {
        "postgres://postgres@localhost/app"
    }

    fn caps(&self) -> &'static Caps {
        &CAPS
    }

    fn counter_name(&self, table: &Qualified, column: &Name) -> Option<Qualified> {
        Some(counter::usual_name(table, column))
    }

    fn online(&self) -> Option<&'static dyn Online> {
        Some(&Self)
    }

    fn telemetry_name(&self) -> &'static str {
        "postgresql"
    }

    fn lexis(&self) -> Lexis {
        Lexis::POSTGRES
    }
}
