use proc_macro2::{Spacing, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

/// A field and what it reads, where it says so.
struct Field<'a> {
    name: &'a syn::Ident,
    ty: &'a syn::Type,
    reads: Option<syn::Expr>,
}

pub(super) fn expand(input: &syn::DeriveInput) -> syn::Result<TokenStream> {
    let help = "write `struct Card { #[row(Task::TITLE)] title: String }`";
    let syn::Data::Struct(syn::DataStruct {
        fields: syn::Fields::Named(named),
        ..
    }) = &input.data
    else {
        return Err(mistake(
            input.ident.span(),
            "`#[derive(Row)]` is for structs with named fields",
            help,
        ));
    };
    if !input.generics.params.is_empty() {
        return Err(mistake(
            input.generics.span(),
            "a struct with `#[derive(Row)]` has no parameters",
            "write one struct for each",
        ));
    }
    let fields: Vec<Field<'_>> = named.named.iter().map(field).collect::<syn::Result<_>>()?;
    if fields.is_empty() {
        return Err(mistake(input.ident.span(), "this row has no field to read", help));
    }
    let said = fields.iter().filter(|field| field.reads.is_some()).count();
    match fields.iter().find(|field| field.reads.is_none()) {
        None => Ok(flat(input, &fields)),
        Some(_) if said == 0 => Ok(shaped(input, &fields)),
        Some(silent) => Err(mistake(
            silent.name.span(),
            &format!("field `{}` does not say what it reads, and others do", silent.name),
            "add `#[row(Task::TITLE)]`; or leave it off all fields, and the struct is one for `.read_as::<…>()`",
        )),
    }
}

fn mistake(span: proc_macro2::Span, message: &str, help: &str) -> syn::Error {
    syn::Error::new(span, format!("{message}\n  = help: {help}"))
}

fn field(field: &syn::Field) -> syn::Result<Field<'_>> {
    let name = field.ident.as_ref().expect("the fields are named");
    let mut reads = None;
    for attr in field.attrs.iter().filter(|attr| attr.path().is_ident("row")) {
        if reads.is_some() {
            return Err(mistake(
                attr.span(),
                &format!("field `{name}` says twice what it reads"),
                "keep one of the two",
            ));
        }
        let expr = attr.parse_args().map_err(|_| {
            mistake(
                attr.span(),
                &format!("`#[row(…)]` of `{name}` is not an expression"),
                "write a column or what is computed from some: `#[row(count(Task::ID))]`",
            )
        })?;
        reads = Some(expr);
    }
    Ok(Field {
        name,
        ty: &field.ty,
        reads,
    })
}

