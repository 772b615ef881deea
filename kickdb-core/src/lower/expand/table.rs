use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::super::table::lower;
use super::super::{LowerErrors, Origin};
use super::{checks, optional_str, register, relations};
use crate::decl::names::{constant, snake_case};
use crate::decl::{ColumnDecl, Item, Role, TableDecl, ValueDecl, builtin, is_common};
use crate::ir::Identity;

/// One column with its field's tokens.
pub(super) struct Part<'a> {
    pub(super) field: &'a syn::Ident,
    pub(super) ty: &'a syn::Type,
    vis: &'a syn::Visibility,
    pub(super) decl: &'a ColumnDecl,
}

impl Part<'_> {
    fn is_read_only(&self) -> bool {
        matches!(
            self.decl.value.as_ref().map(|value| &value.value),
            Some(ValueDecl::Generated { .. } | ValueDecl::Identity(Identity::Always))
        )
    }

    fn is_required(&self) -> bool {
        self.decl.value.is_none() && self.decl.ty.optional().is_none()
    }
}

pub(super) fn expand(input: &syn::DeriveInput) -> TokenStream {
    let (decl, sink) = lower(input, &Origin::default());
    let links = sink.links.clone();
    let errors = sink.or(()).err();
    let parts = parts(input, &decl);
    if (parts.is_empty() && errors.is_some()) || parts.len() != decl.columns.len() {
        return errors.as_ref().map(LowerErrors::to_compile_error).unwrap_or_default();
    }
    let ident = &input.ident;
    let constants = constants(input, &parts);
    let relations = relations::constants(input, &decl, &parts);
    let insert = insert(&input.vis, &parts);
    let table = table(ident, &decl, &parts);
    let fields = parts.iter().map(|part| {
        let (ty, name) = (part.ty, part.decl.field.as_str());
        quote_spanned! {ty.span()=>
            __q::Field {
                name: #name,
                kind: <<#ty as __q::ColumnType>::Kind as __q::Kind>::ID,
                of: <#ty as __q::ColumnType>::ENUM,
            }
        }
    });
    let rest = match &errors {
        Some(errors) => errors.to_compile_error(),
        None => {
            let checks = checks::checks(ident, &parts, &links);
            let register = register(
                &Item::Table(Box::new(decl.clone())),
                &quote!(<#ident as __q::Fields>::FIELDS),
            );
            quote!(#checks #register)
        }
    };
    quote! {
        #constants
        #relations
        #[automatically_derived]
        #[allow(
            non_camel_case_types, missing_docs, dead_code, unreachable_pub, private_interfaces, private_bounds, clippy::all
        )]
        const _: () = {
            use ::kickdb::__private as __q;
            #insert
            #table
            impl __q::Fields for #ident {
                const FIELDS: &'static [__q::Field] = &[#(#fields),*];
            }
            #rest
        };
    }
}

fn parts<'a>(input: &'a syn::DeriveInput, decl: &'a TableDecl) -> Vec<Part<'a>> {
    let syn::Data::Struct(data) = &input.data else {
        return Vec::new();
    };
    let fields = data.fields.iter().zip(&decl.columns);
    fields
        .filter_map(|(field, decl)| {
            Some(Part {
                field: field.ident.as_ref()?,
                ty: &field.ty,
                vis: &field.vis,
                decl,
            })
        })
        .collect()
}

/// The table and its columns as values.
fn constants(input: &syn::DeriveInput, parts: &[Part<'_>]) -> TokenStream {
    let (ident, vis) = (&input.ident, &input.vis);
    // Two of one name are reported already.
    let mut seen = BTreeSet::new();
    let once = parts.iter().enumerate();
    let once = once.filter(|(_, part)| seen.insert(constant(&part.decl.field)));
    let columns = once.map(|(place, part)| {
        let (vis, ty, name) = (part.vis, part.ty, part.decl.name().as_str());
        let upper = format_ident!("{}", constant(&part.decl.field), span = part.field.span());
        quote_spanned! {part.field.span()=>
            #vis const #upper: ::kickdb::__private::Column<#ident, #ty, #place> = ::kickdb::__private::Column::new(#name);
        }
    });
    quote! {
        #[automatically_derived]
        #[allow(non_upper_case_globals, missing_docs, dead_code, unreachable_pub)]
        #vis const #ident: ::kickdb::__private::TableRef<#ident> = ::kickdb::__private::TableRef::new();
        #[automatically_derived]
        #[allow(missing_docs, dead_code, unreachable_pub, private_interfaces)]
        impl #ident {
            #(#columns)*
        }
    }
}

