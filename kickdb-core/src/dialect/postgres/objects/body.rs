//! Bodies of functions that are text: the server looks at what they say when the function is made, and then no more.

use std::collections::BTreeSet;

use super::uses::{self, quoted_body, search_path};
use crate::diff::Change;
use crate::ident::{Name, Qualified};
use crate::ir::{Object, ObjectId, Schema};
use crate::lex::{Lexis, Said};
use crate::plan::Steps;

/// What a database tells of a function that stands in it, whatever its body says.
pub(in crate::dialect::postgres) const STANDS: &str = "stands";

const LOOK_AWAY: &str = "SET check_function_bodies = off";

/// Lets the server not look into the body of a function where it would not find what that says, although the function is right:
/// it is made later, or is found by a search path that the session has that calls it.
///
/// What a database tells of is not looked at at all, as `pg_dump` does it: there it is, and what its body says may be found by
/// no path, or be gone.
pub(super) fn look_away(id: &ObjectId, object: &Object, state: &Schema, later: &[Change], out: &mut Steps) {
    if !id.kind.is_callable() {
        return;
    }
    if object.told.0.contains_key(STANDS) {
        if quoted_body(&object.sql).is_some() && !out.says(LOOK_AWAY) {
            out.push_noted(
                LOOK_AWAY,
                "Functions that stand in a database are not judged by this session's search path.",
            );
        }
        return;
    }
    let said = uses::of(id, object).said;
    if (out.comes_later(&said) || is_elsewhere(object, state, later)) && !out.says(LOOK_AWAY) {
        out.push(LOOK_AWAY);
    }
}

/// Whether the body says a name without its schema that things have in other schemas alone, and the function sets no path on
/// which it would find them.
fn is_elsewhere(object: &Object, state: &Schema, later: &[Change]) -> bool {
    let Some(body) = quoted_body(&object.sql).filter(|_| !state.namespaces.is_empty()) else {
        return false;
    };
    if !search_path(&object.sql[..body]).is_empty() {
        return false;
    }
    let said = Said::of(&object.sql[body..], Lexis::POSTGRES, super::DEFAULT_SCHEMA);
    let made = later.iter().filter_map(|change| match change {
        Change::CreateTable(table) => Some(&table.name),
        Change::CreateObject { id, .. } => Some(&id.name),
        _ => None,
    });
    let objects = state.objects.keys().filter(|id| id.on.is_none()).map(|id| &id.name);
    let there = state.tables.keys().chain(state.enums.keys()).chain(objects).chain(made);
    let (mut here, mut elsewhere) = (BTreeSet::<&Name>::new(), BTreeSet::<&Name>::new());
    for name in there.filter(|name| said.says(&Qualified::local(name.name.clone()))) {
        match name.schema {
            Some(_) => elsewhere.insert(&name.name),
            None => here.insert(&name.name),
        };
    }
    !elsewhere.is_subset(&here)
}
