//! The beginning of a `CREATE` statement: enough of it to know what it makes, and on which table.

use crate::ident::{Name, Qualified};
use crate::lex::{Kind, Lexis, Token, tokens};

/// Goes along the words of a statement.
pub(super) struct Head<'a> {
    pub(super) sql: &'a str,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) at: usize,
    /// Whether bare words are folded to lower case.
    folds: bool,
}

impl<'a> Head<'a> {
    pub(super) fn new(sql: &'a str, lexis: Lexis, folds: bool) -> Self {
        let solid = tokens(sql, lexis).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
        Self {
            sql,
            tokens: solid.collect(),
            at: 0,
            folds,
        }
    }

    fn is(&self, at: usize, word: &str) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|token| token.kind != Kind::Quoted && token.text.eq_ignore_ascii_case(word))
    }

    /// Takes these words, all of them or none.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let words = words.split(' ').collect::<Vec<_>>();
        let all = words.iter().enumerate().all(|(n, word)| self.is(self.at + n, word));
        if all {
            self.at += words.len();
        }
        all
    }

    /// Takes a name, with its schema where there is one.
    pub(super) fn name(&mut self) -> Option<Qualified> {
        let first = self.part()?;
        if !self.eat(".") {
            return Some(Qualified::local(first));
        }
        let name = self.part()?;
        Some(Qualified {
            schema: Some(first),
            name,
        })
    }

    fn part(&mut self) -> Option<Name> {
        let token = self.tokens.get(self.at)?;
        let text = match token.kind {
            Kind::Quoted if token.text.len() > 2 => {
                let quote = &token.text[token.text.len() - 1..];
                token.text[1..token.text.len() - 1].replace(&quote.repeat(2), quote)
            }
            Kind::Word if self.folds => token.text.to_lowercase(),
            Kind::Word => token.text.to_owned(),
            _ => return None,
        };
        self.at += 1;
        Name::new(text).ok()
    }

    /// Goes to behind the first such word outside of parentheses.
    pub(super) fn skip_past(&mut self, word: &str) -> bool {
        let mut depth = 0_usize;
        for at in self.at..self.tokens.len() {
            match self.tokens[at].text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ if depth == 0 && self.is(at, word) => {
                    self.at = at + 1;
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    /// Takes what stands in parentheses, cut at its commas.
    pub(super) fn list(&mut self) -> Option<Vec<&'a str>> {
        if !self.eat("(") {
            return None;
        }
        let mut depth = 1_usize;
        let mut start = self.tokens.get(self.at)?.start;
        let mut parts = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 || depth == 1 && token.text == "," {
                let part = self.sql[start..token.start].trim();
                if !part.is_empty() {
                    parts.push(part);
                }
                start = token.start + token.text.len();
            }
            if depth == 0 {
                return Some(parts);
            }
        }
        None
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'a str {
        self.tokens
            .get(self.at)
            .map_or("", |token| self.sql[token.start..].trim_end())
    }
}
