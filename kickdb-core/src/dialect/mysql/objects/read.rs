//! Statements that make objects, as users write them. The body and a view's query stay as they are written.

use std::collections::BTreeMap;

use super::SQL_MODE;
use super::define::{Characteristics, Event, Parameter, Routine, Schedule, Trigger, View};
use super::order::{FOLLOWS, PRECEDES};
use super::sequence::{Numbers, facets};
use crate::dialect::Types;
use crate::dialect::mysql::Mysql;
use crate::dialect::mysql::syntax::unquote;
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

    fn routine(&mut self, kind: ObjectKind, definer: Option<String>) -> Option<(ObjectId, Object)> {
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

    fn event(&mut self, definer: Option<String>) -> Option<(ObjectId, Object)> {
        let name = self.name()?;
        if !(self.word("on") && self.word("schedule")) {
            return None;
        }
        let text = |token: &Token<'_>| unquote(token.text);
        let schedule = if self.word("at") {
            let at = text(self.peek()?)?;
            self.at += 1;
            Schedule::At(at)
        } else if self.word("every") {
            let amount = self.peek()?.text.to_owned();
            self.at += 1;
            let amount = unquote(&amount)
                .filter(|amount| amount.parse::<u32>().is_ok())
                .unwrap_or(amount);
            let interval = format!("{amount} {}", self.upper()?);
            let mut bounds = [None, None];
            for (bound, word) in bounds.iter_mut().zip(["starts", "ends"]) {
                if self.word(word) {
                    *bound = Some(text(self.peek()?)?);
                    self.at += 1;
                }
            }
            let [starts, ends] = bounds;
            Schedule::Every { interval, starts, ends }
        } else {
            return None;
        };
        let mut preserve = false;
        if self.word("on") {
            self.word("completion");
            preserve = !self.word("not");
            self.word("preserve");
        }
        let mut state = None;
        if self.word("disable") {
            // On a replica it is disabled (`REPLICA` since MySQL 8.0.26 and MariaDB 10.5).
            let elsewhere = self.word("on") && (self.word("slave") || self.word("replica"));
            state = Some(if elsewhere { "DISABLE ON SLAVE" } else { "DISABLE" }.to_owned());
        } else {
            self.word("enable");
        }
        let mut comment = String::new();
        if self.word("comment") {
            comment = text(self.peek()?)?;
            self.at += 1;
        }
        if !self.word("do") {
            return None;
        }
        let event = Event {
            name: name.clone(),
            definer,
            schedule,
            preserve,
            state,
            comment,
            body: self.rest(),
        };
        Some((
            ObjectId::new(ObjectKind::Event, local(&name)?),
            Object::new(event.sql()),
        ))
    }

    fn sequence(&mut self) -> Option<(ObjectId, Object)> {
        let name = self.name()?;
        let (mut start, mut increment, mut least, mut most, mut cache, mut cycle) =
            (None, None, None, None, None, false);
        let (mut engine, mut comment) = (None, None);
        while self.peek().is_some() {
            if self.word("start") {
                start = Some(self.number("with")?);
            } else if self.word("increment") {
                increment = Some(self.number("by")?);
            } else if self.word("minvalue") {
                least = Some(self.number("")?);
            } else if self.word("maxvalue") {
                most = Some(self.number("")?);
            } else if self.word("cache") {
                cache = Some(self.number("")?);
            } else if self.word("nocache") {
                cache = Some(0);
            } else if self.word("cycle") {
                cycle = true;
            } else if self.word("engine") {
                self.sign("=");
                engine = Some(self.name()?);
            } else if self.word("comment") {
                self.sign("=");
                comment = Some(unquote(self.peek()?.text)?);
                self.at += 1;
            } else if self.word("nominvalue") || self.word("nomaxvalue") || self.word("nocycle") {
            } else {
                return None;
            }
        }
        let increment = increment.unwrap_or(1);
        let least = least.unwrap_or(if increment > 0 { 1 } else { i64::MIN + 2 });
        let most = most.unwrap_or(if increment > 0 { i64::MAX - 1 } else { -1 });
        let numbers = Numbers {
            start: start.unwrap_or(if increment > 0 { least } else { most }),
            increment,
            least,
            most,
            cache: cache.unwrap_or(1000),
            cycle,
        };
        let object = Object {
            facets: facets(&numbers, (engine, comment)),
            ..Object::default()
        };
        Some((ObjectId::new(ObjectKind::Sequence, local(&name)?), object))
    }

    fn number(&mut self, filler: &str) -> Option<i64> {
        if !filler.is_empty() {
            self.word(filler);
        }
        self.sign("=");
        let sign = if self.sign("-") { "-" } else { "" };
        let digits = self.peek()?.text;
        self.at += 1;
        format!("{sign}{digits}").parse().ok()
    }

    fn security(&mut self) -> Option<bool> {
        (self.word("security")).then(|| {
            let invoker = self.word("invoker");
            self.word("definer");
            invoker
        })
    }

    /// `user@host`; `None` inside for whoever runs the statement.
    fn account(&mut self) -> Option<Option<String>> {
        if self.word("current_user") {
            if self.sign("(") {
                self.sign(")");
            }
            return Some(None);
        }
        let bare = |token: &Token<'_>| match token.kind {
            Kind::Quoted => unquoted(token.text),
            _ => unquote(token.text).unwrap_or_else(|| token.text.to_owned()),
        };
        let user = bare(self.peek()?);
        self.at += 1;
        if !self.sign("@") {
            return Some(Some(user));
        }
        let host = bare(self.peek()?);
        self.at += 1;
        Some(Some(format!("{user}@{host}")))
    }

    /// A name; the database in front of it is the connection's own.
    fn name(&mut self) -> Option<String> {
        let token = *self.peek()?;
        if !matches!(token.kind, Kind::Word | Kind::Quoted) {
            return None;
        }
        self.at += 1;
        if self.sign(".") {
            return self.name();
        }
        Some(unquoted(token.text))
    }

    fn upper(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| token.kind == Kind::Word)?;
        let word = token.text.to_ascii_uppercase();
        self.at += 1;
        Some(word)
    }

    fn parentheses(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
        None
    }

    fn rest(&self) -> String {
        self.peek().map_or("", |token| &self.sql[token.start..]).to_owned()
    }

    fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at)
    }

    fn word(&mut self, word: &str) -> bool {
        let here = self.peek();
        let here = here.is_some_and(|token| token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word));
        self.at += usize::from(here);
        here
    }

    fn sign(&mut self, sign: &str) -> bool {
        let here = self.peek().is_some_and(|token| token.text == sign);
        self.at += usize::from(here);
        here
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

fn unquoted(text: &str) -> String {
    let bare = text.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
    bare.map_or_else(|| text.to_owned(), |name| name.replace("``", "`"))
}

fn local(name: &str) -> Option<Qualified> {
    Name::new(name).ok().map(Qualified::local)
}
