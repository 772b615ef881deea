use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Kind, Lexis, Token, tokens};
use crate::ident::{Name, Qualified};

/// The names that a piece of SQL says, wherever they stand in it.
///
/// It may take a word for a name that is none: what asks it must be right, if perhaps slower, with a name too many. Case is
/// not told apart, since bare words fold in one way or another on every engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Each with what stands before its dot.
    names: BTreeSet<(Option<String>, String)>,
    words: BTreeSet<String>,
    /// Those of the names that stand where a function does.
    called: BTreeSet<(Option<String>, String)>,
}

impl Said {
    /// The names in a statement or expression. What stands in `default` needs no schema: `default.tasks` says `tasks`.
    #[must_use]
    pub fn of(sql: &str, lexis: Lexis, default: &str) -> Self {
        let mut said = Self::default();
        said.read(sql, lexis, default);
        said
    }

    /// Adds the names of another piece of SQL.
    pub fn read(&mut self, sql: &str, lexis: Lexis, default: &str) {
        let solid = tokens(sql, lexis).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
        let solid = solid.collect::<Vec<_>>();
        let mut qualifier = None;
        // Whether the name at hand, with its schema, stands behind a `=`.
        let mut given = false;
        for (at, token) in solid.iter().enumerate() {
            match token.kind {
                Kind::Word | Kind::Quoted => {
                    let name = unquoted(token);
                    let before = qualifier.take().filter(|before| before != default);
                    let next = solid.get(at + 1).map(|next| next.text);
                    given = match at.checked_sub(1).map(|before| solid[before].text) {
                        Some(".") => given,
                        before => before == Some("="),
                    };
                    // `SFUNC = add` names a function without its arguments.
                    if next == Some("(") || given {
                        self.called.insert((before.clone(), name.clone()));
                    }
                    self.words.insert(name.clone());
                    self.names.insert((before, name.clone()));
                    if next == Some(".") {
                        qualifier = Some(name);
                    }
                }
                Kind::Text => {
                    if let Some(body) = body(token, &solid[at + 1..], &solid[..at]) {
                        let mut inner = Self::of(&body, lexis, default);
                        if !token.text.starts_with('$') {
                            // `'add'::regproc`
                            inner.called.extend(inner.names.iter().cloned());
                        }
                        self.extend(&inner);
                    }
                }
                _ if is_operator(token) => {
                    let before = qualifier.take().filter(|before| before != default);
                    let starts = at == 0 || !is_operator(&solid[at - 1]) || !touch(&solid[at - 1], token);
                    if starts {
                        let name = operator(&solid[at..]);
                        self.words.insert(name.clone());
                        self.names.insert((before, name));
                    }
                }
                _ if token.text != "." => qualifier = None,
                _ => {}
            }
        }
    }

    /// Adds a name.
    pub fn add(&mut self, name: &Qualified) {
        let key = key(name);
        self.words.insert(key.1.clone());
        self.names.insert(key);
    }

    /// Lets the names without a schema be those of one.
    pub fn stand_in(&mut self, schema: &str) {
        let place = |names: &BTreeSet<(Option<String>, String)>| {
            let loose = names.iter().filter(|(before, _)| before.is_none());
            loose
                .map(|(_, name)| (Some(schema.to_owned()), name.clone()))
                .collect::<BTreeSet<_>>()
        };
        (self.names, self.called) = (place(&self.names), place(&self.called));
    }

    /// Adds the names that another one says.
    pub fn extend(&mut self, other: &Self) {
        self.names.extend(other.names.iter().cloned());
        self.words.extend(other.words.iter().cloned());
        self.called.extend(other.called.iter().cloned());
    }

    /// Whether something of that name can be meant.
    #[must_use]
    pub fn says(&self, name: &Qualified) -> bool {
        // Most names are not said at all.
        self.words.contains(&*lower(name.name.as_str())) && self.names.contains(&key(name))
    }

    /// The last of the places at which something stands that can be meant.
    #[must_use]
    pub fn last_of(&self, places: &Places) -> Option<usize> {
        self.names.iter().filter_map(|name| places.0.get(name)).max().copied()
    }

    /// Whether a function of that name can be called.
    #[must_use]
    pub fn calls(&self, name: &Qualified) -> bool {
        self.called.contains(&key(name))
    }

    /// Whether the word is there, whatever stands before it: a column is often said without its table.
    #[must_use]
    pub fn says_word(&self, word: &Name) -> bool {
        self.words.contains(&word.as_str().to_lowercase())
    }

