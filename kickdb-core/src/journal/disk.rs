//! The folder on disk. Every file is replaced whole, and the journal is written last.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::{
    DOWN_FILE, Files, Folder, JOURNAL_FILE, Journal, META_FILE, Meta, NewMigration, Rebased, SNAPSHOT_FILE, Squashed,
    UP_FILE, id,
};
use crate::dialect::Dialect;
use crate::error::{Error, Result};

/// A migration is put together under such a name and gets its own when it is whole.
const UNFINISHED: &str = ".kick-";

/// Reads a migrations folder. One that does not exist is an empty one.
///
/// # Errors
///
/// When a file cannot be read or is damaged, or the journal is of another version or dialect.
pub fn read(dir: &Path, dialect: &dyn Dialect) -> Result<Folder> {
    read_where(dir, dialect, |_, _| true)
}

/// Reads of a migrations folder only what a new migration follows: the journal, its newest migration, and those that it does
/// not know. A long history is many times the size of its last snapshot.
///
/// # Errors
///
/// As [`read`].
pub fn read_newest(dir: &Path, dialect: &dyn Dialect) -> Result<Folder> {
    read_where(dir, dialect, |journal, id| {
        journal.last_id() == Some(id) || journal.entry(id).is_none()
    })
}

fn read_where(dir: &Path, dialect: &dyn Dialect, wanted: impl Fn(&Journal, &str) -> bool) -> Result<Folder> {
    let path = dir.display().to_string();
    let journal = match text(&dir.join(JOURNAL_FILE))? {
        Some(text) => Journal::parse(&format!("{path}/{JOURNAL_FILE}"), &text, dialect.id())?,
        None => Journal::empty(dialect.id()),
    };
    with_journal(dir, journal, wanted)
}

/// Reads a folder whose journal a merge may have left in pieces; `true` where it has.
///
/// # Errors
///
/// As [`read`], but for what a merge does to a journal.
pub fn read_after_merge(dir: &Path, dialect: &dyn Dialect) -> Result<(Folder, bool)> {
    let error = match read(dir, dialect) {
        Ok(folder) => return Ok((folder, false)),
        Err(error) => error,
    };
    let ours = format!("\"dialect\": \"{}\"", dialect.id());
    let left = text(&dir.join(JOURNAL_FILE))?.filter(|journal| journal.contains(&ours));
    let Some(left) = left else { return Err(error) };
    let journal = super::rebase::journal(&left, &Journal::empty(dialect.id()));
    Ok((with_journal(dir, journal, |_, _| true)?, true))
}

fn with_journal(dir: &Path, journal: Journal, wanted: impl Fn(&Journal, &str) -> bool) -> Result<Folder> {
    let path = dir.display().to_string();
    let mut migrations = BTreeMap::new();
    for name in folders(dir)? {
        if !id::is_id(&name) || !wanted(&journal, &name) {
            continue;
        }
        let dir = dir.join(&name);
        let files = Files {
            up: text(&dir.join(UP_FILE))?,
            down: text(&dir.join(DOWN_FILE))?,
            snapshot: text(&dir.join(SNAPSHOT_FILE))?,
            meta: text(&dir.join(META_FILE))?,
        };
        migrations.insert(name, files);
    }
    Folder::new(&path, journal, migrations)
}

/// Writes a folder that was put in order: the migrations that moved, then the journal.
///
/// Where it stops in between, doing it again comes to the same.
///
/// # Errors
///
/// When a file cannot be written.
pub fn write_rebased(dir: &Path, rebased: &Rebased) -> Result<()> {
    let Some(journal) = &rebased.journal else {
        return Ok(());
    };
    clean(dir)?;
    for moved in &rebased.moved {
        for (at, new) in moved.new.iter().enumerate() {
            let own = dir.join(&new.entry.id);
            let old = dir.join(&moved.id);
            // The folder says which migration it is: under its new name it is still the one that has to be put in order.
            if at == 0 && new.entry.id != moved.id && !own.exists() {
                fs::rename(&old, &own).map_err(|error| failed(&old, "rename the folder", error))?;
            }
            if !own.exists() {
                write_migration(dir, new)?;
                continue;
            }
            replace_file(&own.join(UP_FILE), &new.up)?;
            replace_file(&own.join(DOWN_FILE), &new.down)?;
            replace_file(&own.join(SNAPSHOT_FILE), &new.snapshot)?;
            replace_file(&own.join(META_FILE), &new.meta.to_text())?;
        }
    }
    write_journal(dir, journal)
}

/// Writes a migration that stands for others in their place: its files, then the journal, then the others go.
///
/// # Errors
///
/// When a file cannot be written.
pub fn write_squashed(dir: &Path, folder: &Folder, squashed: &Squashed) -> Result<()> {
    clean(dir)?;
    let new = &squashed.new;
    let own = dir.join(&new.entry.id);
    replace_file(&own.join(UP_FILE), &new.up)?;
    replace_file(&own.join(DOWN_FILE), &new.down)?;
    replace_file(&own.join(SNAPSHOT_FILE), &new.snapshot)?;
    replace_file(&own.join(META_FILE), &new.meta.to_text())?;
    write_journal(dir, &squashed.journal(folder))?;
    for id in &squashed.gone {
        let gone = dir.join(id);
        fs::remove_dir_all(&gone).map_err(|error| failed(&gone, "remove the folder", error))?;
    }
    Ok(())
}

