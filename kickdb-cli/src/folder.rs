//! A target's migrations folder, and migrations by an unambiguous part of their id.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use kickdb_core::decl::nearest;
use kickdb_core::dialect::{self, Dialect};
use kickdb_core::ir::Schema;
use kickdb_core::journal::{self, Folder};
use kickdb_core::snapshot;
use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use crate::config::Target;
use crate::failure::Failure;

/// Reads the folder of a target.
pub(crate) fn read(target: &Target) -> Result<Folder, Failure> {
    Ok(journal::read(&target.migrations, target.dialect)?)
}

/// Reads of a target's folder what the next migration follows: see [`journal::read_newest`].
pub(crate) fn read_newest(target: &Target) -> Result<Folder, Failure> {
    Ok(journal::read_newest(&target.migrations, target.dialect)?)
}

/// The engine that a journal or a snapshot is of; `None` where there is no such file.
pub(crate) fn dialect(file: &Path) -> Result<Option<&'static dyn Dialect>, Failure> {
    let shown = file.display().to_string();
    let said = match File::open(file) {
        Ok(open) => said_dialect(BufReader::new(open)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => Err(error),
    };
    let said = said.map_err(|error| Failure::io("read", &shown, &error))?;
    match said.and_then(|name| dialect::by_name(&name)) {
        Some(dialect) => Ok(Some(dialect)),
        None => Err(
            Failure::new("damaged", format!("`{shown}` does not say of which engine it is"))
                .help("restore it from version control, or correct the path"),
        ),
    }
}

/// What a journal and a snapshot both say near their beginning. The rest is not read: a snapshot is as long as its schema.
fn said_dialect(text: impl io::Read) -> io::Result<Option<String>> {
    struct Head<'a>(&'a mut Option<String>);

    impl<'de> Visitor<'de> for Head<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key::<String>()? {
                if key == "dialect" {
                    *self.0 = Some(map.next_value()?);
                    break;
                }
                map.next_value::<IgnoredAny>()?;
            }
            Ok(())
        }
    }

    let mut dialect = None;
    match serde_json::Deserializer::from_reader(text).deserialize_map(Head(&mut dialect)) {
        Err(error) if error.is_io() => Err(error.into()),
        // Whether the file is whole shows where it is read.
        _ => Ok(dialect),
    }
}

/// The schema of a snapshot file.
pub(crate) fn snapshot(file: &Path, dialect: &dyn Dialect) -> Result<Schema, Failure> {
    let shown = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| Failure::io("read", &shown, &error))?;
    match snapshot::read(&text, dialect) {
        Ok(snapshot) => Ok(snapshot.schema),
        Err(error) => Err(Failure::new("snapshot", format!("`{shown}`: {error}"))),
    }
}

/// The schema after a migration of a folder, or after its newest one.
pub(crate) fn schema(folder: &Path, id: Option<&str>, dialect: &dyn Dialect) -> Result<Schema, Failure> {
    match id {
        Some(id) => {
            let read = journal::read(folder, dialect)?;
            let id = find(&read, id)?;
            Ok(read.snapshot(&id, dialect)?.schema)
        }
        None => Ok(journal::read_newest(folder, dialect)?.last_schema(dialect)?),
    }
}

/// The id that is meant by a whole id or an unambiguous part of one.
pub(crate) fn find(folder: &Folder, part: &str) -> Result<String, Failure> {
    let ids = folder.journal.entries.iter().map(|entry| entry.id.as_str());
    among(&ids.collect::<Vec<_>>(), part, folder)
}

/// As [`find`], among the folders that are there, whatever the journal says.
pub(crate) fn find_on_disk(folder: &Folder, part: &str) -> Result<String, Failure> {
    among(
        &folder.migrations.keys().map(String::as_str).collect::<Vec<_>>(),
        part,
        folder,
    )
}

fn among(all: &[&str], part: &str, folder: &Folder) -> Result<String, Failure> {
    let ids = || all.iter().copied();
    if let Some(id) = ids().find(|id| *id == part) {
        return Ok(id.to_owned());
    }
    let fitting: Vec<&str> = ids().filter(|id| id.contains(part)).collect();
    let failure = match fitting.as_slice() {
        [one] => return Ok((*one).to_owned()),
        [] => Failure::usage(
            "migration_unknown",
            format!("there is no migration `{part}` in `{}`", folder.path),
        ),
        several => {
            let failure = Failure::usage(
                "migration_unknown",
                format!("`{part}` could be one of {} migrations", several.len()),
            );
            return Err(failure.help(format!("write more of it: {}", several.join(", "))));
        }
    };
    Err(match nearest(part, ids()) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("`cargo kickdb migrate status` lists them"),
    })
}

#[cfg(test)]
mod tests {
    use super::said_dialect;

    #[test]
    fn the_dialect_is_found_without_reading_on() {
        let said = |text: &str| said_dialect(text.as_bytes()).expect("no file is read");
        assert_eq!(
            said(r#"{"version": 1, "dialect": "mysql", "tables": {"#).as_deref(),
            Some("mysql")
        );
        assert_eq!(
            said(r#"{"tables": {"dialect": "x"}, "dialect": "sqlite"}"#).as_deref(),
            Some("sqlite")
        );
        for text in [
            "",
            "[]",
            "{}",
            r#"{"dialect": 3}"#,
            r#"{"version": "dialect"}"#,
            "-- dialect",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
