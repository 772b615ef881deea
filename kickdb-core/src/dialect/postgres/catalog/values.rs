//! Views of `VALUES` whose columns have names.

use crate::dialect::Dialect;
use crate::dialect::head::Head;
use crate::dialect::postgres::Postgres;
use crate::lex::{Kind, Token};

/// What the server calls the rows of a `VALUES` that is no part of a `FROM`.
const ROWS: &str = "\"*VALUES*\"";

/// The same view in words that the server takes for what it has.
///
/// `CREATE VIEW v (x) AS VALUES (1)` is printed as `SELECT "*VALUES*".column1 AS x FROM (VALUES (1)) "*VALUES*"`. Read again, that
/// is a query around another one, which has a space behind its parenthesis when it is printed. So is each part of a `UNION`.
pub(super) fn named(sql: &str) -> Option<String> {
    if !sql.contains(ROWS) {
        return None;
    }
    let mut head = Head::new(sql, Postgres.lexis(), true);
    if !(head.eat("create view") || head.eat("create materialized view")) {
        return None;
    }
    head.name()?;
    let name = end(&head);
    if !head.skip_past("as") {
        return None;
    }
    let mut out = sql[..end(&head)].to_owned();
    let mut copied = out.len();
    // The first of all parts names the columns.
    let mut first = true;
    while let Some(Token { start, text, .. }) = head.tokens.get(head.at).copied() {
        let at = head.at;
        let Some((columns, values)) = values(&mut head) else {
            first &= text == "(";
            head.at = at + 1;
            continue;
        };
        out.push_str(&sql[copied..start]);
        out.push_str(values);
        copied = end(&head);
        if std::mem::take(&mut first) {
            out.insert_str(name, &format!(" ({})", columns.join(", ")));
        }
    }
    out.push_str(&sql[copied..]);
    Some(out)
}

/// Where the last word that was taken ends.
fn end(head: &Head<'_>) -> usize {
    let last = head.at.checked_sub(1).and_then(|at| head.tokens.get(at));
    last.map_or(0, |last| last.start + last.text.len())
}

/// The names of the columns, and the `VALUES` itself, where all of a query is one.
fn values<'a>(head: &mut Head<'a>) -> Option<(Vec<&'a str>, &'a str)> {
    if !head.eat("select") {
        return None;
    }
    let mut columns = Vec::new();
    loop {
        // From 16 on no column says where it is from.
        if quoted(head, ROWS) && !head.eat(".") {
            return None;
        }
        let column = head.tokens.get(head.at)?.text;
        if column != format!("column{}", columns.len() + 1) {
            return None;
        }
        head.at += 1;
        columns.push(match head.eat("as") {
            true => {
                let name = head.tokens.get(head.at)?;
                head.at += 1;
                matches!(name.kind, Kind::Word | Kind::Quoted).then_some(name.text)?
            }
            false => column,
        });
        if !head.eat(",") {
            break;
        }
    }
    if !head.eat("from") {
        return None;
    }
    let open = head.tokens.get(head.at)?.start;
    head.list()?;
    let close = head.tokens.get(head.at - 1)?.start;
    let values = &head.sql[open + 1..close];
    (values.starts_with("VALUES") && quoted(head, ROWS)).then_some((columns, values))
}

fn quoted(head: &mut Head<'_>, name: &str) -> bool {
    let is = head.tokens.get(head.at).is_some_and(|token| token.text == name);
    head.at += usize::from(is);
    is
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn only_values_that_are_the_query_itself_are_said_so() {
        for (printed, wanted) in [
            (
                "CREATE VIEW s.v WITH (security_barrier=true) AS\n SELECT \"*VALUES*\".column1 AS x,\n    \"*VALUES*\".column2 AS \"Y\"\n   FROM (VALUES (1,'a)'::text), (2,'b'::text)) \"*VALUES*\"",
                Some(
                    "CREATE VIEW s.v (x, \"Y\") WITH (security_barrier=true) AS\n VALUES (1,'a)'::text), (2,'b'::text)",
                ),
            ),
            (
                "CREATE VIEW v AS\n SELECT \"*VALUES*\".column1 AS x,\n    \"*VALUES*\".column2\n   FROM (VALUES (1,2)) \"*VALUES*\"\nUNION\n SELECT \"*VALUES*\".column1 AS x,\n    \"*VALUES*\".column2\n   FROM (VALUES (3,4)) \"*VALUES*\"",
                Some("CREATE VIEW v (x, column2) AS\n VALUES (1,2)\nUNION\n VALUES (3,4)"),
            ),
            (
                "CREATE VIEW v AS\n SELECT 1 AS x\nUNION\n SELECT \"*VALUES*\".column1 AS x\n   FROM (VALUES (3)) \"*VALUES*\"",
                Some("CREATE VIEW v AS\n SELECT 1 AS x\nUNION\n VALUES (3)"),
            ),
            (
                "CREATE VIEW v AS\n SELECT \"*VALUES*\".column1 AS x\n   FROM ( VALUES (1)) \"*VALUES*\"",
                Some("CREATE VIEW v AS\n SELECT \"*VALUES*\".column1 AS x\n   FROM ( VALUES (1)) \"*VALUES*\""),
            ),
            (
                "CREATE VIEW v AS\n SELECT column1 AS x,\n    column2\n   FROM (VALUES (1,2)) \"*VALUES*\"",
                Some("CREATE VIEW v (x, column2) AS\n VALUES (1,2)"),
            ),
            ("CREATE VIEW v AS\n VALUES (1)", None),
        ] {
            assert_eq!(named(printed).as_deref(), wanted);
        }
    }
}
