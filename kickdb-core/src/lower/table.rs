use std::collections::BTreeMap;

use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::attr::{self, Key};
use super::error::Sink;
use super::{LowerErrors, Origin, column, constraint, exclusion, relation};
use crate::decl::names::{constant, snake_case};
use crate::decl::{At, KeyDecl, PartitionDecl, TableDecl, reserved};

const TABLE: &[Key] = &[
    ("name", "name = \"tasks\""),
    ("schema", "schema = \"app\""),
    ("comment", "comment = \"what it is\""),
    ("doc_comments", "doc_comments"),
    ("renamed_from", "renamed_from = \"old_name\""),
    ("no_primary_key", "no_primary_key"),
    ("unmanaged", "unmanaged, reason = \"who owns it\""),
    ("reason", "unmanaged, reason = \"who owns it\""),
    ("strict", "strict"),
    ("without_rowid", "without_rowid"),
    ("engine", "engine = \"InnoDB\""),
    ("collate", "collate = \"utf8mb4_unicode_ci\""),
    ("options", "options(unlogged, fillfactor = \"70\")"),
    ("inherits", "inherits(Parent)"),
    ("partition_by", "partition_by = \"RANGE (created_at)\""),
    ("partition_of", "partition_of = Event, bound = \"FOR VALUES IN ('a')\""),
    ("bound", "partition_of = Event, bound = \"FOR VALUES IN ('a')\""),
];

/// Lowers a struct with `#[derive(Table)]`.
///
/// # Errors
///
/// Every mistake in it.
pub fn table(input: &syn::DeriveInput, origin: &Origin) -> Result<TableDecl, LowerErrors> {
    let (table, errors) = lower(input, origin);
    errors.or(table)
}

/// Lowers as much as can be read.
pub(super) fn lower(input: &syn::DeriveInput, origin: &Origin) -> (TableDecl, Sink) {
    let mut errors = Sink::default();
    let mut table = TableDecl {
        ident: origin.ident(&input.ident),
        module: origin.module.clone(),
        ..TableDecl::default()
    };
    let Some(fields) = fields(input, &mut errors) else {
        return (table, errors);
    };
    let head = head(input, &mut table, origin, &mut errors);
    let mut key = Vec::new();
    for field in &fields {
        if let Some(ident) = &field.ident {
            column::column(
                field,
                ident,
                head.doc_comments,
                &mut table,
                &mut key,
                origin,
                &mut errors,
            );
        }
    }
    let spans: Vec<_> = fields.iter().filter_map(|field| field.ident.as_ref()).collect();
    let relations = members(input, &mut table, origin, &mut errors);
    same_constant(spans.iter().copied().chain(&relations), &mut errors);
    primary_key(input, key, head.no_primary_key, &mut table, &mut errors);
    errors.check_mentioned(&spans, &input.ident);
    (table, errors)
}

/// What the attributes of the struct say beside the declaration.
#[derive(Default)]
struct Head {
    doc_comments: bool,
    no_primary_key: bool,
}

fn fields<'a>(input: &'a syn::DeriveInput, errors: &mut Sink) -> Option<Vec<&'a syn::Field>> {
    if let Some(param) = input.generics.params.first() {
        errors.add(
            param.span(),
            "a table cannot have parameters",
            "a table is one struct with fixed types: remove the `<…>`",
        );
        return None;
    }
    match &input.data {
        syn::Data::Struct(data) if matches!(&data.fields, syn::Fields::Named(_)) => Some(data.fields.iter().collect()),
        _ => {
            errors.add(
                input.ident.span(),
                "`#[derive(Table)]` needs a struct with named fields",
                "each field is a column: `struct Task { id: i64, title: String }`; an enum derives `DbEnum`, a wrapper around one value `DbType`",
            );
            None
        }
    }
}

