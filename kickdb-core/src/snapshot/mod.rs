//! The file `snapshot.json`: the schema after a migration, canonical to the byte.
//!
//! Equal schemas give equal files, whichever process writes them. The layout is that of version 1; what version 1 does not
//! know is an optional field that is left out where it says nothing.

mod expr;
mod file;
mod format;
mod names;
mod objects;
mod stream;

use self::format::{Reader, Writer};
use crate::dialect::Dialect;
use crate::ir::Schema;

/// The version that is written, and the highest that is read.
pub const VERSION: u32 = 1;

/// A snapshot as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The schema, in normal form.
    pub schema: Schema,
    /// What the file says beyond that and a new snapshot would lose: views, roles and policies that another tool has written.
    pub unread: Vec<String>,
}

/// A snapshot that cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SnapshotError {
    /// What is wrong, where, and what to do.
    pub message: String,
}

impl SnapshotError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

/// Writes a schema in normal form.
///
/// # Errors
///
/// When a type has no spelling in this dialect, or one that would be read back as another type.
pub fn write(schema: &Schema, dialect: &dyn Dialect) -> Result<String, SnapshotError> {
    let file = Writer::new(schema, dialect).file()?;
    let mut text = serde_json::to_string_pretty(&file).map_err(|error| SnapshotError::new(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// Reads a snapshot.
///
/// # Errors
///
/// When the text is not a snapshot (the message names the line), is of a higher version or of another dialect.
pub fn read(text: &str, dialect: &dyn Dialect) -> Result<Snapshot, SnapshotError> {
    let mut enums = stream::enums_ahead(text);
    loop {
        let mut reader = Reader::new(dialect, enums);
        let mut taken = Ok(());
        let file = stream::read(text, |key, table| {
            if taken.is_ok() {
                taken = reader.take(key, table);
            }
        });
        let file = match file {
            Ok(file) => file,
            // Of another version it may be no file of this one: then that is what is wrong with it.
            Err(error) => {
                let head = serde_json::from_str::<file::Head>(text).map_err(not_json)?;
                known(head.version, &head.dialect, dialect)?;
                return Err(not_json(error));
            }
        };
        known(file.version, &file.dialect, dialect)?;
        let found = file.enums.0.iter().map(|(_, e)| e.name.clone()).collect();
        // The types were read as what they are, unless the file is laid out in another way.
        if *reader.enums() == found {
            return taken.and_then(|()| reader.finish(file));
        }
        enums = found;
    }
}

fn known(version: u32, of: &str, dialect: &dyn Dialect) -> Result<(), SnapshotError> {
    if version != VERSION {
        return Err(SnapshotError::new(format!(
            "the snapshot has version {version}, this kickdb reads version {VERSION}; install a newer kickdb"
        )));
    }
    let wanted = dialect.id().as_str();
    if of != wanted {
        return Err(SnapshotError::new(format!(
            "the snapshot is of dialect `{of}`, the target is `{wanted}`; give each target a migrations folder of its own"
        )));
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn not_json(error: serde_json::Error) -> SnapshotError {
    SnapshotError::new(format!(
        "this is not a snapshot: {error}; restore the file from version control"
    ))
}
