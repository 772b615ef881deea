//! Making and dropping.

use super::facets::{self, ENABLED, OWNED_BY};
use super::look::look;
use super::{foreign, made_of, operator, publication, search};
use crate::dialect::postgres::emit::push_all;
use crate::dialect::postgres::syntax::{bare, block, ident, literal, qualified};
use crate::dialect::postgres::types::ddl;
use crate::dialect::postgres::{builtin, counter, options};
use crate::diff::Change;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Identity, Object, ObjectId, ObjectKind, Schema, Table};
use crate::lex::{Kind, Lexis, tokens};
use crate::plan::Steps;

pub(in crate::dialect::postgres) fn create(id: &ObjectId, object: &Object, later: &[Change], out: &mut Steps) {
    match id.kind {
        ObjectKind::Extension => {
            let schema = facets::get(object, "schema").map(|schema| format!(" SCHEMA {}", quoted(schema)));
            out.push(format!(
                "CREATE EXTENSION {}{}",
                ident(&id.name.name),
                schema.unwrap_or_default()
            ));
        }
        ObjectKind::Sequence => match left_by(id, later) {
            Some(place) => take_from_column(id, object, place, later, out),
            None => create_sequence(id, object, out),
        },
        // It is made with the tables; here is only its comment.
        ObjectKind::Schema => {}
        ObjectKind::Domain => domain(id, object, out),
        ObjectKind::ForeignDataWrapper | ObjectKind::Server => foreign::create(id, object, out),
        ObjectKind::VirtualTable => foreign::create_table(id, object, out),
        ObjectKind::TextSearchDictionary => search::create_dictionary(object, out),
        ObjectKind::TextSearchConfiguration => search::create_configuration(id, object, out),
        ObjectKind::Publication => publication::create(object, out),
        _ => out.push(object.sql.trim_end()),
    }
    let plain = Object::default();
    enable(id, &plain, object, out);
    look(id, &plain, object, out);
    comments(id, &plain, object, out);
}

/// A sequence that is there as that of a serial column, and goes on without it.
fn take_from_column(
    id: &ObjectId,
    object: &Object,
    (table, column): (&Table, &Column),
    later: &[Change],
    out: &mut Steps,
) {
    // The column gives it to its owner later; until then it may not have another one.
    let mut object = object.clone();
    object.facets.remove(OWNED_BY);
    let unlogged = object.facets.remove(facets::UNLOGGED).is_some();
    let mut was = counting(column);
    // One that goes may not take it along.
    if goes_without_it(id, later) {
        let path = format!("{}.{}", qualified(&table.name), ident(&column.name));
        was.facets.insert(OWNED_BY.into(), path);
    }
    super::alter::sequence(id, &was, &object, out);
    let name = qualified(&id.name);
    // As a column's it was like its table.
    match (unlogged, is_unlogged_by_its_table(id, later)) {
        (true, false) => out.push(format!("ALTER SEQUENCE {name} SET UNLOGGED")),
        // Before PostgreSQL 15 all are written to the log.
        (false, true) => out.push(block(&format!(
            "BEGIN\n  IF (SELECT relpersistence FROM pg_class WHERE oid = {}::regclass) = 'u' THEN\n    EXECUTE {};\n  END IF;\nEND",
            literal(&name),
            literal(&format!("ALTER SEQUENCE {name} SET LOGGED"))
        ))),
        _ => {}
    }
}

fn create_sequence(id: &ObjectId, object: &Object, out: &mut Steps) {
    let unlogged = match object.facets.contains_key(facets::UNLOGGED) {
        true => "UNLOGGED ",
        false => "",
    };
    let options = object.facets.iter();
    let options = options
        .map(|(facet, text)| sequence_option(facet, text))
        .collect::<String>();
    out.push(format!("CREATE {unlogged}SEQUENCE {}{options}", qualified(&id.name)));
    give(id, object, out);
}

