//! Views and triggers that may have been broken for long.
//!
//! SQLite keeps a view whose table or column is gone, and then refuses every rename in the whole file, whatever that view has
//! to do with it. Whether one is broken is not asked of a database here: it is in doubt where it says a name that nothing has.

use std::collections::BTreeSet;

use super::token::{Kind, Token, tokens};
use crate::ir::{ObjectKind, Schema};

/// Whether a view or trigger of the schema says a name that nothing in it has.
pub(super) fn any(schema: &Schema) -> bool {
    let objects = || schema.objects.iter();
    if !objects().any(|(id, _)| id.kind != ObjectKind::VirtualTable) {
        return false;
    }
    let texts = objects().map(|(id, object)| (id.kind, tokens(&object.sql).unwrap_or_default()));
    let texts: Vec<(ObjectKind, Vec<Token<'_>>)> = texts.collect();
    let mut known: BTreeSet<String> = GIVEN.iter().map(|word| (*word).to_owned()).collect();
    for table in schema.tables.values() {
        let columns = table.columns.iter().map(|column| &column.name);
        let names = columns.chain([&table.name.name]);
        known.extend(names.map(|name| name.as_str().to_ascii_lowercase()));
    }
    known.extend(objects().map(|(id, _)| id.name.name.as_str().to_ascii_lowercase()));
    for (kind, text) in &texts {
        match kind {
            // Its columns stand anywhere in it.
            ObjectKind::VirtualTable => known.extend(text.iter().map(lower)),
            _ => known.extend(introduced(text)),
        }
    }
    let mut others = texts.iter().filter(|(kind, _)| *kind != ObjectKind::VirtualTable);
    others.any(|(_, text)| (0..text.len()).any(|at| is_name(text, at) && !known.contains(&lower(&text[at]))))
}

/// Names that are there without being made: those of the row, of triggers, of upserts and of the schema itself.
const GIVEN: &[&str] = &[
    "rowid",
    "oid",
    "_rowid_",
    "new",
    "old",
    "excluded",
    "main",
    "sqlite_master",
    "sqlite_schema",
    "sqlite_sequence",
];

fn lower(token: &Token<'_>) -> String {
    token.unquoted().to_ascii_lowercase()
}

/// Whether a name of something stands there: neither a keyword nor a function.
fn is_name(text: &[Token<'_>], at: usize) -> bool {
    let into = at > 0 && text[at - 1].is("INTO");
    let called = !into && text.get(at + 1).is_some_and(|next| next.kind == Kind::Open);
    match text[at].kind {
        Kind::Quoted => !called,
        Kind::Word => !called && !KEYWORDS.contains(&text[at].text.to_ascii_uppercase().as_str()),
        _ => false,
    }
}

/// The names that a statement gives by itself: the columns of a view in its head, what stands behind `AS` or just behind what
/// it names, tables of `WITH` and their columns.
fn introduced(text: &[Token<'_>]) -> Vec<String> {
    let mut names = Vec::new();
    let is_view = text.iter().take(5).any(|token| token.is("VIEW"));
    let head = text.iter().position(|token| token.is("AS")).filter(|_| is_view);
    names.extend(text[..head.unwrap_or(0)].iter().map(lower));
    for (at, token) in text.iter().enumerate().skip(1).filter(|(_, token)| token.is_name()) {
        let before = &text[at - 1];
        let behind_name = is_name(text, at - 1) || before.kind == Kind::Close || before.kind == Kind::Text;
        if before.is("AS") || behind_name && is_name(text, at) {
            names.push(lower(token));
        }
        // `x(a, b) AS (`, or `x AS (`
        let with = ["WITH", "RECURSIVE", "WINDOW"].iter().any(|word| before.is(word)) || before.kind == Kind::Comma;
        if with && let Some(columns) = common_table(&text[at + 1..]) {
            names.push(lower(token));
            names.extend(columns.iter().map(lower));
        }
    }
    names
}

/// The columns of a common table expression behind its name, where it is one.
fn common_table<'a>(behind: &'a [Token<'a>]) -> Option<&'a [Token<'a>]> {
    let close = match behind.first() {
        Some(open) if open.kind == Kind::Open => behind.iter().position(|token| token.kind == Kind::Close)? + 1,
        _ => 0,
    };
    let then = behind.get(close..)?;
    (then.first()?.is("AS") && then.iter().skip(1).take(3).any(|token| token.kind == Kind::Open))
        .then(|| &behind[..close])
}

/// <https://www.sqlite.org/lang_keywords.html>
const KEYWORDS: &[&str] = &[
    "ABORT",
    "ACTION",
    "ADD",
    "AFTER",
    "ALL",
    "ALTER",
    "ALWAYS",
    "ANALYZE",
    "AND",
    "AS",
    "ASC",
    "ATTACH",
    "AUTOINCREMENT",
    "BEFORE",
    "BEGIN",
    "BETWEEN",
    "BY",
    "CASCADE",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "COLUMN",
    "COMMIT",
    "CONFLICT",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "CURRENT",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DATABASE",
    "DEFAULT",
    "DEFERRABLE",
    "DEFERRED",
    "DELETE",
    "DESC",
    "DETACH",
    "DISTINCT",
    "DO",
    "DROP",
    "EACH",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXCLUDE",
    "EXCLUSIVE",
    "EXISTS",
    "EXPLAIN",
    "FAIL",
    "FALSE",
    "FILTER",
    "FIRST",
    "FOLLOWING",
    "FOR",
    "FOREIGN",
    "FROM",
    "FULL",
    "GENERATED",
    "GLOB",
    "GROUP",
    "GROUPS",
    "HAVING",
    "IF",
    "IGNORE",
    "IMMEDIATE",
    "IN",
    "INDEX",
    "INDEXED",
    "INITIALLY",
    "INNER",
    "INSERT",
    "INSTEAD",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "KEY",
    "LAST",
    "LEFT",
    "LIKE",
    "LIMIT",
    "MATCH",
    "MATERIALIZED",
    "NATURAL",
    "NO",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "NULLS",
    "OF",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OTHERS",
    "OUTER",
    "OVER",
    "PARTITION",
    "PLAN",
    "PRAGMA",
    "PRECEDING",
    "PRIMARY",
    "QUERY",
    "RAISE",
    "RANGE",
    "RECURSIVE",
    "REFERENCES",
    "REGEXP",
    "REINDEX",
    "RELEASE",
    "RENAME",
    "REPLACE",
    "RESTRICT",
    "RETURNING",
    "RIGHT",
    "ROLLBACK",
    "ROW",
    "ROWS",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "TABLE",
    "TEMP",
    "TEMPORARY",
    "THEN",
    "TIES",
    "TO",
    "TRANSACTION",
    "TRIGGER",
    "TRUE",
    "UNBOUNDED",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VACUUM",
    "VALUES",
    "VIEW",
    "VIRTUAL",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
    "WITHOUT",
];

#[cfg(test)]
mod tests {
    use super::any;
    use crate::dialect::Catalog as _;
    use crate::dialect::sqlite::Sqlite;

    /// Beside `t (id, a)`.
    fn in_doubt(kind: &str, sql: &str) -> bool {
        let one = |kind: &str, name: &str, sql: &str| serde_json::json!({ "type": kind, "name": name, "table": name, "sql": sql });
        let table = one("table", "t", "CREATE TABLE t (id integer PRIMARY KEY, a text)");
        let answer = serde_json::json!({ "statements": [table, one(kind, "o", sql)], "shadows": [] });
        any(&Sqlite.read_catalog(&[answer.to_string()]).unwrap())
    }

    #[test]
    fn a_view_of_what_is_there_is_in_no_doubt() {
        for sql in [
            "CREATE VIEW o AS SELECT t.id, upper(a) AS big, x.A small FROM t JOIN main.t AS x USING (id) WHERE x.rowid > 1",
            "CREATE VIEW o (p, q) AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c), d AS NOT MATERIALIZED \
             (SELECT id FROM t) SELECT n, s.k FROM c, (SELECT id k FROM d) s WHERE a IN ('x', 'nope') -- nope",
            "CREATE VIEW o AS SELECT id, sum(id) OVER w FROM t WINDOW w AS (PARTITION BY a ORDER BY id DESC NULLS LAST)",
        ] {
            assert!(!in_doubt("view", sql), "{sql}");
        }
        let trigger = "CREATE TRIGGER o AFTER UPDATE OF a ON t WHEN new.a <> old.a BEGIN UPDATE t SET a = 'x' WHERE id = new.id; END";
        assert!(!in_doubt("trigger", trigger));
    }

    #[test]
    fn a_view_that_says_what_is_not_there_is_in_doubt() {
        for (kind, sql) in [
            ("view", "CREATE VIEW o AS SELECT nope FROM t"),
            ("view", "CREATE VIEW o AS SELECT t.nope FROM t"),
            ("view", "CREATE VIEW o AS SELECT id FROM [no where]"),
            (
                "trigger",
                "CREATE TRIGGER o AFTER INSERT ON t BEGIN INSERT INTO missing (a) VALUES (1); END",
            ),
            (
                "trigger",
                "CREATE TRIGGER o AFTER UPDATE OF nope ON t BEGIN SELECT 1; END",
            ),
        ] {
            assert!(in_doubt(kind, sql), "{sql}");
        }
    }
}
