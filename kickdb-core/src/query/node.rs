//! An expression as plain data, after the compiler has checked it and before a dialect writes it.

use super::relation::Related;
use super::select::Select;
use super::table::TableMeta;
use super::window::WindowParts;
use crate::dialect::{Function, JsonStep};
use crate::value::{KindId, Value};

/// An expression.
#[derive(Clone, Debug)]
pub enum Node {
    /// A column.
    Column {
        /// Its table.
        table: &'static TableMeta,
        /// Its name.
        name: &'static str,
    },
    /// A value to bind.
    Value(Value),
    /// Two expressions with an operator between.
    Binary {
        /// The left one.
        left: Box<Node>,
        /// The operator, the same in all engines.
        operator: &'static str,
        /// The right one.
        right: Box<Node>,
    },
    /// A negation.
    Not(Box<Node>),
    /// `IS NULL`, or `IS NOT NULL` where `not`.
    IsNull {
        /// What is tested.
        of: Box<Node>,
        /// Whether it is the other way round.
        not: bool,
    },
    /// Whether a value is in a list.
    In {
        /// The value.
        of: Box<Node>,
        /// The list.
        list: Vec<Node>,
        /// Whether it is the other way round.
        not: bool,
    },
    /// Whether a value lies between two others, both included.
    Between {
        /// The value.
        of: Box<Node>,
        /// The lowest.
        low: Box<Node>,
        /// The highest.
        high: Box<Node>,
    },
    /// A text compared with a pattern of `%`, `_` and `\` to escape them.
    Like {
        /// The text.
        of: Box<Node>,
        /// The pattern.
        pattern: String,
        /// Whether upper and lower case are the same.
        ignore_case: bool,
    },
    /// All of them are true; true where there are none.
    All(Vec<Node>),
    /// One of them is true; false where there are none.
    Any(Vec<Node>),
    /// A function, the same in all engines, of one argument or `*`.
    Call {
        /// Its name.
        function: &'static str,
        /// Whether only different values count.
        distinct: bool,
        /// The argument; `None` is `*`.
        of: Option<Box<Node>>,
    },
    /// A cast to a whole number of 8 bytes.
    ToInt64(Box<Node>),
    /// The value of a column that a new row brings, where another row is in its way.
    Incoming(&'static str),
    /// A question about the rows of a relation.
    Related(Box<Related>),
    /// A function that each engine spells in its way.
    Function {
        /// Which one.
        function: Function,
        /// Its arguments.
        of: Vec<Node>,
    },
    /// A path into a JSON document.
    JsonPath(Vec<JsonStep>),
    /// Words that are searched for.
    Words(String),
    /// A cast to values of a kind.
    Cast {
        /// What is cast.
        of: Box<Node>,
        /// The kind.
        to: KindId,
    },
    /// The value of the first condition that is true.
    Case {
        /// Conditions and values.
        when: Vec<(Node, Node)>,
        /// The value where none is true, in place of NULL.
        otherwise: Option<Box<Node>>,
    },
    /// The only value of a query.
    Scalar(Box<Select>),
    /// Whether a query has a row.
    Exists {
        /// The query.
        select: Box<Select>,
        /// Whether it is the other way round.
        not: bool,
    },
    /// Whether a value is among those of a query.
    InSelect {
        /// The value.
        of: Box<Node>,
        /// The query.
        select: Box<Select>,
        /// Whether it is the other way round.
        not: bool,
    },
    /// A function over the rows around each row.
    Over {
        /// The function, the same in all engines, and its arguments.
        of: Box<Node>,
        /// The rows around.
        window: Box<WindowParts>,
    },
    /// A function that only stands over a window, the same in all engines.
    Windowed {
        /// Its name.
        function: &'static str,
        /// Its arguments.
        of: Vec<Node>,
    },
    /// SQL of the program, with expressions in its holes.
    Fragment {
        /// What stands around the holes: one piece more than there are holes.
        pieces: Vec<&'static str>,
        /// The expressions.
        of: Vec<Node>,
    },
    /// A number that is written, where an engine takes no value.
    Number(u32),
    /// The column of the result at this position, from 1; only in the order of a query of several parts.
    Position(u32),
    /// An expression whose size counts: it is compared, sorted by or calculated with. Only around kinds that not every
    /// engine can do that with.
    Sized {
        /// The expression.
        of: Box<Node>,
        /// What its values are.
        kind: KindId,
    },
}

impl Node {
    /// This expression of the kind `kind`, of which more than equality is asked.
    pub(crate) fn sized(self, kind: KindId) -> Self {
        match kind {
            KindId::Decimal | KindId::List(_) => Self::Sized {
                of: Box::new(self),
                kind,
            },
            _ => self,
        }
    }

    /// Two expressions with an operator between.
    pub(crate) fn binary(left: Node, operator: &'static str, right: Node) -> Self {
        Self::Binary {
            left: Box::new(left),
            operator,
            right: Box::new(right),
        }
    }

    /// Two conditions that must both be true.
    pub(crate) fn and(self, other: Node) -> Self {
        match self {
            Self::All(mut all) if !all.is_empty() => {
                all.push(other);
                Self::All(all)
            }
            one => Self::All(vec![one, other]),
        }
    }

    /// Two conditions of which one must be true.
    pub(crate) fn or(self, other: Node) -> Self {
        match self {
            Self::Any(mut any) if !any.is_empty() => {
                any.push(other);
                Self::Any(any)
            }
            one => Self::Any(vec![one, other]),
        }
    }

    /// Whether the condition is true by itself because nothing is in it.
    pub(crate) fn is_vacuous(&self) -> bool {
        match self {
            Self::All(all) => all.iter().all(Self::is_vacuous),
            Self::Any(any) => any.iter().any(Self::is_vacuous),
            _ => false,
        }
    }
}

/// One part of an order.
#[derive(Clone, Debug)]
pub struct OrderPart {
    /// What is sorted by.
    pub(crate) by: Node,
    /// From high to low.
    pub(crate) descending: bool,
    /// Whether NULLs come first; `None` is the engine's rule.
    pub(crate) nulls_first: Option<bool>,
}
