//! The types by which functions, operators and casts of one name are told apart.

use super::DEFAULT_SCHEMA;
use crate::dialect::head::Head;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::builtin::is_own_type;
use crate::dialect::postgres::extension::Homes;
use crate::dialect::postgres::syntax::bare;
use crate::dialect::{Dialect, QuerySyntax, Types};
use crate::ident::Name;
use crate::ir::{ObjectId, ObjectKind, SqlType};
use crate::lex::Token;

/// Spells the types that an object is known by as a statement that makes it is read: the catalog has longer names for some.
pub(in crate::dialect::postgres) fn settle(id: &mut ObjectId, homes: &Homes) {
    match id.kind {
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate | ObjectKind::Operator => {
            if let Some(signature) = &mut id.signature {
                *signature = types(signature, homes);
            }
        }
        ObjectKind::Cast => rename(id, " AS ", homes),
        ObjectKind::Transform => rename(id, " for ", homes),
        _ => {}
    }
}

/// Types with commas between them.
fn types(text: &str, homes: &Homes) -> String {
    let wrapped = format!("({text})");
    let list = Head::new(&wrapped, Postgres.lexis(), true).list().unwrap_or_default();
    // An operator with one argument has no type on the other side.
    let types = list.into_iter().map(|ty| match ty {
        "NONE" => ty.to_owned(),
        ty => at_home(ty, homes),
    });
    types.collect::<Vec<_>>().join(", ")
}

fn rename(id: &mut ObjectId, between: &str, homes: &Homes) {
    let parts = id.name.name.as_str().split(between);
    let parts = parts.map(|ty| at_home(ty, homes));
    if let Ok(name) = Name::new(parts.collect::<Vec<_>>().join(between)) {
        id.name.name = name;
    }
}

/// A type of the default schema that is named like one of the server's own: it is reached by its schema alone.
fn hidden(text: &str) -> Option<String> {
    let mut head = Head::new(text, Postgres.lexis(), true);
    let name = head.name()?;
    let ours = name.schema.as_ref().is_some_and(|schema| schema == DEFAULT_SCHEMA);
    let hides = is_own_type(&name.name) || Postgres.home(name.name.as_str()).is_some();
    (ours && hides).then(|| format!("{DEFAULT_SCHEMA}.{}{}", bare(name.name.as_str()), head.rest()))
}

fn at_home(text: &str, homes: &Homes) -> String {
    if let Some(hidden) = hidden(text) {
        return hidden;
    }
    let ty = Postgres
        .parse(text.trim())
        .ok()
        .map(|ty| homes.at_home(without_modifier(ty)));
    let spelled = ty.and_then(|ty| Postgres.format(&ty).ok());
    spelled.unwrap_or_else(|| text.to_owned())
}

/// A type without its length, precision and the like: the server drops those of an argument.
pub(super) fn bare_type(ty: &str) -> Option<String> {
    if let Some(hidden) = hidden(ty) {
        return Some(hidden);
    }
    let ty = without_modifier(Postgres.parse(ty.trim()).ok()?);
    Postgres.format(&ty).ok()
}

fn without_modifier(ty: SqlType) -> SqlType {
    match ty {
        SqlType::Array(inner) => SqlType::Array(Box::new(without_modifier(*inner))),
        SqlType::Varchar(_) => SqlType::Native("varchar".into()),
        SqlType::Char(_) => SqlType::Char(std::num::NonZeroU32::MIN),
        SqlType::Decimal(_) => SqlType::Decimal(None),
        SqlType::Time { .. } => SqlType::Time { precision: None },
        SqlType::Timestamp { zoned, .. } => SqlType::Timestamp { precision: None, zoned },
        SqlType::Native(text) => match text.split_once('(') {
            Some((bare, rest)) if !text.starts_with('"') => {
                let behind = rest.split_once(')').map_or("", |(_, behind)| behind);
                SqlType::Native(format!("{bare}{behind}").into())
            }
            _ => SqlType::Native(text),
        },
        other => other,
    }
}

/// The types of the arguments that tell functions of one name apart: those that go in.
pub(super) fn signature(arguments: &[&str], kind: ObjectKind) -> String {
    let mut types = Vec::new();
    for argument in arguments {
        match ordered(argument).filter(|_| kind == ObjectKind::Aggregate) {
            // A direct argument that stands for any number takes those that are sorted along.
            Some((direct, sorted)) if is_variadic(direct) && is_variadic(sorted) => {
                types.extend(argument_type(direct, kind))
            }
            Some((direct, sorted)) => {
                types.extend([direct, sorted].iter().filter_map(|part| argument_type(part, kind)))
            }
            None => types.extend(argument_type(argument, kind)),
        }
    }
    types.join(", ")
}

