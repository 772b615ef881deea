//! Names and texts of a database as a terminal may show them: what would move its cursor, set its title or turn its text around
//! is written as an escape.

use std::borrow::Cow;

/// A text of several lines. Codes of colours stay where `colors`, since they are our own.
pub(crate) fn lines(text: &str, colors: bool) -> Cow<'_, str> {
    if !text.chars().any(|c| c != '\n' && is_hostile(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let code = if colors { color(rest) } else { 0 };
        if code > 0 {
            out.push_str(&rest[..code]);
            rest = &rest[code..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        // A line of a file may end in both.
        let ends = c == '\r' && rest.starts_with('\n');
        if c == '\n' || c == '\t' || !is_hostile(c) {
            out.push(c);
        } else if !ends {
            out.extend(c.escape_default());
        }
    }
    Cow::Owned(out)
}

/// A text within a line.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().map(|c| match is_hostile(c) {
        true => c.escape_default().collect::<String>(),
        false => c.to_string(),
    });
    Cow::Owned(escaped.collect())
}

/// Control characters, and those that change the direction of what follows (Unicode Standard Annex 9).
fn is_hostile(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The length of a code that sets a colour, where the text starts with one.
fn color(text: &str) -> usize {
    let Some(codes) = text.strip_prefix("\u{1b}[") else {
        return 0;
    };
    let digits = codes
        .find(|c: char| !c.is_ascii_digit() && c != ';')
        .unwrap_or(codes.len());
    if codes[digits..].starts_with('m') {
        digits + 3
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::{lines, one_line};

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        assert_eq!(lines("a\n\tb", true), "a\n\tb");
        assert_eq!(lines("a\r\nb\rc", true), "a\nb\\rc");
        assert_eq!(
            lines("\u{1b}[31;1mred\u{1b}[0m \u{1b}[2J\u{7}", true),
            "\u{1b}[31;1mred\u{1b}[0m \\u{1b}[2J\\u{7}"
        );
        assert_eq!(lines("\u{1b}[31mred\u{9b}2J", false), "\\u{1b}[31mred\\u{9b}2J");
        assert_eq!(one_line("x\n  ok\u{202e}"), "x\\n  ok\\u{202e}");
        assert_eq!(one_line("it's שלום 🦀"), "it's שלום 🦀");
    }
}
