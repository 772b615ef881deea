//! The statement that makes an object, as a user writes it.

use super::signature::{bare_type, signature};
use super::{amend, define, facets, foreign, operator, publication, search};
use crate::dialect::head::Head;
use crate::dialect::postgres::syntax::bare;
use crate::dialect::postgres::{Postgres, expr};
use crate::dialect::{Dialect, Types};
use crate::ident::{Name, Qualified};
use crate::ir::{Expr, IntBits, Object, ObjectId, ObjectKind, SqlType};

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

/// Every option written out, as the catalog gives them.
fn sequence(mut head: Head<'_>) -> Read {
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
            if path.len() == 3 && path[0] == super::DEFAULT_SCHEMA {
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

fn domain(mut head: Head<'_>) -> Read {
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
mod tests {
    use super::read;

    fn id(sql: &str) -> String {
        read(sql).unwrap().0.to_string()
    }

    #[test]
    fn a_statement_says_what_it_makes() {
        for (sql, wanted) in [
            ("create or replace view app.v as select 1", "view app.v"),
            ("CREATE RECURSIVE VIEW \"V x\" (n) AS VALUES (1)", "view V x"),
            ("create materialized view public.m as select 1", "materialized view m"),
            (
                "create function f(a int, in b varchar(3) default 'x', out c text) returns int as ''",
                "function f(integer, varchar)",
            ),
            (
                "create function f(double precision, x double precision[]) returns int as ''",
                "function f(double precision, double precision[])",
            ),
            ("create aggregate s(*) (sfunc = a, stype = int)", "aggregate s()"),
            (
                "create constraint trigger t after insert on app.x for each row execute function f()",
                "trigger app.t on app.x",
            ),
            ("create policy p on t using (true)", "policy p on t"),
            ("create rule r as on insert to t do nothing", "rule r on t"),
            (
                "create extension if not exists \"uuid-ossp\" with schema ext",
                "extension uuid-ossp",
            ),
            ("comment on schema app is 'x'", "schema app"),
            ("create trusted language l handler h", "language l"),
            (
                "create default conversion app.c for 'LATIN1' to 'UTF8' from f",
                "conversion app.c",
            ),
            (
                "create transform for point language l (from sql with function f(internal))",
                "transform point for l",
            ),
            ("create unique index i on m (id)", "index i on m"),
            ("create foreign table f (id int) server s", "virtual table f"),
            (
                "create operator app.=== (leftarg = int, rightarg = int8, function = f)",
                "operator app.===(integer, bigint)",
            ),
            ("create cast (int as app.mood) with inout", "cast integer AS app.mood"),
            (
                "create operator class c default for type int using gist as function 1 f(int)",
                "operator class c(gist)",
            ),
            (
                "create event trigger e on sql_drop execute function f()",
                "event trigger e",
            ),
        ] {
            assert_eq!(id(sql), wanted, "{sql}");
        }
    }

    #[test]
    fn options_are_written_out() {
        let (_, sequence) = read("create sequence s as smallint increment by -2 owned by public.t.\"A b\"").unwrap();
        let facets = format!("{:?}", sequence.facets);
        assert!(
            facets.contains(r#""max": "-1""#) && facets.contains(r#""min": "-32768""#),
            "{facets}"
        );
        assert_eq!(sequence.facets["owned by"], "t.\"A b\"");
        let (_, domain) =
            read("create domain d as varchar(9) default 'x' not null check (value <> '') constraint c check (true)")
                .unwrap();
        assert_eq!(domain.facets["type"], "varchar(9)");
        assert_eq!(domain.facets["constraint d_check"], "check (value <> '')");
        assert_eq!(domain.facets["constraint c"], "check (true)");
    }

    #[test]
    fn what_changes_one_by_one_is_a_facet() {
        let facets = |sql: &str| {
            let (_, object) = read(sql).unwrap();
            format!("{} {:?}", object.sql, object.facets)
        };
        assert_eq!(
            facets("create server s type 'x' version '1' foreign data wrapper w options (host 'a b', \"Port\" '1')"),
            r#"CREATE SERVER s TYPE 'x' FOREIGN DATA WRAPPER w {"option Port": "1", "option host": "a b", "version": "1"}"#
        );
        assert_eq!(
            facets(
                "create publication p for table public.t (a, b) where (a > 1), s.x, tables in schema q with (publish = 'insert')"
            ),
            r#"CREATE PUBLICATION p {"publish": "insert", "schema q": "TABLES IN SCHEMA q", "table s.x": "TABLE s.x", "table t": "TABLE t (a, b) WHERE (a > 1)"}"#
        );
        assert_eq!(
            facets("create text search dictionary d (template = pg_catalog.simple, accept = false)"),
            r#"CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple) {"options": "accept = false"}"#
        );
    }

    #[test]
    fn the_comment_of_a_schema_is_all_there_is_of_it() {
        let (_, object) = read("COMMENT ON SCHEMA \"public\" IS 'it''s ours'").unwrap();
        assert_eq!(object.comment.as_deref(), Some("it's ours"));
        assert!(read("comment on schema app").is_err());
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for sql in [
            "select 1",
            "create table t (id int)",
            "create type e as enum ('a')",
            "create view",
            "create trigger t",
        ] {
            assert!(read(sql).is_err(), "{sql}");
        }
    }
}