/// Writes new migrations, each whole, then the journal that names them.
///
/// `folder` is what they were generated after; when the journal on disk is not that any more, nothing is written.
///
/// # Errors
///
/// When the folder changed in the meantime, when a folder of that id holds something else, or when a file cannot be written.
pub fn write(dir: &Path, folder: &Folder, new: &[NewMigration], dialect: &dyn Dialect) -> Result<()> {
    fs::create_dir_all(dir).map_err(|error| failed(dir, "make the folder", error))?;
    let on_disk = match text(&dir.join(JOURNAL_FILE))? {
        Some(text) => Journal::parse(&dir.join(JOURNAL_FILE).display().to_string(), &text, dialect.id())?,
        None => Journal::empty(dialect.id()),
    };
    if on_disk.last_id() != folder.journal.last_id() {
        return Err(Error::folder(
            dir.join(JOURNAL_FILE),
            "another `generate` has written to this folder in the meantime; run the command again",
        ));
    }
    clean(dir)?;
    for migration in new {
        write_migration(dir, migration)?;
    }
    let mut journal = on_disk;
    journal
        .entries
        .extend(new.iter().map(|migration| migration.entry.clone()));
    write_journal(dir, &journal)
}

/// Replaces the journal.
///
/// # Errors
///
/// When the file cannot be written.
pub fn write_journal(dir: &Path, journal: &Journal) -> Result<()> {
    replace_file(&dir.join(JOURNAL_FILE), &journal.to_text())
}

/// Replaces a migration's `meta.json`, to mark it as reviewed for example.
///
/// # Errors
///
/// When the file cannot be written.
pub fn write_meta(dir: &Path, meta: &Meta) -> Result<()> {
    replace_file(&dir.join(&meta.id).join(META_FILE), &meta.to_text())
}

/// Replaces a file: at every moment it is there as it was or as it will be. A file that holds the text already is not touched.
///
/// # Errors
///
/// When the file cannot be written.
pub fn replace_file(path: &Path, content: &str) -> Result<()> {
    if text(path)?.as_deref() == Some(content) {
        return Ok(());
    }
    let dir = path.parent().unwrap_or(Path::new("."));
    put(dir, path, content).map_err(|error| failed(path, "write the file", error))
}

fn put(dir: &Path, path: &Path, content: &str) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    // Otherwise a temporary file is readable for its owner only, and so would be the file that it becomes.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(dir)?;
    file.write_all(content.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync(dir)
}

/// Makes a rename in a folder last. Windows has no such call and needs none.
fn sync(dir: &Path) -> io::Result<()> {
    if cfg!(unix) {
        fs::File::open(dir)?.sync_all()
    } else {
        Ok(())
    }
}

fn write_migration(dir: &Path, migration: &NewMigration) -> Result<()> {
    let target = dir.join(&migration.entry.id);
    if target.exists() {
        remains(&target, migration)?;
    }
    let unfinished = dir.join(format!("{UNFINISHED}{}", migration.entry.id));
    fs::create_dir(&unfinished).map_err(|error| failed(&unfinished, "make the folder", error))?;
    replace_file(&unfinished.join(UP_FILE), &migration.up)?;
    replace_file(&unfinished.join(DOWN_FILE), &migration.down)?;
    replace_file(&unfinished.join(SNAPSHOT_FILE), &migration.snapshot)?;
    replace_file(&unfinished.join(META_FILE), &migration.meta.to_text())?;
    let finish = || {
        fs::rename(&unfinished, &target)?;
        sync(dir)
    };
    finish().map_err(|error| failed(&target, "make the folder", error))
}

/// Removes what a `generate` of the same migration left when it died; anything else is not ours to remove.
fn remains(target: &Path, migration: &NewMigration) -> Result<()> {
    let same = text(&target.join(UP_FILE))?.as_deref() == Some(&*migration.up)
        && text(&target.join(DOWN_FILE))?.as_deref() == Some(&*migration.down)
        && text(&target.join(SNAPSHOT_FILE))?.as_deref() == Some(&*migration.snapshot);
    if !same {
        return Err(Error::folder(
            target,
            "the folder is there but not in the journal, and holds another migration; restore its entry in the journal from version control, or move it away",
        ));
    }
    fs::remove_dir_all(target).map_err(|error| failed(target, "replace the folder", error))
}

/// Removes what others left unfinished.
fn clean(dir: &Path) -> Result<()> {
    for name in folders(dir)? {
        if name.starts_with(UNFINISHED) {
            let path = dir.join(name);
            fs::remove_dir_all(&path).map_err(|error| failed(&path, "remove the unfinished folder", error))?;
        }
    }
    Ok(())
}

fn folders(dir: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(dir, "read the folder", error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failed(dir, "read the folder", error))?;
        if entry.path().is_dir()
            && let Ok(name) = entry.file_name().into_string()
        {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn text(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, "read the file", error)),
    }
}

fn failed(path: &Path, what: &str, error: io::Error) -> Error {
    Error::Folder {
        path: path.display().to_string(),
        message: format!("cannot {what}: {error}"),
        source: Some(Box::new(error)),
    }
}
