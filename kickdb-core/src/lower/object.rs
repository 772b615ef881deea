use syn::spanned::Spanned;

use super::error::Sink;
use super::{LowerErrors, Origin};
use crate::decl::{At, ObjectDecl, SqlText};

/// The attribute over a constant that holds SQL.
pub const OBJECT: &str = "db_object";

/// Lowers a constant with `#[db_object]`. `dialects` are the words in its parentheses.
///
/// # Errors
///
/// Every mistake in it.
pub fn object(item: &syn::ItemConst, dialects: &[syn::Ident], origin: &Origin) -> Result<ObjectDecl, LowerErrors> {
    let mut errors = Sink::default();
    let is_str = matches!(&*item.ty, syn::Type::Reference(ty)
        if matches!(&*ty.elem, syn::Type::Path(path) if path.path.is_ident("str")));
    if !is_str {
        errors.add(
            item.ty.span(),
            "`#[db_object]` stands over a constant of type `&str`",
            "write `const NAME: &str = \"CREATE VIEW …\";`",
        );
    }
    let mut decl = ObjectDecl {
        ident: origin.ident(&item.ident),
        module: origin.module.clone(),
        dialects: dialects.iter().map(|ident| origin.ident(ident)).collect(),
        ..ObjectDecl::default()
    };
    match text(&item.expr) {
        Some(text) => decl.sql = At::new(text, origin.place(item.expr.span())),
        None => errors.add(
            item.expr.span(),
            "the SQL of an object is read from the source alone",
            "write the text in quotes, or `include_str!(\"file.sql\")`",
        ),
    }
    errors.or(decl)
}

fn text(expr: &syn::Expr) -> Option<SqlText> {
    match expr {
        syn::Expr::Lit(lit) => literal(&lit.lit).map(SqlText::Text),
        syn::Expr::Paren(inner) => text(&inner.expr),
        syn::Expr::Group(inner) => text(&inner.expr),
        syn::Expr::Macro(call) if call.mac.path.is_ident("include_str") => {
            let path = call.mac.parse_body::<syn::Lit>().ok()?;
            literal(&path).map(SqlText::File)
        }
        _ => None,
    }
}

fn literal(lit: &syn::Lit) -> Option<String> {
    match lit {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// The words in the parentheses of the attribute over a constant; `None` where it is not there.
#[must_use]
pub fn object_dialects(attrs: &[syn::Attribute]) -> Option<syn::Result<Vec<syn::Ident>>> {
    let is_object = |attr: &&syn::Attribute| {
        let last = attr.path().segments.last();
        last.is_some_and(|segment| segment.ident == OBJECT)
    };
    let attr = attrs.iter().find(is_object)?;
    Some(match &attr.meta {
        syn::Meta::Path(_) => Ok(Vec::new()),
        _ => attr
            .parse_args_with(syn::punctuated::Punctuated::<syn::Ident, syn::Token![,]>::parse_terminated)
            .map(|words| words.into_iter().collect()),
    })
}
