//! Statements that add to what is declared: named schemas, comments, triggers that do not fire, defaults of views.

use super::facets::{CLUSTERED, COMMENT, CONSTRAINT, DEFAULT, ENABLED, ENABLED_ON, NOTE, STATISTICS};
use super::look;
use super::read::local;
use super::signature::signature;
use super::{define, foreign, search};
use crate::dialect::Dialect;
use crate::dialect::head::Head;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::syntax::bare;
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, ObjectKind, Schema};
use crate::lex::Kind;

/// The result of a statement that is one of these.
pub(super) type Amended = Option<Result<(), String>>;

pub(super) fn amend(sql: &str, schema: &mut Schema) -> Amended {
    let mut head = Head::new(sql.trim(), Postgres.lexis(), true);
    if head.eat("create schema") {
        head.eat("if not exists");
        let name = head.name()?;
        schema.namespaces.insert(name.name);
        return Some(Ok(()));
    }
    if head.eat("comment on column") {
        return column_comment(&mut head, schema);
    }
    if head.eat("comment on") {
        return comment(&mut head, schema);
    }
    if head.eat("alter table") {
        return enabled(&mut head, schema);
    }
    if head.eat("alter view") {
        return default(&mut head, schema);
    }
    if head.eat("alter domain") {
        return constraint(&mut head, schema);
    }
    if head.eat("alter event trigger") {
        let id = ObjectId::new(ObjectKind::EventTrigger, head.name()?);
        let state = state(&mut head)?;
        return facet(schema, &id, ENABLED.to_owned(), state.to_owned());
    }
    if head.eat("alter statistics") {
        let id = ObjectId::new(ObjectKind::Statistics, local(head.name()?));
        let target = head.eat("set statistics").then(|| head.rest().to_owned())?;
        return facet(schema, &id, STATISTICS.to_owned(), target);
    }
    if head.eat("alter index") {
        let id = index_of(schema, local(head.name()?));
        return look::read(&mut head, schema, &id);
    }
    if head.eat("alter materialized view") {
        let name = local(head.name()?);
        if head.eat("cluster on") {
            let index = index_of(schema, name.sibling(head.name()?.name));
            return facet(schema, &index, CLUSTERED.to_owned(), "true".to_owned());
        }
        return look::read(&mut head, schema, &ObjectId::new(ObjectKind::MaterializedView, name));
    }
    if head.eat("alter foreign table") {
        let id = ObjectId::new(ObjectKind::VirtualTable, local(head.name()?));
        let (name, options) = foreign::read_column(&mut head)?;
        return facet(schema, &id, name, options);
    }
    if head.eat("alter server") {
        let id = ObjectId::new(ObjectKind::Server, head.name()?);
        let version = head.eat("version").then(|| foreign::text(&mut head))??;
        return facet(schema, &id, foreign::VERSION.to_owned(), version);
    }
    if head.eat("alter text search configuration") {
        let id = ObjectId::new(ObjectKind::TextSearchConfiguration, local(head.name()?));
        return match object(schema, &id) {
            Ok(object) => search::read_mapping(&mut head, object).map(Ok),
            Err(why) => Some(Err(why)),
        };
    }
    None
}

fn object<'s>(schema: &'s mut Schema, id: &ObjectId) -> Result<&'s mut Object, String> {
    let there = schema.objects.get_mut(id);
    there.ok_or_else(|| format!("the {id} is not declared"))
}

pub(super) fn facet(schema: &mut Schema, id: &ObjectId, name: String, text: String) -> Amended {
    Some(object(schema, id).map(|object| {
        object.facets.insert(name, text);
    }))
}

/// The text behind `IS`; `None` within for `NULL`.
pub(super) fn text(head: &mut Head<'_>) -> Option<Option<String>> {
    if !head.eat("is") {
        return None;
    }
    if head.eat("null") {
        return Some(None);
    }
    let token = head.tokens.get(head.at).filter(|token| token.kind == Kind::Text)?;
    let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(Some(inner.replace("''", "'")))
}

