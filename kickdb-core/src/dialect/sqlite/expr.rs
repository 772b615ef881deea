//! The one spelling of an expression: tokens with one space between, keywords in capitals, columns in quotes.
//!
//! Parentheses are kept: whether they change the meaning is SQLite's to say, and they are part of what it gives back.

use super::token::{Kind, Token, quote_into, quoted_text, tokens};
use crate::ident::Name;
use crate::ir::Expr;

/// A UUID of version 4, from SQLite's random bytes.
pub(super) const NEW_UUID: &str = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || \
     substr(hex(randomblob(2)), 2) || '-' || substr('89AB', 1 + (random() & 3), 1) || \
     substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";

/// Words that are operators or parts of expressions wherever they stand.
const KEYWORDS: &[&str] = &[
    "AND",
    "AS",
    "BETWEEN",
    "CASE",
    "CAST",
    "COLLATE",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DISTINCT",
    "ELSE",
    "ESCAPE",
    "EXISTS",
    "FALSE",
    "FROM",
    "GLOB",
    "IN",
    "IS",
    "ISNULL",
    "LIKE",
    "MATCH",
    "NOT",
    "NOTNULL",
    "NULL",
    "OR",
    "REGEXP",
    "THEN",
    "TRUE",
    "WHEN",
];

/// What the names in an expression mean.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) table: &'a Name,
    pub(super) columns: &'a [Name],
}

impl Scope<'_> {
    fn column(&self, text: &str) -> Option<&Name> {
        self.columns
            .iter()
            .find(|name| name.as_str() == text)
            .or_else(|| self.columns.iter().find(|name| same(name.as_str(), text)))
    }
}

/// Whether two names are one to SQLite, which folds the case of ASCII letters only.
pub(super) fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

/// What one token of an expression is, once its neighbours are seen.
enum Part {
    Column(Name),
    Function(String),
    Keyword(String),
    Other(String),
}

/// Brings an expression over one table's columns into its one spelling.
pub(super) fn normalize(sql: &str, scope: Scope<'_>) -> Result<String, String> {
    Ok(write(&parts(sql, scope)?))
}

/// The columns that an expression in its one spelling uses.
pub(super) fn columns_of(expr: &Expr, scope: Scope<'_>) -> Vec<Name> {
    let Expr::Sql(sql) = expr else { return Vec::new() };
    let mut found = Vec::new();
    for (_, part) in parts(sql, scope).unwrap_or_default() {
        if let Part::Column(name) = part
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

/// The expression with a column under its new name, for each of the names.
pub(super) fn rename(sql: &str, scope: Scope<'_>, new_name: impl Fn(&Name) -> Name) -> String {
    let Ok(mut parts) = parts(sql, scope) else {
        return sql.to_owned();
    };
    for (_, part) in &mut parts {
        if let Part::Column(name) = part {
            *name = new_name(name);
        }
    }
    write(&parts)
}

fn parts(sql: &str, scope: Scope<'_>) -> Result<Vec<(Kind, Part)>, String> {
    let tokens = tokens(sql)?;
    balanced(&tokens)?;
    let mut out = Vec::with_capacity(tokens.len());
    let mut cases = 0_usize;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1);
        // The table's name in front of a column would break when the table is rebuilt under another name.
        let before_column = qualifiers(&tokens[at..], scope.table);
        if before_column > 0 {
            at += before_column;
            continue;
        }
        let part = part(token, next, tokens.get(at.wrapping_sub(1)), &mut cases, scope);
        out.push((token.kind, part));
        at += 1;
    }
    Ok(out)
}

