//! What belongs to one schema of a database, where each tenant has one.

use crate::ir::{ObjectKind, Schema};

/// Leaves what is in the schema of the connection: neither what is in others, nor what the whole database has.
pub(super) fn keep(schema: &mut Schema) {
    schema.namespaces.clear();
    schema.enums.retain(|name, _| name.schema.is_none());
    schema.tables.retain(|name, _| name.schema.is_none());
    schema
        .objects
        .retain(|id, _| id.name.schema.is_none() && !is_of_the_database(id.kind));
    schema.unmanaged.retain(|name| name.schema.is_none());
}

fn is_of_the_database(kind: ObjectKind) -> bool {
    use ObjectKind as K;
    matches!(
        kind,
        K::Schema
            | K::Extension
            | K::Language
            | K::AccessMethod
            | K::Cast
            | K::Transform
            | K::ForeignDataWrapper
            | K::Server
            | K::Publication
            | K::EventTrigger
    )
}
