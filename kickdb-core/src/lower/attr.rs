use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;

use super::Origin;
use super::error::Sink;
use crate::decl::At;

/// A key that an attribute takes, and how it is written.
pub(super) type Key = (&'static str, &'static str);

/// One argument of an attribute: `word`, `word = value`, `word(…)` or `word: Type`.
pub(super) struct Arg {
    pub(super) key: String,
    pub(super) span: Span,
    pub(super) value: Value,
    /// How it is written, for the help of an error.
    usage: &'static str,
}

pub(super) enum Value {
    None,
    Expr(syn::Expr),
    Type(syn::Type),
    List(TokenStream, Span),
}

/// Reads the arguments of every attribute of that name. What is not among `keys`, is given twice or cannot be read is
/// reported and left out.
pub(super) fn args(attrs: &[syn::Attribute], name: &str, keys: &'static [Key], errors: &mut Sink) -> Vec<Arg> {
    let mut args: Vec<Arg> = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        one(attr, name, keys, &mut args, errors);
    }
    args
}

/// Reads the arguments of one attribute.
pub(super) fn one(attr: &syn::Attribute, name: &str, keys: &'static [Key], args: &mut Vec<Arg>, errors: &mut Sink) {
    match &attr.meta {
        syn::Meta::List(_) => {
            let read = |input: ParseStream<'_>| -> syn::Result<()> {
                while !input.is_empty() {
                    arg(input, name, keys, args, errors);
                }
                Ok(())
            };
            if let Err(error) = attr.parse_args_with(read) {
                errors.syntax(&error, name, format!("write `#[{name}({})]`", example(keys)));
            }
        }
        other => errors.add(
            other.span(),
            format!("`#[{name}]` needs its arguments in parentheses"),
            format!("write `#[{name}({})]`", example(keys)),
        ),
    }
}

fn example(keys: &[Key]) -> &'static str {
    keys.first().map_or("…", |(_, usage)| usage)
}

/// Reads one argument and the comma behind it; always moves on.
pub(super) fn arg(input: ParseStream<'_>, attr: &str, keys: &'static [Key], args: &mut Vec<Arg>, errors: &mut Sink) {
    let key = match syn::Ident::parse_any(input) {
        Ok(key) => key,
        Err(error) => {
            errors.add(
                error.span(),
                format!("`#[{attr}(…)]` takes words and `word = value`"),
                format!("write `#[{attr}({})]`", example(keys)),
            );
            skip(input);
            return;
        }
    };
    let name = key.unraw().to_string();
    let Some((_, usage)) = keys.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = keys.iter().map(|(known, _)| *known).collect();
        errors.unknown(
            key.span(),
            format!("unknown attribute `{name}` in `#[{attr}(…)]`"),
            &name,
            &known,
        );
        skip(input);
        return;
    };
    match value(input, &name) {
        Ok(value) if args.iter().any(|arg| arg.key == name) => {
            drop(value);
            errors.add(key.span(), format!("`{name}` is given twice"), "keep one of the two");
        }
        Ok(value) => args.push(Arg {
            key: name,
            span: key.span(),
            value,
            usage,
        }),
        Err(error) => errors.add(
            error.span(),
            format!("the value of `{name}` cannot be read: {error}"),
            format!("write `{usage}`"),
        ),
    }
    skip(input);
}

fn value(input: ParseStream<'_>, key: &str) -> syn::Result<Value> {
    if input.peek(syn::Token![=]) {
        input.parse::<syn::Token![=]>()?;
        return if key == "as" {
            input.parse().map(Value::Type)
        } else {
            input.parse().map(Value::Expr)
        };
    }
    if input.peek(syn::token::Paren) {
        let content;
        let paren = syn::parenthesized!(content in input);
        return Ok(Value::List(content.parse()?, paren.span.join()));
    }
    Ok(Value::None)
}

/// Moves behind the next comma.
pub(super) fn skip(input: ParseStream<'_>) {
    while !input.is_empty() {
        if input.peek(syn::Token![,]) {
            let _ = input.parse::<syn::Token![,]>();
            return;
        }
        let _ = input.parse::<proc_macro2::TokenTree>();
    }
}

impl Arg {
    fn wrong(&self, errors: &mut Sink, span: Span) {
        errors.add(
            span,
            format!("`{}` is not written like this", self.key),
            format!("write `{}`", self.usage),
        );
    }

