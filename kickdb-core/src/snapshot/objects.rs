//! Objects that are defined by their SQL, in the file.

use std::collections::BTreeMap;

use super::{SnapshotError, file, names};
use crate::ir::{Object, ObjectId};

pub(super) fn write(objects: &BTreeMap<ObjectId, Object>) -> Vec<file::Object> {
    let written = objects.iter().map(|(id, object)| file::Object {
        kind: id.kind,
        name: names::text(&id.name),
        on: id.on.as_ref().map(names::text),
        signature: id.signature.clone(),
        sql: object.sql.clone(),
        facets: object.facets.clone(),
        comment: object.comment.clone(),
    });
    written.collect()
}

pub(super) fn read(objects: Vec<file::Object>) -> Result<BTreeMap<ObjectId, Object>, SnapshotError> {
    let mut read = BTreeMap::new();
    for object in objects {
        let name = |text: &str| {
            let wrong = || SnapshotError::new(format!("`objects`: `{text}` is no name"));
            names::read(text).ok_or_else(wrong)
        };
        let id = ObjectId {
            kind: object.kind,
            name: name(&object.name)?,
            on: object.on.as_deref().map(name).transpose()?,
            signature: object.signature,
        };
        let shown = id.to_string();
        let object = Object {
            sql: object.sql,
            facets: object.facets,
            comment: object.comment,
            ..Object::default()
        };
        if read.insert(id, object).is_some() {
            return Err(SnapshotError::new(format!("the {shown} is there twice")));
        }
    }
    Ok(read)
}
