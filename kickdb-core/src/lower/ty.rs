use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::LowerError;
use crate::decl::RustType;

/// The whole of a type as one span.
pub(super) fn span(ty: &syn::Type) -> Span {
    ty.span()
}

/// Reads a type as it is written.
///
/// # Errors
///
/// When it is anything else than a path with type arguments: a reference, a tuple, an array, a function.
pub fn rust_type(ty: &syn::Type) -> Result<RustType, LowerError> {
    match ty {
        syn::Type::Group(group) => rust_type(&group.elem),
        syn::Type::Paren(paren) => rust_type(&paren.elem),
        syn::Type::Path(path) if path.qself.is_none() => from_path(&path.path, ty),
        syn::Type::Reference(_) => Err(refuse(
            ty,
            "a reference cannot be a column",
            "own the value: `String` for `&str`",
        )),
        syn::Type::Array(_) => Err(refuse(ty, "an array cannot be a column", "use `Vec<…>`")),
        syn::Type::Tuple(_) => Err(refuse(
            ty,
            "a tuple cannot be a column",
            "give each part a field, or keep it as JSON: `Json<…>`",
        )),
        _ => Err(not_a_name(ty)),
    }
}

fn from_path(path: &syn::Path, ty: &syn::Type) -> Result<RustType, LowerError> {
    let mut args = Vec::new();
    let last = path.segments.len().saturating_sub(1);
    for (i, segment) in path.segments.iter().enumerate() {
        match &segment.arguments {
            syn::PathArguments::None => {}
            syn::PathArguments::AngleBracketed(list) if i == last => {
                for arg in &list.args {
                    match arg {
                        syn::GenericArgument::Type(inner) => args.push(argument(inner)),
                        syn::GenericArgument::Lifetime(_) => {}
                        _ => return Err(not_a_name(ty)),
                    }
                }
            }
            _ => return Err(not_a_name(ty)),
        }
    }
    Ok(RustType {
        path: path
            .segments
            .iter()
            .map(|segment| segment.ident.unraw().to_string())
            .collect(),
        args,
    })
}

/// The argument of `Json<…>` may be any type at all: what is not a name is kept as `_`.
fn argument(ty: &syn::Type) -> RustType {
    rust_type(ty).unwrap_or_else(|_| RustType {
        path: vec!["_".into()],
        args: Vec::new(),
    })
}

fn not_a_name(ty: &syn::Type) -> LowerError {
    refuse(
        ty,
        "a column's type must be a name",
        "name the type with `type Name = …;`, or wrap it in a struct with `#[derive(DbType)]`",
    )
}

fn refuse(ty: &syn::Type, message: &str, help: &str) -> LowerError {
    LowerError {
        span: ty.span(),
        message: message.into(),
        help: Some(help.into()),
    }
}
