//! A tree to SQL, with as few parentheses as it can be read back with.

use super::node::{Node, binding};
use crate::dialect::Types;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::syntax::{bare, literal};

/// Functions that are grammar, called without quotes although their names are reserved.
const GRAMMAR: &[&str] = &["coalesce", "greatest", "least", "nullif", "substring", "left", "right"];

pub(super) fn print(node: &Node) -> String {
    at(node, 0)
}

/// In parentheses where it binds less tightly than `min`.
fn at(node: &Node, min: u8) -> String {
    let (text, power) = plain(node);
    if power < min { format!("({text})") } else { text }
}

fn list(nodes: &[Node]) -> String {
    nodes.iter().map(print).collect::<Vec<_>>().join(", ")
}

fn plain(node: &Node) -> (String, u8) {
    let atom = |text: String| (text, binding::ATOM);
    match node {
        Node::Null => atom("NULL".into()),
        Node::Bool(value) => atom(value.to_string()),
        Node::Number(text) => (
            text.clone(),
            if text.starts_with('-') {
                binding::SIGN
            } else {
                binding::ATOM
            },
        ),
        Node::Text(text) => atom(literal(text)),
        Node::Bits(text) | Node::Keyword(text) => atom(text.clone()),
        Node::Column(path) => atom(dotted(path)),
        Node::Call { name, args } => atom(call(name, args)),
        Node::Cast(inner, ty) => {
            let ty = Postgres.format(ty).unwrap_or_else(|error| error.ty);
            (format!("{}::{ty}", at(inner, binding::CAST)), binding::CAST)
        }
        Node::Unary(op, inner) if op == "-" => (format!("-{}", at(inner, binding::ATOM)), binding::SIGN),
        Node::Unary(op, inner) => (format!("{op} {}", at(inner, binding::OTHER + 1)), binding::OTHER),
        Node::Binary(op, left, right) => binary(op, left, right),
        Node::And(nodes) => (chain(nodes, " AND "), binding::AND),
        Node::Or(nodes) => (chain(nodes, " OR "), binding::OR),
        Node::Not(inner) => (format!("NOT {}", at(inner, binding::CAST)), binding::NOT),
        Node::Is(inner, what) => (format!("{} {what}", at(inner, binding::LIKE)), binding::IS),
        Node::Distinct { left, right, not } => {
            let word = if *not {
                "IS NOT DISTINCT FROM"
            } else {
                "IS DISTINCT FROM"
            };
            (
                format!("{} {word} {}", at(left, binding::LIKE), at(right, binding::LIKE)),
                binding::IS,
            )
        }
        Node::In {
            value,
            list: nodes,
            not,
        } => {
            let word = if *not { "NOT IN" } else { "IN" };
            (
                format!("{} {word} ({})", at(value, binding::OTHER), list(nodes)),
                binding::LIKE,
            )
        }
        Node::Like { value, pattern, word } => (
            format!("{} {word} {}", at(value, binding::OTHER), at(pattern, binding::OTHER)),
            binding::LIKE,
        ),
        Node::Between { value, low, high, not } => {
            let word = if *not { "NOT BETWEEN" } else { "BETWEEN" };
            let [value, low, high] = [value, low, high].map(|node| at(node, binding::OTHER));
            (format!("{value} {word} {low} AND {high}"), binding::LIKE)
        }
        Node::Quantified { value, op, all, array } => {
            let word = if *all { "ALL" } else { "ANY" };
            (
                format!("{} {op} {word} ({})", at(value, binding::of(op) + 1), print(array)),
                binding::of(op),
            )
        }
        Node::Array(nodes) => atom(format!("ARRAY[{}]", list(nodes))),
        Node::Row(nodes) => atom(format!("ROW({})", list(nodes))),
        Node::Case {
            operand,
            branches,
            otherwise,
        } => atom(case(operand.as_deref(), branches, otherwise.as_deref())),
        Node::Subscript(inner, index) => (format!("{}[{}]", at(inner, binding::ATOM), print(index)), binding::ATOM),
        Node::Field(inner, field) => atom(format!("({}).{}", print(inner), bare(field))),
        Node::Collate(inner, name) => (
            format!("{} COLLATE {}", at(inner, binding::COLLATE), dotted(name)),
            binding::COLLATE,
        ),
        Node::Zone(inner, zone) => (
            format!(
                "{} AT TIME ZONE {}",
                at(inner, binding::ZONE),
                at(zone, binding::ZONE + 1)
            ),
            binding::ZONE,
        ),
        Node::Extract(field, inner) => atom(format!("EXTRACT({field} FROM {})", print(inner))),
    }
}

fn binary(op: &str, left: &Node, right: &Node) -> (String, u8) {
    let power = binding::of(op);
    // Comparisons do not chain.
    let least = if power == binding::COMPARISON { power + 1 } else { power };
    (format!("{} {op} {}", at(left, least), at(right, power + 1)), power)
}

/// Each operand that is itself AND, OR or NOT stands in parentheses, for the reader.
fn chain(nodes: &[Node], word: &str) -> String {
    nodes
        .iter()
        .map(|node| at(node, binding::IS))
        .collect::<Vec<_>>()
        .join(word)
}

fn dotted(path: &[String]) -> String {
    path.iter().map(|part| bare(part)).collect::<Vec<_>>().join(".")
}

fn call(name: &[String], args: &[Node]) -> String {
    let name = match name {
        [one] if GRAMMAR.contains(&one.as_str()) => one.clone(),
        path => dotted(path),
    };
    format!("{name}({})", list(args))
}

fn case(operand: Option<&Node>, branches: &[(Node, Node)], otherwise: Option<&Node>) -> String {
    let mut text = "CASE".to_owned();
    if let Some(operand) = operand {
        text.push_str(&format!(" {}", print(operand)));
    }
    for (when, then) in branches {
        text.push_str(&format!(" WHEN {} THEN {}", print(when), print(then)));
    }
    if let Some(otherwise) = otherwise {
        text.push_str(&format!(" ELSE {}", print(otherwise)));
    }
    text.push_str(" END");
    text
}
