//! Names that a rename takes away and that something else has afterwards.
//!
//! The server binds what says a name to the thing itself, which it follows under its new name. Whatever is to say the same words
//! afterwards, and to mean what has the name then, is made again.

use super::facets::OWNED_BY;
use super::uses::{Users, is_loose};
use super::{attribute_name, attributes, owner_of};
use crate::dialect::postgres::syntax::bare;
use crate::dialect::{Disturbs, Uses};
use crate::diff::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Object, ObjectId, ObjectKind, Schema};

/// What says the name of a table or a type that is renamed.
pub(super) fn by_name<'a>(name: &'a Qualified, to: &'a Schema) -> Option<Disturbs<'a>> {
    let other = |id: &ObjectId| id.on.is_none() && id.kind.shares_names() && id.name == *name;
    let is_taken = to.tables.contains_key(name) || to.enums.contains_key(name) || to.objects.keys().any(other);
    is_taken.then(|| -> Disturbs<'a> { Box::new(move |id, uses| is_made_again(id) && uses.held.says(name)) })
}

/// What says an attribute of a composite type that is renamed.
pub(super) fn by_attribute<'a>(id: &'a ObjectId, steps: &'a [(Name, Name)], to: &'a Schema) -> Option<Disturbs<'a>> {
    let all = attributes(&to.objects.get(id)?.sql)?;
    let is_there = |name: &Name| {
        let mut names = all.iter().map(|attribute| attribute_name(attribute));
        names.any(|said| said.trim_matches('"').replace("\"\"", "\"") == name.as_str())
    };
    let taken = steps.iter().map(|(old, _)| old).filter(|old| is_there(old));
    let taken = taken.collect::<Vec<_>>();
    let users = (!taken.is_empty()).then(|| Users::of(&id.name, to))?;
    Some(Box::new(move |id, uses| {
        is_made_again(id)
            && !is_loose(id, uses)
            && taken.iter().any(|name| uses.held.says_word(name))
            && users.has(id, uses)
    }))
}

/// Whether the change gives a column of the table another name, and the object says the one before, which another column has
/// afterwards.
pub(super) fn is_a_column(change: &TableChange, table: &Qualified, to: &Schema, id: &ObjectId, uses: &Uses) -> bool {
    let TableChange::RenameColumn { from, .. } = change else {
        return false;
    };
    let table = to.tables.get(table);
    is_made_again(id) && uses.held.says_word(from) && table.is_some_and(|table| table.column(from).is_some())
}

/// Types and foreign tables hold values, or others hold values of theirs; a publication is known to subscribers; and what an
/// extension or the like is named after is no table.
fn is_made_again(id: &ObjectId) -> bool {
    id.kind.is_callable()
        || matches!(
            id.kind,
            ObjectKind::Operator
                | ObjectKind::Cast
                | ObjectKind::View
                | ObjectKind::MaterializedView
                | ObjectKind::Statistics
                | ObjectKind::Trigger
                | ObjectKind::Rule
                | ObjectKind::Policy
        )
}

/// A sequence stays with the column that it goes with, under the new name of that.
pub(super) fn with_its_column(object: &Object, rename: &Change) -> Option<Object> {
    let (mut table, mut column) = owner_of(object)?;
    match rename {
        Change::RenameTable { from, to } if *from == table => table = to.clone(),
        Change::AlterTable { to, changes, .. } if to.name == table => {
            for change in changes {
                match change {
                    TableChange::RenameColumn { from, to } if *from == column => column = to.clone(),
                    _ => {}
                }
            }
        }
        _ => return None,
    }
    let parts = table.schema.iter().chain([&table.name, &column]);
    let path = parts.map(|part| bare(part.as_str())).collect::<Vec<_>>().join(".");
    let mut object = object.clone();
    object.facets.insert(OWNED_BY.into(), path);
    Some(object)
}
