use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;

use super::Origin;
use super::attr::{self, Arg, Key, Value};
use super::error::{Link, Sink};
use crate::decl::{At, CheckDecl, ForeignKeyDecl, IndexDecl, KeyDecl, PartDecl, PartKey, StorageDecl, UniqueDecl};
use crate::ir::{Action, Deferrable};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("cascade", Action::Cascade),
    ("restrict", Action::Restrict),
    ("set_null", Action::SetNull),
    ("set_default", Action::SetDefault),
    ("no_action", Action::NoAction),
];
pub(super) const IMMEDIATE: Deferrable = Deferrable::Immediate;
pub(super) const DEFERRABLE: &[(&str, Deferrable)] =
    &[("immediate", Deferrable::Immediate), ("deferred", Deferrable::Deferred)];

const PRIMARY_KEY: &[Key] = &[
    ("columns", "columns(tenant_id, id)"),
    ("name", "name = \"constraint_name\""),
    ("deferrable", "deferrable` or `deferrable = deferred"),
    ("include", "include(title)"),
    ("comment", "comment = \"what it is\""),
    ("options", "options(fillfactor = \"70\")"),
    ("part_of", "part_of = \"index_of_the_partitioned_table\""),
];
const UNIQUE: &[Key] = &[
    ("columns", "columns(project_id, number)"),
    ("name", "name = \"constraint_name\""),
    ("nulls_not_distinct", "nulls_not_distinct"),
    ("deferrable", "deferrable` or `deferrable = deferred"),
    ("include", "include(title)"),
    ("comment", "comment = \"what it is\""),
    ("options", "options(fillfactor = \"70\")"),
    ("part_of", "part_of = \"index_of_the_partitioned_table\""),
];
const INDEX: &[Key] = &[
    ("columns", "columns(project_id, created_at(desc), \"lower(title)\")"),
    ("expr", "expr = \"lower(title)\""),
    ("name", "name = \"index_name\""),
    ("where", "where = \"deleted_at IS NULL\""),
    ("method", "method = gin"),
    ("unique", "unique"),
    ("nulls_not_distinct", "nulls_not_distinct"),
    ("only", "only(mysql)"),
    ("include", "include(title)"),
    ("comment", "comment = \"what it is\""),
    ("options", "options(fillfactor = \"70\")"),
    ("part_of", "part_of = \"index_of_the_partitioned_table\""),
];
const CHECK: &[Key] = &[
    ("expr", "expr = \"length(title) > 0\""),
    ("name", "name = \"constraint_name\""),
    ("comment", "comment = \"what it is\""),
    ("not_valid", "not_valid"),
    ("no_inherit", "no_inherit"),
];
const FOREIGN_KEY: &[Key] = &[
    ("columns", "columns(tenant_id, project_id)"),
    ("references", "references = Project(tenant_id, id)"),
    ("on_delete", "on_delete = cascade"),
    ("on_update", "on_update = cascade"),
    ("deferrable", "deferrable` or `deferrable = deferred"),
    ("name", "name = \"constraint_name\""),
    ("comment", "comment = \"what it is\""),
    ("match_full", "match_full"),
    ("not_valid", "not_valid"),
    ("set_columns", "set_columns(project_id)"),
    ("although_required", "although_required"),
];

/// Reads the arguments of one attribute, among them one that it cannot do without.
pub(super) fn read(
    attr: &syn::Attribute,
    name: &str,
    keys: &'static [Key],
    needed: &[&str],
    errors: &mut Sink,
) -> Vec<Arg> {
    let mut args = Vec::new();
    let before = errors.len();
    attr::one(attr, name, keys, &mut args, errors);
    // Where something could not be read, it may have been just that.
    if errors.len() == before {
        for key in needed {
            if !args.iter().any(|arg| arg.key == *key) {
                missing(attr, name, keys, key, errors);
            }
        }
    }
    args
}

fn missing(attr: &syn::Attribute, name: &str, keys: &'static [Key], key: &str, errors: &mut Sink) {
    let usage = keys
        .iter()
        .find(|(known, _)| *known == key)
        .map_or("", |(_, usage)| usage);
    errors.add(
        attr.span(),
        format!("`#[{name}(…)]` needs `{key}`"),
        format!("write `#[{name}({usage})]`"),
    );
}

pub(super) fn deferrable(arg: &Arg, errors: &mut Sink) -> Deferrable {
    match arg.value {
        Value::None => IMMEDIATE,
        _ => arg.choice(DEFERRABLE, errors).unwrap_or(IMMEDIATE),
    }
}

pub(super) fn primary_key(attr: &syn::Attribute, origin: &Origin, errors: &mut Sink) -> KeyDecl {
    let mut key = KeyDecl::default();
    let args = read(attr, "primary_key", PRIMARY_KEY, &["columns"], errors);
    for arg in &args {
        match arg.key.as_str() {
            "columns" => key.columns = arg.own_fields(origin, errors).unwrap_or_default(),
            "name" => key.name = arg.text(origin, errors),
            "deferrable" => key.deferrable = deferrable(arg, errors),
            _ => storage(arg, &mut key.storage, origin, errors),
        }
    }
    key
}