/// Gives a sequence to the column that it goes with.
pub(super) fn give(id: &ObjectId, object: &Object, out: &mut Steps) {
    if let Some((table, column)) = owner_of(object) {
        push_all(counter::give(&id.name, &table, &column), out);
    }
}

/// The serial column whose sequence it is, and which it goes on without.
fn left_by<'a>(id: &ObjectId, later: &'a [Change]) -> Option<(&'a Table, &'a Column)> {
    later.iter().find_map(|change| match change {
        Change::AlterTable { from, to, .. } => {
            let mut left = from.columns.iter().filter(|column| counts_by(column, from, id));
            let leaves = |column: &&Column| to.column(&column.name).is_none_or(|after| !counts_by(after, to, id));
            left.find(leaves).map(|column| (&**from, column))
        }
        Change::DropTable(table) => {
            let column = table.columns.iter().find(|column| counts_by(column, table, id));
            column.map(|column| (&**table, column))
        }
        _ => None,
    })
}

/// The sequence of a serial column, as one of its own would be.
fn counting(column: &Column) -> Object {
    let full = counter::full(column);
    let facets = [
        ("type", ddl(&full.ty)),
        ("start", full.start.to_string()),
        ("increment", full.increment.to_string()),
        ("min", full.min.to_string()),
        ("max", full.max.to_string()),
        ("cache", full.cache.to_string()),
        ("cycle", full.cycle.to_string()),
    ];
    Object {
        facets: facets.map(|(name, text)| (name.to_owned(), text)).into(),
        ..Object::default()
    }
}

/// A serial column as one that only draws from its sequence, and that. As a column's it is written to the log like its table.
pub(in crate::dialect::postgres) fn released(table: &Table, column: &Column) -> Option<(Column, ObjectId, Object)> {
    let ColumnValue::Identity(Identity::Serial, counter) = &column.value else {
        return None;
    };
    if table.options.contains_key(options::UNLOGGED) {
        return None;
    }
    let sequence = counter::sequence(counter.as_deref(), &table.name, &column.name);
    let mut plain = Column {
        value: counter::drawing(&sequence),
        ..column.clone()
    };
    let object = Object {
        comment: plain.options.remove(options::SEQUENCE_COMMENT),
        ..counting(column)
    };
    Some((plain, ObjectId::new(ObjectKind::Sequence, sequence), object))
}

/// Whether a sequence counts upwards.
pub(in crate::dialect::postgres) fn ascends(object: &Object) -> bool {
    facets::get(object, "increment").is_none_or(|step| !step.starts_with('-'))
}

/// Whether the table of that column is not written to the log.
fn is_unlogged_by_its_table(id: &ObjectId, later: &[Change]) -> bool {
    let unlogged = |table: &Table| {
        table.options.contains_key(options::UNLOGGED) && table.columns.iter().any(|column| counts_by(column, table, id))
    };
    later.iter().any(|change| match change {
        Change::AlterTable { from: table, .. } | Change::DropTable(table) => unlogged(table),
        _ => false,
    })
}

/// Whether that column goes, with its table or alone.
fn goes_without_it(id: &ObjectId, later: &[Change]) -> bool {
    later.iter().any(|change| match change {
        Change::AlterTable { from, to, .. } => {
            let mut counting = from.columns.iter().filter(|column| counts_by(column, from, id));
            counting.any(|column| to.column(&column.name).is_none())
        }
        Change::DropTable(table) => table.columns.iter().any(|column| counts_by(column, table, id)),
        _ => false,
    })
}

fn counts_by(column: &Column, table: &Table, id: &ObjectId) -> bool {
    match &column.value {
        ColumnValue::Identity(Identity::Serial, counter) => {
            counter::sequence(counter.as_deref(), &table.name, &column.name) == id.name
        }
        _ => false,
    }
}

