//! Truth values as the server keeps them.

use super::{AND, Node, OR, Op, XOR, operator, opposite};

/// `in` with a single value is a comparison.
pub(super) fn one_of(left: Node, mut items: Vec<Node>, negated: bool) -> Node {
    match items.len() {
        1 => {
            let item = items.pop().expect("there is one");
            let op = operator(if negated { "<>" } else { "=" }).expect("it is in the table");
            Node::Binary(op, left.into(), item.into())
        }
        _ => Node::In(left.into(), items, negated),
    }
}

pub(super) fn binary(op: Op, left: Node, right: Node) -> Node {
    match op == AND || op == OR {
        true => Node::Binary(op, truth(left).into(), truth(right).into()),
        false => Node::Binary(op, left.into(), right.into()),
    }
}

/// A value where a truth value stands is compared with zero.
fn truth(node: Node) -> Node {
    match is_value(&node) {
        true => {
            let op = operator("<>").expect("it is in the table");
            Node::Binary(op, node.into(), Node::Atom("0".to_owned()).into())
        }
        false => node,
    }
}

/// Of what is not true or false, the server does this to columns alone.
fn is_value(node: &Node) -> bool {
    matches!(node, Node::Column(_))
}

/// The negation, pushed inwards as the server does.
pub(super) fn not(node: Node) -> Node {
    match node {
        Node::Binary(op, left, right) if op == AND || op == OR => {
            let op = if op == AND { OR } else { AND };
            Node::Binary(op, not(*left).into(), not(*right).into())
        }
        Node::Binary(op, left, right) if opposite(op).is_some() => {
            Node::Binary(opposite(op).expect("just looked"), left, right)
        }
        Node::Binary(op, left, right) if op == XOR => Node::Binary(op, not(*left).into(), right),
        Node::Is(inner, "null", negated) => Node::Is(inner, "null", !negated),
        Node::Between(inner, low, high, negated) => Node::Between(inner, low, high, !negated),
        Node::In(inner, items, negated) => Node::In(inner, items, !negated),
        Node::Like(inner, pattern, escape, negated) => Node::Like(inner, pattern, escape, !negated),
        Node::Not(inner) => truth(*inner),
        value if is_value(&value) => {
            let op = operator("=").expect("it is in the table");
            Node::Binary(op, value.into(), Node::Atom("0".to_owned()).into())
        }
        other => Node::Not(other.into()),
    }
}