const KINDS: [(&str, ObjectKind); 27] = [
    ("materialized view", ObjectKind::MaterializedView),
    ("view", ObjectKind::View),
    ("function", ObjectKind::Function),
    ("procedure", ObjectKind::Procedure),
    ("aggregate", ObjectKind::Aggregate),
    ("trigger", ObjectKind::Trigger),
    ("policy", ObjectKind::Policy),
    ("rule", ObjectKind::Rule),
    ("statistics", ObjectKind::Statistics),
    ("collation", ObjectKind::Collation),
    ("sequence", ObjectKind::Sequence),
    ("domain", ObjectKind::Domain),
    ("type", ObjectKind::Type),
    ("extension", ObjectKind::Extension),
    ("index", ObjectKind::Index),
    ("text search configuration", ObjectKind::TextSearchConfiguration),
    ("text search dictionary", ObjectKind::TextSearchDictionary),
    ("foreign data wrapper", ObjectKind::ForeignDataWrapper),
    ("foreign table", ObjectKind::VirtualTable),
    ("server", ObjectKind::Server),
    ("publication", ObjectKind::Publication),
    ("event trigger", ObjectKind::EventTrigger),
    ("language", ObjectKind::Language),
    ("access method", ObjectKind::AccessMethod),
    ("conversion", ObjectKind::Conversion),
    ("text search parser", ObjectKind::TextSearchParser),
    ("text search template", ObjectKind::TextSearchTemplate),
];

fn comment(head: &mut Head<'_>, schema: &mut Schema) -> Amended {
    if head.eat("constraint") {
        let name = head.name()?.name;
        let domain = head.eat("on domain").then(|| head.name())??;
        let text = text(head)?.unwrap_or_default();
        let domain = ObjectId::new(ObjectKind::Domain, local(domain));
        return facet(schema, &domain, format!("{NOTE}{name}"), text);
    }
    if head.eat("schema") {
        let id = ObjectId::new(ObjectKind::Schema, local(super::read::schema_of(head).ok()?));
        let comment = text(head)?;
        schema.objects.entry(id).or_default().comment = comment;
        return Some(Ok(()));
    }
    if let Some(id) = oddly_named(head, schema) {
        let text = text(head)?;
        return Some(object(schema, &id).map(|object| object.comment = text));
    }
    let (_, kind) = KINDS.into_iter().find(|(words, _)| head.eat(words))?;
    let mut id = ObjectId::new(kind, local(head.name()?));
    match kind {
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
            let arguments = head.list()?;
            id.signature = Some(signature(&arguments, kind));
        }
        ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => {
            if !head.eat("on") {
                return None;
            }
            on(&mut id, local(head.name()?));
        }
        ObjectKind::Index => id = index_of(schema, id.name),
        _ => {}
    }
    let text = text(head)?;
    Some(object(schema, &id).map(|object| object.comment = text))
}

/// The index of that name: the materialized view that it is on is not said.
fn index_of(schema: &Schema, name: Qualified) -> ObjectId {
    let mut ids = schema.objects.keys();
    let found = ids.find(|other| other.kind == ObjectKind::Index && other.name == name);
    found.cloned().unwrap_or_else(|| ObjectId::new(ObjectKind::Index, name))
}

/// An operator, its class or a cast, where the statement calls one as other statements do.
fn oddly_named(head: &mut Head<'_>, schema: &Schema) -> Option<ObjectId> {
    let said = |text: &str| {
        let words = Head::new(text, Postgres.lexis(), true).tokens.into_iter();
        words
            .map(|token| token.text.trim_matches('"').to_lowercase())
            .collect::<Vec<_>>()
    };
    let mut rest = Head::new(head.rest(), Postgres.lexis(), true);
    let end = rest.skip_past("is").then_some(rest.at - 1)?;
    let target = said(&rest.sql[..rest.tokens.get(end)?.start]);
    let kinds = [
        ObjectKind::Operator,
        ObjectKind::OperatorFamily,
        ObjectKind::OperatorClass,
        ObjectKind::Cast,
        ObjectKind::Transform,
    ];
    let mut ids = schema.objects.keys().filter(|id| kinds.contains(&id.kind));
    let id = ids.find(|id| said(&format!("{} {}", define::keyword(id.kind), define::named(id))) == target)?;
    head.at += end;
    Some(id.clone())
}

