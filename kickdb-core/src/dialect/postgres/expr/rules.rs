//! The rules by which what the user writes and what the catalog prints become the same tree.
//!
//! Each rule keeps the meaning, because the result is also what DDL says. A cast goes only where the server would put the
//! same one there by itself.

use super::kinds::{self, Columns, base, of, rank};
use super::moment;
use super::node::Node;
use crate::dialect::postgres::extension::is_elsewhere;
use crate::ir::SqlType;

/// What the rules must know of where the expression stands.
#[derive(Clone, Copy)]
pub(in crate::dialect::postgres) struct Place<'a> {
    /// The table, whose name before a column says nothing.
    pub(in crate::dialect::postgres) table: &'a str,
    pub(in crate::dialect::postgres) columns: Columns<'a>,
}

/// Brings the operands into normal form, then the node itself.
pub(super) fn simplify(node: Node, place: Place<'_>) -> Node {
    let node = node.map(&mut |operand| simplify(operand, place));
    match node {
        Node::Column(mut path) if path.len() == 2 && path[0] == place.table => Node::Column(vec![path.remove(1)]),
        Node::Cast(inner, ty) => cast(*inner, ty, place),
        Node::And(nodes) => Node::And(flat(nodes, |node| match node {
            Node::And(inner) => Ok(inner),
            other => Err(other),
        })),
        Node::Or(nodes) => Node::Or(flat(nodes, |node| match node {
            Node::Or(inner) => Ok(inner),
            other => Err(other),
        })),
        Node::Not(inner) => match *inner {
            Node::Distinct {
                left,
                right,
                not: false,
            } => Node::Distinct { left, right, not: true },
            other => Node::Not(Box::new(other)),
        },
        Node::Distinct {
            mut left,
            mut right,
            not,
        } => {
            agree(&mut [&mut left, &mut right], place);
            Node::Distinct { left, right, not }
        }
        Node::Binary(op, left, right) => binary(op, left, right, place),
        Node::Quantified { value, op, all, array } => quantified(value, op, all, *array, place),
        Node::In { value, list, not } => within(value, list, not, place),
        Node::Between { value, low, high, not } => {
            let compare = |op: &str, bound| binary(op.into(), value.clone(), bound, place);
            match not {
                false => Node::And(vec![compare(">=", low), compare("<=", high)]),
                true => Node::Or(vec![compare("<", low), compare(">", high)]),
            }
        }
        Node::Call { name, args } => call(name, args, place),
        Node::Case {
            operand,
            branches,
            otherwise,
        } => case(operand, branches, otherwise, place),
        other => other,
    }
}

fn flat(nodes: Vec<Node>, open: impl Fn(Node) -> Result<Vec<Node>, Node>) -> Vec<Node> {
    nodes
        .into_iter()
        .flat_map(|node| match open(node) {
            Ok(inner) => inner,
            Err(node) => vec![node],
        })
        .collect()
}

/// A cast that says what is so without it.
fn cast(inner: Node, ty: SqlType, place: Place<'_>) -> Node {
    let is_text = |ty: &SqlType| *ty == SqlType::Text || *ty == SqlType::Native("varchar".into());
    let keep = |inner: Node, ty: SqlType| Node::Cast(Box::new(inner), ty);
    match inner {
        // A literal next to nothing that has a type is taken for a text.
        Node::Text(text) if is_text(&ty) => Node::Text(text),
        Node::Text(text) if ty == SqlType::Bool => match text.as_str() {
            "t" | "true" => Node::Bool(true),
            "f" | "false" => Node::Bool(false),
            _ => keep(Node::Text(text), ty),
        },
        // The server prints negative numbers as `'-1'::integer`.
        Node::Text(text) if rank(&ty).is_some() && is_number(&text) => cast(Node::Number(text), ty, place),
        Node::Number(text) if kinds::number(&text) == ty => Node::Number(text),
        Node::Array(nodes) if nodes.iter().all(|node| matches!(node, Node::Text(_))) && !nodes.is_empty() => {
            match &ty {
                SqlType::Array(element) if is_text(element) => Node::Array(nodes),
                _ => keep(Node::Array(nodes), ty),
            }
        }
        Node::Text(text) => keep(Node::Text(moment::canonical(&text, &ty).unwrap_or(text)), ty),
        inner if inner.is_literal() => keep(inner, ty),
        inner => {
            let here = of(&inner, place.columns);
            // A blank-padded text loses its blanks on the way to another text, so that cast stays.
            match here {
                Some(here) if here == ty || (here == SqlType::Text && is_text(&ty)) => inner,
                _ => keep(inner, ty),
            }
        }
    }
}

