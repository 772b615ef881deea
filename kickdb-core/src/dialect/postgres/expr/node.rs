//! The syntax tree of an expression.

use crate::ir::SqlType;

/// One expression. Boxes and lists hold its operands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    /// As it is written, with its sign.
    Number(String),
    /// A text literal without a type: the server finds one by what is around it.
    Text(String),
    Bits(String),
    /// A function without parentheses (`CURRENT_DATE`), in upper case.
    Keyword(String),
    /// A column, with what qualifies it before.
    Column(Vec<String>),
    Call {
        name: Vec<String>,
        args: Vec<Node>,
    },
    Cast(Box<Node>, SqlType),
    Unary(String, Box<Node>),
    Binary(String, Box<Node>, Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// `IS NULL` and its kin.
    Is(Box<Node>, &'static str),
    Distinct {
        left: Box<Node>,
        right: Box<Node>,
        not: bool,
    },
    In {
        value: Box<Node>,
        list: Vec<Node>,
        not: bool,
    },
    Like {
        value: Box<Node>,
        pattern: Box<Node>,
        word: &'static str,
    },
    /// `value op ANY (array)` or `ALL`.
    Quantified {
        value: Box<Node>,
        op: String,
        all: bool,
        array: Box<Node>,
    },
    Between {
        value: Box<Node>,
        low: Box<Node>,
        high: Box<Node>,
        not: bool,
    },
    Array(Vec<Node>),
    Row(Vec<Node>),
    Case {
        operand: Option<Box<Node>>,
        branches: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    Subscript(Box<Node>, Box<Node>),
    Field(Box<Node>, String),
    Collate(Box<Node>, Vec<String>),
    /// `AT TIME ZONE`.
    Zone(Box<Node>, Box<Node>),
    Extract(String, Box<Node>),
}

impl Node {
    pub(super) fn call(name: &str, args: Vec<Node>) -> Self {
        Self::Call {
            name: vec![name.to_owned()],
            args,
        }
    }

    /// The function's bare name, where this is a call of one that is not qualified.
    pub(super) fn called(&self) -> Option<(&str, &[Node])> {
        match self {
            Self::Call { name, args } => match name.as_slice() {
                [one] => Some((one, args)),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn is_literal(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Bits(_) => true,
            Self::Cast(inner, _) => inner.is_literal(),
            _ => false,
        }
    }

    /// Replaces each operand by what `with` makes of it.
    pub(super) fn map(self, with: &mut dyn FnMut(Node) -> Node) -> Self {
        let mut one = |node: Box<Node>| Box::new(with(*node));
        match self {
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::Bits(_)
            | Self::Keyword(_)
            | Self::Column(_) => self,
            Self::Cast(node, ty) => Self::Cast(one(node), ty),
            Self::Unary(op, node) => Self::Unary(op, one(node)),
            Self::Binary(op, left, right) => Self::Binary(op, one(left), one(right)),
            Self::Not(node) => Self::Not(one(node)),
            Self::Is(node, what) => Self::Is(one(node), what),
            Self::Distinct { left, right, not } => Self::Distinct {
                left: one(left),
                right: one(right),
                not,
            },
            Self::Like { value, pattern, word } => Self::Like {
                value: one(value),
                pattern: one(pattern),
                word,
            },
            Self::Quantified { value, op, all, array } => Self::Quantified {
                value: one(value),
                op,
                all,
                array: one(array),
            },
            Self::Between { value, low, high, not } => Self::Between {
                value: one(value),
                low: one(low),
                high: one(high),
                not,
            },
            Self::Subscript(node, at) => Self::Subscript(one(node), one(at)),
            Self::Field(node, field) => Self::Field(one(node), field),
            Self::Collate(node, name) => Self::Collate(one(node), name),
            Self::Zone(node, zone) => Self::Zone(one(node), one(zone)),
            Self::Extract(field, node) => Self::Extract(field, one(node)),
            Self::In { value, list, not } => {
                let value = one(value);
                Self::In {
                    value,
                    list: list.into_iter().map(with).collect(),
                    not,
                }
            }
            Self::Call { name, args } => Self::Call {
                name,
                args: args.into_iter().map(with).collect(),
            },
            Self::And(nodes) => Self::And(nodes.into_iter().map(with).collect()),
            Self::Or(nodes) => Self::Or(nodes.into_iter().map(with).collect()),
            Self::Array(nodes) => Self::Array(nodes.into_iter().map(with).collect()),
            Self::Row(nodes) => Self::Row(nodes.into_iter().map(with).collect()),
            Self::Case {
                operand,
                branches,
                otherwise,
            } => Self::Case {
                operand: operand.map(&mut one),
                otherwise: otherwise.map(&mut one),
                branches: branches
                    .into_iter()
                    .map(|(when, then)| (with(when), with(then)))
                    .collect(),
            },
        }
    }
}

/// How tightly an operator binds (PostgreSQL's manual, 4.1.6).
pub(super) mod binding {
    pub(in super::super) const OR: u8 = 1;
    pub(in super::super) const AND: u8 = 2;
    pub(in super::super) const NOT: u8 = 3;
    pub(in super::super) const IS: u8 = 4;
    pub(in super::super) const COMPARISON: u8 = 5;
    pub(in super::super) const LIKE: u8 = 6;
    pub(in super::super) const OTHER: u8 = 7;
    pub(in super::super) const ADD: u8 = 8;
    pub(in super::super) const MULTIPLY: u8 = 9;
    pub(in super::super) const POWER: u8 = 10;
    pub(in super::super) const ZONE: u8 = 11;
    pub(in super::super) const COLLATE: u8 = 12;
    pub(in super::super) const SIGN: u8 = 13;
    pub(in super::super) const CAST: u8 = 15;
    pub(in super::super) const ATOM: u8 = 16;

    /// That of an operator sign between two operands.
    pub(in super::super) fn of(op: &str) -> u8 {
        match op {
            "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => COMPARISON,
            "+" | "-" => ADD,
            "*" | "/" | "%" => MULTIPLY,
            "^" => POWER,
            _ => OTHER,
        }
    }
}