fn on(id: &mut ObjectId, table: Qualified) {
    id.name.schema.clone_from(&table.schema);
    id.on = Some(table);
}

fn column_comment(head: &mut Head<'_>, schema: &mut Schema) -> Amended {
    let mut path = vec![head.name()?];
    if head.eat(".") {
        path.push(head.name()?);
    }
    // `view.column`, or `schema.view` and `column`.
    let (view, column) = match (path.pop()?, path.pop()) {
        (column, Some(view)) => (view, column.name),
        (whole, None) => (Qualified::local(whole.schema?), whole.name),
    };
    let text = text(head)?.unwrap_or_default();
    let id = view_of(schema, local(view));
    facet(schema, &id, format!("{COMMENT}{column}"), text)
}

/// What has columns and is no table.
fn view_of(schema: &Schema, name: Qualified) -> ObjectId {
    let kinds = [
        ObjectKind::View,
        ObjectKind::MaterializedView,
        ObjectKind::VirtualTable,
        ObjectKind::Type,
    ];
    let ids = kinds.map(|kind| ObjectId::new(kind, name.clone()));
    let found = ids.iter().find(|id| schema.objects.contains_key(id));
    found.cloned().unwrap_or_else(|| ObjectId::new(ObjectKind::View, name))
}

/// Whether something fires.
fn state(head: &mut Head<'_>) -> Option<&'static str> {
    let words = [
        ("disable", "no"),
        ("enable replica", "replica"),
        ("enable always", "always"),
    ];
    words
        .into_iter()
        .find(|(words, _)| head.eat(words))
        .map(|(_, state)| state)
}

fn enabled(head: &mut Head<'_>, schema: &mut Schema) -> Amended {
    let only = head.eat("only");
    let table = local(head.name()?);
    if only {
        return enabled_on(head, &table, schema);
    }
    let state = state(head)?;
    let kinds = [("trigger", ObjectKind::Trigger), ("rule", ObjectKind::Rule)];
    let (_, kind) = kinds.into_iter().find(|(word, _)| head.eat(word))?;
    let mut id = ObjectId::new(kind, head.name()?);
    on(&mut id, table);
    facet(schema, &id, ENABLED.to_owned(), state.to_owned())
}

/// Whether a trigger fires on one partition of its table.
fn enabled_on(head: &mut Head<'_>, partition: &Qualified, schema: &mut Schema) -> Amended {
    let start = head.tokens.get(head.at)?.start;
    if !head.skip_past("trigger") {
        return None;
    }
    let words = head.sql[start..head.tokens[head.at - 1].start].trim().to_uppercase();
    let name = head.name()?;
    let mut ids = schema
        .objects
        .keys()
        .filter(|id| id.kind == ObjectKind::Trigger && id.name.name == name.name && id.on.as_ref() != Some(partition));
    // Which one of several is meant, the statement does not say.
    let id = ids.next().filter(|_| ids.next().is_none())?.clone();
    let shown = partition
        .schema
        .iter()
        .map(|schema| format!("{}.", bare(schema.as_str())));
    let shown = format!("{}{}", shown.collect::<String>(), bare(partition.name.as_str()));
    facet(schema, &id, format!("{ENABLED_ON}{shown}"), format!("{shown} {words}"))
}

fn default(head: &mut Head<'_>, schema: &mut Schema) -> Amended {
    let view = local(head.name()?);
    if !head.eat("alter column") {
        return None;
    }
    let column = head.name()?.name;
    if !head.eat("set default") {
        return None;
    }
    let text = head.rest().to_owned();
    let id = view_of(schema, view);
    facet(schema, &id, format!("{DEFAULT}{column}"), text)
}

fn constraint(head: &mut Head<'_>, schema: &mut Schema) -> Amended {
    let domain = ObjectId::new(ObjectKind::Domain, local(head.name()?));
    if !head.eat("add constraint") {
        return None;
    }
    let name = head.name()?.name;
    let text = head.rest().to_owned();
    facet(schema, &domain, format!("{CONSTRAINT}{name}"), text)
}

#[cfg(test)]
mod tests {
    use super::amend;
    use crate::dialect::by_name;
    use crate::ir::Schema;

    #[test]
    fn what_is_there_is_added_to() {
        let postgres = by_name("postgres").unwrap();
        let mut schema = Schema::default();
        for sql in [
            "create view app.v as select 1 as n",
            "create function f(a int, b text) returns int language sql as 'select 1'",
            "create trigger t before insert on app.x execute function f()",
            "create domain d as text",
            "create operator app.=== (leftarg = int, rightarg = int, function = f)",
            "create operator class c for type int using btree as function 1 f(int)",
            "create text search configuration s (parser = default)",
            "create event trigger e on sql_drop execute function f()",
            "create materialized view m as select 1 as \"A a\"",
            "create index i on m (abs(\"A a\"))",
        ] {
            let (id, object) = postgres.read_object(sql).unwrap();
            schema.objects.insert(id, object);
        }
        for sql in [
            "CREATE SCHEMA \"Empty\"",
            "COMMENT ON VIEW app.v IS 'it''s one'",
            "COMMENT ON COLUMN app.v.n IS 'a number'",
            "COMMENT ON FUNCTION f(integer, text) IS 'counts'",
            "ALTER TABLE app.x DISABLE TRIGGER t",
            "ALTER TABLE ONLY app.x1 ENABLE TRIGGER t",
            "COMMENT ON TRIGGER t ON app.x IS 'sleeps'",
            "ALTER VIEW app.v ALTER COLUMN n SET DEFAULT 1 + 1",
            "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> '') NOT VALID",
            "COMMENT ON CONSTRAINT c ON DOMAIN d IS 'not empty'",
            "COMMENT ON OPERATOR app.=== (integer, integer) IS 'alike'",
            "COMMENT ON OPERATOR CLASS c USING btree IS 'sorts'",
            "ALTER TEXT SEARCH CONFIGURATION s ADD MAPPING FOR word, asciiword WITH simple",
            "ALTER EVENT TRIGGER e DISABLE",
            "ALTER MATERIALIZED VIEW m ALTER COLUMN \"A a\" SET STATISTICS 5",
            "ALTER MATERIALIZED VIEW m ALTER \"A a\" SET (n_distinct_inherited = 3, n_distinct=2)",
            "ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 7",
            "ALTER MATERIALIZED VIEW m CLUSTER ON i",
        ] {
            assert_eq!(amend(sql, &mut schema), Some(Ok(())), "{sql}");
        }
        let shown = format!("{:?}", schema.objects);
        for wanted in [
            "it's one",
            "\"comment n\": \"a number\"",
            "counts",
            "\"enabled\": \"no\"",
            "sleeps",
            "\"default n\": \"1 + 1\"",
            "\"constraint c\": \"CHECK (VALUE <> '') NOT VALID\"",
            "\"note c\": \"not empty\"",
            "alike",
            "sorts",
            "\"mapping word\": \"simple\"",
            "\"statistics A a\": \"5\"",
            "\"options A a\": \"n_distinct=2, n_distinct_inherited=3\"",
            "\"statistics 1\": \"7\"",
            "\"clustered\": \"true\"",
        ] {
            assert!(shown.contains(wanted), "{wanted} in {shown}");
        }
        assert!(schema.namespaces.iter().any(|name| name == "Empty"));
        assert_eq!(amend("select 1", &mut schema), None);
        let missing = amend("COMMENT ON VIEW w IS 'x'", &mut schema);
        assert_eq!(missing, Some(Err("the view w is not declared".to_owned())));
    }
}
