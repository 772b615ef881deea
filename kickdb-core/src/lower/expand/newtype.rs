use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::super::newtype::{converted, inner};
use super::register;
use crate::decl::{Item, NewtypeDecl, is_common};

pub(super) fn expand(input: &syn::DeriveInput, decl: NewtypeDecl) -> TokenStream {
    let ident = &input.ident;
    let spelled = decl.raw_type.as_ref().filter(|given| !is_common(given)).map(|given| {
        let given = given.as_str();
        quote!(const SPELLED: ::core::option::Option<&'static str> = ::core::option::Option::Some(#given);)
    });
    let register = register(&Item::Newtype(decl), &quote!(&[]));
    let (kept, encode, decode) = match (converted(input), inner(input)) {
        (Some(kept), _) => (
            kept.clone(),
            quote_spanned! {kept.span()=>
                <#kept as __q::ColumnType>::encode(&<#kept as ::core::convert::From<&Self>>::from(self))
            },
            quote_spanned! {kept.span()=>
                let kept = <#kept as __q::ColumnType>::decode(cell)?;
                <Self as ::core::convert::TryFrom<#kept>>::try_from(kept)
                    .map_err(|error| __q::Fault::new(::std::string::ToString::to_string(&error)))
            },
        ),
        (None, Some(field)) => {
            let ty = &field.ty;
            let member = match &field.ident {
                Some(name) => quote!(#name),
                None => quote!(0),
            };
            (
                ty.clone(),
                quote!(<#ty as __q::ColumnType>::encode(&self.#member)),
                quote!(<#ty as __q::ColumnType>::decode(cell).map(|value| Self { #member: value })),
            )
        }
        (None, None) => return register,
    };
    quote! {
        #[automatically_derived]
        const _: () = {
            use ::kickdb::__private as __q;
            impl __q::ColumnType for #ident {
                type Kind = <#kept as __q::ColumnType>::Kind;
                type Base = Self;
                type Lift<__V: __q::ColumnType> = __V;
                const ENUM: ::core::option::Option<&'static __q::EnumMeta> = <#kept as __q::ColumnType>::ENUM;
                #spelled
                fn encode(&self) -> __q::Value {
                    #encode
                }
                fn decode(cell: __q::Cell<'_>) -> ::core::result::Result<Self, __q::Fault> {
                    #decode
                }
            }
            #register
        };
    }
}