    fn value_span(&self) -> Span {
        match &self.value {
            Value::None => self.span,
            Value::Expr(expr) => expr.span(),
            Value::Type(ty) => ty.span(),
            Value::List(_, span) => *span,
        }
    }

    /// A word without a value.
    pub(super) fn flag(&self, errors: &mut Sink) -> bool {
        if matches!(self.value, Value::None) {
            return true;
        }
        self.wrong(errors, self.value_span());
        false
    }

    /// `key = "text"`, not empty.
    pub(super) fn text(&self, origin: &Origin, errors: &mut Sink) -> Option<At<String>> {
        let Value::Expr(expr) = &self.value else {
            self.wrong(errors, self.value_span());
            return None;
        };
        let Some(text) = literal(expr) else {
            self.wrong(errors, expr.span());
            return None;
        };
        if text.is_empty() && !self.may_be_empty() || text.contains('\0') {
            errors.add(
                expr.span(),
                format!("`{}` is empty", self.key),
                format!("write `{}`, or leave it out", self.usage),
            );
            return None;
        }
        Some(origin.at(text, expr.span()))
    }

    /// A value of an enum may be the empty text, and a column of SQLite needs no type.
    fn may_be_empty(&self) -> bool {
        ["rename", "type"].contains(&self.key.as_str())
    }

    /// `key = word` or `key = "word"`.
    pub(super) fn word(&self, origin: &Origin, errors: &mut Sink) -> Option<At<String>> {
        let Value::Expr(expr) = &self.value else {
            self.wrong(errors, self.value_span());
            return None;
        };
        let word = match expr {
            syn::Expr::Path(path) => path.path.get_ident().map(|ident| ident.unraw().to_string()),
            other => literal(other),
        };
        if word.is_none() {
            self.wrong(errors, expr.span());
        }
        word.map(|word| origin.at(word, expr.span()))
    }