/// What is said of the index of a key.
pub(super) fn storage(arg: &Arg, storage: &mut StorageDecl, origin: &Origin, errors: &mut Sink) {
    match arg.key.as_str() {
        "include" => storage.include = arg.own_fields(origin, errors).unwrap_or_default(),
        "comment" => storage.comment = arg.text(origin, errors).map(|text| text.value),
        "options" => storage.options = arg.options(errors),
        _ => storage.part_of = arg.text(origin, errors),
    }
}

pub(super) fn unique(attr: &syn::Attribute, origin: &Origin, errors: &mut Sink) -> UniqueDecl {
    let mut unique = UniqueDecl {
        name: None,
        columns: Vec::new(),
        nulls_not_distinct: false,
        deferrable: Deferrable::No,
        storage: StorageDecl::default(),
        place: origin.place(attr.span()),
    };
    let args = read(attr, "unique", UNIQUE, &["columns"], errors);
    for arg in &args {
        match arg.key.as_str() {
            "columns" => unique.columns = arg.own_fields(origin, errors).unwrap_or_default(),
            "name" => unique.name = arg.text(origin, errors),
            "deferrable" => unique.deferrable = deferrable(arg, errors),
            "nulls_not_distinct" => unique.nulls_not_distinct = arg.flag(errors),
            _ => storage(arg, &mut unique.storage, origin, errors),
        }
    }
    unique
}

pub(super) fn check(attr: &syn::Attribute, origin: &Origin, errors: &mut Sink) -> Option<CheckDecl> {
    let mut check = CheckDecl::new(At::default());
    let mut expr = None;
    let args = read(attr, "check", CHECK, &["expr"], errors);
    for arg in &args {
        match arg.key.as_str() {
            "expr" => expr = arg.text(origin, errors),
            "comment" => check.comment = arg.text(origin, errors).map(|text| text.value),
            "not_valid" => check.not_valid = arg.flag(errors),
            "no_inherit" => check.no_inherit = arg.flag(errors),
            _ => check.name = arg.text(origin, errors),
        }
    }
    expr.map(|expr| CheckDecl { expr, ..check })
}

pub(super) fn index(attr: &syn::Attribute, origin: &Origin, errors: &mut Sink) -> IndexDecl {
    let mut index = IndexDecl {
        place: origin.place(attr.span()),
        ..IndexDecl::default()
    };
    let before = errors.len();
    let args = read(attr, "index", INDEX, &[], errors);
    for arg in &args {
        match arg.key.as_str() {
            "columns" => index.parts.extend(parts(arg, origin, errors)),
            "expr" => index
                .parts
                .extend(arg.text(origin, errors).map(|expr| PartDecl::new(PartKey::Expr(expr)))),
            "name" => index.name = arg.text(origin, errors),
            "where" => index.predicate = arg.text(origin, errors),
            "method" => index.method = arg.word(origin, errors),
            "unique" => index.unique = arg.flag(errors),
            "only" => {
                let engines = arg.idents(errors).unwrap_or_default();
                index.dialects = engines.iter().map(|engine| origin.ident(engine)).collect();
            }
            "nulls_not_distinct" => index.nulls_not_distinct = arg.flag(errors),
            _ => storage(arg, &mut index.storage, origin, errors),
        }
    }
    if errors.len() == before && !args.iter().any(|arg| arg.key == "columns" || arg.key == "expr") {
        missing(attr, "index", INDEX, "columns", errors);
    }
    index
}

/// The parts of an index: fields, each with its order in parentheses, and SQL in quotes.
fn parts(arg: &Arg, origin: &Origin, errors: &mut Sink) -> Vec<PartDecl> {
    parts_with(arg, ORDER, origin, errors)
        .into_iter()
        .map(|(part, _)| part)
        .collect()
}

