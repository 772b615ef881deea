use super::cursor::{Cursor, list};
use crate::dialect::sqlite::expr::same;
use crate::dialect::sqlite::options;
use crate::dialect::sqlite::token::{Kind, Token, quoted_name};
use crate::ident::{Name, Qualified};
use crate::ir::{Action, Deferrable, ForeignKey};

/// The columns of a primary key or unique constraint.
pub(super) struct Key {
    pub(super) columns: Vec<Name>,
    pub(super) autoincrement: bool,
    /// The whole key as it is written, where it says more than its columns (a collation, a direction).
    pub(super) detail: Option<String>,
    /// Whether it names a column again, which says nothing to SQLite but that a primary key is of more than one column.
    pub(super) repeats: bool,
}

/// Reads the columns of a primary key or unique constraint.
pub(super) fn key(cursor: &mut Cursor<'_>) -> Result<Key, String> {
    let mut tokens = cursor.parentheses()?;
    let autoincrement = tokens.last().is_some_and(|token| token.is("AUTOINCREMENT")) && tokens.len() > 1;
    if autoincrement {
        tokens.pop();
    }
    let mut columns = Vec::new();
    let mut details = Vec::new();
    let (mut plain, mut repeats) = (true, false);
    for part in list(&tokens) {
        let (column, detail) = part_of_key(part)?;
        let said = |(other, text): (&Name, &String)| {
            let other_detail = &text[quoted_name(other.as_str()).len()..];
            same(other.as_str(), column.as_str()) && undirected(other_detail) == undirected(&detail)
        };
        if columns.iter().zip(&details).any(said) {
            repeats = true;
            continue;
        }
        let mut text = quoted_name(column.as_str());
        text.push_str(&detail);
        plain &= detail.is_empty();
        columns.push(column);
        details.push(text);
    }
    Ok(Key {
        columns,
        autoincrement,
        detail: (!plain).then(|| details.join(", ")),
        repeats,
    })
}

fn undirected(detail: &str) -> &str {
    detail.strip_suffix(" DESC").unwrap_or(detail)
}

/// A column of a key, and its collation and direction.
fn part_of_key(tokens: &[Token<'_>]) -> Result<(Name, String), String> {
    let (column, mut rest) = match tokens {
        [column, rest @ ..] if column.is_name() => (column, rest),
        _ => return Err("a key has a column without a name".to_owned()),
    };
    let mut detail = String::new();
    if let [word, collation, after @ ..] = rest
        && word.is("COLLATE")
        && collation.is_name()
    {
        let collation = Name::new(collation.unquoted().into_owned()).map_err(|error| error.to_string())?;
        detail.push_str(" COLLATE ");
        detail.push_str(&quoted_name(collation.as_str()));
        rest = after;
    }
    match rest {
        [] => {}
        [order] if order.is("ASC") => {}
        [order] if order.is("DESC") => detail.push_str(" DESC"),
        [other, ..] => return Err(format!("a key says `{}`, which is not understood", other.text)),
    }
    let column = Name::new(column.unquoted().into_owned()).map_err(|error| error.to_string())?;
    Ok((column, detail))
}

/// The columns of a key as it stands between parentheses, and the whole of it where it says more.
pub(in crate::dialect::sqlite) fn key_columns(sql: &str) -> Result<(Vec<Name>, Option<String>), String> {
    let sql = format!("({sql})");
    let mut cursor = Cursor::new(&sql)?;
    let key = key(&mut cursor)?;
    if key.autoincrement || !cursor.is_at_end() {
        return Err(format!("`{sql}` is no key"));
    }
    Ok((key.columns, key.detail))
}

/// What an `ON CONFLICT` clause says, in lower case, where it is not what holds without one.
pub(super) fn on_conflict(cursor: &mut Cursor<'_>) -> Result<Option<String>, String> {
    if !cursor.eat(&["ON", "CONFLICT"]) {
        return Ok(None);
    }
    options::conflict(cursor.next()?.text)
}

/// Reads from behind `REFERENCES`. The name is still to be given.
pub(super) fn references(cursor: &mut Cursor<'_>, columns: Vec<Name>) -> Result<ForeignKey, String> {
    let references = Qualified::local(cursor.name()?);
    let referenced = if cursor.peek_kind() == Some(Kind::Open) {
        names(&cursor.parentheses()?)?
    } else {
        Vec::new()
    };
    let mut key = ForeignKey::new(references.name.clone(), columns, references, referenced);
    loop {
        if cursor.eat(&["ON", "DELETE"]) {
            key.on_delete = action(cursor)?;
        } else if cursor.eat(&["ON", "UPDATE"]) {
            key.on_update = action(cursor)?;
        } else if cursor.eat(&["MATCH"]) {
            // SQLite reads it and does the same whatever it says.
            cursor.name()?;
        } else if cursor.eat(&["NOT", "DEFERRABLE"]) {
            initially(cursor);
            key.deferrable = Deferrable::No;
        } else if cursor.eat(&["DEFERRABLE"]) {
            key.deferrable = if initially(cursor) {
                Deferrable::Deferred
            } else {
                Deferrable::Immediate
            };
        } else {
            return Ok(key);
        }
    }
}

/// Goes past `INITIALLY …`; whether that says deferred.
fn initially(cursor: &mut Cursor<'_>) -> bool {
    let deferred = cursor.eat(&["INITIALLY", "DEFERRED"]);
    if !deferred {
        cursor.eat(&["INITIALLY", "IMMEDIATE"]);
    }
    deferred
}

fn action(cursor: &mut Cursor<'_>) -> Result<Action, String> {
    for (words, action) in [
        (&["NO", "ACTION"][..], Action::NoAction),
        (&["RESTRICT"], Action::Restrict),
        (&["CASCADE"], Action::Cascade),
        (&["SET", "NULL"], Action::SetNull),
        (&["SET", "DEFAULT"], Action::SetDefault),
    ] {
        if cursor.eat(words) {
            return Ok(action);
        }
    }
    Err("a foreign key has an action that SQLite does not know".to_owned())
}

/// The names of a list of columns.
pub(super) fn names(tokens: &[Token<'_>]) -> Result<Vec<Name>, String> {
    list(tokens)
        .into_iter()
        .map(|part| match part {
            [token, ..] if token.is_name() => {
                Name::new(token.unquoted().into_owned()).map_err(|error| error.to_string())
            }
            _ => Err("a list of columns has one without a name".to_owned()),
        })
        .collect()
}
