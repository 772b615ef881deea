//! What older servers say in other words.

use super::node::Node;
use super::parse::parse;
use super::print::print;
use crate::ir::SqlType;

/// An expression in normal form, in the words that it has where `EXTRACT` and `date_part` are one function, which gives a
/// double precision. `None` where it has none of the two.
pub(in crate::dialect::postgres) fn as_before_14(sql: &str) -> Option<String> {
    if !sql.contains("date_part") && !sql.contains("EXTRACT") {
        return None;
    }
    Some(print(&told(parse(sql)?)))
}

fn told(node: Node) -> Node {
    match node.map(&mut told) {
        Node::Call { name, mut args } if name == ["date_part"] && matches!(args.as_slice(), [Node::Text(_), _]) => {
            let value = args.pop();
            match (args.pop(), value) {
                (Some(Node::Text(field)), Some(value)) => Node::Extract(field.to_lowercase(), Box::new(value)),
                _ => Node::Call { name, args },
            }
        }
        Node::Binary(op, left, right) if from_clock(&left) || from_clock(&right) => {
            Node::Binary(op, Box::new(number(*left)), Box::new(number(*right)))
        }
        Node::In { value, list, not } if from_clock(&value) => Node::In {
            value,
            list: list.into_iter().map(number).collect(),
            not,
        },
        other => other,
    }
}

/// Whether it is such a number, or calculated from one.
fn from_clock(node: &Node) -> bool {
    match node {
        Node::Extract(..) => true,
        Node::Binary(op, left, right) => {
            matches!(op.as_str(), "+" | "-" | "*" | "/" | "^") && (from_clock(left) || from_clock(right))
        }
        Node::Unary(_, inner) => from_clock(inner),
        _ => false,
    }
}

/// A number as it was before the server made it a double precision.
fn number(node: Node) -> Node {
    match node {
        Node::Cast(inner, SqlType::Float { double: true }) if matches!(*inner, Node::Number(_)) => *inner,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::as_before_14;

    #[test]
    fn extract_and_date_part_are_one() {
        for (sql, told) in [
            ("EXTRACT(year FROM day) > 2000", Some("EXTRACT(year FROM day) > 2000")),
            (
                "date_part('year', day) > 2000::double precision",
                Some("EXTRACT(year FROM day) > 2000"),
            ),
            (
                "date_part('Year', day) IN (1::double precision, 2)",
                Some("EXTRACT(year FROM day) IN (1, 2)"),
            ),
            (
                "2::double precision * date_part('hour', at) < 3",
                Some("2 * EXTRACT(hour FROM at) < 3"),
            ),
            ("n > 5::double precision", None),
            (
                "date_part(field, day) > 1::double precision",
                Some("date_part(field, day) > 1::double precision"),
            ),
        ] {
            assert_eq!(as_before_14(sql).as_deref(), told, "{sql}");
        }
    }
}
