use std::collections::BTreeMap;

use super::{NO_SCHEMAS, Refusals};
use crate::dialect::sqlite::catalog;
use crate::dialect::sqlite::expr::same;
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, ObjectKind, Tables};

/// Views, triggers and virtual tables in normal form: the text that `sqlite_schema` would keep, no comment, and triggers
/// at the table or view as that spells its name.
pub(super) fn normalize(
    objects: BTreeMap<ObjectId, Object>,
    tables: &Tables,
    refusals: &mut Refusals,
) -> BTreeMap<ObjectId, Object> {
    let views: Vec<Qualified> = objects
        .keys()
        .filter(|id| id.kind == ObjectKind::View)
        .map(|id| id.name.clone())
        .collect();
    let mut normal = BTreeMap::new();
    for (mut id, object) in objects {
        match one(&id, &object) {
            Ok(object) => {
                if let Some(on) = &mut id.on {
                    spell(on, tables.keys().chain(&views));
                }
                normal.insert(id, object);
            }
            Err((message, help)) => refusals.add(&id.name, None, message, help),
        }
    }
    normal
}

fn one(id: &ObjectId, object: &Object) -> Result<Object, (String, &'static str)> {
    use ObjectKind::{Trigger, View, VirtualTable};
    if ![View, Trigger, VirtualTable].contains(&id.kind) {
        return Err((
            format!("SQLite has no {}", id.kind.title()),
            "leave it out for this target",
        ));
    }
    if id.name.schema.is_some() {
        return Err(("SQLite has no named schemas".to_owned(), NO_SCHEMAS));
    }
    let (read, object) =
        catalog::read_object(&object.sql).map_err(|why| (format!("its SQL cannot be read: {why}"), ""))?;
    let on = |id: &ObjectId| id.on.as_ref().map(|on| on.name.as_str().to_ascii_lowercase());
    if read.kind != id.kind || read.name != id.name || on(&read) != on(id) {
        return Err((format!("its SQL makes the {read}"), "let both say the same"));
    }
    Ok(object)
}

fn spell<'a>(name: &mut Qualified, mut known: impl Iterator<Item = &'a Qualified> + Clone) {
    if known.clone().any(|other| other == name) {
        return;
    }
    if let Some(other) = known.find(|other| same(other.name.as_str(), name.name.as_str())) {
        name.clone_from(other);
    }
}
