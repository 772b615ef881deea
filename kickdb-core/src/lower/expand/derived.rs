//! `#[derive(Derived)]`: the columns of a query as a struct.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use crate::decl::names::{constant, snake_case};

pub(super) fn expand(input: &syn::DeriveInput) -> TokenStream {
    let syn::Data::Struct(syn::DataStruct {
        fields: syn::Fields::Named(fields),
        ..
    }) = &input.data
    else {
        return syn::Error::new(
            input.ident.span(),
            "`Derived` describes the columns of a query, so it is for a struct with named fields",
        )
        .to_compile_error();
    };
    if fields.named.is_empty() || fields.named.len() > 12 {
        return syn::Error::new(input.ident.span(), "a derived table has from one to twelve columns")
            .to_compile_error();
    }
    let (ident, vis) = (&input.ident, &input.vis);
    let name = snake_case(&ident.unraw().to_string());
    let parts: Vec<_> = fields
        .named
        .iter()
        .filter_map(|field| Some((field.ident.as_ref()?, &field.ty, &field.vis)))
        .collect();
    let names: Vec<String> = parts.iter().map(|(field, ..)| field.unraw().to_string()).collect();
    let types = parts.iter().map(|(_, ty, _)| ty);
    let columns = parts.iter().zip(&names).enumerate().map(|(place, ((field, ty, vis), name))| {
        let upper = format_ident!("{}", constant(name), span = field.span());
        quote_spanned! {field.span()=>
            #vis const #upper: ::kickdb::__private::Column<#ident, #ty, #place> = ::kickdb::__private::Column::new(#name);
        }
    });
    let taken = parts
        .iter()
        .map(|(field, ty, _)| quote_spanned!(ty.span()=> #field: <#ty as __q::ColumnType>::take_from(row)?));
    let written = parts
        .iter()
        .map(|(field, ty, _)| quote_spanned!(ty.span()=> <#ty as __q::ColumnType>::add_to(&self.#field, row);));
    quote! {
        #[automatically_derived]
        #[allow(non_upper_case_globals, missing_docs, dead_code, unreachable_pub)]
        #vis const #ident: ::kickdb::__private::TableRef<#ident> = ::kickdb::__private::TableRef::new();
        #[automatically_derived]
        #[allow(missing_docs, dead_code, unreachable_pub, private_interfaces)]
        impl #ident {
            #(#columns)*
        }
        #[automatically_derived]
        #[allow(missing_docs, dead_code, unreachable_pub, private_interfaces, clippy::all)]
        const _: () = {
            use ::kickdb::__private as __q;
            impl __q::Table for #ident {
                const META: &'static __q::TableMeta = &__q::TableMeta {
                    schema: ::core::option::Option::None,
                    name: #name,
                    alias: ::core::option::Option::None,
                    columns: &[#(#names),*],
                    primary_key: &[],
                    read_only: &[],
                    spelled: &[],
                    collations: &[],
                    kept: __q::Kept::NONE,
                };
                type Key = __q::NoKey;
                type Insert = ();
                fn decode(row: &mut __q::Reader<'_>) -> __q::Result<Self> {
                    ::core::result::Result::Ok(Self { #(#taken),* })
                }
                fn encode(&self, row: &mut __q::Encoder) {
                    #(#written)*
                }
                fn identify(&self, _: &mut __q::Encoder) {}
            }
            impl __q::DerivedTable for #ident {
                type Columns = (#(#types,)*);
            }
            impl<__S: __q::InScope<#ident, __I>, __I> __q::ValidIn<__S, __I> for #ident {
                type Wrap<__V: __q::ColumnType> = <__S as __q::InScope<#ident, __I>>::Wrap<__V>;
            }
        };
    }
}
