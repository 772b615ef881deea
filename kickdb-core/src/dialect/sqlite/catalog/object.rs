use super::cursor::Cursor;
use crate::dialect::sqlite::token::{Kind, tokens};
use crate::ident::{Name, Qualified};
use crate::ir::{Object, ObjectId, ObjectKind};

/// Reads the statement that makes a view, a trigger or a virtual table.
///
/// The SQL begins anew at the name, as it does in `sqlite_schema`: without `IF NOT EXISTS` and without a schema.
pub(in crate::dialect::sqlite) fn read(sql: &str) -> Result<(ObjectId, Object), String> {
    let mut cursor = Cursor::new(sql)?;
    cursor.expect(&["CREATE"])?;
    if cursor.sees(&["TEMP"]) || cursor.sees(&["TEMPORARY"]) {
        return Err("what is temporary goes with its connection and is no part of a schema".to_owned());
    }
    let kind = if cursor.eat(&["VIEW"]) {
        ObjectKind::View
    } else if cursor.eat(&["TRIGGER"]) {
        ObjectKind::Trigger
    } else if cursor.eat(&["VIRTUAL", "TABLE"]) {
        ObjectKind::VirtualTable
    } else {
        return Err("SQLite has views, triggers and virtual tables: write their CREATE statement".to_owned());
    };
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    let (start, name) = name(&mut cursor)?;
    let on = if kind == ObjectKind::Trigger {
        Some(Qualified::local(watched(&mut cursor)?))
    } else {
        None
    };
    let tokens = tokens(sql)?;
    let semicolons = tokens.iter().rev().take_while(|token| token.kind == Kind::Semicolon);
    let end = semicolons.last().map_or(sql.len(), |token| token.start);
    let body = sql[start..end].trim_end();
    if !cursor.ends_as_one_statement(kind == ObjectKind::Trigger) {
        return Err("more than one statement is written".to_owned());
    }
    let title = kind.title().to_ascii_uppercase();
    let id = ObjectId {
        on,
        ..ObjectId::new(kind, Qualified::local(name))
    };
    Ok((id, Object::new(format!("CREATE {title} {body}"))))
}

/// The name without its schema, and where it starts.
fn name(cursor: &mut Cursor<'_>) -> Result<(usize, Name), String> {
    let start = |cursor: &Cursor<'_>| cursor.peek().map_or(0, |token| token.start);
    let first = start(cursor);
    let name = cursor.name()?;
    if !cursor.eat_kind(Kind::Dot) {
        return Ok((first, name));
    }
    if !name.as_str().eq_ignore_ascii_case("main") {
        return Err(format!("`{name}` is another database; write the name alone"));
    }
    Ok((start(cursor), cursor.name()?))
}

/// The table or view that a trigger looks at.
fn watched(cursor: &mut Cursor<'_>) -> Result<Name, String> {
    while !cursor.eat(&["ON"]) {
        cursor.next()?;
    }
    cursor.qualified_name()
}
