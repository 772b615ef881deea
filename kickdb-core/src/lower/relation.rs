use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;

use super::Origin;
use super::attr::{self, Arg, Key};
use super::error::{Link, Sink};
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
    let syn::Meta::List(_) = &attr.meta else {
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
    match attr.parse_args_with(head) {
        Ok((name, target)) => {
            let relation = build(kind, attr.span(), &name, &target, &args, this, origin, errors)?;
            Some((relation, name))
        }
        Err(error) => {
            errors.syntax(&error, kind.as_str(), usage(kind));
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
    let (mut key, mut references, mut target_key, mut through) = (Vec::new(), Vec::new(), Vec::new(), None);
    for arg in args {
        match arg.key.as_str() {
            "key" => key = arg.idents(errors)?,
            "references" => references = arg.idents(errors)?,
            "target_key" => target_key = arg.idents(errors)?,
            _ => match arg.expr(errors)? {
                syn::Expr::Path(path) => through = Some(path.path.clone()),
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
    // A key that is not written is named after what it points to.
    let conventional = |of: &str| vec![syn::Ident::new(&format!("{}_id", snake_case(of)), name.span())];
    let target_name = target.segments.last().map(|last| last.ident.to_string());
    let target_name = target_name
        .filter(|last| last != "Self")
        .unwrap_or_else(|| this.to_owned());
    if key.is_empty() {
        key = match kind {
            RelationKind::BelongsTo => conventional(&name.unraw().to_string()),
            _ => conventional(this),
        };
    }
    if kind == RelationKind::ManyToMany {
        if through.is_none() {
            errors.add(span, "`#[many_to_many(…)]` needs `through`", usage(kind));
        }
        if target_key.is_empty() {
            target_key = conventional(&target_name);
        }
    }
    link(kind, target, through.as_ref(), &key, &references, &target_key, errors);
    let fields =
        |idents: &[syn::Ident]| -> Vec<At<String>> { idents.iter().map(|ident| origin.ident(ident)).collect() };
    Some(RelationDecl {
        kind,
        name: origin.ident(name),
        target: origin.at(attr::segments(target), target.span()),
        key: fields(&key),
        references: fields(&references),
        through: through.map(|path| origin.at(attr::segments(&path), path.span())),
        target_key: fields(&target_key),
    })
}

/// What the relation says of this struct and of the others.
fn link(
    kind: RelationKind,
    target: &syn::Path,
    through: Option<&syn::Path>,
    key: &[syn::Ident],
    references: &[syn::Ident],
    target_key: &[syn::Ident],
    errors: &mut Sink,
) {
    let mut says = |own: &[syn::Ident], target: &syn::Path, fields: &[syn::Ident]| {
        errors.links.push(Link {
            own: own.to_vec(),
            target: target.clone(),
            fields: fields.to_vec(),
        });
    };
    match (kind, through) {
        (RelationKind::ManyToMany, Some(through)) => {
            says(&[], through, key);
            says(&[], through, target_key);
            says(&[], target, &[]);
        }
        (RelationKind::BelongsTo, _) => says(key, target, references),
        _ => says(references, target, key),
    }
    let own = if kind == RelationKind::BelongsTo {
        key
    } else {
        references
    };
    for field in own {
        errors.mention(field);
    }
}
