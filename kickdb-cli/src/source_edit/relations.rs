//! Relations that lead nowhere once a field or struct is gone.

use std::collections::BTreeMap;

use kickdb_core::decl::{Item, Place, TableDecl};
use kickdb_core::ident::Qualified;
use kickdb_core::ir::Schema;

/// The struct and the relation of each that says what is not there any more.
pub(super) fn broken(
    items: &[Item],
    structs: &BTreeMap<Qualified, &TableDecl>,
    wanted: &Schema,
) -> Vec<(Place, Place)> {
    let gone = |ident: &str, field: Option<&str>| {
        structs.iter().any(|(name, decl)| {
            let after = wanted.tables.get(name);
            let lost = match (after, field.and_then(|field| decl.column(field))) {
                (None, _) => true,
                (Some(after), Some(column)) => !after
                    .columns
                    .iter()
                    .any(|other| *other.name.as_str() == *column.name().as_str()),
                (Some(_), None) => false,
            };
            decl.ident.value == ident && lost
        })
    };
    let mut broken = Vec::new();
    for item in items {
        let Item::Table(decl) = item else { continue };
        if gone(&decl.ident, None) {
            continue;
        }
        for relation in &decl.relations {
            let last = |path: &[String]| match path.last().map(String::as_str) {
                Some("Self") | None => decl.ident.value.clone(),
                Some(last) => last.to_owned(),
            };
            let target = last(&relation.target);
            let through = relation.through.as_ref().map(|through| last(through));
            let (holder, pointed) = match (relation.kind.as_str(), &through) {
                (_, Some(through)) => (through.clone(), target.clone()),
                ("belongs_to", None) => (decl.ident.value.clone(), target.clone()),
                (_, None) => (target.clone(), decl.ident.value.clone()),
            };
            let keys = relation.key.iter().chain(&relation.target_key);
            let lost = gone(&target, None)
                || through.as_ref().is_some_and(|through| gone(through, None))
                || keys.into_iter().any(|field| gone(&holder, Some(field)))
                || relation.references.iter().any(|field| gone(&pointed, Some(field)));
            if lost {
                broken.push((decl.ident.place.clone(), relation.name.place.clone()));
            }
        }
    }
    broken
}
