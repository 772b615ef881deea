use std::collections::BTreeMap;

use super::carry::Carry;
use super::{Change, sql};
use crate::ir::{Object, ObjectId, ObjectKind, Schema};

/// The changes of views, functions, triggers and the like.
#[derive(Default)]
pub(super) struct Objects {
    pub(super) dropped: Vec<Change>,
    pub(super) made: Vec<Change>,
}

impl Objects {
    /// `carry` knows the new names of tables, whose objects go along.
    pub(super) fn between(from: &Schema, to: &Schema, carry: &Carry) -> Self {
        let mut found = Self::default();
        if from.objects.is_empty() && to.objects.is_empty() {
            return found;
        }
        let before: BTreeMap<ObjectId, &Object> = from
            .objects
            .iter()
            .map(|(id, object)| (carry.object(id.clone()), object))
            .collect();
        // Names that another thing has now: an engine that holds an object to the table itself would go on with that.
        let handed_on = carry.tables.keys().filter(|old| {
            let bears = |id: &ObjectId| id.on.is_none() && id.name == **old;
            to.tables.contains_key(old) || to.objects.keys().any(bears)
        });
        let handed_on = handed_on.collect::<Vec<_>>();
        let means_another = |object: &Object| handed_on.iter().any(|old| sql::mentions(&object.sql, &old.name));
        for (id, object) in &to.objects {
            match before.get(id) {
                None => found.made.push(Change::CreateObject {
                    id: id.clone(),
                    object: object.clone(),
                }),
                Some(old) if !same(id, old, object) || means_another(object) => found.made.push(Change::AlterObject {
                    id: id.clone(),
                    from: (*old).clone(),
                    to: object.clone(),
                }),
                Some(_) => {}
            }
        }
        let gone = before.iter().filter(|(id, _)| !to.objects.contains_key(*id));
        found.dropped = gone
            .map(|(id, object)| Change::DropObject {
                id: id.clone(),
                object: (*object).clone(),
            })
            .collect();
        found
    }
}

/// White space and comments between the words of a definition are not meaning.
fn same(id: &ObjectId, from: &Object, to: &Object) -> bool {
    let said = || {
        sql::same_words(&from.sql, &to.sql)
            || id.kind == ObjectKind::VirtualTable && sql::same_virtual(&from.sql, &to.sql)
    };
    from == to || from.facets == to.facets && from.comment == to.comment && said()
}