/// A number as SQL writes it, with a sign at most before it.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1
        && !digits.ends_with('.')
}

fn binary(op: String, mut left: Box<Node>, mut right: Box<Node>, place: Place<'_>) -> Node {
    match op.as_str() {
        "#>" | "#>>" | "#-" => {
            if let Node::Cast(inner, SqlType::Array(_)) = &*right
                && matches!(**inner, Node::Text(_))
            {
                right = inner.clone();
            }
        }
        "||" => {
            let list = |node: &Node| matches!(of(node, place.columns), Some(SqlType::Array(_)));
            let (left_list, right_list) = (list(&left), list(&right));
            if right_list {
                say_text(&mut left);
            }
            if left_list {
                say_text(&mut right);
            }
        }
        "->" | "->>" | "?" | "?|" | "?&" => {}
        _ => agree(&mut [&mut left, &mut right], place),
    }
    Node::Binary(op, left, right)
}

/// Beside a list a text without a type is read as a list, so one that is an element says what it is.
fn say_text(node: &mut Node) {
    if let Node::Text(text) = node
        && !text.starts_with('{')
    {
        *node = Node::Cast(Box::new(Node::Text(std::mem::take(text))), SqlType::Text);
    }
}

/// Takes casts from operands that the server brings to one type anyway: from literals, whose type is then that of the others,
/// and from numbers that are promoted.
fn agree(nodes: &mut [&mut Node], place: Place<'_>) {
    let Some((giver, sure)) = sure(nodes, place) else {
        return;
    };
    for (at, node) in nodes.iter_mut().enumerate() {
        if at == giver {
            continue;
        }
        if let Node::Cast(inner, ty) = &**node
            && agrees(inner, ty, &sure, place)
        {
            let inner = (**inner).clone();
            **node = inner;
        }
        if let Node::Text(text) = &mut **node
            && let Some(canonical) = moment::canonical(text, &sure)
        {
            *text = canonical;
        }
    }
}

/// The type that the operands are brought to, and the operand that it is known from.
fn sure(nodes: &[&mut Node], place: Place<'_>) -> Option<(usize, SqlType)> {
    let promoted = |node: &Node| matches!(node, Node::Cast(_, ty) if rank(ty).is_some());
    let first = |fits: &dyn Fn(&Node) -> bool| {
        let found = nodes.iter().enumerate().find(|(_, node)| fits(node));
        found.and_then(|(at, node)| of(node, place.columns).map(|ty| (at, ty)))
    };
    // One that stands there by itself, then a number, and only then a cast, which may have been put there for the others.
    first(&|node| !node.is_literal() && !promoted(node))
        .or_else(|| first(&|node| matches!(node, Node::Number(_))))
        .or_else(|| first(&|node| !node.is_literal()))
}

/// A text literal takes any type; a number only becomes a wider one by itself, and `real` none: beside it the server counts
/// in `double precision`.
fn agrees(inner: &Node, ty: &SqlType, sure: &SqlType, place: Place<'_>) -> bool {
    let same = (*ty == base(ty) || is_elsewhere(ty, sure)) && base(ty) == *sure;
    let own = match inner {
        Node::Text(_) => return same,
        Node::Number(_) if matches!((sure, ty), (SqlType::Float { .. }, SqlType::Float { double: true })) => {
            return true;
        }
        _ => of(inner, place.columns),
    };
    match (own.as_ref().and_then(rank), rank(ty)) {
        (Some(from), Some(to)) => same && from < to && *ty != SqlType::Float { double: false },
        _ => false,
    }
}

