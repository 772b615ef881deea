//! The normal form of what can be compared as text.

use super::facets::{self, CONSTRAINT};
use super::signature;
use crate::dialect::head::Head;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::expr::{self, Place};
use crate::dialect::postgres::extension::Homes;
use crate::dialect::{Dialect, Types};
use crate::ir::{Expr, Object, ObjectKind, Schema};
use crate::lex::{Kind, tokens};

pub(in crate::dialect::postgres) fn normalize(schema: &mut Schema, homes: &Homes) {
    if !homes.is_empty() {
        let objects = std::mem::take(&mut schema.objects).into_iter();
        schema.objects = objects
            .map(|(mut id, object)| {
                signature::settle(&mut id, homes);
                (id, object)
            })
            .collect();
    }
    for (id, object) in &mut schema.objects {
        let trimmed = object.sql.trim().trim_end_matches(';').trim_end();
        if trimmed.len() != object.sql.len() {
            object.sql = trimmed.to_owned();
        }
        if object.comment.as_deref() == Some("") {
            object.comment = None;
        }
        if let Some(sql) = super::retype::without_usual_multirange(id, object) {
            object.sql = sql;
        }
        if id.kind == ObjectKind::Domain {
            domain(object, homes);
        }
        if id.kind == ObjectKind::Statistics
            && let Some(sql) = with_columns_in_order(&object.sql)
        {
            object.sql = sql;
        }
    }
}

/// Statistics over the same columns in another order are the same, and the server tells them in the order of the table.
fn with_columns_in_order(sql: &str) -> Option<String> {
    let mut head = Head::new(sql, Postgres.lexis(), true);
    if !head.skip_past("on") {
        return None;
    }
    let start = head.tokens.get(head.at)?.start;
    let mut columns = Vec::new();
    let mut end = start;
    while let Some(column) = head.tokens.get(head.at) {
        let is_alone = head.tokens.get(head.at + 1).is_some_and(|next| {
            let ends = next.text == "," || next.kind == Kind::Word && next.text.eq_ignore_ascii_case("from");
            ends && matches!(column.kind, Kind::Word | Kind::Quoted)
        });
        if !is_alone {
            break;
        }
        columns.push(column.text);
        end = column.start + column.text.len();
        if head.tokens[head.at + 1].text != "," {
            break;
        }
        head.at += 2;
    }
    let sorted = {
        let mut sorted = columns.clone();
        sorted.sort_unstable_by_key(|column| column.trim_matches('"'));
        sorted
    };
    (sorted != columns).then(|| format!("{}{}{}", &sql[..start], sorted.join(", "), &sql[end..]))
}

fn domain(object: &mut Object, homes: &Homes) {
    let ty = facets::get(object, "type").and_then(|text| Postgres.parse(text).ok());
    let home = ty
        .clone()
        .map(|ty| homes.at_home(ty))
        .filter(|home| ty.as_ref() != Some(home));
    if let Some(text) = home.and_then(|home| Postgres.format(&home).ok()) {
        object.facets.insert("type".to_owned(), text);
    }
    if let (Some(ty), Some(default)) = (ty, facets::get(object, "default")) {
        let default = expr::normalize_default(&Expr::Sql(default.to_owned()), &ty);
        object.facets.insert("default".to_owned(), expr::operand(&default));
    }
    let place = Place {
        table: "",
        columns: &|_| None,
    };
    let constraints = object
        .facets
        .iter_mut()
        .filter(|(name, _)| name.starts_with(CONSTRAINT));
    for (_, text) in constraints {
        let Some((check, rest)) = check(text) else { continue };
        let check = expr::sql(&expr::normalize(&Expr::Sql(check.to_owned()), place));
        let valid = if rest.is_empty() { "" } else { " NOT VALID" };
        // The server writes the word in capitals.
        *text = format!("CHECK ({}){valid}", value_in_capitals(&check));
    }
}

/// What is between the parentheses of a check, and what follows them.
fn check(text: &str) -> Option<(&str, &str)> {
    let mut head = Head::new(text, Postgres.lexis(), true);
    if !head.eat("check") {
        return None;
    }
    let open = head.tokens.get(head.at)?.start + 1;
    head.list()?;
    let close = head.tokens.get(head.at - 1)?.start;
    Some((&text[open..close], head.rest()))
}

fn value_in_capitals(sql: &str) -> String {
    let words = tokens(sql, Postgres.lexis()).map(|token| match token.kind {
        Kind::Word if token.text.eq_ignore_ascii_case("value") => "VALUE",
        _ => token.text,
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::with_columns_in_order;

    #[test]
    fn statistics_name_their_columns_in_order() {
        let sorted = |sql: &str| with_columns_in_order(sql).unwrap_or_else(|| sql.to_owned());
        assert_eq!(
            sorted("CREATE STATISTICS s.s1 (mcv) ON b, \"A b\", a, (a + b) FROM s.t"),
            "CREATE STATISTICS s.s1 (mcv) ON \"A b\", a, b, (a + b) FROM s.t"
        );
        let alone = "CREATE STATISTICS st ON lower(a), (b || a) FROM t";
        assert_eq!(sorted(alone), alone);
    }
}
