//! What the server prints and does not read back as it was.

use crate::lex::{Kind, Lexis, Token, tokens};

/// The same SQL in words that the server takes for what it has.
///
/// `status IN ('a', 'b')` on a `varchar` is kept as a list of `varchar` that is cast to `text[]` as a whole, and printed as
/// `(ARRAY['a'::character varying, …])::text[]`. Read again, that cast goes into the list, to each element; with a cast of the
/// list between the two it does not.
pub(super) fn faithful(sql: String) -> String {
    if !sql.contains("::text[]") || !sql.contains("::character varying") {
        return sql;
    }
    let all: Vec<Token<'_>> = tokens(&sql, Lexis::POSTGRES)
        .filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment))
        .collect();
    let text = |at: usize| all.get(at).map_or("", |token| token.text);
    let (mut out, mut copied) = (String::with_capacity(sql.len() + 64), 0);
    for (at, token) in all.iter().enumerate() {
        if token.text != "ARRAY" || text(at + 1) != "[" {
            continue;
        }
        let Some(end) = closing(&all, at + 1) else { continue };
        let whole = text(end + 1) == ")" && at > 0 && text(at - 1) == "(";
        let cast = end + 1 + usize::from(whole);
        let casts = [":", ":", "text", "[", "]"].iter().enumerate();
        let is_cast = casts.fold(true, |so_far, (number, word)| so_far && text(cast + number) == *word);
        let varying = all[at..end]
            .windows(2)
            .any(|pair| pair[0].text == "character" && pair[1].text == "varying");
        if !is_cast || !varying || token.start < copied {
            continue;
        }
        let list = &sql[token.start..=all[end].start];
        out.push_str(&sql[copied..token.start]);
        out.push_str(&match whole {
            true => format!("{list}::character varying[]"),
            false => format!("({list}::character varying[])"),
        });
        copied = all[end].start + 1;
    }
    out.push_str(&sql[copied..]);
    out
}

/// The bracket that closes the one at that place.
fn closing(all: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in all.iter().enumerate().skip(open) {
        match token.text {
            "[" => depth += 1,
            "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::faithful;

    #[test]
    fn a_list_that_is_cast_as_a_whole_stays_so() {
        for (printed, wanted) in [
            (
                "((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
                "((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying]::character varying[])::text[]))",
            ),
            (
                "s::text = ANY (ARRAY['a]'::character varying]::text[])",
                "s::text = ANY ((ARRAY['a]'::character varying]::character varying[])::text[])",
            ),
            ("x = ANY (ARRAY['a'::text])", "x = ANY (ARRAY['a'::text])"),
            (
                "x = ANY (ARRAY[('a'::character varying)::text]) and y = '{}'::text[]",
                "x = ANY (ARRAY[('a'::character varying)::text]) and y = '{}'::text[]",
            ),
        ] {
            assert_eq!(faithful(printed.to_owned()), wanted);
        }
    }
}
