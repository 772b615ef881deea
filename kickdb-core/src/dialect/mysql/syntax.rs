//! Identifiers, placeholders and literals.

use super::Mysql;
use super::function::template;
use super::search;
use crate::dialect::{Function, JoinKind, JoinedWrites, KeyList, Lock, Pattern, QuerySyntax, RowSource, Upsert};
use crate::ident::{Name, Qualified};
use crate::value::{KindId, Value};

impl QuerySyntax for Mysql {
    fn quote_str(&self, name: &str, sql: &mut String) {
        crate::dialect::push_quoted(name, '`', sql);
    }

    fn placeholder(&self, _: usize, sql: &mut String) {
        sql.push('?');
    }

    /// The collations that columns have by default ignore the case, and others do not. Comparing bytes never does.
    fn pattern(&self, ignore_case: bool) -> Pattern {
        if ignore_case {
            Pattern::Folded
        } else {
            Pattern::Like("LIKE BINARY")
        }
    }

    fn function(&self, function: Function) -> Result<&'static str, &'static str> {
        template(function)
    }

    /// <https://mariadb.com/kb/en/cast/>: a cast knows fewer types than a column.
    fn cast_type(&self, kind: KindId) -> Option<&'static str> {
        Some(match kind {
            KindId::Bool | KindId::Int16 | KindId::Int32 | KindId::Int64 => "signed",
            KindId::Float32 | KindId::Float64 => "double",
            // As many digits as there can be, half of the least number of them behind the point.
            KindId::Decimal => "decimal(65, 30)",
            KindId::Text | KindId::Uuid => "char",
            KindId::Bytes => "binary",
            KindId::Date => "date",
            KindId::Time => "time(6)",
            KindId::Timestamp | KindId::TimestampTz => "datetime(6)",
            KindId::Json | KindId::Enum | KindId::List(_) => return None,
        })
    }

    /// `JSON_TABLE` is there from MariaDB 10.6 and MySQL 8.0.4 on.
    fn many(&self, kind: KindId) -> Option<(&'static str, &'static str)> {
        let after = match kind {
            KindId::Int16 | KindId::Int32 | KindId::Int64 => ", '$[*]' COLUMNS (v bigint PATH '$')) AS j",
            KindId::Float64 => ", '$[*]' COLUMNS (v double PATH '$')) AS j",
            KindId::Decimal => ", '$[*]' COLUMNS (v decimal(65, 30) PATH '$')) AS j",
            KindId::Text | KindId::Uuid | KindId::Enum => ", '$[*]' COLUMNS (v longtext PATH '$')) AS j",
            KindId::Date => ", '$[*]' COLUMNS (v date PATH '$')) AS j",
            KindId::Time => ", '$[*]' COLUMNS (v time(6) PATH '$')) AS j",
            KindId::Timestamp | KindId::TimestampTz => ", '$[*]' COLUMNS (v datetime(6) PATH '$')) AS j",
            _ => return None,
        };
        Some(("SELECT v FROM JSON_TABLE(", after))
    }

    /// MariaDB has no `FOR SHARE`; MySQL still knows the older form.
    fn sought(&self, words: &str) -> (Vec<(&'static str, Value)>, &'static str) {
        search::sought(words)
    }

    fn lock(&self, lock: Lock) -> Option<&'static str> {
        Some(match lock {
            Lock::Update => " FOR UPDATE",
            Lock::Share => " LOCK IN SHARE MODE",
            Lock::SkipLocked => " SKIP LOCKED",
            Lock::NoWait => " NOWAIT",
        })
    }

    /// MariaDB has no lateral subqueries; neither has full joins.
    fn has_join(&self, join: JoinKind) -> bool {
        !matches!(join, JoinKind::Full | JoinKind::Lateral | JoinKind::LeftLateral)
    }

    fn joined_writes(&self) -> JoinedWrites {
        JoinedWrites::Joined
    }

    fn no_values(&self) -> &'static str {
        " () VALUES ()"
    }

    fn has_nulls_order(&self) -> bool {
        false
    }

    fn upsert(&self) -> Upsert {
        Upsert::OnDuplicateKey
    }

    /// A backslash escapes in a pattern anyway; in a literal it would have to be doubled.
    fn pattern_escape(&self) -> &'static str {
        ""
    }

    /// Nearly all collations ignore the case, and some more than that.
    fn has_spellings(&self, _: Option<&str>, collation: Option<&str>) -> bool {
        collation.is_none_or(|name| name != "binary" && !name.ends_with("_bin"))
    }

    fn text_bytes(&self) -> (&'static str, &'static str) {
        ("CAST(", " AS binary)")
    }

    /// There are only the columns that are grouped by or read.
    fn has_keys_in_having(&self) -> bool {
        false
    }

    fn row_source(&self) -> RowSource {
        RowSource::Select
    }

    fn key_list(&self) -> KeyList {
        KeyList::Values
    }

    /// Timestamps are kept as `datetime` in UTC.
    fn now(&self, _zoned: bool) -> &'static str {
        "utc_timestamp(6)"
    }

    /// A cast knows only `SIGNED` and `UNSIGNED`.
    fn bigint(&self) -> &'static str {
        "signed"
    }
}

