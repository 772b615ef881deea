//! `introspect`: a live database as Rust source, or as a snapshot.

use std::path::{Path, PathBuf};

use kickdb_core::dialect::live::{Connection, connect};
use kickdb_core::dialect::{self, Dialect};
use kickdb_core::drift::{set_aside, settle};
use kickdb_core::ir::Schema;
use kickdb_core::raise::print;
use kickdb_core::snapshot;
use serde_json::json;

use crate::args::{Format, Global, IntrospectArgs};
use crate::config::{self, Need, Project};
use crate::failure::Failure;
use crate::live;
use crate::source_edit::{self, Crate, Written};
use crate::terminal::{Outcome, Paint, Terminal};

/// The database that is read, and the source that is written.
struct Place {
    url: String,
    dialect: &'static dyn Dialect,
    root: PathBuf,
    sources: Vec<String>,
}

/// Reads the database and writes what is in it.
pub(crate) fn run(args: &IntrospectArgs, global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
    let here = std::env::current_dir().map_err(|error| Failure::io("read", ".", &error))?;
    let out = args.out.as_ref().map(|file| here.join(file));
    let place = Place::find(global, &here)?;
    let (written, unread) = live::block_on(async {
        let mut connection = connect(&place.url).await?;
        let written = read(&mut *connection, &place, out.as_deref(), global.format).await;
        connection.close().await?;
        written
    })?;
    let out = out.as_deref();
    if global.format == Format::Snapshot || out.is_none() {
        return to_stdout(&written, &unread, out, args, global, terminal);
    }
    let changed = !written.files.is_empty();
    let wrote = !args.dry_run && changed;
    if wrote {
        written.save()?;
    }
    report(&written, &unread, wrote, &place, terminal);
    Ok(Outcome::done(json!({
        "dialect": place.dialect.id().as_str(),
        "written": wrote,
        "files": written.json(),
        "changes": written.changes,
        "unsaid": written.unsaid_json(),
        "unread": unread,
    })))
}

impl Place {
    fn find(global: &Global, here: &Path) -> Result<Self, Failure> {
        // A URL on the command line needs no project: there may be none yet.
        if let Some(url) = &global.url
            && let Some(dialect) = dialect::by_url(url)
        {
            let root = config::package_root().unwrap_or_else(|_| here.to_owned());
            let sources = Project::open(global, Need::Migrations).map(|project| project.sources);
            return Ok(Self {
                url: url.clone(),
                dialect,
                root,
                sources: sources.unwrap_or_default(),
            });
        }
        let project = Project::open(global, Need::Migrations)?;
        let target = project.only_target()?;
        Ok(Self {
            url: live::url(&project, target)?,
            dialect: target.dialect,
            root: project.root.clone(),
            sources: project.sources.clone(),
        })
    }
}

async fn read(
    connection: &mut dyn Connection,
    place: &Place,
    out: Option<&Path>,
    format: Format,
) -> Result<(Written, Vec<String>), Failure> {
    let (mut schema, _, mut unread) = live::read(connection, false).await?;
    if format == Format::Snapshot {
        let text = snapshot::write(&schema, place.dialect)
            .map_err(|error| Failure::new("snapshot", error.to_string()).help("please report this"))?;
        return Ok((Written::text(text), unread));
    }
    let existing = out.filter(|file| std::fs::read_to_string(file).is_ok_and(|text| !text.trim().is_empty()));
    let Some(file) = existing else {
        unread.extend(set_aside(&Schema::default(), &mut schema));
        let mut draft = source_edit::fresh(&schema, place.dialect, out)?;
        let unsettled = settle(connection, &mut draft.declared, &schema).await?;
        return Ok((draft.judge(&schema, place.dialect, &unsettled), unread));
    };
    let source = Crate::around(&place.root, &place.sources, file)?;
    let resolved = source.resolve(place.dialect)?;
    // What the source says itself is no longer another tool's.
    unread.extend(set_aside(&resolved.schema, &mut schema));
    let schema = source_edit::managed(&schema, &resolved);
    let mut declared = resolved.schema.clone();
    settle(connection, &mut declared, &schema).await?;
    let mut draft = source_edit::update(&source, &resolved, &declared, &schema, place.dialect, file)?;
    let unsettled = settle(connection, &mut draft.declared, &schema).await?;
    Ok((draft.judge(&schema, place.dialect, &unsettled), unread))
}

/// Prints the text itself, or writes it where a snapshot goes into a file.
fn to_stdout(
    written: &Written,
    unread: &[String],
    out: Option<&Path>,
    args: &IntrospectArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let text = written.files.first().map_or("", |file| file.after.as_str());
    match out.filter(|_| !args.dry_run) {
        Some(file) => {
            std::fs::write(file, text).map_err(|error| Failure::io("write", &file.display().to_string(), &error))?;
        }
        None if global.format == Format::Json => {}
        None => Terminal::text(text),
    }
    written.list(unread, terminal);
    Ok(Outcome::done(json!({
        "source": text,
        "unsaid": written.unsaid_json(),
        "unread": unread,
    })))
}

fn report(written: &Written, unread: &[String], wrote: bool, place: &Place, terminal: &Terminal) {
    if written.files.is_empty() {
        let how_much = if written.unsaid.is_empty() {
            "what is"
        } else {
            "what it can of what is"
        };
        terminal.say(format!(
            "{} the source says {how_much} in {}; nothing was written.",
            terminal.paint(Paint::Good, "ok"),
            live::shown(&place.url)
        ));
    }
    written.show(wrote, terminal);
    written.list(unread, terminal);
    if wrote && written.files.iter().any(|file| file.before.is_none()) {
        let mut features = vec![place.dialect.id().as_str()];
        features.extend(print::features(&written.items));
        terminal.say(format!(
            "Next: name the file with a `mod` line, and have what it needs: cargo add kickdb --features {}",
            features.join(",")
        ));
    }
}