/// The builder of one row, whose type says which required columns are still missing.
fn insert(vis: &syn::Visibility, parts: &[Part<'_>]) -> TokenStream {
    let required: Vec<&syn::Ident> = parts
        .iter()
        .filter(|part| part.is_required())
        .map(|part| part.field)
        .collect();
    // The compiler knows a type of which there are several of one name only by its path, so each marker comes with a trait
    // of its own whose message spells the column's name.
    let asked = required.iter().map(|field| {
        let given = format_ident!("__{}", field.unraw());
        let message = format!("column `{field}` is required by this insert; add `.{field}(…)`");
        let label = format!("column `{field}` has no value");
        quote! {
            pub enum #field {}
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            pub trait #given {}
        }
    });
    let given = required.iter().map(|field| {
        let given = format_ident!("__{}", field.unraw());
        quote!(impl<__W: __required::#given> __q::Given<__W> for __required::#field {})
    });
    let missing = required.iter().rev().fold(
        quote!(()),
        |rest, field| quote!((__q::Missing<__required::#field>, #rest)),
    );
    let methods = parts.iter().filter(|part| !part.is_read_only()).map(|part| {
        let (field, ty, name) = (part.field, part.ty, part.decl.name().as_str());
        if part.is_required() {
            quote_spanned! {field.span()=>
                pub fn #field<__I>(self, value: impl __q::Assign<#ty>) -> Insert<__R::Rest>
                where
                    __R: __q::Fill<__required::#field, __I>,
                {
                    Insert(self.0.set(#name, value), ::core::marker::PhantomData)
                }
            }
        } else {
            quote_spanned! {field.span()=>
                pub fn #field(self, value: impl __q::Assign<#ty>) -> Self {
                    Insert(self.0.set(#name, value), self.1)
                }
            }
        }
    });
    quote! {
        // A module of their own, so that a field named like a crate or type does not hide it.
        mod __required {
            #(#asked)*
        }
        #(#given)*
        #[derive(Clone, Debug)]
        #[must_use = "an insert does nothing until `.exec(…)` or `.returning(…)`"]
        #vis struct Insert<__R = #missing>(__q::NewRow, ::core::marker::PhantomData<fn() -> __R>);
        impl ::core::default::Default for Insert {
            fn default() -> Self {
                Insert(::core::default::Default::default(), ::core::marker::PhantomData)
            }
        }
        impl<__R> Insert<__R> {
            #(#methods)*
        }
    }
}

fn table(ident: &syn::Ident, decl: &TableDecl, parts: &[Part<'_>]) -> TokenStream {
    let name = decl
        .name
        .as_ref()
        .map_or_else(|| snake_case(&decl.ident), |name| name.value.clone());
    let schema = optional_str(decl.schema.as_ref().map(|schema| schema.as_str()));
    let columns = parts.iter().map(|part| part.decl.name().as_str());
    let read_only = parts
        .iter()
        .filter(|part| part.is_read_only())
        .map(|part| part.decl.name().as_str());
    // What a type's name does not say may be said by the type itself, where it is a newtype.
    let spelled = parts.iter().filter_map(|part| {
        let given = part.decl.raw_type.as_ref().map(|given| given.as_str());
        let ty = part.decl.ty.optional().unwrap_or(&part.decl.ty);
        let known = given.map_or_else(|| builtin(ty).is_some(), is_common);
        let (ty, column) = (part.ty, part.decl.name().as_str());
        let spelled = match given {
            Some(_) => optional_str(given),
            None => quote_spanned!(ty.span()=> <#ty as __q::ColumnType>::SPELLED),
        };
        (!known).then(|| {
            quote_spanned! {ty.span()=>
                __q::Spelled {
                    column: #column,
                    kind: <<#ty as __q::ColumnType>::Kind as __q::Kind>::ID,
                    ty: #spelled,
                }
            }
        })
    });
    let collations = parts.iter().filter_map(|part| {
        let collation = part.decl.collation.as_ref()?.as_str();
        let column = part.decl.name().as_str();
        Some(quote!((#column, #collation)))
    });
    let key: Vec<&Part<'_>> = decl
        .primary_key
        .iter()
        .flat_map(|key| &key.columns)
        .filter_map(|field| parts.iter().find(|part| part.field.unraw() == field.as_str()))
        .collect();
    let key_names = key.iter().map(|part| part.decl.name().as_str());
    let with_role = |role: Role| parts.iter().find(|part| part.decl.role == Some(role));
    let none = quote!(::core::option::Option::None);
    let stamp = |role: Role| {
        with_role(role).map_or_else(
            || none.clone(),
            |part| {
                let (ty, column) = (part.ty, part.decl.name().as_str());
                quote_spanned!(ty.span()=> ::core::option::Option::Some(__q::Stamp::of::<#ty>(#column)))
            },
        )
    };
    let (updated_at, deleted_at) = (stamp(Role::UpdatedAt), stamp(Role::DeletedAt));
    let version = optional_str(with_role(Role::Version).map(|part| part.decl.name().as_str()));
    let identified: Vec<TokenStream> = key
        .iter()
        .copied()
        .chain(with_role(Role::Version))
        .map(|part| {
            let (field, ty) = (part.field, part.ty);
            quote_spanned!(ty.span()=> <#ty as __q::ColumnType>::add_to(&self.#field, row);)
        })
        .collect();
    let key_types: Vec<&syn::Type> = key.iter().map(|part| part.ty).collect();
    let key = match &key_types[..] {
        // `find` takes up to six columns.
        [] | [_, _, _, _, _, _, _, ..] => quote!(__q::NoKey),
        [one] => quote!(#one),
        several => quote!((#(#several,)*)),
    };
    let taken = parts.iter().map(|part| {
        let (field, ty) = (part.field, part.ty);
        quote_spanned!(ty.span()=> #field: <#ty as __q::ColumnType>::take_from(row)?)
    });
    let written = parts.iter().filter(|part| !part.is_read_only()).map(|part| {
        let (field, ty) = (part.field, part.ty);
        quote_spanned!(ty.span()=> <#ty as __q::ColumnType>::add_to(&self.#field, row);)
    });
    quote! {
        impl<__R> __q::InsertColumns for Insert<__R> {
            type Table = #ident;
            type Required = __R;
            fn into_row(self) -> __q::NewRow {
                self.0
            }
        }
        impl __q::Table for #ident {
            const META: &'static __q::TableMeta = &__q::TableMeta {
                schema: #schema,
                name: #name,
                alias: ::core::option::Option::None,
                columns: &[#(#columns),*],
                primary_key: &[#(#key_names),*],
                read_only: &[#(#read_only),*],
                spelled: &[#(#spelled),*],
                collations: &[#(#collations),*],
                kept: __q::Kept { updated_at: #updated_at, version: #version, deleted_at: #deleted_at },
            };
            type Key = #key;
            type Insert = Insert;
            fn decode(row: &mut __q::Reader<'_>) -> __q::Result<Self> {
                let _ = &row;
                ::core::result::Result::Ok(Self { #(#taken),* })
            }
            fn encode(&self, row: &mut __q::Encoder) {
                #(#written)*
                let _ = row;
            }
            fn identify(&self, row: &mut __q::Encoder) {
                #(#identified)*
                let _ = row;
            }
        }
        impl<__S: __q::InScope<#ident, __I>, __I> __q::ValidIn<__S, __I> for #ident {
            type Wrap<__V: __q::ColumnType> = <__S as __q::InScope<#ident, __I>>::Wrap<__V>;
        }
    }
}
