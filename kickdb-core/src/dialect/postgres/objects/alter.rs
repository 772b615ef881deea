//! Changing an object where it is.

use std::collections::BTreeMap;

use super::define::{comments, enable, give, quoted, sequence_option};
use super::facets::{self, OWNED_BY};
use super::look::look;
use super::{body, foreign, made_of, publication, retype, search};
use crate::dialect::EmitError;
use crate::dialect::head::Head;
use crate::dialect::postgres::emit::{Remake, Root, not_of, of_type, reshapes};
use crate::dialect::postgres::options;
use crate::dialect::postgres::syntax::{ident, literal, qualified};
use crate::diff::Change;
use crate::ident::{Name, Qualified};
use crate::ir::{Object, ObjectId, ObjectKind, Schema, Table};
use crate::lex::Lexis;
use crate::plan::Steps;

pub(super) fn alter(
    id: &ObjectId,
    from: &Object,
    to: &Object,
    (state, later): (&Schema, &[Change]),
    out: &mut Steps,
) -> Result<(), EmitError> {
    // A comment goes with what is made again.
    let made_again = retype::is_retyped(id, from, to) || retype::is_nested(id, from, to, state);
    let typed = match id.kind {
        ObjectKind::Type if from.sql != to.sql => tables_of(&id.name, state),
        _ => Vec::new(),
    };
    let now = typed.iter().filter(|table| fits_its_type(table, state));
    now.for_each(|table| out.push(not_of(table)));
    match id.kind {
        ObjectKind::Type if from.sql != to.sql && (made_of::is_base(id, from) || made_of::is_base(id, to)) => {
            return Err(EmitError {
                object: id.name.to_string(),
                message: "a base type cannot become another one; give the new one another name".to_owned(),
            });
        }
        _ if made_again => {
            let renamed = BTreeMap::new();
            Remake::of(Root::Object(id, from, to), &renamed, state, later).push(out)?;
        }
        ObjectKind::Function | ObjectKind::Procedure if from.sql != to.sql => {
            body::look_away(id, to, state, later, out);
            out.push(to.sql.trim_end().replacen("CREATE ", "CREATE OR REPLACE ", 1));
        }
        ObjectKind::Extension if from.facets != to.facets => {
            let schema = facets::get(to, "schema").unwrap_or(super::DEFAULT_SCHEMA);
            out.push(format!(
                "ALTER EXTENSION {} SET SCHEMA {}",
                ident(&id.name.name),
                quoted(schema)
            ));
        }
        ObjectKind::Sequence => sequence(id, from, to, out),
        ObjectKind::Domain => domain(id, from, to, out),
        ObjectKind::Type if from.sql != to.sql => retype::append(id, from, to, out),
        ObjectKind::ForeignDataWrapper | ObjectKind::Server => foreign::alter(id, from, to, out),
        ObjectKind::TextSearchDictionary => search::alter_dictionary(id, from, to, out),
        ObjectKind::TextSearchConfiguration => search::alter_configuration(id, from, to, out),
        ObjectKind::Publication => publication::alter(id, from, to, state, out),
        _ => {}
    }
    let follows = |table: &Table| {
        later.iter().any(|change| match change {
            Change::AlterTable { to, changes, .. } => {
                let leaves = to.options.get(options::OF) != table.options.get(options::OF);
                to.name == table.name && (leaves || changes.iter().any(reshapes))
            }
            Change::Repartition { from, .. } => from.iter().any(|gone| gone.name == table.name),
            Change::DropTable(gone) => gone.name == table.name,
            _ => false,
        })
    };
    typed
        .into_iter()
        .filter(|table| !follows(table))
        .for_each(|table| of_type(table, out));
    enable(id, from, to, out);
    look(id, from, to, out);
    let was = Object {
        comment: from.comment.clone().filter(|_| !made_again),
        facets: match made_again {
            // What is made again is made without its notes, but with its constraints.
            true => to
                .facets
                .iter()
                .filter(|(name, _)| !name.starts_with(facets::NOTE))
                .map(|(name, text)| (name.clone(), text.clone()))
                .collect(),
            false => from.facets.clone(),
        },
        ..from.clone()
    };
    comments(id, &was, to, out);
    Ok(())
}

/// The tables `OF` a composite type.
pub(in crate::dialect::postgres) fn tables_of<'a>(name: &Qualified, state: &'a Schema) -> Vec<&'a Table> {
    let of = |table: &&Table| type_of(table).is_some_and(|ty| ty == *name);
    state.tables.values().filter(of).collect()
}

/// The composite type that a table is one `OF`.
fn type_of(table: &Table) -> Option<Qualified> {
    let ty = table.options.get(options::OF)?;
    Head::new(ty, Lexis::POSTGRES, true).name().map(super::read::local)
}

/// The attributes of the type that a table is one `OF`: its columns stand in their order.
pub(in crate::dialect::postgres) fn order_of(table: &Table, schema: &Schema) -> Option<Vec<Name>> {
    let id = ObjectId::new(ObjectKind::Type, type_of(table)?);
    let attributes = super::attributes(&schema.objects.get(&id)?.sql)?;
    let names = attributes
        .iter()
        .map(|attribute| Head::new(attribute, Lexis::POSTGRES, true).name());
    names.map(|name| Some(name?.name)).collect()
}