fn head(input: &syn::DeriveInput, table: &mut TableDecl, origin: &Origin, errors: &mut Sink) -> Head {
    let mut head = Head::default();
    let mut unmanaged = None;
    let mut reason = None;
    let (mut partition_of, mut bound) = (None, None);
    let args = attr::args(&input.attrs, "table", TABLE, errors);
    for arg in &args {
        match arg.key.as_str() {
            "name" => table.name = arg.text(origin, errors),
            "schema" => table.schema = arg.text(origin, errors),
            "comment" => table.comment = arg.text(origin, errors).map(|text| text.value),
            "renamed_from" => table.renamed_from = arg.text(origin, errors),
            "doc_comments" => head.doc_comments = arg.flag(errors),
            "no_primary_key" => head.no_primary_key = arg.flag(errors),
            "unmanaged" => unmanaged = arg.flag(errors).then_some(arg),
            "reason" => reason = arg.text(origin, errors).map(|text| (arg, text)),
            "options" => table.options.extend(arg.options(errors)),
            "inherits" => table.inherits = arg.paths(origin, errors),
            "partition_by" => table.partition_by = arg.text(origin, errors),
            "partition_of" => partition_of = arg.path(origin, errors).map(|path| (arg, path)),
            "bound" => bound = arg.text(origin, errors).map(|text| (arg, text)),
            "engine" | "collate" => {
                if let Some(text) = arg.text(origin, errors) {
                    table.options.insert(arg.key.clone(), text.value);
                }
            }
            flag => {
                if arg.flag(errors) {
                    table.options.insert(flag.replace('_', " "), String::new());
                }
            }
        }
    }
    match (partition_of, bound) {
        (Some((_, of)), Some((_, bound))) => table.partition = Some(PartitionDecl { of, bound }),
        (Some((arg, _)), None) | (None, Some((arg, _))) => errors.add(
            arg.span,
            format!("`{}` alone does not say which rows go there", arg.key),
            format!("write `#[table({})]`", arg.usage()),
        ),
        (None, None) => {}
    }
    match (unmanaged, reason) {
        (Some(arg), Some((_, reason))) if reason.trim().chars().count() < 8 => errors.add(
            arg.span,
            format!("`reason = \"{}\"` does not say why this table is not managed", *reason),
            "say who creates and alters it: `reason = \"owned by the billing service\"`",
        ),
        (Some(_), Some((_, reason))) => table.unmanaged = Some(reason),
        (Some(arg), None) if !args.iter().any(|arg| arg.key == "reason") => errors.add(
            arg.span,
            "`unmanaged` needs a reason",
            "say who creates and alters the table: `#[table(unmanaged, reason = \"owned by the billing service\")]`",
        ),
        (None, Some((arg, _))) => errors.add(
            arg.span,
            "`reason` without `unmanaged`",
            "write `#[table(unmanaged, reason = \"…\")]`, or remove the reason",
        ),
        _ => {}
    }
    if head.doc_comments && table.comment.is_none() {
        table.comment = attr::docs(&input.attrs);
    }
    let name = table
        .name
        .clone()
        .unwrap_or_else(|| At::new(snake_case(&table.ident), table.ident.place.clone()));
    column::same_name(table.renamed_from.as_ref(), &name, input.ident.span(), errors);
    if let Some((message, help)) = reserved(&table.shown(), &name) {
        errors.add(input.ident.span(), message, help);
    }
    head
}

/// The attributes of the struct that may be given more than once.
fn members(input: &syn::DeriveInput, table: &mut TableDecl, origin: &Origin, errors: &mut Sink) -> Vec<syn::Ident> {
    let mut relations = Vec::new();
    let this = table.ident.value.clone();
    for attr in &input.attrs {
        let Some(name) = attr.path().get_ident() else { continue };
        match name.to_string().as_str() {
            "index" => table.indexes.push(constraint::index(attr, origin, errors)),
            "unique" => table.uniques.push(constraint::unique(attr, origin, errors)),
            "check" => table.checks.extend(constraint::check(attr, origin, errors)),
            "exclude" => table.exclusions.push(exclusion::exclusion(attr, origin, errors)),
            "foreign_key" => table.foreign_keys.extend(constraint::foreign_key(attr, origin, errors)),
            "primary_key" if table.primary_key.is_some() => errors.add(
                attr.span(),
                "a table has one primary key",
                "name all its columns in one `#[primary_key(columns(…))]`",
            ),
            "primary_key" => table.primary_key = Some(constraint::primary_key(attr, origin, errors)),
            _ => {
                if let Some((relation, ident)) = relation::relation(attr, &this, origin, errors) {
                    relations.push(ident);
                    table.relations.push(relation);
                }
            }
        }
    }
    relations
}

fn primary_key(
    input: &syn::DeriveInput,
    fields: Vec<At<String>>,
    none: bool,
    table: &mut TableDecl,
    errors: &mut Sink,
) {
    let span = input.ident.span();
    if table.primary_key.is_some() && !fields.is_empty() {
        errors.add(
            span,
            "the primary key is declared at the struct and at a field",
            "keep `#[primary_key(columns(…))]`, or `#[column(primary_key)]`",
        );
    }
    if table.primary_key.is_none() && !fields.is_empty() {
        table.primary_key = Some(KeyDecl {
            columns: fields,
            ..KeyDecl::default()
        });
    }
    match (&table.primary_key, none) {
        (Some(_), true) => errors.add(
            span,
            "`no_primary_key` on a table that has one",
            "remove `no_primary_key`",
        ),
        (None, false) if table.unmanaged.is_none() => errors.add(
            span,
            format!("table `{}` has no primary key", table.ident.value),
            "mark its column with `#[column(primary_key)]`, or say that it has none with `#[table(no_primary_key)]`",
        ),
        _ => {}
    }
}

/// Two fields or relations that would have one associated constant.
fn same_constant<'a>(fields: impl IntoIterator<Item = &'a syn::Ident>, errors: &mut Sink) {
    let mut seen: BTreeMap<String, &syn::Ident> = BTreeMap::new();
    for field in fields {
        let name = constant(&field.unraw().to_string());
        if let Some(first) = seen.insert(name.clone(), field) {
            errors.add(
                field.span(),
                format!("`{first}` and `{field}` would both be `{name}` in queries"),
                "rename one of the two; a column keeps its name with `#[column(name = \"…\")]`",
            );
        }
    }
}
