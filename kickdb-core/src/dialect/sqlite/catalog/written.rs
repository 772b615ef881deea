//! Statements that are used as they are written down: with their comments, their spaces and their quotes.
//!
//! SQLite keeps the text of each CREATE statement and gives it back to whoever asks. What one database says word for word
//! another one gets word for word, as long as the words still say the table.

use super::cursor::Cursor;
use super::{index, table};
use crate::dialect::sqlite::expr::same;
use crate::dialect::sqlite::normalize;
use crate::dialect::sqlite::token::{Kind, Token, quote_into, quoted_name, tokens};
use crate::ident::Name;
use crate::ir::{Index, Table};

/// The `CREATE TABLE` of a table under a name that may not be its own yet, where it is written down and says the table.
pub(in crate::dialect::sqlite) fn table_statement(table: &Table, name: &Name) -> Option<String> {
    let sql = table.written.table.as_deref()?;
    let own = &table.name.name;
    let tokens = tokens(sql).ok()?;
    let open = tokens.iter().position(|token| token.kind == Kind::Open)?;
    let written = tokens[..open].last()?.unquoted();
    if !says_table(sql, table) {
        return None;
    }
    if name == own && *own == *written {
        return Some(sql.to_owned());
    }
    let mut text = format!("CREATE TABLE {} ", quoted_name(name.as_str()));
    let mut from = tokens[open].start;
    for qualifier in qualifiers(&tokens[open..], own) {
        text.push_str(&sql[from..qualifier.start]);
        quote_into(name.as_str(), &mut text);
        from = qualifier.start + qualifier.text.len();
    }
    text.push_str(&sql[from..]);
    Some(text)
}

/// Whether the statement that is used for a table says the table's own name before a column: `CHECK (tasks.title <> '')`.
pub(in crate::dialect::sqlite) fn says_itself(table: &Table) -> bool {
    let own = &table.name.name;
    let qualified = |sql: &str| tokens(sql).is_ok_and(|tokens| qualifiers(&tokens, own).next().is_some());
    let written = table.written.table.as_deref();
    written.is_some_and(|sql| qualified(sql) && table_statement(table, own).is_some())
}

/// Where the name of the table stands before a column.
fn qualifiers<'a>(tokens: &'a [Token<'a>], own: &'a Name) -> impl Iterator<Item = &'a Token<'a>> {
    tokens.windows(2).filter_map(move |pair| match pair {
        [qualifier, dot] if dot.kind == Kind::Dot && qualifier.is_name() => {
            same(&qualifier.unquoted(), own.as_str()).then_some(qualifier)
        }
        _ => None,
    })
}

/// Whether a comment stands in the statement that makes the table.
pub(in crate::dialect::sqlite) fn has_comment(table: &Table) -> bool {
    let Some(sql) = table.written.table.as_deref() else {
        return false;
    };
    let Ok(tokens) = tokens(sql) else { return true };
    let ends = tokens.iter().map(|token| token.start + token.text.len());
    let starts = tokens.iter().map(|token| token.start).skip(1);
    let mut gaps = ends.zip(starts.chain([sql.len()]));
    gaps.any(|(end, start)| !sql[end..start].trim_ascii().is_empty())
}

fn says_table(sql: &str, to: &Table) -> bool {
    let Ok(mut read) = table::read(to.name.name.as_str(), sql).map(|read| read.table) else {
        return false;
    };
    // What the other tables tell: the spelling of their names, and which columns are their primary key.
    for (name, key) in &mut read.foreign_keys {
        let Some(other) = to.foreign_keys.get(name) else {
            return false;
        };
        if !same(key.references.name.as_str(), other.references.name.as_str()) {
            return false;
        }
        key.references.clone_from(&other.references);
        let spelled = key.referenced.iter().map(Name::as_str);
        let others = other.referenced.iter().map(Name::as_str);
        let alike = spelled.len() == others.len() && spelled.zip(others).all(|(one, two)| same(one, two));
        if alike || key.referenced.is_empty() {
            key.referenced.clone_from(&other.referenced);
        }
    }
    read.indexes.clone_from(&to.indexes);
    normalize::one(read).is_some_and(|read| read == *to)
}

/// The `CREATE INDEX` of an index, where it is written down and says the index.
pub(in crate::dialect::sqlite) fn index_statement(index: &Index, table: &Table) -> Option<String> {
    let sql = table.written.indexes.get(&index.name)?;
    let says = index::read(index.name.as_str(), sql).ok().is_some_and(|read| {
        let with = Table {
            columns: table.columns.clone(),
            primary_key: table.primary_key.clone(),
            options: table.options.clone(),
            indexes: [(read.name.clone(), read)].into(),
            ..Table::new(table.name.clone())
        };
        normalize::one(with).is_some_and(|with| with.indexes.get(&index.name) == Some(index))
    });
    (says && names_of(sql).is_some_and(|(name, on)| index.name == *name && table.name.name == *on))
        .then(|| sql.to_string())
}

/// The names of the index and of its table in a `CREATE INDEX`.
fn names_of(sql: &str) -> Option<(String, String)> {
    let mut cursor = Cursor::new(sql).ok()?;
    let unquoted = |token: Token<'_>| token.unquoted().into_owned();
    while !cursor.eat(&["INDEX"]) {
        cursor.next().ok()?;
    }
    let name = unquoted(cursor.next().ok()?);
    cursor.eat(&["ON"]).then_some(())?;
    Some((name, unquoted(cursor.next().ok()?)))
}
