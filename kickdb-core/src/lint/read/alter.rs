//! ALTER TABLE, part by part.

use super::column::{Column, Constraint};
use super::cursor::{Cursor, commas, span, text};
use super::statement::{Alter, AlterTable, Alteration};
use crate::lex::Token;

/// Reads what stands behind `ALTER TABLE`; `tokens` are those of the whole statement.
pub(super) fn read(mut cursor: Cursor<'_>, tokens: &[Token<'_>]) -> Option<AlterTable> {
    cursor.eat("if exists");
    cursor.eat("only");
    let table = cursor.name()?;
    cursor.eat("*");
    // MariaDB: how long to wait for the lock.
    if cursor.eat("wait") {
        cursor.next();
    }
    cursor.eat("nowait");
    let mut parts = Vec::new();
    for part in commas(cursor.rest()) {
        let start = tokens.partition_point(|token| token.start < part[0].start);
        let mut read = |what, part: &[Token<'_>]| {
            parts.push(Alteration {
                span: span(part),
                words: start..start + part.len(),
                what,
            });
        };
        match several(part) {
            // MySQL: ADD (a int, b int)
            Some(columns) => {
                for column in columns {
                    read(added(&mut Cursor::new(column)), column);
                }
            }
            None => read(one(&mut Cursor::new(part)), part),
        }
    }
    Some(AlterTable { table, parts })
}

fn several<'s>(part: &'s [Token<'s>]) -> Option<Vec<&'s [Token<'s>]>> {
    let mut cursor = Cursor::new(part);
    if !cursor.eat("add") {
        return None;
    }
    cursor.eat("column");
    Some(commas(cursor.parenthesized()?))
}

fn one(cursor: &mut Cursor<'_>) -> Alter {
    let read = match cursor.eat_any(&[
        "add",
        "drop",
        "rename",
        "alter",
        "validate constraint",
        "modify",
        "change",
    ]) {
        Some("add") => Some(added(cursor)),
        Some("drop") => dropped(cursor),
        Some("rename") => renamed(cursor),
        Some("alter") => altered(cursor),
        Some("validate constraint") => cursor.word().map(Alter::Validate),
        Some("modify") => {
            cursor.eat("column");
            cursor.eat("if exists");
            Column::read(cursor).map(|column| Alter::Redefine {
                from: column.name.clone(),
                column,
            })
        }
        Some("change") => {
            cursor.eat("column");
            cursor.eat("if exists");
            let from = cursor.word();
            from.zip(Column::read(cursor))
                .map(|(from, column)| Alter::Redefine { from, column })
        }
        _ => None,
    };
    read.unwrap_or(Alter::Other)
}

fn added(cursor: &mut Cursor<'_>) -> Alter {
    if cursor.is("partition") || cursor.is("period") || cursor.is("system") {
        return Alter::Other;
    }
    if let Some(constraint) = Constraint::read(cursor) {
        return Alter::AddConstraint(constraint);
    }
    cursor.eat("column");
    let if_not_exists = cursor.eat("if not exists");
    match Column::read(cursor) {
        Some(column) => Alter::AddColumn { column, if_not_exists },
        None => Alter::Other,
    }
}

fn dropped(cursor: &mut Cursor<'_>) -> Option<Alter> {
    const OTHERS: &[&str] = &[
        "partition",
        "primary key",
        "index",
        "key",
        "period",
        "system",
        "expression",
        "identity",
    ];
    if OTHERS.iter().any(|word| cursor.is(word)) {
        return None;
    }
    if cursor.eat_any(&["constraint", "foreign key", "check"]).is_some() {
        cursor.eat("if exists");
        return cursor.word().map(|name| Alter::DropConstraint { name });
    }
    cursor.eat("column");
    let if_exists = cursor.eat("if exists");
    cursor.word().map(|name| Alter::DropColumn { name, if_exists })
}

fn renamed(cursor: &mut Cursor<'_>) -> Option<Alter> {
    if ["constraint", "index", "key"].iter().any(|word| cursor.is(word)) {
        return None;
    }
    if cursor.eat("to") || cursor.eat("as") || cursor.eat("=") {
        return cursor.name().map(Alter::RenameTable);
    }
    let column = cursor.eat("column");
    let from = cursor.name()?;
    if cursor.eat("to") {
        return cursor.word().map(|to| Alter::RenameColumn { from: from.name, to });
    }
    // MySQL: RENAME other
    (!column && cursor.is_done()).then_some(Alter::RenameTable(from))
}

fn altered(cursor: &mut Cursor<'_>) -> Option<Alter> {
    if ["index", "constraint", "check", "key"]
        .iter()
        .any(|word| cursor.is(word))
        && !cursor.is("key set")
    {
        return None;
    }
    cursor.eat("column");
    cursor.eat("if exists");
    let column = cursor.word()?;
    if cursor.eat("set not null") {
        return Some(Alter::SetNotNull(column));
    }
    if cursor.eat("drop not null") {
        return Some(Alter::DropNotNull(column));
    }
    if cursor.eat("set default") {
        return Some(Alter::SetDefault(column));
    }
    if cursor.eat("drop default") {
        return Some(Alter::DropDefault(column));
    }
    if cursor.eat("type") || cursor.eat("set data type") {
        let ty = text(cursor.until(&["using", "collate"]));
        return Some(Alter::Type { column, ty });
    }
    None
}
