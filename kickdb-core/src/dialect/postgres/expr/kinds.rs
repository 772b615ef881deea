//! The types of expressions, as far as they can be told without the catalog.

use super::node::Node;
use crate::dialect::postgres::types::element;
use crate::ir::{IntBits, SqlType};

/// Where the types of columns come from.
pub(in crate::dialect::postgres) type Columns<'a> = &'a dyn Fn(&str) -> Option<SqlType>;

pub(super) const INTEGER: SqlType = SqlType::Int {
    bits: IntBits::B32,
    unsigned: false,
};
const BIGINT: SqlType = SqlType::Int {
    bits: IntBits::B64,
    unsigned: false,
};
const INSTANT: SqlType = SqlType::Timestamp {
    precision: None,
    zoned: true,
};

/// The type without its length or precision, and without the schema of its extension; texts of every kind are one.
pub(super) fn base(ty: &SqlType) -> SqlType {
    match ty {
        SqlType::Varchar(_) => SqlType::Text,
        SqlType::Native(text) if &**text == "varchar" => SqlType::Text,
        SqlType::Char(_) => SqlType::Native("bpchar".into()),
        SqlType::Decimal(_) => SqlType::Decimal(None),
        SqlType::Time { .. } => SqlType::Time { precision: None },
        SqlType::Timestamp { zoned, .. } => SqlType::Timestamp {
            precision: None,
            zoned: *zoned,
        },
        SqlType::Array(inner) => SqlType::Array(Box::new(base(element(inner)))),
        SqlType::Native(text) => SqlType::Native(text.rsplit('.').next().unwrap_or(text).into()),
        other => other.clone(),
    }
}

/// Where a number stands in the order in which numbers are promoted.
pub(super) fn rank(ty: &SqlType) -> Option<u8> {
    Some(match ty {
        SqlType::Int { bits, .. } => *bits as u8,
        SqlType::Decimal(_) => 10,
        SqlType::Float { double: false } => 11,
        SqlType::Float { double: true } => 12,
        _ => return None,
    })
}

/// The type of a number as it is written.
pub(super) fn number(text: &str) -> SqlType {
    match text.parse::<i64>() {
        Ok(value) if i32::try_from(value).is_ok() => INTEGER,
        Ok(_) => BIGINT,
        Err(_) => SqlType::Decimal(None),
    }
}

/// The type of an expression; a text literal has none of its own.
pub(super) fn of(node: &Node, columns: Columns<'_>) -> Option<SqlType> {
    let first = |nodes: &[Node]| nodes.iter().find_map(|node| of(node, columns));
    match node {
        Node::Bool(_) | Node::And(_) | Node::Or(_) | Node::Not(_) | Node::Is(..) | Node::Distinct { .. } => {
            Some(SqlType::Bool)
        }
        Node::In { .. } | Node::Like { .. } | Node::Quantified { .. } | Node::Between { .. } => Some(SqlType::Bool),
        Node::Number(text) => Some(number(text)),
        Node::Column(path) => path.last().and_then(|name| columns(name)).map(|ty| base(&ty)),
        Node::Cast(_, ty) => Some(base(ty)),
        Node::Unary(op, inner) if op == "-" => of(inner, columns),
        Node::Binary(op, left, right) => binary(op, of(left, columns), of(right, columns)),
        Node::Keyword(word) if word == "CURRENT_DATE" => Some(SqlType::Date),
        Node::Case {
            branches, otherwise, ..
        } => {
            let results = branches.iter().map(|(_, then)| then).chain(otherwise.as_deref());
            results.into_iter().find_map(|node| of(node, columns))
        }
        Node::Collate(inner, _) => of(inner, columns),
        // PostgreSQL 14 and later.
        Node::Extract(..) => Some(SqlType::Decimal(None)),
        Node::Subscript(inner, _) => match of(inner, columns)? {
            SqlType::Array(inner) => Some(*inner),
            other => Some(other),
        },
        Node::Zone(inner, _) => match of(inner, columns)? {
            SqlType::Timestamp { zoned, .. } => Some(SqlType::Timestamp {
                precision: None,
                zoned: !zoned,
            }),
            _ => None,
        },
        Node::Call { args, .. } => match node.called()?.0 {
            "lower" | "upper" | "btrim" | "ltrim" | "rtrim" | "concat" | "left" | "right" | "substring" | "replace"
            | "md5" | "initcap" | "to_char" | "regexp_replace" | "split_part" | "format" => Some(SqlType::Text),
            "length" | "char_length" | "octet_length" | "cardinality" | "array_length" | "strpos" => Some(INTEGER),
            "now" => Some(INSTANT),
            "abs" | "coalesce" | "greatest" | "least" | "nullif" => first(args),
            "date_trunc" => args.get(1).and_then(|node| of(node, columns)),
            _ => None,
        },
        _ => None,
    }
}

fn binary(op: &str, left: Option<SqlType>, right: Option<SqlType>) -> Option<SqlType> {
    match op {
        "=" | "<>" | "<" | ">" | "<=" | ">=" => Some(SqlType::Bool),
        "||" => left.or(right),
        "->>" | "#>>" => Some(SqlType::Text),
        "->" | "#>" => left,
        "+" | "-" | "*" | "/" | "%" => {
            let (left, right) = (left?, right?);
            match (rank(&left)?, rank(&right)?) {
                (l, r) if l >= r => Some(left),
                _ => Some(right),
            }
        }
        _ => None,
    }
}
