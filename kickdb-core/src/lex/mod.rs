//! The words of SQL: enough of every engine's grammar to tell names, strings and comments apart, and no more.
//!
//! Diff compares expressions with it, plan splits scripts, journal hashes what a script means. None of them understands a
//! statement; all of them must not be fooled by a `;` in a string.

mod said;

pub(crate) use self::said::unquoted;
pub use self::said::{Places, Said};

/// Where engines disagree about what a string or a comment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lexis {
    /// `'it\'s'`: a backslash escapes inside every string (MySQL, unless `NO_BACKSLASH_ESCAPES`).
    pub backslashes: bool,
    /// `E'it\'s'`: a backslash escapes inside strings that say so (PostgreSQL).
    pub escape_strings: bool,
    /// `$tag$ … $tag$` (PostgreSQL).
    pub dollar_quotes: bool,
    /// `/* /* */ */` is one comment (PostgreSQL and the SQL standard; not SQLite, not MySQL).
    pub nested_comments: bool,
    /// `# …` is a comment (MySQL).
    pub hash_comments: bool,
    /// `--` opens a comment only before white space (MySQL: `5--3` is eight).
    pub spaced_dashes: bool,
    /// `[name]` is a quoted name (SQLite).
    pub brackets: bool,
    /// A line `DELIMITER //` says what ends the statements behind it (the clients of MySQL, which would otherwise cut the body
    /// of a routine at its first semicolon).
    pub delimiter_lines: bool,
}

impl Lexis {
    /// PostgreSQL's.
    pub const POSTGRES: Self = Self {
        backslashes: false,
        escape_strings: true,
        dollar_quotes: true,
        nested_comments: true,
        hash_comments: false,
        spaced_dashes: false,
        brackets: false,
        delimiter_lines: false,
    };
    /// SQLite's.
    pub const SQLITE: Self = Self {
        backslashes: false,
        escape_strings: false,
        dollar_quotes: false,
        nested_comments: false,
        hash_comments: false,
        spaced_dashes: false,
        brackets: true,
        delimiter_lines: false,
    };
    /// MySQL's and MariaDB's.
    pub const MYSQL: Self = Self {
        backslashes: true,
        escape_strings: false,
        dollar_quotes: false,
        nested_comments: false,
        hash_comments: true,
        spaced_dashes: true,
        brackets: false,
        delimiter_lines: true,
    };
    /// What an expression in normal form needs, whichever engine it is from: quotes are doubled, never escaped.
    pub const EXPRESSION: Self = Self {
        backslashes: false,
        escape_strings: true,
        dollar_quotes: true,
        nested_comments: true,
        hash_comments: false,
        spaced_dashes: false,
        brackets: false,
        delimiter_lines: false,
    };
}

/// What a piece of SQL is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Spaces and line ends.
    Space,
    /// A comment.
    Comment,
    /// A string, with its quotes and prefix.
    Text,
    /// A name in quotes.
    Quoted,
    /// A bare name, a keyword or a number.
    Word,
    /// Any other single character.
    Sign,
}

/// A piece of SQL. The pieces of a text, put together again, are the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
    /// Where it starts, in bytes.
    pub start: usize,
}

/// Cuts a text into its pieces. A string or comment without an end reaches to the end of the text.
pub fn tokens(sql: &str, lexis: Lexis) -> Tokens<'_> {
    Tokens { sql, at: 0, lexis }
}

/// The first words and signs of a statement: bare words in upper case, names in quotes as they are. What is only looked at for
/// what kind of statement it is need not be read to its end.
///
/// ```
/// use kickdb_core::lex::{Lexis, first_words};
///
/// let words = first_words("/* two */ drop index \"Two\" -- gone", Lexis::SQLITE, 8);
/// assert_eq!(words, ["DROP", "INDEX", "\"Two\""]);
/// ```
#[must_use]
pub fn first_words(sql: &str, lexis: Lexis, count: usize) -> Vec<String> {
    let solid = tokens(sql, lexis).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let words = solid.map(|token| match token.kind {
        Kind::Word => token.text.to_ascii_uppercase(),
        _ => token.text.to_owned(),
    });
    words.take(count).collect()
}

/// The pieces of a text, one after the other.
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    sql: &'a str,
    at: usize,
    lexis: Lexis,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = &self.sql[self.at..];
        let first = rest.chars().next()?;
        let (kind, len) = self.measure(rest, first);
        let start = self.at;
        self.at += len;
        Some(Token {
            kind,
            text: &rest[..len],
            start,
        })
    }
}

impl Tokens<'_> {
    fn measure(&self, rest: &str, first: char) -> (Kind, usize) {
        let lexis = self.lexis;
        if first.is_whitespace() {
            return (Kind::Space, run(rest, char::is_whitespace));
        }
        if line_comment(rest, lexis) {
            return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
        }
        if rest.starts_with("/*") {
            return (Kind::Comment, block_comment(rest, lexis.nested_comments));
        }
        if let Some(prefix) = string_prefix(rest) {
            let escapes = lexis.backslashes || lexis.escape_strings && rest.starts_with(['e', 'E']);
            return (Kind::Text, prefix + quoted(&rest[prefix..], '\'', escapes));
        }
        match first {
            // MySQL reads "…" as a string unless ANSI_QUOTES is set; its escapes then hold as well. Either way it is one piece.
            '"' => (Kind::Quoted, quoted(rest, '"', lexis.backslashes)),
            '`' => (Kind::Quoted, quoted(rest, '`', false)),
            '[' if lexis.brackets => (Kind::Quoted, rest.find(']').map_or(rest.len(), |end| end + 1)),
            '$' if lexis.dollar_quotes => match dollar_quoted(rest) {
                Some(len) => (Kind::Text, len),
                None => (Kind::Word, word(rest).max(1)),
            },
            _ if is_word(first) => (Kind::Word, word(rest)),
            _ => (Kind::Sign, first.len_utf8()),
        }
    }
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn word(text: &str) -> usize {
    run(text, is_word)
}

