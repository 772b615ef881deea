//! The types of well-known extensions, and the schemas that they are in.

use std::collections::BTreeMap;

use super::syntax::bare;
use super::types::element;
use crate::ident::Name;
use crate::ir::{ObjectKind, Schema, SqlType};

/// Extensions, with the types that each brings.
const TYPES: &[(&str, &[&str])] = &[
    ("citext", &["citext"]),
    ("cube", &["cube"]),
    ("earthdistance", &["earth"]),
    ("hstore", &["hstore"]),
    ("intarray", &["query_int"]),
    (
        "isn",
        &["ean13", "isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc"],
    ),
    ("lo", &["lo"]),
    ("ltree", &["lquery", "ltree", "ltxtquery"]),
    ("postgis", &["box2d", "box3d", "geography", "geometry", "geometry_dump"]),
    ("postgis_raster", &["raster"]),
    ("seg", &["seg"]),
    ("semver", &["semver"]),
    ("uri", &["uri"]),
    ("vector", &["halfvec", "sparsevec", "vector"]),
];

/// The schema of each extension that says one. Their types say it, too: whether a connection searches it is not for the schema to
/// know.
#[derive(Default)]
pub(super) struct Homes(BTreeMap<&'static str, Name>);

impl Homes {
    pub(super) fn of(schema: &Schema) -> Self {
        let extensions = schema.objects.iter();
        let extensions = extensions.filter(|(id, _)| id.kind == ObjectKind::Extension);
        let homes = extensions.filter_map(|(id, object)| {
            let home = Name::new(object.facets.get("schema")?.as_str()).ok()?;
            let (_, types) = TYPES.iter().find(|(name, _)| *name == id.name.name.as_str())?;
            Some(types.iter().map(move |ty| (*ty, home.clone())))
        });
        Self(homes.flatten().collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The type with the schema of its extension.
    pub(super) fn at_home(&self, ty: SqlType) -> SqlType {
        match ty {
            SqlType::Array(inner) => SqlType::Array(Box::new(self.at_home(*inner))),
            SqlType::Native(text) => match self.0.get(text.split('(').next().unwrap_or_default()) {
                Some(home) => SqlType::Native(format!("{}.{text}", bare(home.as_str())).into()),
                None => SqlType::Native(text),
            },
            other => other,
        }
    }
}

/// The name of a type without its schema and its arguments.
pub(super) fn bare_type(text: &str) -> &str {
    let name = text.split('(').next().unwrap_or(text);
    name.rsplit('.').next().unwrap_or(name)
}

/// Whether it is one type of an extension, which has moved to another schema: there can be only one of that name.
pub(super) fn is_elsewhere(from: &SqlType, to: &SqlType) -> bool {
    let bare = |ty: &SqlType| match element(ty) {
        SqlType::Native(text) => text.rsplit('.').next().map(str::to_owned),
        _ => None,
    };
    let array = |ty: &SqlType| matches!(ty, SqlType::Array(_));
    array(from) == array(to) && bare(from).is_some() && bare(from) == bare(to)
}
