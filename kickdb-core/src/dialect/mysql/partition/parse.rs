use super::{Part, Partitioning, Parts, Rows, Settings, Subpartitioning};
use crate::dialect::mysql::expr;
use crate::dialect::mysql::syntax::{ident_str, unquote};
use crate::ident::Name;
use crate::lex::{Kind, Lexis, Token, tokens};

/// Reads what stands behind `PARTITION BY`; `None` where it is not understood. `columns` are those of the table.
pub(in crate::dialect::mysql) fn parse(sql: &str, columns: &[Name]) -> Option<Partitioning> {
    let solid = tokens(sql, Lexis::MYSQL).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let mut parser = Parser {
        sql,
        tokens: solid.collect(),
        at: 0,
        columns,
    };
    let read = parser.partitioning()?;
    (parser.at == parser.tokens.len()).then(|| read.settled())
}

struct Parser<'a> {
    sql: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
    columns: &'a [Name],
}

impl Parser<'_> {
    fn partitioning(&mut self) -> Option<Partitioning> {
        let (method, by) = self.head()?;
        let mut count = self.count("partitions")?;
        let mut sub = None;
        if self.word("subpartition") {
            if !self.word("by") {
                return None;
            }
            let (method, by) = self.head()?;
            let count = self.count("subpartitions")?.unwrap_or(0);
            sub = Some(Subpartitioning { method, by, count });
        }
        let parts = if self.sign("(") { self.parts()? } else { Vec::new() };
        if let Some(sub) = &mut sub
            && sub.count == 0
        {
            sub.count = parts.first().map_or(1, |part| part.subs.len().max(1));
        }
        if !parts.is_empty() {
            count = None;
        } else if method.ends_with("hash") || method.contains("key") {
            count = count.or(Some(1));
        }
        Some(Partitioning {
            method,
            by,
            sub,
            parts: count.map_or(Parts::Named(parts), Parts::Count),
        })
    }

    /// `range (year(d))`, `list columns (a, b)`, `linear key algorithm = 2 (a)`.
    fn head(&mut self) -> Option<(String, String)> {
        let linear = if self.word("linear") { "linear " } else { "" };
        if self.word("system_time") {
            return Some(("system_time".to_owned(), self.system_time()));
        }
        let method = ["range", "list", "hash", "key"]
            .into_iter()
            .find(|method| self.word(method))?;
        let over_columns = self.word("columns");
        let mut algorithm = "";
        if self.word("algorithm") {
            self.sign("=");
            // The second one is the usual one since MySQL 5.5.
            if self.tokens.get(self.at).is_some_and(|token| token.text == "1") {
                algorithm = " algorithm = 1";
            }
            self.at += 1;
        }
        let inner = self.parentheses()?;
        let by = match over_columns || method == "key" {
            true => self.names(&inner)?,
            false => expr::normalize(&inner, self.columns),
        };
        let columns = if over_columns { " columns" } else { "" };
        Some((format!("{linear}{method}{columns}{algorithm}"), by))
    }

    /// How the history of a versioned table is spread: by a number of rows, or by a span of time.
    fn system_time(&mut self) -> String {
        let start = self.at;
        let ends = |token: &Token<'_>| token.text == "(" || token.text.eq_ignore_ascii_case("partitions");
        while self.tokens.get(self.at).is_some_and(|token| !ends(token)) {
            self.at += 1;
        }
        let words: Vec<String> = self.tokens[start..self.at]
            .iter()
            .map(|token| match token.kind {
                Kind::Text => token.text.to_owned(),
                _ => token.text.to_ascii_lowercase(),
            })
            .collect();
        words.join(" ")
    }

    /// A number behind its word; `None` inside where the word is not there.
    fn count(&mut self, word: &str) -> Option<Option<usize>> {
        if !self.word(word) {
            return Some(None);
        }
        let count = self.tokens.get(self.at)?.text.parse().ok()?;
        self.at += 1;
        Some(Some(count))
    }

    fn parts(&mut self) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        loop {
            if !self.word("partition") {
                return None;
            }
            let name = self.name()?;
            let rows = self.rows()?;
            let settings = self.settings()?;
            let subs = if self.sign("(") { self.subs()? } else { Vec::new() };
            parts.push(Part {
                name,
                rows,
                settings,
                subs,
            });
            if !self.sign(",") {
                return self.sign(")").then_some(parts);
            }
        }
    }

    fn subs(&mut self) -> Option<Vec<(Name, Settings)>> {
        let mut subs = Vec::new();
        loop {
            if !self.word("subpartition") {
                return None;
            }
            subs.push((self.name()?, self.settings()?));
            if !self.sign(",") {
                return self.sign(")").then_some(subs);
            }
        }
    }

    fn rows(&mut self) -> Option<Rows> {
        for (word, rows) in [
            ("default", Rows::Default),
            ("history", Rows::History),
            ("current", Rows::Current),
        ] {
            if self.word(word) {
                return Some(rows);
            }
        }
        if !self.word("values") {
            return Some(Rows::Any);
        }
        if self.word("in") {
            let inner = self.parentheses()?;
            return Some(Rows::In(self.values(&inner)));
        }
        if !(self.word("less") && self.word("than")) {
            return None;
        }
        if self.word("maxvalue") {
            return Some(Rows::LessThan("MAXVALUE".to_owned()));
        }
        let inner = self.parentheses()?;
        Some(Rows::LessThan(self.values(&inner)))
    }

    /// What is said of a partition beside its rows; the engine is the table's.
    fn settings(&mut self) -> Option<Settings> {
        let mut settings = Settings::default();
        loop {
            let Some(token) = self.tokens.get(self.at) else {
                return Some(settings);
            };
            if token.kind != Kind::Word || token.text.eq_ignore_ascii_case("partition") {
                return Some(settings);
            }
            let mut what = token.text.to_ascii_lowercase();
            self.at += 1;
            // `STORAGE ENGINE`, `DATA DIRECTORY`
            for second in ["engine", "directory"] {
                if self.word(second) {
                    what = format!("{what} {second}");
                }
            }
            self.sign("=");
            let value = self.tokens.get(self.at)?;
            self.at += 1;
            let value = match value.kind {
                Kind::Text => unquote(value.text)?,
                _ => value.text.to_owned(),
            };
            if !what.ends_with("engine") {
                settings.set(&what, &value);
            }
        }
    }

    /// Values with commas between them, each in its one spelling; a value may be a list in parentheses.
    fn values(&self, sql: &str) -> String {
        values(sql, self.columns)
    }

    fn names(&self, sql: &str) -> Option<String> {
        let names = split(sql).into_iter().map(|name| {
            let bare = name.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
            let bare = bare.map_or(name.to_owned(), |name| name.replace("``", "`"));
            let known = self.columns.iter().map(Name::as_str);
            let known = known.into_iter().find(|known| known.eq_ignore_ascii_case(&bare));
            ident_str(known.unwrap_or(&bare))
        });
        Some(names.collect::<Vec<_>>().join(","))
    }

    fn name(&mut self) -> Option<Name> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        let text = token.text.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
        Name::new(text.map_or(token.text.to_owned(), |name| name.replace("``", "`"))).ok()
    }

    /// What stands between parentheses, as it is written.
    fn parentheses(&mut self) -> Option<String> {
        if !self.sign("(") {
            return None;
        }
        let start = self.tokens.get(self.at)?.start;
        let mut depth = 1_usize;
        while let Some(token) = self.tokens.get(self.at) {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(self.sql[start..token.start].to_owned());
            }
        }
        None
    }

    fn word(&mut self, word: &str) -> bool {
        let here = self.tokens.get(self.at);
        let here = here.is_some_and(|token| token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word));
        self.at += usize::from(here);
        here
    }

    fn sign(&mut self, sign: &str) -> bool {
        let here = self.tokens.get(self.at).is_some_and(|token| token.text == sign);
        self.at += usize::from(here);
        here
    }
}

/// The values of a partition, each in its one spelling.
pub(in crate::dialect::mysql) fn values(sql: &str, columns: &[Name]) -> String {
    let one = |value: &str| {
        let list = value.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
        match list {
            Some(inner) if split(value).len() == 1 => format!("({})", values(inner, columns)),
            _ if value.eq_ignore_ascii_case("maxvalue") => "MAXVALUE".to_owned(),
            _ => expr::normalize(value, columns),
        }
    };
    split(sql).into_iter().map(one).collect::<Vec<_>>().join(",")
}

/// The pieces between the commas that stand outside of parentheses.
pub(in crate::dialect::mysql) fn split(sql: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut depth) = (0, 0_i32);
    for token in tokens(sql, Lexis::MYSQL) {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 0 => {
                pieces.push(sql[start..token.start].trim());
                start = token.start + 1;
            }
            _ => {}
        }
    }
    pieces.push(sql[start..].trim());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}
