//! Types whose definition changes.

use super::facets;
use super::kin::kin;
use super::uses::is_of;
use crate::dialect::EmitError;
use crate::dialect::head::Head;
use crate::dialect::postgres::MAX_IDENTIFIER;
use crate::dialect::postgres::syntax::{ident, qualified};
use crate::diff::{attribute_name, attributes};
use crate::ident::{Name, Qualified};
use crate::ir::{Object, ObjectId, ObjectKind, Schema, SqlType};
use crate::lex::{Lexis, tokens};
use crate::plan::Steps;

/// Whether the change makes the type again, so that everything of that type must move.
pub(in crate::dialect::postgres) fn is_retyped(id: &ObjectId, from: &Object, to: &Object) -> bool {
    match id.kind {
        ObjectKind::Domain => {
            let base = |object| (facets::get(object, "type"), facets::get(object, "collation"));
            base(from) != base(to)
        }
        ObjectKind::Type => from.sql != to.sql && appended(&from.sql, &to.sql).is_none(),
        ObjectKind::Collation => from.sql != to.sql,
        _ => false,
    }
}

/// Whether a type was of another kind so far: an enum that becomes a domain, a domain that becomes a composite type, …
pub(in crate::dialect::postgres) fn changes_kind(id: &ObjectId, from: &Object) -> bool {
    match id.kind {
        ObjectKind::Domain => !from.sql.is_empty(),
        ObjectKind::Type => from.sql.is_empty() || is_enum(&from.sql),
        _ => false,
    }
}

fn is_enum(sql: &str) -> bool {
    let mut head = Head::new(sql, Lexis::POSTGRES, true);
    head.skip_past("as") && head.eat("enum")
}

/// Whether the domain gains a constraint while a column holds it inside of another type: there the server cannot check the values
/// that are (<https://www.postgresql.org/docs/18/sql-alterdomain.html>, Notes).
pub(in crate::dialect::postgres) fn is_nested(id: &ObjectId, from: &Object, to: &Object, state: &Schema) -> bool {
    if id.kind != ObjectKind::Domain {
        return false;
    }
    let gains = facets::starting(to, facets::CONSTRAINT)
        .filter(|(_, text)| !facets::is_unchecked(text))
        .any(|(name, text)| facets::get(from, &format!("{}{name}", facets::CONSTRAINT)) != Some(text));
    let required = facets::get(from, "not null").is_none() && facets::get(to, "not null").is_some();
    if !gains && !required {
        return false;
    }
    let kin = kin(&id.name, state);
    let mut columns = state.tables.values().flat_map(|table| &table.columns);
    columns.any(|column| {
        is_of(&column.ty, &id.name) && matches!(column.ty, SqlType::Array(_))
            || kin.iter().any(|kin| is_of(&column.ty, &kin.id.name))
    })
}

/// Attributes at the end are added.
pub(super) fn append(id: &ObjectId, from: &Object, to: &Object, out: &mut Steps) {
    let added = appended(&from.sql, &to.sql).unwrap_or_default();
    let actions = added.iter().map(|attribute| format!("ADD ATTRIBUTE {attribute}"));
    let actions = actions.collect::<Vec<_>>().join(", ");
    out.push(format!("ALTER TYPE {} {actions}", qualified(&id.name)));
}

/// New names for attributes, wherever the type is used.
pub(super) fn rename_attributes(
    id: &ObjectId,
    steps: &[(Name, Name)],
    state: &Schema,
    out: &mut Steps,
) -> Result<(), EmitError> {
    if let Some(table) = super::alter::tables_of(&id.name, state).first() {
        return Err(EmitError {
            object: id.name.to_string(),
            message: format!(
                "its attributes cannot take other names while the table `{}` is OF it; take `OF {}` from the table first",
                table.name, id.name
            ),
        });
    }
    for (from, to) in steps {
        let (name, from, to) = (qualified(&id.name), ident(from), ident(to));
        out.push(format!("ALTER TYPE {name} RENAME ATTRIBUTE {from} TO {to} CASCADE"));
    }
    Ok(())
}

/// What a domain is made of.
pub(in crate::dialect::postgres) fn base(domain: &Object) -> &str {
    facets::get(domain, "type").unwrap_or("text")
}

/// What a range is one of; `None` for another kind of type.
pub(in crate::dialect::postgres) fn subtype(sql: &str) -> Option<&str> {
    option(sql, "subtype")
}

/// The type that a range brings with it, and whether its definition says so.
pub(in crate::dialect::postgres) fn multirange(id: &ObjectId, object: &Object) -> Option<(Qualified, bool)> {
    subtype(&object.sql).filter(|_| id.kind == ObjectKind::Type)?;
    if let Some(said) = option(&object.sql, MULTIRANGE) {
        let name = Head::new(said, Lexis::POSTGRES, true).name()?;
        return Some((super::read::local(name), true));
    }
    Some((usual_multirange(id)?, false))
}

const MULTIRANGE: &str = "multirange_type_name";

/// <https://www.postgresql.org/docs/18/sql-createtype.html>, `multirange_type_name`
fn usual_multirange(id: &ObjectId) -> Option<Qualified> {
    let own = id.name.name.as_str();
    let name = match own.contains("range") {
        true => own.replacen("range", "multirange", 1),
        false => {
            let mut head = own;
            while head.len() + "_multirange".len() > MAX_IDENTIFIER {
                let end = head.char_indices().next_back().map_or(0, |(at, _)| at);
                head = &head[..end];
            }
            format!("{head}_multirange")
        }
    };
    Some(id.name.sibling(Name::new(name).ok()?))
}

/// The definition of a range without the name that its multirange has by itself.
pub(super) fn without_usual_multirange(id: &ObjectId, object: &Object) -> Option<String> {
    let (name, _) = multirange(id, object).filter(|(_, is_said)| *is_said)?;
    if usual_multirange(id)? != name {
        return None;
    }
    let at = object.sql.find(MULTIRANGE)?;
    let end = object.sql[at..].find([',', ')'])? + at;
    let before = object.sql[..at].trim_end().strip_suffix(',')?;
    Some(format!("{before}{}", &object.sql[end..]))
}

/// The value of an option of `CREATE TYPE name AS RANGE (…)`.
pub(super) fn option<'a>(sql: &'a str, name: &str) -> Option<&'a str> {
    let mut head = Head::new(sql, Lexis::POSTGRES, true);
    if !head.skip_past("range") {
        return None;
    }
    let mut options = head.list()?.into_iter().filter_map(|option| option.split_once('='));
    let found = options.find(|(option, _)| option.trim().eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

/// The attributes that `to` has behind all of `from`; `None` where anything else differs.
fn appended(from: &str, to: &str) -> Option<Vec<String>> {
    let (from, to) = (attributes(from)?, attributes(to)?);
    to.starts_with(&from).then(|| to[from.len()..].to_vec())
}

/// The type of an attribute, without its collation.
pub(in crate::dialect::postgres) fn attribute_type(attribute: &str) -> &str {
    let rest = attribute[attribute_name(attribute).len()..].trim();
    let collate = tokens(rest, Lexis::POSTGRES).find(|token| token.text.eq_ignore_ascii_case("collate"));
    collate.map_or(rest, |token| rest[..token.start].trim())
}

#[cfg(test)]
mod tests {
    use super::appended;

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
