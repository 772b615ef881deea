//! What an object names, and which changes it must make room for.

use super::DEFAULT_SCHEMA;
use super::retype::is_retyped;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::emit::is_made_again;
use crate::dialect::{Dialect, Uses};
use crate::diff::{Change, Facets, TableChange};
use crate::ident::Qualified;
use crate::ir::{Column, ColumnValue, Object, ObjectId, ObjectKind, Schema, SqlType};
use crate::lex::{Kind, Lexis, Said, Token, tokens};
use crate::plan::mentioned;

/// The server holds a function to the types of its arguments and result. What a body in quotes says is looked at when the
/// function is made (`check_function_bodies`), and then no more.
pub(super) fn of(id: &ObjectId, object: &Object) -> Uses {
    let lexis = Postgres.lexis();
    let mut uses = Uses::default();
    match (id.kind, quoted_body(&object.sql)) {
        (ObjectKind::Function | ObjectKind::Procedure, Some(body)) => {
            uses.held.read(&object.sql[..body], lexis, DEFAULT_SCHEMA);
            uses.said.read(&object.sql[body..], lexis, DEFAULT_SCHEMA);
        }
        _ => uses.held.read(&object.sql, lexis, DEFAULT_SCHEMA),
    }
    for (facet, text) in &object.facets {
        // A sequence is not held to the column that owns it; it goes with it.
        if facet == super::facets::OWNED_BY {
            uses.said.read(text, lexis, DEFAULT_SCHEMA);
        } else if !facet.starts_with(super::facets::COMMENT) {
            uses.held.read(text, lexis, DEFAULT_SCHEMA);
        }
    }
    uses
}

/// Where the body of a function in quotes starts: the string behind `AS`.
fn quoted_body(sql: &str) -> Option<usize> {
    let solid = tokens(sql, Lexis::POSTGRES).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let mut before = None::<Token<'_>>;
    for token in solid {
        if token.kind == Kind::Text && before.is_some_and(|before| before.text.eq_ignore_ascii_case("as")) {
            return before.map(|before| before.start);
        }
        before = Some(token);
    }
    None
}

/// Where a function's properties begin, of which `CREATE OR REPLACE` can change all.
const PROPERTIES: &[&str] = &[
    "language",
    "as",
    "immutable",
    "stable",
    "volatile",
    "strict",
    "called",
    "security",
    "external",
    "parallel",
    "cost",
    "rows",
    "set",
    "window",
    "leakproof",
    "not",
    "transform",
    "support",
    "begin",
    "return",
];

/// The name, arguments and result of a function, which `CREATE OR REPLACE` cannot change.
///
/// See <https://www.postgresql.org/docs/18/sql-createfunction.html>: "if you tried, you would actually be creating a new,
/// distinct function", and the result and the names of arguments cannot change either.
pub(super) fn header(sql: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut words = Vec::new();
    for token in tokens(sql, Lexis::POSTGRES).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment)) {
        let word = match token.kind {
            Kind::Word => token.text.to_lowercase(),
            _ => token.text.to_owned(),
        };
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            property
                if depth == 0
                    && token.kind == Kind::Word
                    && words.contains(&"(".to_owned())
                    && PROPERTIES.contains(&property) =>
            {
                break;
            }
            _ => {}
        }
        words.push(word);
    }
    words
}

pub(super) fn disturbs(change: &Change, later: &[Change], to: &Schema, id: &ObjectId, uses: &Uses) -> bool {
    let on = |name: &Qualified| uses.held.says(name) || id.on.as_ref() == Some(name);
    match change {
        Change::DropTable(table) => on(&table.name),
        Change::Repartition { from, .. } => from.iter().any(|table| on(&table.name)),
        Change::AlterTable { to: table, changes, .. } => {
            !is_loose(id, uses) && on(&table.name) && changes.iter().any(|change| part_disturbs(change, &uses.held))
        }
        Change::AlterEnum { from, to: e, renamed } => {
            is_made_again(from, e, renamed, &mentioned(&e.name, &e.values, later))
                && (uses.held.says(&e.name) || says_a_user(&e.name, to, id, uses))
        }
        Change::AlterObject {
            id: other,
            from,
            to: object,
        } => {
            other != id
                && is_retyped(other, from, object)
                && (uses.held.says(&other.name) || says_a_user(&other.name, to, id, uses))
        }
        _ => false,
    }
}

/// Whether it is a function whose body is a string: that knows a table as the type of its rows at most, which may change. One
/// with a body that is SQL (`BEGIN ATOMIC`) is held like a view.
fn is_loose(id: &ObjectId, uses: &Uses) -> bool {
    id.kind == ObjectKind::Aggregate || id.kind.is_callable() && uses.said.words().next().is_some()
}

/// Whether the object says a column of that type, with its table.
fn says_a_user(ty: &Qualified, schema: &Schema, id: &ObjectId, uses: &Uses) -> bool {
    !is_loose(id, uses)
        && schema.tables.values().any(|table| {
            let on = uses.held.says(&table.name) || id.on.as_ref() == Some(&table.name);
            let mut columns = table.columns.iter().filter(|column| is_of(&column.ty, ty));
            on && columns.any(|column| uses.held.says_word(&column.name))
        })
}

/// Whether a type is that one of a user's, or an array of it.
pub(super) fn is_of(ty: &SqlType, name: &Qualified) -> bool {
    match ty {
        SqlType::Enum(other) => other == name,
        SqlType::Array(inner) => is_of(inner, name),
        SqlType::Native(text) => {
            let said = Said::of(text, Lexis::POSTGRES, DEFAULT_SCHEMA);
            said.says(name)
        }
        _ => false,
    }
}

fn part_disturbs(change: &TableChange, said: &Said) -> bool {
    match change {
        TableChange::DropColumn(column) => said.says_word(&column.name),
        TableChange::AlterColumn { from, to } => {
            let facets = Facets::between(from, to);
            let computed = |column: &Column| matches!(column.value, ColumnValue::Generated { .. });
            let made_again = facets.value && (computed(from) || computed(to));
            (facets.ty || facets.collation || made_again) && said.says_word(&to.name)
        }
        // `GROUP BY` a key lets a view name all other columns, and holds it to the key.
        TableChange::DropPrimaryKey(key) => {
            said.words().any(|word| word == "group") && { key.columns.iter().all(|column| said.says_word(column)) }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn a_header_ends_where_the_properties_begin() {
        let one =
            header("CREATE FUNCTION f(a integer DEFAULT 1)\n RETURNS SETOF text\n LANGUAGE sql AS $$ select 1 $$");
        let other =
            header("create function f(a integer default 1) returns setof text immutable language plpgsql as ''");
        assert_eq!(one, other);
        assert_ne!(
            one,
            header("CREATE FUNCTION f(b integer DEFAULT 1) RETURNS SETOF text LANGUAGE sql AS ''")
        );
    }
}
