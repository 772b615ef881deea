//! PostgreSQL's lexical rules, as far as types and expressions need them.

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// An unquoted word, in lower case as the server folds it.
    Word(String),
    /// A quoted identifier, unquoted.
    Quoted(String),
    /// A number as it is written.
    Number(String),
    /// A text, unquoted.
    Text(String),
    /// A bit string as it is written.
    Bits(String),
    /// An operator, `::` among them.
    Op(String),
    /// One of `( ) [ ] , . ; :` or a parameter's `$`.
    Mark(char),
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(text) if text == word)
    }
}

/// Splits SQL into tokens, without white space and comments; `None` where a quote or comment does not end.
pub(super) fn tokenize(sql: &str) -> Option<Vec<Token>> {
    let mut lexer = Lexer { rest: sql };
    let mut tokens = Vec::new();
    while lexer.skip_blank()? {
        tokens.push(lexer.token()?);
    }
    Some(tokens)
}

struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    /// Whether anything is left after white space and comments.
    fn skip_blank(&mut self) -> Option<bool> {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with("--") {
                self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
            } else if self.rest.starts_with("/*") {
                self.skip_comment()?;
            } else {
                return Some(!self.rest.is_empty());
            }
        }
    }

    /// Block comments nest in PostgreSQL.
    fn skip_comment(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.rest = &self.rest[2..];
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.rest = &self.rest[2..];
                if depth == 0 {
                    return Some(());
                }
            } else {
                self.take(1)?;
            }
        }
    }

    fn take(&mut self, chars: usize) -> Option<&'a str> {
        let end = self
            .rest
            .char_indices()
            .nth(chars)
            .map_or(self.rest.len(), |(at, _)| at);
        if end == 0 {
            return None;
        }
        let (head, tail) = self.rest.split_at(end);
        self.rest = tail;
        Some(head)
    }

    fn take_while(&mut self, mut keep: impl FnMut(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len());
        let (head, tail) = self.rest.split_at(end);
        self.rest = tail;
        head
    }

    fn token(&mut self) -> Option<Token> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        let second = chars.next();
        match first {
            '\'' => self.quoted('\'').map(Token::Text),
            '"' => self.quoted('"').map(Token::Quoted),
            'e' | 'E' if second == Some('\'') => {
                self.take(1)?;
                self.escaped().map(Token::Text)
            }
            'b' | 'B' | 'x' | 'X' if second == Some('\'') => {
                let kind = self.take(1)?.to_lowercase();
                let digits = self.quoted('\'')?;
                Some(Token::Bits(format!("{kind}'{}'", digits.to_lowercase())))
            }
            '$' if !second.is_some_and(|c| c.is_ascii_digit()) => self.dollar_quoted().map(Token::Text),
            c if c.is_ascii_digit() || (c == '.' && second.is_some_and(|c| c.is_ascii_digit())) => {
                Some(Token::Number(self.number()))
            }
            c if c.is_alphabetic() || c == '_' => {
                let word = self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '$');
                Some(Token::Word(word.to_ascii_lowercase()))
            }
            ':' if second == Some(':') => self.take(2).map(|text| Token::Op(text.to_owned())),
            c if is_operator(c) => Some(Token::Op(self.operator())),
            _ => self.take(1).map(|_| Token::Mark(first)),
        }
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        self.rest = &self.rest[1..];
        loop {
            let end = self.rest.find(quote)?;
            text.push_str(&self.rest[..end]);
            self.rest = &self.rest[end + 1..];
            if !self.rest.starts_with(quote) {
                return Some(text);
            }
            text.push(quote);
            self.rest = &self.rest[1..];
        }
    }

    /// `E'…'`; escapes by number are left to the server, so the whole expression stays as it is written.
    fn escaped(&mut self) -> Option<String> {
        let mut text = String::new();
        self.rest = &self.rest[1..];
        loop {
            match self.take(1)? {
                "'" if self.rest.starts_with('\'') => {
                    self.take(1)?;
                    text.push('\'');
                }
                "'" => return Some(text),
                "\\" => match self.take(1)? {
                    "n" => text.push('\n'),
                    "t" => text.push('\t'),
                    "r" => text.push('\r'),
                    "b" => text.push('\u{8}'),
                    "f" => text.push('\u{c}'),
                    "x" | "u" | "U" | "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" => return None,
                    other => text.push_str(other),
                },
                other => text.push_str(other),
            }
        }
    }

    fn dollar_quoted(&mut self) -> Option<String> {
        let close = self.rest[1..].find('$')? + 2;
        let tag = &self.rest[..close];
        let body = &self.rest[close..];
        let end = body.find(tag)?;
        self.rest = &body[end + tag.len()..];
        Some(body[..end].to_owned())
    }

    fn number(&mut self) -> String {
        let mut text = self.take_while(|c| c.is_ascii_digit()).to_owned();
        if self.rest.starts_with('.') && !self.rest.starts_with("..") {
            self.rest = &self.rest[1..];
            text.push('.');
            text.push_str(self.take_while(|c| c.is_ascii_digit()));
        }
        let mut chars = self.rest.chars();
        if matches!(chars.next(), Some('e' | 'E')) {
            let sign = usize::from(matches!(chars.clone().next(), Some('+' | '-')));
            if chars.nth(sign).is_some_and(|c| c.is_ascii_digit()) {
                text.push('e');
                text.push_str(&self.rest[1..1 + sign]);
                self.rest = &self.rest[1 + sign..];
                text.push_str(self.take_while(|c| c.is_ascii_digit()));
            }
        }
        text
    }

    /// An operator of several characters ends in `+` or `-` only where it holds one of `~ ! @ # % ^ & | ? ` and the backtick.
    fn operator(&mut self) -> String {
        let mut end = self.rest.find(|c| !is_operator(c)).unwrap_or(self.rest.len());
        for comment in ["--", "/*"] {
            if let Some(at) = self.rest[..end].find(comment) {
                end = at;
            }
        }
        let mut text = &self.rest[..end];
        if !text.contains(['~', '!', '@', '#', '%', '^', '&', '|', '?', '`']) {
            while text.len() > 1 && text.ends_with(['+', '-']) {
                text = &text[..text.len() - 1];
            }
        }
        self.rest = &self.rest[text.len()..];
        text.to_owned()
    }
}

