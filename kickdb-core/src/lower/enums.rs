use std::collections::BTreeMap;

use syn::spanned::Spanned;

use super::attr::{self, Key};
use super::error::Sink;
use super::{LowerErrors, Origin, column};
use crate::decl::names::{Case, snake_case};
use crate::decl::{At, EnumDecl, EnumValueDecl};

const ENUM: &[Key] = &[
    ("name", "name = \"task_status\""),
    ("rename_all", "rename_all = \"snake_case\""),
    ("schema", "schema = \"app\""),
    ("comment", "comment = \"what it is\""),
    ("doc_comments", "doc_comments"),
    ("always", "always"),
    ("renamed_from", "renamed_from = \"old_name\""),
];
const VALUE: &[Key] = &[
    ("rename", "rename = \"in progress\""),
    ("renamed_from", "renamed_from = \"old_value\""),
];

/// Lowers an enum with `#[derive(DbEnum)]`.
///
/// # Errors
///
/// Every mistake in it.
pub fn enumeration(input: &syn::DeriveInput, origin: &Origin) -> Result<EnumDecl, LowerErrors> {
    let mut errors = Sink::default();
    let mut decl = EnumDecl {
        ident: origin.ident(&input.ident),
        module: origin.module.clone(),
        ..EnumDecl::default()
    };
    let syn::Data::Enum(data) = &input.data else {
        errors.add(
            input.ident.span(),
            "`#[derive(DbEnum)]` needs an enum",
            "a struct with named fields derives `Table`, a wrapper around one value `DbType`",
        );
        return errors.or(decl);
    };
    let case = head(input, &mut decl, origin, &mut errors);
    let mut seen = BTreeMap::new();
    for variant in &data.variants {
        let value = value(variant, case, origin, &mut errors);
        if let Some(first) = seen.insert(value.value.clone(), &variant.ident) {
            errors.add(
                variant.ident.span(),
                format!(
                    "`{first}` and `{}` would both be \"{}\" in the database",
                    variant.ident, value.value
                ),
                "give one of the two a text of its own: `#[db_enum(rename = \"…\")]`",
            );
        }
        decl.values.push(value);
    }
    errors.or(decl)
}

fn head(input: &syn::DeriveInput, decl: &mut EnumDecl, origin: &Origin, errors: &mut Sink) -> Case {
    let mut case = Case::Snake;
    let mut doc_comments = false;
    for arg in &attr::args(&input.attrs, "db_enum", ENUM, errors) {
        match arg.key.as_str() {
            "name" => decl.name = arg.text(origin, errors),
            "schema" => decl.schema = arg.text(origin, errors),
            "comment" => decl.comment = arg.text(origin, errors).map(|text| text.value),
            "renamed_from" => decl.renamed_from = arg.text(origin, errors),
            "always" => decl.always = arg.flag(errors),
            "rename_all" => case = arg.choice(&Case::ALL, errors).unwrap_or(case),
            _ => doc_comments = arg.flag(errors),
        }
    }
    if doc_comments && decl.comment.is_none() {
        decl.comment = attr::docs(&input.attrs);
    }
    let name = decl
        .name
        .clone()
        .unwrap_or_else(|| At::new(snake_case(&decl.ident), decl.ident.place.clone()));
    column::same_name(decl.renamed_from.as_ref(), &name, input.ident.span(), errors);
    case
}

fn value(variant: &syn::Variant, case: Case, origin: &Origin, errors: &mut Sink) -> EnumValueDecl {
    if !matches!(variant.fields, syn::Fields::Unit) {
        errors.add(
            variant.fields.span(),
            format!("`{}` holds a value, which a database enum cannot", variant.ident),
            "keep the value in a column of its own, or the whole as JSON: `Json<…>`",
        );
    }
    let ident = origin.ident(&variant.ident);
    let mut value = EnumValueDecl {
        value: case.apply(&ident),
        ident,
        renamed_from: None,
    };
    for arg in &attr::args(&variant.attrs, "db_enum", VALUE, errors) {
        match arg.key.as_str() {
            "rename" => {
                if let Some(text) = arg.text(origin, errors) {
                    value.value = text.value;
                }
            }
            _ => value.renamed_from = arg.text(origin, errors),
        }
    }
    let now = At::new(value.value.clone(), value.ident.place.clone());
    column::same_name(value.renamed_from.as_ref(), &now, variant.ident.span(), errors);
    value
}
