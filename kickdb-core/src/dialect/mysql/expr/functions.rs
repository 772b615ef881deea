//! Functions by the names that the server prints, and those with a syntax of their own.

use super::logic::binary;
use super::parse::Parser;
use super::token::Token;
use super::{COMPARE, Node, operator};

/// What `binary x` casts to.
pub(super) const BINARY: &str = "char charset binary";
/// The character set of a cast that names none: that of every connection of kickdb.
const CHARSET: &str = " charset utf8mb4";

const SPECIAL: &[&str] = &[
    "adddate",
    "binary",
    "cast",
    "char",
    "convert",
    "date_add",
    "date_sub",
    "extract",
    "get_format",
    "position",
    "row",
    "subdate",
    "substr",
    "substring",
    "mid",
    "timestampadd",
    "timestampdiff",
    "trim",
];

impl Parser<'_> {
    pub(super) fn is_special(&self, name: &str) -> bool {
        SPECIAL.contains(&name)
    }

    /// A function whose arguments hold words of the grammar, behind its name.
    pub(super) fn special(&mut self, name: &str) -> Option<Node> {
        match name {
            "cast" => self.cast(),
            "convert" => self.convert(),
            "extract" => self.extract(),
            "position" => self.position(),
            "trim" => self.trim(),
            "char" => self.char(),
            "substring" | "substr" | "mid" => self.substring(),
            "get_format" => self.get_format(),
            "timestampdiff" => self.timestampdiff(),
            "timestampadd" => self.timestampadd(),
            "date_add" | "adddate" => self.add_interval("+"),
            "date_sub" | "subdate" => self.add_interval("-"),
            "binary" => {
                let inner = self.list()?.pop()?;
                Some(Node::Cast(inner.into(), BINARY.to_owned()))
            }
            _ => self.list().map(Node::Row),
        }
    }

    /// `date_add(d, interval 1 day)` is printed as `d + interval 1 day`.
    fn add_interval(&mut self, sign: &str) -> Option<Node> {
        let mut arguments = self.list()?.into_iter();
        let (Some(date), Some(amount), None) = (arguments.next(), arguments.next(), arguments.next()) else {
            return None;
        };
        let amount = match amount {
            Node::Interval(..) => amount,
            days => Node::Interval(days.into(), "day".to_owned()),
        };
        Some(binary(operator(sign)?, date, amount))
    }

    fn cast(&mut self) -> Option<Node> {
        self.mark("(");
        let inner = self.expression(0)?;
        if !self.word("as") {
            return None;
        }
        self.cast_to(inner)
    }

    /// The type of a cast, up to the end of its parentheses.
    fn cast_to(&mut self, inner: Node) -> Option<Node> {
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
        Some(Node::Cast(inner.into(), cast_type(&ty)))
    }

    fn convert(&mut self) -> Option<Node> {
        self.mark("(");
        let inner = self.expression(0)?;
        if self.mark(",") {
            return self.cast_to(inner);
        }
        if !self.word("using") {
            return None;
        }
        let charset = self.bare()?.to_ascii_lowercase();
        // Bytes are given a character set where they stand alone, see `char`.
        let inner = match inner {
            Node::Convert(bytes, _) if matches!(&*bytes, Node::Char(_, None)) => bytes,
            other => other.into(),
        };
        self.mark(")").then_some(Node::Convert(inner, charset))
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

    /// `trim(both 'x' from a)`: spaces need not be said, and one side of them has a function of its own.
    fn trim(&mut self) -> Option<Node> {
        self.mark("(");
        let side = ["both", "leading", "trailing"].into_iter().find(|side| self.word(side));
        let what = match self.at_word("from") {
            true => None,
            false => Some(self.expression(0)?),
        };
        let (what, of) = match self.word("from") {
            true => (what, self.expression(0)?),
            false => (None, what?),
        };
        if !self.mark(")") {
            return None;
        }
        let side = side.unwrap_or("both");
        Some(match what {
            Some(what) => Node::Trim(side, what.into(), of.into()),
            None => {
                let function = match side {
                    "leading" => "ltrim",
                    "trailing" => "rtrim",
                    _ => "trim",
                };
                Node::Call(function.to_owned(), vec![of])
            }
        })
    }

    /// `char(65 using utf8mb4)`; without a character set the bytes are read as the connection's where a column is near.
    fn char(&mut self) -> Option<Node> {
        self.mark("(");
        let mut codes = vec![self.expression(0)?];
        while self.mark(",") {
            codes.push(self.expression(0)?);
        }
        let charset = match self.word("using") {
            true => Some(self.bare()?.to_ascii_lowercase()),
            false => None,
        };
        let bytes = charset.is_none() && !self.keeps_bytes;
        let node = Node::Char(codes, charset);
        self.mark(")").then(|| match bytes {
            true => Node::Convert(node.into(), "utf8mb4".to_owned()),
            false => node,
        })
    }

    /// `substring(a from 2 for 3)`.
    fn substring(&mut self) -> Option<Node> {
        self.mark("(");
        let mut arguments = vec![self.expression(0)?];
        while self.mark(",") || self.word("from") || self.word("for") {
            arguments.push(self.expression(0)?);
        }
        self.mark(")").then_some(Node::Call("substr".to_owned(), arguments))
    }

    /// `get_format(date, 'EUR')`.
    fn get_format(&mut self) -> Option<Node> {
        self.mark("(");
        let what = self.bare()?.to_ascii_uppercase();
        if !self.mark(",") {
            return None;
        }
        let format = self.expression(0)?;
        self.mark(")").then_some(Node::Unit("get_format", what, vec![format]))
    }

    fn timestampdiff(&mut self) -> Option<Node> {
        let (unit, arguments) = self.unit_and_two()?;
        Some(Node::Unit("timestampdiff", unit.to_ascii_uppercase(), arguments))
    }

    /// `timestampadd(day, 1, d)` is printed as `d + interval 1 day`.
    fn timestampadd(&mut self) -> Option<Node> {
        let (unit, mut arguments) = self.unit_and_two()?;
        let (date, amount) = (arguments.pop()?, arguments.pop()?);
        let interval = Node::Interval(amount.into(), unit.to_ascii_lowercase());
        Some(binary(operator("+")?, date, interval))
    }

    fn unit_and_two(&mut self) -> Option<(String, Vec<Node>)> {
        self.mark("(");
        let unit = self.bare()?;
        let unit = unit
            .get(..8)
            .filter(|start| start.eq_ignore_ascii_case("sql_tsi_"))
            .map_or(unit.clone(), |_| unit[8..].to_owned());
        let mut arguments = Vec::new();
        while self.mark(",") {
            arguments.push(self.expression(0)?);
        }
        (self.mark(")") && arguments.len() == 2).then_some((unit, arguments))
    }
}