fn is_operator(c: char) -> bool {
    "+-*/<>=~!@#%^&|`?".contains(c)
}

/// Tokens that are read one after the other.
pub(super) struct Cursor<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(tokens: &'a [Token]) -> Self {
        Self { tokens, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn peek_nth(&self, n: usize) -> Option<&'a Token> {
        self.tokens.get(self.at + n)
    }

    pub(super) fn next(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.at);
        self.at += usize::from(token.is_some());
        token
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn rewind(&mut self, to: usize) {
        self.at = to;
    }

    /// Takes the word where it comes next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        self.words(&[word])
    }

    /// Takes the words where all of them come next.
    pub(super) fn words(&mut self, words: &[&str]) -> bool {
        let here = words
            .iter()
            .enumerate()
            .all(|(n, word)| self.peek_nth(n).is_some_and(|t| t.is_word(word)));
        self.at += if here { words.len() } else { 0 };
        here
    }

    /// Takes the mark where it comes next.
    pub(super) fn mark(&mut self, mark: char) -> bool {
        let here = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(here);
        here
    }

    /// Takes the operator where it comes next.
    pub(super) fn op(&mut self, op: &str) -> bool {
        let here = matches!(self.peek(), Some(Token::Op(text)) if text == op);
        self.at += usize::from(here);
        here
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Token {
        Token::Word(text.into())
    }

    #[test]
    fn reads_every_kind_of_token() {
        let tokens = tokenize(
            r#"A >= -1 AND "B c" <> 'it''s'::text /* a /* b */ c */ -- end
            OR x=-1.5e3 || E'a\'b\n' || $q$d'$q$ || b'01'"#,
        )
        .expect("it ends");
        let op = |text: &str| Token::Op(text.into());
        assert_eq!(
            tokens,
            [
                word("a"),
                op(">="),
                op("-"),
                Token::Number("1".into()),
                word("and"),
                Token::Quoted("B c".into()),
                op("<>"),
                Token::Text("it's".into()),
                op("::"),
                word("text"),
                word("or"),
                word("x"),
                op("="),
                op("-"),
                Token::Number("1.5e3".into()),
                op("||"),
                Token::Text("a'b\n".into()),
                op("||"),
                Token::Text("d'".into()),
                op("||"),
                Token::Bits("b'01'".into()),
            ]
        );
    }

    #[test]
    fn an_open_quote_or_comment_is_no_token() {
        for sql in ["'a", "\"a", "/* a", "$$a", r"E'\x41'"] {
            assert_eq!(tokenize(sql), None, "{sql}");
        }
    }

    #[test]
    fn json_operators_stay_whole() {
        let tokens = tokenize("a->>'b' @>c").expect("it ends");
        assert_eq!(tokens[1], Token::Op("->>".into()));
        assert_eq!(tokens[3], Token::Op("@>".into()));
    }
}
