//! `--rename` and `--allow-drop`, as they are typed.

use super::{Object, OwnValues, Renames};
use super::{attributes, values};
use crate::error::{Error, Result};
use crate::ident::{Name, Qualified};
use crate::ir::{Enum, ObjectId, ObjectKind, Schema};

impl Renames {
    /// Reads `--rename old=new` and `--allow-drop thing` flags against the two schemas they are about.
    ///
    /// The thing is a table, `table.column`, an enum, `enum.value`, or `type.attribute` of a composite type; where that could be
    /// two things, one of `table:`, `column:`, `enum:`, `value:` and `attribute:` before it decides. What a thing is in is said by
    /// its new name.
    ///
    /// # Errors
    ///
    /// When a flag has no `=`, or names nothing that goes, nothing that is new, or more than one thing.
    pub fn from_flags<S: AsRef<str>>(renames: &[S], drops: &[S], from: &Schema, to: &Schema) -> Result<Self> {
        let mut read = Self::default();
        let flags = renames
            .iter()
            .map(AsRef::as_ref)
            .map(split)
            .collect::<Result<Vec<_>>>()?;
        // Tables and enums first: a column is found by the new name of its table, which another flag may give.
        for (old, new) in &flags {
            for whole in wholes(old, from) {
                match (whole, qualified(&prefix_of(old).1, new)) {
                    (Object::Table(old), Some(new)) if to.tables.contains_key(&new) => {
                        drop(read.tables.insert(old, new))
                    }
                    (Object::Enum(old), Some(new)) if to.enums.contains_key(&new) => drop(read.enums.insert(old, new)),
                    _ => {}
                }
            }
        }
        for (old, new) in &flags {
            let mut found = Vec::new();
            for whole in wholes(old, from) {
                match whole {
                    Object::Table(name) if read.tables.contains_key(&name) => found.push(Object::Table(name)),
                    Object::Enum(name) if read.enums.contains_key(&name) => found.push(Object::Enum(name)),
                    _ => {}
                }
            }
            for part in parts(old, from, to, &read) {
                let holds = match &part {
                    Object::Column(table, _) => Name::new(new.as_str())
                        .ok()
                        .is_some_and(|new| to.tables.get(table).is_some_and(|table| table.column(&new).is_some())),
                    Object::Value(name, _) => match to.enums.get(name) {
                        Some(e) => e.values.contains(new),
                        None => own_values(name, to).is_some_and(|values| values.contains(new)),
                    },
                    Object::Attribute(name, _) => of_type(name, to).iter().any(|name| name.as_str() == *new),
                    _ => false,
                };
                if holds {
                    found.push(part);
                }
            }
            let flag = format!("--rename {old}={new}");
            match only(found, &flag, || {
                if is_virtual(&prefix_of(old).1, from) {
                    return format!(
                        "`{old}` is a virtual table, which no flag renames: where the script drops it and makes `{new}`, write `ALTER TABLE … RENAME TO …` instead, or its rows go"
                    );
                }
                format!(
                    "there is no `{old}` before the change that could be `{new}` after it; write `--rename table=new`, `--rename table.column=new`, `--rename enum=new`, `--rename enum.value=new`, for the value of a column's own enum `--rename table.column.value=new`, or `--rename type.attribute=new`"
                )
            })? {
                Object::Column(of, old) | Object::Attribute(of, old) => {
                    let new = Name::new(new.as_str()).map_err(|error| Error::validation(format!("{flag}: {error}")))?;
                    read.columns.insert((of, old), new);
                }
                Object::Value(name, old) => {
                    read.values.insert((name, old), new.clone());
                }
                // Already taken in above.
                Object::Table(_) | Object::Enum(_) => {}
            }
        }
        for thing in drops.iter().map(AsRef::as_ref) {
            let mut found = wholes(thing, from);
            found.extend(parts(thing, from, to, &read));
            let object = only(found, &format!("--allow-drop {thing}"), || {
                format!(
                    "there is no `{thing}`; name a table, a `table.column`, an enum, an `enum.value` or a `type.attribute` that goes"
                )
            })?;
            read.dropped.insert(object);
        }
        Ok(read.of_one_step())
    }
}

fn split(flag: &str) -> Result<(String, String)> {
    match flag.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.trim().to_owned(), new.trim().to_owned())),
        _ => Err(Error::validation(format!(
            "`--rename {flag}` says no new name; write `--rename old=new`, for a column `--rename table.old=new`"
        ))),
    }
}

fn only(mut found: Vec<Object>, flag: &str, none: impl FnOnce() -> String) -> Result<Object> {
    match (found.pop(), found.is_empty()) {
        (Some(object), true) => Ok(object),
        (None, _) => Err(Error::validation(format!("`{flag}`: {}", none()))),
        (Some(object), false) => {
            found.push(object);
            let kinds = found.iter().map(|object| format!("`{}:`", object.kind()));
            let kinds = kinds.collect::<Vec<_>>().join(" or ");
            Err(Error::validation(format!(
                "`{flag}` could mean more than one thing; put {kinds} before the name"
            )))
        }
    }
}

/// The kind that is asked for, and the rest.
fn prefix_of(text: &str) -> (Option<&str>, String) {
    match text.split_once(':') {
        Some((kind @ ("table" | "column" | "enum" | "value" | "attribute"), rest)) => (Some(kind), rest.to_owned()),
        _ => (None, text.to_owned()),
    }
}

