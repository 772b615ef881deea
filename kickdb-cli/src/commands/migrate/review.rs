//! `migrate review`: the SQL of migrations, there and back, and what is dangerous in it, then the mark.

use kickdb_core::journal::{self, Folder, Migration};
use kickdb_core::lint::Level;
use serde_json::{Value, json};

use crate::ask;
use crate::config::{Project, Target};
use crate::describe::count;
use crate::failure::Failure;
use crate::folder;
use crate::hazards::{self, Linted};
use crate::terminal::{Outcome, Paint, Terminal};

/// What is to be reviewed.
pub(crate) struct Wanted<'a> {
    pub(crate) ids: &'a [String],
    pub(crate) all: bool,
    pub(crate) yes: bool,
}

/// Shows migrations and marks them reviewed.
pub(crate) fn run(project: &Project, wanted: &Wanted<'_>, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut shown: Vec<Value> = Vec::new();
    let mut open = Vec::new();
    for target in &project.targets {
        let mut folder = folder::read(target)?;
        for id in ids(&folder, wanted, project.targets.len() > 1)? {
            let Some(migration) = folder.migration(&id) else {
                return Err(
                    Failure::new("migrations_folder", format!("`{}/{id}` is missing", folder.path))
                        .help("restore it from version control"),
                );
            };
            let Some(meta) = &migration.meta else {
                return Err(Failure::new(
                    "migrations_folder",
                    format!("`{}/{id}/meta.json` is missing", folder.path),
                )
                .help("restore it from version control"));
            };
            let edited = is_edited(&folder, migration);
            let linted = Linted::migration(&folder, &id, target, &project.policy);
            show(migration, &linted, &folder.path, terminal);
            if edited {
                terminal.result(format!(
                    "{} its files were edited since they were recorded",
                    terminal.paint(Paint::Warn, "note:")
                ));
            }
            shown.push(json!({
                "id": id,
                "target": target.shown(),
                "up": migration.up,
                "down": migration.down,
                "hazards": linted.hazards(),
                "reviewed": meta.reviewed,
            }));
            if meta.reviewed && !edited {
                terminal.say("Already reviewed.");
            } else if wanted.yes || (terminal.may_ask() && ask::confirm(&format!("Mark {id} as reviewed?"))?) {
                // First what was read, then that it was read: a review never speaks of other files than these.
                if edited {
                    record(&mut folder, &id, target)?;
                }
                if let Some(meta) = folder.migration(&id).and_then(|migration| migration.meta.clone()) {
                    journal::write_meta(&target.migrations, &journal::Meta { reviewed: true, ..meta })?;
                }
                if let Some(last) = shown.last_mut() {
                    last["reviewed"] = json!(true);
                }
                terminal.say(terminal.paint(Paint::Good, &format!("Reviewed {id}.")));
            } else {
                open.push(id);
            }
        }
    }
    let data = json!({ "migrations": shown });
    if shown.is_empty() {
        terminal.say("Nothing to review: every migration is reviewed.");
    } else if open.is_empty() {
        terminal.say("Next: cargo kickdb migrate latest");
    } else if terminal.may_ask() {
        terminal.say(format!("{} left as it was.", count(open.len(), "migration")));
    } else {
        let flags = if wanted.all { "--all".to_owned() } else { open.join(" ") };
        return Err(Failure::usage(
            "decision",
            format!(
                "{} shown, none marked: nobody is there to be asked",
                count(open.len(), "migration")
            ),
        )
        .help(format!(
            "having read the SQL, run `cargo kickdb migrate review {flags} --yes`"
        ))
        .with_data(data));
    }
    Ok(Outcome::done(data))
}

/// The ids in the folder that are meant. With several targets an id need not be in each of them.
fn ids(folder: &Folder, wanted: &Wanted<'_>, several: bool) -> Result<Vec<String>, Failure> {
    if wanted.all {
        let open = |id: &&String| folder.migration(id).is_some_and(|migration| !migration.reviewed());
        return Ok(folder
            .journal
            .entries
            .iter()
            .map(|entry| &entry.id)
            .filter(open)
            .cloned()
            .collect());
    }
    let mut found = Vec::new();
    for part in wanted.ids {
        match folder::find(folder, part) {
            Ok(id) => found.push(id),
            Err(_)
                if several
                    && !folder
                        .journal
                        .entries
                        .iter()
                        .any(|entry| entry.id.contains(part.as_str())) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(found)
}

/// Whether the files are not those that the journal tells of: an empty migration that was filled in, a `down.sql` that was
/// completed.
fn is_edited(folder: &Folder, migration: &Migration) -> bool {
    let recorded = folder.journal.entry(&migration.id).map(|entry| &entry.hash);
    migration.hash_on_disk.is_some() && migration.hash_on_disk.as_ref() != recorded
}

/// Records the files of a migration as they are. Where it is applied already, the database still tells what was applied.
pub(super) fn record(folder: &mut Folder, id: &str, target: &Target) -> Result<(), Failure> {
    let Some(migration) = folder.migrations.get(id) else {
        return Ok(());
    };
    let (hash, meaning) = (
        migration.hash_on_disk.clone(),
        migration.meaning(target.dialect.lexis()),
    );
    for entry in folder.journal.entries.iter_mut().filter(|entry| entry.id == id) {
        if let Some(hash) = &hash {
            entry.hash.clone_from(hash);
            entry.semantic_hash.clone_from(&meaning);
        }
    }
    Ok(journal::write_journal(&target.migrations, &folder.journal)?)
}

fn show(migration: &Migration, linted: &Linted, folder: &str, terminal: &Terminal) {
    for (file, sql) in [("up.sql", &migration.up), ("down.sql", &migration.down)] {
        let Some(sql) = sql else { continue };
        let title = format!("{folder}/{}/{file}", migration.id);
        terminal.result(terminal.paint(Paint::Bold, &title));
        terminal.result(sql.trim_end());
    }
    hazards::lines(&linted.found, Level::Note, terminal);
    terminal.result("");
}
