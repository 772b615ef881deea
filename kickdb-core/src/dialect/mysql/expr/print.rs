use super::{AND, BANG, BETWEEN, COMPARE, Node, OR, TIGHT, UNARY};
use crate::dialect::mysql::syntax::ident_str;

pub(super) fn print(node: &Node) -> String {
    let mut sql = String::new();
    write(node, &mut sql);
    sql
}

/// How tightly the printed node holds together.
fn binds(node: &Node) -> u8 {
    match node {
        Node::Binary(op, ..) => op.binds,
        Node::Between(..) => BETWEEN,
        Node::In(..) | Node::Like(..) | Node::Is(..) => COMPARE,
        Node::Sign(..) => UNARY,
        Node::Not(_) => BANG,
        Node::Collate(..) => TIGHT - 1,
        _ => TIGHT,
    }
}

/// In parentheses where it would fall apart otherwise.
fn inside(node: &Node, least: u8, sql: &mut String) {
    let apart = binds(node) < least;
    if apart {
        sql.push('(');
    }
    write(node, sql);
    if apart {
        sql.push(')');
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

fn write(node: &Node, sql: &mut String) {
    match node {
        Node::Atom(text) => sql.push_str(text),
        Node::Column(name) => sql.push_str(&ident_str(name)),
        Node::Call(name, arguments) => {
            sql.push_str(name);
            list(arguments, sql);
        }
        Node::Sign(sign, inner) => {
            sql.push(*sign);
            inside(inner, UNARY, sql);
        }
        Node::Not(inner) => {
            sql.push('!');
            inside(inner, BANG, sql);
        }
        Node::Binary(op, left, right) => {
            inside(left, op.binds, sql);
            sql.push(' ');
            sql.push_str(op.text);
            sql.push(' ');
            // A chain of `and` is one list, wherever its parentheses were.
            let chain = (*op == AND || *op == OR) && matches!(&**right, Node::Binary(inner, ..) if inner == op);
            inside(right, if chain { op.binds } else { op.binds + 1 }, sql);
        }
        Node::Is(inner, what, negated) => {
            inside(inner, COMPARE, sql);
            sql.push_str(&format!(" is {}{what}", not(*negated)));
        }
        Node::Between(inner, low, high, negated) => {
            inside(inner, COMPARE, sql);
            sql.push_str(&format!(" {}between ", not(*negated)));
            inside(low, COMPARE + 1, sql);
            sql.push_str(" and ");
            inside(high, COMPARE + 1, sql);
        }
        Node::In(inner, items, negated) => {
            inside(inner, COMPARE, sql);
            sql.push_str(&format!(" {}in ", not(*negated)));
            list(items, sql);
        }
        Node::Like(inner, pattern, escape, negated) => {
            inside(inner, COMPARE, sql);
            sql.push_str(&format!(" {}like ", not(*negated)));
            inside(pattern, COMPARE + 1, sql);
            if let Some(escape) = escape {
                sql.push_str(" escape ");
                inside(escape, COMPARE + 1, sql);
            }
        }
        Node::Case(of, arms, other) => case(of.as_deref(), arms, other.as_deref(), sql),
        Node::Cast(inner, ty) => wrapped("cast(", inner, &format!(" as {ty})"), sql),
        Node::Convert(inner, charset) => wrapped("convert(", inner, &format!(" using {charset})"), sql),
        Node::Extract(unit, inner) => wrapped(&format!("extract({unit} from "), inner, ")", sql),
        Node::Collate(inner, name) => {
            inside(inner, TIGHT - 1, sql);
            sql.push_str(&format!(" collate {name}"));
        }
        Node::Row(items) => list(items, sql),
        Node::Trim(side, what, of) => {
            wrapped(&format!("trim({side} "), what, " from ", sql);
            write(of, sql);
            sql.push(')');
        }
        Node::Char(codes, charset) => {
            sql.push_str("char");
            list(codes, sql);
            if let Some(charset) = charset {
                sql.pop();
                sql.push_str(&format!(" using {charset})"));
            }
        }
        // The server sets a space behind the comma of one of them.
        Node::Unit(function, unit, rest) => {
            let comma = if *function == "get_format" { ", " } else { "," };
            sql.push_str(&format!("{function}({unit}"));
            for node in rest {
                sql.push_str(comma);
                write(node, sql);
            }
            sql.push(')');
        }
        Node::Interval(amount, unit) => wrapped("interval ", amount, &format!(" {unit}"), sql),
    }
}

fn wrapped(before: &str, inner: &Node, after: &str, sql: &mut String) {
    sql.push_str(before);
    write(inner, sql);
    sql.push_str(after);
}

fn list(items: &[Node], sql: &mut String) {
    sql.push('(');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            sql.push(',');
        }
        write(item, sql);
    }
    sql.push(')');
}

fn case(of: Option<&Node>, arms: &[(Node, Node)], other: Option<&Node>, sql: &mut String) {
    sql.push_str("case");
    if let Some(of) = of {
        sql.push(' ');
        write(of, sql);
    }
    for (when, then) in arms {
        sql.push_str(" when ");
        write(when, sql);
        sql.push_str(" then ");
        write(then, sql);
    }
    if let Some(other) = other {
        sql.push_str(" else ");
        write(other, sql);
    }
    sql.push_str(" end");
}
