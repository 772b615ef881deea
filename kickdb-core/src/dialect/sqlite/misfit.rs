//! The rows that a copy or a unique index cannot take: SQLite names the constraint, and no row.

use super::catalog::{read_index, read_table};
use super::expr::{self, Scope};
use super::token::{Kind, Token, quoted_name, quoted_text, tokens};
use crate::ident::{Name, Qualified};
use crate::ir::{Expr, IndexKey, Table};

/// The statement that makes a table.
pub(in crate::dialect) const MADE: &str =
    "SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower($1)";

/// How many rows are named.
const NAMED: usize = 4;

/// A query for the rows that break one constraint, and what they do.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::dialect) struct Question {
    /// Each row's answer is a text: the key of a row, or the keys of those that are alike.
    pub(in crate::dialect) sql: String,
    what: String,
}

impl Question {
    /// The sentence about the rows that were found.
    pub(in crate::dialect) fn says(&self, rows: &[String]) -> String {
        let more = if rows.len() < NAMED { "" } else { ", …" };
        let rows = rows.iter().take(NAMED - 1).map(String::as_str).collect::<Vec<_>>();
        format!("{}: {}{more}; change them first", self.what, rows.join("; "))
    }

    fn new(with: &str, key: &str, rest: &str, what: String) -> Self {
        Self {
            sql: format!("{with}SELECT {key} {rest} LIMIT {NAMED}"),
            what,
        }
    }
}

/// The tables that the statement writes into, or puts an index on, and takes the rows from.
pub(in crate::dialect) fn tables(sql: &str) -> Option<[String; 2]> {
    let tokens = tokens(sql).ok()?;
    Copy::of(sql, &tokens)
        .map(|copy| [copy.into, copy.from])
        .or_else(|| indexed(&tokens).map(|(_, table)| [table.clone(), table]))
}

/// What to ask after the statement failed with this message. `made` are the statements that made its [`tables`].
pub(in crate::dialect) fn questions(sql: &str, message: &str, made: [&str; 2]) -> Vec<Question> {
    let asked = || {
        let tokens = tokens(sql).ok()?;
        let [into, from] = tables(sql)?;
        let into = read_table(&into, made[0]).ok()?;
        // A virtual table is none that can be read; its rows have numbers.
        let unread = || Some(Table::new(Qualified::local(Name::new(from.as_str()).ok()?)));
        let from = read_table(&from, made[1]).ok().or_else(unread)?;
        match Copy::of(sql, &tokens) {
            Some(copy) => Some(copy.questions(message, &into, &from)),
            None => unique_index(sql, &indexed(&tokens)?.0, &from).map(|question| vec![question]),
        }
    };
    asked().unwrap_or_default()
}

/// `INSERT INTO new (columns) SELECT … FROM old`, as a rebuild writes it.
struct Copy<'a> {
    into: String,
    columns: Vec<String>,
    /// What is selected, without SELECT and from which table.
    values: &'a str,
    from: String,
}

impl<'a> Copy<'a> {
    fn of(sql: &'a str, tokens: &[Token<'a>]) -> Option<Self> {
        let [insert, rest @ ..] = tokens else { return None };
        let at = rest.iter().position(|token| token.is("INTO"))?;
        let [into, open, list @ ..] = &rest[at + 1..] else {
            return None;
        };
        let close = list.iter().position(|token| token.kind == Kind::Close)?;
        let [select, .., from, old] = &list[close + 1..] else {
            return None;
        };
        let is_copy =
            insert.is("INSERT") && at <= 2 && open.kind == Kind::Open && select.is("SELECT") && from.is("FROM");
        let columns = list[..close].iter().filter(|token| token.kind != Kind::Comma);
        is_copy.then(|| Self {
            into: into.unquoted().into_owned(),
            columns: columns.map(|token| token.unquoted().into_owned()).collect(),
            values: &sql[select.start + select.text.len()..from.start],
            from: old.unquoted().into_owned(),
        })
    }

    fn questions(&self, message: &str, table: &Table, old: &Table) -> Vec<Question> {
        let copied = |name: &Name| self.columns.iter().any(|column| name == column.as_str());
        let names = self.columns.iter().map(|column| quoted_name(column));
        // A row is named as it was before: what breaks a new key names none.
        let (key, names) = (key_of(old), names.collect::<Vec<_>>().join(", "));
        let (values, from) = (self.values, &self.from);
        let source = quoted_name(from);
        let with = format!("WITH kick_copy (kick_row, {names}) AS (SELECT {key}, {values}FROM {source}) ");
        let one = |condition: &str, what| {
            Question::new(&with, "kick_row", &format!("FROM kick_copy WHERE {condition}"), what)
        };
        if message.contains("NOT NULL constraint") {
            let required = table
                .columns
                .iter()
                .filter(|column| !column.nullable && copied(&column.name));
            let required = required.map(|column| {
                let name = &column.name;
                one(
                    &format!("{} IS NULL", quoted_name(name.as_str())),
                    format!("`{from}.{name}` is NULL in the rows"),
                )
            });
            return required.collect();
        }
        if message.contains("CHECK constraint") {
            let broken = table.checks.values().map(|check| {
                let sql = expr::sql(&check.expr);
                one(
                    &format!("NOT ({sql})"),
                    format!("the check ({sql}) does not hold for the rows of `{from}`"),
                )
            });
            return broken.collect();
        }
        if !message.contains("UNIQUE constraint") {
            return Vec::new();
        }
        let keys = table
            .primary_key
            .as_ref()
            .map(|key| &key.columns[..])
            .unwrap_or_default();
        let unique = table.uniques.values().map(|unique| &unique.columns[..]);
        let unique = unique
            .chain([keys])
            .filter(|columns| !columns.is_empty() && columns.iter().all(copied));
        let unique = unique.map(|columns| {
            let parts = columns
                .iter()
                .map(|name| quoted_name(name.as_str()))
                .collect::<Vec<_>>();
            alike(&with, "kick_row", ("kick_copy", ""), &parts, from)
        });
        unique.collect()
    }
}