/// How many tokens name the table in front of a column: `t.`, or `main.t.`, where SQLite reads the schema and forgets it.
fn qualifiers(tokens: &[Token<'_>], table: &Name) -> usize {
    let is_table = |token: &Token<'_>| token.is_name() && same(&token.unquoted(), table.as_str());
    match tokens {
        [schema, one, own, other, ..]
            if schema.is_name() && one.kind == Kind::Dot && is_table(own) && other.kind == Kind::Dot =>
        {
            4
        }
        [own, dot, ..] if is_table(own) && dot.kind == Kind::Dot => 2,
        _ => 0,
    }
}

fn balanced(tokens: &[Token<'_>]) -> Result<(), String> {
    if tokens.is_empty() {
        return Err("the expression is empty".to_owned());
    }
    let mut depth = 0_usize;
    for token in tokens {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => {
                depth = depth
                    .checked_sub(1)
                    .ok_or("it closes a parenthesis that it does not open")?;
            }
            Kind::Semicolon => return Err("it holds a semicolon".to_owned()),
            Kind::Parameter => return Err(format!("it holds the bound value `{}`", token.text)),
            _ => {}
        }
    }
    if depth > 0 {
        return Err("it opens a parenthesis that it does not close".to_owned());
    }
    Ok(())
}

fn part(
    token: &Token<'_>,
    next: Option<&Token<'_>>,
    previous: Option<&Token<'_>>,
    cases: &mut usize,
    scope: Scope<'_>,
) -> Part {
    let upper = token.text.to_ascii_uppercase();
    match token.kind {
        Kind::Word if token.is("CASE") => {
            *cases += 1;
            Part::Keyword(upper)
        }
        // `end` is also a fine name for a column.
        Kind::Word if token.is("END") && *cases > 0 => {
            *cases -= 1;
            Part::Keyword(upper)
        }
        Kind::Word if KEYWORDS.contains(&upper.as_str()) => Part::Keyword(upper),
        Kind::Word if next.is_some_and(|next| next.kind == Kind::Open) => {
            Part::Function(token.text.to_ascii_lowercase())
        }
        // The name of a collation or of a type.
        Kind::Word if previous.is_some_and(|previous| previous.is("COLLATE") || previous.is("AS")) => {
            Part::Other(token.text.to_owned())
        }
        Kind::Word => match scope.column(token.text) {
            Some(column) => Part::Column(column.clone()),
            None => Part::Other(token.text.to_owned()),
        },
        Kind::Quoted => {
            let name = token.unquoted();
            match scope.column(&name) {
                Some(column) if next.is_none_or(|next| next.kind != Kind::Open) => Part::Column(column.clone()),
                _ => {
                    let mut text = String::new();
                    quote_into(&name, &mut text);
                    Part::Other(text)
                }
            }
        }
        Kind::Blob => Part::Other(upper),
        _ => Part::Other(token.text.to_owned()),
    }
}

fn write(parts: &[(Kind, Part)]) -> String {
    let mut sql = String::new();
    let mut glue = true;
    let mut after_value = false;
    for (kind, part) in parts {
        let text = match part {
            Part::Column(_) => "",
            Part::Function(text) | Part::Keyword(text) | Part::Other(text) => text,
        };
        // `- -1` must not become a comment.
        let comment = sql.ends_with('-') && text.starts_with('-');
        if comment || !(glue || matches!(kind, Kind::Close | Kind::Comma | Kind::Dot)) {
            sql.push(' ');
        }
        match part {
            Part::Column(name) => quote_into(name.as_str(), &mut sql),
            _ => sql.push_str(text),
        }
        let unary = *kind == Kind::Operator && !after_value && ["-", "+", "~"].contains(&text);
        // A function's name and CAST hold on to their parenthesis.
        glue = matches!(kind, Kind::Open | Kind::Dot) || unary || matches!(part, Part::Function(_)) || text == "CAST";
        after_value = match part {
            Part::Keyword(word) => {
                matches!(word.as_str(), "END" | "NULL" | "TRUE" | "FALSE" | "ISNULL" | "NOTNULL")
                    || word.starts_with("CURRENT_")
            }
            _ => !matches!(kind, Kind::Operator | Kind::Open | Kind::Comma),
        };
    }
    sql
}

/// The expression without the collation at its end, and that collation. The expression is in its one spelling.
pub(super) fn split_collation(sql: &str) -> (String, Option<Name>) {
    let whole = || (sql.to_owned(), None);
    let Ok(tokens) = tokens(sql) else { return whole() };
    let [.., before, word, name] = tokens.as_slice() else {
        return whole();
    };
    if !word.is("COLLATE") || !name.is_name() || before.kind == Kind::Operator {
        return whole();
    }
    let Some((rest, _)) = sql.rsplit_once(" COLLATE ") else {
        return whole();
    };
    match Name::new(name.unquoted().into_owned()) {
        Ok(name) => (rest.to_owned(), Some(name)),
        Err(_) => whole(),
    }
}

/// The column that an expression is, if it is nothing more.
pub(super) fn lone_column(sql: &str, scope: Scope<'_>) -> Option<Name> {
    match parts(sql, scope).ok()?.as_slice() {
        [(_, Part::Column(name))] => Some(name.clone()),
        _ => None,
    }
}

/// Brings a default into its one form: what is a literal becomes one.
pub(super) fn normalize_value(expr: Expr, scope: Scope<'_>) -> Result<Expr, String> {
    match expr {
        Expr::EmptyArray => Ok(Expr::Text("[]".to_owned())),
        Expr::Sql(sql) => {
            let sql = normalize(&sql, scope)?;
            Ok(literal(&sql).unwrap_or(Expr::Sql(sql)))
        }
        other => Ok(other),
    }
}

/// The literal that a default in its one spelling is, if it is one.
fn literal(sql: &str) -> Option<Expr> {
    if sql == NEW_UUID {
        return Some(Expr::NewUuid);
    }
    match sql {
        "NULL" => return Some(Expr::Null),
        "TRUE" => return Some(Expr::Bool(true)),
        "FALSE" => return Some(Expr::Bool(false)),
        "CURRENT_TIMESTAMP" => return Some(Expr::Now),
        _ => {}
    }
    let tokens = tokens(sql).ok()?;
    match tokens.as_slice() {
        [token] if token.kind == Kind::Text => Some(Expr::Text(token.unquoted().into_owned())),
        // `007` and `+7` mean the same number but are given back as they are written.
        _ => sql
            .parse::<i64>()
            .ok()
            .filter(|number| number.to_string() == sql)
            .map(Expr::Int),
    }
}

/// Writes an expression as SQL.
pub(super) fn sql(expr: &Expr) -> String {
    match expr {
        Expr::Null => "NULL".to_owned(),
        Expr::Bool(true) => "TRUE".to_owned(),
        Expr::Bool(false) => "FALSE".to_owned(),
        Expr::Int(number) => number.to_string(),
        Expr::Text(text) => quoted_text(text),
        Expr::Now => "CURRENT_TIMESTAMP".to_owned(),
        Expr::NewUuid => NEW_UUID.to_owned(),
        Expr::EmptyArray => "'[]'".to_owned(),
        Expr::Sql(sql) => sql.clone(),
    }
}

/// Whether a default can stand without parentheses: a literal, a signed number, or a single word.
pub(super) fn is_plain(sql: &str) -> bool {
    match tokens(sql).as_deref() {
        Ok([token]) => !matches!(
            token.kind,
            Kind::Open | Kind::Close | Kind::Comma | Kind::Dot | Kind::Operator
        ),
        Ok([sign, token]) => ["-", "+"].contains(&sign.text) && token.kind == Kind::Number,
        _ => false,
    }
}

/// Whether a default is the same for every row and moment, so that a column with it can be added to a table with rows.
pub(super) fn is_constant(sql: &str) -> bool {
    is_plain(sql) && !sql.to_ascii_uppercase().starts_with("CURRENT_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(sql: &str) -> String {
        let table = Name::new("tasks").unwrap();
        let columns: Vec<Name> = ["title", "Select", "end", "größe", "is_done"]
            .into_iter()
            .map(|name| Name::new(name).unwrap())
            .collect();
        let scope = Scope {
            table: &table,
            columns: &columns,
        };
        let once = normalize(sql, scope).unwrap();
        assert_eq!(normalize(&once, scope).unwrap(), once, "idempotent");
        once
    }

    #[test]
    fn one_spelling() {
        assert_eq!(normal("title  is not NULL"), r#""title" IS NOT NULL"#);
        assert_eq!(normal("[Title] in('a',\"b\")"), r#""title" IN ('a', "b")"#);
        assert_eq!(
            normal("LENGTH( tasks . title )>-1 and \"größe\"*2 < - 3"),
            r#"length("title") > -1 AND "größe" * 2 < -3"#
        );
        assert_eq!(
            normal("CASE WHEN is_done THEN 1 ELSE - -2 END > end"),
            r#"CASE WHEN "is_done" THEN 1 ELSE - -2 END > "end""#
        );
        assert_eq!(
            normal("cast(title as integer)=1 /* x */"),
            r#"CAST("title" AS integer) = 1"#
        );
        assert_eq!(
            normal("((title collate nocase)<>'A')"),
            r#"(("title" COLLATE nocase) <> 'A')"#
        );
        assert_eq!(
            normal("main.tasks.title > 0 OR [x] . \"tasks\" . title < tasks.title"),
            r#""title" > 0 OR "title" < "title""#
        );
        assert_eq!(normal("title is null"), r#""title" IS NULL"#);
        assert_eq!(normal("count(title) - 1"), r#"count("title") - 1"#);
        assert_eq!(normal("title -> '$.a' not null"), r#""title" -> '$.a' NOT NULL"#);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        let table = Name::new("t").unwrap();
        let scope = Scope {
            table: &table,
            columns: &[],
        };
        for bad in ["", "a; DROP TABLE t", "(a", "a)", "a = 'b", "-- all comment", "a = ?1"] {
            assert!(normalize(bad, scope).is_err(), "{bad}");
        }
    }

    #[test]
    fn literals_are_recognised() {
        let table = Name::new("t").unwrap();
        let scope = Scope {
            table: &table,
            columns: &[],
        };
        let value = |sql: &str| normalize_value(Expr::Sql(sql.to_owned()), scope).unwrap();
        assert_eq!(value("'it''s'"), Expr::Text("it's".to_owned()));
        assert_eq!(value("- 5"), Expr::Int(-5));
        assert_eq!(value("+5"), Expr::Sql("+5".to_owned()));
        assert_eq!(value("007"), Expr::Sql("007".to_owned()));
        assert_eq!(value("current_timestamp"), Expr::Now);
        assert_eq!(value("true"), Expr::Bool(true));
        assert_eq!(value("null"), Expr::Null);
        assert_eq!(value("\"foo\""), Expr::Sql("\"foo\"".to_owned()));
        assert_eq!(value(NEW_UUID), Expr::NewUuid);
        assert!(is_plain("-1.5") && is_plain("\"foo\"") && !is_plain("1 + 2") && !is_plain("abs(1)"));
        assert!(is_constant("X'00'") && !is_constant("CURRENT_DATE"));
    }
}
