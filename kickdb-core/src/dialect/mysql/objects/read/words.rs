//! The words of a statement, one after the other.

use super::{Reader, unquoted};
use crate::dialect::mysql::syntax::unquote;
use crate::lex::{Kind, Token};

impl<'a> Reader<'a> {
    pub(super) fn security(&mut self) -> Option<bool> {
        (self.word("security")).then(|| {
            let invoker = self.word("invoker");
            self.word("definer");
            invoker
        })
    }

    /// `user@host`; `None` inside for whoever runs the statement.
    pub(super) fn account(&mut self) -> Option<Option<String>> {
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
    pub(super) fn name(&mut self) -> Option<String> {
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

    pub(super) fn upper(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| token.kind == Kind::Word)?;
        let word = token.text.to_ascii_uppercase();
        self.at += 1;
        Some(word)
    }

    pub(super) fn parentheses(&mut self) -> Option<()> {
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

    pub(super) fn rest(&self) -> String {
        self.peek().map_or("", |token| &self.sql[token.start..]).to_owned()
    }

    pub(super) fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(super) fn word(&mut self, word: &str) -> bool {
        let here = self.peek();
        let here = here.is_some_and(|token| token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word));
        self.at += usize::from(here);
        here
    }

    pub(super) fn sign(&mut self, sign: &str) -> bool {
        let here = self.peek().is_some_and(|token| token.text == sign);
        self.at += usize::from(here);
        here
    }
}
