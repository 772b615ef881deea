//! Names inside of SQL that shared code does not otherwise read: what a rename does to an expression, as the engine does it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ident::{Name, Qualified};
use crate::lex::{Kind, Lexis, Token, tokens};

/// The names that change, as an expression of one table can say them.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// Columns of the table, old to new.
    pub(super) columns: BTreeMap<Name, Name>,
    /// The table's own name, old to new.
    pub(super) table: Option<(Name, Name)>,
    /// Types, old to new.
    pub(super) types: Arc<BTreeMap<Qualified, Qualified>>,
}

impl Words {
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.table.is_none() && self.types.is_empty()
    }

    /// The expression with the new names. Strings, comments, functions and other types stay as they are.
    pub(super) fn rewrite(&self, sql: &str) -> String {
        let all = tokens(sql, Lexis::EXPRESSION).collect::<Vec<_>>();
        let solid = |token: &&Token<'_>| !matches!(token.kind, Kind::Space | Kind::Comment);
        let mut out = String::with_capacity(sql.len());
        let whole: Vec<&Token<'_>> = all.iter().filter(solid).collect();
        let begins_column = is_prefix(&whole);
        for (at, token) in all.iter().enumerate() {
            let mut before = all[..at].iter().rev().filter(solid).map(|token| token.text);
            let after = all[at + 1..].iter().find(solid).map(|token| token.text);
            let after = after.filter(|_| !begins_column);
            let new = match token.kind {
                Kind::Word | Kind::Quoted => self.new_name(token, [before.next(), before.next()], after),
                _ => None,
            };
            match new {
                Some(new) => spell(token, new, &mut out),
                None => out.push_str(token.text),
            }
        }
        out
    }

    fn new_name(&self, token: &Token<'_>, before: [Option<&str>; 2], after: Option<&str>) -> Option<&Name> {
        if before == [Some(":"), Some(":")] {
            let mut types = self.types.iter();
            return types.find(|(old, _)| says(token, &old.name)).map(|(_, new)| &new.name);
        }
        match after {
            // A function of that name is not the column.
            Some("(") => None,
            Some(".") => self
                .table
                .as_ref()
                .filter(|(old, _)| says(token, old))
                .map(|(_, new)| new),
            _ => self
                .columns
                .iter()
                .find(|(old, _)| says(token, old))
                .map(|(_, new)| new),
        }
    }
}

/// Types with commas or `AS` between them, under their new names. What stands behind a type's first word is its own.
pub(super) fn rename_types<'a>(text: &str, new: impl Fn(&Qualified) -> Option<&'a Qualified>) -> String {
    let all = tokens(text, Lexis::EXPRESSION).collect::<Vec<_>>();
    let name = |at: usize| {
        let token = all
            .get(at)
            .filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted))?;
        Name::new(bare(token)).ok()
    };
    let (mut out, mut at, mut begins) = (String::with_capacity(text.len()), 0, true);
    while let Some(token) = all.get(at) {
        let schema = name(at).filter(|_| all.get(at + 1).is_some_and(|dot| dot.text == "."));
        let last = if schema.is_some() { at + 2 } else { at };
        let old = name(last).filter(|_| begins).map(|name| Qualified { schema, name });
        match old.and_then(|old| new(&old)) {
            Some(new) => {
                for name in new.schema.iter() {
                    spell(token, name, &mut out);
                    out.push('.');
                }
                spell(&all[last], &new.name, &mut out);
                at = last;
            }
            None => out.push_str(token.text),
        }
        begins = match token.kind {
            Kind::Space => begins,
            _ => token.text == "," || token.text == "AS",
        };
        at += 1;
    }
    out
}

/// Whether it is nothing but the first characters of a column, as the index of a text has them: `` `title`(20) ``.
fn is_prefix(solid: &[&Token<'_>]) -> bool {
    match solid {
        [name, open, length, close] => {
            let digits = length.text.bytes().all(|byte| byte.is_ascii_digit());
            name.text.starts_with('`') && open.text == "(" && digits && close.text == ")"
        }
        _ => false,
    }
}

/// Whether a word or a quoted name says that name. Bare words fold to lower case or are compared without case, never to
/// upper case, on every engine here.
fn says(token: &Token<'_>, name: &Name) -> bool {
    /// Words that no engine here reads as a column's name without quotes.
    const GRAMMAR: &[&str] = &[
        "and",
        "as",
        "between",
        "case",
        "cast",
        "collate",
        "current_date",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "distinct",
        "else",
        "exists",
        "from",
        "in",
        "is",
        "like",
        "not",
        "null",
        "on",
        "or",
        "order",
        "select",
        "then",
        "when",
        "where",
    ];
    match token.kind {
        Kind::Quoted => bare(token) == name.as_str(),
        _ if GRAMMAR.iter().any(|word| token.text.eq_ignore_ascii_case(word)) => false,
        _ => token.text == name.as_str() || token.text.to_lowercase() == name.as_str(),
    }
}

fn bare(token: &Token<'_>) -> String {
    if token.kind != Kind::Quoted || token.text.len() < 2 {
        return token.text.to_owned();
    }
    let inner = &token.text[1..token.text.len() - 1];
    let quote = &token.text[..1];
    inner.replace(&quote.repeat(2), quote)
}

/// Writes a name the way the one it replaces was written.
fn spell(old: &Token<'_>, new: &Name, out: &mut String) {
    let plain = new.as_str().starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && new
            .as_str()
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let quote = match old.kind {
        Kind::Quoted => &old.text[..1],
        _ if plain => "",
        _ => "\"",
    };
    out.push_str(quote);
    if quote.is_empty() {
        out.push_str(new.as_str());
    } else {
        out.push_str(&new.as_str().replace(quote, &quote.repeat(2)));
    }
    out.push_str(quote);
}

/// Whether a statement may say the name.
pub(super) fn mentions(sql: &str, name: &Name) -> bool {
    tokens(sql, Lexis::EXPRESSION).any(|token| matches!(token.kind, Kind::Word | Kind::Quoted) && says(&token, name))
}

/// Whether two expressions are the same but for white space and for quotes around names.
///
/// Only for an expression that [`Words::rewrite`] has touched: whether the engine puts quotes around the new name is its
/// own affair. Everything else is compared as it is written.
pub(super) fn same_but_for_quotes(one: &str, other: &str) -> bool {
    let solid = |sql| tokens(sql, Lexis::EXPRESSION).filter(|token: &Token<'_>| !matches!(token.kind, Kind::Space));
    let name = |token: &Token<'_>| matches!(token.kind, Kind::Word | Kind::Quoted);
    let mut left = solid(one);
    let mut right = solid(other);
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.kind == b.kind && a.text == b.text => {}
            (Some(a), Some(b)) if name(&a) && name(&b) && bare(&a) == bare(&b) => {}
            _ => return false,
        }
    }
}