/// A struct whose fields name columns or expressions.
fn flat(input: &syn::DeriveInput, fields: &[Field<'_>]) -> TokenStream {
    let (ident, vis) = (&input.ident, &input.vis);
    // Each table with whether it must have a row.
    let mut tables: Vec<(syn::Path, String, bool)> = Vec::new();
    for field in fields {
        let Some(reads) = &field.reads else { continue };
        let needed = !is_option(field.ty) && !counts(reads);
        let mut found = Vec::new();
        paths(quote!(#reads), &mut found);
        for path in found {
            let shown = quote!(#path).to_string();
            match tables.iter_mut().find(|(_, known, _)| *known == shown) {
                Some((_, _, must)) => *must |= needed,
                None => tables.push((path, shown, needed)),
            }
        }
    }
    let places: Vec<_> = (0..tables.len()).map(|at| format_ident!("__I{at}")).collect();
    let bounds = tables.iter().zip(&places).map(|((path, _, must), place)| {
        if *must {
            quote_spanned!(path.span()=> __S: __q::Always<#path, #place>)
        } else {
            quote_spanned!(path.span()=> __S: __q::InScope<#path, #place>)
        }
    });
    let all = tables
        .iter()
        .rev()
        .map(|(path, _, _)| quote!(#path))
        .reduce(|rest, path| quote!((#path, #rest)))
        .unwrap_or_else(|| quote!(()));
    let index = places
        .iter()
        .rev()
        .fold(quote!(()), |rest, place| quote!((#place, #rest)));
    let nodes = fields.iter().filter_map(|field| {
        let (reads, ty) = (field.reads.as_ref()?, field.ty);
        Some(quote_spanned!(reads.span()=> out.push(__q::field::<#ty, #all, _, _>(#reads));))
    });
    let taken = fields.iter().map(|field| {
        let (name, ty) = (field.name, field.ty);
        quote_spanned!(ty.span()=> #name: row.take::<#ty>()?)
    });
    let names = fields
        .iter()
        .map(|field| syn::ext::IdentExt::unraw(field.name).to_string());
    let named = fields.iter().map(|field| {
        let (name, ty) = (field.name, field.ty);
        quote_spanned!(ty.span()=> #name: row.take::<#ty>()?)
    });
    quote! {
        #[automatically_derived]
        #[allow(non_upper_case_globals, missing_docs, dead_code, unreachable_pub)]
        #vis const #ident: ::kickdb::__private::RowRef<#ident> = ::kickdb::__private::RowRef::new();
        #[automatically_derived]
        #[allow(clippy::all)]
        const _: () = {
            use ::kickdb::__private as __q;
            impl<__S, #(#places),*> __q::RowOf<__S, #index> for #ident
            where
                #(#bounds),*
            {
                fn nodes(out: &mut ::std::vec::Vec<__q::Node>) {
                    #(#nodes)*
                }
                fn decode(row: &mut __q::Reader<'_>) -> __q::Result<Self> {
                    ::core::result::Result::Ok(Self { #(#taken),* })
                }
            }
            impl __q::Named for #ident {
                const NAMES: &'static [&'static str] = &[#(#names),*];

                fn read(row: &mut __q::Reader<'_>) -> __q::Result<Self> {
                    ::core::result::Result::Ok(Self { #(#named),* })
                }
            }
        };
    }
}

/// A struct whose fields are a row and what its relations give.
fn shaped(input: &syn::DeriveInput, fields: &[Field<'_>]) -> TokenStream {
    let ident = &input.ident;
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    let types = fields.iter().map(|field| field.ty);
    let from: Vec<_> = (0..fields.len()).map(|at| format_ident!("__F{at}")).collect();
    quote! {
        #[automatically_derived]
        const _: () = {
            use ::kickdb::__private as __q;
            impl<#(#from),*> __q::Shaped<(#(#from,)*)> for #ident
            where
                #(#types: __q::Shaped<#from>),*
            {
                fn shaped((#(#names,)*): (#(#from,)*)) -> Self {
                    Self { #(#names: __q::Shaped::shaped(#names)),* }
                }
            }
        };
    }
}

fn is_option(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}

/// Whether the value is a number also where a table has no row.
fn counts(expr: &syn::Expr) -> bool {
    let function = match expr {
        syn::Expr::Call(call) => match &*call.func {
            syn::Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        },
        syn::Expr::MethodCall(call) => Some(call.method.to_string()),
        _ => None,
    };
    function.is_some_and(|name| name.starts_with("count"))
}

/// The tables of columns such as `Task::TITLE` in an expression.
fn paths(tokens: TokenStream, out: &mut Vec<syn::Path>) {
    let mut segments: Vec<proc_macro2::Ident> = Vec::new();
    let mut colons = 0;
    for token in tokens.into_iter().map(Some).chain([None]) {
        match token {
            Some(TokenTree::Ident(ident)) => {
                if colons != 2 {
                    take(&mut segments, out);
                }
                segments.push(ident);
                colons = 0;
            }
            Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => {
                colons = if punct.spacing() == Spacing::Joint {
                    1
                } else {
                    colons + 1
                };
            }
            other => {
                take(&mut segments, out);
                colons = 0;
                if let Some(TokenTree::Group(group)) = other {
                    paths(group.stream(), out);
                }
            }
        }
    }
}

fn take(segments: &mut Vec<proc_macro2::Ident>, out: &mut Vec<syn::Path>) {
    let path = std::mem::take(segments);
    if let Some((last, table)) = path.split_last() {
        let name = last.to_string();
        let constant = name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase);
        if constant && !table.is_empty() {
            out.push(syn::parse_quote!(#(#table)::*));
        }
    }
}
