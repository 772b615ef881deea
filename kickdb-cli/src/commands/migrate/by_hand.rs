//! `accept`, `baseline`, `repair`: the bookkeeping changed by hand, without running a migration.

use kickdb_core::runner::{Cancel, Direction, Runner, Source, Verdict};
use serde_json::json;

use super::review::record;
use super::run::options;
use crate::args::RunArgs;
use crate::config::{Project, Target};
use crate::describe::count;
use crate::failure::Failure;
use crate::folder;
use crate::live;
use crate::terminal::{Outcome, Paint, Terminal};

/// Records the files of a migration as they are.
pub(super) fn accept(
    project: &Project,
    part: &str,
    reason: Option<&str>,
    dry_run: bool,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let target = project.only_target()?;
    let mut folder = folder::read(target)?;
    let id = folder::find(&folder, part)?;
    let accepted = with_runner(project, target, async |runner| {
        Ok(runner.accept(&id, reason, !dry_run).await?)
    })?;
    let in_database = accepted.recorded.as_ref().is_some_and(|hash| *hash != accepted.actual);
    let in_journal = folder
        .journal
        .entry(&id)
        .is_some_and(|entry| entry.hash != accepted.actual);
    if accepted.recorded.is_none() && in_journal {
        return Err(Failure::usage(
            "not_applied",
            format!("migration `{id}` is not applied in this database"),
        )
        .help(format!(
            "`cargo kickdb migrate review {id}` shows the changed files and records them"
        )));
    }
    if in_journal && !dry_run {
        record(&mut folder, &id, target)?;
    }
    let verb = if dry_run { "would record" } else { "recorded" };
    if in_database {
        terminal.say(format!("{verb} the files of {id} in the database"));
    }
    if in_journal {
        terminal.say(format!("{verb} the files of {id} in the journal"));
    }
    if !in_database && !in_journal {
        terminal.say(format!("Nothing to do: the files of {id} are those that were applied."));
    }
    Ok(Outcome::done(json!({
        "id": id,
        "recorded": accepted.recorded,
        "actual": accepted.actual,
        "sameMeaning": accepted.same_meaning,
        "dryRun": dry_run,
    })))
}

/// Records migrations as applied in a database that has their schema already.
pub(super) fn baseline(
    project: &Project,
    part: &str,
    force: bool,
    dry_run: bool,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let target = project.only_target()?;
    let id = folder::find(&folder::read(target)?, part)?;
    let recorded = with_runner(project, target, async |runner| {
        Ok(runner.baseline(&id, force, !dry_run).await?)
    });
    let recorded = recorded.map_err(|failure| match failure.code {
        "migration_drift" => failure
            .help(format!("the database is not what `{id}` leaves behind; choose another migration, or bring the database there first"))
            .help("to record it all the same, add `--force`"),
        _ => failure,
    })?;
    let verb = if dry_run { "would record" } else { "recorded" };
    for id in &recorded {
        terminal.say(format!("{} {verb} {id} as applied", terminal.paint(Paint::Good, "+")));
    }
    terminal.say(match recorded.len() {
        0 => format!("Nothing to do: {id} and everything before it is applied."),
        number => format!("{} {verb}, none was run.", count(number, "migration")),
    });
    Ok(Outcome::done(json!({ "recorded": recorded, "dryRun": dry_run })))
}

/// Shows where a migration stopped; with a verdict, records it.
pub(super) fn repair(project: &Project, verdict: Option<Verdict>, terminal: &Terminal) -> Result<Outcome, Failure> {
    let target = project.only_target()?;
    let stopped = with_runner(project, target, async |runner| match verdict {
        Some(verdict) => Ok(Some(runner.repair(verdict).await?)),
        None => Ok(runner.stopped().await?),
    })?;
    let Some(stopped) = stopped else {
        terminal.say("Nothing to repair: no migration stopped half-way.");
        return Ok(Outcome::done(json!({ "stopped": null })));
    };
    let data = json!({
        "stopped": {
            "id": stopped.id,
            "direction": stopped.direction.as_str(),
            "statement": stopped.statement,
            "of": stopped.of,
            "sql": stopped.sql,
            "inDoubt": stopped.in_doubt,
        }
    });
    let goes_on = match stopped.direction {
        Direction::Up => "cargo kickdb migrate latest",
        Direction::Down => "cargo kickdb migrate down",
    };
    if verdict.is_some() {
        terminal.say(format!("Recorded. Next: {goes_on}"));
        return Ok(Outcome::done(data));
    }
    let Some(sql) = &stopped.sql else {
        terminal.say(format!(
            "Every statement of {} is done; only its record is missing.",
            stopped.id
        ));
        terminal.say(format!("Next: {goes_on}"));
        return Ok(Outcome::done(data));
    };
    terminal.say(format!(
        "{} stopped before statement {} of {} of its {}:",
        stopped.id,
        stopped.statement,
        stopped.of,
        stopped.direction.file()
    ));
    terminal.result(format!("{sql};"));
    terminal.say(match stopped.in_doubt {
        true => format!(
            "A run was broken off while it worked on it. `{goes_on}` looks whether it was done, where that can be seen."
        ),
        false => format!("It was not begun, or refused by the server: `{goes_on}` goes on with it."),
    });
    terminal.say("Where you know better:");
    terminal.say("  cargo kickdb migrate repair --done     its work is in the database");
    terminal.say("  cargo kickdb migrate repair --undone   nothing of it is");
    Ok(Outcome::answer(true, data))
}

fn with_runner<T>(
    project: &Project,
    target: &Target,
    work: impl AsyncFnOnce(&mut Runner) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let url = live::url(project, target)?;
    let options = options(project, target, &RunArgs::default(), Cancel::new())?;
    live::block_on(async {
        let mut runner = Runner::connect(&url, Source::Folder(target.migrations.clone()), options).await?;
        let outcome = work(&mut runner).await;
        // What was done matters more than a goodbye that was not heard.
        let closed = runner.close().await;
        let outcome = outcome?;
        closed?;
        Ok(outcome)
    })
}