pub(super) fn drop(id: &ObjectId, object: &Object, state: &Schema, out: &mut Steps) {
    if id.kind == ObjectKind::Sequence && goes_with_its_column(id, object, state) {
        return;
    }
    if id.kind == ObjectKind::Schema {
        comment(&format!("SCHEMA {}", named(id)), None, out);
        return;
    }
    if id.kind == ObjectKind::Server {
        foreign::forget_users(id, out);
    }
    if id.kind == ObjectKind::OperatorClass && operator::has_its_own_family(&object.sql) {
        // The family that came with the class does not go with it; the class goes with the family.
        out.push(format!("DROP OPERATOR FAMILY {}", named(id)));
        return;
    }
    if made_of::is_of_functions(id, object) {
        return made_of::drop(id, out);
    }
    let there = if made_of::may_be_gone(id, object) {
        "IF EXISTS "
    } else {
        ""
    };
    out.push(format!("DROP {} {there}{}", keyword(id.kind), named(id)));
}

/// What statements say behind the word for its kind.
pub(in crate::dialect::postgres) fn named(id: &ObjectId) -> String {
    match (id.kind, &id.on) {
        (ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy, Some(on)) => {
            format!("{} ON {}", ident(&id.name.name), qualified(on))
        }
        (ObjectKind::Operator, _) => operator::named(id),
        (ObjectKind::OperatorFamily | ObjectKind::OperatorClass, _) => {
            let method = id.signature.as_deref().unwrap_or("btree");
            format!("{} USING {}", builtin::reached(id), bare(method))
        }
        (ObjectKind::Cast, _) => format!("({})", id.name.name),
        (ObjectKind::Transform, _) => match id.name.name.as_str().rsplit_once(" for ") {
            Some((ty, language)) => format!("FOR {ty} LANGUAGE {}", quoted(language)),
            None => ident(&id.name.name),
        },
        (
            ObjectKind::Schema
            | ObjectKind::Extension
            | ObjectKind::Language
            | ObjectKind::AccessMethod
            | ObjectKind::ForeignDataWrapper
            | ObjectKind::Server
            | ObjectKind::Publication
            | ObjectKind::EventTrigger,
            _,
        ) => ident(&id.name.name),
        _ => with_arguments(id),
    }
}

/// A sequence that a column owned is gone with it, and one that a `serial` column has taken over stays with that.
fn goes_with_its_column(id: &ObjectId, object: &Object, state: &Schema) -> bool {
    let taken = state.tables.values().any(|table| {
        table.columns.iter().any(|column| match &column.value {
            ColumnValue::Identity(Identity::Serial, counter) => {
                counter::sequence(counter.as_deref(), &table.name, &column.name) == id.name
            }
            _ => false,
        })
    });
    let Some((table, column)) = facets::get(object, OWNED_BY).and_then(owner) else {
        return taken;
    };
    let there = state
        .tables
        .get(&table)
        .is_some_and(|table| table.column(&column).is_some());
    taken || !there
}

/// The sequences with a life of their own that go with a column of these tables, and that column.
pub(in crate::dialect::postgres) fn owned_sequences(
    tables: &[Table],
    state: &Schema,
) -> Vec<(Qualified, (Qualified, Name))> {
    let sequences = state.objects.iter().filter(|(id, _)| id.kind == ObjectKind::Sequence);
    let owned = sequences.filter_map(|(id, object)| {
        let (table, column) = owner_of(object)?;
        tables.iter().find(|other| other.name == table)?.column(&column)?;
        Some((id.name.clone(), (table, column)))
    });
    owned.collect()
}

/// The table and the column that a sequence goes with.
pub(in crate::dialect::postgres) fn owner_of(object: &Object) -> Option<(Qualified, Name)> {
    owner(facets::get(object, OWNED_BY)?)
}

