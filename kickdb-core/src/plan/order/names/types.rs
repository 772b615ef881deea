//! Types that take the name of a type of another kind: an enum that becomes a domain, a domain that becomes a composite type.
//!
//! The old one is still in the way when the new one comes, and both are one type to whoever says it. So it is one change of an
//! object, which the dialect writes like any other type that is made again.

use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange};
use crate::ident::Qualified;
use crate::ir::{Enum, Object, ObjectId, ObjectKind, Schema, SqlType, Table};
use crate::plan::Steps;
use crate::plan::order::{Kinds, piece};

/// Makes one change of each type that goes and the one that comes under its name, and gives what must be done before: the
/// parts of tables that say the old type, and go.
pub(super) fn take(kinds: &mut Kinds, middle: &Schema, dialect: &dyn Dialect) -> Vec<Change> {
    let mut names = Vec::new();
    for change in std::mem::take(&mut kinds.create_enums) {
        let Change::CreateEnum(e) = &change else { continue };
        match take_object(kinds, &e.name).zip(as_object(e, dialect)) {
            Some((from, to)) => {
                names.push(e.name.clone());
                let id = ObjectId::new(ObjectKind::Type, e.name.clone());
                kinds.objects.push(Change::AlterObject { id, from, to });
            }
            None => kinds.create_enums.push(change),
        }
    }
    for at in 0..kinds.objects.len() {
        let Change::CreateObject { id, object } = &kinds.objects[at] else {
            continue;
        };
        let (id, to) = (id.clone(), object.clone());
        if !is_type(&id) {
            continue;
        }
        let gone = kinds
            .drop_enums
            .iter()
            .position(|change| matches!(change, Change::DropEnum(e) if e.name == id.name));
        let from = match gone.map(|gone| kinds.drop_enums.remove(gone)) {
            Some(Change::DropEnum(e)) => as_object(&e, dialect),
            _ => other_kind(kinds, &id),
        };
        if let Some(from) = from {
            names.push(id.name.clone());
            kinds.objects[at] = Change::AlterObject { id, from, to };
        }
    }
    kinds
        .objects
        .retain(|change| !matches!(change, Change::DropObject { id, .. } if is_type(id) && names.contains(&id.name)));
    match names.is_empty() {
        true => Vec::new(),
        false => early(kinds, middle, &names),
    }
}

fn is_type(id: &ObjectId) -> bool {
    matches!(id.kind, ObjectKind::Domain | ObjectKind::Type)
}

/// What a type of that name was that goes.
fn take_object(kinds: &Kinds, name: &Qualified) -> Option<Object> {
    kinds.objects.iter().find_map(|change| match change {
        Change::DropObject { id, object } if is_type(id) && id.name == *name => Some(object.clone()),
        _ => None,
    })
}

fn other_kind(kinds: &Kinds, new: &ObjectId) -> Option<Object> {
    take_object(kinds, &new.name).filter(|_| is_type(new))
}

/// An enum as the statement that makes it.
pub(super) fn as_object(e: &Enum, dialect: &dyn Dialect) -> Option<Object> {
    let mut steps = Steps::default();
    let plain = Enum {
        comment: None,
        ..e.clone()
    };
    dialect.create_enum(&plain, &mut steps).ok()?;
    Some(Object {
        sql: steps.finish().steps.into_iter().next()?.sql,
        comment: e.comment.clone(),
        ..Object::default()
    })
}

/// Indexes, checks and the like that go and say a column of one of the types: made for the one kind, they would not hold for
/// the other.
fn early(kinds: &mut Kinds, middle: &Schema, names: &[Qualified]) -> Vec<Change> {
    let of_one = |table: &Table| {
        table.columns.iter().any(|column| match &column.ty {
            SqlType::Enum(name) => names.contains(name),
            SqlType::Array(inner) => matches!(&**inner, SqlType::Enum(name) if names.contains(name)),
            _ => false,
        })
    };
    let mut found = Vec::new();
    for change in &mut kinds.alter {
        let Change::AlterTable { to, changes, .. } = change else {
            continue;
        };
        if !middle.tables.get(&to.name).is_some_and(of_one) {
            continue;
        }
        let goes = |change: &mut TableChange| {
            matches!(change, TableChange::DropPart(Part::Check(_) | Part::Exclusion(_)))
                || matches!(change, TableChange::DropPart(Part::Index(index)) if !index.unique)
        };
        let gone = changes.extract_if(.., goes).collect::<Vec<_>>();
        found.extend((!gone.is_empty()).then(|| piece(&to.name, gone)));
    }
    found
}
