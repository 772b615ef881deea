//! Materialized views that hold no rows yet.

use std::collections::BTreeSet;

use super::uses;
use crate::ir::{Object, ObjectId, ObjectKind, Schema};

/// What is told of a view that was made `WITH NO DATA`, as `catalog/objects/views.sql` names it.
const LEFT_EMPTY: &str = "left empty";

/// Whether a view is to be made without its rows: it had none, or it reads another one that has none, which the server refuses.
pub(super) fn is_left_so(id: &ObjectId, object: &Object, state: &Schema) -> bool {
    let mut known = BTreeSet::new();
    is_empty(object) || reads_an_empty_one(id, object, state, &mut known)
}

/// The view as the statement makes it then.
pub(super) fn without_rows(object: &Object) -> Object {
    let sql = object.sql.trim_end();
    let said = sql.to_ascii_lowercase().ends_with("with no data");
    let end = if said { "" } else { "\n  WITH NO DATA" };
    Object {
        sql: format!("{sql}{end}"),
        ..object.clone()
    }
}

fn is_empty(object: &Object) -> bool {
    object.told.0.contains_key(LEFT_EMPTY)
}

fn reads_an_empty_one<'a>(
    id: &ObjectId,
    object: &Object,
    state: &'a Schema,
    known: &mut BTreeSet<&'a ObjectId>,
) -> bool {
    let said = uses::of(id, object).held;
    let views = state
        .objects
        .iter()
        .filter(|(other, _)| matches!(other.kind, ObjectKind::View | ObjectKind::MaterializedView));
    let mut read = Vec::new();
    for (other, object) in views {
        if other != id && said.says(&other.name) && known.insert(other) {
            read.push((other, object));
        }
    }
    read.into_iter().any(|(other, object)| match other.kind {
        ObjectKind::MaterializedView => is_empty(object),
        _ => reads_an_empty_one(other, object, state, known),
    })
}
