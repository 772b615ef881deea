//! Indexes of partitioned tables that not all partitions have a part of. The server makes an index again with the type of its
//! columns, and then one in every partition.

use super::{define, mention};
use crate::dialect::postgres::syntax::qualified;
use crate::diff::{Part, TableChange};
use crate::ident::Name;
use crate::ir::{Index, Schema, Table};
use crate::plan::Steps;

/// Those on columns that change their type.
pub(super) fn indexes<'a>(from: &'a Table, changes: &[TableChange], state: &Schema) -> Vec<&'a Index> {
    if from.partition_by.is_none() {
        return Vec::new();
    }
    let retyped = changes.iter().filter_map(|change| match change {
        TableChange::AlterColumn { from, to } if from.ty != to.ty || from.collation != to.collation => Some(&to.name),
        _ => None,
    });
    let retyped = retyped.collect::<Vec<_>>();
    let goes = |index: &Index| {
        changes
            .iter()
            .any(|change| matches!(change, TableChange::DropPart(Part::Index(gone)) if gone.name == index.name))
    };
    let indexes = from.indexes.values().filter(|index| {
        // What is a part of another one is made again with that.
        index.part_of.is_none()
            && retyped.iter().any(|column| mention::index_uses(index, column))
            && !goes(index)
            && !is_everywhere(from, &index.name, state)
    });
    indexes.collect()
}

/// Whether each partition has a part of the index.
fn is_everywhere(table: &Table, index: &Name, state: &Schema) -> bool {
    partitions(table, state).all(|part| {
        let own = part.indexes.values().find(|own| own.part_of.as_ref() == Some(index));
        own.is_some_and(|own| part.partition_by.is_none() || is_everywhere(part, &own.name, state))
    })
}

fn partitions<'s>(table: &'s Table, state: &'s Schema) -> impl Iterator<Item = &'s Table> {
    let below = state.tables.saying(&table.name);
    below.filter(|part| part.partition.as_ref().is_some_and(|place| place.of == table.name))
}

pub(super) fn push_aside(table: &Table, indexes: &[&Index], out: &mut Steps) {
    for index in indexes {
        let name = qualified(&table.name.sibling(index.name.clone()));
        out.push(format!("DROP INDEX {name}"));
    }
}

/// The index again, and its parts, which went with it.
pub(super) fn push_back(table: &Table, indexes: &[&Index], state: &Schema, out: &mut Steps) {
    for index in indexes {
        define::push_index(table, index, out);
        super::create::part_comment(table, &crate::diff::Part::Index((*index).clone()), None, out);
        for part in partitions(table, state) {
            let own = part
                .indexes
                .values()
                .filter(|own| own.part_of.as_ref() == Some(&index.name));
            push_back(part, &own.collect::<Vec<_>>(), state, out);
        }
    }
}
