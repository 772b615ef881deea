//! Types that are made of functions over them: base types, and ranges that bring their values into one form.
//!
//! A type and its functions need each other, so the type is there as a shell first, and neither goes without the other
//! (<https://www.postgresql.org/docs/18/sql-createtype.html>, Base Types).

use super::define::named;
use super::uses;
use crate::dialect::head::Head;
use crate::dialect::postgres::syntax::{block, literal, qualified};
use crate::diff::Change;
use crate::ir::{Object, ObjectId, ObjectKind, Schema};
use crate::lex::Lexis;
use crate::plan::Steps;

/// Whether functions over the type are a part of its definition.
pub(super) fn is_of_functions(id: &ObjectId, object: &Object) -> bool {
    is_base(id, object) || id.kind == ObjectKind::Type && super::retype::option(&object.sql, "canonical").is_some()
}

/// Whether it is a base type.
pub(super) fn is_base(id: &ObjectId, object: &Object) -> bool {
    options(id, object).is_some()
}

/// What a base type is made of: each option with its value.
pub(super) fn options<'a>(id: &ObjectId, object: &'a Object) -> Option<Vec<(&'a str, &'a str)>> {
    if id.kind != ObjectKind::Type {
        return None;
    }
    let mut head = Head::new(&object.sql, Lexis::POSTGRES, true);
    if !head.eat("create type") {
        return None;
    }
    head.name()?;
    let options = head.list()?.into_iter().filter_map(|option| option.split_once('='));
    Some(options.map(|(name, value)| (name.trim(), value.trim())).collect())
}

/// Whether an option of a base type is a function.
pub(super) fn is_function(option: &str) -> bool {
    const FUNCTIONS: &[&str] = &[
        "input",
        "output",
        "receive",
        "send",
        "typmod_in",
        "typmod_out",
        "analyze",
        "subscript",
    ];
    FUNCTIONS.iter().any(|function| option.eq_ignore_ascii_case(function))
}

/// Makes the shell of a type that comes later, before the first of its functions.
pub(super) fn shell(id: &ObjectId, object: &Object, (state, later): (&Schema, &[Change]), out: &mut Steps) {
    if !id.kind.is_callable() {
        return;
    }
    let types = later.iter().filter_map(|change| match change {
        Change::CreateObject { id, object } if is_of_functions(id, object) => Some((id, object)),
        _ => None,
    });
    for (ty, definition) in types {
        let held = uses::of(ty, definition).held;
        let is_part = |id: &ObjectId, object: &Object| {
            id.kind.is_callable() && held.calls(&id.name) && uses::of(id, object).held.says(&ty.name)
        };
        if is_part(id, object) && !state.objects.iter().any(|(id, object)| is_part(id, object)) {
            out.push(format!("CREATE TYPE {}", qualified(&ty.name)));
        }
    }
}

/// Drops the type with its functions, if nothing else needs it.
pub(super) fn drop(id: &ObjectId, out: &mut Steps) {
    let name = named(id);
    out.push(block(&format!(
        "BEGIN\n  IF EXISTS (\n    SELECT FROM pg_type t JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)\n    \
         WHERE t.oid = {ty}::regtype AND d.deptype = 'n' AND NOT EXISTS (\n      \
         SELECT FROM pg_depend u WHERE u.classid = 'pg_type'::regclass AND u.objid = t.oid AND u.refclassid = d.classid AND u.refobjid = d.objid)\n    \
         AND NOT EXISTS (SELECT FROM pg_depend o WHERE o.classid = d.classid AND o.objid = d.objid AND o.deptype = 'i')) THEN\n    \
         RAISE EXCEPTION USING MESSAGE = {message}, DETAIL = 'a table, a function or another type uses it';\n  END IF;\n  \
         DROP TYPE {name} CASCADE;\nEND",
        ty = literal(&name),
        message = literal(&format!("type {name} cannot go")),
    )));
}

/// Whether a function may have gone with a type that it was a part of.
pub(super) fn may_be_gone(id: &ObjectId, object: &Object) -> bool {
    let mut head = Head::new(&object.sql, Lexis::POSTGRES, true);
    id.kind == ObjectKind::Function && head.skip_past("language") && (head.eat("internal") || head.eat("c"))
}
