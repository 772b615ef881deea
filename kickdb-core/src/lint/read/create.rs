//! CREATE TABLE and CREATE INDEX.

use super::column::{Column, Constraint};
use super::cursor::{Cursor, commas};
use super::statement::{CreateIndex, CreateTable};

/// Reads what stands behind `CREATE … TABLE`.
pub(super) fn table(mut cursor: Cursor<'_>) -> Option<CreateTable> {
    let if_not_exists = cursor.eat("if not exists");
    let table = cursor.name()?;
    let (mut columns, mut constraints) = (Vec::new(), Vec::new());
    for part in cursor.parenthesized().map(commas).unwrap_or_default() {
        let mut part = Cursor::new(part);
        if let Some(constraint) = Constraint::read(&mut part) {
            constraints.push(constraint);
        } else if let Some(column) = Column::read(&mut part) {
            columns.push(column);
        }
    }
    Some(CreateTable {
        table,
        if_not_exists,
        columns,
        constraints,
    })
}

/// Reads what stands behind `CREATE`, where it is an index.
pub(super) fn index(mut cursor: Cursor<'_>) -> Option<CreateIndex> {
    cursor.eat("or replace");
    cursor.eat("online");
    let before = cursor.eat_any(&["unique", "fulltext", "spatial"]);
    if !cursor.eat("index") {
        return None;
    }
    let concurrently = cursor.eat("concurrently");
    let if_not_exists = cursor.eat("if not exists");
    let name = if cursor.is("on") { None } else { cursor.name() };
    // MySQL: USING stands before or behind the table.
    if cursor.eat("using") {
        cursor.next();
    }
    if !cursor.eat("on") {
        return None;
    }
    let only = cursor.eat("only");
    let table = cursor.name()?;
    if cursor.eat("using") {
        cursor.next();
    }
    Some(CreateIndex {
        name,
        table,
        columns: cursor.columns().unwrap_or_default(),
        concurrently,
        if_not_exists,
        only,
        special: before.filter(|word| *word != "unique"),
    })
}