/// What stands before `ORDER BY` among the arguments of an aggregate, and behind it.
fn ordered(argument: &str) -> Option<(&str, &str)> {
    let mut head = Head::new(argument, Postgres.lexis(), true);
    let is = |token: &Token<'_>, word: &str| token.text.eq_ignore_ascii_case(word);
    let mut words = head.tokens.windows(2);
    let at = words.position(|pair| is(&pair[0], "order") && is(&pair[1], "by"))?;
    let direct = argument[..head.tokens[at].start].trim();
    head.at = at + 2;
    Some((direct, head.rest()))
}

fn is_variadic(argument: &str) -> bool {
    Head::new(argument, Postgres.lexis(), true).eat("variadic")
}

fn argument_type(argument: &str, kind: ObjectKind) -> Option<String> {
    let mut head = Head::new(argument, Postgres.lexis(), true);
    if head.eat("out") {
        return None;
    }
    argument_parts(argument, kind).map(|(ty, _)| ty)
}

/// The type of an argument, and its default with the word before it.
pub(super) fn argument_parts(argument: &str, kind: ObjectKind) -> Option<(String, &str)> {
    let mut head = Head::new(argument, Postgres.lexis(), true);
    if head.eat("*") {
        return None;
    }
    let _ = kind == ObjectKind::Aggregate && head.eat("order by");
    let _ = head.eat("out") || head.eat("inout") || head.eat("in") || head.eat("variadic");
    let end = (head.at..head.tokens.len())
        .find(|at| matches!(head.tokens[*at].text.to_ascii_lowercase().as_str(), "default" | "="))
        .map_or(argument.len(), |at| head.tokens[at].start);
    let start = head.tokens.get(head.at)?.start;
    // A type of two words, or else a name and a type.
    let named = head.tokens.get(head.at + 1).filter(|token| token.start < end);
    let without_name = named.and_then(|token| bare_type(&argument[token.start..end]));
    let whole = bare_type(&argument[start..end]);
    let ty = match (whole, without_name) {
        (Some(whole), _) => whole,
        (None, Some(ty)) => ty,
        (None, None) => argument[start..end].trim().to_owned(),
    };
    Some((ty, argument[end..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ident::Qualified;

    fn settled(kind: ObjectKind, name: &str, signature: Option<&str>) -> String {
        let mut id = ObjectId::new(kind, Qualified::local(Name::new(name).expect("it is a name")));
        id.signature = signature.map(ToOwned::to_owned);
        settle(&mut id, &Homes::default());
        let once = id.clone();
        settle(&mut id, &Homes::default());
        assert_eq!(id, once, "the normal form is not stable");
        id.to_string()
    }

    #[test]
    fn types_are_spelled_in_one_way() {
        let told = "timestamp without time zone, character varying[], timestamp with time zone, bit varying, character, app.mood";
        assert_eq!(
            settled(ObjectKind::Function, "f", Some(told)),
            "function f(timestamp, varchar[], timestamptz, varbit, char(1), app.mood)"
        );
        assert_eq!(settled(ObjectKind::Aggregate, "a", Some("")), "aggregate a()");
        assert_eq!(
            settled(ObjectKind::Operator, "=+", Some("NONE, time without time zone")),
            "operator =+(NONE, time)"
        );
        assert_eq!(
            settled(ObjectKind::Cast, "character varying AS time with time zone", None),
            "cast varchar AS timetz"
        );
    }

    #[test]
    fn an_argument_has_no_length() {
        let arguments = [
            "a varchar(3)",
            "numeric(8,2)",
            "b bit varying(4)",
            "at timestamp(3) with time zone = now()",
            "g geometry(Point,4326)[]",
        ];
        assert_eq!(
            signature(&arguments, ObjectKind::Function),
            "varchar, numeric, varbit, timestamptz, geometry[]"
        );
    }

    #[test]
    fn what_comes_out_tells_none_apart() {
        let arguments = ["a int", "OUT b text", "INOUT c date", "out text"];
        for kind in [ObjectKind::Function, ObjectKind::Procedure] {
            assert_eq!(signature(&arguments, kind), "integer, date");
        }
    }

    #[test]
    fn direct_arguments_stand_before_those_that_are_sorted() {
        let of = |arguments: &[&str]| signature(arguments, ObjectKind::Aggregate);
        assert_eq!(
            of(&["double precision ORDER BY anyelement"]),
            "double precision, anyelement"
        );
        assert_eq!(of(&["ORDER BY anyelement"]), "anyelement");
        assert_eq!(
            of(&["a integer", "float8 order by b text", "uuid"]),
            "integer, double precision, text, uuid"
        );
        assert_eq!(of(&["VARIADIC \"any\" ORDER BY VARIADIC \"any\""]), "\"any\"");
    }
}
