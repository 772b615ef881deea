//! What is made of a type or a collation: domains over it, composite types with an attribute of it, ranges of it, and so on.

use std::collections::BTreeSet;

use super::retype::{attribute_name, attributes, multirange};
use super::{DEFAULT_SCHEMA, uses};
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, ObjectKind, Schema};
use crate::lex::{Lexis, Said};

/// A type that is made of another one.
#[derive(Clone, Copy)]
pub(in crate::dialect::postgres) struct Kin<'a> {
    /// Its name.
    pub(in crate::dialect::postgres) id: &'a ObjectId,
    /// What it is.
    pub(in crate::dialect::postgres) object: &'a Object,
}

/// All of them, each after those that it is made of.
pub(in crate::dialect::postgres) fn kin<'a>(name: &Qualified, schema: &'a Schema) -> Vec<Kin<'a>> {
    let types = schema
        .objects
        .iter()
        .filter(|(id, _)| matches!(id.kind, ObjectKind::Domain | ObjectKind::Type) && id.name != *name);
    let types = types
        .map(|(id, object)| (Kin { id, object }, said(id, object)))
        .collect::<Vec<_>>();
    let (mut found, mut names, mut known) = (Vec::<Kin<'a>>::new(), vec![name.clone()], BTreeSet::new());
    // One that is found through another is found behind it; one that is made of two, behind both.
    let mut grew = true;
    while grew {
        grew = false;
        for (kin, said) in &types {
            let waits = types.iter().any(|(other, _)| {
                other.id != kin.id
                    && said.says(&other.id.name)
                    && reaches(other.id, &types, &names)
                    && !known.contains(&other.id)
            });
            if !known.contains(&kin.id) && !waits && names.iter().any(|name| said.says(name)) {
                known.insert(kin.id);
                names.push(kin.id.name.clone());
                names.extend(multirange(kin.id, kin.object).map(|(name, _)| name));
                found.push(*kin);
                grew = true;
            }
        }
    }
    found
}

/// Whether one of the names is said by the type, or by one that it says.
fn reaches(id: &ObjectId, types: &[(Kin<'_>, Said)], names: &[Qualified]) -> bool {
    let (mut open, mut seen) = (vec![id], BTreeSet::new());
    while let Some(id) = open.pop() {
        let Some((_, said)) = types.iter().find(|(kin, _)| kin.id == id).filter(|_| seen.insert(id)) else {
            continue;
        };
        if names.iter().any(|name| said.says(name)) {
            return true;
        }
        open.extend(
            types
                .iter()
                .filter(|(kin, _)| said.says(&kin.id.name))
                .map(|(kin, _)| kin.id),
        );
    }
    false
}

/// What a type is made of; the names of attributes are none of a type's.
fn said(id: &ObjectId, object: &Object) -> Said {
    let Some(attributes) = attributes(&object.sql) else {
        return uses::of(id, object).held;
    };
    let mut said = Said::default();
    for attribute in &attributes {
        let ty = &attribute[attribute_name(attribute).len()..];
        said.read(ty, Lexis::POSTGRES, DEFAULT_SCHEMA);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::kin;
    use crate::dialect::by_name;
    use crate::ident::{Name, Qualified};
    use crate::ir::Schema;

    #[test]
    fn each_comes_behind_what_it_is_made_of() {
        let postgres = by_name("postgres").unwrap();
        let mut schema = Schema::default();
        for sql in [
            "create domain a as z[]",
            "create type b as (mood integer)",
            "create type c as range (subtype = a)",
            "create type y as (x integer, m public.mood)",
            "create domain z as y",
            "create domain other as text",
        ] {
            let (id, object) = postgres.read_object(sql).unwrap();
            schema.objects.insert(id, object);
        }
        let mood = Qualified::local(Name::new("mood").unwrap());
        let found = kin(&mood, &schema)
            .iter()
            .map(|kin| kin.id.name.to_string())
            .collect::<Vec<_>>();
        assert_eq!(found, ["y", "z", "a", "c"]);
    }
}
