//! Statements that make objects, as users write them. The body and a view's query stay as they are written.

mod event;
mod routine;
mod sequence;
mod words;

use std::collections::BTreeMap;

use super::define::{Trigger, View};
use super::order::{FOLLOWS, PRECEDES};
use crate::ident::{Name, Qualified};
use crate::ir::{Object, ObjectId, ObjectKind};
use crate::lex::{Kind, Lexis, Token, tokens};

/// What the server makes of the mode `ORACLE`, as far as it changes what a statement means.
const ORACLE_MODES: &str = "PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ORACLE";

pub(super) fn read(sql: &str) -> Result<(ObjectId, Object), String> {
    let mut reader = Reader::new(sql);
    reader.object().ok_or_else(|| {
        let head: String = sql.chars().take(60).collect();
        format!(
            "`{head}` is no statement that makes a view, trigger, function, procedure, event or sequence; write the whole `CREATE …`"
        )
    })
}

/// What a trigger, routine or event does, as its statement says it: its kind, its name and its body.
pub(in crate::dialect::mysql) fn body(sql: &str) -> Option<(ObjectKind, Name, String)> {
    let mut reader = Reader::new(sql);
    let (id, _) = reader.object()?;
    let has_body = !matches!(id.kind, ObjectKind::View | ObjectKind::Sequence);
    has_body.then(|| (id.kind, id.name.name, reader.rest()))
}

/// The name of a view and its query, as its statement says them.
pub(in crate::dialect::mysql) fn select(sql: &str) -> Option<(String, String)> {
    let mut reader = Reader::new(sql);
    while !reader.word("view") {
        reader.peek()?;
        reader.at += 1;
    }
    let name = reader.name()?;
    reader.word("as").then(|| (name, reader.query().0))
}

/// The moment of a trigger: whether it runs before or after what happens to its table, and what that is.
pub(super) fn moment(sql: &str) -> Option<(String, String)> {
    let mut reader = Reader::new(sql);
    while !reader.word("trigger") {
        reader.peek()?;
        reader.at += 1;
    }
    reader.name()?;
    Some((reader.upper()?, reader.upper()?))
}

struct Reader<'a> {
    sql: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(sql: &'a str) -> Self {
        let sql = sql.trim().trim_end_matches(';').trim_end();
        let solid = tokens(sql, Lexis::MYSQL).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
        Self {
            sql,
            tokens: solid.collect(),
            at: 0,
        }
    }

    fn object(&mut self) -> Option<(ObjectId, Object)> {
        if !self.word("create") {
            return None;
        }
        if self.word("or") && !self.word("replace") {
            return None;
        }
        let mut algorithm = None;
        let mut definer = None;
        let mut invoker = false;
        loop {
            if self.word("algorithm") {
                self.sign("=");
                algorithm = Some(self.upper()?);
            } else if self.word("definer") {
                self.sign("=");
                definer = self.account()?;
            } else if self.word("sql") {
                invoker = self.security()?;
            } else if !self.word("aggregate") {
                break;
            }
        }
        let kind = self.upper()?;
        for word in ["if", "not", "exists"] {
            self.word(word);
        }
        match kind.as_str() {
            "VIEW" => self.view(algorithm, definer, invoker),
            "TRIGGER" => self.trigger(definer),
            "FUNCTION" => self.routine(ObjectKind::Function, definer),
            "PROCEDURE" => self.routine(ObjectKind::Procedure, definer),
            "EVENT" => self.event(definer),
            "SEQUENCE" => self.sequence(),
            _ => None,
        }
    }

    fn view(
        &mut self,
        algorithm: Option<String>,
        definer: Option<String>,
        invoker: bool,
    ) -> Option<(ObjectId, Object)> {
        let name = self.name()?;
        let start = self.peek()?.start;
        if self.peek()?.text == "(" {
            self.parentheses()?;
        }
        let columns = self.sql[start..self.peek()?.start].trim().to_owned();
        if !self.word("as") {
            return None;
        }
        let (select, check) = self.query();
        let view = View {
            name: name.clone(),
            columns,
            algorithm,
            definer,
            invoker,
            select,
            check,
        };
        Some((ObjectId::new(ObjectKind::View, local(&name)?), Object::new(view.sql())))
    }

    /// The rest of a view: its query, and what is checked of rows that are written through it.
    fn query(&self) -> (String, Option<String>) {
        let rest = self.rest();
        let words: Vec<&Token<'_>> = self.tokens[self.at..].iter().collect();
        let is = |token: &Token<'_>, word: &str| token.text.eq_ignore_ascii_case(word);
        let (at, kind) = match &words[..] {
            [.., with, kind, check, option] if is(with, "with") && is(check, "check") && is(option, "option") => {
                (with.start, kind.text.to_ascii_uppercase())
            }
            [.., with, check, option] if is(with, "with") && is(check, "check") && is(option, "option") => {
                (with.start, "CASCADED".to_owned())
            }
            _ => return (rest, None),
        };
        let start = self.tokens.get(self.at).map_or(at, |token| token.start);
        (self.sql[start..at].trim_end().to_owned(), Some(kind))
    }

    fn trigger(&mut self, definer: Option<String>) -> Option<(ObjectId, Object)> {
        let name = self.name()?;
        let (timing, event) = (self.upper()?, self.upper()?);
        if !self.word("on") {
            return None;
        }
        let table = self.name()?;
        if !(self.word("for") && self.word("each") && self.word("row")) {
            return None;
        }
        let mut facets = BTreeMap::new();
        for beside in [FOLLOWS, PRECEDES] {
            if self.word(beside) {
                facets.insert(beside.to_owned(), self.name()?);
            }
        }
        let trigger = Trigger {
            name: name.clone(),
            table: table.clone(),
            definer,
            timing,
            event,
            body: self.rest(),
        };
        let id = ObjectId::on(ObjectKind::Trigger, local(&name)?, local(&table)?);
        let object = Object {
            facets,
            ..Object::new(trigger.sql())
        };
        Some((id, object))
    }
}

fn unquoted(text: &str) -> String {
    let bare = text.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
    bare.map_or_else(|| text.to_owned(), |name| name.replace("``", "`"))
}

fn local(name: &str) -> Option<Qualified> {
    Name::new(name).ok().map(Qualified::local)
}