/// The rows that are alike in all parts, none of which is NULL.
fn alike(with: &str, key: &str, (source, condition): (&str, &str), parts: &[String], table: &str) -> Question {
    let some = parts
        .iter()
        .map(|part| format!("{part} IS NOT NULL"))
        .collect::<Vec<_>>()
        .join(" AND ");
    let parts = parts.join(", ");
    let rest = format!("FROM {source} WHERE {some}{condition} GROUP BY {parts} HAVING count(*) > 1");
    let what = format!("rows of `{table}` have the same ({parts})");
    Question::new(with, &format!("group_concat({key}, ', ')"), &rest, what)
}

/// The name and the table of the unique index that the statement makes.
fn indexed(tokens: &[Token<'_>]) -> Option<(String, String)> {
    match tokens {
        [create, unique, index, name, on, table, ..]
            if create.is("CREATE") && unique.is("UNIQUE") && index.is("INDEX") && on.is("ON") =>
        {
            Some((name.unquoted().into_owned(), table.unquoted().into_owned()))
        }
        _ => None,
    }
}

fn unique_index(sql: &str, name: &str, table: &Table) -> Option<Question> {
    let index = read_index(name, sql).ok()?;
    let columns: Vec<Name> = table.columns.iter().map(|column| column.name.clone()).collect();
    let scope = Scope {
        table: &table.name.name,
        columns: &columns,
    };
    let said = |value: &Expr| expr::normalize(&expr::sql(value), scope).ok();
    let parts = index.parts.iter().map(|part| match &part.key {
        IndexKey::Column(name) => Some(quoted_name(name.as_str())),
        IndexKey::Expr(value) => said(value),
    });
    let parts = parts.collect::<Option<Vec<_>>>()?;
    let condition = match &index.predicate {
        Some(predicate) => format!(" AND ({})", said(predicate)?),
        None => String::new(),
    };
    let own = table.name.name.as_str();
    Some(alike("", &key_of(table), (&quoted_name(own), &condition), &parts, own))
}

/// The key of a table's row as a text: `id 7`, `a 1 and b 'x'`, or the row's number where there is none.
fn key_of(table: &Table) -> String {
    let columns = table.primary_key.iter().flat_map(|key| &key.columns);
    let parts = columns.map(|name| {
        let label = quoted_text(&format!("{name} "));
        format!("{label} || quote({})", quoted_name(name.as_str()))
    });
    let parts = parts.collect::<Vec<_>>();
    if parts.is_empty() {
        return "'rowid ' || rowid".to_owned();
    }
    parts.join(" || ' and ' || ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_about_the_values_that_are_copied() {
        let old = "CREATE TABLE t (a text, b text)";
        let made = "CREATE TABLE \"kick_new_t\" (id integer PRIMARY KEY, a text NOT NULL, b text CHECK (b <> ''))";
        let copy = "INSERT INTO \"kick_new_t\" (\"a\", \"b\")\nSELECT upper(\"a\"), \"b\" FROM \"t\"";
        assert_eq!(tables(copy), Some(["kick_new_t".to_owned(), "t".to_owned()]));
        let asked = questions(copy, "NOT NULL constraint failed: kick_new_t.a", [made, old]);
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert_eq!(
            asked[0].sql,
            "WITH kick_copy (kick_row, \"a\", \"b\") AS (SELECT 'rowid ' || rowid,  upper(\"a\"), \"b\" FROM \"t\") \
             SELECT kick_row FROM kick_copy WHERE \"a\" IS NULL LIMIT 4"
        );
        assert_eq!(
            asked[0].says(&["id 2".to_owned()]),
            "`t.a` is NULL in the rows: id 2; change them first"
        );
        assert_eq!(questions(copy, "disk I/O error", [made, old]), []);
        assert_eq!(tables("INSERT INTO t VALUES (1)"), None);
        assert_eq!(tables("DELETE FROM t"), None);
    }
}
