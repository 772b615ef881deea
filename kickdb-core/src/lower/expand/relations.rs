use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::table::Part;
use crate::decl::names::constant;
use crate::decl::{At, RelationDecl, RelationKind, TableDecl};

/// A constant for each relation: `Project::TASKS`.
pub(super) fn constants(input: &syn::DeriveInput, decl: &TableDecl, parts: &[Part<'_>]) -> TokenStream {
    // Two of one name are reported already.
    let mut seen: BTreeSet<String> = parts.iter().map(|part| constant(&part.decl.field)).collect();
    let relations: Vec<TokenStream> = decl
        .relations
        .iter()
        .filter(|relation| seen.insert(constant(&relation.name)))
        .filter_map(|relation| one(input, decl, relation, parts))
        .collect();
    if relations.is_empty() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    quote! {
        #[automatically_derived]
        #[allow(missing_docs, dead_code, unreachable_pub, private_interfaces)]
        impl #ident {
            #(#relations)*
        }
    }
}

fn one(input: &syn::DeriveInput, decl: &TableDecl, relation: &RelationDecl, parts: &[Part<'_>]) -> Option<TokenStream> {
    let (ident, vis) = (&input.ident, &input.vis);
    let name = relation.name.as_str();
    let upper = format_ident!("{}", constant(name));
    let target = path(&relation.target, ident);
    let points = relation.kind == RelationKind::BelongsTo;
    // The fields of this struct: what holds the key, or what is pointed to.
    let fields = match (points, relation.references.is_empty()) {
        (true, _) => &relation.key,
        (false, false) => &relation.references,
        (false, true) => &decl.primary_key.as_ref()?.columns,
    };
    let own: Vec<&Part<'_>> = fields
        .iter()
        .map(|field| parts.iter().find(|part| part.decl.field.as_str() == field.as_str()))
        .collect::<Option<_>>()?;
    let keys = own.iter().map(|part| {
        let (column, ty) = (part.decl.name().as_str(), part.ty);
        quote!(__q::OwnKey { column: #column, read: __q::read_key::<#ty> })
    });
    let columns = |of: &syn::Path, fields: &[At<String>]| {
        let fields = fields.iter().map(|field| field.as_str());
        quote!(&[#(__q::column_of::<#of>(#fields)),*])
    };
    let primary = quote!(<#target as __q::Table>::META.primary_key);
    let (other, through) = match (&relation.through, points) {
        (Some(between), _) => {
            let table = path(between, ident);
            let (own, other) = (columns(&table, &relation.key), columns(&table, &relation.target_key));
            let between = quote! {
                ::core::option::Option::Some(__q::Between {
                    table: <#table as __q::Table>::META,
                    own: #own,
                    other: #other,
                })
            };
            (primary, between)
        }
        (None, true) if relation.references.is_empty() => (primary, quote!(::core::option::Option::None)),
        (None, true) => (
            columns(&target, &relation.references),
            quote!(::core::option::Option::None),
        ),
        (None, false) => (columns(&target, &relation.key), quote!(::core::option::Option::None)),
    };
    let nullable = own.iter().any(|part| part.decl.ty.optional().is_some());
    let arity = match (relation.kind, &relation.through) {
        (RelationKind::BelongsTo, _) if !nullable => quote!(One),
        (RelationKind::BelongsTo | RelationKind::HasOne, _) => quote!(Maybe),
        (RelationKind::ManyToMany, Some(between)) => {
            let table = path(between, ident);
            quote!(Through<#table>)
        }
        (RelationKind::HasMany | RelationKind::ManyToMany, _) => quote!(Many),
    };
    Some(quote! {
        #vis const #upper: ::kickdb::__private::Relation<#ident, #target, ::kickdb::__private::#arity> = {
            use ::kickdb::__private as __q;
            const META: __q::RelationMeta = __q::RelationMeta {
                name: #name,
                from: <#ident as __q::Table>::META,
                to: <#target as __q::Table>::META,
                own: &[#(#keys),*],
                other: #other,
                through: #through,
                points: #points,
            }.checked();
            __q::Relation::new(&META)
        };
    })
}

/// A path as it was written; `Self` is the struct itself.
fn path(written: &At<Vec<String>>, this: &Ident) -> syn::Path {
    match &written.value[..] {
        [one] if one == "Self" => this.clone().into(),
        segments => {
            let segments = segments.iter().map(|segment| match segment.as_str() {
                // These cannot be raw identifiers.
                "crate" | "self" | "super" => format_ident!("{segment}"),
                name => syn::parse_str(name).unwrap_or_else(|_| format_ident!("r#{name}")),
            });
            syn::parse_quote!(#(#segments)::*)
        }
    }
}