fn wants(prefix: Option<&str>, kind: &str) -> bool {
    prefix.is_none_or(|prefix| prefix == kind)
}

/// The tables and enums of that name.
fn wholes(text: &str, from: &Schema) -> Vec<Object> {
    let (prefix, text) = prefix_of(text);
    let tables = from
        .tables
        .keys()
        .filter(|name| wants(prefix, "table") && name.to_string() == text);
    let enums = from
        .enums
        .keys()
        .filter(|name| wants(prefix, "enum") && name.to_string() == text);
    let tables = tables.cloned().map(Object::Table);
    tables.chain(enums.cloned().map(Object::Enum)).collect()
}

fn is_virtual(name: &str, schema: &Schema) -> bool {
    let mut ids = schema.objects.keys();
    ids.any(|id| id.kind == ObjectKind::VirtualTable && id.name.to_string() == name)
}

/// The columns and values of that name, whatever the dots in them.
fn parts(text: &str, from: &Schema, to: &Schema, read: &Renames) -> Vec<Object> {
    let (prefix, text) = prefix_of(text);
    let mut found = Vec::new();
    for (dot, _) in text.match_indices('.') {
        let (whole, part) = (&text[..dot], &text[dot + 1..]);
        if wants(prefix, "column")
            && let Ok(column) = Name::new(part)
        {
            let tables = to.tables.keys().filter(|name| name.to_string() == whole);
            let had = |name: &&Qualified| {
                let old = old_name(&read.tables, name);
                from.tables
                    .get(old)
                    .is_some_and(|table| table.column(&column).is_some())
            };
            found.extend(
                tables
                    .filter(had)
                    .map(|name| Object::Column(name.clone(), column.clone())),
            );
        }
        if wants(prefix, "attribute") {
            let types = from.objects.keys().filter(|id| id.name.to_string() == whole);
            let types = types.map(|id| &id.name).filter(|name| !of_type(name, to).is_empty());
            let all = types.flat_map(|name| {
                let names = of_type(name, from).into_iter();
                names.map(move |attribute| Object::Attribute(name.clone(), attribute))
            });
            found.extend(all.filter(|object| object.last() == part));
        }
        if wants(prefix, "value") {
            let enums = to.enums.keys().filter(|name| name.to_string() == whole);
            let had = |name: &&Qualified| {
                let old = old_name(&read.enums, name);
                from.enums
                    .get(old)
                    .is_some_and(|e| e.values.iter().any(|value| value == part))
            };
            found.extend(
                enums
                    .filter(had)
                    .map(|name| Object::Value(name.clone(), part.to_owned())),
            );
            let own = whole.match_indices('.').filter_map(|(dot, _)| {
                let table = Name::new(&whole[..dot]).ok()?;
                let name = Enum::of_column(&Qualified::local(table), &Name::new(&whole[dot + 1..]).ok()?);
                own_values(&name, to)?;
                let before = own_values(&old_own_enum(read, &name), from)?;
                before
                    .iter()
                    .any(|value| value == part)
                    .then_some(Object::Value(name, part.to_owned()))
            });
            found.extend(own);
        }
    }
    found
}

/// The attributes of a composite type.
fn of_type(name: &Qualified, schema: &Schema) -> Vec<Name> {
    let id = ObjectId::new(ObjectKind::Type, name.clone());
    let object = schema.objects.get(&id);
    object
        .and_then(|object| attributes::names(&id, object))
        .unwrap_or_default()
}

/// The values of a column's own enum.
fn own_values(name: &Qualified, schema: &Schema) -> Option<Vec<String>> {
    let table = schema.tables.get(&Qualified::local(name.schema.clone()?))?;
    [OwnValues::InType, OwnValues::InCheck]
        .into_iter()
        .find_map(|own| values::of(table, own).remove(&name.name))
}

/// The same before the renames of its table and its column that are known so far.
fn old_own_enum(read: &Renames, name: &Qualified) -> Qualified {
    let Some(table) = name.schema.clone().map(Qualified::local) else {
        return name.clone();
    };
    let mut columns = read
        .columns
        .iter()
        .filter(|((of, _), new)| *of == table && **new == name.name);
    let column = columns.next().map_or(&name.name, |((_, old), _)| old);
    Enum::of_column(old_name(&read.tables, &table), column)
}

fn old_name<'a>(renames: &'a std::collections::BTreeMap<Qualified, Qualified>, new: &'a Qualified) -> &'a Qualified {
    renames
        .iter()
        .find(|(_, target)| *target == new)
        .map_or(new, |(old, _)| old)
}

/// The new name of a table or enum: in the schema it names, else in that of the old one.
fn qualified(old: &str, new: &str) -> Option<Qualified> {
    let schema = |text: &str| {
        text.split_once('.')
            .map(|(schema, rest)| (schema.to_owned(), rest.to_owned()))
    };
    let (schema, name) = match (schema(new), schema(old)) {
        (Some((schema, name)), _) => (Some(schema), name),
        (None, Some((schema, _))) => (Some(schema), new.to_owned()),
        (None, None) => (None, new.to_owned()),
    };
    Some(Qualified {
        schema: schema.map(Name::new).transpose().ok()?,
        name: Name::new(name).ok()?,
    })
}
