//! A type that is made again under its name, and every column moved over: the server cannot change what a domain is made of,
//! nor take an attribute from the middle of a composite type that a table uses.

use super::define;
use super::facets;
use super::uses::is_of;
use crate::dialect::postgres::expr;
use crate::dialect::postgres::syntax::{ident, qualified};
use crate::dialect::postgres::types::ddl;
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, Object, ObjectId, ObjectKind, Schema, SqlType, Table};
use crate::lex::{Kind, Lexis, tokens};
use crate::plan::Steps;

/// Whether the change makes the type again, so that everything of that type must move.
pub(in crate::dialect::postgres) fn is_retyped(id: &ObjectId, from: &Object, to: &Object) -> bool {
    match id.kind {
        ObjectKind::Domain => {
            let base = |object| (facets::get(object, "type"), facets::get(object, "collation"));
            base(from) != base(to)
        }
        ObjectKind::Type => from.sql != to.sql && appended(&from.sql, &to.sql).is_none(),
        _ => false,
    }
}

/// Whether the change takes attributes from the end of a type of which there are arrays, so that it stays where it is: no cast
/// leads from an array of one composite type to one of another.
pub(super) fn shrinks(id: &ObjectId, from: &Object, to: &Object, state: &Schema) -> bool {
    id.kind == ObjectKind::Type && appended(&to.sql, &from.sql).is_some() && has_arrays(id, state)
}

fn has_arrays(id: &ObjectId, state: &Schema) -> bool {
    let users = users(id, state);
    users.iter().any(|(_, column)| matches!(column.ty, SqlType::Array(_)))
}

/// Whether the domain gains a constraint while an array of it is in use: there the server cannot check the values that are
/// (<https://www.postgresql.org/docs/18/sql-alterdomain.html>, Notes).
pub(super) fn is_nested(id: &ObjectId, from: &Object, to: &Object, state: &Schema) -> bool {
    let gains = facets::starting(to, facets::CONSTRAINT)
        .any(|(name, text)| facets::get(from, &format!("{}{name}", facets::CONSTRAINT)) != Some(text));
    let required = facets::get(from, "not null").is_none() && facets::get(to, "not null").is_some();
    (gains || required) && has_arrays(id, state)
}

pub(super) fn domain(id: &ObjectId, to: &Object, state: &Schema, out: &mut Steps) {
    let base = facets::get(to, "type").unwrap_or("text");
    retype(id, to, state, out, |column, ty| match &column.ty {
        SqlType::Array(_) => format!("{}::{base}[]::{ty}", ident(&column.name)),
        _ => format!("{}::{base}::{ty}", ident(&column.name)),
    });
}

/// Attributes at the end are added, and dropped where there are arrays; any other change makes the type again, with the values of what both have.
pub(super) fn composite(id: &ObjectId, from: &Object, to: &Object, state: &Schema, out: &mut Steps) {
    if let Some(added) = appended(&from.sql, &to.sql) {
        let actions = added.iter().map(|attribute| format!("ADD ATTRIBUTE {attribute}"));
        let actions = actions.collect::<Vec<_>>().join(", ");
        out.push(format!("ALTER TYPE {} {actions}", qualified(&id.name)));
        return;
    }
    if let Some(dropped) = appended(&to.sql, &from.sql).filter(|_| has_arrays(id, state)) {
        // What a row holds beyond is not looked at any more.
        let actions = dropped
            .iter()
            .map(|attribute| format!("DROP ATTRIBUTE {}", attribute_name(attribute)));
        let actions = actions.collect::<Vec<_>>().join(", ");
        out.push(format!("ALTER TYPE {} {actions}", qualified(&id.name)));
        return;
    }
    let old = attributes(&from.sql).unwrap_or_default();
    let new = attributes(&to.sql).unwrap_or_default();
    retype(id, to, state, out, |column, ty| {
        let name = ident(&column.name);
        let fields = new.iter().map(|attribute| {
            let field = attribute_name(attribute);
            let kept = old.iter().any(|other| attribute_name(other) == field);
            if kept {
                format!("({name}).{field}")
            } else {
                "NULL".to_owned()
            }
        });
        let fields = fields.collect::<Vec<_>>().join(", ");
        match &column.ty {
            SqlType::Array(_) => format!("{name}::text::{ty}"),
            _ => format!("CASE WHEN {name} IS NULL THEN NULL ELSE ROW({fields})::{ty} END"),
        }
    });
}

