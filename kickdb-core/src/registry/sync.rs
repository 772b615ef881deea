use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::dialect::{self, Dialect};
use crate::diff::{Renames, diff};
use crate::journal::{self, JOURNAL_FILE};

/// Compares the running program with the last snapshot of a migrations folder, or of each target's folder in it.
///
/// # Errors
///
/// Every difference and what to do about it, ready to be shown.
pub fn check_in_sync(root: &Path, folder: &Path) -> Result<(), String> {
    let targets = targets(&root.join(folder));
    if targets.is_empty() {
        return Err(format!(
            "there is no `{JOURNAL_FILE}` in `{}`; write the first migration with `cargo kickdb generate init`, or name the folder: `assert_in_sync!(\"…\")`",
            folder.display()
        ));
    }
    let mut message = String::new();
    for target in targets {
        if let Err(found) = check(&target) {
            let shown = target.strip_prefix(root).unwrap_or(&target);
            let _ = writeln!(message, "`{}`: {found}", shown.display());
        }
    }
    if message.is_empty() { Ok(()) } else { Err(message) }
}

/// The folders with a journal: this one, or those in it.
fn targets(folder: &Path) -> Vec<PathBuf> {
    let has_journal = |folder: &Path| folder.join(JOURNAL_FILE).is_file();
    if has_journal(folder) {
        return vec![folder.to_owned()];
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| has_journal(path))
        .collect();
    found.sort();
    found
}

#[derive(Deserialize)]
struct Head {
    dialect: String,
}

fn dialect_of(folder: &Path) -> Result<&'static dyn Dialect, String> {
    let text = std::fs::read_to_string(folder.join(JOURNAL_FILE)).map_err(|error| error.to_string())?;
    let head: Head = serde_json::from_str(&text).map_err(|error| format!("the journal cannot be read: {error}"))?;
    dialect::by_name(&head.dialect).ok_or_else(|| format!("this kickdb does not know the dialect `{}`", head.dialect))
}

fn check(folder: &Path) -> Result<(), String> {
    let dialect = dialect_of(folder)?;
    let program = super::schema(dialect).map_err(|problems| {
        problems
            .iter()
            .fold(String::from("the declarations are wrong:"), |mut text, problem| {
                let _ = write!(text, "\n{problem}");
                text
            })
    })?;
    let folder = journal::read(folder, dialect).map_err(|error| error.to_string())?;
    let last = folder.last_schema(dialect).map_err(|error| error.to_string())?;
    let found = diff(&last, &program.schema, &Renames::default());
    if found.changes.is_empty() {
        return Ok(());
    }
    let mut message = String::from("the tables of this program are not what the last migration left behind:");
    for change in &found.changes {
        let _ = write!(message, "\n  {change}");
    }
    message.push_str("\nrun `cargo kickdb generate <name>` to write the migration");
    Err(message)
}
