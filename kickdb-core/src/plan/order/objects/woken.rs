//! Triggers and rules that would see values that rows get without anybody having asked for it: they make room.

use std::collections::BTreeMap;

use crate::dialect::{Dialect, Writes};
use crate::diff::Change;
use crate::ident::{Name, Qualified};
use crate::ir::{Object, ObjectId, ObjectKind, Schema};
use crate::lex::{Kind, Lexis, tokens};
use crate::plan::order::Tables;

/// The tables whose rows are written where they are.
#[derive(Default)]
pub(super) struct Woken(BTreeMap<Qualified, Written>);

#[derive(Default)]
struct Written {
    /// The last change that does it.
    last: usize,
    /// The columns; `None` where rows come and go, too.
    columns: Option<Vec<Name>>,
}

impl Woken {
    /// `to` is the schema after all changes.
    pub(super) fn of(chain: &[Change], to: &Schema, tables: Tables, dialect: &dyn Dialect) -> Self {
        let mut found = Self::default();
        if tables == Tables::InUse {
            return found;
        }
        for (at, change) in chain.iter().enumerate() {
            let Some((table, writes)) = dialect.writes(change, to) else {
                continue;
            };
            for name in kin(table, to) {
                let written = found.0.entry(name).or_insert_with(|| Written {
                    columns: Some(Vec::new()),
                    ..Written::default()
                });
                written.last = at;
                match (&writes, &mut written.columns) {
                    (Writes::Column(column), Some(columns)) => columns.push((*column).clone()),
                    (Writes::Rows, columns) => *columns = None,
                    (Writes::Column(_), None) => {}
                }
            }
        }
        found
    }

    /// Whether the object is started by it.
    pub(super) fn starts(&self, id: &ObjectId, object: &Object, lexis: Lexis) -> bool {
        let Some(written) = self.on(id) else {
            return false;
        };
        match (&written.columns, updates(id.kind, &object.sql, lexis)) {
            (None, _) | (_, Updates::Any) => true,
            (_, Updates::No) => false,
            (Some(columns), Updates::Of(seen)) => columns
                .iter()
                .any(|column| seen.iter().any(|name| name.eq_ignore_ascii_case(column.as_str()))),
        }
    }

    /// The last change that could start it.
    pub(super) fn last(&self, id: &ObjectId) -> Option<usize> {
        self.on(id).map(|written| written.last)
    }

    fn on(&self, id: &ObjectId) -> Option<&Written> {
        let started = matches!(id.kind, ObjectKind::Trigger | ObjectKind::Rule);
        id.on.as_ref().filter(|_| started).and_then(|table| self.0.get(table))
    }
}

/// A table with those that share rows with it, whose triggers are theirs.
fn kin(table: &Qualified, schema: &Schema) -> Vec<Qualified> {
    let mut found = schema.all_below(table).into_iter().collect::<Vec<_>>();
    let mut next = Some(table);
    while let Some(name) = next {
        found.push(name.clone());
        let above = schema.tables.get(name).and_then(|table| table.partition.as_ref());
        next = above.map(|place| &place.of);
    }
    found
}

/// Which updates a trigger or a rule sees.
#[derive(Debug, PartialEq, Eq)]
enum Updates {
    No,
    Any,
    /// Those of some columns.
    Of(Vec<String>),
}

/// Reads it off the head of the statement: `CREATE TRIGGER … UPDATE OF a, b ON …`, `CREATE RULE … AS ON UPDATE TO …`.
fn updates(kind: ObjectKind, sql: &str, lexis: Lexis) -> Updates {
    let mut solid = tokens(sql, lexis).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let is = |text: &str, word: &str| text.eq_ignore_ascii_case(word);
    if kind == ObjectKind::Rule {
        let event = solid
            .find(|token| token.kind == Kind::Word && is(token.text, "on"))
            .and_then(|_| solid.next());
        return match event.is_some_and(|token| is(token.text, "update")) {
            true => Updates::Any,
            false => Updates::No,
        };
    }
    let mut head = solid.take_while(|token| token.kind != Kind::Word || !is(token.text, "on"));
    if !head.any(|token| token.kind == Kind::Word && is(token.text, "update")) {
        return Updates::No;
    }
    let mut head = head.peekable();
    if head.next_if(|token| is(token.text, "of")).is_none() {
        return Updates::Any;
    }
    let columns = head.take_while(|token| token.kind != Kind::Word || !is(token.text, "or"));
    let columns = columns.filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
    Updates::Of(columns.map(|token| unquoted(token.text)).collect())
}

fn unquoted(text: &str) -> String {
    let mut inner = text.chars();
    match inner.next() {
        Some(quote @ ('"' | '`')) => {
            inner.next_back();
            inner.as_str().replace(&format!("{quote}{quote}"), &quote.to_string())
        }
        Some('[') => inner.as_str().trim_end_matches(']').to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn updates_are_read_off_the_head() {
        let of = |sql| updates(ObjectKind::Trigger, sql, Lexis::POSTGRES);
        assert_eq!(
            of("CREATE TRIGGER \"update\" AFTER INSERT ON t EXECUTE FUNCTION f()"),
            Updates::No
        );
        assert_eq!(
            of("CREATE TRIGGER a BEFORE INSERT OR UPDATE ON t EXECUTE FUNCTION f()"),
            Updates::Any
        );
        let columns = Updates::Of(vec!["a".to_owned(), "O\"n".to_owned()]);
        assert_eq!(
            of("CREATE TRIGGER a AFTER UPDATE OF a, \"O\"\"n\" OR DELETE ON t EXECUTE FUNCTION f()"),
            columns
        );
        let rule = |sql| updates(ObjectKind::Rule, sql, Lexis::POSTGRES);
        assert_eq!(rule("CREATE RULE r AS ON UPDATE TO t DO INSTEAD NOTHING"), Updates::Any);
        assert_eq!(
            rule("CREATE RULE r AS ON INSERT TO t DO ALSO UPDATE u SET a = 1"),
            Updates::No
        );
    }
}
