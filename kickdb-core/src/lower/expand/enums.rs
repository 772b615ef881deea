use proc_macro2::TokenStream;
use quote::quote;

use super::{optional_str, register};
use crate::decl::names::snake_case;
use crate::decl::{EnumDecl, Item};

pub(super) fn expand(input: &syn::DeriveInput, decl: EnumDecl) -> TokenStream {
    let syn::Data::Enum(data) = &input.data else {
        return TokenStream::new();
    };
    let ident = &input.ident;
    let name = decl
        .name
        .as_ref()
        .map_or_else(|| snake_case(&decl.ident), |name| name.value.clone());
    let schema = optional_str(decl.schema.as_ref().map(|schema| schema.as_str()));
    let variants: Vec<&syn::Ident> = data.variants.iter().map(|variant| &variant.ident).collect();
    let labels: Vec<&str> = decl.values.iter().map(|value| value.value.as_str()).collect();
    let register = register(&Item::Enum(decl.clone()), &quote!(&[]));
    quote! {
        #[automatically_derived]
        const _: () = {
            use ::kickdb::__private as __q;
            impl __q::DbEnum for #ident {
                const META: &'static __q::EnumMeta = &__q::EnumMeta {
                    schema: #schema,
                    name: #name,
                    labels: &[#(#labels),*],
                };
            }
            impl __q::ColumnType for #ident {
                type Kind = __q::kind::Enum;
                type Base = Self;
                type Lift<__V: __q::ColumnType> = __V;
                const ENUM: ::core::option::Option<&'static __q::EnumMeta> =
                    ::core::option::Option::Some(<Self as __q::DbEnum>::META);
                // Of an enum without values there is nothing to match.
                #[allow(unreachable_code)]
                fn encode(&self) -> __q::Value {
                    let label = match *self {
                        #(Self::#variants => #labels,)*
                    };
                    __q::Value::Enum { of: <Self as __q::DbEnum>::META, label }
                }
                fn decode(cell: __q::Cell<'_>) -> ::core::result::Result<Self, __q::Fault> {
                    match cell.text()? {
                        #(#labels => ::core::result::Result::Ok(Self::#variants),)*
                        other => ::core::result::Result::Err(
                            __q::Fault::unknown_value(other, <Self as __q::DbEnum>::META),
                        ),
                    }
                }
            }
            #register
        };
    }
}
