//! Procedures and functions.

use super::{ORACLE_MODES, Reader, local};
use crate::dialect::Types;
use crate::dialect::mysql::Mysql;
use crate::dialect::mysql::objects::SQL_MODE;
use crate::dialect::mysql::objects::define::{Characteristics, Parameter, Routine};
use crate::dialect::mysql::syntax::unquote;
use crate::ir::{Object, ObjectId, ObjectKind};

impl Reader<'_> {
    pub(super) fn routine(&mut self, kind: ObjectKind, definer: Option<String>) -> Option<(ObjectId, Object)> {
        let name = self.name()?;
        // In the mode ORACLE the way of a parameter stands behind its name, and a function says RETURN.
        let (parameters, mut oracle) = self.parameters()?;
        let returns = match kind {
            ObjectKind::Function if self.word("returns") => Some(self.ty(CHARACTERISTICS)?),
            ObjectKind::Function if self.word("return") => {
                oracle = true;
                Some(self.ty(CHARACTERISTICS)?)
            }
            ObjectKind::Function => return None,
            _ => None,
        };
        let characteristics = self.characteristics()?;
        oracle |= self
            .peek()
            .is_some_and(|token| token.text.eq_ignore_ascii_case("as") || token.text.eq_ignore_ascii_case("is"));
        let routine = Routine {
            name: name.clone(),
            definer,
            parameters,
            returns,
            characteristics,
            body: self.rest(),
            oracle,
        };
        let mut object = Object::new(routine.sql());
        if oracle {
            object.facets.insert(SQL_MODE.to_owned(), ORACLE_MODES.to_owned());
        }
        Some((ObjectId::new(kind, local(&name)?), object))
    }

    /// The parameters, and whether they are those of the mode `ORACLE`, which has no empty lists either.
    fn parameters(&mut self) -> Option<(Vec<Parameter>, bool)> {
        let mut parameters = Vec::new();
        if !self.sign("(") {
            return Some((parameters, true));
        }
        let mut oracle = false;
        while !self.sign(")") {
            let mode = self.mode();
            let name = self.name()?;
            let behind = self.mode();
            oracle |= behind.is_some();
            let mode = mode.or(behind).unwrap_or_else(|| "IN".to_owned());
            let ty = self.ty(&[])?;
            parameters.push(Parameter { mode, name, ty });
            self.sign(",");
        }
        Some((parameters, oracle))
    }

    fn mode(&mut self) -> Option<String> {
        if self.word("in") {
            // `IN OUT`, as the mode ORACLE has it.
            return Some(if self.word("out") { "INOUT" } else { "IN" }.to_owned());
        }
        let mode = ["inout", "out"].into_iter().find(|mode| self.word(mode));
        mode.map(str::to_ascii_uppercase)
    }

    /// A type up to a comma, a closing parenthesis or one of some words.
    fn ty(&mut self, until: &[&str]) -> Option<String> {
        let start = self.peek()?.start;
        let mut end = start;
        let mut charset = String::new();
        while let Some(token) = self.peek().copied() {
            let is = |word: &str| token.text.eq_ignore_ascii_case(word);
            if matches!(token.text, "," | ")") || until.iter().any(|word| is(word)) {
                break;
            }
            if is("charset") || is("character") {
                self.at += 1;
                self.word("set");
                charset.push_str(&format!(" CHARSET {}", self.peek()?.text.to_ascii_lowercase()));
                self.at += 1;
                continue;
            }
            if is("collate") {
                self.at += 1;
                charset.push_str(&format!(" COLLATE {}", self.peek()?.text.to_ascii_lowercase()));
                self.at += 1;
                continue;
            }
            if token.text == "(" {
                self.parentheses()?;
            } else {
                self.at += 1;
            }
            let last = self.tokens.get(self.at.checked_sub(1)?)?;
            end = last.start + last.text.len();
        }
        let spelled = Mysql.parse(&self.sql[start..end]).ok()?;
        let spelled = Mysql.format(&spelled).ok()?;
        Some(format!("{spelled}{charset}"))
    }

    fn characteristics(&mut self) -> Option<Characteristics> {
        let mut read = Characteristics::default();
        loop {
            if self.word("language") {
                self.word("sql");
            } else if self.word("deterministic") {
                read.deterministic = true;
            } else if self.word("not") {
                self.word("deterministic");
                read.deterministic = false;
            } else if self.word("contains") {
                self.word("sql");
                read.data = None;
            } else if self.word("no") {
                self.word("sql");
                read.data = Some("NO SQL".to_owned());
            } else if self.word("reads") || self.word("modifies") {
                let verb = self.tokens.get(self.at - 1)?.text.to_ascii_uppercase();
                self.word("sql");
                self.word("data");
                read.data = Some(format!("{verb} SQL DATA"));
            } else if self.word("sql") {
                read.invoker = self.security()?;
            } else if self.word("comment") {
                read.comment = unquote(self.peek()?.text)?;
                self.at += 1;
            } else {
                return Some(read);
            }
        }
    }
}

/// Words that end the type of a function's value.
const CHARACTERISTICS: &[&str] = &[
    "language",
    "deterministic",
    "not",
    "contains",
    "no",
    "reads",
    "modifies",
    "sql",
    "comment",
    "as",
    "is",
    "begin",
    "return",
    "if",
    "case",
    "select",
];
