//! What git knows of a folder of migrations, where there is a git.

use std::path::Path;
use std::process::{Command, Stdio};

use kickdb_core::Error;

/// Puts into a mismatch which of the files differ from the last commit.
pub(crate) fn told(mut error: Error, migrations: &Path) -> Error {
    if let Error::HashMismatch(mismatch) = &mut error {
        mismatch.file = changed(migrations, &mismatch.id);
    }
    error
}

/// The hashed files of a migration that are not as in the last commit; `None` where there are none, or nobody knows.
fn changed(migrations: &Path, id: &str) -> Option<String> {
    let files = ["up.sql", "down.sql", "snapshot.json"].map(|file| format!("{id}/{file}"));
    let found = Command::new("git")
        .arg("-C")
        .arg(migrations)
        .args(["diff", "--name-only", "--no-ext-diff", "--relative", "HEAD", "--"])
        .args(&files)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|found| found.status.success())?;
    let found = String::from_utf8(found.stdout).ok()?;
    let names: Vec<&str> = found.lines().filter_map(|line| line.rsplit('/').next()).collect();
    (!names.is_empty()).then(|| names.join("`, `"))
}