    /// The words, in lower case.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}

/// At which place of a list each name stands last.
#[derive(Clone, Debug, Default)]
pub struct Places(BTreeMap<(Option<String>, String), usize>);

impl Places {
    /// Adds a name; of two places the last one that was added counts.
    pub fn put(&mut self, name: &Qualified, place: usize) {
        self.0.insert(key(name), place);
    }
}

/// Whether it is a sign of which operators are made.
fn is_operator(token: &Token<'_>) -> bool {
    token.kind == Kind::Sign && token.text.len() == 1 && "+-*/<>=~!@#%^&|`?".contains(token.text)
}

fn touch(one: &Token<'_>, next: &Token<'_>) -> bool {
    one.start + one.text.len() == next.start
}

/// The signs at the beginning that belong together.
fn operator(solid: &[Token<'_>]) -> String {
    let mut name = solid.first().map_or("", |token| token.text).to_owned();
    for pair in solid.windows(2) {
        if !is_operator(&pair[1]) || !touch(&pair[0], &pair[1]) {
            break;
        }
        name.push_str(pair[1].text);
    }
    name
}

fn lower(name: &str) -> Cow<'_, str> {
    match name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        true => Cow::Borrowed(name),
        false => Cow::Owned(name.to_lowercase()),
    }
}

fn key(name: &Qualified) -> (Option<String>, String) {
    let schema = name.schema.as_ref().map(|schema| schema.as_str().to_lowercase());
    (schema, name.name.as_str().to_lowercase())
}

/// A name in lower case, without its quotes.
pub(crate) fn unquoted(token: &Token<'_>) -> String {
    if token.kind != Kind::Quoted || token.text.len() < 2 {
        return token.text.to_lowercase();
    }
    let inner = &token.text[1..token.text.len() - 1];
    let quote = &token.text[token.text.len() - 1..];
    inner.replace(&quote.repeat(2), quote).to_lowercase()
}

/// What a string says where it is read as SQL: the body of a function, or the name of an object (`'tasks'::regclass`,
/// `nextval('numbers')`).
fn body(token: &Token<'_>, after: &[Token<'_>], before: &[Token<'_>]) -> Option<String> {
    if let Some(tag) = token.text.strip_prefix('$') {
        let tag = &token.text[..tag.find('$')? + 2];
        return token.text.strip_prefix(tag)?.strip_suffix(tag).map(str::to_owned);
    }
    let cast = after.len() > 2 && after[..2].iter().all(|token| token.text == ":") && after[2].text.starts_with("reg");
    let argument = before.len() > 1
        && before[before.len() - 1].text == "("
        && before[before.len() - 2].text.to_ascii_lowercase().ends_with("val");
    // `AS 'select …'` is the older way to write a function's body.
    let old_body = before.last().is_some_and(|token| token.text.eq_ignore_ascii_case("as"));
    if !(cast || argument || old_body) {
        return None;
    }
    let quoted = token.text.get(token.text.find('\'')? + 1..token.text.len() - 1)?;
    Some(quoted.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::Said;
    use crate::ident::{Name, Qualified};
    use crate::lex::Lexis;

    fn local(name: &str) -> Qualified {
        Qualified::local(Name::new(name).unwrap())
    }

    fn of(sql: &str) -> Said {
        Said::of(sql, Lexis::POSTGRES, "public")
    }

    #[test]
    fn names_are_said_bare_quoted_and_with_the_default_schema() {
        let said = of(r#"SELECT t.id FROM public.Tasks t JOIN "My Labels" ON other.notes.x = 'people'"#);
        for name in ["tasks", "My Labels", "t"] {
            assert!(said.says(&local(name)), "{name}");
        }
        for name in ["id", "notes", "people"] {
            assert!(!said.says(&local(name)), "{name}");
        }
        let elsewhere = Qualified {
            schema: Some(Name::new("other").unwrap()),
            name: Name::new("notes").unwrap(),
        };
        assert!(said.says(&elsewhere));
        assert!(said.says_word(&Name::new("id").unwrap()));
    }

    #[test]
    fn bodies_and_names_in_strings_are_read() {
        let said = of("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $x$ SELECT count(*) FROM tasks $x$");
        assert!(said.says(&local("tasks")));
        assert!(of("nextval('numbers'::regclass)").says(&local("numbers")));
        assert!(of("nextval('public.numbers')").says(&local("numbers")));
        assert!(!of("state = 'numbers'").says(&local("numbers")));
    }

    #[test]
    fn a_call_is_told_from_a_column() {
        assert!(of("total(a) + b").calls(&local("total")));
        assert!(of("CREATE AGGREGATE s(integer) (SFUNC = total)").calls(&local("total")));
        assert!(!of("CREATE TYPE t AS (total integer)").calls(&local("total")));
        let elsewhere = Qualified {
            schema: Some(Name::new("other").unwrap()),
            ..local("total")
        };
        assert!(of("CREATE AGGREGATE s(integer) (SFUNC = other.total)").calls(&elsewhere));
    }

    #[test]
    fn operators_are_names() {
        assert!(of("a === b").says(&local("===")));
        assert!(!of("a = = b").says(&local("==")));
        let elsewhere = Qualified {
            schema: Some(Name::new("other").unwrap()),
            ..local("<->")
        };
        assert!(of("a OPERATOR(other.<->) b").says(&elsewhere));
    }
}