/// The same with what else may stand in their parentheses, by the keys that are none of [`ORDER`].
pub(super) fn parts_with(
    arg: &Arg,
    keys: &'static [Key],
    origin: &Origin,
    errors: &mut Sink,
) -> Vec<(PartDecl, Vec<Arg>)> {
    let mut parts = Vec::new();
    let Some(tokens) = arg.list(errors) else { return parts };
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let key = if input.peek(syn::LitStr) {
                let expr: syn::LitStr = input.parse()?;
                PartKey::Expr(origin.at(expr.value(), expr.span()))
            } else {
                let ident = syn::Ident::parse_any(input)?;
                errors.mention(&ident);
                PartKey::Column(origin.ident(&ident))
            };
            let mut part = PartDecl::new(key);
            let mut args = Vec::new();
            if input.peek(syn::token::Paren) {
                let content;
                syn::parenthesized!(content in input);
                while !content.is_empty() {
                    attr::arg(&content, "index", keys, &mut args, errors);
                }
                order(&args, &mut part, origin, errors);
            }
            parts.push((part, args));
            if !input.is_empty() {
                input.parse::<syn::Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = read.parse2(tokens.clone()) {
        errors.syntax(&error, "columns", format!("write `{}`", arg.usage()));
    } else if parts.is_empty() {
        errors.add(arg.span, "`columns` is empty", format!("write `{}`", arg.usage()));
    }
    parts
}

const ORDER: &[Key] = &[
    ("desc", "desc"),
    ("asc", "asc"),
    ("nulls_first", "nulls_first"),
    ("nulls_last", "nulls_last"),
    ("opclass", "opclass = \"text_pattern_ops\""),
    ("collation", "collation = \"C\""),
    ("parameters", "parameters(siglen = \"32\")"),
];

fn order(args: &[Arg], part: &mut PartDecl, origin: &Origin, errors: &mut Sink) {
    for arg in args {
        match arg.key.as_str() {
            "desc" => part.descending = arg.flag(errors),
            "nulls_first" => part.nulls_first = arg.flag(errors).then_some(true),
            "nulls_last" => part.nulls_first = arg.flag(errors).then_some(false),
            "opclass" => part.opclass = arg.word(origin, errors),
            "collation" => part.collation = arg.text(origin, errors),
            "parameters" => part.parameters = arg.options(errors),
            "asc" => {
                arg.flag(errors);
            }
            _ => {}
        }
    }
}

pub(super) fn foreign_key(attr: &syn::Attribute, origin: &Origin, errors: &mut Sink) -> Option<ForeignKeyDecl> {
    let args = read(attr, "foreign_key", FOREIGN_KEY, &["columns", "references"], errors);
    let before = errors.len();
    let mut target_of = None;
    let mut own = Vec::new();
    let mut key = ForeignKeyDecl::new(Vec::new(), At::default(), Vec::new());
    for arg in &args {
        match arg.key.as_str() {
            "columns" => {
                key.columns = arg.own_fields(origin, errors).unwrap_or_default();
                own = arg.idents(&mut Sink::default()).unwrap_or_default();
            }
            "references" => target_of = arg.expr(errors).and_then(|expr| target(arg, expr, errors)),
            "on_delete" => key.on_delete = arg.choice(ACTIONS, errors).unwrap_or(key.on_delete),
            "on_update" => key.on_update = arg.choice(ACTIONS, errors).unwrap_or(key.on_update),
            "deferrable" => key.deferrable = deferrable(arg, errors),
            "comment" => key.comment = arg.text(origin, errors).map(|text| text.value),
            "match_full" => key.match_full = arg.flag(errors),
            "not_valid" => key.not_valid = arg.flag(errors),
            "although_required" => key.although_required = arg.flag(errors),
            "set_columns" => key.set_columns = arg.own_fields(origin, errors).unwrap_or_default(),
            _ => key.name = arg.text(origin, errors),
        }
    }
    let (target, fields) = target_of?;
    key.table = origin.at(attr::segments(&target), target.span());
    key.referenced = fields.iter().map(|field| origin.ident(field)).collect();
    errors.links.push(Link { own, target, fields });
    if errors.len() == before && key.columns.len() != key.referenced.len() {
        errors.add(
            attr.span(),
            format!(
                "a foreign key of {} columns cannot reference {}",
                key.columns.len(),
                key.referenced.len()
            ),
            "name as many columns on both sides",
        );
    }
    Some(key)
}

/// What a foreign key points to: `Project::id`, or `Project(tenant_id, id)`.
pub(super) fn target(arg: &Arg, expr: &syn::Expr, errors: &mut Sink) -> Option<(syn::Path, Vec<syn::Ident>)> {
    let found = match expr {
        syn::Expr::Path(path) if path.qself.is_none() && path.path.segments.len() > 1 => {
            let mut of = path.path.clone();
            let field = of.segments.pop()?.ident;
            of.segments.pop_punct();
            Some((of, vec![field]))
        }
        syn::Expr::Call(call) => match &*call.func {
            syn::Expr::Path(path) => {
                let fields = call.args.iter().map(|arg| match arg {
                    syn::Expr::Path(field) => field.path.get_ident().cloned(),
                    _ => None,
                });
                let fields: Option<Vec<_>> = fields.collect();
                fields
                    .filter(|fields| !fields.is_empty())
                    .map(|fields| (path.path.clone(), fields))
            }
            _ => None,
        },
        _ => None,
    };
    if found.is_none() {
        errors.add(
            expr.span(),
            format!("`{}` must name a struct and its field", arg.key),
            format!("write `{}`", arg.usage()),
        );
    }
    found
}
