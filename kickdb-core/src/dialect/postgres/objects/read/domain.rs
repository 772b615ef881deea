use super::{Read, cut, local};
use crate::dialect::Types;
use crate::dialect::head::Head;
use crate::dialect::postgres::objects::facets;
use crate::dialect::postgres::syntax::bare;
use crate::dialect::postgres::{Postgres, expr};
use crate::ident::Name;
use crate::ir::{Expr, Object, ObjectId, ObjectKind};

pub(super) fn domain(mut head: Head<'_>) -> Read {
    let name = local(head.name().ok_or("the name of the domain is missing")?);
    head.eat("as");
    let mut object = Object::default();
    let start = head.at;
    let stops = ["collate", "default", "not", "null", "constraint", "check"];
    while head.at < head.tokens.len()
        && !stops
            .iter()
            .any(|word| head.tokens[head.at].text.eq_ignore_ascii_case(word))
    {
        head.at += 1;
    }
    let ty = Postgres
        .parse(cut(&head, start, head.at))
        .map_err(|error| error.to_string())?;
    object
        .facets
        .insert("type".into(), Postgres.format(&ty).map_err(|error| error.to_string())?);
    let mut unnamed = 0;
    while head.at < head.tokens.len() {
        if head.eat("not null") {
            object.facets.insert("not null".into(), "true".into());
        } else if head.eat("null") {
        } else if head.eat("collate") {
            let collation = head.name().ok_or("the name of the collation is missing")?;
            object.facets.insert("collation".into(), bare(collation.name.as_str()));
        } else if head.eat("default") {
            let start = head.at;
            while head.at < head.tokens.len()
                && !stops
                    .iter()
                    .any(|word| head.tokens[head.at].text.eq_ignore_ascii_case(word))
            {
                head.at += 1;
            }
            let default = expr::normalize_default(&Expr::Sql(cut(&head, start, head.at).to_owned()), &ty);
            object.facets.insert("default".into(), expr::operand(&default));
        } else {
            let named = if head.eat("constraint") { head.name() } else { None };
            let named = named.map_or_else(
                || {
                    unnamed += 1;
                    let number = if unnamed > 1 {
                        (unnamed - 1).to_string()
                    } else {
                        String::new()
                    };
                    Name::new(format!("{}_check{number}", name.name))
                },
                |named| Ok(named.name),
            );
            let named = named.map_err(|error| error.to_string())?;
            let start = head.at;
            if !head.eat("check") || head.list().is_none() {
                return Err("what follows the type of the domain cannot be read".to_owned());
            }
            let check = cut(&head, start, head.at).to_owned();
            object.facets.insert(format!("{}{named}", facets::CONSTRAINT), check);
        }
    }
    Ok((ObjectId::new(ObjectKind::Domain, name), object))
}
