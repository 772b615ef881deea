//! Expressions as one text, and the word that is needed where the text alone would be read as something else.

use crate::ir::{Expr, SqlType};

pub(super) const NOW: &str = "CURRENT_TIMESTAMP";
pub(super) const NEW_UUID: &str = "gen_random_uuid()";
const EMPTY_ARRAY: &str = "'{}'";

pub(super) fn text(expr: &Expr) -> String {
    match expr {
        Expr::Null => "NULL".to_owned(),
        Expr::Bool(value) => value.to_string(),
        Expr::Int(value) => value.to_string(),
        Expr::Text(value) => format!("'{}'", value.replace('\'', "''")),
        Expr::Now => NOW.to_owned(),
        Expr::NewUuid => NEW_UUID.to_owned(),
        Expr::EmptyArray => EMPTY_ARRAY.to_owned(),
        Expr::Sql(sql) => sql.clone(),
    }
}

pub(super) fn kind(expr: &Expr) -> &'static str {
    match expr {
        Expr::Null => "null",
        Expr::Bool(_) => "boolean",
        Expr::Int(_) => "integer",
        Expr::Text(_) => "text",
        Expr::Now => "now",
        Expr::NewUuid => "uuid",
        Expr::EmptyArray => "emptyArray",
        Expr::Sql(_) => "sql",
    }
}

/// Reads a text as the kind that it is said to be; `None` where it is not one, or the kind is not known.
pub(super) fn read_as(text: &str, kind: &str) -> Option<Expr> {
    match kind {
        "null" => Some(Expr::Null),
        "boolean" => text.parse().ok().map(Expr::Bool),
        "integer" => text.parse().ok().map(Expr::Int),
        "text" => quoted(text).map(Expr::Text),
        "now" => Some(Expr::Now),
        "uuid" => Some(Expr::NewUuid),
        "emptyArray" => Some(Expr::EmptyArray),
        "sql" => Some(Expr::Sql(text.to_owned())),
        _ => None,
    }
}

/// What a default says when nothing else is said about it.
pub(super) fn default(text: &str, ty: &SqlType) -> Expr {
    let textual = matches!(
        ty,
        SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Enum(_)
    );
    match text {
        NOW => return Expr::Now,
        NEW_UUID => return Expr::NewUuid,
        "NULL" => return Expr::Null,
        EMPTY_ARRAY if matches!(ty, SqlType::Array(_)) => return Expr::EmptyArray,
        _ => {}
    }
    if let Some(value) = quoted(text) {
        return Expr::Text(value);
    }
    // On a column of text the TypeScript tool writes a text without its quotes.
    if textual {
        return Expr::Text(text.to_owned());
    }
    match text {
        "true" => Expr::Bool(true),
        "false" => Expr::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(value) if value.to_string() == text => Expr::Int(value),
            _ => Expr::Sql(text.to_owned()),
        },
    }
}

/// The text inside of one pair of quotes; `None` where it is not one whole string.
fn quoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let plain = inner.replace("''", "");
    (!plain.contains('\'')).then(|| inner.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::{default, kind, read_as, text};
    use crate::ir::{Expr, SqlType};

    #[test]
    fn a_kind_brings_back_what_a_text_alone_would_not() {
        let all = [
            Expr::Null,
            Expr::Bool(true),
            Expr::Int(-3),
            Expr::Text("it's".into()),
            Expr::Text(String::new()),
            Expr::Now,
            Expr::NewUuid,
            Expr::EmptyArray,
            Expr::Sql("'a' || 'b'".into()),
            Expr::Sql("7".into()),
        ];
        for expr in all {
            assert_eq!(read_as(&text(&expr), kind(&expr)), Some(expr));
        }
    }

    #[test]
    fn a_default_is_read_by_its_type_where_nothing_else_is_said() {
        assert_eq!(default("todo", &SqlType::Text), Expr::Text("todo".into()));
        assert_eq!(
            default("'to''do'", &SqlType::Json { binary: true }),
            Expr::Text("to'do".into())
        );
        assert_eq!(default("'a' || 'b'", &SqlType::Uuid), Expr::Sql("'a' || 'b'".into()));
        assert_eq!(default("007", &SqlType::Uuid), Expr::Sql("007".into()));
        assert_eq!(default("CURRENT_TIMESTAMP", &SqlType::Text), Expr::Now);
    }
}
