use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Folder, JOURNAL_FILE, META_FILE, Migration};
use crate::dialect::Dialect;
use crate::error::{Error, HashMismatch};

/// Something that is wrong, or worth a word, in a migrations folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The error code it has, the same as [`Error::code`].
    pub code: &'static str,
    /// Whether it stops a deploy.
    pub severity: Severity,
    /// The migration, where it is about one.
    pub id: Option<String>,
    /// What is so, and what to do.
    pub message: String,
}

/// Whether a finding stops a deploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does not.
    Note,
    /// It does.
    Deny,
}

/// Looks whether a folder holds together: files, hashes, review, order, branches.
///
/// Everything that is found, in the order of the journal. Without a finding of severity [`Severity::Deny`] the folder can be deployed.
#[must_use]
pub fn verify(folder: &Folder, dialect: &dyn Dialect, require_reviewed: bool) -> Vec<Finding> {
    let mut found = Findings::default();
    let mut seen = BTreeSet::new();
    let mut previous: Option<&Entry> = None;
    for entry in &folder.journal.entries {
        if !seen.insert(&entry.id) {
            let journal = format!("{}/{JOURNAL_FILE}", folder.path);
            let message = format!(
                "the migration `{}` is there twice, as after a merge that kept both sides; `cargo kickdb migrate rebase` puts the journal in order",
                entry.id
            );
            found.deny(Some(&entry.id), &Error::folder(journal, message));
            continue;
        }
        match folder.migration(&entry.id) {
            Some(migration) => check(folder, entry, migration, dialect, require_reviewed, &mut found),
            None => found.deny(
                Some(&entry.id),
                &Error::folder(
                    format!("{}/{}", folder.path, entry.id),
                    "the journal names this migration but its folder is missing; restore it from version control",
                ),
            ),
        }
        if let Some(previous) = previous.filter(|previous| previous.id >= entry.id) {
            found.deny(
                Some(&entry.id),
                &Error::folder(
                    format!("{}/{JOURNAL_FILE}", folder.path),
                    format!(
                        "`{}` stands behind `{}` but its id is older; `cargo kickdb migrate rebase` puts the journal in order",
                        entry.id, previous.id
                    ),
                ),
            );
        }
        previous = Some(entry);
    }
    for id in folder.unlisted() {
        found.deny(
            Some(id),
            &Error::folder(
                format!("{}/{id}", folder.path),
                "the folder is not in the journal: its entry was lost in a merge, or a `generate` died; `cargo kickdb migrate rebase` takes it in, or delete the folder and generate it again",
            ),
        );
    }
    branches(folder, &mut found);
    found.0
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn deny(&mut self, id: Option<&str>, error: &Error) {
        self.0.push(Finding {
            code: error.code(),
            severity: Severity::Deny,
            id: id.map(str::to_owned),
            message: error.to_string(),
        });
    }
}

fn check(
    folder: &Folder,
    entry: &Entry,
    migration: &Migration,
    dialect: &dyn Dialect,
    require_reviewed: bool,
    found: &mut Findings,
) {
    let id = entry.id.as_str();
    for file in migration.missing() {
        let path = format!("{}/{id}/{file}", folder.path);
        found.deny(
            Some(id),
            &Error::folder(path, "the file is missing; restore it from version control"),
        );
    }
    if let Some(actual) = migration.hash_on_disk.as_ref().filter(|actual| **actual != entry.hash) {
        if entry.semantic_hash.is_some() && migration.meaning(dialect.lexis()) == entry.semantic_hash {
            found.0.push(Finding {
                code: "migration_hash_mismatch",
                severity: Severity::Note,
                id: Some(id.to_owned()),
                message: format!("only comments or white space of `{id}` have changed since it was generated; what it does is the same"),
            });
        } else {
            let mismatch = HashMismatch::new(id, &entry.hash, actual, "the journal");
            found.deny(Some(id), &Error::HashMismatch(Box::new(mismatch)));
        }
    }
    if migration.snapshot.is_some()
        && let Err(error) = folder.snapshot(id, dialect)
    {
        found.deny(Some(id), &error);
    }
    if let Some(meta) = &migration.meta {
        let wrong = |message| Error::folder(format!("{}/{id}/{META_FILE}", folder.path), message);
        if meta.id != id {
            found.deny(
                Some(id),
                &wrong(format!("it is that of `{}`; restore it from version control", meta.id)),
            );
        }
        if meta.dialect != dialect.id().as_str() {
            found.deny(
                Some(id),
                &wrong(format!(
                    "it is of dialect `{}`, the target is `{}`",
                    meta.dialect,
                    dialect.id()
                )),
            );
        }
    }
    if require_reviewed && !migration.reviewed() {
        found.deny(Some(id), &Error::Unreviewed { id: id.to_owned() });
    }
}

/// Two that follow the same one; or one that follows another than the one before it.
fn branches(folder: &Folder, found: &mut Findings) {
    let mut following = BTreeMap::<&Option<String>, &str>::new();
    let mut before: Option<&str> = None;
    for entry in &folder.journal.entries {
        let id = entry.id.as_str();
        if before == Some(id) {
            continue;
        }
        let meta = folder.migration(id).and_then(|migration| migration.meta.as_ref());
        if let Some(meta) = meta {
            let previous = meta.previous_id.as_deref();
            if let Some(first) = following.insert(&meta.previous_id, id).filter(|first| *first != id) {
                let (first, second) = if first < id { (first, id) } else { (id, first) };
                let error = Error::Diverged {
                    first: first.to_owned(),
                    second: second.to_owned(),
                    previous: previous.unwrap_or("the empty schema").to_owned(),
                };
                found.deny(Some(id), &error);
            } else if previous != before {
                let was = previous.unwrap_or("the empty schema");
                let is = before.unwrap_or("no migration");
                let error = Error::folder(
                    format!("{}/{id}/{META_FILE}", folder.path),
                    format!(
                        "it was generated after {was}, but stands behind {is}: its snapshot does not hold what lies between; `cargo kickdb migrate rebase` puts it in order"
                    ),
                );
                found.deny(Some(id), &error);
            }
        }
        before = Some(id);
    }
}
