use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::canonical::canonical;
use crate::lex::{Kind, Lexis, tokens};

/// The hash of a migration's bytes: `sha256:` and 64 hexadecimal digits over up, down and snapshot, with `|` between them.
///
/// A checkout on another system must not change it, so CRLF is read as LF.
///
/// ```
/// use kickdb_core::journal::hash;
///
/// assert_eq!(hash("SELECT 1;\r\n", "", "{}"), hash("SELECT 1;\n", "", "{}"));
/// ```
#[must_use]
pub fn hash(up: &str, down: &str, snapshot: &str) -> String {
    digest([unix(up), unix(down), unix(snapshot)])
}

/// The hash of what a migration means: the SQL's tokens without comments and white space, the snapshot's values.
///
/// Where only this one still matches, nothing that runs has changed.
#[must_use]
pub fn meaning(up: &str, down: &str, snapshot: &str, lexis: Lexis) -> String {
    let snapshot = canonical(snapshot).map_or_else(|| unix(snapshot), Cow::Owned);
    digest([
        words(&unix(up), lexis).into(),
        words(&unix(down), lexis).into(),
        snapshot,
    ])
}

fn unix(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

fn words(sql: &str, lexis: Lexis) -> String {
    let mut words = String::new();
    for token in tokens(sql, lexis) {
        let silent = match token.kind {
            Kind::Space => true,
            // MySQL runs `/*! … */`, and hints in `/*+ … */` change a plan.
            Kind::Comment => !["/*!", "/*M!", "/*+"].iter().any(|mark| token.text.starts_with(mark)),
            _ => false,
        };
        if !silent {
            words.push_str(token.text);
            // A character that no token starts with: `a b` is not `ab`.
            words.push('\u{1f}');
        }
    }
    words
}

fn digest(parts: [Cow<'_, str>; 3]) -> String {
    let [up, down, snapshot] = parts;
    let mut sha = Sha256::new();
    for part in [&*up, "|", &*down, "|", &*snapshot] {
        sha.update(part.as_bytes());
    }
    let mut text = String::from("sha256:");
    for byte in sha.finalize() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{hash, meaning};
    use crate::lex::Lexis;

    #[test]
    fn the_hash_is_that_of_the_published_format() {
        // printf 'SELECT 1;\n|SELECT 2;\n|{}\n' | sha256sum
        assert_eq!(
            hash("SELECT 1;\n", "SELECT 2;\n", "{}\n"),
            "sha256:f5ece1695f6553d47b09da16b2b3b82bf7f319dc09de95347b9bea8fe2f08118"
        );
    }

    #[test]
    fn only_what_runs_has_meaning() {
        let of = |up: &str| meaning(up, "", "{ \"a\": 1 }", Lexis::MYSQL);
        assert_eq!(of("SELECT  1; -- one"), of("SELECT\r\n1;"));
        assert_eq!(
            meaning("", "", "{\"a\":1}", Lexis::MYSQL),
            meaning("", "", "{ \"a\": 1 }\n", Lexis::MYSQL)
        );
        assert_ne!(of("SELECT ' '"), of("SELECT '  '"));
        assert_ne!(of("SELECT ab"), of("SELECT a b"));
        assert_ne!(of("SELECT 1 /*! + 1 */"), of("SELECT 1"));
        assert_ne!(of("a;"), meaning("", "a;", "{ \"a\": 1 }", Lexis::MYSQL));
    }
}
