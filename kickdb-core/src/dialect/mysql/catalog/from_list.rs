//! The tables of a query as they were listed.

use crate::lex::{Kind, Lexis, Token, tokens};

/// What ends the tables of a query, where another word of the same query does.
const ENDS: [&str; 10] = [
    "where",
    "group",
    "having",
    "order",
    "limit",
    "union",
    "except",
    "intersect",
    "procedure",
    "for",
];

/// A query of a view with the commas that it was written with. MariaDB 10.11 keeps `FROM a, b` as `from a join b` and `FROM a JOIN b`
/// as `from (a join b)`, so that what it keeps would become the second one when a view is made of it.
pub(super) fn with_commas(sql: &str) -> String {
    let all = tokens(sql, Lexis::MYSQL).collect::<Vec<_>>();
    let mut written = String::with_capacity(sql.len());
    // For each parenthesis that is open, and for the whole, whether tables are being listed.
    let mut listing = vec![false];
    for (at, token) in all.iter().enumerate() {
        let word = (token.kind == Kind::Word).then(|| token.text.to_ascii_lowercase());
        match (word.as_deref(), token.text) {
            (None, "(") => listing.push(false),
            (None, ")") if listing.len() > 1 => drop(listing.pop()),
            (Some("from"), _) => set(&mut listing, true),
            (Some(word), _) if ENDS.contains(&word) => set(&mut listing, false),
            (Some("join"), _)
                if listing.last() == Some(&true) && stands_alone(all[..at].iter().map(|one| one.text)) =>
            {
                written.truncate(written.trim_end().len());
                written.push(',');
                continue;
            }
            _ => {}
        }
        written.push_str(token.text);
    }
    written
}

/// A query as the catalog keeps it, with the texts of the same one as it is shown: only the first has the tables as they were listed, and
/// only the second has every text right. `None` where they are not the same.
pub(super) fn with_texts(kept: &str, shown: &str) -> Option<String> {
    let is_layout = |token: &Token<'_>| token.kind == Kind::Space || matches!(token.text, "(" | ")");
    let mut shown = tokens(shown, Lexis::MYSQL).filter(|token| !is_layout(token));
    let mut written = String::with_capacity(kept.len());
    for token in tokens(kept, Lexis::MYSQL) {
        if is_layout(&token) {
            written.push_str(token.text);
            continue;
        }
        let other = shown.next()?;
        if token.kind != other.kind || token.kind != Kind::Text && token.text != other.text {
            return None;
        }
        written.push_str(other.text);
    }
    shown.next().is_none().then_some(written)
}

fn set(listing: &mut [bool], value: bool) {
    if let Some(last) = listing.last_mut() {
        *last = value;
    }
}

/// Whether no word before it says what kind of join it is: the server has those in parentheses, but for hints of other versions.
fn stands_alone<'a>(before: impl DoubleEndedIterator<Item = &'a str>) -> bool {
    let last = before.rev().find(|text| !text.trim().is_empty());
    !last.is_some_and(|last| {
        ["left", "right", "inner", "cross", "outer", "natural"]
            .iter()
            .any(|kind| last.eq_ignore_ascii_case(kind))
    })
}

#[cfg(test)]
mod tests {
    use super::{with_commas, with_texts};

    #[test]
    fn texts_come_from_what_is_shown_and_tables_from_what_is_kept() {
        let (kept, shown) = (
            "select 'a' AS `x` from `t` join `u`",
            "select 'b' AS `x` from (`t` join `u`)",
        );
        assert_eq!(
            with_texts(kept, shown).as_deref(),
            Some("select 'b' AS `x` from `t` join `u`")
        );
        assert_eq!(with_texts(kept, "select 'b' AS `x` from (`t` join `v`)"), None);
    }

    #[test]
    fn a_list_of_tables_is_one_again() {
        for (kept, written) in [
            (
                "select 1 from `t` join `u` where `x` = `y`",
                "select 1 from `t`, `u` where `x` = `y`",
            ),
            ("select 1 from (`t` join `u`)", "select 1 from (`t` join `u`)"),
            (
                "select trim(both 'x' from `a`) from (`t` join `u` on(`x` = `y`)) join `w`",
                "select trim(both 'x' from `a`) from (`t` join `u` on(`x` = `y`)), `w`",
            ),
            (
                "select 1 from `t` where exists(select 1 from `u` join `w` join (`a` left join `b` on(1)) limit 1)",
                "select 1 from `t` where exists(select 1 from `u`, `w`, (`a` left join `b` on(1)) limit 1)",
            ),
            (
                "select 'from a join b' AS `from` from `t`",
                "select 'from a join b' AS `from` from `t`",
            ),
        ] {
            assert_eq!(with_commas(kept), written);
        }
    }
}