fn retype(id: &ObjectId, to: &Object, state: &Schema, out: &mut Steps, using: impl Fn(&Column, &str) -> String) {
    let old = aside(&id.name.name);
    let kind = define::keyword(id.kind);
    let users = users(id, state);
    let plain = Object {
        comment: None,
        ..to.clone()
    };
    if users.is_empty() {
        out.push(format!("DROP {kind} {}", qualified(&id.name)));
        define::create(id, &plain, &[], out);
    } else {
        out.push(format!(
            "ALTER {kind} {} RENAME TO {}",
            qualified(&id.name),
            ident(&old)
        ));
        define::create(id, &plain, &[], out);
        for (table, column) in users {
            let ty = ddl(&column.ty);
            let alter = format!(
                "ALTER TABLE {} ALTER COLUMN {}",
                qualified(&table.name),
                ident(&column.name)
            );
            let default = match &column.value {
                ColumnValue::Default(default) => Some(expr::operand(default)),
                _ => None,
            };
            if default.is_some() {
                out.push(format!("{alter} DROP DEFAULT"));
            }
            out.push(format!("{alter} TYPE {ty} USING {}", using(column, &ty)));
            if let Some(default) = default {
                out.push(format!("{alter} SET DEFAULT {default}"));
            }
        }
        out.push(format!("DROP {kind} {}", qualified(&id.name.sibling(old))));
    }
}

fn users<'a>(id: &ObjectId, state: &'a Schema) -> Vec<(&'a Table, &'a Column)> {
    let all = state
        .tables
        .values()
        .flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    all.filter(|(_, column)| is_of(&column.ty, &id.name)).collect()
}

/// A name for what waits to be dropped, within 63 bytes.
fn aside(name: &Name) -> Name {
    const SUFFIX: &str = "__kick_old";
    let mut head = name.as_str();
    while head.len() + SUFFIX.len() > crate::dialect::postgres::MAX_IDENTIFIER {
        let end = head.char_indices().next_back().map_or(0, |(at, _)| at);
        head = &head[..end];
    }
    Name::new(format!("{head}{SUFFIX}")).expect("a suffix is a name")
}

/// The attributes that `to` has behind all of `from`; `None` where anything else differs.
fn appended(from: &str, to: &str) -> Option<Vec<String>> {
    let (from, to) = (attributes(from)?, attributes(to)?);
    to.starts_with(&from).then(|| to[from.len()..].to_vec())
}

/// The attributes of `CREATE TYPE name AS (a integer, b text)`; `None` for another kind of type.
fn attributes(sql: &str) -> Option<Vec<String>> {
    let all = tokens(sql, Lexis::POSTGRES).collect::<Vec<_>>();
    let solid = all
        .iter()
        .filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment))
        .collect::<Vec<_>>();
    let open = solid.iter().position(|token| token.text.eq_ignore_ascii_case("as"))? + 1;
    let open = solid.get(open).filter(|token| token.text == "(")?;
    let (mut depth, mut start, mut found) = (0_usize, open.start + 1, Vec::new());
    for token in all.iter().filter(|token| token.start >= open.start) {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 || depth == 1 && token.text == "," {
            let attribute = sql[start..token.start].trim();
            if !attribute.is_empty() {
                found.push(attribute.to_owned());
            }
            start = token.start + 1;
        }
        if depth == 0 {
            break;
        }
    }
    Some(found)
}

fn attribute_name(attribute: &str) -> &str {
    tokens(attribute, Lexis::POSTGRES).next().map_or("", |token| token.text)
}

#[cfg(test)]
mod tests {
    use super::{appended, attributes};

    #[test]
    fn attributes_are_cut_at_their_commas() {
        let sql = "CREATE TYPE t AS (a numeric(10,2), \"b,c\" text COLLATE \"C\")";
        assert_eq!(
            attributes(sql).unwrap(),
            ["a numeric(10,2)", "\"b,c\" text COLLATE \"C\""]
        );
        assert_eq!(attributes("CREATE TYPE r AS RANGE (subtype = integer)"), None);
        assert_eq!(attributes("CREATE TYPE e AS ()").unwrap(), [""; 0]);
    }

    #[test]
    fn only_attributes_at_the_end_are_appended() {
        let one = "CREATE TYPE t AS (a integer)";
        assert_eq!(
            appended(one, "CREATE TYPE t AS (a integer, b text)").unwrap(),
            ["b text"]
        );
        assert_eq!(appended(one, "CREATE TYPE t AS (b text, a integer)"), None);
    }
}
