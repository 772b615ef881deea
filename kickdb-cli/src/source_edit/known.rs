//! The names that a source gives to what a schema has.

use std::collections::BTreeMap;

use kickdb_core::decl::names::derived;
use kickdb_core::decl::{Item, Place, Resolved, TableDecl};
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{ForeignKey, Schema};
use kickdb_core::raise::{Known, KnownTable};

use super::enums::enum_of;

/// The struct of every declared table.
pub(super) fn structs<'a>(items: &'a [Item], resolved: &Resolved) -> BTreeMap<Qualified, &'a TableDecl> {
    let by_place: BTreeMap<&Place, &TableDecl> = items
        .iter()
        .filter_map(|item| match item {
            Item::Table(decl) => Some((&decl.ident.place, &**decl)),
            _ => None,
        })
        .collect();
    let tables = resolved.schema.tables.keys();
    tables
        .filter_map(|name| Some((name.clone(), *by_place.get(resolved.place(name, None)?)?)))
        .collect()
}

/// What is known of a source whose schema is to become another one. `root` is the module of what is new.
pub(super) fn known(items: &[Item], resolved: &Resolved, declared: &Schema, wanted: &Schema, root: &str) -> Known {
    let mut known = Known::new(root, items);
    for (name, decl) in structs(items, resolved) {
        let (Some(before), Some(after)) = (declared.tables.get(&name), wanted.tables.get(&name)) else {
            continue;
        };
        let mut table = KnownTable::new(decl);
        table.columns.retain(|column, _| after.column(column).is_some());
        let same = after.columns.iter().filter(|column| {
            let before = before.column(&column.name);
            before.is_some_and(|before| before.ty == column.ty)
        });
        let had = |key: &ForeignKey| {
            let mut keys = before.foreign_keys.values();
            keys.any(|other| other.columns == key.columns && other.references == key.references)
        };
        let new_keys = after.foreign_keys.values().filter(|key| !had(key));
        table.new_keys = new_keys.map(|key| key.name.clone()).collect();
        table.same_type = same.map(|column| column.name.clone()).collect();
        // Where an enum is a text with a check, the check says whether it is still the same one.
        let other_enum = |column: &Name| {
            let of = table.columns.get(column).and_then(|of| enum_of(&of.ty, decl, items));
            let check = Name::new(derived(name.name.as_str(), &[column.as_str()], "check")).ok();
            let changed = check.is_some_and(|check| before.checks.get(&check) != after.checks.get(&check));
            of.is_some() && changed
        };
        let others: Vec<Name> = table
            .same_type
            .iter()
            .filter(|column| other_enum(column))
            .cloned()
            .collect();
        table.same_type.retain(|column| !others.contains(column));
        known.tables.insert(name, table);
    }
    for item in items {
        let Item::Enum(decl) = item else { continue };
        let places = declared
            .enums
            .keys()
            .filter_map(|name| Some((name, resolved.place(name, None)?)));
        for (name, place) in places {
            if *place == decl.ident.place {
                let home = (decl.module.clone(), decl.ident.value.clone());
                known.enums.insert(name.clone(), home);
            }
        }
    }
    known
}

/// The module of the items of a file, which is the shortest path among them.
pub(super) fn module_of_file(items: &[Item], file: &str) -> Option<String> {
    let inside = items.iter().filter(|item| &*item.ident().place.file == file);
    let modules = inside.map(Item::module);
    modules.min_by_key(|module| module.len()).map(str::to_owned)
}
