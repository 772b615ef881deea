//! Trees that are plain values.

use super::kinds::{base, rank};
use super::moment;
use super::node::Node;
use super::print::print;
use super::rules::is_number;
use crate::ir::{Expr, SqlType};

/// The expression that a tree stands for; `target` is the type of the column that takes it.
pub(super) fn from_node(node: Node, target: Option<&SqlType>) -> Expr {
    match node {
        // The server casts a default to its column's type, and prints the cast of a literal.
        Node::Cast(inner, ty) if target.is_some_and(|target| base(target) == base(&ty)) && inner.is_literal() => {
            from_node(*inner, target)
        }
        Node::Cast(inner, _) if target.is_some() && *inner == Node::Null => Expr::Null,
        Node::Cast(inner, ty) if is_empty(&inner) && matches!(ty, SqlType::Array(_)) => Expr::EmptyArray,
        Node::Null => Expr::Null,
        Node::Bool(value) => Expr::Bool(value),
        Node::Number(text) => match text.parse() {
            Ok(value) => Expr::Int(value),
            Err(_) => Expr::Sql(text),
        },
        Node::Text(text) => Expr::Text(text),
        node => match node.called() {
            Some(("now", [])) => Expr::Now,
            Some(("gen_random_uuid", [])) => Expr::NewUuid,
            _ => Expr::Sql(print(&node)),
        },
    }
}

fn is_empty(node: &Node) -> bool {
    match node {
        Node::Text(text) => text == "{}",
        Node::Array(nodes) => nodes.is_empty(),
        _ => false,
    }
}

/// A default as its column's type reads it: the server parses literals once, and prints what it has understood.
pub(super) fn of_type(expr: Expr, ty: &SqlType) -> Expr {
    match (expr, ty) {
        (Expr::Text(text), SqlType::Bool) => match text.to_ascii_lowercase().as_str() {
            "t" | "true" | "yes" | "on" | "1" | "y" => Expr::Bool(true),
            "f" | "false" | "no" | "off" | "0" | "n" => Expr::Bool(false),
            _ => Expr::Text(text),
        },
        (Expr::Text(text), ty) if rank(ty).is_some() && is_number(&text) => match text.parse() {
            Ok(value) => Expr::Int(value),
            Err(_) => Expr::Sql(text),
        },
        (Expr::Text(text), SqlType::Array(_)) if text == "{}" => Expr::EmptyArray,
        (Expr::Text(text), SqlType::Json { binary: true }) => Expr::Text(jsonb(&text).unwrap_or(text)),
        (Expr::EmptyArray, SqlType::Json { .. }) => Expr::Text("[]".into()),
        (Expr::Text(text), SqlType::Date | SqlType::Timestamp { .. } | SqlType::Interval) => {
            Expr::Text(moment::canonical(&text, ty).unwrap_or(text))
        }
        (Expr::Text(text), SqlType::Uuid) => Expr::Text(text.to_ascii_lowercase()),
        (expr, _) => expr,
    }
}

/// A document as `jsonb` prints it. One with fractions stays as it is written: they are kept digit by digit.
fn jsonb(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut out = String::new();
    write_jsonb(&value, &mut out)?;
    Some(out)
}

fn write_jsonb(value: &serde_json::Value, out: &mut String) -> Option<()> {
    use serde_json::Value;
    match value {
        Value::Number(number) if number.is_f64() => return None,
        Value::Array(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write_jsonb(value, out)?;
            }
            out.push(']');
        }
        Value::Object(values) => {
            // Shorter keys first, then byte by byte.
            let mut keys: Vec<&String> = values.keys().collect();
            keys.sort_by_key(|key| (key.len(), key.as_bytes()));
            out.push('{');
            for (at, key) in keys.into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                out.push_str(&Value::String(key.clone()).to_string());
                out.push_str(": ");
                write_jsonb(&values[key], out)?;
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
    Some(())
}
