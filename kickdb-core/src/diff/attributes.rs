//! Composite types, whose attributes are named, renamed and lost like the columns of a table.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::question::{Question, closest};
use super::renames::{sequence, settle};
use super::{Change, Diff, Object, Renames, Spares};
use crate::ident::{Name, Qualified};
use crate::ir::{self, ObjectId, ObjectKind, Schema};
use crate::lex::{Kind, Lexis, tokens};

/// The schema with the new names of attributes, whose changes are added to `found`; asks for those that are not known.
pub(super) fn rename<'a>(from: &'a Schema, to: &Schema, renames: &Renames, found: &mut Diff) -> Cow<'a, Schema> {
    let mut schema = Cow::Borrowed(from);
    for (id, object) in &to.objects {
        let Some(old) = from.objects.get(id).filter(|old| old.sql != object.sql) else {
            continue;
        };
        let (Some(before), Some(after)) = (names(id, old), names(id, object)) else {
            continue;
        };
        let said = renames.columns.iter().filter(|((of, _), _)| *of == id.name);
        let said = said.map(|((_, old), new)| (old.clone(), new.clone())).collect();
        let once = |old: &Name| renames.once.contains(&Object::Column(id.name.clone(), old.clone()));
        let had = |name: &Name| before.contains(name);
        let pairs = settle(&said, renames.complete, once, had, |name| after.contains(name));
        let mut spares = Spares::default();
        let steps = sequence(&pairs, had, |_| {
            spares.next(|spare| before.contains(spare) || after.contains(spare))
        });
        ask(&id.name, (&before, &after), &pairs, renames, found);
        if steps.is_empty() {
            continue;
        }
        let renamed = ir::Object {
            sql: renamed(&old.sql, &steps, &object.sql),
            ..old.clone()
        };
        schema.to_mut().objects.insert(id.clone(), renamed.clone());
        found.changes.push(Change::RenameAttributes {
            id: id.clone(),
            from: old.clone(),
            to: renamed,
            steps,
        });
    }
    schema
}

fn ask(
    of: &Qualified,
    (before, after): (&[Name], &[Name]),
    pairs: &BTreeMap<Name, Name>,
    renames: &Renames,
    found: &mut Diff,
) {
    if renames.complete {
        return;
    }
    let object = |name: &Name| Object::Attribute(of.clone(), name.clone());
    let comes = |name: &&Name| !before.contains(name) && !pairs.values().any(|new| new == *name);
    let added = after.iter().filter(comes).map(object).collect::<Vec<_>>();
    let gone = before
        .iter()
        .filter(|name| !after.contains(name) && !pairs.contains_key(*name));
    let open = gone.map(object).filter(|object| !renames.dropped.contains(object));
    found
        .questions
        .extend(open.filter(|_| !added.is_empty()).map(|dropped| Question {
            candidates: closest(&dropped, added.clone()),
            dropped,
        }));
}

/// The names of a composite type's attributes; `None` for anything else.
pub(super) fn names(id: &ObjectId, object: &ir::Object) -> Option<Vec<Name>> {
    let all = attributes(&object.sql).filter(|_| id.kind == ObjectKind::Type)?;
    all.iter().map(|attribute| name_of(attribute)).collect()
}

fn name_of(attribute: &str) -> Option<Name> {
    let name = tokens(attribute, Lexis::POSTGRES).next()?;
    Name::new(match name.kind {
        Kind::Quoted => name.text[1..name.text.len() - 1].replace("\"\"", "\""),
        // What has no quotes is folded.
        _ => name.text.to_lowercase(),
    })
    .ok()
}

/// The attributes that a change of a composite type takes from its values: `address.street`.
pub(crate) fn lost_attributes(id: &ObjectId, from: &ir::Object, to: &ir::Object) -> Vec<String> {
    let (Some(before), Some(after)) = (names(id, from), names(id, to)) else {
        return Vec::new();
    };
    let gone = before.iter().filter(|name| !after.contains(name));
    gone.map(|name| format!("{}.{name}", id.name)).collect()
}

/// The definition under the new names, spelled as the later definition does.
fn renamed(sql: &str, steps: &[(Name, Name)], later: &str) -> String {
    let later = attributes(later).unwrap_or_default();
    let spelled = |name: &Name| {
        let mut same = later
            .iter()
            .filter(|attribute| name_of(attribute).as_ref() == Some(name));
        match same.next() {
            Some(attribute) => attribute_name(attribute).to_owned(),
            None => format!("\"{}\"", name.as_str().replace('"', "\"\"")),
        }
    };
    let mut sql = sql.to_owned();
    for (old, new) in steps {
        let found = attributes(&sql).unwrap_or_default();
        let Some(attribute) = found.iter().find(|attribute| name_of(attribute).as_ref() == Some(old)) else {
            continue;
        };
        let rest = &attribute[attribute_name(attribute).len()..];
        if let Some(at) = position(&sql, attribute) {
            sql.replace_range(at..at + attribute.len(), &format!("{}{rest}", spelled(new)));
        }
    }
    sql
}

/// The definition of a composite type with other types of its attributes.
pub(super) fn retyped(sql: &str, other: impl Fn(&str) -> String) -> String {
    let mut out = sql.to_owned();
    for attribute in attributes(sql).unwrap_or_default() {
        let name = attribute_name(&attribute);
        let new = format!("{name}{}", other(&attribute[name.len()..]));
        if let Some(at) = position(&out, &attribute) {
            out.replace_range(at..at + attribute.len(), &new);
        }
    }
    out
}

/// Where an attribute stands: behind a parenthesis or a comma, so that it is none that ends like it.
fn position(sql: &str, attribute: &str) -> Option<usize> {
    let mut found = sql.match_indices(attribute).map(|(at, _)| at);
    found.find(|at| sql[..*at].trim_end().ends_with(['(', ',']))
}

/// The attributes of `CREATE TYPE name AS (a integer, b text)`; `None` for another kind of type.
pub(crate) fn attributes(sql: &str) -> Option<Vec<String>> {
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

/// The name of an attribute, as it is written.
pub(crate) fn attribute_name(attribute: &str) -> &str {
    tokens(attribute, Lexis::POSTGRES).next().map_or("", |token| token.text)
}

#[cfg(test)]
mod tests {
    use super::{attributes, renamed, retyped};
    use crate::ident::Name;

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
    fn an_attribute_is_not_taken_for_its_type() {
        let other = |ty: &str| ty.replace('j', "p");
        let sql = "CREATE TYPE c AS (j j, b int, \"x j\" j[])";
        assert_eq!(retyped(sql, other), "CREATE TYPE c AS (j p, b int, \"x j\" p[])");
    }

    #[test]
    fn attributes_take_their_new_names_one_after_the_other() {
        let name = |text: &str| Name::new(text).unwrap();
        let steps = [
            (name("a"), name("kick_spare_1")),
            (name("B c"), name("a")),
            (name("kick_spare_1"), name("B c")),
        ];
        assert_eq!(
            renamed(
                "CREATE TYPE t AS (ba int, A int, \"B c\" numeric(3, 1))",
                &steps,
                "CREATE TYPE t AS (a text)"
            ),
            "CREATE TYPE t AS (ba int, \"B c\" int, a numeric(3, 1))"
        );
    }
}
