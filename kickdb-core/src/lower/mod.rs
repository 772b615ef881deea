//! Rust syntax to declarations: the one lowering, used by the derives and by the command line.
//!
//! It sees an item as it is written and nothing else, so both say the same by construction. Every mistake in an item is
//! collected, each with its own span.

mod attr;
mod column;
mod constraint;
mod counter;
mod enums;
mod error;
mod exclusion;
pub mod expand;
mod file;
mod newtype;
mod object;
mod relation;
mod role;
mod table;
mod ty;
mod uses;

use std::sync::Arc;

use proc_macro2::Span;
use syn::ext::IdentExt;

pub use self::enums::enumeration;
pub use self::error::{LowerError, LowerErrors};
pub use self::file::file;
pub use self::newtype::newtype;
pub use self::object::{OBJECT, object, object_dialects};
pub use self::table::table;
pub use self::ty::rust_type;
use crate::decl::{AliasDecl, At, Item, Place};

/// Where items come from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The file, relative to the package; empty where it is not known.
    pub file: Arc<str>,
    /// The module, as a path from the crate's name on.
    pub module: String,
}

impl Origin {
    /// The place of a span in this file.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        if self.file.is_empty() {
            return Place::default();
        }
        let (start, end) = (span.start(), span.end());
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place {
            file: Arc::clone(&self.file),
            line: number(start.line),
            column: number(start.column),
            end_line: number(end.line),
            end_column: number(end.column),
        }
    }

    fn at<T>(&self, value: T, span: Span) -> At<T> {
        At::new(value, self.place(span))
    }

    fn ident(&self, ident: &syn::Ident) -> At<String> {
        self.at(ident.unraw().to_string(), ident.span())
    }
}

/// Lowers an item of a module: a struct or enum with one of kickdb's derives, a type alias, or a `use`. Anything else has
/// nothing to do with the schema and gives an empty list.
///
/// Attributes under `cfg_attr` must have been resolved before.
///
/// # Errors
///
/// Every mistake in the item.
pub fn item(item: &syn::Item, origin: &Origin) -> Result<Vec<Item>, LowerErrors> {
    match item {
        syn::Item::Struct(item) if derives(&item.attrs).is_some() => derived(item.clone().into(), origin),
        syn::Item::Enum(item) if derives(&item.attrs).is_some() => derived(item.clone().into(), origin),
        syn::Item::Type(item) => Ok(alias(item, origin).map(Item::Alias).into_iter().collect()),
        syn::Item::Const(item) => match object_dialects(&item.attrs) {
            None => Ok(Vec::new()),
            Some(Ok(dialects)) => Ok(vec![Item::Object(object(item, &dialects, origin)?)]),
            Some(Err(error)) => {
                let mut errors = error::Sink::default();
                let help = "write the engines it is for: `#[db_object(postgres, sqlite)]`, or none for all";
                errors.syntax(&error, "#[db_object]", help);
                errors.or(Vec::new())
            }
        },
        syn::Item::Use(item) => Ok(uses::uses(item, origin).into_iter().map(Item::Use).collect()),
        _ => Ok(Vec::new()),
    }
}

/// One of the derives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Derive {
    Table,
    Enum,
    Type,
}

fn derives(attrs: &[syn::Attribute]) -> Option<Derive> {
    let mut found = None;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
        // What is not a list of paths is for the compiler to complain about.
        let _ = attr.parse_nested_meta(|meta| {
            if let Some(last) = meta.path.segments.last() {
                match last.ident.to_string().as_str() {
                    "Table" => found = Some(Derive::Table),
                    "DbEnum" => found = Some(Derive::Enum),
                    "DbType" => found = Some(Derive::Type),
                    _ => {}
                }
            }
            Ok(())
        });
    }
    found
}

fn derived(input: syn::DeriveInput, origin: &Origin) -> Result<Vec<Item>, LowerErrors> {
    let item = match derives(&input.attrs) {
        Some(Derive::Table) => Item::Table(Box::new(table(&input, origin)?)),
        Some(Derive::Enum) => Item::Enum(enumeration(&input, origin)?),
        Some(Derive::Type) => Item::Newtype(newtype(&input, origin)?),
        None => return Ok(Vec::new()),
    };
    Ok(vec![item])
}

/// A type alias, where it can be one of a column's type. Aliases with parameters cannot.
fn alias(item: &syn::ItemType, origin: &Origin) -> Option<AliasDecl> {
    if !item.generics.params.is_empty() {
        return None;
    }
    Some(AliasDecl {
        ident: origin.ident(&item.ident),
        module: origin.module.clone(),
        ty: origin.at(rust_type(&item.ty).ok()?, ty::span(&item.ty)),
    })
}

#[cfg(test)]
mod tests;
