//! The statement that makes an object, as a user writes it.

mod domain;
mod sequence;

use self::domain::domain;
use self::sequence::sequence;
use super::signature::{bare_type, signature};
use super::{amend, define, facets, foreign, operator, publication, search};
use crate::dialect::Dialect;
use crate::dialect::head::Head;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::syntax::bare;
use crate::ident::{Name, Qualified};
use crate::ir::{Object, ObjectId, ObjectKind};

type Read = Result<(ObjectId, Object), String>;

pub(super) fn read(sql: &str) -> Read {
    let sql = sql.trim();
    let mut head = Head::new(sql, Postgres.lexis(), true);
    if head.eat("comment on schema") {
        let name = local(schema_of(&mut head)?);
        let comment = amend::text(&mut head).ok_or("the comment is missing behind `IS`")?;
        let object = Object {
            comment,
            ..Object::default()
        };
        return Ok((ObjectId::new(ObjectKind::Schema, name), object));
    }
    if !head.eat("create") {
        return Err("this is no `CREATE` statement".to_owned());
    }
    let replaces = head.eat("or replace");
    let text = |head: &Head<'_>| {
        if replaces {
            format!("CREATE {}", from(head, replaces))
        } else {
            head.sql.to_owned()
        }
    };
    let whole = text(&head);
    if head.eat("extension") {
        return extension(head);
    }
    if head.eat("unlogged sequence") {
        let (id, mut object) = sequence(head)?;
        object.facets.insert(facets::UNLOGGED.into(), "true".into());
        return Ok((id, object));
    }
    if head.eat("sequence") {
        return sequence(head);
    }
    if head.eat("domain") {
        return domain(head);
    }
    if let Some(read) = other(&mut head) {
        return read;
    }
    let kinds = [
        ("foreign table", ObjectKind::VirtualTable),
        ("event trigger", ObjectKind::EventTrigger),
        ("text search configuration", ObjectKind::TextSearchConfiguration),
        ("materialized view", ObjectKind::MaterializedView),
        ("recursive view", ObjectKind::View),
        ("view", ObjectKind::View),
        ("function", ObjectKind::Function),
        ("procedure", ObjectKind::Procedure),
        ("aggregate", ObjectKind::Aggregate),
        ("constraint trigger", ObjectKind::Trigger),
        ("trigger", ObjectKind::Trigger),
        ("policy", ObjectKind::Policy),
        ("rule", ObjectKind::Rule),
        ("statistics", ObjectKind::Statistics),
        ("collation", ObjectKind::Collation),
        ("trusted language", ObjectKind::Language),
        ("trusted procedural language", ObjectKind::Language),
        ("procedural language", ObjectKind::Language),
        ("language", ObjectKind::Language),
        ("access method", ObjectKind::AccessMethod),
        ("default conversion", ObjectKind::Conversion),
        ("conversion", ObjectKind::Conversion),
        ("text search parser", ObjectKind::TextSearchParser),
        ("text search template", ObjectKind::TextSearchTemplate),
        ("type", ObjectKind::Type),
        ("unique index", ObjectKind::Index),
        ("index", ObjectKind::Index),
    ];
    let Some((_, kind)) = kinds.into_iter().find(|(words, _)| head.eat(words)) else {
        return Err("this makes nothing that kickdb keeps as an object".to_owned());
    };
    head.eat("if not exists");
    let name = local(head.name().ok_or("the name is missing")?);
    let mut id = ObjectId::new(kind, name);
    match kind {
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
            let arguments = head.list().ok_or("the arguments are missing")?;
            id.signature = Some(signature(&arguments, kind));
        }
        ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule | ObjectKind::Index => {
            let before = if kind == ObjectKind::Rule { "to" } else { "on" };
            if !head.skip_past(before) {
                return Err(format!("the table is missing behind `{}`", before.to_uppercase()));
            }
            let on = local(head.name().ok_or("the name of the table is missing")?);
            id.name.schema.clone_from(&on.schema);
            id.on = Some(on);
        }
        ObjectKind::Type if head.eat("as enum") => {
            return Err("an enum is declared by `#[derive(DbEnum)]`".to_owned());
        }
        _ => {}
    }
    Ok((id, Object::new(whole)))
}

/// What has a name of its own kind, or facets that change one by one.
fn other(head: &mut Head<'_>) -> Option<Read> {
    let kinds = [
        ("operator class", ObjectKind::OperatorClass),
        ("operator family", ObjectKind::OperatorFamily),
        ("operator", ObjectKind::Operator),
        ("cast", ObjectKind::Cast),
        ("transform for", ObjectKind::Transform),
        ("text search dictionary", ObjectKind::TextSearchDictionary),
        ("foreign data wrapper", ObjectKind::ForeignDataWrapper),
        ("server", ObjectKind::Server),
        ("publication", ObjectKind::Publication),
    ];
    let (_, kind) = kinds.into_iter().find(|(words, _)| head.eat(words))?;
    Some(match kind {
        ObjectKind::Operator => operator_of(head),
        ObjectKind::Cast => cast(head),
        ObjectKind::Transform => transform(head),
        ObjectKind::OperatorClass | ObjectKind::OperatorFamily => class(kind, head),
        _ => with_facets(kind, head),
    })
}

