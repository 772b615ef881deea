//! The file as it is read: its tables one by one, so that no more of it than one table is ever there twice.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::file::{Entries, File, Table};

/// Reads a file. Its tables are given to `take`, with their keys; the rest comes back.
pub(super) fn read(text: &str, take: impl FnMut(&str, Table)) -> serde_json::Result<File> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let file = Fields { take }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(file)
}

/// The names of the enums, which stand behind the tables that use them: found ahead of these where the file is laid out as it
/// is written. Elsewhere it is a guess.
pub(super) fn enums_ahead(text: &str) -> BTreeSet<String> {
    const FIELD: &str = "\n  \"enums\": ";
    let Some(at) = memchr::memmem::find(text.as_bytes(), FIELD.as_bytes()) else {
        return BTreeSet::new();
    };
    let mut deserializer = serde_json::Deserializer::from_str(&text[at + FIELD.len()..]);
    let enums = Entries::<IgnoredAny>::deserialize(&mut deserializer).unwrap_or_default();
    enums.0.into_iter().map(|(name, _)| name).collect()
}

/// The fields of the file.
struct Fields<F> {
    take: F,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Field {
    Version,
    Dialect,
    Tables,
    Schemas,
    Enums,
    Objects,
    Unmanaged,
    Views,
    Roles,
    #[serde(other)]
    Unknown,
}

impl<'de, F: FnMut(&str, Table)> DeserializeSeed<'de> for Fields<F> {
    type Value = File;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<File, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(&str, Table)> Visitor<'de> for Fields<F> {
    type Value = File;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<File, A::Error> {
        let (mut version, mut dialect, mut tables) = (None, None, None);
        let mut file = File::default();
        while let Some(field) = map.next_key()? {
            match field {
                Field::Version => once("version", &mut version, map.next_value()?)?,
                Field::Dialect => once("dialect", &mut dialect, map.next_value()?)?,
                Field::Tables => {
                    let take = &mut self.take;
                    once("tables", &mut tables, map.next_value_seed(OneByOne { take })?)?;
                }
                Field::Schemas => file.schemas = map.next_value()?,
                Field::Enums => file.enums = map.next_value()?,
                Field::Objects => file.objects = map.next_value()?,
                Field::Unmanaged => file.unmanaged = map.next_value()?,
                Field::Views => file.views = map.next_value()?,
                Field::Roles => file.roles = map.next_value()?,
                Field::Unknown => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        file.version = version.ok_or_else(|| A::Error::missing_field("version"))?;
        file.dialect = dialect.ok_or_else(|| A::Error::missing_field("dialect"))?;
        tables.ok_or_else(|| A::Error::missing_field("tables"))?;
        Ok(file)
    }
}

fn once<T, E: Error>(field: &'static str, slot: &mut Option<T>, value: T) -> Result<(), E> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::duplicate_field(field)),
    }
}

/// The tables.
struct OneByOne<'a, F> {
    take: &'a mut F,
}

impl<'de, F: FnMut(&str, Table)> DeserializeSeed<'de> for OneByOne<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(&str, Table)> Visitor<'de> for OneByOne<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tables")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((key, table)) = map.next_entry::<String, _>()? {
            (self.take)(&key, table);
        }
        Ok(())
    }
}