/// Reads `schema.table.column`.
pub(super) fn owner(text: &str) -> Option<(Qualified, Name)> {
    let mut parts = tokens(text, Lexis::POSTGRES)
        .filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted))
        .map(|token| match token.kind {
            Kind::Quoted => token.text[1..token.text.len() - 1].replace("\"\"", "\""),
            _ => token.text.to_owned(),
        })
        .filter_map(|part| Name::new(part).ok())
        .collect::<Vec<_>>();
    let column = parts.pop()?;
    let name = parts.pop()?;
    let schema = parts.pop();
    Some((Qualified { schema, name }, column))
}

/// The name in statements, with the types of the arguments where it is called with some.
pub(in crate::dialect::postgres) fn with_arguments(id: &ObjectId) -> String {
    let name = builtin::reached(id);
    match &id.signature {
        Some(signature) if id.kind == ObjectKind::Aggregate && signature.is_empty() => format!("{name}(*)"),
        Some(signature) => format!("{name}({signature})"),
        None => name,
    }
}

/// What statements call the kind.
pub(in crate::dialect::postgres) fn keyword(kind: ObjectKind) -> String {
    match kind {
        ObjectKind::VirtualTable => "FOREIGN TABLE".to_owned(),
        kind => kind.title().to_uppercase(),
    }
}

/// A name out of the catalog.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// An option of a sequence; none where the facet is something else.
pub(super) fn sequence_option(facet: &str, text: &str) -> String {
    match facet {
        "type" => format!(" AS {text}"),
        "start" => format!(" START WITH {text}"),
        "increment" => format!(" INCREMENT BY {text}"),
        "min" => format!(" MINVALUE {text}"),
        "max" => format!(" MAXVALUE {text}"),
        "cache" => format!(" CACHE {text}"),
        "cycle" if text == "true" => " CYCLE".to_owned(),
        "cycle" => " NO CYCLE".to_owned(),
        _ => String::new(),
    }
}

