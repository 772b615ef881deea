//! A value for rows that nobody has chosen should at least be one that the column's own checks let in.

use crate::ident::Name;
use crate::ir::{Expr, Table};
use crate::lex::{Kind, Lexis, tokens};

/// The plain value of a column, or the next one that the checks of its table ask for: one of a list, a number on the right
/// side of a bound, a text that is not empty, or as long as it must be. Checks that say more than that are not understood, and may still refuse it.
pub(super) fn obeying(mut value: Expr, column: &Name, table: &Table) -> Expr {
    for check in table.checks.values() {
        if let Expr::Sql(sql) = &check.expr {
            let words = words(sql);
            for at in 0..words.len() {
                let behind = &words[at + 1..];
                let measured = at.checked_sub(1).is_some_and(|before| is_length(words[before]));
                let wanted = match (is_name(words[at], column.as_str()), measured, &value) {
                    (true, false, _) => wanted(&value, behind),
                    (true, true, Expr::Text(text)) => long_enough(text, behind),
                    _ => None,
                };
                value = wanted.unwrap_or(value);
            }
        }
    }
    value
}

/// What is written without parentheses and casts.
pub(super) fn words(sql: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut solid = tokens(sql, Lexis::EXPRESSION)
        .filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment))
        .peekable();
    while let Some(token) = solid.next() {
        match token.text {
            "(" | ")" => {}
            // `'todo'::character varying`
            "::" => while solid.next_if(|token| token.kind == Kind::Word).is_some() {},
            ":" if solid.next_if(|token| token.text == ":").is_some() => {
                while solid.next_if(|token| token.kind == Kind::Word).is_some() {}
            }
            text => words.push(text),
        }
    }
    words
}

pub(super) fn is_name(word: &str, column: &str) -> bool {
    let bare = ['"', '`']
        .into_iter()
        .find_map(|quote| word.strip_prefix(quote)?.strip_suffix(quote));
    match bare {
        Some(bare) => bare == column,
        None => word.eq_ignore_ascii_case(column),
    }
}

/// Another value, where what stands behind the column does not let this one in.
fn wanted(value: &Expr, behind: &[&str]) -> Option<Expr> {
    let list = |from: usize| {
        let literals = behind[from..].iter().filter(|word| !["[", ","].contains(*word));
        let literals: Vec<Expr> = literals.map_while(|word| literal(word)).collect();
        match literals.contains(value) {
            true => None,
            false => literals.into_iter().next(),
        }
    };
    let upper = |at: usize| behind.get(at).map(|word| word.to_ascii_uppercase());
    match upper(0)?.as_str() {
        "IN" => list(1),
        "=" if upper(1)? == "ANY" && upper(2)? == "ARRAY" => list(3),
        "BETWEEN" => compared(value, ">=", behind.get(1)?),
        _ => {
            let signs = behind
                .iter()
                .take_while(|word| ["<", ">", "=", "!", "<>", ">=", "<=", "!="].contains(*word));
            let signs: Vec<&str> = signs.copied().collect();
            compared(value, &signs.concat(), behind.get(signs.len())?)
        }
    }
}

fn is_length(word: &str) -> bool {
    let functions = ["length", "char_length", "character_length", "octet_length"];
    functions.iter().any(|function| word.eq_ignore_ascii_case(function))
}

/// A text of another length, where what stands behind its length does not let this one in.
fn long_enough(text: &str, behind: &[&str]) -> Option<Expr> {
    let length = Expr::Int(i64::try_from(text.chars().count()).ok()?);
    match wanted(&length, behind)? {
        Expr::Int(length) => Some(Expr::Text("-".repeat(usize::try_from(length).ok()?))),
        _ => None,
    }
}

fn compared(value: &Expr, sign: &str, bound: &str) -> Option<Expr> {
    match (literal(bound)?, value) {
        (Expr::Text(bound), Expr::Text(text)) => match sign {
            "=" if *text != bound => Some(Expr::Text(bound)),
            "<>" | "!=" | ">" if *text == bound => Some(Expr::Text(format!("{bound}-"))),
            _ => None,
        },
        (Expr::Int(bound), Expr::Int(_) | Expr::Sql(_)) => {
            let number = match value {
                Expr::Int(number) => *number,
                Expr::Sql(sql) if sql.trim_start_matches("0.").chars().all(|digit| digit == '0') => 0,
                _ => return None,
            };
            let (holds, other) = match sign {
                ">" => (number > bound, bound.checked_add(1)),
                ">=" => (number >= bound, Some(bound)),
                "<" => (number < bound, bound.checked_sub(1)),
                "<=" | "=" => (number <= bound && (sign == "<=" || number == bound), Some(bound)),
                "<>" | "!=" => (number != bound, bound.checked_add(1)),
                _ => return None,
            };
            other.filter(|_| !holds).map(Expr::Int)
        }
        _ => None,
    }
}

fn literal(word: &str) -> Option<Expr> {
    if let Some(text) = word.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        return Some(Expr::Text(text.replace("''", "'")));
    }
    word.parse().ok().map(Expr::Int)
}

#[cfg(test)]
mod tests {
    use super::obeying;
    use crate::ident::{Name, Qualified};
    use crate::ir::{Check, Expr, Table};

    #[test]
    fn the_value_is_one_that_the_checks_let_in() {
        let (zero, empty) = (Expr::Int(0), Expr::Text(String::new()));
        let text = |text: &str| Expr::Text(text.to_owned());
        for (check, plain, wanted) in [
            ("\"a\" IN ('x', 'y')", &empty, text("x")),
            ("`a` in ('it''s','')", &empty, empty.clone()),
            (
                "((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
                &empty,
                text("x"),
            ),
            ("a = ANY (ARRAY[3, 4])", &zero, Expr::Int(3)),
            ("\"a\" > 0 AND \"a\" < 100", &zero, Expr::Int(1)),
            ("a >= 0", &zero, zero.clone()),
            ("a BETWEEN 5 AND 9", &zero, Expr::Int(5)),
            ("`a` <> 0", &Expr::Sql("0.00".to_owned()), Expr::Int(1)),
            ("a <> ''", &empty, text("-")),
            ("b > 0", &zero, zero.clone()),
            ("length(a) > 3", &empty, text("----")),
            ("char_length(`a`) between 2 and 3", &empty, text("--")),
            ("upper(a) = 'X'", &zero, zero.clone()),
            ("a IS NOT NULL", &empty, empty.clone()),
        ] {
            let name = |text: &str| Name::new(text).unwrap();
            let mut table = Table::new(Qualified::local(name("t")));
            let check = Check::new(name("c"), Expr::Sql(check.to_owned()));
            table.checks.insert(check.name.clone(), check.clone());
            assert_eq!(obeying(plain.clone(), &name("a"), &table), wanted, "{check:?}");
        }
    }
}
