use super::functions::{BINARY, call};
use super::logic::{binary, not, one_of};
use super::token::Token;
use super::{BANG, BETWEEN, COMPARE, NOT, Node, OPERATORS, Op, UNARY, operator};
use crate::dialect::mysql::syntax::{literal, unquote};
use crate::ident::Name;

/// The tree of an expression; `None` where it holds something that is not known here.
pub(super) fn parse(tokens: &[Token], columns: &[Name]) -> Option<Node> {
    let mut parser = Parser {
        tokens,
        at: 0,
        columns,
        says_column: false,
        keeps_bytes: false,
    };
    let node = parser.whole()?;
    if parser.says_column {
        return Some(node);
    }
    // It is a column that bytes get a character set from: beside texts alone they stay what they are.
    parser.keeps_bytes = true;
    parser.whole()
}

pub(super) struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    columns: &'a [Name],
    says_column: bool,
    pub(super) keeps_bytes: bool,
}

impl Parser<'_> {
    fn whole(&mut self) -> Option<Node> {
        self.at = 0;
        let node = self.expression(0)?;
        (self.at == self.tokens.len()).then_some(node)
    }

    pub(super) fn expression(&mut self, least: u8) -> Option<Node> {
        let mut left = self.operand(least)?;
        loop {
            let start = self.at;
            match self.infix(left, least)? {
                (node, true) => left = node,
                (node, false) => {
                    self.at = start;
                    return Some(node);
                }
            }
        }
    }

    /// Takes one operator and what is to its right, where it binds tightly enough.
    fn infix(&mut self, left: Node, least: u8) -> Option<(Node, bool)> {
        if least <= COMPARE {
            let start = self.at;
            let negated = self.word("not");
            if least <= BETWEEN && self.word("between") {
                let low = self.expression(COMPARE + 1)?;
                if !self.word("and") {
                    return None;
                }
                let high = self.expression(COMPARE + 1)?;
                return Some((Node::Between(left.into(), low.into(), high.into(), negated), true));
            }
            if self.word("in") {
                let items = self.list()?;
                return Some((one_of(left, items, negated), true));
            }
            if self.word("like") {
                let pattern = self.expression(COMPARE + 1)?;
                let escape = match self.word("escape") {
                    true => Some(self.expression(COMPARE + 1)?.into()),
                    false => None,
                };
                return Some((Node::Like(left.into(), pattern.into(), escape, negated), true));
            }
            if negated && (self.word("regexp") || self.word("rlike")) {
                let pattern = self.expression(COMPARE + 1)?;
                let found = Node::Binary(operator("regexp")?, left.into(), pattern.into());
                return Some((Node::Not(found.into()), true));
            }
            if negated {
                self.at = start;
                return Some((left, false));
            }
            if self.word("is") {
                let negated = self.word("not");
                let what = ["null", "true", "false", "unknown"]
                    .into_iter()
                    .find(|what| self.word(what))?;
                let what = if what == "unknown" { "null" } else { what };
                return Some((Node::Is(left.into(), what, negated), true));
            }
            if self.word("sounds") {
                if !self.word("like") {
                    return None;
                }
                let sound = |node| Node::Call("soundex".to_owned(), vec![node]);
                let right = self.expression(COMPARE + 1)?;
                let same = Node::Binary(operator("=")?, sound(left).into(), sound(right).into());
                return Some((same, true));
            }
        }
        if self.word("collate") {
            let name = self.bare()?.to_ascii_lowercase();
            return Some((Node::Collate(left.into(), name), true));
        }
        let Some(op) = self.operator().filter(|op| op.binds >= least) else {
            return Some((left, false));
        };
        let right = self.expression(op.binds + 1)?;
        Some((binary(op, left, right), true))
    }

    fn operator(&mut self) -> Option<Op> {
        let found = match self.tokens.get(self.at)? {
            Token::Mark(mark) => operator(mark),
            Token::Word(word) => operator(&word.to_ascii_lowercase()),
            _ => None,
        };
        self.at += usize::from(found.is_some());
        found
    }

    fn operand(&mut self, least: u8) -> Option<Node> {
        if self.word("not") {
            // `not` binds less tightly than what may stand here only in front of a comparison.
            return (least <= NOT).then(|| self.expression(NOT)).flatten().map(not);
        }
        match self.next()?.clone() {
            Token::Mark("(") => {
                let inner = self.expression(0)?;
                if !self.at_mark(",") {
                    return self.mark(")").then_some(inner);
                }
                let mut row = vec![inner];
                while self.mark(",") {
                    row.push(self.expression(0)?);
                }
                self.mark(")").then_some(Node::Row(row))
            }
            Token::Mark("!") => self.expression(UNARY + 1).map(not),
            Token::Mark("-") => {
                let inner = self.expression(UNARY)?;
                Some(match inner {
                    Node::Atom(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                        Node::Atom(format!("-{text}"))
                    }
                    other => Node::Sign('-', other.into()),
                })
            }
            Token::Mark("+") => self.expression(UNARY),
            Token::Mark("~") => self.expression(UNARY).map(|inner| Node::Sign('~', inner.into())),
            Token::Literal(text) => Some(Node::Atom(self.joined(text))),
            Token::Quoted(name) => self.column(name),
            Token::Word(word) => self.named(&word),
            Token::Mark(_) => None,
        }
    }

    /// Texts that follow one another are one.
    fn joined(&mut self, first: String) -> String {
        let Some(mut text) = unquote(&first) else { return first };
        while let Some(more) = match self.tokens.get(self.at) {
            Some(Token::Literal(next)) => unquote(next),
            _ => None,
        } {
            text.push_str(&more);
            self.at += 1;
        }
        literal(&text)
    }

    /// A column, where the text may go on with `.name`: the table in front of it says nothing.
    fn column(&mut self, mut name: String) -> Option<Node> {
        while self.mark(".") {
            name = self.bare()?;
        }
        let known = self
            .columns
            .iter()
            .find(|column| **column == name.as_str())
            .or_else(|| {
                self.columns
                    .iter()
                    .find(|column| column.as_str().eq_ignore_ascii_case(&name))
            });
        self.says_column = true;
        Some(Node::Column(known.map_or(name, |known| known.as_str().to_owned())))
    }

    fn named(&mut self, word: &str) -> Option<Node> {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "null" => return Some(Node::Atom("NULL".to_owned())),
            "true" => return Some(Node::Atom("1".to_owned())),
            "false" => return Some(Node::Atom("0".to_owned())),
            "case" => return self.case(),
            "interval" if !self.at_mark("(") => return self.interval(),
            "current_timestamp" | "current_date" | "current_time" | "localtime" | "localtimestamp"
                if !self.at_mark("(") =>
            {
                return Some(call(&lower, Vec::new()));
            }
            "binary" if !self.at_mark("(") => {
                let inner = self.expression(BANG)?;
                return Some(Node::Cast(inner.into(), BINARY.to_owned()));
            }
            _ => {}
        }
        if !self.at_mark("(") {
            // A word of the grammar that stands where a column should is something that is not known here.
            return match KEYWORDS.contains(&lower.as_str()) || OPERATORS.iter().any(|(op, _)| *op == lower) {
                true => None,
                false => self.column(word.to_owned()),
            };
        }
        match lower.as_str() {
            "exists" | "select" | "match" => None,
            _ if self.is_special(&lower) => self.special(&lower),
            _ => {
                let arguments = self.list()?;
                Some(call(&lower, arguments))
            }
        }
    }

    fn case(&mut self) -> Option<Node> {
        let of = match self.at_word("when") {
            true => None,
            false => Some(self.expression(0)?.into()),
        };
        let mut arms = Vec::new();
        while self.word("when") {
            let when = self.expression(0)?;
            if !self.word("then") {
                return None;
            }
            arms.push((when, self.expression(0)?));
        }
        let other = match self.word("else") {
            true => Some(self.expression(0)?.into()),
            false => None,
        };
        (self.word("end") && !arms.is_empty()).then_some(Node::Case(of, arms, other))
    }

    fn interval(&mut self) -> Option<Node> {
        let amount = self.expression(0)?;
        let unit = self.bare()?.to_ascii_lowercase();
        Some(Node::Interval(amount.into(), unit))
    }

    pub(super) fn list(&mut self) -> Option<Vec<Node>> {
        if !self.mark("(") {
            return None;
        }
        let mut items = Vec::new();
        if self.mark(")") {
            return Some(items);
        }
        loop {
            items.push(self.expression(0)?);
            match self.next()? {
                Token::Mark(",") => {}
                Token::Mark(")") => return Some(items),
                _ => return None,
            }
        }
    }

    pub(super) fn next(&mut self) -> Option<&Token> {
        let token = self.tokens.get(self.at);
        self.at += usize::from(token.is_some());
        token
    }

    /// The next name or word, without its quotes.
    pub(super) fn bare(&mut self) -> Option<String> {
        match self.next()? {
            Token::Word(text) | Token::Quoted(text) => Some(text.clone()),
            _ => None,
        }
    }

    pub(super) fn at_mark(&self, mark: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Mark(found)) if *found == mark)
    }

    pub(super) fn mark(&mut self, mark: &str) -> bool {
        let here = self.at_mark(mark);
        self.at += usize::from(here);
        here
    }

    pub(super) fn at_word(&self, word: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    pub(super) fn word(&mut self, word: &str) -> bool {
        let here = self.at_word(word);
        self.at += usize::from(here);
        here
    }
}

/// Words that are no column without backticks where an operand stands.
const KEYWORDS: &[&str] = &[
    "all", "as", "between", "by", "case", "collate", "distinct", "else", "exists", "from", "group", "in", "is", "like",
    "not", "order", "row", "select", "some", "then", "using", "when", "where",
];
