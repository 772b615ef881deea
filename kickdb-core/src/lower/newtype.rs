use syn::spanned::Spanned;

use super::attr::{self, Key};
use super::error::Sink;
use super::{LowerErrors, Origin, rust_type, ty};
use crate::decl::NewtypeDecl;

const TYPE: &[Key] = &[("as", "as = String"), ("type", "type = \"citext\"")];

/// Lowers a type with `#[derive(DbType)]`: a wrapper around one value, or, with `#[db_type(as = …)]`, any type that is
/// converted to another one.
///
/// # Errors
///
/// Every mistake in it.
pub fn newtype(input: &syn::DeriveInput, origin: &Origin) -> Result<NewtypeDecl, LowerErrors> {
    let mut errors = Sink::default();
    let mut decl = NewtypeDecl {
        ident: origin.ident(&input.ident),
        module: origin.module.clone(),
        ..NewtypeDecl::default()
    };
    if let Some(param) = input.generics.params.first() {
        errors.add(
            param.span(),
            "a type with parameters cannot be a column",
            "write one wrapper for each type that is kept",
        );
    }
    let args = attr::args(&input.attrs, "db_type", TYPE, &mut errors);
    let mut kept_as = None;
    for arg in &args {
        match arg.key.as_str() {
            "as" => kept_as = arg.ty(&mut errors),
            _ => decl.raw_type = arg.text(origin, &mut errors),
        }
    }
    match kept_as.or_else(|| inner(input).map(|field| &field.ty)) {
        Some(inner) => match rust_type(inner) {
            Ok(read) => decl.ty = origin.at(read, ty::span(inner)),
            Err(error) => errors.push(error),
        },
        None => errors.add(
            input.ident.span(),
            "`#[derive(DbType)]` needs a struct around one value",
            "write `struct TaskNumber(i32);`, or say what it is converted to: `#[db_type(as = String)]`",
        ),
    }
    errors.or(decl)
}

/// What the type is converted to, where `#[db_type(as = …)]` says so.
pub(super) fn converted(input: &syn::DeriveInput) -> Option<syn::Type> {
    let args = attr::args(&input.attrs, "db_type", TYPE, &mut Sink::default());
    let arg = args.iter().find(|arg| arg.key == "as")?;
    arg.ty(&mut Sink::default()).cloned()
}

/// The only field.
pub(super) fn inner(input: &syn::DeriveInput) -> Option<&syn::Field> {
    let syn::Data::Struct(data) = &input.data else {
        return None;
    };
    let mut fields = data.fields.iter();
    match (fields.next(), fields.next()) {
        (Some(field), None) => Some(field),
        _ => None,
    }
}
