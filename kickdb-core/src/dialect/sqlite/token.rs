//! SQL text cut into tokens the way SQLite cuts it (`sqlite3GetToken`).

use std::borrow::Cow;

/// What kind of token a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bare word: a keyword or an unquoted identifier.
    Word,
    /// An identifier in `"…"`, `` `…` `` or `[…]`.
    Quoted,
    /// A text in `'…'`.
    Text,
    /// A number.
    Number,
    /// A blob, `x'…'`.
    Blob,
    /// An operator.
    Operator,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `;`
    Semicolon,
    /// A bound value: `?1`, `:a`, `@a`, `$a`.
    Parameter,
}

/// One token, with the text as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Where it starts in the whole text, in bytes.
    pub(super) start: usize,
}

impl<'a> Token<'a> {
    /// Whether this is that bare word, in any case.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether this can stand where a name is expected. SQLite also takes a text in single quotes for a name there.
    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted | Kind::Text)
    }

    /// What a name or text says without its quotes.
    pub(super) fn unquoted(&self) -> Cow<'a, str> {
        let quote = match self.kind {
            Kind::Quoted | Kind::Text => &self.text[..1],
            _ => return Cow::Borrowed(self.text),
        };
        let inner = &self.text[1..self.text.len() - 1];
        if quote == "[" || !inner.contains(quote) {
            Cow::Borrowed(inner)
        } else {
            Cow::Owned(inner.replace(&quote.repeat(2), quote))
        }
    }
}

/// Cuts a text into tokens, without comments and white space.
pub(super) fn tokens(sql: &str) -> Result<Vec<Token<'_>>, String> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < sql.len() {
        let rest = &sql[at..];
        if let Some(skip) = blank(rest) {
            at += skip;
            continue;
        }
        let (kind, length) = one(rest)?;
        out.push(Token {
            kind,
            text: &rest[..length],
            start: at,
        });
        at += length;
    }
    Ok(out)
}

/// The length of the white space or comment that the text starts with.
fn blank(rest: &str) -> Option<usize> {
    if rest.starts_with(|c: char| c.is_ascii_whitespace()) {
        return Some(1);
    }
    if rest.starts_with("--") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    // An unclosed block comment reaches to the end of the text.
    rest.starts_with("/*")
        .then(|| rest.find("*/").map_or(rest.len(), |end| end + 2))
}

fn one(rest: &str) -> Result<(Kind, usize), String> {
    let bytes = rest.as_bytes();
    let first = bytes[0];
    Ok(match first {
        b'"' | b'`' => (Kind::Quoted, quoted(rest, first)?),
        b'[' => {
            let end = rest.find(']').ok_or_else(|| unclosed(rest))?;
            (Kind::Quoted, end + 1)
        }
        b'\'' => (Kind::Text, quoted(rest, first)?),
        b'x' | b'X' if bytes.get(1) == Some(&b'\'') => (Kind::Blob, 1 + quoted(&rest[1..], b'\'')?),
        b'(' => (Kind::Open, 1),
        b')' => (Kind::Close, 1),
        b',' => (Kind::Comma, 1),
        b';' => (Kind::Semicolon, 1),
        b'0'..=b'9' => (Kind::Number, number(bytes)),
        b'.' if bytes.get(1).is_some_and(u8::is_ascii_digit) => (Kind::Number, number(bytes)),
        b'.' => (Kind::Dot, 1),
        b'?' | b':' | b'@' | b'$' | b'#' => (Kind::Parameter, 1 + word(&rest[1..])),
        _ if is_word(first) => (Kind::Word, word(rest)),
        _ => (Kind::Operator, operator(rest)?),
    })
}

fn quoted(rest: &str, quote: u8) -> Result<usize, String> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return Ok(at + 1);
        }
    }
    Err(unclosed(rest))
}

fn unclosed(rest: &str) -> String {
    let start: String = rest.chars().take(20).collect();
    format!("the quote at `{start}` is never closed")
}

fn number(bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        let sign_of_exponent = matches!(bytes[at], b'+' | b'-')
            && matches!(bytes[at - 1], b'e' | b'E')
            && !bytes.starts_with(b"0x")
            && !bytes.starts_with(b"0X");
        if !(is_word(bytes[at]) || bytes[at] == b'.' || sign_of_exponent) {
            break;
        }
        at += 1;
    }
    at
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn word(rest: &str) -> usize {
    rest.bytes().position(|byte| !is_word(byte)).unwrap_or(rest.len())
}

fn operator(rest: &str) -> Result<usize, String> {
    const LONG_FIRST: &[&str] = &[
        "->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!=", "==", "=", "<", ">", "+", "-", "*", "/", "%", "&", "|",
        "~",
    ];
    LONG_FIRST
        .iter()
        .find(|operator| rest.starts_with(**operator))
        .map(|operator| operator.len())
        .ok_or_else(|| {
            let what: String = rest.chars().take(1).collect();
            format!("`{what}` means nothing to SQLite")
        })
}

/// Writes an identifier in double quotes.
pub(super) fn quote_into(name: &str, sql: &mut String) {
    crate::dialect::push_quoted(name, '"', sql);
}

/// An identifier in double quotes.
pub(super) fn quoted_name(name: &str) -> String {
    let mut sql = String::with_capacity(name.len() + 2);
    quote_into(name, &mut sql);
    sql
}

/// A text in single quotes.
pub(super) fn quoted_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<&str> {
        tokens(sql).unwrap().into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn cuts_like_sqlite() {
        assert_eq!(
            texts("a>=1.5e-3 -- no\n AND[b c]<>'it''s'||x'00' /* x */ -> `q` . größe"),
            [
                "a", ">=", "1.5e-3", "AND", "[b c]", "<>", "'it''s'", "||", "x'00'", "->", "`q`", ".", "größe"
            ]
        );
        assert_eq!(texts("0x1F-.5"), ["0x1F", "-", ".5"]);
        assert_eq!(texts("x -"), ["x", "-"]);
    }

    #[test]
    fn an_unclosed_quote_is_an_error() {
        assert!(tokens("a = 'b").is_err());
        assert!(tokens("\"a\"\" = 1").is_err());
        assert!(tokens("[a").is_err());
        assert!(tokens("a \u{1} b").is_err());
    }

    #[test]
    fn quotes_come_off() {
        let names: Vec<_> = tokens(r#""a""b" `c``d` [e"f] 'g''h' i"#)
            .unwrap()
            .iter()
            .map(|token| token.unquoted().into_owned())
            .collect();
        assert_eq!(names, ["a\"b", "c`d", "e\"f", "g'h", "i"]);
    }
}
