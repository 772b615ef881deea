use crate::dialect::sqlite::token::{Kind, Token, tokens};
use crate::ident::Name;

/// A place in the tokens of a statement.
pub(super) struct Cursor<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(sql: &'a str) -> Result<Self, String> {
        Ok(Self {
            tokens: tokens(sql)?,
            at: 0,
        })
    }

    pub(super) fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(super) fn peek_kind(&self) -> Option<Kind> {
        self.peek().map(|token| token.kind)
    }

    /// Whether these words come next.
    pub(super) fn sees(&self, words: &[&str]) -> bool {
        let next = &self.tokens[self.at..];
        next.len() >= words.len() && words.iter().zip(next).all(|(word, token)| token.is(word))
    }

    /// Goes past these words if they come next.
    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let seen = self.sees(words);
        if seen {
            self.at += words.len();
        }
        seen
    }

    pub(super) fn eat_kind(&mut self, kind: Kind) -> bool {
        let seen = self.peek_kind() == Some(kind);
        if seen {
            self.at += 1;
        }
        seen
    }

    pub(super) fn expect(&mut self, words: &[&str]) -> Result<(), String> {
        if self.eat(words) {
            return Ok(());
        }
        Err(format!(
            "`{}` was expected, {} was found",
            words.join(" "),
            self.found()
        ))
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, String> {
        let token = self.peek().copied().ok_or("the statement ends too early")?;
        self.at += 1;
        Ok(token)
    }

    pub(super) fn name(&mut self) -> Result<Name, String> {
        if !self.peek().is_some_and(Token::is_name) {
            return Err(format!("a name was expected, {} was found", self.found()));
        }
        let token = self.next()?;
        Name::new(token.unquoted().into_owned()).map_err(|error| error.to_string())
    }

    /// A name with or without a schema in front of it.
    pub(super) fn qualified_name(&mut self) -> Result<Name, String> {
        let name = self.name()?;
        if self.eat_kind(Kind::Dot) {
            self.name()
        } else {
            Ok(name)
        }
    }

    /// What stands between the parenthesis that comes next and the one that closes it.
    pub(super) fn parentheses(&mut self) -> Result<Vec<Token<'a>>, String> {
        if !self.eat_kind(Kind::Open) {
            return Err(format!("`(` was expected, {} was found", self.found()));
        }
        let start = self.at;
        let mut depth = 1;
        loop {
            match self.next()?.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(self.tokens[start..self.at - 1].to_vec());
            }
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Whether nothing begins anew behind a semicolon in what is left; the body of a trigger ends at the last END.
    pub(super) fn ends_as_one_statement(&self, body: bool) -> bool {
        let mut rest = self.tokens[self.at..]
            .iter()
            .rev()
            .skip_while(|token| token.kind == Kind::Semicolon);
        if body {
            return rest.next().is_some_and(|token| token.is("END"));
        }
        rest.all(|token| token.kind != Kind::Semicolon)
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> Vec<Token<'a>> {
        let rest = self.tokens[self.at..].to_vec();
        self.at = self.tokens.len();
        rest
    }

    fn found(&self) -> String {
        self.peek()
            .map_or_else(|| "its end".to_owned(), |token| format!("`{}`", token.text))
    }
}

/// The text of tokens, for the one spelling to be made of it.
pub(super) fn text(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
}

/// The parts of a list, cut at the commas that are not inside parentheses.
pub(super) fn list<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0_usize;
    tokens
        .split(|token| {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && token.kind == Kind::Comma
        })
        .collect()
}
