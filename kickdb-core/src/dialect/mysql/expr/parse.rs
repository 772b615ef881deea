use super::token::Token;
use super::{AND, BETWEEN, COMPARE, NOT, Node, OPERATORS, OR, Op, TIGHT, UNARY, XOR, operator, opposite};
use crate::ident::Name;

/// The tree of an expression; `None` where it holds something that is not known here.
pub(super) fn parse(tokens: &[Token], columns: &[Name]) -> Option<Node> {
    let mut parser = Parser { tokens, at: 0, columns };
    let node = parser.expression(0)?;
    (parser.at == tokens.len()).then_some(node)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    columns: &'a [Name],
}

impl Parser<'_> {
    fn expression(&mut self, least: u8) -> Option<Node> {
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
                return Some((Node::Is(left.into(), what, negated), true));
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
                self.mark(")").then_some(inner)
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
            Token::Literal(text) => Some(Node::Atom(text)),
            Token::Quoted(name) => self.column(name),
            Token::Word(word) => self.named(&word),
            Token::Mark(_) => None,
        }
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
            "binary" if !self.at_mark("(") => return None,
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
            "cast" => self.cast(),
            "convert" => self.convert(),
            "extract" => self.extract(),
            "position" => self.position(),
            "exists" | "select" | "match" => None,
            "date_add" | "adddate" => self.add_interval("+"),
            "date_sub" | "subdate" => self.add_interval("-"),
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

    /// `date_add(d, interval 1 day)` is printed as `d + interval 1 day`.
    fn add_interval(&mut self, sign: &str) -> Option<Node> {
        let mut arguments = self.list()?.into_iter();
        let (Some(date), Some(amount @ Node::Interval(..)), None) =
            (arguments.next(), arguments.next(), arguments.next())
        else {
            return None;
        };
        Some(binary(operator(sign)?, date, amount))
    }

    fn cast(&mut self) -> Option<Node> {
        self.mark("(");
        let inner = self.expression(0)?;
        if !self.word("as") {
            return None;
        }
        let mut ty = String::new();
        let mut depth = 0_u32;
        while !(depth == 0 && self.at_mark(")")) {
            match self.next()? {
                Token::Word(word) => {
                    if !ty.is_empty() && !ty.ends_with('(') {
                        ty.push(' ');
                    }
                    ty.push_str(&word.to_ascii_lowercase());
                }
                Token::Literal(text) => ty.push_str(text),
                Token::Mark("(") => {
                    depth += 1;
                    ty.push('(');
                }
                Token::Mark(")") => {
                    depth -= 1;
                    ty.push(')');
                }
                Token::Mark(",") => ty.push(','),
                _ => return None,
            }
        }
        self.mark(")");
        // The server adds the character set of whoever asks.
        for charset in [" charset utf8mb4", " charset utf8mb3"] {
            ty = ty.replace(charset, "");
        }
        let ty = match ty.as_str() {
            "signed integer" | "integer" | "int" => "signed".to_owned(),
            "unsigned integer" => "unsigned".to_owned(),
            _ => ty,
        };
        Some(Node::Cast(inner.into(), ty))
    }

    fn convert(&mut self) -> Option<Node> {
        self.mark("(");
        let inner = self.expression(0)?;
        if !self.word("using") {
            return None;
        }
        let charset = self.bare()?.to_ascii_lowercase();
        self.mark(")").then_some(Node::Convert(inner.into(), charset))
    }

    fn extract(&mut self) -> Option<Node> {
        self.mark("(");
        let unit = self.bare()?.to_ascii_lowercase();
        if !self.word("from") {
            return None;
        }
        let inner = self.expression(0)?;
        self.mark(")").then_some(Node::Extract(unit, inner.into()))
    }

    /// `position(a in b)` is printed as `locate(a,b)`.
    fn position(&mut self) -> Option<Node> {
        self.mark("(");
        let what = self.expression(COMPARE + 1)?;
        if !self.word("in") {
            return None;
        }
        let place = self.expression(0)?;
        self.mark(")")
            .then(|| Node::Call("locate".to_owned(), vec![what, place]))
    }

    fn list(&mut self) -> Option<Vec<Node>> {
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

    fn next(&mut self) -> Option<&Token> {
        let token = self.tokens.get(self.at);
        self.at += usize::from(token.is_some());
        token
    }

    /// The next name or word, without its quotes.
    fn bare(&mut self) -> Option<String> {
        match self.next()? {
            Token::Word(text) | Token::Quoted(text) => Some(text.clone()),
            _ => None,
        }
    }

    fn at_mark(&self, mark: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Mark(found)) if *found == mark)
    }

    fn mark(&mut self, mark: &str) -> bool {
        let here = self.at_mark(mark);
        self.at += usize::from(here);
        here
    }

    fn at_word(&self, word: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    fn word(&mut self, word: &str) -> bool {
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

/// A function by the name that the server prints.
fn call(name: &str, mut arguments: Vec<Node>) -> Node {
    let printed = match (name, arguments.len()) {
        ("length", 1) => "octet_length",
        ("character_length", 1) => "char_length",
        ("lower", 1) => "lcase",
        ("upper", 1) => "ucase",
        ("substring" | "mid", _) => "substr",
        ("ceil", 1) => "ceiling",
        ("power", 2) => "pow",
        ("now" | "localtime" | "localtimestamp", _) => "current_timestamp",
        ("current_date", 0) => "curdate",
        ("current_time", _) => "curtime",
        ("mod", 2) => {
            let right = arguments.pop().expect("there are two");
            let left = arguments.pop().expect("there are two");
            let op = operator("mod").expect("it is in the table");
            return binary(op, left, right);
        }
        (other, _) => other,
    };
    Node::Call(printed.to_owned(), arguments)
}

/// `in` with a single value is a comparison.
fn one_of(left: Node, mut items: Vec<Node>, negated: bool) -> Node {
    match items.len() {
        1 => {
            let item = items.pop().expect("there is one");
            let op = operator(if negated { "<>" } else { "=" }).expect("it is in the table");
            Node::Binary(op, left.into(), item.into())
        }
        _ => Node::In(left.into(), items, negated),
    }
}

fn binary(op: Op, left: Node, right: Node) -> Node {
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

fn is_value(node: &Node) -> bool {
    match node {
        Node::Column(_) | Node::Sign(..) => true,
        Node::Binary(op, ..) => op.binds > COMPARE && op.binds < TIGHT,
        _ => false,
    }
}

/// The negation, pushed inwards as the server does.
fn not(node: Node) -> Node {
    match node {
        Node::Binary(op, left, right) if op == AND || op == OR => {
            let op = if op == AND { OR } else { AND };
            Node::Binary(op, not(*left).into(), not(*right).into())
        }
        Node::Binary(op, left, right) if op != XOR && opposite(op).is_some() => {
            Node::Binary(opposite(op).expect("just looked"), left, right)
        }
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
