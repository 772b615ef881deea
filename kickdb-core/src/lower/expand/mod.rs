//! Declarations to tokens: what the derives add to an item.
//!
//! Everything is named through `::kickdb::__private`, so that a program depends on `kickdb` alone.

mod checks;
mod derived;
mod enums;
mod newtype;
mod object;
mod relations;
mod row;
mod table;

use proc_macro2::TokenStream;
use quote::quote;

use crate::decl::Item;

/// What `#[derive(Table)]` adds to a struct; where it has mistakes, each as a compile error at its place beside whatever can
/// still be said, so that one mistake does not light up the whole program.
#[must_use]
pub fn table(input: &syn::DeriveInput) -> TokenStream {
    table::expand(input)
}

/// What `#[derive(Derived)]` adds to a struct.
#[must_use]
pub fn derived(input: &syn::DeriveInput) -> TokenStream {
    derived::expand(input)
}

/// What `#[derive(Row)]` adds to a struct.
#[must_use]
pub fn row(input: &syn::DeriveInput) -> TokenStream {
    row::expand(input).unwrap_or_else(|error| error.to_compile_error())
}

/// What `#[derive(DbEnum)]` adds to an enum.
#[must_use]
pub fn enumeration(input: &syn::DeriveInput) -> TokenStream {
    match super::enumeration(input, &super::Origin::default()) {
        Ok(decl) => enums::expand(input, decl),
        Err(errors) => errors.to_compile_error(),
    }
}

/// What `#[derive(DbType)]` adds to a type.
#[must_use]
pub fn newtype(input: &syn::DeriveInput) -> TokenStream {
    match super::newtype(input, &super::Origin::default()) {
        Ok(decl) => newtype::expand(input, decl),
        Err(errors) => errors.to_compile_error(),
    }
}

/// What `#[db_object]` makes of a constant; `args` are the words in its parentheses.
#[must_use]
pub fn object(args: TokenStream, item: &syn::ItemConst) -> TokenStream {
    object::expand(args, item)
}

/// Puts a declaration into the registry. One string is what compiles fastest.
fn register(item: &Item, fields: &TokenStream) -> TokenStream {
    let json = serde_json::to_string(item).expect("a declaration holds nothing that JSON has not");
    quote! {
        __q::inventory::submit! {
            __q::Registered::new(#json, ::core::file!(), ::core::line!(), ::core::module_path!(), #fields)
        }
    }
}

fn optional_str(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}