/// Whether two statements are the same but for white space and comments between their words.
pub(super) fn same_words(one: &str, other: &str) -> bool {
    solid(one).eq(solid(other))
}

/// The same of two statements that make a virtual table of one name: SQLite writes quotes around it when it renames the table.
pub(super) fn same_virtual(one: &str, other: &str) -> bool {
    let start = ["CREATE", "VIRTUAL", "TABLE"];
    let begins = |sql| solid(sql).take(3).eq(start);
    begins(one) && begins(other) && solid(one).skip(4).eq(solid(other).skip(4))
}

fn solid(sql: &str) -> impl Iterator<Item = &str> {
    let all = tokens(sql, Lexis::EXPRESSION);
    all.filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment))
        .map(|token| token.text)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Words, rename_types, same_but_for_quotes, same_words};
    use crate::ident::{Name, Qualified};

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    fn words(pairs: &[(&str, &str)]) -> Words {
        Words {
            columns: pairs.iter().map(|(old, new)| (name(old), name(new))).collect(),
            ..Words::default()
        }
    }

    #[test]
    fn only_the_column_is_renamed() {
        let words = words(&[("lower", "small"), ("b", "Order")]);
        assert_eq!(
            words.rewrite("lower(lower) = 'lower' AND lower::lower > \"b\" -- b"),
            "lower(small) = 'lower' AND small::lower > \"Order\" -- b"
        );
        assert_eq!(words.rewrite("`b` > B + b2"), "`Order` > \"Order\" + b2");
        assert_eq!(words.rewrite("`b`(20)"), "`Order`(20)");
        assert_eq!(words.rewrite("`b`(20) + 1"), "`b`(20) + 1");
    }

    #[test]
    fn grammar_is_no_column() {
        let words = words(&[("null", "nothing"), ("in", "within")]);
        assert_eq!(
            words.rewrite("\"null\" IS NOT NULL AND \"in\" IN (1, null)"),
            "\"nothing\" IS NOT NULL AND \"within\" IN (1, null)"
        );
    }

    #[test]
    fn names_that_trade_places_do_not_run_into_each_other() {
        assert_eq!(words(&[("a", "b"), ("b", "c")]).rewrite("a < b"), "b < c");
    }

    #[test]
    fn tables_and_types_are_renamed_where_they_are_said() {
        let words = Words {
            table: Some((name("tasks"), name("jobs"))),
            types: Arc::new([(Qualified::local(name("state")), Qualified::local(name("phase")))].into()),
            ..Words::default()
        };
        assert_eq!(
            words.rewrite("tasks.tasks <> 'x'::state AND state"),
            "jobs.tasks <> 'x'::phase AND state"
        );
    }

    #[test]
    fn arguments_are_renamed_by_their_types() {
        let name = |schema: Option<&str>, text: &str| Qualified {
            schema: schema.map(name),
            name: name(text),
        };
        let pairs = [
            (name(None, "j"), name(None, "p")),
            (name(Some("app"), "j"), name(None, "Odd one")),
            (name(None, "precision"), name(None, "wrong")),
            (name(None, "app"), name(None, "wrong")),
        ];
        let new = |old: &Qualified| pairs.iter().find(|(name, _)| name == old).map(|(_, new)| new);
        assert_eq!(
            rename_types("j, double precision, app.j[], \"j\", other.j", new),
            "p, double precision, \"Odd one\"[], \"p\", other.j"
        );
        assert_eq!(rename_types("j AS text", new), "p AS text");
    }

    #[test]
    fn line_ends_between_words_are_not_meaning_but_in_a_body_they_are() {
        assert!(same_words(
            "CREATE VIEW v AS\n  SELECT 1 -- one",
            "CREATE VIEW v AS SELECT 1"
        ));
        assert!(!same_words("AS $$ a $$", "AS $$ a  $$"));
    }

    #[test]
    fn quotes_and_spaces_are_not_meaning_but_strings_are() {
        assert!(same_but_for_quotes("(\"a\">0)", "( a > 0 )"));
        assert!(!same_but_for_quotes("a = 'x'", "a = 'X'"));
        assert!(!same_but_for_quotes("a = 1", "a = 1 OR true"));
        assert!(!same_but_for_quotes("A > 0", "\"a\" > 0"));
    }
}
