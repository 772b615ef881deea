//! Views, functions, triggers, types and the rest of what is defined by its SQL.

mod alter;
mod amend;
mod body;
mod define;
mod empty;
mod facets;
mod foreign;
mod handed_on;
mod kin;
mod look;
mod made_of;
mod normalize;
mod operator;
mod places;
mod publication;
mod read;
mod retype;
mod search;
mod signature;
mod uses;

pub(super) use self::alter::{fits_its_type, order_of, tables_of};
pub(super) use self::body::STANDS;
pub(super) use self::define::{
    ascends, create, keyword, named, owned_sequences, owner_of, released, unchecked, with_arguments,
};
pub(super) use self::facets::{in_between, without_unchecked};
pub(super) use self::kin::{Kin, kin, made_of};
pub(super) use self::normalize::normalize;
pub(super) use self::operator::has_its_own_family;
pub(super) use self::places::meet;
pub(super) use self::publication::gives_updates;
pub(super) use self::retype::{attribute_type, base, changes_kind, is_nested, is_retyped, multirange, subtype};
pub(super) use self::signature::settle;
pub(super) use self::uses::is_of;
use super::emit::is_numbered;
use super::{Postgres, partition_rows};
use crate::dialect::{Dialect, Disturbs, EmitError, Objects, Uses, Writes};
use crate::diff::{Change, TableChange};
pub(super) use crate::diff::{attribute_name, attributes};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, Object, ObjectId, ObjectKind, Schema, Table};
use crate::lex::Said;
use crate::plan::Steps;

/// The schema whose objects need no prefix.
pub(super) const DEFAULT_SCHEMA: &str = "public";

/// The column whose rows get numbers.
fn numbered(change: &TableChange) -> Option<&Name> {
    match change {
        TableChange::AlterColumn { from, to } if is_numbered(from, to) => Some(&to.name),
        _ => None,
    }
}

impl Objects for Postgres {
    fn read_object(&self, sql: &str) -> Result<(ObjectId, Object), String> {
        read::read(sql)
    }

    fn amend(&self, sql: &str, schema: &mut Schema) -> Option<Result<(), String>> {
        amend::amend(sql, schema)
    }

    fn said(&self, sql: &str) -> Said {
        Said::of(sql, self.lexis(), DEFAULT_SCHEMA)
    }

    fn uses(&self, id: &ObjectId, object: &Object) -> Uses {
        uses::of(id, object)
    }

    fn disturbs(&self, change: &Change, later: &[Change], to: &Schema, id: &ObjectId, uses: &Uses) -> bool {
        uses::disturbance(change, later, to).is_some_and(|disturbs| disturbs(id, uses))
    }

    fn disturbance<'a>(&'a self, change: &'a Change, later: &'a [Change], to: &'a Schema) -> Option<Disturbs<'a>> {
        uses::disturbance(change, later, to)
    }

    fn writes<'a>(&self, change: &'a Change, to: &'a Schema) -> Option<(&'a Qualified, Writes<'a>)> {
        match change {
            Change::Fill { table, column, .. } => Some((table, Writes::Column(column))),
            Change::AlterTable { to, changes, .. } if changes.iter().any(|change| numbered(change).is_some()) => {
                let column = changes.iter().find_map(numbered)?;
                Some((&to.name, Writes::Column(column)))
            }
            _ => partition_rows::moving(change, to).map(|table| (table, Writes::Rows)),
        }
    }

    fn alters_in_place(&self, id: &ObjectId, from: &Object, to: &Object) -> bool {
        match id.kind {
            ObjectKind::Extension
            | ObjectKind::Collation
            | ObjectKind::Sequence
            | ObjectKind::Domain
            | ObjectKind::Type => true,
            ObjectKind::Function | ObjectKind::Procedure => {
                uses::header(&from.sql) == uses::header(&to.sql)
                    && uses::is_window(&from.sql) == uses::is_window(&to.sql)
            }
            ObjectKind::ForeignDataWrapper
            | ObjectKind::Server
            | ObjectKind::TextSearchDictionary
            | ObjectKind::TextSearchConfiguration
            | ObjectKind::Publication => from.sql == to.sql,
            _ => from.sql == to.sql && facets::fixed(from).eq(facets::fixed(to)),
        }
    }

    fn loosened(&self, id: &ObjectId, from: &Object, to: &Object) -> Option<Object> {
        let owner = |object: &Object| object.facets.get(facets::OWNED_BY).cloned();
        if id.kind != ObjectKind::Sequence || owner(from).is_none() || owner(from) == owner(to) {
            return None;
        }
        let mut between = from.clone();
        between.facets.remove(facets::OWNED_BY);
        Some(between)
    }

    fn owner(&self, id: &ObjectId, object: &Object) -> Option<(Qualified, Name)> {
        owner_of(object).filter(|_| id.kind == ObjectKind::Sequence)
    }

    fn released(&self, table: &Table, column: &Column) -> Option<(Column, ObjectId, Object)> {
        define::released(table, column)
    }

    fn is_of_operations(&self, id: &ObjectId) -> bool {
        // A foreign table is kept by another server.
        id.kind.is_of_operations() || id.kind == ObjectKind::VirtualTable
    }

    fn without(&self, id: &ObjectId, object: &Object, gone: &ObjectId) -> Option<Object> {
        (id.kind == ObjectKind::Domain).then(|| facets::without(object, gone))
    }

    fn reaches(&self, other: &ObjectId, id: &ObjectId, uses: &Uses, schema: &Schema) -> bool {
        other.kind == ObjectKind::Cast && uses::reaches_cast(other, id, uses, schema)
    }

    fn aside(&self, id: &ObjectId, object: &Object, change: &Change) -> Option<Object> {
        match id.kind {
            ObjectKind::Publication => publication::without(object, change),
            _ => None,
        }
    }

    fn follows(&self, id: &ObjectId, object: &Object, rename: &Change) -> Option<Object> {
        match id.kind {
            ObjectKind::Publication => publication::follows(object, rename),
            ObjectKind::Sequence => handed_on::with_its_column(object, rename),
            _ => None,
        }
    }

    fn create_object(
        &self,
        id: &ObjectId,
        object: &Object,
        later: &[Change],
        state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        let object = &*places::placed(id, object, state, out)?;
        made_of::shell(id, object, (state, later), out);
        body::look_away(id, object, state, later, out);
        if id.kind == ObjectKind::MaterializedView && empty::is_left_so(id, object, state) {
            define::create(id, &empty::without_rows(object), later, out);
        } else {
            define::create(id, object, later, out);
        }
        Ok(())
    }

    fn drop_object(&self, id: &ObjectId, object: &Object, state: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        if let ObjectKind::View | ObjectKind::MaterializedView = id.kind
            && let Some(table) = state.tables.saying(&id.name).next()
        {
            return Err(EmitError {
                object: id.name.to_string(),
                message: format!(
                    "the {} goes, or must be made again, while a column of `{}` holds rows of it; \
                     make that column one of another type first",
                    id.kind.title(),
                    table.name
                ),
            });
        }
        define::drop(id, object, state, out);
        Ok(())
    }

    fn alter_object(
        &self,
        id: &ObjectId,
        from: &Object,
        to: &Object,
        place: (&Schema, &[Change]),
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        let to = places::placed(id, to, place.0, out)?;
        alter::alter(id, from, &to, place, out)
    }

    fn rename_attributes(
        &self,
        id: &ObjectId,
        steps: &[(Name, Name)],
        state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        retype::rename_attributes(id, steps, state, out)
    }
}
