//! The names by which a definition calls itself and what it belongs to.

use crate::ir::ObjectKind;
use crate::lex::{Kind, Lexis, Token, tokens};

/// How a definition spells its own name, and that of the table or view it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) name: String,
    pub(super) on: Option<String>,
}

/// Where a definition says a name: from the first byte to behind the last.
type Span = (usize, usize);

/// The definition with other names.
pub(super) fn respelled(kind: ObjectKind, sql: &str, names: &Names) -> String {
    let Some((own, on)) = spans(kind, sql) else {
        return sql.to_owned();
    };
    // A part of a table has no schema of its own in its name.
    let own = own.filter(|_| !is_part(kind)).map(|span| (span, names.name.as_str()));
    let on = on.zip(names.on.as_deref());
    let mut changes = own.into_iter().chain(on).collect::<Vec<_>>();
    changes.sort_by_key(|((start, _), _)| *start);
    let mut out = String::with_capacity(sql.len());
    let mut at = 0;
    for ((start, end), name) in changes {
        out.push_str(&sql[at..start]);
        out.push_str(name);
        at = end;
    }
    out.push_str(&sql[at..]);
    out
}

/// The names as a definition spells them.
pub(super) fn names(kind: ObjectKind, sql: &str) -> Option<Names> {
    let (own, on) = spans(kind, sql)?;
    let (start, end) = own?;
    Some(Names {
        name: sql[start..end].to_owned(),
        on: on.map(|(start, end)| sql[start..end].to_owned()),
    })
}

/// The query of a materialized view without what says whether it is filled.
pub(super) fn without_data(sql: &str) -> &str {
    let solid = solid(sql);
    let tail = solid.iter().rev().take(3).map(|token| token.text).collect::<Vec<_>>();
    let is = |at: usize, word: &str| tail.get(at).is_some_and(|text| text.eq_ignore_ascii_case(word));
    let words = match (is(0, "data"), is(1, "with"), is(1, "no") && is(2, "with")) {
        (true, true, _) => 2,
        (true, _, true) => 3,
        _ => return sql,
    };
    sql[..solid[solid.len() - words].start].trim_end()
}

fn is_part(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy | ObjectKind::Index
    )
}

fn spans(kind: ObjectKind, sql: &str) -> Option<(Option<Span>, Option<Span>)> {
    let all = solid(sql);
    let word = kind.title().rsplit(' ').next().unwrap_or_default();
    let head = find(&all, 0, word)?;
    let own = chain(&all, skip(&all, head + 1, &["concurrently", "if", "not", "exists"]));
    let after = own.map_or(head + 1, |(next, _)| next);
    let on = match kind {
        ObjectKind::Trigger | ObjectKind::Policy => find(&all, after, "on").map(|at| at + 1),
        ObjectKind::Index => find(&all, after, "on").map(|at| skip(&all, at + 1, &["only"])),
        ObjectKind::Rule => find(&all, after, "to").map(|at| at + 1),
        _ => None,
    };
    let on = on.and_then(|at| chain(&all, at));
    Some((own.map(|(_, span)| span), on.map(|(_, span)| span)))
}

fn solid(sql: &str) -> Vec<Token<'_>> {
    tokens(sql, Lexis::POSTGRES)
        .filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment))
        .collect()
}

fn find(all: &[Token<'_>], from: usize, word: &str) -> Option<usize> {
    let found = all
        .iter()
        .skip(from)
        .position(|token| token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word));
    found.map(|at| from + at)
}

fn skip(all: &[Token<'_>], mut at: usize, words: &[&str]) -> usize {
    let is =
        |token: &Token<'_>| token.kind == Kind::Word && words.iter().any(|word| token.text.eq_ignore_ascii_case(word));
    while all.get(at).is_some_and(is) {
        at += 1;
    }
    at
}

/// A name with the dots in it: what follows it, and where it is.
fn chain(all: &[Token<'_>], mut at: usize) -> Option<(usize, Span)> {
    let is_name = |at: usize| {
        all.get(at)
            .is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted))
    };
    if !is_name(at) {
        return None;
    }
    let start = all[at].start;
    while all.get(at + 1).is_some_and(|token| token.text == ".") && is_name(at + 2) {
        at += 2;
    }
    Some((at + 1, (start, all[at].start + all[at].text.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_in_the_head_are_others() {
        let names = Names {
            name: "p.\"v\"".into(),
            on: Some("p.\"t\"".into()),
        };
        for (kind, sql, wanted) in [
            (
                ObjectKind::View,
                "CREATE OR REPLACE VIEW public.v AS SELECT v.a FROM v",
                "CREATE OR REPLACE VIEW p.\"v\" AS SELECT v.a FROM v",
            ),
            (
                ObjectKind::MaterializedView,
                "create materialized view if not exists \"v\" as select 1",
                "create materialized view if not exists p.\"v\" as select 1",
            ),
            (
                ObjectKind::Function,
                "CREATE FUNCTION v(a t) RETURNS t AS $$ v $$",
                "CREATE FUNCTION p.\"v\"(a t) RETURNS t AS $$ v $$",
            ),
            (
                ObjectKind::Trigger,
                "CREATE TRIGGER v AFTER UPDATE OF t ON public . t FOR EACH ROW EXECUTE FUNCTION v()",
                "CREATE TRIGGER v AFTER UPDATE OF t ON p.\"t\" FOR EACH ROW EXECUTE FUNCTION v()",
            ),
            (
                ObjectKind::Policy,
                "CREATE POLICY v ON t USING (t.a IN (SELECT a FROM t))",
                "CREATE POLICY v ON p.\"t\" USING (t.a IN (SELECT a FROM t))",
            ),
            (
                ObjectKind::Rule,
                "CREATE RULE v AS ON INSERT TO t DO ALSO DELETE FROM t",
                "CREATE RULE v AS ON INSERT TO p.\"t\" DO ALSO DELETE FROM t",
            ),
            (
                ObjectKind::Index,
                "CREATE UNIQUE INDEX v ON ONLY t (a)",
                "CREATE UNIQUE INDEX v ON ONLY p.\"t\" (a)",
            ),
        ] {
            assert_eq!(respelled(kind, sql, &names), wanted);
        }
        assert_eq!(without_data("SELECT 1 WITH NO DATA"), "SELECT 1");
        assert_eq!(without_data("SELECT 1\nwith data"), "SELECT 1");
        assert_eq!(without_data("SELECT data"), "SELECT data");
    }
}
