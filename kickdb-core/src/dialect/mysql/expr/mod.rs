//! Expressions as the server prints them: names in backticks, its own names of functions, no parentheses that say nothing.
//!
//! MariaDB keeps a check, a generated column or a default as a tree and prints it anew
//! (<https://github.com/MariaDB/server/blob/10.11/sql/item.h>, `print`), so that what is declared and what is read back differ
//! in spelling. Both are parsed and printed here by the same rules. What the parser does not know stays as it is written.

mod functions;
mod logic;
mod parse;
mod print;
mod token;

use crate::ident::Name;

/// An expression in its one spelling. `columns` are the table's columns, whose spelling wins over the case of the text.
pub(super) fn normalize(sql: &str, columns: &[Name]) -> String {
    let Some(tokens) = token::tokenize(sql) else {
        return sql.trim().to_owned();
    };
    match parse::parse(&tokens, columns) {
        Some(node) => print::print(&node),
        None => sql.trim().to_owned(),
    }
}

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    /// A literal or keyword, as it is printed.
    Atom(String),
    /// A column.
    Column(String),
    Call(String, Vec<Node>),
    /// `-x`, `~x`.
    Sign(char, Box<Node>),
    Not(Box<Node>),
    Binary(Op, Box<Node>, Box<Node>),
    /// `x is null` and the like, with `not` where true.
    Is(Box<Node>, &'static str, bool),
    Between(Box<Node>, Box<Node>, Box<Node>, bool),
    In(Box<Node>, Vec<Node>, bool),
    Like(Box<Node>, Box<Node>, Option<Box<Node>>, bool),
    Case(Option<Box<Node>>, Vec<(Node, Node)>, Option<Box<Node>>),
    /// `cast(x as type)`.
    Cast(Box<Node>, String),
    /// `convert(x using charset)`.
    Convert(Box<Node>, String),
    /// `extract(year from x)`.
    Extract(String, Box<Node>),
    Collate(Box<Node>, String),
    /// `interval 1 day`.
    Interval(Box<Node>, String),
    /// `(a, b)`.
    Row(Vec<Node>),
    /// `trim(leading 'x' from a)`.
    Trim(&'static str, Box<Node>, Box<Node>),
    /// `char(65 using utf8mb4)`.
    Char(Vec<Node>, Option<String>),
    /// `timestampdiff(DAY,a,b)`: a function, a word of the grammar, and the rest.
    Unit(&'static str, String, Vec<Node>),
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Op {
    /// As it is printed.
    text: &'static str,
    /// How tightly it binds.
    binds: u8,
}

const OR: Op = op("or", 1);
const XOR: Op = op("xor", 2);
const AND: Op = op("and", 3);
/// Not an operator of [`OPERATORS`]: where `not`, `between` and comparisons stand.
const NOT: u8 = 4;
const BETWEEN: u8 = 5;
const COMPARE: u8 = 6;
const UNARY: u8 = 13;
const BANG: u8 = 14;
const TIGHT: u8 = 16;

const fn op(text: &'static str, binds: u8) -> Op {
    Op { text, binds }
}

/// Every spelling of an operator and what it is, <https://mariadb.com/kb/en/operator-precedence/>.
const OPERATORS: &[(&str, Op)] = &[
    ("or", OR),
    ("||", OR),
    ("xor", XOR),
    ("and", AND),
    ("&&", AND),
    ("=", op("=", COMPARE)),
    ("<=>", op("<=>", COMPARE)),
    ("<>", op("<>", COMPARE)),
    ("!=", op("<>", COMPARE)),
    ("<", op("<", COMPARE)),
    ("<=", op("<=", COMPARE)),
    (">", op(">", COMPARE)),
    (">=", op(">=", COMPARE)),
    ("regexp", op("regexp", COMPARE)),
    ("rlike", op("regexp", COMPARE)),
    ("|", op("|", 7)),
    ("&", op("&", 8)),
    ("<<", op("<<", 9)),
    (">>", op(">>", 9)),
    ("+", op("+", 10)),
    ("-", op("-", 10)),
    ("*", op("*", 11)),
    ("/", op("/", 11)),
    ("div", op("DIV", 11)),
    ("mod", op("MOD", 11)),
    ("%", op("MOD", 11)),
    ("^", op("^", 12)),
];

fn operator(text: &str) -> Option<Op> {
    OPERATORS
        .iter()
        .find(|(spelled, _)| *spelled == text)
        .map(|(_, op)| *op)
}

/// The comparison that holds where this one does not, NULL aside.
fn opposite(op: Op) -> Option<Op> {
    let text = match op.text {
        "=" => "<>",
        "<>" => "=",
        "<" => ">=",
        ">=" => "<",
        ">" => "<=",
        "<=" => ">",
        _ => return None,
    };
    operator(text)
}

#[cfg(test)]
mod tests;
