//! What a statement does, from its first words.

use super::cursor::{Cursor, ObjectName, text};
use super::statement::{Action, Changing, Drop, Insert};
use super::{alter, create};
use crate::lex::Token;

/// What can be dropped, the longer words first.
const KINDS: &[&str] = &[
    "table",
    "index",
    "materialized view",
    "view",
    "schema",
    "database",
    "type",
    "domain",
    "sequence",
    "function",
    "procedure",
    "trigger",
    "extension",
    "policy",
    "rule",
    "aggregate",
    "event",
    "role",
    "user",
    "tablespace",
    "publication",
    "subscription",
];

/// Reads a statement from its words.
pub(crate) fn action(tokens: &[Token<'_>]) -> Action {
    let mut cursor = Cursor::new(tokens);
    // `WITH … UPDATE` and the like change what they name in the end; they are left to the people who write them.
    let Some(first) = cursor.next() else {
        return Action::Other;
    };
    let verb = first.text.to_ascii_lowercase();
    let read = match verb.as_str() {
        "create" => created(cursor),
        "alter" => {
            cursor.eat("online");
            cursor.eat("ignore");
            match cursor.eat("table") {
                true => alter::read(cursor, tokens).map(Action::AlterTable),
                false => None,
            }
        }
        "drop" => dropped(cursor).map(Action::Drop),
        "truncate" => {
            cursor.eat("table");
            cursor.eat("only");
            Some(Action::Truncate(cursor.names()))
        }
        "rename" if cursor.eat("table") || cursor.eat("tables") => Some(Action::Rename(renames(cursor))),
        "insert" | "replace" => inserted(cursor, verb == "replace").map(Action::Insert),
        "update" => updated(cursor),
        "delete" => deleted(cursor),
        "set" => Some(set(cursor)),
        "pragma" => pragma(cursor),
        "begin" if !cursor.is("not atomic") => Some(Action::Begin),
        "start" if cursor.is("transaction") => Some(Action::Begin),
        "commit" | "end" => Some(Action::Commit),
        "rollback" | "abort" if !cursor.has("to") => Some(Action::Rollback),
        _ => None,
    };
    read.unwrap_or(Action::Other)
}

fn created(mut cursor: Cursor<'_>) -> Option<Action> {
    if let Some(index) = create::index(cursor) {
        return Some(Action::CreateIndex(index));
    }
    cursor.eat("or replace");
    cursor.eat_any(&["global", "local"]);
    cursor.eat_any(&["temporary", "temp", "unlogged"]);
    match cursor.eat("table") {
        true => create::table(cursor).map(Action::CreateTable),
        false => None,
    }
}

fn dropped(mut cursor: Cursor<'_>) -> Option<Drop> {
    // A temporary table holds nothing that anybody else has seen.
    let kind = cursor.eat_any(KINDS)?;
    let concurrently = cursor.eat("concurrently");
    let if_exists = cursor.eat("if exists");
    let names = cursor.names();
    Some(Drop {
        kind,
        names,
        if_exists,
        concurrently,
        cascade: cursor.has("cascade"),
    })
}

fn renames(mut cursor: Cursor<'_>) -> Vec<(ObjectName, ObjectName)> {
    let mut pairs = Vec::new();
    cursor.eat("if exists");
    while let Some(from) = cursor.name() {
        cursor.until(&["to"]);
        cursor.eat("to");
        let Some(to) = cursor.name() else { break };
        pairs.push((from, to));
        if !cursor.eat(",") {
            break;
        }
    }
    pairs
}

fn inserted(mut cursor: Cursor<'_>, replace: bool) -> Option<Insert> {
    let replaces = replace || cursor.eat("or replace");
    let mut guarded = replaces;
    while let Some(words) = cursor.eat_any(&[
        "or ignore",
        "ignore",
        "low_priority",
        "high_priority",
        "delayed",
        "or abort",
        "or fail",
        "or rollback",
    ]) {
        guarded |= words.ends_with("ignore");
    }
    cursor.eat("into");
    let table = cursor.name()?;
    let mut from = Vec::new();
    let mut ahead = cursor;
    while let Some(token) = ahead.next() {
        let word = |word: &str| token.text.eq_ignore_ascii_case(word);
        if word("from") || word("join") {
            from.extend(ahead.name());
        } else if word("conflict") || word("duplicate") || word("exists") {
            guarded = true;
        }
    }
    Some(Insert {
        table,
        replaces,
        guarded,
        from,
    })
}

fn updated(mut cursor: Cursor<'_>) -> Option<Action> {
    cursor.eat("or ignore");
    cursor.eat("or replace");
    cursor.eat("low_priority");
    cursor.eat("ignore");
    cursor.eat("only");
    let table = cursor.name()?;
    let filtered = ["where", "limit", "from", "join"].iter().any(|word| cursor.has(word));
    Some(Action::Update(Changing { table, filtered }))
}

fn deleted(mut cursor: Cursor<'_>) -> Option<Action> {
    while cursor.eat_any(&["low_priority", "quick", "ignore"]).is_some() {}
    // MySQL's `DELETE a FROM a JOIN b` picks its rows by the join.
    if !cursor.eat("from") {
        return None;
    }
    cursor.eat("only");
    let table = cursor.name()?;
    let filtered = ["where", "limit", "using", "join"].iter().any(|word| cursor.has(word));
    Some(Action::Delete(Changing { table, filtered }))
}

fn set(mut cursor: Cursor<'_>) -> Action {
    cursor.eat_any(&["session", "local", "global"]);
    // @@session.sql_mode
    while cursor.eat("@") {}
    let mut name = cursor.word().unwrap_or_default();
    while cursor.eat(".") {
        name = cursor.word().unwrap_or_default();
    }
    cursor.eat(":");
    cursor.eat_any(&["=", "to"]);
    Action::Set {
        name: name.to_lowercase(),
        value: text(cursor.rest()),
    }
}

fn pragma(mut cursor: Cursor<'_>) -> Option<Action> {
    let name = cursor.name()?.name.to_lowercase();
    let value = match cursor.eat("=") {
        true => text(cursor.rest()),
        false => text(cursor.parenthesized().unwrap_or_default()),
    };
    Some(Action::Set { name, value })
}
