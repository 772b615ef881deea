//! `drift --adopt`: what a database has beyond the last applied snapshot, written into the structs.

use kickdb_core::dialect::live::Connection;
use kickdb_core::diff::{Renames, apply, diff};
use kickdb_core::drift::{Compared, settle};
use kickdb_core::ir::Schema;
use kickdb_core::runner::{Cancel, Runner};
use serde_json::json;

use super::drift::compare_open;
use super::migrate::options;
use crate::args::{DriftArgs, RunArgs};
use crate::config::{Project, Target};
use crate::failure::Failure;
use crate::live;
use crate::source_edit::{self, Crate, Written};
use crate::terminal::{Outcome, Paint, Terminal};

/// Brings the source of a package up to what its database has and its last applied snapshot has not.
pub(crate) fn run(args: &DriftArgs, project: &Project, terminal: &Terminal) -> Result<Outcome, Failure> {
    let target = project.only_target()?;
    let url = live::url(project, target)?;
    let (written, compared) = live::block_on(async {
        let options = options(project, target, &RunArgs::default(), Cancel::new())?;
        let source = kickdb_core::runner::Source::Folder(target.migrations.clone());
        let mut runner = Runner::connect(&url, source, options).await?;
        let adopted = adopt(&mut runner, project, target).await;
        runner.close().await?;
        adopted
    })?;
    let wrote = !args.dry_run && !written.files.is_empty();
    if wrote {
        written.save()?;
    }
    if written.files.is_empty() {
        terminal.say(format!(
            "{} the source has nothing to adopt from {}.",
            terminal.paint(Paint::Good, "ok"),
            live::shown(&url)
        ));
    }
    written.show(wrote, terminal);
    written.list(&compared.unread, terminal);
    if wrote {
        terminal.say(
            "Next: see that it compiles; `cargo kickdb generate <name>` writes the migration for the other databases",
        );
    }
    Ok(Outcome::done(json!({
        "target": target.shown(),
        "database": live::shown(&url),
        "written": wrote,
        "files": written.json(),
        "changes": written.changes,
        "unsaid": written.unsaid_json(),
    })))
}

async fn adopt(runner: &mut Runner, project: &Project, target: &Target) -> Result<(Written, Compared), Failure> {
    let (_, compared) = compare_open(runner, target).await?;
    let source = Crate::read(&project.root, &project.sources)?;
    let file = source.main_file().ok_or_else(|| {
        Failure::usage(
            "no_tables",
            "the source declares no table that a change could be written into",
        )
        .help("write the whole database: `cargo kickdb introspect --out src/schema.rs`")
    })?;
    let resolved = source.resolve(target.dialect)?;
    let mut declared = resolved.schema.clone();
    let connection: &mut dyn Connection = runner.connection();
    settle(connection, &mut declared, &compared.live).await?;
    let wanted = source_edit::managed(&adopted(&compared, &declared), &resolved);
    let mut draft = source_edit::update(&source, &resolved, &declared, &wanted, target.dialect, &file)?;
    let unsettled = settle(connection, &mut draft.declared, &wanted).await?;
    Ok((draft.judge(&wanted, target.dialect, &unsettled), compared))
}

/// The declared schema with what differs between database and snapshot. What the source has on its own stays.
fn adopted(compared: &Compared, declared: &Schema) -> Schema {
    let drift = diff(&compared.expected, &compared.live, &Renames::default()).changes;
    let mut wanted = apply(&drift, declared);
    for table in wanted.tables.values_mut() {
        // Where the source says it already, it has come twice.
        let mut seen = std::collections::BTreeSet::new();
        table.columns.retain(|column| seen.insert(column.name.clone()));
        if let Some(live) = compared.live.tables.get(&table.name).filter(|live| live.is_same(table)) {
            table.clone_from(live);
        }
    }
    wanted
}
