use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::super::error::Link;
use super::table::Part;
use crate::decl::{Builtin, RustType, builtin};
use crate::ir::{IntBits, SqlType};

/// What the compiler checks beyond the struct itself: that types are what their names say, and that what other tables are
/// said to have is there.
pub(super) fn checks(ident: &syn::Ident, parts: &[Part<'_>], links: &[Link]) -> TokenStream {
    let kinds = parts.iter().filter_map(|part| kind_check(ident, part));
    let links = links.iter().map(|link| link_check(ident, link));
    quote! {
        const _: () = {
            #(#kinds)*
        };
        #(#links)*
    }
}

/// An alias must not mean something else in the program than in its source. The names of primitive types cannot be taken.
fn kind_check(ident: &syn::Ident, part: &Part<'_>) -> Option<TokenStream> {
    if part.decl.raw_type.is_some() {
        return None;
    }
    let ty = part.decl.ty.optional().unwrap_or(&part.decl.ty);
    if ty.path.len() == 1 && ty.name().starts_with(|c: char| c.is_lowercase()) {
        return None;
    }
    let kind = kind(ty)?;
    let name = part.decl.field.as_str();
    let message = format!(
        "`{name}` is not what the name of its type says: `{ty}` is taken for the well-known type of that name\n  = help: write your own type or alias with a path (`self::{ty}`), or rename it"
    );
    Some(quote_spanned! {part.ty.span()=>
        ::core::assert!(__q::is_kind(<#ident as __q::Fields>::FIELDS, #name, #kind), #message);
    })
}

fn kind(ty: &RustType) -> Option<TokenStream> {
    Some(match builtin(ty)? {
        Builtin::Unsupported(_) => return None,
        Builtin::List => {
            let inner = kind(&ty.args[0])?;
            quote!(__q::KindId::List(&#inner))
        }
        Builtin::Type(ty) => match ty {
            SqlType::Bool => quote!(__q::KindId::Bool),
            SqlType::Int { bits: IntBits::B16, .. } => quote!(__q::KindId::Int16),
            SqlType::Int { bits: IntBits::B32, .. } => quote!(__q::KindId::Int32),
            SqlType::Int { bits: IntBits::B64, .. } => quote!(__q::KindId::Int64),
            SqlType::Float { double: false } => quote!(__q::KindId::Float32),
            SqlType::Float { double: true } => quote!(__q::KindId::Float64),
            SqlType::Decimal(_) => quote!(__q::KindId::Decimal),
            SqlType::Text => quote!(__q::KindId::Text),
            SqlType::Bytes => quote!(__q::KindId::Bytes),
            SqlType::Uuid => quote!(__q::KindId::Uuid),
            SqlType::Date => quote!(__q::KindId::Date),
            SqlType::Time { .. } => quote!(__q::KindId::Time),
            SqlType::Timestamp { zoned: false, .. } => quote!(__q::KindId::Timestamp),
            SqlType::Timestamp { zoned: true, .. } => quote!(__q::KindId::TimestampTz),
            SqlType::Json { .. } => quote!(__q::KindId::Json),
            _ => return None,
        },
    })
}

/// The other table of a foreign key or relation has the fields, and they have the type of the fields here.
fn link_check(ident: &syn::Ident, link: &Link) -> TokenStream {
    let target = &link.target;
    let other = if target.is_ident("Self") {
        quote_spanned!(target.span()=> <#ident as __q::Fields>::FIELDS)
    } else {
        quote_spanned!(target.span()=> <#target as __q::Fields>::FIELDS)
    };
    let shown = super::super::attr::segments(target).join("::");
    // The key of a relation that names none is made of a struct's name.
    let help = if link.own.is_empty() {
        "name a field of the struct: `key = …`, and on the other side of a table between `target_key = …`"
    } else {
        "name a field of the struct, as it is written there"
    };
    let pairs = link.fields.iter().enumerate().map(|(i, field)| {
        let name = field.unraw().to_string();
        let missing = format!("`{shown}` has no field `{name}`\n  = help: {help}");
        let same = link.own.get(i).map(|own| {
            let own_name = own.unraw().to_string();
            let message = format!(
                "`{own_name}` has another type than `{shown}::{name}`, which it is compared with\n  = help: give both the same type"
            );
            quote_spanned! {own.span()=>
                ::core::assert!(
                    __q::same_kind(<#ident as __q::Fields>::FIELDS, #own_name, __OTHER, #name),
                    #message
                );
            }
        });
        quote_spanned! {field.span()=>
            ::core::assert!(__q::has(__OTHER, #name), #missing);
            #same
        }
    });
    quote! {
        const _: () = {
            const __OTHER: &[__q::Field] = #other;
            #(#pairs)*
        };
    }
}