fn line_comment(rest: &str, lexis: Lexis) -> bool {
    if let Some(after) = rest.strip_prefix("--") {
        return !lexis.spaced_dashes || after.is_empty() || after.starts_with(char::is_whitespace);
    }
    lexis.hash_comments && rest.starts_with('#')
}

fn block_comment(rest: &str, nested: bool) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        let tail = &rest.as_bytes()[at..];
        if tail.starts_with(b"/*") && (nested || depth == 0) {
            depth += 1;
            at += 2;
        } else if tail.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The length of what stands before the opening quote of a string, where this is one.
fn string_prefix(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    match bytes {
        [b'\'', ..] => Some(0),
        [b'e' | b'E' | b'b' | b'B' | b'x' | b'X' | b'n' | b'N', b'\'', ..] => Some(1),
        [b'u' | b'U', b'&', b'\'', ..] => Some(2),
        _ => None,
    }
}

/// The length of a quoted piece that starts with `quote`; a doubled quote stands for itself.
fn quoted(rest: &str, quote: char, backslashes: bool) -> usize {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if backslashes && c == '\\' {
            chars.next();
        } else if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
            } else {
                return at + quote.len_utf8();
            }
        }
    }
    rest.len()
}

/// The length of `$tag$ … $tag$`, where the text starts with one; a tag is like a name and never starts with a digit.
fn dollar_quoted(rest: &str) -> Option<usize> {
    let tag = rest[1..].find('$').map(|end| &rest[..end + 2])?;
    let name = &tag[1..tag.len() - 1];
    if name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let body = &rest[tag.len()..];
    Some(body.find(tag).map_or(rest.len(), |end| tag.len() + end + tag.len()))
}

#[cfg(test)]
mod tests {
    use super::{Kind, Lexis, tokens};

    fn kinds(sql: &str, lexis: Lexis) -> Vec<(Kind, &str)> {
        tokens(sql, lexis)
            .filter(|token| token.kind != Kind::Space)
            .map(|token| (token.kind, token.text))
            .collect()
    }

    #[test]
    fn strings_end_where_their_engine_ends_them() {
        assert_eq!(kinds("'it''s;'", Lexis::SQLITE), [(Kind::Text, "'it''s;'")]);
        assert_eq!(kinds(r"'a\'b'", Lexis::MYSQL), [(Kind::Text, r"'a\'b'")]);
        assert_eq!(kinds(r"E'a\'b'", Lexis::POSTGRES), [(Kind::Text, r"E'a\'b'")]);
        assert_eq!(kinds(r"'a\' ", Lexis::POSTGRES), [(Kind::Text, r"'a\'")]);
        assert_eq!(
            kinds("$f$ ; $$ ; $f$;", Lexis::POSTGRES),
            [(Kind::Text, "$f$ ; $$ ; $f$"), (Kind::Sign, ";")]
        );
        assert_eq!(kinds("$1", Lexis::POSTGRES), [(Kind::Word, "$1")]);
        assert_eq!(kinds("a$b$c", Lexis::POSTGRES), [(Kind::Word, "a$b$c")]);
    }

    #[test]
    fn comments_nest_where_their_engine_nests_them() {
        assert_eq!(
            kinds("/* /* */ ; */x", Lexis::POSTGRES),
            [(Kind::Comment, "/* /* */ ; */"), (Kind::Word, "x")]
        );
        assert_eq!(
            kinds("/* /* */x", Lexis::SQLITE),
            [(Kind::Comment, "/* /* */"), (Kind::Word, "x")]
        );
        assert_eq!(
            kinds("5--3", Lexis::MYSQL),
            [
                (Kind::Word, "5"),
                (Kind::Sign, "-"),
                (Kind::Sign, "-"),
                (Kind::Word, "3")
            ]
        );
        assert_eq!(
            kinds("5--3", Lexis::SQLITE),
            [(Kind::Word, "5"), (Kind::Comment, "--3")]
        );
        assert_eq!(
            kinds("# x;\ny", Lexis::MYSQL),
            [(Kind::Comment, "# x;"), (Kind::Word, "y")]
        );
    }

    #[test]
    fn names_keep_their_quotes() {
        assert_eq!(kinds(r#""a;""b""#, Lexis::POSTGRES), [(Kind::Quoted, r#""a;""b""#)]);
        assert_eq!(kinds("`a;``b`", Lexis::MYSQL), [(Kind::Quoted, "`a;``b`")]);
        assert_eq!(kinds("[a;b]", Lexis::SQLITE), [(Kind::Quoted, "[a;b]")]);
    }

    #[test]
    fn the_pieces_are_the_text() {
        for sql in ["", "'", "$$", "/*", "\"ä", "é'ü'", "$tag$x", "[", "--", "E'\\"] {
            for lexis in [Lexis::POSTGRES, Lexis::SQLITE, Lexis::MYSQL] {
                assert_eq!(tokens(sql, lexis).map(|token| token.text).collect::<String>(), sql);
            }
        }
    }
}
