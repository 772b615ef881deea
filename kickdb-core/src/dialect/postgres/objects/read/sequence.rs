use super::{Read, local};
use crate::dialect::Types;
use crate::dialect::head::Head;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::objects::{DEFAULT_SCHEMA, facets};
use crate::dialect::postgres::syntax::bare;
use crate::ir::{IntBits, Object, ObjectId, ObjectKind, SqlType};

/// Every option written out, as the catalog gives them.
pub(super) fn sequence(mut head: Head<'_>) -> Read {
    head.eat("if not exists");
    let name = local(head.name().ok_or("the name of the sequence is missing")?);
    let mut object = Object::default();
    let mut given = std::collections::BTreeMap::new();
    let (mut ty, mut cycles) = ("bigint".to_owned(), false);
    while head.at < head.tokens.len() {
        if head.eat("as") {
            let parsed = Postgres.parse(head.tokens.get(head.at).map_or("", |token| token.text));
            ty = Postgres
                .format(&parsed.map_err(|error| error.to_string())?)
                .map_err(|error| error.to_string())?;
            head.at += 1;
        } else if head.eat("owned by none")
            || head.eat("no minvalue")
            || head.eat("no maxvalue")
            || head.eat("no cycle")
        {
        } else if head.eat("cycle") {
            cycles = true;
        } else if head.eat("owned by") {
            let mut path = Vec::new();
            while let Some(part) = head.name() {
                path.extend(part.schema);
                path.push(part.name);
                if !head.eat(".") {
                    break;
                }
            }
            if path.len() == 3 && path[0] == DEFAULT_SCHEMA {
                path.remove(0);
            }
            let path = path
                .iter()
                .map(|part| bare(part.as_str()))
                .collect::<Vec<_>>()
                .join(".");
            object.facets.insert(facets::OWNED_BY.into(), path);
        } else {
            let options = [
                ("increment by", "increment"),
                ("increment", "increment"),
                ("minvalue", "min"),
                ("maxvalue", "max"),
                ("start with", "start"),
                ("start", "start"),
                ("cache", "cache"),
            ];
            let Some((_, facet)) = options.into_iter().find(|(words, _)| head.eat(words)) else {
                return Err("an option of the sequence is not known".to_owned());
            };
            given.insert(facet, number(&mut head)?);
        }
    }
    let increment = given.get("increment").copied().unwrap_or(1);
    // https://www.postgresql.org/docs/18/sql-createsequence.html
    let (least, most) = match Postgres.parse(&ty) {
        Ok(SqlType::Int { bits: IntBits::B16, .. }) => (i64::from(i16::MIN), i64::from(i16::MAX)),
        Ok(SqlType::Int { bits: IntBits::B32, .. }) => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let (lowest, highest) = if increment < 0 { (least, -1) } else { (1, most) };
    let min = given.get("min").copied().unwrap_or(lowest);
    let max = given.get("max").copied().unwrap_or(highest);
    let start = given
        .get("start")
        .copied()
        .unwrap_or(if increment < 0 { max } else { min });
    let cache = given.get("cache").copied().unwrap_or(1);
    for (facet, value) in [
        ("increment", increment),
        ("min", min),
        ("max", max),
        ("start", start),
        ("cache", cache),
    ] {
        object.facets.insert(facet.into(), value.to_string());
    }
    object.facets.insert("type".into(), ty);
    object.facets.insert("cycle".into(), cycles.to_string());
    Ok((ObjectId::new(ObjectKind::Sequence, name), object))
}

fn number(head: &mut Head<'_>) -> Result<i64, String> {
    let negative = head.eat("-");
    let text = head.tokens.get(head.at).map_or("", |token| token.text);
    head.at += 1;
    let signed = if negative { format!("-{text}") } else { text.to_owned() };
    signed.parse().map_err(|_| format!("`{text}` is no whole number"))
}