/// Whether the columns of a table are the attributes of the type that it is one `OF`: where that changes later, it is none of it yet.
pub(in crate::dialect::postgres) fn fits_its_type(table: &Table, schema: &Schema) -> bool {
    let columns = table.columns.iter().map(|column| &column.name);
    order_of(table, schema).is_none_or(|order| columns.eq(&order))
}

/// Brings the options of a sequence from one to the other.
pub(super) fn sequence(id: &ObjectId, from: &Object, to: &Object, out: &mut Steps) {
    let mut options = String::new();
    for (facet, text) in &to.facets {
        if from.facets.get(facet) != Some(text) {
            options.push_str(&sequence_option(facet, text));
        }
    }
    if facets::get(from, OWNED_BY).is_some() && facets::get(to, OWNED_BY).is_none() {
        options.push_str(" OWNED BY NONE");
    }
    let name = qualified(&id.name);
    if facets::get(from, facets::UNLOGGED) != facets::get(to, facets::UNLOGGED) {
        let word = if to.facets.contains_key(facets::UNLOGGED) {
            "UNLOGGED"
        } else {
            "LOGGED"
        };
        out.push(format!("ALTER SEQUENCE {name} SET {word}"));
    }
    if !options.is_empty() {
        if let Some(end) = beyond(from, to) {
            options.push_str(&format!(" RESTART WITH {end}"));
        } else if let Some(widened) = widened(from, to) {
            if !widened.is_empty() {
                out.push(format!("ALTER SEQUENCE {name}{widened}"));
            }
            let (min, max) = (
                facets::get(to, "min").unwrap_or("1"),
                facets::get(to, "max").unwrap_or("1"),
            );
            out.push_noted(
                format!("SELECT setval({}, least(greatest(last_value, {min}), {max}), is_called AND last_value BETWEEN {min} AND {max}) FROM {name} WHERE last_value NOT BETWEEN {min} AND {max}", literal(&name)),
                "The counter moves between its new limits.",
            );
        }
        out.push(format!("ALTER SEQUENCE {name}{options}"));
    }
    if facets::get(from, OWNED_BY) != facets::get(to, OWNED_BY) {
        give(id, to, out);
    }
}

fn limit(object: &Object, facet: &str) -> Option<i64> {
    facets::get(object, facet)?.parse().ok()
}

/// The end of the new limits that is next to the old ones, where they have no number in common: wherever the counter stands, it
/// is there afterwards.
fn beyond(from: &Object, to: &Object) -> Option<i64> {
    let (old_min, old_max) = (limit(from, "min")?, limit(from, "max")?);
    let (min, max) = (limit(to, "min")?, limit(to, "max")?);
    match (min > old_max, max < old_min) {
        (true, _) => Some(min),
        (_, true) => Some(max),
        _ => None,
    }
}

/// Limits that hold the old counter and the new one, where the new ones leave something of the old ones out: the server
/// refuses limits that do not hold the counter as it is.
fn widened(from: &Object, to: &Object) -> Option<String> {
    let (old_min, old_max) = (limit(from, "min")?, limit(from, "max")?);
    let (min, max) = (limit(to, "min")?, limit(to, "max")?);
    if min <= old_min && max >= old_max {
        return None;
    }
    // A type that becomes narrower keeps its own limits until then.
    let mut options = String::new();
    if min < old_min && facets::get(from, "type") == facets::get(to, "type") {
        options.push_str(&format!(" MINVALUE {min}"));
    }
    if max > old_max && facets::get(from, "type") == facets::get(to, "type") {
        options.push_str(&format!(" MAXVALUE {max}"));
    }
    Some(options)
}

fn domain(id: &ObjectId, from: &Object, to: &Object, out: &mut Steps) {
    let mut act = |action: String| out.push(format!("ALTER DOMAIN {} {action}", qualified(&id.name)));
    for (constraint, text) in facets::starting(from, facets::CONSTRAINT) {
        if facets::get(to, &format!("{}{constraint}", facets::CONSTRAINT)) != Some(text) {
            act(format!("DROP CONSTRAINT {}", quoted(constraint)));
        }
    }
    match (facets::get(from, "default"), facets::get(to, "default")) {
        (before, Some(after)) if before != Some(after) => act(format!("SET DEFAULT {after}")),
        (Some(_), None) => act("DROP DEFAULT".to_owned()),
        _ => {}
    }
    match (facets::get(from, "not null"), facets::get(to, "not null")) {
        (None, Some(_)) => act("SET NOT NULL".to_owned()),
        (Some(_), None) => act("DROP NOT NULL".to_owned()),
        _ => {}
    }
    for (constraint, text) in facets::starting(to, facets::CONSTRAINT) {
        if facets::get(from, &format!("{}{constraint}", facets::CONSTRAINT)) != Some(text) {
            act(format!("ADD CONSTRAINT {} {text}", quoted(constraint)));
        }
    }
}