/// A quoted identifier.
pub(super) fn ident(name: &Name) -> String {
    ident_str(name.as_str())
}

/// A quoted identifier, from its text.
pub(super) fn ident_str(name: &str) -> String {
    let mut sql = String::new();
    Mysql.quote_str(name, &mut sql);
    sql
}

/// A quoted table name. Normalize has refused named schemas: where there is one, it is another database, in which a foreign key
/// was found to point at a table.
pub(super) fn table(name: &Qualified) -> String {
    match &name.schema {
        Some(database) => format!("{}.{}", ident(database), ident(&name.name)),
        None => ident(&name.name),
    }
}

/// Quoted identifiers with commas between them.
pub(super) fn idents<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    names.into_iter().map(ident).collect::<Vec<_>>().join(", ")
}

/// A text literal. A backslash escapes, unless `NO_BACKSLASH_ESCAPES` is set, which no connection of kickdb does.
pub(super) fn literal(text: &str) -> String {
    let mut sql = String::with_capacity(text.len() + 2);
    sql.push('\'');
    for c in text.chars() {
        match c {
            '\'' => sql.push_str("''"),
            '\\' => sql.push_str("\\\\"),
            '\0' => sql.push_str("\\0"),
            '\n' => sql.push_str("\\n"),
            '\r' => sql.push_str("\\r"),
            '\u{1a}' => sql.push_str("\\Z"),
            other => sql.push(other),
        }
    }
    sql.push('\'');
    sql
}

/// The text of a quoted literal, without the quotes around it; `None` where it does not end, or goes on behind its end.
pub(super) fn unquote(sql: &str) -> Option<String> {
    let quote = sql.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let (text, rest) = read_quoted(&sql[1..], quote)?;
    rest.is_empty().then_some(text)
}

/// Reads a text literal behind its opening quote: its text, and what comes after the closing quote.
pub(super) fn read_quoted(sql: &str, quote: char) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = sql.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            let rest = &sql[at + 1..];
            match rest.starts_with(quote) {
                true => {
                    text.push(quote);
                    chars.next();
                }
                false => return Some((text, rest)),
            }
        } else if c == '\\' {
            match chars.next()?.1 {
                '0' => text.push('\0'),
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                'b' => text.push('\u{8}'),
                'Z' => text.push('\u{1a}'),
                // These two keep their backslash, so that a pattern can say them.
                pattern @ ('%' | '_') => {
                    text.push('\\');
                    text.push(pattern);
                }
                other => text.push(other),
            }
        } else {
            text.push(c);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_are_escaped_and_read_back() {
        let mut sql = String::new();
        Mysql.quote_str("a`b", &mut sql);
        assert_eq!(sql, "`a``b`");
        for text in ["", "it's", r"C:\new", "two\nlines", "\"dq\"", "ü\0x"] {
            assert_eq!(unquote(&literal(text)).as_deref(), Some(text));
        }
        assert_eq!(unquote(r"'it\'s'").as_deref(), Some("it's"));
        assert_eq!(unquote("'a' + 'b'"), None);
        assert_eq!(unquote("'open"), None);
    }
}
