use crate::dialect::mysql::syntax::{literal, read_quoted};

/// One token of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A bare word, as it is written.
    Word(String),
    /// A name in backticks, without them.
    Quoted(String),
    /// A literal, as it is printed.
    Literal(String),
    /// An operator or a mark.
    Mark(&'static str),
}

/// Longest first.
const MARKS: &[&str] = &[
    "<=>", "<=", ">=", "<>", "!=", "<<", ">>", "||", "&&", "(", ")", ",", ".", "=", "<", ">", "+", "-", "*", "/", "%",
    "^", "&", "|", "~", "!",
];

/// The tokens; `None` where a quote does not end or a character is none of SQL's.
pub(super) fn tokenize(sql: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(c) = rest.chars().next() {
        if let Some(after) = comment(rest) {
            rest = after.trim_start();
            continue;
        }
        let (token, after) = match c {
            '`' => {
                let (name, after) = backticks(&rest[1..])?;
                (Token::Quoted(name), after)
            }
            '\'' | '"' => {
                let (text, after) = read_quoted(&rest[1..], c)?;
                (Token::Literal(literal(&text)), after)
            }
            '0'..='9' => number(rest),
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => number(rest),
            _ if is_word(c) => word(rest)?,
            _ => {
                let mark = MARKS.iter().find(|mark| rest.starts_with(**mark))?;
                (Token::Mark(mark), &rest[mark.len()..])
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

/// What comes after a comment; comments are not printed back. One that the server reads, `/*!`, is none.
fn comment(sql: &str) -> Option<&str> {
    let to_end_of_line = |sql: &'_ str| sql.find('\n').map_or(sql.len(), |at| at + 1);
    if sql.starts_with('#') || sql.starts_with("--") && sql[2..].chars().next().is_none_or(char::is_whitespace) {
        return Some(&sql[to_end_of_line(sql)..]);
    }
    if sql.starts_with("/*") && !sql.starts_with("/*!") && !sql.starts_with("/*M!") {
        return sql.find("*/").map(|end| &sql[end + 2..]);
    }
    None
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

fn backticks(sql: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = sql;
    loop {
        let end = rest.find('`')?;
        name.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('`') {
            Some(after) => {
                name.push('`');
                rest = after;
            }
            None => return Some((name, rest)),
        }
    }
}

fn number(sql: &str) -> (Token, &str) {
    if sql.starts_with("0x") || sql.starts_with("0X") {
        let end = sql[2..]
            .find(|c: char| !c.is_ascii_hexdigit())
            .map_or(sql.len(), |at| at + 2);
        return (Token::Literal(hex(&sql[2..end])), &sql[end..]);
    }
    let digits = |from: usize| {
        sql[from..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(sql.len(), |at| from + at)
    };
    let mut end = digits(0);
    if sql[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if sql[end..].starts_with(['e', 'E']) {
        let sign = usize::from(sql[end + 1..].starts_with(['+', '-']));
        if sql[end + 1 + sign..].starts_with(|c: char| c.is_ascii_digit()) {
            end = digits(end + 1 + sign);
        }
    }
    let zero = if sql.starts_with('.') { "0" } else { "" };
    (
        Token::Literal(format!("{zero}{}", sql[..end].to_ascii_lowercase())),
        &sql[end..],
    )
}

/// Whole bytes.
fn hex(digits: &str) -> String {
    let zero = if digits.len().is_multiple_of(2) { "" } else { "0" };
    format!("0x{zero}{}", digits.to_ascii_lowercase())
}

/// Bits as whole bytes.
fn bits(digits: &str) -> Option<String> {
    let digits = digits.trim_start_matches('0');
    let value = u64::from_str_radix(if digits.is_empty() { "0" } else { digits }, 2).ok()?;
    Some(hex(&format!("{value:x}")))
}

/// Behind the name of a character set.
fn is_not_kept(c: char) -> bool {
    matches!(c, '\\' | '\'') || !c.is_ascii() || c.is_ascii_control()
}

/// A word, or a literal that a word introduces: `N'x'`, `_utf8mb4'x'`, `x'41'`, `b'01'`, `DATE'2020-01-01'`.
fn word(sql: &str) -> Option<(Token, &str)> {
    let end = sql.find(|c| !is_word(c)).unwrap_or(sql.len());
    let (text, after) = sql.split_at(end);
    let lower = text.to_ascii_lowercase();
    let near = after.trim_start();
    if !near.starts_with('\'') {
        return Some((Token::Word(text.to_owned()), after));
    }
    let (value, behind) = read_quoted(&near[1..], '\'')?;
    let printed = match lower.as_str() {
        "n" => literal(&value),
        "x" => hex(&value),
        "b" => bits(&value)?,
        "date" | "time" | "timestamp" => format!("{}{}", lower.to_ascii_uppercase(), literal(&value)),
        // In front of these the server keeps a text as another one, with each change of its table (10.11), and what a migration
        // sends is of this character set without saying so.
        "_utf8mb4" if value.contains(is_not_kept) => literal(&value),
        // Plain letters are the same in every character set.
        _ if lower.starts_with('_') && !lower.starts_with("_utf8") && value.is_ascii() => literal(&value),
        _ if lower.starts_with('_') => format!("{lower}{}", literal(&value)),
        _ => return Some((Token::Word(text.to_owned()), after)),
    };
    Some((Token::Literal(printed), behind))
}