/// `= ANY (ARRAY[…])` is how `IN (…)` is kept.
fn quantified(value: Box<Node>, op: String, all: bool, array: Node, place: Place<'_>) -> Node {
    let array = match array {
        Node::Cast(inner, ty) if matches!(*inner, Node::Array(_)) => {
            let text = matches!(&ty, SqlType::Array(element) if base(element) == SqlType::Text);
            if text { *inner } else { Node::Cast(inner, ty) }
        }
        other => other,
    };
    match (op.as_str(), all, array) {
        ("=", false, Node::Array(list)) if !list.is_empty() => within(value, list, false, place),
        ("<>", true, Node::Array(list)) if !list.is_empty() => within(value, list, true, place),
        (_, all, array) => Node::Quantified {
            value,
            op,
            all,
            array: Box::new(array),
        },
    }
}

fn within(value: Box<Node>, mut list: Vec<Node>, not: bool, place: Place<'_>) -> Node {
    let mut value = value;
    if let [_] = list.as_slice() {
        let op = if not { "<>" } else { "=" };
        return binary(op.into(), value, Box::new(list.remove(0)), place);
    }
    let mut all: Vec<&mut Node> = list.iter_mut().collect();
    all.insert(0, &mut value);
    agree(&mut all, place);
    Node::In { value, list, not }
}

fn call(name: Vec<String>, mut args: Vec<Node>, place: Place<'_>) -> Node {
    let name = match name.as_slice() {
        [schema, bare] if schema == "pg_catalog" => vec![bare.clone()],
        _ => name,
    };
    match (name.as_slice(), args.len()) {
        ([one], _) if matches!(one.as_str(), "coalesce" | "greatest" | "least" | "nullif") => {
            agree(&mut args.iter_mut().collect::<Vec<_>>(), place);
        }
        // These take a value of any type, and a text literal has none by itself.
        ([one], _) if matches!(one.as_str(), "to_json" | "to_jsonb" | "pg_typeof") => {
            for arg in &mut args {
                if let Node::Text(text) = arg {
                    *arg = Node::Cast(Box::new(Node::Text(std::mem::take(text))), SqlType::Text);
                }
            }
        }
        // PostgreSQL 13 prints `AT TIME ZONE` as the function behind it.
        ([one], 2) if one == "timezone" => {
            let value = args.remove(1);
            return Node::Zone(Box::new(value), Box::new(args.remove(0)));
        }
        _ => {}
    }
    let lookup = |ty: &SqlType| match ty {
        SqlType::Native(text) => matches!(&**text, "regconfig" | "regclass" | "regdictionary" | "\"char\""),
        _ => false,
    };
    for arg in &mut args {
        if let Node::Cast(inner, ty) = arg
            && lookup(ty)
            && matches!(**inner, Node::Text(_))
        {
            let inner = (**inner).clone();
            *arg = inner;
        }
    }
    Node::Call { name, args }
}

/// The server adds `ELSE NULL` and brings all results to one type.
fn case(
    mut operand: Option<Box<Node>>,
    mut branches: Vec<(Node, Node)>,
    mut otherwise: Option<Box<Node>>,
    place: Place<'_>,
) -> Node {
    let is_null = |node: &Node| match node {
        Node::Null => true,
        Node::Cast(inner, _) => **inner == Node::Null,
        _ => false,
    };
    if otherwise.as_deref().is_some_and(is_null) {
        otherwise = None;
    }
    if let Some(operand) = &mut operand {
        let mut all: Vec<&mut Node> = branches.iter_mut().map(|(when, _)| when).collect();
        all.push(operand);
        agree(&mut all, place);
    }
    let mut results: Vec<&mut Node> = branches.iter_mut().map(|(_, then)| then).collect();
    results.extend(otherwise.as_deref_mut());
    agree(&mut results, place);
    Node::Case {
        operand,
        branches,
        otherwise,
    }
}
