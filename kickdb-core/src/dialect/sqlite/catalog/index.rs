use super::cursor::{Cursor, list, text};
use crate::dialect::sqlite::token::{Kind, Token};
use crate::ident::Name;
use crate::ir::{Expr, Index, IndexKey, IndexPart};

/// Reads a `CREATE INDEX` statement; normalize turns an expression that is a column into one.
pub(in crate::dialect::sqlite) fn read(name: &str, sql: &str) -> Result<Index, String> {
    let mut cursor = Cursor::new(sql)?;
    cursor.expect(&["CREATE"])?;
    let unique = cursor.eat(&["UNIQUE"]);
    cursor.expect(&["INDEX"])?;
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    cursor.qualified_name()?;
    cursor.expect(&["ON"])?;
    cursor.name()?;
    let key = cursor.parentheses()?;
    let parts = list(&key).into_iter().map(part).collect::<Result<_, _>>()?;
    let predicate = cursor.eat(&["WHERE"]).then(|| Expr::Sql(text(&cursor.rest())));
    Ok(Index {
        unique,
        predicate,
        options: std::collections::BTreeMap::new(),
        ..Index::new(Name::new(name).map_err(|error| error.to_string())?, parts)
    })
}

fn part(tokens: &[Token<'_>]) -> Result<IndexPart, String> {
    let (tokens, descending) = match tokens {
        [rest @ .., last] if !rest.is_empty() && last.is("DESC") => (rest, true),
        [rest @ .., last] if !rest.is_empty() && last.is("ASC") => (rest, false),
        _ => (tokens, false),
    };
    let key = match tokens {
        // A column in single quotes is still a column here.
        [lone] if matches!(lone.kind, Kind::Text | Kind::Word | Kind::Quoted) => {
            IndexKey::Column(Name::new(lone.unquoted().into_owned()).map_err(|error| error.to_string())?)
        }
        _ => IndexKey::Expr(Expr::Sql(text(tokens))),
    };
    Ok(IndexPart {
        descending,
        ..IndexPart::new(key)
    })
}
