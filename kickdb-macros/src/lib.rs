//! The derives of kickdb: a thin shell around `kickdb_core::lower`.

mod embed;

use kickdb_core::lower::expand;
use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Makes a struct a table: its place in the schema, and its typed queries.
///
/// The attributes are described in the documentation of `kickdb`.
#[proc_macro_derive(
    Table,
    attributes(
        table,
        column,
        primary_key,
        unique,
        index,
        check,
        foreign_key,
        belongs_to,
        has_one,
        has_many,
        many_to_many
    )
)]
pub fn table(input: TokenStream) -> TokenStream {
    expand::table(&parse_macro_input!(input)).into()
}

/// Makes an enum without fields a type of columns: an enum type where the engine has them, else text with a check.
///
/// The attributes are described in the documentation of `kickdb`.
#[proc_macro_derive(DbEnum, attributes(db_enum))]
pub fn db_enum(input: TokenStream) -> TokenStream {
    expand::enumeration(&parse_macro_input!(input)).into()
}

/// Makes a struct around one value a type of columns: in the database it is the value itself.
///
/// With `#[db_type(as = String)]` any type is kept as another one, to which it is converted by `From<&Self>` and from
/// which by `TryFrom`.
#[proc_macro_derive(DbType, attributes(db_type))]
pub fn db_type(input: TokenStream) -> TokenStream {
    expand::newtype(&parse_macro_input!(input)).into()
}

/// A migrations folder inside the program: gives a `&'static Embedded` of the folder at a path relative to the package's
/// Cargo.toml.
///
/// ```ignore
/// let db = Db::builder(url)
///     .migrations(kickdb::embed_migrations!("migrations"))
///     .on_boot(Boot::Apply)
///     .connect()
///     .await?;
/// ```
#[proc_macro]
pub fn embed_migrations(input: TokenStream) -> TokenStream {
    embed::embed(&parse_macro_input!(input)).into()
}
