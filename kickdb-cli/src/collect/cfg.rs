//! `#[cfg(…)]` and `#[cfg_attr(…)]`, as far as source alone can tell.
//!
//! `test`, `doctest` and `miri` are off, the package's default features are on, `debug_assertions` is on, the platform is
//! the one this program runs on. What cannot be told is taken as present: a table that appears in a migration is seen in
//! review, one that is missing is not.

use std::collections::BTreeSet;

use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Field, Fields, Item, Lit, Meta, Token};

/// Removes what a `cfg` turns off inside of an item, and puts in what a `cfg_attr` turns on.
pub(crate) fn strip(item: &mut Item, features: &BTreeSet<String>) {
    match item {
        Item::Struct(item) => {
            expand(&mut item.attrs, features);
            strip_fields(&mut item.fields, features);
        }
        Item::Enum(item) => {
            expand(&mut item.attrs, features);
            let variants = std::mem::take(&mut item.variants);
            item.variants = variants
                .into_iter()
                .filter(|variant| is_on(&variant.attrs, features))
                .map(|mut variant| {
                    expand(&mut variant.attrs, features);
                    strip_fields(&mut variant.fields, features);
                    variant
                })
                .collect();
        }
        Item::Const(item) => expand(&mut item.attrs, features),
        _ => {}
    }
}

fn strip_fields(fields: &mut Fields, features: &BTreeSet<String>) {
    let keep = |fields: &mut Punctuated<Field, Token![,]>| {
        *fields = std::mem::take(fields)
            .into_iter()
            .filter(|field| is_on(&field.attrs, features))
            .map(|mut field| {
                expand(&mut field.attrs, features);
                field
            })
            .collect();
    };
    match fields {
        Fields::Named(named) => keep(&mut named.named),
        Fields::Unnamed(unnamed) => keep(&mut unnamed.unnamed),
        Fields::Unit => {}
    }
}

/// Whether no `cfg` of these attributes turns their item off.
pub(crate) fn is_on(attrs: &[Attribute], features: &BTreeSet<String>) -> bool {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .filter_map(|attr| attr.parse_args::<Meta>().ok())
        .all(|predicate| holds(&predicate, features) != Some(false))
}

/// Replaces each `cfg_attr(predicate, a, b)` by `a` and `b` where the predicate is not false.
pub(crate) fn expand(attrs: &mut Vec<Attribute>, features: &BTreeSet<String>) {
    if !attrs.iter().any(|attr| attr.path().is_ident("cfg_attr")) {
        return;
    }
    for attr in std::mem::take(attrs) {
        if !attr.path().is_ident("cfg_attr") {
            attrs.push(attr);
            continue;
        }
        let Ok(metas) = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else {
            attrs.push(attr);
            continue;
        };
        let mut metas = metas.into_iter();
        let on = metas
            .next()
            .is_some_and(|predicate| holds(&predicate, features) != Some(false));
        if on {
            attrs.extend(metas.map(|meta| Attribute { meta, ..attr.clone() }));
        }
    }
}

/// A predicate's value; `None` where source alone cannot tell.
fn holds(predicate: &Meta, features: &BTreeSet<String>) -> Option<bool> {
    match predicate {
        Meta::Path(path) => flag(&path.get_ident()?.to_string()),
        Meta::NameValue(pair) => {
            let Expr::Lit(ExprLit {
                lit: Lit::Str(value), ..
            }) = &pair.value
            else {
                return None;
            };
            option(&pair.path.get_ident()?.to_string(), &value.value(), features)
        }
        Meta::List(list) => {
            let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
            let inner: Vec<_> = parser
                .parse2(list.tokens.clone())
                .ok()?
                .iter()
                .map(|meta| holds(meta, features))
                .collect();
            match list.path.get_ident()?.to_string().as_str() {
                "not" => inner.first().copied().flatten().map(|value| !value),
                "all" if inner.contains(&Some(false)) => Some(false),
                "all" => inner.iter().all(|value| *value == Some(true)).then_some(true),
                "any" if inner.contains(&Some(true)) => Some(true),
                "any" => inner.iter().all(|value| *value == Some(false)).then_some(false),
                _ => None,
            }
        }
    }
}

fn flag(name: &str) -> Option<bool> {
    match name {
        "test" | "doctest" | "miri" | "doc" => Some(false),
        "debug_assertions" | "true" => Some(true),
        "false" => Some(false),
        "unix" => Some(cfg!(unix)),
        "windows" => Some(cfg!(windows)),
        _ => None,
    }
}

fn option(name: &str, value: &str, features: &BTreeSet<String>) -> Option<bool> {
    match name {
        "feature" => Some(features.contains(value)),
        "target_os" => Some(std::env::consts::OS == value),
        "target_arch" => Some(std::env::consts::ARCH == value),
        "target_family" => Some(std::env::consts::FAMILY == value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> bool {
        let item: syn::ItemStruct = syn::parse_str(&format!("#[cfg({text})] struct X;")).unwrap();
        is_on(&item.attrs, &BTreeSet::from(["default".to_owned(), "extra".to_owned()]))
    }

    #[test]
    fn what_is_known_is_decided_and_the_rest_is_kept() {
        for (text, expected) in [
            ("test", false),
            ("not(test)", true),
            ("feature = \"extra\"", true),
            ("feature = \"other\"", false),
            ("all(feature = \"extra\", not(test))", true),
            ("any(test, feature = \"other\")", false),
            ("my_flag", true),
            ("not(my_flag)", true),
            ("all(my_flag, test)", false),
            ("any(my_flag, test)", true),
        ] {
            assert_eq!(on(text), expected, "cfg({text})");
        }
    }

    #[test]
    fn a_field_that_is_off_goes_and_a_conditional_attribute_is_put_in() {
        let mut item: Item = syn::parse_str(
            "#[cfg_attr(not(test), derive(Table))] struct X { #[cfg(test)] a: i32, #[cfg_attr(test, column(unique))] b: i32 }",
        )
        .unwrap();
        strip(&mut item, &BTreeSet::new());
        let Item::Struct(item) = item else {
            panic!("still a struct")
        };
        assert!(item.attrs[0].path().is_ident("derive"));
        assert_eq!(item.fields.len(), 1);
        assert!(item.fields.iter().next().unwrap().attrs.is_empty());
    }
}