fn operator_of(head: &mut Head<'_>) -> Read {
    let (schema, name) = operator::name(head).ok_or("the name of the operator is missing")?;
    let name = Qualified {
        schema: schema.map(Name::new).transpose().map_err(|error| error.to_string())?,
        name: Name::new(name).map_err(|error| error.to_string())?,
    };
    let list = head.list().ok_or("what the operator is made of is missing")?;
    let argument = |word: &str| {
        let found = list.iter().find_map(|part| {
            let (name, ty) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case(word).then(|| ty.trim())
        });
        found.map_or_else(
            || "NONE".to_owned(),
            |ty| bare_type(ty).unwrap_or_else(|| ty.to_owned()),
        )
    };
    let mut id = ObjectId::new(ObjectKind::Operator, local(name));
    id.signature = Some(format!("{}, {}", argument("leftarg"), argument("rightarg")));
    Ok((id, Object::new(head.sql)))
}

fn cast(head: &mut Head<'_>) -> Read {
    let list = head.list().ok_or("the types of the cast are missing")?;
    let whole = list.join(", ");
    let mut types = Head::new(&whole, Postgres.lexis(), true);
    if !types.skip_past("as") {
        return Err("the types of the cast are missing".to_owned());
    }
    let (from, to) = (cut(&types, 0, types.at - 1), types.rest());
    let canonical = |ty: &str| bare_type(ty).unwrap_or_else(|| ty.to_owned());
    let name = Name::new(format!("{} AS {}", canonical(from), canonical(to)));
    let name = name.map_err(|error| error.to_string())?;
    Ok((
        ObjectId::new(ObjectKind::Cast, Qualified::local(name)),
        Object::new(head.sql),
    ))
}

fn transform(head: &mut Head<'_>) -> Read {
    let start = head.at;
    if !head.skip_past("language") {
        return Err("the language is missing behind the type".to_owned());
    }
    let ty = cut(head, start, head.at - 1);
    let ty = bare_type(ty).unwrap_or_else(|| ty.to_owned());
    let language = head.name().ok_or("the name of the language is missing")?;
    let name = Name::new(format!("{ty} for {}", language.name)).map_err(|error| error.to_string())?;
    Ok((
        ObjectId::new(ObjectKind::Transform, Qualified::local(name)),
        Object::new(head.sql),
    ))
}

/// The name of a schema, as that of something in it.
pub(super) fn schema_of(head: &mut Head<'_>) -> Result<Qualified, String> {
    let name = head.name().ok_or("the name of the schema is missing")?.name;
    Ok(Qualified {
        schema: Some(name.clone()),
        name,
    })
}

fn class(kind: ObjectKind, head: &mut Head<'_>) -> Read {
    let mut id = ObjectId::new(kind, local(head.name().ok_or("the name is missing")?));
    if !head.skip_past("using") {
        return Err("the access method is missing behind `USING`".to_owned());
    }
    id.signature = Some(head.name().ok_or("the access method is missing")?.name.to_string());
    Ok((id, Object::new(head.sql)))
}

fn with_facets(kind: ObjectKind, head: &mut Head<'_>) -> Read {
    head.eat("if not exists");
    let name = local(head.name().ok_or("the name is missing")?);
    let mut object = Object::default();
    let kept = match kind {
        ObjectKind::TextSearchDictionary => search::read_dictionary(head, &mut object)?,
        ObjectKind::Publication => publication::read(head, &mut object)?,
        _ => foreign::read(head, &mut object)?,
    };
    let shown = name.schema.as_ref().map(|schema| format!("{}.", bare(schema.as_str())));
    let shown = format!("{}{}", shown.unwrap_or_default(), bare(name.name.as_str()));
    object.sql = format!("CREATE {} {shown}{kept}", define::keyword(kind));
    Ok((ObjectId::new(kind, name), object))
}

/// The statement from the word behind `CREATE OR REPLACE` on.
fn from<'a>(head: &Head<'a>, replaces: bool) -> &'a str {
    let at = if replaces { 3 } else { 1 };
    head.tokens.get(at).map_or("", |token| &head.sql[token.start..])
}

/// `public` needs no saying.
pub(super) fn local(mut name: Qualified) -> Qualified {
    if name
        .schema
        .as_ref()
        .is_some_and(|schema| schema == super::DEFAULT_SCHEMA)
    {
        name.schema = None;
    }
    name
}

fn extension(mut head: Head<'_>) -> Read {
    head.eat("if not exists");
    let name = head.name().ok_or("the name of the extension is missing")?;
    let mut object = Object::default();
    head.eat("with");
    loop {
        if head.eat("schema") {
            let schema = head.name().ok_or("the name of the schema is missing")?;
            if schema.name != super::DEFAULT_SCHEMA {
                object.facets.insert("schema".into(), schema.name.to_string());
            }
        } else if head.eat("version") {
            // The server's package decides the version; a newer one is not a change of the schema.
            head.at += 1;
        } else if !head.eat("cascade") {
            break;
        }
    }
    at_end(&head)?;
    Ok((
        ObjectId::new(ObjectKind::Extension, Qualified::local(name.name)),
        object,
    ))
}

/// The text between two tokens.
pub(super) fn cut<'a>(head: &Head<'a>, from: usize, to: usize) -> &'a str {
    let start = head.tokens.get(from).map_or(head.sql.len(), |token| token.start);
    let end = head.tokens.get(to).map_or(head.sql.len(), |token| token.start);
    head.sql[start..end].trim()
}

fn at_end(head: &Head<'_>) -> Result<(), String> {
    match head.rest() {
        "" => Ok(()),
        rest => Err(format!("`{rest}` was not expected")),
    }
}

#[cfg(test)]
mod tests;
