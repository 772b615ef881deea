//! Operators, and how they are named.

use super::DEFAULT_SCHEMA;
use crate::dialect::head::Head;
use crate::dialect::postgres::builtin;
use crate::dialect::postgres::syntax::ident;
use crate::ir::ObjectId;
use crate::lex::Lexis;

/// `schema.=== (integer, integer)`.
pub(super) fn named(id: &ObjectId) -> String {
    let schema = match &id.name.schema {
        Some(schema) => format!("{}.", ident(schema)),
        None if builtin::has(id.kind, &id.name.name) => format!("\"{DEFAULT_SCHEMA}\"."),
        None => String::new(),
    };
    let arguments = id.signature.as_deref().unwrap_or("NONE, NONE");
    format!("{schema}{} ({arguments})", id.name.name)
}

/// Whether an operator class came with a family of its own name.
pub(in crate::dialect::postgres) fn has_its_own_family(sql: &str) -> bool {
    let mut head = Head::new(sql, Lexis::POSTGRES, true);
    !head.skip_past("family")
}

/// The signs of an operator, with its schema, at the head of what follows `OPERATOR`.
pub(super) fn name(head: &mut Head<'_>) -> Option<(Option<String>, String)> {
    let mut schema = None;
    if head.tokens.get(head.at + 1).is_some_and(|token| token.text == ".") {
        schema = Some(head.tokens.get(head.at)?.text.trim_matches('"').to_owned());
        head.at += 2;
    }
    let mut name = String::new();
    while let Some(token) = head.tokens.get(head.at).filter(|token| token.text != "(") {
        name.push_str(token.text);
        head.at += 1;
    }
    (!name.is_empty()).then_some((schema, name))
}
