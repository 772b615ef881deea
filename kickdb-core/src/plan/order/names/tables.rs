//! Tables whose name an object takes, or the other way round: the one that comes stands right behind the one that goes, and
//! both are written as one.

use std::collections::BTreeSet;

use crate::dialect::Dialect;
use crate::diff::Change;

pub(in crate::plan::order) fn join(changes: &mut Vec<Change>, dialect: &dyn Dialect) {
    // Few names are taken again: nothing else is looked at twice.
    let taken = changes.iter().filter_map(coming).collect::<BTreeSet<_>>();
    let mut at = 0;
    while at < changes.len() {
        if !going(&changes[at]).is_some_and(|name| taken.contains(&name)) {
            at += 1;
            continue;
        }
        let behind = &changes[at + 1..];
        let mut comes = behind.iter().enumerate();
        let comes = comes.find(|(between, comes)| dialect.exchanges(&changes[at], comes, &behind[..*between]));
        let Some((between, _)) = comes else {
            at += 1;
            continue;
        };
        let comes = at + 1 + between;
        match changes[comes] {
            // An object comes as early as that: whatever says it is behind it. A table stands where its indexes and keys may be.
            Change::CreateObject { .. } => {
                let object = changes.remove(comes);
                changes.insert(at + 1, object);
            }
            _ => {
                let gone = changes.remove(at);
                changes.insert(comes - 1, gone);
                // What stood behind the one that went later is in its place now, unless nothing did.
                if between > 0 {
                    continue;
                }
            }
        }
        at += 1;
    }
}

/// The name of a table or an object that goes, in the letters by which SQLite tells names apart.
fn going(change: &Change) -> Option<String> {
    match change {
        Change::DropTable(table) => Some(table.name.name.as_str().to_ascii_lowercase()),
        Change::DropObject { id, .. } => Some(id.name.name.as_str().to_ascii_lowercase()),
        _ => None,
    }
}

fn coming(change: &Change) -> Option<String> {
    match change {
        Change::CreateTable(table) => Some(table.name.name.as_str().to_ascii_lowercase()),
        Change::CreateObject { id, .. } => Some(id.name.name.as_str().to_ascii_lowercase()),
        _ => None,
    }
}