fn domain(id: &ObjectId, object: &Object, out: &mut Steps) {
    let name = qualified(&id.name);
    let mut sql = format!(
        "CREATE DOMAIN {name} AS {}",
        facets::get(object, "type").unwrap_or("text")
    );
    if let Some(collation) = facets::get(object, "collation") {
        sql.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = facets::get(object, "default") {
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if facets::get(object, "not null").is_some() {
        sql.push_str(" NOT NULL");
    }
    for (constraint, text) in facets::starting(object, facets::CONSTRAINT) {
        if !facets::is_unchecked(text) {
            sql.push_str(&format!("\n  CONSTRAINT {} {text}", quoted(constraint)));
        }
    }
    out.push(sql);
    add_unchecked(&name, object, out);
}

fn add_unchecked(name: &str, object: &Object, out: &mut Steps) {
    for (constraint, text) in facets::unchecked(object) {
        out.push(format!(
            "ALTER DOMAIN {name} ADD CONSTRAINT {} {text}",
            quoted(constraint)
        ));
    }
}

/// Gives a domain what [`facets::without_unchecked`] left out.
pub(in crate::dialect::postgres) fn unchecked(id: &ObjectId, object: &Object, out: &mut Steps) {
    if id.kind == ObjectKind::Domain {
        add_unchecked(&qualified(&id.name), object, out);
        comments(id, &facets::without_unchecked(object), object, out);
    }
}

/// Whether triggers and rules fire.
pub(super) fn enable(id: &ObjectId, from: &Object, to: &Object, out: &mut Steps) {
    let (before, after) = (facets::get(from, ENABLED), facets::get(to, ENABLED));
    let word = match after {
        None => "ENABLE",
        Some("replica") => "ENABLE REPLICA",
        Some("always") => "ENABLE ALWAYS",
        Some(_) => "DISABLE",
    };
    let (kind, name) = (keyword(id.kind), ident(&id.name.name));
    if before != after {
        out.push(match &id.on {
            Some(on) => format!("ALTER TABLE {} {word} {kind} {name}", qualified(on)),
            None => format!("ALTER {kind} {name} {word}"),
        });
    }
    // That reaches into partitions, since PostgreSQL 15 at least.
    let mut only = |partition: &str, word: &str| out.push(format!("ALTER TABLE ONLY {partition} {word} {kind} {name}"));
    for (partition, _) in facets::starting(from, facets::ENABLED_ON) {
        if facets::get(to, &format!("{}{partition}", facets::ENABLED_ON)).is_none() {
            only(partition, word);
        }
    }
    for (partition, text) in facets::starting(to, facets::ENABLED_ON) {
        let same = facets::get(from, &format!("{}{partition}", facets::ENABLED_ON)) == Some(text);
        if let Some(word) = text.strip_prefix(partition).filter(|_| !same || before != after) {
            only(partition, word.trim());
        }
    }
}

/// The comments on an object and on a view's columns, where they differ.
pub(super) fn comments(id: &ObjectId, from: &Object, to: &Object, out: &mut Steps) {
    if id.kind == ObjectKind::Extension && to.comment.is_none() && from.comment.is_some() {
        // The one that it came with.
        out.push(block(&format!(
            "BEGIN\n  EXECUTE (SELECT format({}, comment) FROM pg_available_extensions WHERE name = {});\nEND",
            literal(&format!(
                "COMMENT ON EXTENSION {} IS %L",
                ident(&id.name.name).replace('%', "%%")
            )),
            literal(id.name.name.as_str())
        )));
    } else if from.comment != to.comment {
        comment(
            &format!("{} {}", keyword(id.kind), named(id)),
            to.comment.as_deref(),
            out,
        );
    }
    let columns = facets::starting(from, facets::COMMENT).chain(facets::starting(to, facets::COMMENT));
    let columns = columns
        .map(|(column, _)| column)
        .collect::<std::collections::BTreeSet<_>>();
    for column in columns {
        let facet = format!("{}{column}", facets::COMMENT);
        let (before, after) = (facets::get(from, &facet), facets::get(to, &facet));
        if before != after {
            comment(&format!("COLUMN {}.{}", qualified(&id.name), bare(column)), after, out);
        }
    }
    for (constraint, text) in facets::starting(to, facets::NOTE) {
        let of = format!("{}{constraint}", facets::CONSTRAINT);
        let made_again = facets::get(from, &of) != facets::get(to, &of);
        if made_again || facets::get(from, &format!("{}{constraint}", facets::NOTE)) != Some(text) {
            let target = format!("CONSTRAINT {} ON DOMAIN {}", quoted(constraint), qualified(&id.name));
            comment(&target, Some(text), out);
        }
    }
    for (constraint, _) in facets::starting(from, facets::NOTE) {
        let of = |prefix: &str| format!("{prefix}{constraint}");
        let stays = facets::get(from, &of(facets::CONSTRAINT)) == facets::get(to, &of(facets::CONSTRAINT));
        if stays && facets::get(to, &of(facets::NOTE)).is_none() {
            let target = format!("CONSTRAINT {} ON DOMAIN {}", quoted(constraint), qualified(&id.name));
            comment(&target, None, out);
        }
    }
    for (column, default) in facets::starting(to, facets::DEFAULT) {
        if facets::get(from, &format!("{}{column}", facets::DEFAULT)) != Some(default) {
            out.push(format!(
                "ALTER VIEW {} ALTER COLUMN {} SET DEFAULT {default}",
                qualified(&id.name),
                quoted(column)
            ));
        }
    }
    for (column, _) in facets::starting(from, facets::DEFAULT) {
        if facets::get(to, &format!("{}{column}", facets::DEFAULT)).is_none() {
            out.push(format!(
                "ALTER VIEW {} ALTER COLUMN {} DROP DEFAULT",
                qualified(&id.name),
                quoted(column)
            ));
        }
    }
}

fn comment(target: &str, text: Option<&str>, out: &mut Steps) {
    let text = text.map_or_else(|| "NULL".to_owned(), literal);
    out.push(format!("COMMENT ON {target} IS {text}"));
}