    /// `key = word`, one of those listed.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&'static str, T)], errors: &mut Sink) -> Option<T> {
        let word = self.word(&Origin::default(), errors)?;
        let found = choices.iter().find(|(name, _)| *name == *word).map(|(_, value)| *value);
        if found.is_none() {
            let accepted: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            errors.unknown(
                self.value_span(),
                format!("`{}` cannot be `{}`", self.key, *word),
                &word,
                &accepted,
            );
        }
        found
    }

    /// `key = expression`.
    pub(super) fn expr(&self, errors: &mut Sink) -> Option<&syn::Expr> {
        match &self.value {
            Value::Expr(expr) => Some(expr),
            _ => {
                self.wrong(errors, self.value_span());
                None
            }
        }
    }

    /// `key = Type`.
    pub(super) fn ty(&self, errors: &mut Sink) -> Option<&syn::Type> {
        match &self.value {
            Value::Type(ty) => Some(ty),
            _ => {
                self.wrong(errors, self.value_span());
                None
            }
        }
    }

    /// `key(a, b)`, or `key = a` for one: fields of the struct itself.
    pub(super) fn own_fields(&self, origin: &Origin, errors: &mut Sink) -> Option<Vec<At<String>>> {
        let idents = self.idents(errors)?;
        for ident in &idents {
            errors.mention(ident);
        }
        Some(idents.iter().map(|ident| origin.ident(ident)).collect())
    }

    /// The same as they are written.
    pub(super) fn idents(&self, errors: &mut Sink) -> Option<Vec<syn::Ident>> {
        let idents: Vec<syn::Ident> = match &self.value {
            Value::List(tokens, _) => {
                let read = |input: ParseStream<'_>| input.parse_terminated(syn::Ident::parse_any, syn::Token![,]);
                match read.parse2(tokens.clone()) {
                    Ok(idents) => idents.into_iter().collect(),
                    Err(error) => {
                        errors.syntax(&error, &self.key, format!("write `{}`", self.usage));
                        return None;
                    }
                }
            }
            Value::Expr(syn::Expr::Path(path)) => path.path.get_ident().cloned().into_iter().collect(),
            _ => Vec::new(),
        };
        if idents.is_empty() {
            self.wrong(errors, self.value_span());
            return None;
        }
        for (i, ident) in idents.iter().enumerate() {
            if idents[..i].contains(ident) {
                errors.add(
                    ident.span(),
                    format!("`{ident}` is named twice in `{}`", self.key),
                    "name each field once",
                );
            }
        }
        Some(idents)
    }

    /// The tokens of `key(…)`.
    pub(super) fn list(&self, errors: &mut Sink) -> Option<&TokenStream> {
        match &self.value {
            Value::List(tokens, _) => Some(tokens),
            _ => {
                self.wrong(errors, self.value_span());
                None
            }
        }
    }

    /// `key = path::Struct`.
    pub(super) fn path(&self, origin: &Origin, errors: &mut Sink) -> Option<At<Vec<String>>> {
        let path = match self.expr(errors)? {
            syn::Expr::Path(path) if path.qself.is_none() => origin.at(segments(&path.path), path.span()),
            other => {
                self.wrong(errors, other.span());
                return None;
            }
        };
        Some(path)
    }

    /// `key(path::Struct, Other)`.
    pub(super) fn paths(&self, origin: &Origin, errors: &mut Sink) -> Vec<At<Vec<String>>> {
        let Some(tokens) = self.list(errors) else {
            return Vec::new();
        };
        let read = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
        match read.parse2(tokens.clone()) {
            Ok(paths) => paths
                .iter()
                .map(|path| origin.at(segments(path), path.span()))
                .collect(),
            Err(error) => {
                errors.syntax(&error, &self.key, format!("write `{}`", self.usage));
                Vec::new()
            }
        }
    }

    /// `key = 12` or `key = -12`.
    pub(super) fn number(&self, errors: &mut Sink) -> Option<i64> {
        let expr = self.expr(errors)?;
        let read = match expr {
            syn::Expr::Unary(syn::ExprUnary {
                op: syn::UnOp::Neg(_),
                expr,
                ..
            }) => digits(expr).and_then(|digits| format!("-{digits}").parse().ok()),
            other => digits(other).and_then(|digits| digits.parse().ok()),
        };
        if read.is_none() {
            self.wrong(errors, expr.span());
        }
        read
    }

    /// `key(word, other = "value", "any name" = "value")`: options that one engine has, by their name in lower case.
    pub(super) fn options(&self, errors: &mut Sink) -> BTreeMap<String, String> {
        let mut options = BTreeMap::new();
        let Some(tokens) = self.list(errors) else {
            return options;
        };
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                let (name, span) = if input.peek(syn::LitStr) {
                    let name: syn::LitStr = input.parse()?;
                    (name.value(), name.span())
                } else {
                    let name = syn::Ident::parse_any(input)?;
                    (name.unraw().to_string(), name.span())
                };
                let value = if input.peek(syn::Token![=]) {
                    input.parse::<syn::Token![=]>()?;
                    input.parse::<syn::LitStr>()?.value()
                } else {
                    String::new()
                };
                if options.insert(name.clone(), value).is_some() {
                    errors.add(span, format!("`{name}` is given twice"), "keep one of the two");
                }
                if !input.is_empty() {
                    input.parse::<syn::Token![,]>()?;
                }
            }
            Ok(())
        };
        if let Err(error) = read.parse2(tokens.clone()) {
            errors.syntax(&error, &self.key, format!("write `{}`", self.usage));
        }
        options
    }

    pub(super) fn usage(&self) -> &'static str {
        self.usage
    }
}

fn digits(expr: &syn::Expr) -> Option<String> {
    match expr {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(number),
            ..
        }) => Some(number.base10_digits().to_owned()),
        syn::Expr::Group(group) => digits(&group.expr),
        _ => None,
    }
}

/// The text of a string literal.
pub(super) fn literal(expr: &syn::Expr) -> Option<String> {
    match expr {
        syn::Expr::Lit(lit) => match &lit.lit {
            syn::Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        syn::Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

/// A path as its segments.
pub(super) fn segments(path: &syn::Path) -> Vec<String> {
    path.segments
        .iter()
        .map(|segment| segment.ident.unraw().to_string())
        .collect()
}

/// The doc comment above an item, without the space that starts each line.
pub(super) fn docs(attrs: &[syn::Attribute]) -> Option<String> {
    let lines: Vec<String> = attrs
        .iter()
        .filter(|attr| attr.path().is_ident("doc"))
        .filter_map(|attr| match &attr.meta {
            syn::Meta::NameValue(meta) => literal(&meta.value),
            _ => None,
        })
        .flat_map(|text| text.split('\n').map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .collect();
    let text = lines.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}
