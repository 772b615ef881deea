use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;

use super::Origin;
use super::attr::{self, Arg, Key};
use super::error::Sink;
use crate::decl::names::snake_case;
use crate::decl::{At, RelationDecl, RelationKind};

const KINDS: [RelationKind; 4] = [
    RelationKind::BelongsTo,
    RelationKind::HasOne,
    RelationKind::HasMany,
    RelationKind::ManyToMany,
];
const DIRECT: &[Key] = &[("key", "key = project_id"), ("references", "references = id")];
const THROUGH: &[Key] = &[
    ("through", "through = TaskLabel"),
    ("key", "key = task_id"),
    ("target_key", "target_key = label_id"),
];

fn usage(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::BelongsTo => "write `#[belongs_to(project: Project, key = project_id)]`",
        RelationKind::HasOne => "write `#[has_one(profile: Profile, key = user_id)]`",
        RelationKind::HasMany => "write `#[has_many(comments: Comment, key = task_id)]`",
        RelationKind::ManyToMany => "write `#[many_to_many(labels: Label, through = TaskLabel)]`",
    }
}

/// The relation that an attribute declares, where it is one that does.
pub(super) fn relation(
    attr: &syn::Attribute,
    this: &str,
    origin: &Origin,
    errors: &mut Sink,
) -> Option<(RelationDecl, syn::Ident)> {
    let kind = KINDS.into_iter().find(|kind| attr.path().is_ident(kind.as_str()))?;
    let syn::Meta::List(list) = &attr.meta else {
        errors.add(
            attr.span(),
            format!("`#[{}]` needs a name and a struct", kind.as_str()),
            usage(kind),
        );
        return None;
    };
    let keys = if kind == RelationKind::ManyToMany {
        THROUGH
    } else {
        DIRECT
    };
    let mut args = Vec::new();
    let head = |input: ParseStream<'_>| {
        let name = syn::Ident::parse_any(input)?;
        input.parse::<syn::Token![:]>()?;
        let target: syn::Path = input.parse()?;
        if !input.is_empty() {
            input.parse::<syn::Token![,]>()?;
        }
        while !input.is_empty() {
            attr::arg(input, kind.as_str(), keys, &mut args, errors);
        }
        Ok((name, target))
    };
    match head.parse2(list.tokens.clone()) {
        Ok((name, target)) => {
            let relation = build(kind, attr.span(), &name, &target, &args, this, origin, errors)?;
            Some((relation, name))
        }
        Err(error) => {
            errors.syntax(&error, usage(kind));
            None
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one attribute")]
fn build(
    kind: RelationKind,
    span: Span,
    name: &syn::Ident,
    target: &syn::Path,
    args: &[Arg],
    this: &str,
    origin: &Origin,
    errors: &mut Sink,
) -> Option<RelationDecl> {
    let mut relation = RelationDecl {
        kind,
        name: origin.ident(name),
        target: origin.at(attr::segments(target), target.span()),
        key: Vec::new(),
        references: Vec::new(),
        through: None,
        target_key: Vec::new(),
    };
    for arg in args {
        match arg.key.as_str() {
            "key" if kind == RelationKind::BelongsTo => relation.key = arg.own_fields(origin, errors)?,
            "key" => relation.key = arg.fields(origin, errors)?,
            "references" if kind != RelationKind::BelongsTo => relation.references = arg.own_fields(origin, errors)?,
            "references" => relation.references = arg.fields(origin, errors)?,
            "target_key" => relation.target_key = arg.fields(origin, errors)?,
            _ => match arg.expr(errors)? {
                syn::Expr::Path(path) => relation.through = Some(origin.at(attr::segments(&path.path), path.span())),
                other => {
                    errors.add(
                        other.span(),
                        "`through` must name a struct",
                        "write `through = TaskLabel`",
                    );
                    return None;
                }
            },
        }
    }
    if kind == RelationKind::ManyToMany && relation.through.is_none() {
        errors.add(span, "`#[many_to_many(…)]` needs `through`", usage(kind));
        return None;
    }
    if kind == RelationKind::BelongsTo && relation.key.is_empty() {
        errors.mention(&syn::Ident::new(
            &format!("{}_id", snake_case(&relation.name)),
            name.span(),
        ));
    }
    conventional_keys(&mut relation, this, origin.at((), name.span()));
    Some(relation)
}

/// The keys that were not written are named after what they point to.
fn conventional_keys(relation: &mut RelationDecl, this: &str, at: At<()>) {
    let target = match relation.target.last().map(String::as_str) {
        Some("Self") | None => this.to_owned(),
        Some(target) => target.to_owned(),
    };
    let key = |of: &str| vec![At::new(format!("{}_id", snake_case(of)), at.place.clone())];
    if relation.key.is_empty() {
        relation.key = match relation.kind {
            RelationKind::BelongsTo => key(&relation.name.value),
            _ => key(this),
        };
    }
    if relation.kind == RelationKind::ManyToMany && relation.target_key.is_empty() {
        relation.target_key = key(&target);
    }
}
