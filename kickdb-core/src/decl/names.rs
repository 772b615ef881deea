//! Names that nobody wrote: of tables, enum values, constraints and indexes.

use sha2::{Digest, Sha256};

use crate::dialect::IdentifierLimit;

/// How the words of a Rust name are written in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `inprogress`
    Lower,
    /// `INPROGRESS`
    Upper,
    /// `InProgress`
    Pascal,
    /// `inProgress`
    Camel,
    /// `in_progress`
    Snake,
    /// `IN_PROGRESS`
    ScreamingSnake,
    /// `in-progress`
    Kebab,
    /// `IN-PROGRESS`
    ScreamingKebab,
}

impl Case {
    /// Every case by the word that `rename_all` takes.
    pub const ALL: [(&'static str, Self); 8] = [
        ("snake_case", Self::Snake),
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("PascalCase", Self::Pascal),
        ("camelCase", Self::Camel),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("kebab-case", Self::Kebab),
        ("SCREAMING-KEBAB-CASE", Self::ScreamingKebab),
    ];

    /// Writes a Rust name in this case.
    ///
    /// ```
    /// use kickdb_core::decl::names::Case;
    ///
    /// assert_eq!(Case::Kebab.apply("InProgress"), "in-progress");
    /// ```
    #[must_use]
    pub fn apply(self, ident: &str) -> String {
        let words = words(ident);
        match self {
            Self::Lower => words.concat(),
            Self::Upper => words.concat().to_uppercase(),
            Self::Pascal => words.iter().map(|word| capital(word)).collect(),
            Self::Camel => words
                .iter()
                .enumerate()
                .map(|(i, word)| if i == 0 { word.clone() } else { capital(word) })
                .collect(),
            Self::Snake => words.join("_"),
            Self::ScreamingSnake => words.join("_").to_uppercase(),
            Self::Kebab => words.join("-"),
            Self::ScreamingKebab => words.join("-").to_uppercase(),
        }
    }
}

/// A Rust name in snake case: the name of a table or an enum that is given no other.
///
/// ```
/// use kickdb_core::decl::names::snake_case;
///
/// assert_eq!(snake_case("TaskLabel"), "task_label");
/// assert_eq!(snake_case("HTTPServer2"), "http_server2");
/// ```
#[must_use]
pub fn snake_case(ident: &str) -> String {
    Case::Snake.apply(ident)
}

/// The name that a field has as an associated constant of its struct.
#[must_use]
pub fn constant(field: &str) -> String {
    field.to_uppercase()
}

fn words(ident: &str) -> Vec<String> {
    let chars: Vec<char> = ident.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let after_lower = i > 0 && !chars[i - 1].is_uppercase();
        let before_lower = chars.get(i + 1).is_some_and(|next| next.is_lowercase());
        let starts = c == '_' || (c.is_uppercase() && (after_lower || before_lower));
        if starts && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c != '_' {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// The name of a constraint or index that nobody named, as PostgreSQL would choose it: `{table}_{columns}_{suffix}`.
#[must_use]
pub fn derived(table: &str, columns: &[&str], suffix: &str) -> String {
    let mut parts = vec![table];
    parts.extend(columns);
    parts.push(suffix);
    parts.join("_")
}

/// What stands for an expression in the name of its index: the function it calls, else `expr`.
#[must_use]
pub fn expression(expr: &str) -> &str {
    let expr = expr.trim();
    match expr.split_once('(') {
        Some((head, _)) if !head.is_empty() && head.chars().all(|c| c.is_alphanumeric() || c == '_') => head,
        _ => "expr",
    }
}

/// Whether a name is kept whole.
#[must_use]
pub fn fits(name: &str, limit: IdentifierLimit) -> bool {
    match limit {
        IdentifierLimit::Bytes(max) => name.len() <= max,
        IdentifierLimit::Chars(max) => name.chars().count() <= max,
        IdentifierLimit::None => true,
    }
}

/// A derived name, made to fit: its beginning and eight hex digits of the hash of the whole, so that two long names do
/// not become one.
#[must_use]
pub fn shorten(name: String, limit: IdentifierLimit) -> String {
    if fits(&name, limit) {
        return name;
    }
    let hash: String = Sha256::digest(name.as_bytes())[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut short = name;
    while !fits(&format!("{short}_{hash}"), limit) && short.pop().is_some() {}
    format!("{}_{hash}", short.trim_end_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case() {
        let written: Vec<String> = Case::ALL.iter().map(|(_, case)| case.apply("InProgress2")).collect();
        assert_eq!(
            written,
            [
                "in_progress2",
                "inprogress2",
                "INPROGRESS2",
                "InProgress2",
                "inProgress2",
                "IN_PROGRESS2",
                "in-progress2",
                "IN-PROGRESS2"
            ]
        );
    }

    #[test]
    fn acronyms_and_underscores() {
        assert_eq!(snake_case("OAuthToken"), "o_auth_token");
        assert_eq!(snake_case("HTTPServer"), "http_server");
        assert_eq!(snake_case("already_snake"), "already_snake");
        assert_eq!(snake_case("Größe"), "größe");
    }

    #[test]
    fn long_names_shorten_to_different_ones() {
        let limit = IdentifierLimit::Bytes(63);
        let a = shorten(format!("{}_a_idx", "t".repeat(70)), limit);
        let b = shorten(format!("{}_b_idx", "t".repeat(70)), limit);
        assert_ne!(a, b);
        assert_eq!(a.len(), 63);
        assert_eq!(shorten("short".into(), limit), "short");
        assert!(shorten("ä".repeat(60), limit).len() <= 63);
    }

    #[test]
    fn an_expression_is_named_by_its_function() {
        assert_eq!(expression("lower(title)"), "lower");
        assert_eq!(expression("a + b"), "expr");
        assert_eq!(expression("(a->>'x')"), "expr");
    }
}