/// The type of a cast in its one spelling.
fn cast_type(ty: &str) -> String {
    let ty = ty.replace(" character set ", " charset ");
    let (word, rest) = ty.split_at(ty.find(['(', ' ']).unwrap_or(ty.len()));
    match (word, rest) {
        ("signed" | "integer" | "int", _) => "signed".to_owned(),
        ("unsigned", _) => "unsigned".to_owned(),
        ("decimal", "") => "decimal(10,0)".to_owned(),
        ("decimal", digits) if !digits.contains(',') => format!("decimal{},0)", digits.trim_end_matches(')')),
        ("binary", length) => format!("char{length} charset binary"),
        ("nchar", length) => format!("char{length} charset utf8mb3"),
        ("char", rest) if !rest.contains("charset") => format!("char{rest}{CHARSET}"),
        _ => ty,
    }
}

/// A function by the name that the server prints.
pub(super) fn call(name: &str, mut arguments: Vec<Node>) -> Node {
    let printed = match (name, arguments.len()) {
        ("length", 1) => "octet_length",
        ("character_length", 1) => "char_length",
        ("lower", 1) => "lcase",
        ("upper", 1) => "ucase",
        ("ceil", 1) => "ceiling",
        ("sha1", 1) => "sha",
        ("nvl", 2) => "ifnull",
        ("day", 1) => "dayofmonth",
        ("json_merge", _) => "json_merge_preserve",
        ("power", 2) => "pow",
        ("now" | "localtime" | "localtimestamp", _) => "current_timestamp",
        ("current_date", 0) => "curdate",
        ("current_time", _) => "curtime",
        // What more there is to say of these is said.
        ("round" | "yearweek", 1) => {
            arguments.push(atom("0"));
            name
        }
        ("weekofyear", 1) => {
            arguments.push(atom("3"));
            "week"
        }
        ("bin" | "oct", 1) => {
            arguments.extend([atom("10"), atom(if name == "bin" { "2" } else { "8" })]);
            "conv"
        }
        ("instr", 2) => {
            arguments.reverse();
            "locate"
        }
        ("isnull", 1) => return Node::Is(arguments.remove(0).into(), "null", false),
        ("chr", 1) => return Node::Char(arguments, Some("utf8mb4".to_owned())),
        ("date" | "time" | "timestamp", 1) => {
            let ty = if name == "timestamp" { "datetime" } else { name };
            return Node::Cast(arguments.remove(0).into(), ty.to_owned());
        }
        ("datediff", 2) => {
            let day = |node| Node::Call("to_days".to_owned(), vec![node]);
            let (right, left) = (arguments.remove(1), arguments.remove(0));
            let minus = operator("-").expect("it is in the table");
            return binary(minus, day(left), day(right));
        }
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

fn atom(text: &str) -> Node {
    Node::Atom(text.to_owned())
}
