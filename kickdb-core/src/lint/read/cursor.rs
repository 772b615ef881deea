use std::ops::Range;

use crate::lex::{Kind, Token};

/// Goes along the words of a piece of SQL, comments and white space left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'s> {
    tokens: &'s [Token<'s>],
    at: usize,
}

impl<'s> Cursor<'s> {
    pub(crate) fn new(tokens: &'s [Token<'s>]) -> Self {
        Self { tokens, at: 0 }
    }

    /// What comes next.
    pub(crate) fn peek(&self) -> Option<&'s Token<'s>> {
        self.tokens.get(self.at)
    }

    /// Whether nothing comes next.
    pub(crate) fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// What is left.
    pub(crate) fn rest(&self) -> &'s [Token<'s>] {
        &self.tokens[self.at.min(self.tokens.len())..]
    }

    /// Takes what comes next.
    pub(crate) fn next(&mut self) -> Option<&'s Token<'s>> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some(token)
    }

    /// Whether these words come next, whatever their case.
    pub(crate) fn is(&self, words: &str) -> bool {
        let mut at = self.at;
        words.split(' ').all(|word| {
            let found = self.tokens.get(at).is_some_and(|token| is(token, word));
            at += 1;
            found
        })
    }

    /// Takes these words, all of them or none.
    pub(crate) fn eat(&mut self, words: &str) -> bool {
        let found = self.is(words);
        if found {
            self.at += words.split(' ').count();
        }
        found
    }

    /// Takes the first of these that comes next.
    pub(crate) fn eat_any(&mut self, choices: &[&'static str]) -> Option<&'static str> {
        choices.iter().copied().find(|words| self.eat(words))
    }

    /// Takes a name without a schema.
    pub(crate) fn word(&mut self) -> Option<String> {
        let token = self.peek()?;
        if !matches!(token.kind, Kind::Word | Kind::Quoted) {
            return None;
        }
        self.at += 1;
        Some(unquoted(token))
    }

    /// Takes a name, with its schema where there is one.
    pub(crate) fn name(&mut self) -> Option<ObjectName> {
        let mut schema = None;
        let mut name = self.word()?;
        // Of `database.schema.table` the last two count.
        while self.is(".") {
            self.at += 1;
            match self.word() {
                Some(next) => schema = Some(std::mem::replace(&mut name, next)),
                None => break,
            }
        }
        Some(ObjectName::new(schema, name))
    }

    /// Takes names with commas between.
    pub(crate) fn names(&mut self) -> Vec<ObjectName> {
        let mut names = Vec::new();
        while let Some(name) = self.name() {
            names.push(name);
            // `TRUNCATE a *, b`
            self.eat("*");
            if !self.eat(",") {
                break;
            }
        }
        names
    }

    /// Takes what stands in parentheses, without them.
    pub(crate) fn parenthesized(&mut self) -> Option<&'s [Token<'s>]> {
        if !self.eat("(") {
            return None;
        }
        let start = self.at;
        let mut depth = 1_usize;
        while let Some(token) = self.next() {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(&self.tokens[start..self.at - 1]);
            }
        }
        Some(&self.tokens[start..])
    }

    /// Takes the names in parentheses; what is no name there (an expression, a length) is left out.
    pub(crate) fn columns(&mut self) -> Option<Vec<String>> {
        let inner = self.parenthesized()?;
        let first = |part: &'s [Token<'s>]| match part {
            // An expression is no column.
            [_, next, ..] if next.text == "(" && !part.get(2).is_some_and(is_number) => None,
            part => Cursor::new(part).word(),
        };
        Some(commas(inner).into_iter().filter_map(first).collect())
    }

    /// Takes everything up to a word of the list, or a comma, outside of parentheses.
    pub(crate) fn until(&mut self, ends: &[&str]) -> &'s [Token<'s>] {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ if depth == 0 && (token.text == "," || ends.iter().any(|word| is(token, word))) => break,
                _ => {}
            }
            self.at += 1;
        }
        &self.tokens[start..self.at]
    }

    /// Whether these words stand anywhere in what is left, outside of parentheses.
    pub(crate) fn has(&self, words: &str) -> bool {
        let mut depth = 0_usize;
        for at in self.at..self.tokens.len() {
            match self.tokens[at].text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ if depth == 0
                    && (Self {
                        tokens: self.tokens,
                        at,
                    })
                    .is(words) =>
                {
                    return true;
                }
                _ => {}
            }
        }
        false
    }
}

fn is_number(token: &Token<'_>) -> bool {
    token.text.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a token is a word, in whatever case, or a sign. A name in quotes is none.
pub(crate) fn is(token: &Token<'_>, word: &str) -> bool {
    !matches!(token.kind, Kind::Quoted | Kind::Text) && token.text.eq_ignore_ascii_case(word)
}

/// Cuts at the commas outside of parentheses.
pub(crate) fn commas<'s>(tokens: &'s [Token<'s>]) -> Vec<&'s [Token<'s>]> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                parts.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The bytes from the first of these to the last.
pub(crate) fn span(tokens: &[Token<'_>]) -> Range<usize> {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.start..last.start + last.text.len(),
        _ => 0..0,
    }
}

/// The tokens as one text in lower case, with a space between words only: `varchar(255)`, `timestamp with time zone`.
pub(crate) fn text(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut after_word = false;
    for token in tokens {
        let word = !matches!(token.kind, Kind::Sign);
        if word && after_word {
            text.push(' ');
        }
        match token.kind {
            Kind::Text | Kind::Quoted => text.push_str(token.text),
            _ => text.push_str(&token.text.to_ascii_lowercase()),
        }
        after_word = word;
    }
    text
}

fn unquoted(token: &Token<'_>) -> String {
    if token.kind != Kind::Quoted || token.text.len() < 2 {
        return token.text.to_owned();
    }
    let last = token.text.chars().next_back().map_or(1, char::len_utf8);
    let inner = &token.text[1..(token.text.len() - last).max(1)];
    let quote = &token.text[token.text.len() - last..];
    inner.replace(&quote.repeat(2), quote)
}

/// A name as a statement says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectName {
    /// The schema, where one is said and it is not the usual one.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}

impl ObjectName {
    fn new(schema: Option<String>, name: String) -> Self {
        // What an engine puts there by itself when nothing is said.
        let usual = |schema: &String| {
            ["public", "main"]
                .iter()
                .any(|usual| schema.eq_ignore_ascii_case(usual))
        };
        Self {
            schema: schema.filter(|schema| !usual(schema)),
            name,
        }
    }

    /// The name as it is compared. Case is not told apart: bare words fold in one way or another on every engine.
    pub(crate) fn key(&self) -> String {
        self.to_string().to_lowercase()
    }
}

impl std::fmt::Display for ObjectName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
