//! Expressions: as DDL writes them, and in their one normal form.

mod kinds;
mod moment;
mod node;
mod older;
mod parse;
mod print;
mod rules;
#[cfg(test)]
mod tests;
mod value;

pub(super) use self::older::as_before_14;
pub(super) use self::rules::Place;
use super::syntax::{bare, literal};
use super::tokens::{Token, tokenize};
use crate::ir::{Expr, SqlType};

/// The normal form of a check, a predicate or what is computed.
pub(super) fn normalize(expr: &Expr, place: Place<'_>) -> Expr {
    let Expr::Sql(text) = expr else { return expr.clone() };
    match parse::parse(text) {
        Some(node) => value::from_node(rules::simplify(node, place), None),
        None => Expr::Sql(tidy(text)),
    }
}

/// The normal form of a column's default.
pub(super) fn normalize_default(expr: &Expr, ty: &SqlType) -> Expr {
    let Expr::Sql(text) = expr else {
        return value::of_type(expr.clone(), ty);
    };
    let place = Place {
        table: "",
        columns: &|_| None,
    };
    match parse::parse(text) {
        Some(node) => value::of_type(value::from_node(rules::simplify(node, place), Some(ty)), ty),
        None => Expr::Sql(tidy(text)),
    }
}

/// `RANGE (…)`, `LIST (…)` or `HASH (…)`, as the server prints it.
pub(super) fn partition_key(sql: &str) -> String {
    let text = tidy(sql);
    match text.split_once([' ', '(']) {
        Some((method, _)) => {
            let columns = &text[method.len()..];
            format!("{} {}", method.to_uppercase(), columns.trim_start())
        }
        None => text,
    }
}

/// `FOR VALUES …` or `DEFAULT`, as the server prints it.
pub(super) fn bound(sql: &str) -> String {
    const WORDS: &[&str] = &[
        "default", "for", "from", "in", "maxvalue", "minvalue", "null", "to", "values", "with",
    ];
    let Some(tokens) = tokenize(sql) else {
        return sql.trim().to_owned();
    };
    let tokens: Vec<Token> = tokens
        .into_iter()
        .map(|token| match token {
            Token::Word(word) if WORDS.contains(&word.as_str()) => Token::Word(word.to_uppercase()),
            other => other,
        })
        .collect();
    spaced(&tokens)
}

/// What cannot be read as a tree, with its words and its white space in one form.
fn tidy(sql: &str) -> String {
    match tokenize(sql) {
        Some(tokens) => spaced(&tokens),
        None => sql.trim().to_owned(),
    }
}

fn spaced(tokens: &[Token]) -> String {
    let mut text = String::new();
    let mut tight = true;
    for token in tokens {
        let closes =
            matches!(token, Token::Mark(')' | ']' | ',' | '.' | ';')) || matches!(token, Token::Op(op) if op == "::");
        if !tight && !closes {
            text.push(' ');
        }
        match token {
            Token::Word(word) | Token::Number(word) | Token::Bits(word) | Token::Op(word) => text.push_str(word),
            Token::Quoted(name) => text.push_str(&bare(name)),
            Token::Text(value) => text.push_str(&literal(value)),
            Token::Mark(mark) => text.push(*mark),
        }
        tight = matches!(token, Token::Mark('(' | '[' | '.' | '$')) || matches!(token, Token::Op(op) if op == "::");
    }
    text
}

/// The expression as SQL.
pub(super) fn sql(expr: &Expr) -> String {
    match expr {
        Expr::Null => "NULL".into(),
        Expr::Bool(value) => value.to_string(),
        Expr::Int(value) => value.to_string(),
        Expr::Text(text) => literal(text),
        Expr::Now => "now()".into(),
        Expr::NewUuid => "gen_random_uuid()".into(),
        Expr::EmptyArray => "'{}'".into(),
        Expr::Sql(sql) => sql.clone(),
    }
}

/// The expression as `DEFAULT` takes it: what is more than one operand stands in parentheses, because the grammar allows no
/// `IN`, `IS`, `AND` there.
pub(super) fn operand(expr: &Expr) -> String {
    match expr {
        Expr::Sql(text) if !is_operand(text) => format!("({text})"),
        other => sql(other),
    }
}

/// One literal, word, call or parenthesis, with casts behind it.
fn is_operand(sql: &str) -> bool {
    let Some(tokens) = tokenize(sql) else { return false };
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Mark('(' | '[') => depth += 1,
            Token::Mark(')' | ']') => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            Token::Op(op) if op == "::" || (op == "-" && at == 0) => {}
            Token::Op(_) => return false,
            // A second operand behind the first one, without an operator sign: `a IS NULL`.
            Token::Word(_) if at > 0 && !matches!(tokens[at - 1], Token::Op(_) | Token::Mark('.')) => return false,
            _ => {}
        }
    }
    true
}
