//! Constants that hold the statements of views, functions, triggers and the like.

use kickdb_core::decl::{Item, ObjectDecl, SqlText};
use kickdb_core::ir::{ObjectId, Schema};
use kickdb_core::plan::statements;
use kickdb_core::raise::{Known, Unsaid, print, raise};
use syn::spanned::Spanned;

use super::files::{self, Open};
use super::text::bytes;
use super::update::Work;
use crate::failure::Failure;

/// Rewrites the constants whose objects changed, and removes those of which nothing is left.
pub(super) fn update(work: &mut Work<'_>) -> Result<(), Failure> {
    for item in &work.source.items {
        let Item::Object(decl) = item else { continue };
        let own = work.dialect.id().as_str();
        let for_this = decl.dialects.is_empty() || decl.dialects.iter().any(|dialect| dialect.value == own);
        let SqlText::Text(text) = &decl.sql.value else { continue };
        if !for_this {
            continue;
        }
        if let Some(after) = rewritten(work, text) {
            write(work, decl, &after)?;
        }
    }
    Ok(())
}

/// The statements of a constant as they are to be; `None` where nothing changes.
fn rewritten(work: &Work<'_>, text: &str) -> Option<Vec<String>> {
    let found = statements(text, work.dialect.lexis());
    let mut changed = false;
    let mut kept = Schema::default();
    let mut after = Vec::new();
    let mut amendments = Vec::new();
    for statement in &found {
        match work.dialect.read_object(statement.sql) {
            Ok((id, object)) => {
                let (before, wanted) = (work.declared.objects.get(&id), work.wanted.objects.get(&id));
                match wanted {
                    Some(wanted) if before.is_none_or(|before| before == wanted) => {
                        kept.objects.insert(id, object);
                        after.push(statement.sql.to_owned());
                    }
                    Some(_) => {
                        changed = true;
                        after.extend(statements_of(work, &id));
                    }
                    None => changed |= before.is_some(),
                }
            }
            Err(_) => amendments.push(statement.sql),
        }
    }
    if !changed {
        return None;
    }
    // What was said beside an object goes with it: its new statements say all of it.
    for sql in amendments {
        if matches!(work.dialect.amend(sql, &mut kept), Some(Ok(()))) {
            after.push(sql.to_owned());
        }
    }
    Some(after)
}

/// The statements that make an object as it is wanted.
fn statements_of(work: &Work<'_>, id: &ObjectId) -> Vec<String> {
    let mut schema = Schema::default();
    schema
        .objects
        .extend(work.wanted.objects.get(id).map(|object| (id.clone(), object.clone())));
    let raised = raise(&schema, work.dialect, &Known::default());
    let texts = raised.items.into_iter().filter_map(|item| match item {
        Item::Object(decl) => match decl.sql.value {
            SqlText::Text(text) => Some(text),
            SqlText::File(_) => None,
        },
        _ => None,
    });
    texts
        .flat_map(|text| {
            let found = statements(&text, work.dialect.lexis());
            found
                .iter()
                .map(|statement| statement.sql.to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

fn write(work: &mut Work<'_>, decl: &ObjectDecl, after: &[String]) -> Result<(), Failure> {
    let place = &decl.ident.place;
    let Open {
        text, syntax, edits, ..
    } = work.files.at(place)?;
    let Some(syn::Item::Const(item)) = files::find(&syntax.items, place) else {
        return Ok(());
    };
    let script = print::script(after, work.dialect.lexis());
    if after.is_empty() {
        edits.remove(text, bytes(item.span()));
    } else if let syn::Expr::Macro(include) = &*item.expr {
        // Its SQL stands in a file of its own.
        let given = include.mac.parse_body::<syn::LitStr>().map(|given| given.value());
        match (given, script) {
            (Ok(given), Some(script)) => work.files.include(place, &given, format!("{}\n", script.trim()))?,
            _ => {
                let what = format!("what `{}` holds", decl.ident.value);
                work.unsaid
                    .push(Unsaid::new(what, "it cannot be written into its file"));
            }
        }
    } else if let Some(joined) = script {
        edits.replace(bytes(item.expr.span()), print::long_text(&joined));
    }
    Ok(())
}
