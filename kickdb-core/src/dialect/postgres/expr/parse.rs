//! Tokens to a tree, by precedence. What is not read here (subqueries, window functions, …) gives `None`.

use super::node::{Node, binding};
use crate::dialect::postgres::tokens::{Cursor, Token, tokenize};
use crate::dialect::postgres::types;

/// Reads a whole expression.
pub(super) fn parse(sql: &str) -> Option<Node> {
    let tokens = tokenize(sql)?;
    let mut parser = Parser {
        cursor: Cursor::new(&tokens),
    };
    let node = parser.expr(0)?;
    parser.cursor.peek().is_none().then_some(node)
}

struct Parser<'a> {
    cursor: Cursor<'a>,
}

/// Words that never start an operand that this parser reads.
const STRANGE: &[&str] = &[
    "select",
    "with",
    "exists",
    "overlay",
    "position",
    "operator",
    "variadic",
    "distinct",
    "all",
    "any",
    "some",
    "xmlparse",
    "xmlelement",
    "grouping",
    "normalize",
    "treat",
    "collation",
    "then",
    "else",
    "end",
    "when",
    "from",
    "where",
    "order",
    "as",
];

const KEYWORDS: &[&str] = &[
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "user",
];

impl Parser<'_> {
    fn expr(&mut self, min: u8) -> Option<Node> {
        let mut left = self.prefix()?;
        while let Some(next) = self.infix(&left, min)? {
            left = next;
        }
        Some(left)
    }

    fn boxed(&mut self, min: u8) -> Option<Box<Node>> {
        self.expr(min).map(Box::new)
    }

    fn prefix(&mut self) -> Option<Node> {
        if self.cursor.word("not") {
            return Some(Node::Not(self.boxed(binding::NOT)?));
        }
        match self.cursor.peek()? {
            Token::Op(op) if op == "-" || op == "+" => {
                self.cursor.next();
                Some(match (op.as_str(), self.expr(binding::SIGN)?) {
                    ("+", Node::Number(text)) => Node::Number(text),
                    ("-", Node::Number(text)) if !text.starts_with('-') => Node::Number(format!("-{text}")),
                    // The server keeps a plus, too: an index over `(+ x)` is none over `x`.
                    (sign, operand) => Node::Unary(sign.into(), Box::new(operand)),
                })
            }
            Token::Op(op) => {
                self.cursor.next();
                Some(Node::Unary(op.clone(), self.boxed(binding::OTHER + 1)?))
            }
            _ => self.operand(),
        }
    }

    /// What follows an operand and binds at least as tightly as `min`. The outer `None` is "cannot be read", the inner "nothing".
    fn infix(&mut self, left: &Node, min: u8) -> Option<Option<Node>> {
        let boxed = || Box::new(left.clone());
        match self.cursor.peek() {
            Some(Token::Op(op)) if op == "::" => {
                self.cursor.next();
                Some(Some(Node::Cast(boxed(), types::read(&mut self.cursor).ok()?)))
            }
            Some(Token::Mark('[')) => {
                self.cursor.next();
                let at = self.boxed(0)?;
                self.cursor.mark(']').then_some(Some(Node::Subscript(boxed(), at)))
            }
            Some(Token::Op(op)) => {
                let power = binding::of(op);
                if power < min {
                    return Some(None);
                }
                self.cursor.next();
                self.operator(op.clone(), power, left.clone()).map(Some)
            }
            Some(Token::Word(word)) => self.words(word, left, min),
            _ => Some(None),
        }
    }

    fn operator(&mut self, op: String, power: u8, left: Node) -> Option<Node> {
        let value = Box::new(left);
        for (word, all) in [("any", false), ("some", false), ("all", true)] {
            if self.cursor.word(word) {
                let array = self.parenthesized()?;
                return Some(Node::Quantified {
                    value,
                    op,
                    all,
                    array: Box::new(array),
                });
            }
        }
        let right = self.boxed(power + 1)?;
        let like = |word| {
            Some(Node::Like {
                value: value.clone(),
                pattern: right.clone(),
                word,
            })
        };
        match op.as_str() {
            "~~" => like("LIKE"),
            "~~*" => like("ILIKE"),
            "!~~" => like("NOT LIKE"),
            "!~~*" => like("NOT ILIKE"),
            "!=" => Some(Node::Binary("<>".into(), value, right)),
            _ => Some(Node::Binary(op, value, right)),
        }
    }

    fn words(&mut self, word: &str, left: &Node, min: u8) -> Option<Option<Node>> {
        let value = || Box::new(left.clone());
        let start = self.cursor.position();
        let not = self.cursor.word("not");
        let word = match not {
            true => match self.cursor.peek() {
                Some(Token::Word(next)) => next.as_str(),
                _ => return None,
            },
            false => word,
        };
        let power = match word {
            "or" => binding::OR,
            "and" => binding::AND,
            "is" | "isnull" | "notnull" => binding::IS,
            "in" | "like" | "ilike" | "between" => binding::LIKE,
            "at" => binding::ZONE,
            "collate" => binding::COLLATE,
            // The end of what this expression is a part of, or something that is not read here; the caller sees which.
            _ => 0,
        };
        if power == 0 || power < min {
            self.cursor.rewind(start);
            return Some(None);
        }
        self.cursor.next();
        Some(Some(match word {
            "or" => Node::Or(vec![left.clone(), self.expr(binding::OR + 1)?]),
            "and" => Node::And(vec![left.clone(), self.expr(binding::AND + 1)?]),
            "isnull" => Node::Is(value(), "IS NULL"),
            "notnull" => Node::Is(value(), "IS NOT NULL"),
            "is" => self.is(value())?,
            "in" => Node::In {
                value: value(),
                list: self.list()?,
                not,
            },
            "like" | "ilike" => {
                let pattern = self.boxed(binding::OTHER)?;
                if matches!(self.cursor.peek(), Some(Token::Word(word)) if word == "escape") {
                    return None;
                }
                let word = match (word, not) {
                    ("like", false) => "LIKE",
                    ("like", true) => "NOT LIKE",
                    (_, false) => "ILIKE",
                    (_, true) => "NOT ILIKE",
                };
                Node::Like {
                    value: value(),
                    pattern,
                    word,
                }
            }
            "between" => {
                self.cursor.word("asymmetric");
                let low = self.boxed(binding::OTHER)?;
                if !self.cursor.word("and") {
                    return None;
                }
                Node::Between {
                    value: value(),
                    low,
                    high: self.boxed(binding::OTHER)?,
                    not,
                }
            }
            "at" => {
                if !self.cursor.words(&["time", "zone"]) {
                    return None;
                }
                Node::Zone(value(), self.boxed(binding::ZONE + 1)?)
            }
            _ => Node::Collate(value(), self.path()?),
        }))
    }

    fn is(&mut self, value: Box<Node>) -> Option<Node> {
        let not = self.cursor.word("not");
        if self.cursor.words(&["distinct", "from"]) {
            return Some(Node::Distinct {
                left: value,
                right: self.boxed(binding::COMPARISON)?,
                not,
            });
        }
        let Some(Token::Word(word)) = self.cursor.next() else {
            return None;
        };
        let what = match (word.as_str(), not) {
            ("null", false) => "IS NULL",
            ("null", true) => "IS NOT NULL",
            ("true", false) => "IS TRUE",
            ("true", true) => "IS NOT TRUE",
            ("false", false) => "IS FALSE",
            ("false", true) => "IS NOT FALSE",
            ("unknown", false) => "IS UNKNOWN",
            ("unknown", true) => "IS NOT UNKNOWN",
            _ => return None,
        };
        Some(Node::Is(value, what))
    }

    fn operand(&mut self) -> Option<Node> {
        match self.cursor.peek()? {
            Token::Number(text) => {
                self.cursor.next();
                Some(Node::Number(text.clone()))
            }
            Token::Text(text) => {
                self.cursor.next();
                Some(Node::Text(text.clone()))
            }
            Token::Bits(text) => {
                self.cursor.next();
                Some(Node::Bits(text.clone()))
            }
            Token::Mark('(') => {
                let mut list = self.list()?;
                let node = match list.len() {
                    1 => list.remove(0),
                    _ => Node::Row(list),
                };
                if self.cursor.mark('.') {
                    return Some(Node::Field(Box::new(node), self.part()?));
                }
                Some(node)
            }
            Token::Word(word) => self.word(word),
            Token::Quoted(_) => self.named(),
            Token::Op(_) | Token::Mark(_) => None,
        }
    }

    fn word(&mut self, word: &str) -> Option<Node> {
        if STRANGE.contains(&word) {
            return None;
        }
        let called = self.cursor.peek_nth(1) == Some(&Token::Mark('('));
        let constant = match word {
            "null" => Some(Node::Null),
            "true" => Some(Node::Bool(true)),
            "false" => Some(Node::Bool(false)),
            "current_timestamp" if !called => Some(Node::call("now", Vec::new())),
            _ if KEYWORDS.contains(&word) && !called => Some(Node::Keyword(word.to_uppercase())),
            _ if KEYWORDS.contains(&word) => return None,
            _ => None,
        };
        if constant.is_some() {
            self.cursor.next();
            return constant;
        }
        match word {
            "case" => self.case(),
            "array" => {
                self.cursor.next();
                self.array()
            }
            "row" if called => {
                self.cursor.next();
                Some(Node::Row(self.list()?))
            }
            "cast" if called => self.cast(),
            "extract" if called => self.extract(),
            "trim" if called => self.trim(),
            _ => self.typed_literal().or_else(|| self.named()),
        }
    }

    /// `date '2020-01-01'`.
    fn typed_literal(&mut self) -> Option<Node> {
        let start = self.cursor.position();
        let ty = types::read(&mut self.cursor);
        if let (Ok(ty), Some(Token::Text(text))) = (ty, self.cursor.peek()) {
            self.cursor.next();
            return Some(Node::Cast(Box::new(Node::Text(text.clone())), ty));
        }
        self.cursor.rewind(start);
        None
    }

    /// A column or a call.
    fn named(&mut self) -> Option<Node> {
        let name = self.path()?;
        if self.cursor.peek() != Some(&Token::Mark('(')) {
            return Some(Node::Column(name));
        }
        if let [one] = name.as_slice()
            && one == "substring"
        {
            return self.substring();
        }
        let args = self.list()?;
        let more = ["over", "filter", "within", "from", "respect", "ignore"];
        match self.cursor.peek() {
            Some(Token::Word(word)) if more.contains(&word.as_str()) => None,
            _ => Some(Node::Call { name, args }),
        }
    }

    fn path(&mut self) -> Option<Vec<String>> {
        let mut parts = vec![self.part()?];
        while self.cursor.mark('.') {
            parts.push(self.part()?);
        }
        Some(parts)
    }

    fn part(&mut self) -> Option<String> {
        match self.cursor.next()? {
            Token::Word(word) | Token::Quoted(word) => Some(word.clone()),
            _ => None,
        }
    }

    /// `(a, b)`, or `()`.
    fn list(&mut self) -> Option<Vec<Node>> {
        self.between('(', ')')
    }

    fn between(&mut self, open: char, close: char) -> Option<Vec<Node>> {
        let mut list = Vec::new();
        if !self.cursor.mark(open) {
            return None;
        }
        if self.cursor.mark(close) {
            return Some(list);
        }
        loop {
            list.push(self.expr(0)?);
            if self.cursor.mark(close) {
                return Some(list);
            }
            if !self.cursor.mark(',') {
                return None;
            }
        }
    }

    fn parenthesized(&mut self) -> Option<Node> {
        let mut list = self.list()?;
        (list.len() == 1).then(|| list.remove(0))
    }

    fn array(&mut self) -> Option<Node> {
        let list = self.between('[', ']')?;
        Some(Node::Array(list))
    }

    fn case(&mut self) -> Option<Node> {
        self.cursor.next();
        let operand = match self.cursor.peek()?.is_word("when") {
            true => None,
            false => Some(self.boxed(0)?),
        };
        let mut branches = Vec::new();
        while self.cursor.word("when") {
            let when = self.expr(0)?;
            if !self.cursor.word("then") {
                return None;
            }
            branches.push((when, self.expr(0)?));
        }
        let otherwise = match self.cursor.word("else") {
            true => Some(self.boxed(0)?),
            false => None,
        };
        self.cursor.word("end").then_some(Node::Case {
            operand,
            branches,
            otherwise,
        })
    }

    fn cast(&mut self) -> Option<Node> {
        self.cursor.next();
        self.cursor.next();
        let node = self.boxed(0)?;
        if !self.cursor.word("as") {
            return None;
        }
        let ty = types::read(&mut self.cursor).ok()?;
        self.cursor.mark(')').then_some(Node::Cast(node, ty))
    }

    fn extract(&mut self) -> Option<Node> {
        self.cursor.next();
        self.cursor.next();
        let (Token::Word(field) | Token::Text(field)) = self.cursor.next()? else {
            return None;
        };
        let field = field.to_lowercase();
        if !self.cursor.word("from") {
            return None;
        }
        let node = self.boxed(0)?;
        self.cursor.mark(')').then_some(Node::Extract(field, node))
    }

    /// `trim` is grammar for three functions.
    fn trim(&mut self) -> Option<Node> {
        self.cursor.next();
        self.cursor.next();
        let name = match () {
            () if self.cursor.word("leading") => "ltrim",
            () if self.cursor.word("trailing") => "rtrim",
            () => {
                self.cursor.word("both");
                "btrim"
            }
        };
        let mut args = Vec::new();
        if !self.cursor.word("from") {
            args.push(self.expr(0)?);
            if self.cursor.word("from") {
                args.insert(0, self.expr(0)?);
            } else if self.cursor.mark(',') {
                args.push(self.expr(0)?);
            }
        } else {
            args.push(self.expr(0)?);
        }
        self.cursor.mark(')').then(|| Node::call(name, args))
    }

    /// `substring(a from b for c)` is `substring(a, b, c)`.
    fn substring(&mut self) -> Option<Node> {
        self.cursor.next();
        let mut args = vec![self.expr(0)?];
        while !self.cursor.mark(')') {
            let first = args.len() == 1;
            if !(self.cursor.mark(',') || (first && self.cursor.word("from")) || (!first && self.cursor.word("for"))) {
                return None;
            }
            args.push(self.expr(0)?);
        }
        Some(Node::call("substring", args))
    }
}
